"""Small datasets, written as text, and what the tracer cites of them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from aidgraph.answers.trace import Fact, RowEvidence, explain
from aidgraph.sparql.parser import parse_query
from aidgraph.store import EmbeddedStore, Solutions

if TYPE_CHECKING:
    from collections.abc import Iterable

    Quads: TypeAlias = frozenset[ox.Quad]

NS = "http://example.org/"
PREFIX = f"PREFIX : <{NS}> "


def dataset(trig: str) -> Quads:
    """Read quads; `:` is the example namespace."""
    return frozenset(ox.parse((PREFIX + trig).encode(), format=ox.RdfFormat.TRIG))


@lru_cache
def form_of(query: str) -> str:
    """Return SELECT, ASK, CONSTRUCT or DESCRIBE."""
    return parse_query(query).form


def rows_of(quads: Iterable[ox.Quad], query: str) -> Solutions:
    """Return the rows of `query` over `quads`, an ASK query's as `explain` takes them."""
    store = EmbeddedStore.of(quads)
    if form_of(query) == "ASK":
        return Solutions((), [()] if store.ask(query) else [])
    return store.select(query)


def quads_of(facts: Iterable[Fact]) -> Quads:
    """Return the quads that `facts` stand for."""
    return frozenset(
        ox.Quad(f.subject, f.predicate, f.object, graph)
        for f in facts
        for graph in f.graphs
        if isinstance(f.subject, ox.NamedNode) and isinstance(f.predicate, ox.NamedNode)
    )


def short(facts: Iterable[Fact]) -> set[str]:
    """Write facts as `a p b @g1,g2`, for comparing by eye."""

    def name(term: object) -> str:
        return str(getattr(term, "value", term)).removeprefix(NS)

    return {
        f"{name(f.subject)} {name(f.predicate)} {name(f.object)} @{','.join(map(name, f.graphs))}"
        for f in facts
    }


def evidence_of(
    trig: str, query: str, *, whole: bool = False
) -> dict[tuple[str, ...], RowEvidence]:
    """Trace `query` over `trig`; rows by their values, without the namespace."""
    store, text = EmbeddedStore.of(dataset(trig)), PREFIX + query
    rows = rows_of(dataset(trig), text)
    found = explain(store, text, rows, whole=whole)
    names = [tuple(str(getattr(t, "value", "")).removeprefix(NS) for t in row) for row in rows.rows]
    return dict(zip(names, found, strict=True))
