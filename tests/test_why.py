"""Evidence: each kind of graph gives its own, and no row cites what another row rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from aidgraph.answers.why import find_reasons
from aidgraph.gates.inference import infer_triples, read_rules
from aidgraph.store import EmbeddedStore
from aidgraph.terms import GRAPH
from graphs import RULES, VOCABULARY, read_quads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aidgraph.answers.results import Evidence

PREFIX = """PREFIX aid: <https://w3id.org/aidgraph/ont#>
PREFIX place: <https://w3id.org/aidgraph/id/place/>
"""
LOCAL = """
@prefix oa:  <http://www.w3.org/ns/oa#> .
@prefix psg: <https://w3id.org/aidgraph/article/a/> .
"""
RECORD = (
    LOCAL
    + "".join(
        f"""
psg:p1.{n} a aid:Passage ; oa:hasSelector psg:p1.{n}-quote , psg:p1.{n}-position ;
    oa:hasSource article:a .
psg:p1.{n}-quote oa:exact "{text}" .
psg:p1.{n}-position oa:start {10 * n} ; oa:end {10 * n + 5} .
"""
        for n, text in ((1, "粤建梅园。"), (2, "鲁建菜园。"), (3, "梅园在喀。"))
    )
    + "psg:p1.3 aid:saidBy party:wang ."
)
"""Three sentences: Guangdong builds a plum park, Shandong a vegetable park; where the first is."""

FACTS = {
    "p1.1": "site:plum aid:builtBy place:440000 .",
    "p1.2": "site:greens aid:builtBy place:370000 ; aid:locatedIn place:653122 .",
    "p1.3": "site:plum aid:locatedIn place:653129 .",
}
ENTITIES = """
site:plum a aid:IndustrialPark ; rdfs:label "plum park"@en , "梅园"@zh .
site:greens a aid:AgriculturalPark ; rdfs:label "菜园"@zh .
"""
REFERENCE = """
source:codes rdfs:label "codes of areas"@en , "区划代码"@zh .
place:653129 a aid:County ; aid:partOf place:653100 .
place:653122 a aid:County ; aid:partOf place:653100 .
place:653100 a aid:Prefecture ; aid:partOf place:650000 ; rdfs:label "Kashgar"@en .
place:650000 a aid:Province .
place:440000 a aid:Province , aid:Helper .
place:370000 a aid:Province , aid:Helper .
"""


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    """The small graph."""
    return make_store()


def make_store(more: Iterable[ox.Quad] = ()) -> EmbeddedStore:
    """Return the small graph and `more`, with all that the project's rules infer from it."""
    said = [
        *more,
        *read_quads(RECORD, "article:a"),
        *(quad for name, text in FACTS.items() for quad in read_quads(text, f"article:a/{name}")),
        *read_quads(ENTITIES, "article:a/entities"),
        *read_quads(REFERENCE, "source:codes"),
    ]
    known = [*(quad.triple for quad in said), *VOCABULARY]
    inferred = infer_triples(known, read_rules(RULES))
    return EmbeddedStore.of([*said, *put_in("ontology", VOCABULARY), *put_in("inferred", inferred)])


def put_in(graph: str, triples: Iterable[ox.Triple]) -> list[ox.Quad]:
    """Return the triples as quads of a graph of the project."""
    name = ox.NamedNode(GRAPH + graph)
    return [ox.Quad(each.subject, each.predicate, each.object, name) for each in triples]


def explain(store: EmbeddedStore, query: str) -> list[tuple[Evidence, ...]]:
    """Return the evidence of each row of a query."""
    sparql = PREFIX + query
    found = find_reasons(
        store, sparql, store.select(sparql), rules=RULES, searched=3, language="en"
    )
    return [reasons.evidence for reasons in found]


def passages(evidence: tuple[Evidence, ...]) -> list[str | None]:
    """Return the passages that are cited, in order."""
    return [each.passage for each in evidence if each.kind == "article"]


