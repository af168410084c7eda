"""The tracer against brute force: on small datasets every subset of the triples can be tried."""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aidgraph.answers.trace import Fact, RowEvidence, explain
from aidgraph.store import EmbeddedStore, Solutions
from tracing import NS, PREFIX, dataset, form_of, quads_of, rows_of
from w3c_queries import query_tests

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracing import Quads

    Explain: TypeAlias = Callable[[EmbeddedStore, str, Solutions], list[RowEvidence]]


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


def _check_row(quads: Quads, query: str, row: tuple[object, ...], evidence: RowEvidence) -> None:
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
    texts = draw(st.lists(quad_text, min_size=3, max_size=most, unique=True))
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
    other, third = draw(basic(most=1)), draw(basic(most=1))
    inner, shown = other.replace("?z", "?w"), draw(st.sampled_from(["?x", "?x ?y"]))
    parts = [
        group,
        f"{{ {group} }} UNION {{ {other} }} UNION {{ ?x :v ?y }}",
        f"{group} {other} FILTER(?x != ?y || ?z = :a)",
        f"{group} FILTER EXISTS {{ {inner} }}",
        f"{group} FILTER(EXISTS {{ {inner} FILTER EXISTS {{ ?x :q ?w }} FILTER(?x != ?w) }})",
        f"{group} FILTER EXISTS {{ {{ {inner} }} UNION {{ GRAPH :g1 {{ ?x :q ?w }} }} }}",
        f"{group} FILTER EXISTS {{ ?x :q* ?w }}",
        f"{group} FILTER EXISTS {{ ?x (:p|:q)? ?w . ?w :p* ?x }}",
        f"{group} {{ SELECT DISTINCT {shown} {{ {other} {third} }} }}",
        f"{group} {{ SELECT DISTINCT {shown} {{ {{ {other} }} UNION {{ {third} }} }} }}",
        f"{group} {{ {other} BIND(?x AS ?w) }} UNION {{ ?w :q ?x . {third} }}",
        f"{group} ?x :p|(:q/:p)|^:q ?y .",
        f"{group} {{ SELECT {shown} {{ {other} {third} }} }}",
        f"{group} {{ SELECT ?x (STR(?y) AS ?w) {{ {other} }} }}",
        f"{group} {{ SELECT * {{ {other} {{ SELECT DISTINCT ?x {{ {third} }} }} }} }}",
        f"{group} GRAPH ?g {{ {other} }}",
        f"GRAPH :g1 {{ {group} }} GRAPH ?g {{ {other} {third} }}",
        f"{group} GRAPH :g1 {{ SELECT DISTINCT {shown} {{ {other} }} }}",
        f"{group} GRAPH ?g {{ SELECT {shown} {{ {other} }} }}",
        f"VALUES ?x {{ :a :b }} {group}",
        f"{group} ?x :q* ?y .",
        f"{group} ?x (:p|^:q)? ?y .",
        f"{group} BIND(STR(?x) AS ?y)" if "?y" not in group else group,
        f"?x :p [ :q ?y ; ^:p _:w ] . _:w :p|:q ?z . {{ {group} }}",
    ]
    return draw(st.sampled_from(parts))


@st.composite
def monotone(draw: st.DrawFn) -> str:
    """Draw a SELECT or ASK query whose rows only grow with the data."""
    group = draw(positive())
    heads = ["SELECT ?x", "SELECT DISTINCT ?x", "SELECT ?x ?y", "SELECT *", "ASK"]
    head = draw(st.sampled_from(heads))
    return f"{PREFIX} {head} {{ {group} }}"


