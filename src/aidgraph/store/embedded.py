"""The embedded store: pyoxigraph, in memory or on disk, the default graph the union of all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.errors import UnreadableError, UsageError
from aidgraph.store.solutions import Solutions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path


class EmbeddedStore:
    """A dataset to be asked in SPARQL 1.1, inside this process."""

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

    def select(self, text: str) -> Solutions:
        """Return the rows of a SELECT query, all of them.

        Raises:
            UsageError: the query is not SPARQL 1.1, or is not a SELECT.
        """
        answer = self._query(text)
        if not isinstance(answer, ox.QuerySolutions):
            en = "The query is not a SELECT: give a SELECT query."
            raise UsageError(en, "该查询不是 SELECT：请给出 SELECT 查询。")
        columns = tuple(variable.value for variable in answer.variables)
        return Solutions(columns, [tuple(solution) for solution in answer])

    def ask(self, text: str) -> bool:
        """Return the answer of an ASK query. Raises `UsageError` as `select` does."""
        return bool(self._query(text))

    def construct(self, text: str) -> Iterator[ox.Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE query. Raises as `select` does."""
        answer = self._query(text)
        if not isinstance(answer, ox.QueryTriples):
            en = "The query gives no triples: give a CONSTRUCT or DESCRIBE query."
            raise UsageError(en, "该查询得不出三元组：请给出 CONSTRUCT 或 DESCRIBE 查询。")
        return iter(answer)

    def _query(self, text: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        try:
            return self._backing.query(text, use_default_graph_as_union=True)
        except (SyntaxError, ValueError, RuntimeError) as error:  # the last, of an unknown function
            en = f"The query cannot be answered: {error}."
            raise UsageError(en, f"无法回答该查询：{error}。") from error
