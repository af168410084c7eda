"""The embedded store: pyoxigraph, in memory or on disk, the default graph the union of all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.errors import UnreadableError, UsageError
from aidgraph.store.interface import Layout
from aidgraph.store.ordering import read_order, sort_rows
from aidgraph.store.solutions import Solutions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

_FROM = re.compile(r"\bFROM\s+(?:NAMED\s+)?(?:<|[\w.-]*:)", re.IGNORECASE)


class EmbeddedStore:
    """A dataset to be asked in SPARQL 1.1, inside this process."""

    layout = Layout.QUADS

    def __init__(self, backing: ox.Store) -> None:
        """Answer from `backing`."""
        self._backing = backing

    @classmethod
    def open(cls, folder: Path) -> EmbeddedStore:
        """Open the store that a build wrote into `folder`, for reading only.

        Raises:
            UnreadableError: there is no store, or it cannot be read.
        """
        try:
            return cls(ox.Store.read_only(str(folder)))
        except (OSError, ValueError, RuntimeError) as error:  # the last, of a damaged store
            en = f"The store in {folder} cannot be opened: {error}. Run “aidgraph build”."
            zh = f"无法打开 {folder} 中的存储：{error}。请运行“aidgraph build”。"
            raise UnreadableError(en, zh) from error

    @classmethod
    def of(cls, quads: Iterable[ox.Quad]) -> EmbeddedStore:
        """Return a store in memory that holds `quads`."""
        backing = ox.Store()
        backing.bulk_extend(quads)
        return cls(backing)

    def select(self, text: str, prefixes: Mapping[str, str] | None = None) -> Solutions:
        """Return the rows of a SELECT query, all of them.

        Args:
            text: the query.
            prefixes: those that it may use undeclared; what it declares itself goes before.

        Raises:
            UsageError: the query is not SPARQL 1.1, or is not a SELECT.
        """
        order = read_order(text)
        if order is not None:
            found = self._select(order.text, prefixes)
            rows = sort_rows(order, *found)
            if rows is not None:
                return found._replace(rows=rows)
        return self._select(text, prefixes)

    def _select(self, text: str, prefixes: Mapping[str, str] | None) -> Solutions:
        answer = self._query(text, prefixes)
        if not isinstance(answer, ox.QuerySolutions):
            en = "The query is not a SELECT: give a SELECT query."
            raise UsageError(en, "该查询不是 SELECT：请给出 SELECT 查询。")
        columns = tuple(variable.value for variable in answer.variables)
        return Solutions(columns, [tuple(solution) for solution in answer])

    def ask(self, text: str, prefixes: Mapping[str, str] | None = None) -> bool:
        """Return the answer of an ASK query. Takes and raises what `select` does."""
        return bool(self._query(text, prefixes))

    def construct(
        self, text: str, prefixes: Mapping[str, str] | None = None
    ) -> Iterator[ox.Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE query. Takes and raises as `select`."""
        answer = self._query(text, prefixes)
        if not isinstance(answer, ox.QueryTriples):
            en = "The query gives no triples: give a CONSTRUCT or DESCRIBE query."
            raise UsageError(en, "该查询得不出三元组：请给出 CONSTRUCT 或 DESCRIBE 查询。")
        return iter(answer)

    def _query(
        self, text: str, prefixes: Mapping[str, str] | None
    ) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        known = dict(prefixes) if prefixes else None
        try:
            union = not _names_its_dataset(text)
            return self._backing.query(text, prefixes=known, use_default_graph_as_union=union)
        except (SyntaxError, ValueError, RuntimeError) as error:  # the last, of an unknown function
            reason = str(error)
            if "Prefix not found" in reason:  # what else might stand there takes many lines
                reason = f"{reason.partition(': ')[0]}: Prefix not found"
            en = f"The query cannot be answered: {reason}."
            raise UsageError(en, f"无法回答该查询：{reason}。") from error


def _names_its_dataset(text: str) -> bool:
    """Tell whether a query says FROM which graphs: pyoxigraph's union would hide that it does."""
    if not _FROM.search(text):
        return False
    from aidgraph.sparql.parser import parse_query  # few queries have the word

    return bool(parse_query(text).dataset)