@st.composite
def other_queries(draw: st.DrawFn) -> str:
    """Draw a query with OPTIONAL, negation or groups."""
    group, other = draw(positive()), draw(basic(most=1))
    total, double = "?x :v ?n", "FILTER NOT EXISTS { ?y :q ?x }"
    branches = f"{{ {other} }} UNION {{ ?z :p ?y }} UNION {{ ?y :q ?x }}"
    largest = f"SELECT ?x (MAX(?n) AS ?m) {{ {group} {total} }} GROUP BY ?x"
    return PREFIX + draw(
        st.sampled_from(
            [
                f"SELECT ?x ?y {{ {group} OPTIONAL {{ {other} }} }}",
                f"SELECT ?x ?y {{ ?x :p ?z OPTIONAL {{ {other} FILTER EXISTS {{ ?y :q ?w }} }} }}",
                f"SELECT ?x ?y {{ ?x :p ?w OPTIONAL {{ {other} }} ?x :q ?z }}",
                f"SELECT ?x ?y {{ ?x :p ?y OPTIONAL {{ ?x :q ?z OPTIONAL {{ {branches} }} }} }}",
                f"SELECT ?x {{ {group} FILTER NOT EXISTS {{ {other} }} }}",
                f"SELECT ?x ?y {{ {group} MINUS {{ {other} }} }}",
                f"SELECT ?x (COUNT(*) AS ?n) {{ {group} }} GROUP BY ?x",
                f"SELECT (COUNT(?y) AS ?n) {{ {group} }} GROUP BY ?x",
                f"SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {group} }}",
                f"SELECT ?x (SUM(?n) AS ?t) {{ {group} {total} }} GROUP BY ?x HAVING (SUM(?n) > 2)",
                f"SELECT (SUM(?n) AS ?t) {{ SELECT DISTINCT ?x ?n {{ {group} {total} }} }}",
                f"SELECT ?x ?m {{ ?x :p ?y {{ {largest} }} }}",
                f"SELECT ?x {{ {{ {group} }} UNION {{ ?x :v ?m OPTIONAL {{ {other} }} }} }}",
                f"SELECT ?x ?y {{ ?x :p ?w OPTIONAL {{ {group} }} }}",
                f"SELECT ?x ?y {{ ?x :p ?w OPTIONAL {{ SELECT DISTINCT ?x ?y {{ {group} }} }} }}",
                f"SELECT ?x {{ ?x :p ?w {{ SELECT ?x ?y {{ {group} OPTIONAL {{ {other} }} }} }} }}",
                f"SELECT ?x {{ ?x :p ?w {{ SELECT ?x {{ {group} }} ORDER BY ?x LIMIT 2 }} }}",
                f"SELECT (STR(?x) AS ?s) (COUNT(*) AS ?n) {{ {group} }} GROUP BY ?x ?y",
                f"SELECT ?s (COUNT(?x) AS ?n) {{ {group} }} GROUP BY (STR(?x) AS ?s)",
                f"SELECT (COUNT(?x) AS ?n) {{ {group} }} GROUP BY STR(?x)",
                f"SELECT ?x {{ {group} FILTER EXISTS {{ ?x :q ?w MINUS {{ {other} }} }} }}",
                f"SELECT ?x {{ {group} FILTER(?x = :a || EXISTS {{ {other} }}) }}",
                f"SELECT ?x {{ {group} FILTER NOT EXISTS {{ {other} {double} }} }}",
                f"SELECT ?x {{ ?x :p ?w {{ {{ {group} }} MINUS {{ {other} }} }} }}",
            ]
        )
    )