def test_a_sentence_is_cited_with_its_exact_words_and_place(store: EmbeddedStore) -> None:
    """A fact of a passage's graph gives text, start and end as the article has them."""
    ((evidence,),) = explain(store, "SELECT ?x { ?x aid:builtBy place:440000 }")

    assert evidence.as_dict() == {
        "kind": "article",
        "passage": "p1.1",
        "text": "粤建梅园。",
        "start": 10,
        "end": 15,
        "article": "a",
        "source": None,
        "rule": None,
        "translation": None,
    }


def test_a_cited_source_gives_its_title(store: EmbeddedStore) -> None:
    """Reference data is cited as such, never as the article's word."""
    ((evidence,),) = explain(store, "SELECT ?x { place:653129 aid:partOf ?x }")

    assert (evidence.kind, evidence.source) == ("reference", "codes of areas")


def test_what_no_sentence_says_is_cited_by_the_graph_that_has_it() -> None:
    """A relation that got into a description is not passed over beside a fact that a sentence says.

    No build lets it in (`aidgraph.gates.bases`), but people load graphs of their own.
    """
    graph = "article:a/entities"
    store = make_store(read_quads("site:plum aid:tenantOf site:greens .", graph))

    (row,) = explain(store, "SELECT ?x { ?x aid:builtBy place:440000 ; aid:tenantOf ?y }")

    assert [(each.kind, each.passage) for each in row] == [("article", "p1.1"), ("reference", None)]
    assert row[1].source == graph


def test_an_inferred_fact_gives_its_rule_then_what_that_rests_on(store: EmbeddedStore) -> None:
    """The rule and the triple, and after it the sentence and the source of the premises."""
    (row,) = explain(store, "SELECT ?x { ?x aid:within place:653100 ; aid:builtBy place:440000 }")

    assert [each.kind for each in row] == ["article", "inferred", "article", "reference"]
    assert passages(row) == ["p1.1", "p1.3"]
    inferred = row[1]
    assert inferred.rule == "within-around-its-location"
    assert inferred.text == "plum park lies within Kashgar"


def test_a_row_does_not_cite_what_another_rests_on(store: EmbeddedStore) -> None:
    """Both parks make Kashgar a recipient; each helper's row proves it by its own sentences."""
    rows = explain(
        store,
        """SELECT DISTINCT ?helper { ?site aid:by ?helper ; aid:directedTo ?place .
           ?place aid:within place:653100 . place:653100 a aid:RecipientArea } ORDER BY ?helper""",
    )

    assert [set(passages(row)) for row in rows] == [{"p1.2"}, {"p1.1", "p1.3"}]


def test_a_statement_about_a_passage_cites_that_passage(store: EmbeddedStore) -> None:
    """Who speaks stands in the article's record; the words are the evidence."""
    (row,) = explain(store, "SELECT ?person { ?passage aid:saidBy ?person }")

    assert passages(row) == ["p1.3"]


def test_what_was_not_found_is_called_absence(store: EmbeddedStore) -> None:
    """Negation has no proof: the evidence says how much was searched."""
    (row,) = explain(
        store,
        "SELECT ?x { ?x aid:builtBy place:440000 FILTER NOT EXISTS { ?x aid:operatedBy ?who } }",
    )

    assert [each.kind for each in row] == ["article", "absence"]
    assert "not found in 3 passages" in (row[1].text or "")


def test_a_class_or_a_name_is_no_fact_beside_one(store: EmbeddedStore) -> None:
    """What entities are called is cited only where a row has nothing else."""
    (row,) = explain(store, "SELECT ?x { ?x a aid:IndustrialPark ; aid:builtBy place:440000 }")
    assert [each.kind for each in row] == ["article"]

    (bare,) = explain(store, "SELECT ?x { ?x a aid:AgriculturalPark }")
    assert [each.kind for each in bare] == ["reference"]


def test_nothing_is_cited_twice(store: EmbeddedStore) -> None:
    """A sentence that several facts stand in is shown once a row."""
    (row,) = explain(
        store, "SELECT ?x { ?x aid:builtBy place:370000 ; aid:locatedIn place:653122 }"
    )

    assert passages(row) == ["p1.2"]


def test_no_row_has_no_evidence(store: EmbeddedStore) -> None:
    """An empty answer has an empty list."""
    assert explain(store, "SELECT ?x { ?x aid:paidBy place:440000 }") == []
