"""Each check finds its fault, passes sound data, and says where the fault stands."""

from __future__ import annotations

from typing import NamedTuple

import pyoxigraph as ox
import pytest

from aidgraph.errors import DataError
from aidgraph.findings import Severity
from aidgraph.gates.checks import run_checks
from aidgraph.gates.inference import infer_triples, read_rules
from aidgraph.project import installed_root
from aidgraph.sources import Source
from aidgraph.store import EmbeddedStore
from graphs import RULES, VOCABULARY, read_quads, read_triples

FOLDER = installed_root() / "queries" / "checks"
CHECKS = {path.stem: path.read_text("utf-8") for path in FOLDER.glob("*.rq")}
PASSAGE = "article:xinjiang-daily-shared-purpose/p15.2"


class Case(NamedTuple):
    """A check, data with its fault, the subject that it names, and like data without it."""

    check: str
    faulty: str
    subject: str
    sound: str


CASES = [
    Case(
        "property-subject-of-wrong-class",
        "project:x a aid:Project ; aid:paidBy place:440000 . place:440000 a aid:Province .",
        "project:x",
        "project:x a aid:Money ; aid:paidBy place:440000 . place:440000 a aid:Province .",
    ),
    Case(
        "property-object-of-wrong-class",
        "project:x a aid:Project ; aid:field industry:textile . industry:textile a aid:Industry .",
        "project:x",
        "project:x a aid:Project ; aid:industry industry:textile . "
        "industry:textile a aid:Industry .",
    ),
    Case(
        "property-object-of-wrong-class",
        "site:x a aid:Site ; aid:builtBy industry:textile . industry:textile a aid:Industry .",
        "site:x",
        "site:x a aid:Site ; aid:builtBy party:y . party:y a aid:SubCommand .",
    ),
    Case(
        "value-of-wrong-kind",
        'project:x a aid:Project ; aid:field "产业援疆"@zh .',
        "project:x",
        "project:x a aid:Project ; aid:field field:industrial . "
        "field:industrial a aid:FieldOfAid .",
    ),
    Case(
        "value-of-wrong-kind",
        'batch:x a aid:AidBatch ; aid:ordinal "10" .',
        "batch:x",
        "batch:x a aid:AidBatch ; aid:ordinal 10 .",
    ),
    Case(
        "value-of-wrong-kind",
        'place:x a aid:Money ; aid:value "5.25"@zh .',
        "place:x",
        "place:x a aid:Money ; aid:value 525000000 . place:y a aid:Money ; aid:value 0.5 .",
    ),
    Case(
        "thing-of-disjoint-classes",
        "place:pishan-farm a aid:CorpsFarm , aid:County .",
        "place:pishan-farm",
        "place:440000 a aid:Province , aid:Helper .",
    ),
    Case(
        "thing-of-disjoint-classes",
        "project:x a aid:SubCommand , aid:BondedZone .",
        "project:x",
        "project:x a aid:SubCommand . project:y a aid:BondedZone .",
    ),
    Case(
        "asymmetric-property-both-ways",
        "place:1 a aid:Town ; aid:partOf place:2 . place:2 a aid:County ; aid:partOf place:1 .",
        "place:1",
        "place:1 a aid:Town ; aid:partOf place:2 . place:2 a aid:County .",
    ),
    Case(
        "irreflexive-property-to-itself",
        "place:1 a aid:Town ; aid:administeredBy place:1 .",
        "place:1",
        "place:1 a aid:Town ; aid:within place:1 .",
    ),
    Case(
        "functional-property-with-two-values",
        "place:x a aid:Money ; aid:bound aid:Nearly , aid:Exactly .",
        "place:x",
        "place:x a aid:Money ; aid:bound aid:Nearly ; aid:paidBy place:1 , place:2 . "
        "place:1 a aid:Province . place:2 a aid:Province .",
    ),
    Case(
        "place-within-its-own-part",
        "place:1 a aid:Town ; aid:partOf place:2 . place:2 a aid:County ; aid:partOf place:3 . "
        "place:3 a aid:Prefecture ; aid:partOf place:1 .",
        "place:1",
        "place:1 a aid:Town ; aid:partOf place:2 . place:2 a aid:County ; aid:partOf place:3 . "
        "place:3 a aid:Prefecture .",
    ),
    Case(
        "place-not-where-its-name-begins",
        "place:653223 a aid:County . place:653222 a aid:County ; aid:code '653222' ; "
        "rdfs:label '墨玉县'@zh ; skos:altLabel '墨玉'@zh . "
        "site:x a aid:Site ; rdfs:label '墨玉冷链物流中心'@zh ; aid:locatedIn place:653223 .",
        "site:x",
        "place:653223 a aid:County . place:653222 a aid:County ; aid:code '653222' ; "
        "rdfs:label '墨玉县'@zh ; skos:altLabel '墨玉'@zh . "
        "site:x a aid:Site ; rdfs:label '墨玉冷链物流中心'@zh ; aid:locatedIn place:653222 . "
        "site:y a aid:Site ; rdfs:label '墨玉新村'@zh ; aid:namedAfter place:653222 ; "
        "aid:locatedIn place:653223 . site:z a aid:Site ; rdfs:label '墨玉分拣中心'@zh .",
    ),
    Case(
        "unknown-term",
        "site:x a aid:IndustryPark .",
        "site:x",
        "site:x a aid:IndustrialPark .",
    ),
    Case(
        "unknown-term",
        "site:x a aid:IndustrialPark ; aid:buildBy party:y . party:y a aid:Company .",
        "site:x",
        "site:x a aid:IndustrialPark ; aid:builtBy party:y . party:y a aid:Company .",
    ),
    Case(
        "entity-without-class",
        "site:x a aid:IndustrialPark ; aid:builtBy party:y .",
        "party:y",
        "site:x a aid:IndustrialPark ; aid:builtBy party:y . party:y a aid:Company .",
    ),
    Case(
        "entity-without-class",
        "<https://w3id.org/aidgraph/article/a/p15.2-money> aid:value 1 .",
        "p15.2-money",
        "<https://w3id.org/aidgraph/article/a/p15.2-money> a aid:Money .",
    ),
    Case(
        "two-things-of-one-name",
        'site:x a aid:BondedZone ; rdfs:label "喀什综合保税区"@zh . '
        'site:y a aid:BondedZone ; rdfs:label "喀什综合保税区"@zh .',
        "site:x",
        'site:x a aid:BondedZone ; rdfs:label "喀什综合保税区"@zh . '
        'site:y a aid:BondedZone ; rdfs:label "综合保税区"@zh . '
        'party:z a aid:Company ; rdfs:label "喀什综合保税区"@zh .',
    ),
    Case(
        "quantity-stated-twice",
        'place:x a aid:Money ; aid:asWritten "近亿元"@zh ; aid:inPhrase "援疆资金近亿元"@zh . '
        'place:y a aid:Money ; aid:asWritten "近亿元"@zh ; aid:inPhrase "援疆资金近亿元"@zh .',
        "place:x",
        'place:x a aid:Money ; aid:asWritten "近亿元"@zh ; aid:inPhrase "援疆资金近亿元"@zh . '
        'place:y a aid:Money ; aid:asWritten "近亿元"@zh ; aid:inPhrase "社会资金近亿元"@zh .',
    ),
]