thorough = settings(
    max_examples=max(300, settings().max_examples),  # more in a soak
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


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


def test_w3c_answers_rest_on_what_is_cited() -> None:
    """Each row of W3C's SELECT and ASK tests holds on the cited facts alone."""
    graph, checked = ox.NamedNode(f"{NS}default"), 0
    for path, data in query_tests():
        query = f"BASE <{path.parent.as_uri()}/> {path.read_text()}"
        if not data or form_of(query) not in ("SELECT", "ASK"):
            continue
        named = (graph if isinstance(q.graph_name, ox.DefaultGraph) else q.graph_name for q in data)
        quads = [
            ox.Quad(q.subject, q.predicate, q.object, name)
            for q, name in zip(data, named, strict=True)
        ]
        check_evidence(frozenset(quads), query)
        checked += 1
    assert checked > 250


# Mutants: the checks above must be able to fail


def cites_everything(store: EmbeddedStore, query: str, rows: Solutions) -> list[RowEvidence]:
    """Cite each fact of the data for each row."""
    every = PREFIX + "SELECT ?s ?p ?o { ?s ?p ?o }"
    [*traced] = explain(store, every, store.select(every))
    facts = tuple({fact for evidence in traced for fact in evidence.facts})
    return [
        e._replace(facts=facts, witnesses=(frozenset(facts),)) for e in explain(store, query, rows)
    ]


def forgets_a_fact(store: EmbeddedStore, query: str, rows: Solutions) -> list[RowEvidence]:
    """Leave the last fact out."""
    return [
        e._replace(facts=e.facts[:-1], witnesses=(frozenset(e.facts[:-1]),))
        for e in explain(store, query, rows)
    ]


def forgets_a_witness(store: EmbeddedStore, query: str, rows: Solutions) -> list[RowEvidence]:
    """Give the first witness for the only one."""
    return [
        e._replace(facts=tuple(e.witnesses[0]), witnesses=e.witnesses[:1])
        for e in explain(store, query, rows)
    ]


def forgets_a_graph(store: EmbeddedStore, query: str, rows: Solutions) -> list[RowEvidence]:
    """Give the first graph of a fact for the only one."""

    def cut(fact: Fact) -> Fact:
        return fact._replace(graphs=fact.graphs[:1])

    return [
        e._replace(
            facts=tuple(map(cut, e.facts)),
            witnesses=tuple(frozenset(map(cut, witness)) for witness in e.witnesses),
        )
        for e in explain(store, query, rows)
    ]


def claims_too_much(store: EmbeddedStore, query: str, rows: Solutions) -> list[RowEvidence]:
    """Say of each row that it falls with its facts."""
    return [e._replace(exact=True) for e in explain(store, query, rows)]


MUTANT_DATA = """
:g1 { :a :p :b . :b :q :c . :c :q :c }
:g2 { :a :p :b . :a :p :c . :c :q :a . :b :v 1 }
:g3 { :a :r :b . :b :r :c }
"""
MUTANT_QUERIES = (
    "SELECT DISTINCT ?x { ?x :p ?y . ?y :q ?z }",
    "SELECT ?x ?y { ?x :p ?y OPTIONAL { ?y :v ?z } }",
    "SELECT ?y { :a :p ?x . ?x :q* ?y }",
    "ASK { ?x :r ?y FILTER NOT EXISTS { ?z :r ?x } }",
)


@pytest.mark.parametrize(
    "mutant",
    [cites_everything, forgets_a_fact, forgets_a_witness, forgets_a_graph, claims_too_much],
)
def test_a_wrong_tracer_fails_the_checks(mutant: Explain) -> None:
    """The brute-force checks pass the tracer, and no tracer that cites too much or too little."""
    quads = dataset(MUTANT_DATA)
    failed = 0
    for query in (PREFIX + text for text in MUTANT_QUERIES):
        check_evidence(quads, query)
        try:
            check_evidence(quads, query, mutant)
            if "OPTIONAL" not in query and "NOT" not in query:
                check_minimal(quads, query, mutant)
        except AssertionError:
            failed += 1
    assert failed


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x ?z { ?x :by ?y OPTIONAL { ?x :in ?w } ?z :in ?y }",
        "SELECT ?x ?z ?w { ?x :by ?y OPTIONAL { ?x :in ?w } ?z :in ?w }",
        "SELECT ?x ?z ?k { ?x :by ?y BIND(?y AS ?k) ?z :in ?k }",
        "SELECT ?x ?z { ?x :by ?y MINUS { ?x :in ?z } ?z :in ?y }",
    ],
)
def test_a_column_bound_behind_another_part_is_traced(query: str) -> None:
    """What OPTIONAL, MINUS or BIND name keeps its meaning when the rows are given beforehand."""
    trig = ":g { :a :by :h . :b :by :h } :k { :a :in :p . :c :in :h , :p . :b :in :c }"

    check_evidence(dataset(trig), PREFIX + query)
