"""What a store holds of ours: counted, and read back as canonical lines.

Ours are the graphs whose names begin with `https://w3id.org/aidgraph/`; all else is left alone.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import pyoxigraph as ox

from aidgraph.errors import RemoteError
from aidgraph.store.loaded import FINDING
from aidgraph.terms import BASE
from aidgraph.transfer.sorting import write_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from aidgraph.transfer.stores.update import UpdateStore

STAGING = "urn:x-aidgraph:staging:"
"""How the names of graphs begin that hold what is to be moved into place."""

_BATCH = 10_000
_GRAPHS_A_QUERY = 500
_DIGITS = "0123456789abcdef"
_DEEPEST = 6
_ASKING_COUNTS = """SELECT ?g (COUNT(*) AS ?n) WHERE {{ GRAPH ?g {{ ?s ?p ?o }}
FILTER(STRSTARTS(STR(?g), "{prefix}")) }} GROUP BY ?g"""
_TSV = "text/tab-separated-values"
_FORMATS = {
    _TSV: ox.QueryResultsFormat.TSV,
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
}


_Item = TypeVar("_Item")


class _Share(NamedTuple):
    """A share of our quads: which graphs (None: all), and how their subjects' MD5 begins."""

    graphs: tuple[str, ...] | None
    digits: str = ""

    def pattern(self) -> str:
        """Return the share as a graph pattern."""
        parts = ["GRAPH ?g { ?s ?p ?o }"]
        if self.graphs is None:
            parts.append(f'FILTER(STRSTARTS(STR(?g), "{BASE}"))')
        else:
            parts.insert(0, f"VALUES ?g {{ {' '.join(f'<{each}>' for each in self.graphs)} }}")
        if self.digits:
            parts.append(f'FILTER(STRSTARTS(MD5(STR(?s)), "{self.digits}"))')
        return " ".join(parts)


def count_graphs(store: UpdateStore, folder: Path, prefix: str = BASE) -> dict[str, int]:
    """Return how many triples each graph has whose name begins with `prefix`.

    Raises:
        RemoteError: the store refused, or its answer cannot be read.
        OSError: `folder` cannot be written.
    """
    rows = _solve(store, _ASKING_COUNTS.format(prefix=prefix), folder)
    return {str(graph)[1:-1]: _read_integer(count) for graph, count in rows}


def read_name(store: UpdateStore, folder: Path) -> str:
    """Return the snapshot of the dataset that the store says it holds, or "".

    Raises: as `count_graphs` does.
    """
    for (said,) in _solve(store, f"SELECT ?snapshot WHERE {{ {FINDING} }}", folder):
        if isinstance(said, ox.Literal):
            return said.value
    return ""


def read_back(store: UpdateStore, counts: Mapping[str, int], folder: Path) -> Iterator[bytes]:
    """Yield our quads as the store has them, as lines of N-Quads in no order.

    Where fewer rows come than were counted, the store cuts its answers: then it is asked by
    graphs, and within a large graph by its subjects. Blank nodes keep their names within one
    answer, so a graph that has any must come in one.

    Raises: as `count_graphs` does.
    """
    total = sum(counts.values())
    if total == 0:
        return
    path = folder / "answer"
    if _ask(store, _Share(None), path) >= total:
        yield from _read_lines(store, path)
        return
    for graphs in _batch(sorted(counts), _GRAPHS_A_QUERY):
        yield from _read_share(store, _Share(graphs), sum(counts[each] for each in graphs), folder)


def _read_share(store: UpdateStore, share: _Share, expected: int, folder: Path) -> Iterator[bytes]:
    path = folder / "answer"
    if _ask(store, share, path) >= expected:
        yield from _read_lines(store, path)
        return
    for smaller in _split(store, share):
        (row,) = _solve(store, f"SELECT (COUNT(*) AS ?n) WHERE {{ {smaller.pattern()} }}", folder)
        if count := _read_integer(row[0]):
            yield from _read_share(store, smaller, count, folder)


def _split(store: UpdateStore, share: _Share) -> list[_Share]:
    graphs = share.graphs or ()
    if len(graphs) > 1:
        half = len(graphs) // 2
        return [_Share(graphs[:half]), _Share(graphs[half:])]
    if len(share.digits) == _DEEPEST:
        en = f"{store.query_url} gives fewer rows than it counts: raise its limit on rows."
        raise RemoteError(en, f"{store.query_url} 给出的行少于其计数：请调高它的行数上限。")
    return [_Share(graphs, share.digits + digit) for digit in _DIGITS]


def _ask(store: UpdateStore, share: _Share, path: Path) -> int:
    """Write a share of our quads into a file; return how many rows it has."""
    store.select(f"SELECT ?s ?p ?o ?g WHERE {{ {share.pattern()} }}", path)
    if store.results == _TSV:  # a row a line, after the names of the columns
        with path.open("rb") as file:
            return sum(1 for _ in file) - 1
    return sum(1 for _ in _parse(store, path))


def _solve(store: UpdateStore, query: str, folder: Path) -> Iterator[ox.QuerySolution]:
    path = folder / "answer"
    store.select(query, path)
    return _parse(store, path)


def _parse(store: UpdateStore, path: Path) -> Iterator[ox.QuerySolution]:
    try:
        found = ox.parse_query_results(path=str(path), format=_FORMATS[store.results])
        if isinstance(found, ox.QuerySolutions):
            yield from found
    except (SyntaxError, ValueError) as error:
        en = f"The answer of {store.query_url} cannot be read: {error}. Is it a store's address?"
        zh = f"无法读取 {store.query_url} 的应答：{error}。这是存储的地址吗？"
        raise RemoteError(en, zh) from error


def _read_lines(store: UpdateStore, path: Path) -> Iterator[bytes]:
    for rows in _batch(_parse(store, path), _BATCH):
        yield from write_lines(_make_quad(store, *row) for row in rows)


def _make_quad(
    store: UpdateStore,
    subject: ox.NamedNode | ox.BlankNode,
    predicate: ox.NamedNode,
    value: ox.NamedNode | ox.BlankNode | ox.Literal,
    graph: ox.NamedNode,
) -> ox.Quad:
    if isinstance(value, ox.Literal):
        value = store.canonical(value)
    return ox.Quad(subject, predicate, value, graph)


def _read_integer(term: object) -> int:
    return int(term.value) if isinstance(term, ox.Literal) else 0


def _batch(items: Iterable[_Item], size: int) -> Iterator[tuple[_Item, ...]]:
    """Yield the items in groups of `size`, as `itertools.batched` does from Python 3.12 on."""
    source = iter(items)
    while group := tuple(islice(source, size)):
        yield group
