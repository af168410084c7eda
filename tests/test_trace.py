"""The tracer against brute force: on small datasets every subset of the triples can be tried."""

from __future__ import annotations

from functools import lru_cache
from itertools import combinations, product
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aidgraph.answers.trace import Fact, RowEvidence, explain, find_witnesses
from aidgraph.errors import UsageError
from aidgraph.sparql.parser import parse_query
from aidgraph.store import EmbeddedStore, Layout, Solutions
from w3c_queries import query_tests

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Explain: TypeAlias = Callable[[EmbeddedStore, str, Solutions], list[RowEvidence]]
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
        f"{group} {{ SELECT DISTINCT {shown} {{ {other} {third} }} }}",
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
    largest = f"SELECT ?x (MAX(?n) AS ?m) {{ {group} {total} }} GROUP BY ?x"
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


# Claims by hand


def test_a_row_never_cites_the_facts_of_another() -> None:
    """Guangdong helps Kashgar and Shandong does: Guangdong's row cites Guangdong's sentence."""
    found = evidence_of(
        ":p1 { :a1 :by :guangdong ; :in :kashgar } :p2 { :a2 :by :shandong ; :in :kashgar }",
        "SELECT ?helper ?area { ?action :by ?helper ; :in ?area }",
    )

    expected = {"a1 by guangdong @p1", "a1 in kashgar @p1"}
    assert expected == short(found["guangdong", "kashgar"].facts)


def test_a_fact_that_two_sentences_say_has_both_graphs() -> None:
    """Graphs are alternatives within a fact, not two facts."""
    found = evidence_of(":p1 { :a :by :b } :p2 { :a :by :b }", "SELECT ?x { ?x :by :b }")

    assert [{"a by b @p1,p2"}] == [short(witness) for witness in found["a",].witnesses]


def test_graph_restricts_a_fact_to_that_graph() -> None:
    """Inside GRAPH only the graph that was matched counts, FROM likewise."""
    trig = ":p1 { :a :by :b } :p2 { :a :by :b }"

    named = evidence_of(trig, "SELECT ?x ?g { GRAPH ?g { ?x :by :b } }")
    limited = evidence_of(trig, "SELECT ?x FROM :p2 { ?x :by :b }")

    assert {"a by b @p1"} == short(named["a", "p1"].facts)
    assert {"a by b @p2"} == short(limited["a",].facts)


def test_distinct_solutions_are_alternative_witnesses() -> None:
    """Two actions carry one DISTINCT row, each alone."""
    found = evidence_of(
        ":p1 { :a1 :by :b } :p2 { :a2 :by :b }", "SELECT DISTINCT ?x { ?action :by ?x }"
    )

    expected = [{"a1 by b @p1"}, {"a2 by b @p2"}]
    assert expected == sorted((short(w) for w in found["b",].witnesses), key=str)


def test_optional_counts_where_it_is_bound() -> None:
    """A label is cited for the row that shows it, and nothing for the row without."""
    found = evidence_of(
        ":p1 { :a :by :b . :c :by :b } :names { :a :label '甲'@zh }",
        "SELECT ?x ?l { ?x :by :b OPTIONAL { ?x :label ?l } }",
    )

    assert {"a by b @p1", "a label 甲 @names"} == short(found["a", "甲"].facts)
    assert {"c by b @p1"} == short(found["c", ""].facts)
    assert not found["c", ""].exact


def test_a_closed_path_cites_the_steps_between_its_ends() -> None:
    """The steps on a way from end to end are cited, those beside it are not."""
    trig = ":p1 { :a :in :b . :b :in :c } :p2 { :a :in :x . :c :in :d . :b :in :b }"

    found = evidence_of(trig, "SELECT ?x { :a :in+ ?x FILTER(?x = :c) }")

    assert {"a in b @p1", "b in c @p1"} == short(found["c",].facts)


def test_a_count_needs_all_members() -> None:
    """Each member of the group is needed, and of a DISTINCT value one way."""
    trig = ":p1 { :a :by :x . :b :by :x } :p2 { :c :by :y } :p3 { :a :of :k . :a :of :l }"
    whole = "SELECT ?h (COUNT(?m) AS ?n) { ?m :by ?h } GROUP BY ?h"
    distinct = "SELECT (COUNT(DISTINCT ?m) AS ?n) { ?m :of ?o }"

    [witness] = evidence_of(trig, whole)["x", "2"].witnesses
    ways = evidence_of(trig, distinct)["1",].witnesses

    assert {"a by x @p1", "b by x @p1"} == short(witness)
    assert [{"a of k @p3"}, {"a of l @p3"}] == sorted(map(short, ways), key=str)