def store_of(turtle: str) -> EmbeddedStore:
    """Return the ontology, `turtle` as the facts of a passage, and what follows from them."""
    facts = read_quads(turtle, PASSAGE)
    triples = [*VOCABULARY, *(quad.triple for quad in facts)]
    derived = infer_triples(triples, read_rules(RULES))
    others = (ox.Quad(*triple) for triple in [*VOCABULARY, *derived])
    return EmbeddedStore.of([*facts, *others])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}-{case.subject}")
def test_a_check_finds_its_fault(case: Case) -> None:
    """The fault is a finding of this check, and names the thing at fault."""
    findings = run_checks(store_of(case.faulty), {case.check: CHECKS[case.check]})

    assert case.subject == min(finding.subject for finding in findings)
    assert {case.check} == {finding.rule for finding in findings}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.check}-{case.subject}")
def test_a_check_passes_what_is_sound(case: Case) -> None:
    """Like data without the fault passes this check."""
    assert not run_checks(store_of(case.sound), {case.check: CHECKS[case.check]})


def test_every_check_has_a_case() -> None:
    """No check is merged that was never seen to fail."""
    assert {case.check for case in CASES} == set(CHECKS)


def test_the_ontology_alone_passes_every_check() -> None:
    """The ontology's own individuals and terms keep to its rules."""
    assert not run_checks(store_of(""), CHECKS)


