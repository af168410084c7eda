"""What the tracer cites for a row, held to what a reader would: claims by hand, limits, rules."""

from __future__ import annotations

import re

import pyoxigraph as ox
import pytest

from aidgraph.answers.trace import explain, find_witnesses
from aidgraph.answers.untraced import CUT_GROUP, CUT_ROW, sampled
from aidgraph.errors import UsageError
from aidgraph.store import EmbeddedStore, Layout, Solutions
from tracing import NS, PREFIX, dataset, evidence_of, short

HAN = re.compile("[\u4e00-\u9fff]")


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
    """A row of which a part cannot be traced says which, in both languages; it is not exact."""
    found = evidence_of(":g { :a :by :b }", query)
    assert found
    for evidence in found.values():
        assert any(reason in each.en for each in evidence.untraced)
        assert all(HAN.search(each.zh) for each in evidence.untraced)
        assert not evidence.exact


def test_a_blank_node_has_no_graph_to_look_up() -> None:
    """No query can ask for a blank node by name, so the fact is cited as untraced."""
    [evidence] = evidence_of(":g { [] :by :b }", "SELECT ?y { ?x :by ?y }").values()

    [each] = evidence.untraced
    assert each.en.startswith("_:")
    assert each.en.endswith("no named graph was found that holds it")
    assert each.zh.endswith("未找到载有它的命名图")


def test_an_answer_of_ask_has_evidence() -> None:
    """A true ASK is one row without columns."""
    found = evidence_of(":g { :a :by :b }", "ASK { :a :by :b }")

    assert {"a by b @g"} == short(found[()].facts)


# Limits


def test_cut_solutions_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row with more solutions than are read is capped, and says so."""
    monkeypatch.setattr("aidgraph.answers.trace_solve.MAX_SOLUTIONS", 3)
    monkeypatch.setattr("aidgraph.answers.trace_solve.MAX_TOGETHER", 3)
    trig = f":g {{ {' '.join(f':m{i} :by :x .' for i in range(9))} :one :by :y }}"

    rows = evidence_of(trig, "SELECT DISTINCT ?h { ?m :by ?h }")

    assert (rows["x",].capped, rows["x",].exact) == (True, False)
    assert rows["x",].untraced == (CUT_ROW,)
    assert len(rows["x",].facts) == 3
    assert {"one by y @g"} == short(rows["y",].facts)


MANY = f":g {{ {' '.join(f':m{i} :by :x ; :in :p{i % 2} .' for i in range(9))} :one :by :y }}"


@pytest.mark.parametrize(
    ("query", "row"),
    [
        ("SELECT ?h (COUNT(?m) AS ?n) { ?m :by ?h } GROUP BY ?h", ("x", "9")),
        ("SELECT (COUNT(DISTINCT ?m) AS ?n) { ?m :in ?p }", ("9",)),
        ("SELECT ?h (COUNT(DISTINCT ?n) AS ?k) { ?n :by ?h ; :in ?p } GROUP BY ?h", ("x", "9")),
    ],
)
def test_a_large_group_has_a_stated_sample(
    monkeypatch: pytest.MonkeyPatch, query: str, row: tuple[str, ...]
) -> None:
    """Of more members than are read at once some are shown, and it says of how many they are."""
    monkeypatch.setattr("aidgraph.answers.trace_solve.MAX_TOGETHER", 5)
    monkeypatch.setattr("aidgraph.answers.trace_solve.SAMPLE", 4)

    found = evidence_of(MANY, query)

    assert len({fact.subject for fact in found[row].facts}) == 4
    assert found[row].untraced == (sampled(4, 9),)
    assert not found[row].exact
    if ("y", "1") in found:
        assert (found["y", "1"].untraced, found["y", "1"].exact) == ((), True)


def test_a_group_that_no_query_asks_for_alone_says_that_it_is_cut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where the key is computed, what was read of all groups is shown, and that it is not all."""
    monkeypatch.setattr("aidgraph.answers.trace_solve.MAX_TOGETHER", 5)
    query = "SELECT ?k (COUNT(?m) AS ?n) { ?m :in ?p BIND(STR(?p) AS ?k) } GROUP BY ?k"

    found = evidence_of(MANY, query)

    assert sum(len(each.facts) for each in found.values()) == 5
    assert all(each.untraced == (CUT_GROUP,) for each in found.values())


@pytest.mark.parametrize(
    ("members", "en", "zh"),
    [
        (
            23000,
            "100 of 23,000 members of the group are shown",
            "该组 23,000 个成员中只列出 100 个",
        ),
        (None, "not all members of the group were read", "未读取该组的全部成员"),
    ],
)
def test_a_sample_is_stated_in_both_languages(members: int | None, en: str, zh: str) -> None:
    """Figures stand as they do elsewhere; a store that does not count leaves them out."""
    reason = sampled(100, members)

    assert (reason.text("en"), reason.text("zh"), reason.is_sample) == (en, zh, True)


def test_the_whole_group_is_shown_on_demand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who asks for all evidence has every member, and nothing is said to be left out."""
    monkeypatch.setattr("aidgraph.answers.trace_solve.MAX_TOGETHER", 5)
    monkeypatch.setattr("aidgraph.answers.trace_solve.MAX_SOLUTIONS", 5)
    query = "SELECT ?h (COUNT(?m) AS ?n) { ?m :by ?h } GROUP BY ?h"

    found = evidence_of(MANY, query, whole=True)

    assert len(found["x", "9"].facts) == 9
    assert (found["x", "9"].untraced, found["x", "9"].exact) == ((), True)


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