def test_a_member_that_exists_twice_has_two_ways() -> None:
    """EXISTS does not multiply what is counted: each way to it will do."""
    found = evidence_of(
        ":g { :a :by :b } :h { :a :of :k , :l }",
        "SELECT (COUNT(*) AS ?n) { ?x :by ?y FILTER EXISTS { ?x :of ?z } }",
    )

    expected = [{"a by b @g", "a of k @h"}, {"a by b @g", "a of l @h"}]
    assert expected == sorted((short(w) for w in found["1",].witnesses), key=sorted)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (COUNT(?m) AS ?n) { ?m :by ?h ; :ok 1 } GROUP BY ?h",
        "SELECT ?n { SELECT ?h (COUNT(?m) AS ?n) { ?m :by ?h ; :ok 1 } GROUP BY ?h }",
    ],
)
def test_a_count_whose_group_is_not_shown_is_not_exact(query: str) -> None:
    """Without the members of one group another may shrink to the same count."""
    found = evidence_of(":g { :m :by :x , :y ; :ok 1 . :o :by :y ; :ok 1 }", query)

    assert {"m by x @g", "m ok 1 @g"} == short(found["1",].facts)
    assert not found["1",].exact


def test_a_fact_needed_in_one_graph_is_not_cited_from_others_too() -> None:
    """“In any graph” is left out where the same row needs it in this graph."""
    trig = ":p1 { :a :by :b } :p2 { :a :by :b }"

    found = evidence_of(trig, "SELECT ?x { ?x :by ?y GRAPH :p1 { ?x :by ?y } }")

    assert {"a by b @p1"} == short(found["a",].facts)


def test_a_count_of_nothing_says_what_was_searched() -> None:
    """Zero rests on no fact: the pattern that was searched is named."""
    [evidence] = evidence_of(":g { :a :by :b }", "SELECT (COUNT(*) AS ?n) { ?x :of ?y }").values()

    assert (frozenset(),) == evidence.witnesses
    assert [search.pattern for search in evidence.searched] == ["{ ?x :of ?y . }"]


@pytest.mark.parametrize("negation", ["FILTER NOT EXISTS", "MINUS"])
def test_an_absence_is_called_a_search(negation: str) -> None:
    """NOT EXISTS and MINUS cite nothing: they name what was searched, for which thing."""
    found = evidence_of(
        ":g { :a :by :b . :c :by :b . :c :done 1 }",
        f"SELECT ?x {{ ?x :by :b {negation} {{ ?x :done ?y }} }}",
    )

    [search] = found["a",].searched
    assert ("{ ?x :done ?y . }", (("x", ox.NamedNode(f"{NS}a")),)) == search
    assert {"a by b @g"} == short(found["a",].facts)
    assert not found["a",].exact


def test_exists_cites_what_it_found() -> None:
    """EXISTS is a fact as good as a pattern, in its own variables too."""
    found = evidence_of(
        ":g { :a :by :b } :h { :a :done 1 }",
        "SELECT ?x { ?x :by ?y FILTER EXISTS { ?x :done ?z } }",
    )

    assert {"a by b @g", "a done 1 @h"} == short(found["a",].facts)
    assert found["a",].exact


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT ?x { ?x :by ?y } ORDER BY ?x LIMIT 1", "LIMIT 1: that this row"),
        ("SELECT ?x (RAND() AS ?r) { ?x :by ?y }", "RAND(): a function of chance"),
        ("SELECT ?x { ?x :by ?y FILTER(?x = :c || EXISTS { ?x :by :b }) }", "inside an expr"),
        (
            "SELECT ?x { ?x :by ?y OPTIONAL { ?x :of ?z } FILTER EXISTS { ?z :by ?y } }",
            "it names what is not always bound",
        ),
        (
            "SELECT ?x { ?x :by ?y FILTER EXISTS { { ?x :by ?w FILTER(?y = :b) } } }",
            "or is not a plain pattern",
        ),
        (
            "SELECT ?x { ?x :by ?y MINUS { ?y :by ?z FILTER NOT EXISTS { ?z :of 1 } } }",
            "a negation inside a negation",
        ),
        ("SELECT ?x { ?x :by? ?x }", "a path of length zero"),
        ("SELECT (?x AS ?y) { ?x :by [] BIND(UUID() AS ?u) }", "UUID(): a function of chance"),
    ],
)
def test_what_cannot_be_traced_is_said(query: str, reason: str) -> None:
    """A row of which a part cannot be traced says which, and is not called exact."""
    found = evidence_of(":g { :a :by :b }", query)
    assert found
    for evidence in found.values():
        assert any(reason in words for words in evidence.untraced)
        assert not evidence.exact


def test_a_blank_node_has_no_graph_to_look_up() -> None:
    """No query can ask for a blank node by name, so the fact is cited as untraced."""
    [evidence] = evidence_of(":g { [] :by :b }", "SELECT ?y { ?x :by ?y }").values()

    [words] = evidence.untraced
    assert words.startswith("_:")
    assert words.endswith("no named graph was found that holds it")