def test_a_finding_says_where_and_what_to_do_in_both_languages() -> None:
    """A row is told with file, graph, triple and remedy, in English and in Chinese."""
    facts = "place:1 a aid:Town ; aid:administeredBy place:1 ."
    source = Source("data/articles/a/facts.trig", read_quads(facts, "article:a/p3.1"))
    check = "irreflexive-property-to-itself"

    [finding] = run_checks(store_of(facts), {check: CHECKS[check]}, [source])

    assert finding.file == "data/articles/a/facts.trig"
    assert finding.graph == "p3.1"
    assert (finding.subject, finding.predicate) == ("place:1", "aid:administeredBy")
    assert finding.message_en.endswith("to itself: place:1 aid:administeredBy.")
    assert finding.message_zh.endswith("自身相连：place:1 aid:administeredBy。")
    assert finding.remedy_en == "Correct the object."
    assert finding.remedy_zh == "请改正宾语。"
    assert finding.severity is Severity.VIOLATION


def test_a_fault_in_a_passage_names_the_passage() -> None:
    """A check that asks for the graph itself gives it, without any file to look in."""
    [case] = [case for case in CASES if case.check == "quantity-stated-twice"]

    [finding] = run_checks(store_of(case.faulty), {case.check: CHECKS[case.check]})

    assert finding.graph == "p15.2"


def test_the_triple_itself_is_found_before_others_of_its_subject() -> None:
    """A finding points to the passage of its triple, not to where the subject was described."""
    facts = "project:x a aid:Project ; aid:field site:y . site:y a aid:Site ."
    described, stated = read_triples(facts)[0], read_triples(facts)[1]
    passage = ox.NamedNode("https://w3id.org/aidgraph/article/a/p1.1")
    fact = ox.Quad(stated.subject, stated.predicate, stated.object, passage)
    sources = [Source("entities.ttl", (ox.Quad(*described),)), Source("facts.trig", (fact,))]
    check = "property-object-of-wrong-class"

    [finding] = run_checks(store_of(facts), {check: CHECKS[check]}, sources)

    assert (finding.file, finding.graph) == ("facts.trig", "p1.1")


def test_a_check_may_only_warn() -> None:
    """The header's severity is the findings' severity."""
    header = '#+ title.en = "a"\n#+ title.zh = "甲"\n#+ severity = "warning"\n'
    query = "SELECT ?subject WHERE { ?subject <https://schema.org/x> 1 }"
    store = EmbeddedStore.of(read_quads("place:1 schema:x 1 ."))

    [finding] = run_checks(store, {"odd": header + query})

    assert finding.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("SELECT ?subject WHERE { ?subject ?p 1 }", "title"),
        ('#+ title.en = "a"\n#+ title.zh = "甲"\nSELECT WHERE', "cannot be answered"),
        ('#+ title.en = "a"\n#+ title.zh = "甲"\n#+ tittle = 1\nSELECT * { }', "tittle"),
        (
            '#+ title.en = "a"\n#+ title.zh = "甲"\n#+ severity = "bad"\nSELECT * { }',
            "severity is 'bad'; give one of violation, warning, info",
        ),
        ('#+ title.en = "a"\n#+ title.zh = "甲"\n#+ severity = ["a"]\nSELECT * { }', "severity is"),
        ('#+ title.en = "a\nSELECT * { }', "header"),
        ('#+ title.en = "a"\nSELECT * { }', "title has no text in Chinese; write title.zh"),
        ('#+ title.en = "a"\n#+ title.zh = 3\nSELECT * { }', "title.zh is no text"),
        ('#+ title = "a"\nSELECT * { }', "title has no text in English; write title.en"),
        (
            '#+ title.en = "a"\n#+ title.zh = "甲"\n#+ remedy.zh = "改"\nSELECT * { }',
            "remedy has no text in English; write remedy.en",
        ),
    ],
)
def test_a_broken_check_names_its_file(text: str, fault: str) -> None:
    """A slip in a check is told with its file, and never passes for sound data."""
    with pytest.raises(DataError, match=fault) as caught:
        run_checks(EmbeddedStore.of([]), {"odd": text})

    assert "queries/checks/odd.rq" in str(caught.value)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_a_check_has_a_remedy_in_both_languages(name: str) -> None:
    """Who meets a fault reads what to do, in either language."""
    assert "#+ remedy.en = " in CHECKS[name]
    assert "#+ remedy.zh = " in CHECKS[name]
