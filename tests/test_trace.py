"""The tracer against brute force: on small datasets every subset of the triples can be tried."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aidgraph.answers.trace import Fact, RowEvidence, explain, witness_of_rule
from aidgraph.errors import UsageError
from aidgraph.store import EmbeddedStore, Solutions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Explain: TypeAlias = Callable[[EmbeddedStore, str, Solutions], list[RowEvidence]]
    Quads: TypeAlias = frozenset[ox.Quad]

NS = "http://example.org/"
PREFIX = f"PREFIX : <{NS}> "


def dataset(trig: str) -> Quads:
    """Read quads; `:` is the example namespace."""
    return frozenset(ox.parse((PREFIX + trig).encode(), format=ox.RdfFormat.TRIG))


def rows_of(quads: Iterable[ox.Quad], query: str) -> Solutions:
    """Return the rows of `query` over `quads`, an ASK query's as `explain` takes them."""
    store = EmbeddedStore.of(quads)
    if "ASK" in query:
        return Solutions((), [()] if store.ask(query) else [])
    return store.select(query)


def quads_of(facts: Iterable[Fact]) -> Quads:
    """Return the quads that `facts` stand for."""
    return frozenset(
        ox.Quad(f.subject, f.predicate, f.object, graph) for f in facts for graph in f.graphs
    )


def short(facts: Iterable[Fact]) -> set[str]:
    """Write facts as `a p b @g1,g2`, for comparing by eye."""

    def name(term: object) -> str:
        return str(getattr(term, "value", term)).removeprefix(NS)

    return {
        f"{name(f.subject)} {name(f.predicate)} {name(f.object)} @{','.join(map(name, f.graphs))}"
        for f in facts
    }


def evidence_of(trig: str, query: str) -> dict[tuple[str, ...], RowEvidence]:
    """Trace `query` over `trig`; rows by their values, without the namespace."""
    store, text = EmbeddedStore.of(dataset(trig)), PREFIX + query
    rows = rows_of(dataset(trig), text)
    found = explain(store, text, rows)
    names = [tuple(str(getattr(t, "value", "")).removeprefix(NS) for t in row) for row in rows.rows]
    return dict(zip(names, found, strict=True))


# Brute force


def check_evidence(quads: Quads, query: str, tracer: Explain = explain) -> None:
    """Hold each row's evidence against what its docstring claims, by taking facts away."""
    answer = rows_of(quads, query)
    found = tracer(EmbeddedStore.of(quads), query, answer)
    assert len(answer.rows) == len(found), "one evidence a row"
    for row, evidence in set(zip(answer.rows, map(_Frozen, found), strict=True)):
        _check_row(quads, query, row, evidence.it)


class _Frozen:
    """Evidence, equal by identity, so that equal rows are checked once."""

    def __init__(self, it: RowEvidence) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Frozen) and self.it is other.it


def _check_row(
    quads: Quads, query: str, row: tuple[object, ...], evidence: RowEvidence
) -> None:
    cited = quads_of(evidence.facts)
    assert cited <= quads, "only facts that stand in the data are cited"
    assert set(evidence.facts) >= set().union(*evidence.witnesses), "facts include the witnesses"
    if evidence.untraced:
        return
    assert evidence.witnesses, "a row that is traced has a witness"
    assert row in rows_of(cited, query).rows, "the cited facts suffice"
    for witness in evidence.witnesses:
        assert row in rows_of(quads_of(witness), query).rows, "each witness suffices alone"
    if evidence.exact:
        assert row not in rows_of(quads - cited, query).rows, "without them the row is gone"


def check_minimal(quads: Quads, query: str, tracer: Explain = explain) -> None:
    """Hold the witnesses of each row of a monotone query against all smallest sufficient sets."""
    answer = rows_of(quads, query)
    found = tracer(EmbeddedStore.of(quads), query, answer)
    smallest = smallest_sets(quads, query)
    for row, evidence in zip(answer.rows, found, strict=True):
        if evidence.untraced or evidence.capped:
            continue
        expected, by_quad = smallest[row], "GRAPH" in query
        assert expected == sufficient_sets(evidence, by_quad=by_quad)
        assert by_quad or frozenset().union(*expected) == quads_of(evidence.facts)


def sufficient_sets(evidence: RowEvidence, *, by_quad: bool) -> set[Quads]:
    """Return the witnesses as quads; `by_quad`: with each choice of graphs, less those implied."""
    if not by_quad:
        return {quads_of(witness) for witness in evidence.witnesses}
    choices = {
        frozenset(quad)
        for witness in evidence.witnesses
        for quad in product(*(quads_of([fact]) for fact in witness))
    }
    return {chosen for chosen in choices if not any(less < chosen for less in choices)}


def smallest_sets(quads: Quads, query: str) -> dict[tuple[object, ...], set[Quads]]:
    """Return, for each row, the smallest sets of triples that give it; a triple has its graphs.

    A query that asks for graphs is tried quad by quad.
    """
    units: dict[object, set[ox.Quad]] = {}
    for quad in quads:
        units.setdefault(quad if "GRAPH" in query else quad.triple, set()).add(quad)
    found: dict[tuple[object, ...], set[Quads]] = {}
    for size in range(len(units) + 1):
        for chosen in combinations(units.values(), size):
            kept: Quads = frozenset().union(*chosen)
            for row in set(rows_of(kept, query).rows):
                smaller = found.setdefault(row, set())
                if not any(less <= kept for less in smaller):
                    smaller.add(kept)
    return found


# Random datasets and queries