def test_an_answer_of_ask_has_evidence() -> None:
    """A true ASK is one row without columns."""
    found = evidence_of(":g { :a :by :b }", "ASK { :a :by :b }")

    assert {"a by b @g"} == short(found[()].facts)


# Limits


def test_cut_solutions_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row with more solutions than are read is capped; a group of them is untraced."""
    monkeypatch.setattr("aidgraph.answers.trace_solve.MAX_SOLUTIONS", 3)
    trig = f":g {{ {' '.join(f':m{i} :by :x .' for i in range(9))} :one :by :y }}"

    rows = evidence_of(trig, "SELECT DISTINCT ?h { ?m :by ?h }")
    counts = evidence_of(trig, "SELECT ?h (COUNT(?m) AS ?n) { ?m :by ?h } GROUP BY ?h")

    assert (rows["x",].capped, rows["x",].exact) == (True, False)
    assert len(rows["x",].facts) == 3
    assert {"one by y @g"} == short(rows["y",].facts)
    assert any("more than" in words for words in counts["x", "9"].untraced)
    assert (counts["y", "1"].untraced, counts["y", "1"].exact) == ((), True)


def test_too_many_walks_keep_all_their_steps() -> None:
    """Two to the twentieth walks are not listed one by one, but no step of theirs is lost."""
    steps = [
        f":n{i} :in :a{i}, :b{i} . :a{i} :in :n{i + 1} . :b{i} :in :n{i + 1} ." for i in range(20)
    ]
    trig = f":g {{ {' '.join(steps)} :n20 :in :beyond }}"

    [evidence] = evidence_of(trig, "SELECT ?x { VALUES ?x { :n20 } :n0 :in+ ?x }").values()

    assert evidence.capped
    assert len(evidence.facts) == 80
    assert [len(witness) for witness in evidence.witnesses[:1]] == [40]


def test_a_table_takes_two_queries() -> None:
    """However many rows there are, a plain table is one query to solve and one to look up."""
    asked: list[str] = []

    class Spy:
        layout = Layout.QUADS

        def __init__(self, store: EmbeddedStore) -> None:
            self._store = store

        def select(self, text: str) -> Solutions:
            asked.append(text)
            return self._store.select(text)

    store = EmbeddedStore.of(dataset(f":g {{ {' '.join(f':m{i} :by :x .' for i in range(200))} }}"))
    query = f"{PREFIX} SELECT ?m {{ ?m :by ?h }}"

    explain(Spy(store), query, store.select(query))

    assert len(asked) == 2


# Rules and errors

RULE = PREFIX + "CONSTRUCT { ?a :within ?c } WHERE { ?a :partOf ?b . ?b :partOf ?c }"


def witnesses_of(rule: str, *ends: str) -> list[set[str]]:
    """Return the premises of a triple by a rule, over a chain of places."""
    store = EmbeddedStore.of(dataset(":ref { :a :partOf :b . :b :partOf :c . :c :partOf :d }"))
    subject, predicate, end = (ox.NamedNode(NS + name) for name in ends)
    triple = ox.Triple(subject, predicate, end)
    return [short(w) for _, w in find_witnesses(store, {"rule": rule}, [triple])[triple]]


def test_a_rule_gives_the_premises_of_its_conclusion() -> None:
    """The premises are those of this triple, not of another that the rule infers."""
    expected = [{"a partOf b @ref", "b partOf c @ref"}]
    assert expected == witnesses_of(RULE, "a", "within", "c")


def test_a_rule_that_does_not_infer_a_triple_gives_nothing() -> None:
    """Wrong ends, a wrong predicate, or a node that is new each time have no premises."""
    assert witnesses_of(RULE, "a", "within", "d") == []
    assert witnesses_of(RULE, "a", "partOf", "c") == []
    assert witnesses_of(RULE.replace("within ?c", "within ?a"), "a", "within", "c") == []
    assert witnesses_of(RULE.replace("{ ?a :within", "{ [] :within"), "a", "within", "c") == []


def test_what_is_no_table_is_refused() -> None:
    """CONSTRUCT has no rows, SELECT is no rule, and rows must be those of the query."""
    store = EmbeddedStore.of([])
    with pytest.raises(UsageError, match="CONSTRUCT has no rows"):
        explain(store, RULE, Solutions((), []))
    with pytest.raises(UsageError, match="give a CONSTRUCT"):
        find_witnesses(store, {"rule": "SELECT ?x {}"}, [ox.Triple(*[ox.NamedNode(NS)] * 3)])
    with pytest.raises(UsageError, match=r"The rows have \?y, the query \?x"):
        explain(store, "SELECT ?x { ?x ?p ?o }", Solutions(("y",), []))