NODES, VARIABLES = ("a", "b", "c"), ("?x", "?y", "?z")
node = st.sampled_from([f":{n}" for n in NODES])
triple = st.one_of(
    st.tuples(node, st.sampled_from([":p", ":q"]), node),
    st.tuples(node, st.just(":v"), st.sampled_from(["1", "2", "3"])),
)
quad_text = st.tuples(st.sampled_from([":g1", ":g2", ":g3"]), triple)
variable = st.sampled_from(VARIABLES)
end = st.one_of(variable, variable, variable, node)
simple_path = st.sampled_from([":p", ":q", ":p", "^:q", ":p/:q", ":p|:q", "!:p", "!(:p|^:q)"])
closed_path = st.sampled_from([":p+", "(:p|:q)+", "(:p/:q)+", "(^:p)+/:q", "(:p|^:q)+"])
path = st.one_of(simple_path, simple_path, simple_path, closed_path)


@st.composite
def datasets(draw: st.DrawFn, most: int = 7) -> Quads:
    """Draw a few quads over three nodes and three graphs."""
    texts = draw(st.lists(quad_text, min_size=2, max_size=most, unique=True))
    return dataset(" ".join(f"{g} {{ {' '.join(t)} }}" for g, t in texts))


@st.composite
def basic(draw: st.DrawFn, most: int = 2) -> str:
    """Draw a few triple patterns that ?x always takes part in."""
    steps = draw(st.lists(st.tuples(end, path, end), max_size=most - 1))
    first = ("?x", draw(path), draw(end))
    return " ".join(f"{s} {p} {o} ." for s, p, o in (first, *steps))


@st.composite
def positive(draw: st.DrawFn) -> str:
    """Draw a group whose solutions only grow with the data."""
    group = draw(basic())
    more = draw(
        st.sampled_from(
            ["", "", "union", "filter", "exists", "distinct", "plain", "graph", "values", "zero"]
        )
    )
    other = draw(basic(most=1))
    inner = other.replace("?z", "?w")
    shown = draw(st.sampled_from(["?x", "?x ?y"]))
    return {
        "": group,
        "union": f"{{ {group} }} UNION {{ {other} }} UNION {{ ?x :v ?y }}",
        "filter": f"{group} {other} FILTER(?x != ?y || ?z = :a)",
        "exists": f"{group} FILTER EXISTS {{ {inner} }}",
        "distinct": f"{group} {{ SELECT DISTINCT {shown} {{ {other} }} }}",
        "plain": f"{group} {{ SELECT {shown} {{ {other} }} }}",
        "graph": f"{group} GRAPH ?g {{ {other} }}",
        "values": f"VALUES ?x {{ :a :b }} {group}",
        "zero": f"{group} ?x :q* ?y .",
    }[more]


@st.composite
def monotone(draw: st.DrawFn) -> str:
    """Draw a SELECT or ASK query whose rows only grow with the data."""
    group = draw(positive())
    head = draw(st.sampled_from(["SELECT ?x", "SELECT DISTINCT ?x", "SELECT ?x ?y", "ASK"]))
    return f"{PREFIX} {head} {{ {group} }}"


@st.composite
def other_queries(draw: st.DrawFn) -> str:
    """Draw a query with OPTIONAL, negation or groups."""
    group, other = draw(positive()), draw(basic(most=1))
    return PREFIX + draw(
        st.sampled_from(
            [
                f"SELECT ?x ?y {{ {group} OPTIONAL {{ {other} }} }}",
                f"SELECT ?x ?y {{ ?x :p ?z OPTIONAL {{ {other} FILTER EXISTS {{ ?y :q ?w }} }} }}",
                f"SELECT ?x ?y {{ ?x :p ?w OPTIONAL {{ {other} }} ?x :q ?z }}",
                f"SELECT ?x {{ {group} FILTER NOT EXISTS {{ {other} }} }}",
                f"SELECT ?x ?y {{ {group} MINUS {{ {other} }} }}",
                f"SELECT ?x (COUNT(*) AS ?n) {{ {group} }} GROUP BY ?x",
                f"SELECT (COUNT(?y) AS ?n) {{ {group} }} GROUP BY ?x",
                f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {group} }}",
                f"SELECT ?x (SUM(?n) AS ?t) {{ {group} ?x :v ?n }} GROUP BY ?x HAVING (SUM(?n) > 2)",
                f"SELECT (SUM(?n) AS ?t) {{ SELECT DISTINCT ?x ?n {{ {group} ?x :v ?n }} }}",
                f"SELECT ?x ?n {{ ?x :p ?y {{ SELECT ?x (MAX(?m) AS ?n) {{ {group} ?x :v ?m }} GROUP BY ?x }} }}",
                f"SELECT ?x {{ {{ {group} }} UNION {{ ?x :v ?m OPTIONAL {{ {other} }} }} }}",
            ]
        )
    )


thorough = settings(max_examples=int(__import__("os").environ.get("N","150")), deadline=None, suppress_health_check=list(HealthCheck))


@thorough
@given(datasets(), monotone())
def test_witnesses_are_the_smallest_sufficient_sets(quads: Quads, query: str) -> None:
    """For a query that only grows with the data, witnesses are what brute force finds."""
    check_minimal(quads, query)


@thorough
@given(datasets(), st.one_of(monotone(), other_queries()))
def test_cited_facts_carry_the_row(quads: Quads, query: str) -> None:
    """The cited facts suffice for any query; where the tracer says so, the row falls with them."""
    check_evidence(quads, query)
