"""Each shape flags what is bad, passes what is good, and tells so in both languages.

A case file is named after its shape. Its nodes `:good…` pass the shape, its nodes `:bad…` do not;
what else stands in it is there for them. All files are validated at once, as one dataset.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox
import pytest

from aidgraph.findings import Severity
from aidgraph.gates.inference import infer_triples, read_rules
from aidgraph.gates.shapes import check_shape_terms, check_shapes, validate
from aidgraph.quantities import UNITS
from aidgraph.sources import Source, Sources
from aidgraph.terms import AID, prefixes
from graphs import ONTOLOGY, RULES, VOCABULARY, read_quads

SH = prefixes()["sh"]
AIDSH = prefixes()["aidsh"]
CASES = "https://example.org/"
FILES = sorted((Path(__file__).parent / "shapes").glob("*.ttl"))
SHAPE_FILES = sorted((ONTOLOGY / "shapes").glob("*.ttl"))
SHAPES = [quad.triple for path in SHAPE_FILES for quad in ox.parse(path=path)]
# Parameters that say whom a shape is about, how much it weighs, or which shapes it has.
NO_CONSTRAINT = {"path", "message", "severity", "property"}


def read_constraints() -> dict[str, set[str]]:
    """Return the constraints that each shape makes, by the local name of their parameters."""
    made: dict[str, set[str]] = defaultdict(set)
    for triple in SHAPES:
        name = triple.predicate.value.removeprefix(SH)
        if (
            isinstance(triple.subject, ox.NamedNode)
            and triple.subject.value.startswith(AIDSH)
            and triple.predicate.value.startswith(SH)
            and not name.startswith("target")
            and name not in NO_CONSTRAINT
        ):
            made[triple.subject.value.removeprefix(AIDSH)].add(name)
    return made


CONSTRAINTS = read_constraints()


@pytest.fixture(scope="module")
def results() -> list[dict[str, str]]:
    """The validation of all cases: the local name of each property of a result, to IRI or text."""
    cases = [
        quad.triple
        for path in FILES
        for quad in ox.parse(path=path, base_iri=f"{CASES}{path.stem}")
    ]
    derived = infer_triples([*VOCABULARY, *cases], read_rules(RULES))
    return [
        {
            name: term.value
            for name, term in result.items()
            if isinstance(term, ox.NamedNode | ox.Literal)
        }
        for result in validate([*cases, *derived], VOCABULARY, SHAPES)
    ]


def find_flagged(results: list[dict[str, str]], shape: str) -> set[str]:
    """Return the nodes of the shape's case file that the shape flags."""
    flagged = {
        result["value"] if result["focusNode"].startswith(AID) else result["focusNode"]
        for result in results
        if result["sourceShape"] == f"{AIDSH}{shape}"
    }
    base = f"{CASES}{shape}#"
    return {node.removeprefix(base) for node in flagged if node.startswith(base)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shape_flags_the_bad_and_passes_the_good(
    path: Path, results: list[dict[str, str]]
) -> None:
    """Of a case file, its shape flags every bad node and nothing else."""
    nodes = set(re.findall(r"^:([\w-]+)", path.read_text("utf-8"), re.MULTILINE))
    expected = {node for node in nodes if node.startswith("bad")}

    assert expected
    assert {node for node in nodes if node.startswith("good")}
    assert expected == find_flagged(results, path.stem)


def test_every_shape_has_a_case_file() -> None:
    """No shape is merged that was never seen to fail and to pass."""
    assert set(CONSTRAINTS) == {path.stem for path in FILES}


@pytest.mark.parametrize("shape", sorted(CONSTRAINTS))
def test_every_constraint_of_a_shape_is_seen_to_fail(
    shape: str, results: list[dict[str, str]]
) -> None:
    """Each constraint that a shape makes, not only one of them, is broken by a case."""
    broken = {
        result["sourceConstraintComponent"].removeprefix(SH).removesuffix("ConstraintComponent")
        for result in results
        if result["sourceShape"] == f"{AIDSH}{shape}"
    }

    assert {name.lower() for name in CONSTRAINTS[shape]} == {name.lower() for name in broken}


@pytest.mark.parametrize("shape", sorted(CONSTRAINTS))
def test_a_shape_is_told_in_both_languages(shape: str) -> None:
    """A shape has one message in English and one in Chinese, each with the fault and the remedy."""
    told = {
        triple.object.language: triple.object.value
        for triple in SHAPES
        if triple.subject == ox.NamedNode(f"{AIDSH}{shape}")
        and triple.predicate.value == f"{SH}message"
        and isinstance(triple.object, ox.Literal)
    }

    assert {"en", "zh"} == set(told)
    assert re.fullmatch(r".+: .+\.", told["en"])
    assert re.fullmatch(r".+：.+。", told["zh"])


def test_a_shape_is_named_after_its_class_and_property() -> None:
    """aidsh:Money-bound: what it is about, and which of its properties; no anonymous results."""
    assert not [name for name in CONSTRAINTS if not re.fullmatch(r"[A-Z]\w+-\w+", name)]


TOWN = "aidsh:X a sh:NodeShape ; sh:targetClass aid:Town ; "
ILL_FORMED = [
    (
        "aidsh:X a sh:PropertyShape ; sh:targetClass aid:Town ; sh:path aid:by , aid:status .",
        "path",
    ),
    (f'{TOWN} sh:pattern "(" .', "unterminated"),
    (
        f'{TOWN} sh:property aidsh:Y . aidsh:Y sh:path rdfs:label ; sh:pattern "(" .',
        "unterminated",
    ),
    (f'{TOWN} sh:sparql [ sh:select "SELECT $this WHERE" ] .', "Expected SelectQuery"),
    (f'{TOWN} sh:sparql [ sh:select "SELECT $this {{ $this no:x ?y }}" ] .', "Unknown namespace"),
    (f'{TOWN} sh:property [ sh:path rdfs:label ; sh:minCount "x" ] .', "minCount"),
]


def sources_with(shapes: str) -> Sources:
    """Return the ontology, the project's shapes, and a file of others."""
    ontology = tuple(ox.Quad(*triple) for triple in VOCABULARY)
    given = Source("ontology/shapes/odd.ttl", read_quads(shapes, "graph:shapes"))
    sound = Source("ontology/shapes/sound.ttl", tuple(ox.Quad(*triple) for triple in SHAPES))
    return Sources((), (Source("ontology/all.ttl", ontology),), (sound, given), (), ())


@pytest.mark.parametrize(("shapes", "reason"), ILL_FORMED)
def test_an_ill_formed_shape_is_a_finding(
    shapes: str, reason: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """It names the shape and its file, and why it cannot be applied; nothing else is printed."""
    data = read_quads("place:1 a aid:Town ; rdfs:label '甲'@zh , 'A'@en .")

    [finding] = check_shapes(data, sources_with(shapes))

    assert (finding.rule, finding.file) == ("shape-ill-formed", "ontology/shapes/odd.ttl")
    assert finding.subject.startswith("aidsh:X")
    assert finding.message_en.startswith(f"{finding.subject}: The shapes cannot be applied: ")
    assert reason in finding.message_en
    assert finding.message_zh.startswith(f"{finding.subject}：无法应用这些约束：")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("shape", "term"),
    [
        ("aidsh:X-label a sh:PropertyShape ; sh:path rdfs:label ; sh:minCoutn 1 .", "sh:minCoutn"),
        ("aidsh:X a sh:NodeShape ; sh:nodeKind sh:Iri .", "sh:Iri"),
        ("aidsh:X a sh:NodeShape ; sh:targetClass aid:Twon .", "aid:Twon"),
        ("aidsh:X a sh:NodeShape ; sh:property aidsh:Y-label .", "aidsh:Y-label"),
        ("aidsh:X a sh:NodeShape ; sh:property [ sh:path aid:asists ] .", "aid:asists"),
    ],
)
def test_a_misspelt_term_in_a_shape_is_found(shape: str, term: str) -> None:
    """The validator passes over it: the shape would ask for less than it says, in silence."""
    [finding] = check_shape_terms(sources_with(shape))

    assert (finding.rule, finding.file) == ("unknown-term", "ontology/shapes/odd.ttl")
    assert finding.message_en.startswith(f"There is no {term}: ")
    assert finding.message_zh.startswith(f"没有 {term}：")


def test_the_shapes_of_the_project_are_made_of_known_terms() -> None:
    """Of SHACL's and of the ontology's."""
    assert not check_shape_terms(sources_with(""))


def test_shapes_mirror_the_topics() -> None:
    """Each topic of the ontology has a file of shapes of the same name, and there are no others.

    Grounding is about properties, which no data has as things.
    """
    topics = {path.name for path in ONTOLOGY.glob("*.ttl")} - {"prefixes.ttl", "grounding.ttl"}

    assert topics == {path.name for path in SHAPE_FILES}


def test_the_bounds_of_the_shape_are_those_of_the_ontology() -> None:
    """A bound, manner, reason or basis that the ontology has may be used, and no other."""
    lists = {
        "Quantity-bound": "Bound",
        "Passage-manner": "Manner",
        "Passage-carriesNoFact": "Reason",
        "Quantity-scopeBasis": "ScopeBasis",
    }
    for shape, cls in lists.items():
        expected = {
            triple.subject
            for triple in VOCABULARY
            if triple.predicate.value.endswith("#type") and triple.object == ox.NamedNode(AID + cls)
        }
        assert expected == read_list(shape), cls


def test_the_units_of_the_shape_are_those_that_are_read() -> None:
    """Each unit that the parser of quantities gives may be stored, and no other."""
    unit = prefixes()["unit"]
    read = {"CCY_CNY" if name == "CNY" else name for name in UNITS.values()} | {"PERCENT"}

    assert {ox.NamedNode(unit + name) for name in read} == read_list("Quantity-unit")


def read_list(shape: str) -> set[object]:
    """Return the members of the sh:in of a shape."""
    links = {(triple.subject, triple.predicate.value): triple.object for triple in SHAPES}
    rdf = prefixes()["rdf"]
    node = links[ox.NamedNode(f"{AIDSH}{shape}"), f"{SH}in"]
    members: set[object] = set()
    while (node, f"{rdf}first") in links:
        members.add(links[node, f"{rdf}first"])
        node = links[node, f"{rdf}rest"]
    return members


def sources_of(facts: str) -> Sources:
    """Return the ontology, the shapes, and `facts` as shared entities."""
    ontology = Source("ontology", tuple(ox.Quad(*triple) for triple in VOCABULARY))
    shapes = Source("shapes", tuple(ox.Quad(*triple) for triple in SHAPES))
    entities = Source("data/entities/x.ttl", read_quads(facts))
    return Sources((), (ontology,), (shapes,), (entities,), ())


def test_a_finding_says_where_and_what_to_do() -> None:
    """A result is told with shape, node, place and remedy, in English and in Chinese."""
    facts = 'batch:x a aid:AidBatch ; rdfs:label "a"@en , "甲"@zh ; aid:ordinal 10 .'

    [finding] = check_shapes(read_quads(facts), sources_of(facts))

    assert finding.rule == "aidsh:AidBatch-scheme"
    assert finding.severity is Severity.VIOLATION
    assert (finding.subject, finding.predicate) == ("batch:x", "aid:scheme")
    assert (finding.file, finding.graph) == ("data/entities/x.ttl", "graph:entities")
    assert finding.message_en.startswith("batch:x aid:scheme: A batch is counted within one scheme")
    assert finding.message_zh.startswith("batch:x aid:scheme：批次属于一个序列")


def test_a_value_at_fault_is_named() -> None:
    """Where a value is wrong, the finding has the triple as written, and not the node alone."""
    facts = """
        batch:x a aid:AidBatch ; rdfs:label "a"@en , "甲"@zh ; aid:ordinal 00 ;
            aid:scheme place:CN .
    """

    [finding] = check_shapes(read_quads(facts), sources_of(facts))

    assert (finding.subject, finding.predicate) == ("batch:x", "aid:ordinal")
    assert finding.object.startswith('"00"')


def test_a_node_at_fault_is_named_once() -> None:
    """A shape of a node, not of its property, has no object beside the node."""
    facts = """
        party:x a aid:FrontCommand , aid:Helper ; rdfs:label "a"@en , "甲"@zh ;
            aid:sentBy place:370000 .
    """

    [finding] = check_shapes(read_quads(facts), sources_of(facts))

    assert (finding.subject, finding.predicate, finding.object) == ("party:x", "", "")
    assert finding.message_en.startswith("party:x: A helper is")


def test_a_constraint_in_sparql_names_the_place_and_not_its_class() -> None:
    """A constraint that starts from a class is told of the place at fault, in both languages."""
    facts = """
        place:652900 a aid:Prefecture ; rdfs:label "a"@en , "甲"@zh ; aid:code "652900" .
        place:653129 a aid:County ; rdfs:label "b"@en , "乙"@zh ; aid:code "653129" ;
            aid:partOf place:652900 .
    """

    found = check_shapes(read_quads(facts), sources_of(facts))

    [finding] = [finding for finding in found if finding.rule == "aidsh:Place-code"]
    assert finding.subject == "place:653129"
    assert "GB/T 2260 code" in finding.message_en
    assert "GB/T 2260 代码" in finding.message_zh


def test_severities_are_kept() -> None:
    """An info is told as an info: nothing is wrong with a park whose place is unsaid."""
    facts = 'site:tyre-park a aid:IndustrialPark ; rdfs:label "a"@en , "甲"@zh .'
    warned = f'{facts} party:x a aid:Person ; rdfs:label "b"@en , "乙"@zh .'

    found = check_shapes(read_quads(warned), sources_of(warned))

    expected = {"aidsh:Site-directedTo": Severity.INFO, "aidsh:Person-post": Severity.WARNING}
    assert expected == {finding.rule: finding.severity for finding in found}


def test_the_ontology_and_the_shapes_are_no_data() -> None:
    """Triples of the ontology's and the shapes' graphs are not validated as facts."""
    facts = "batch:x a aid:AidBatch ."

    assert not check_shapes(read_quads(facts, "graph:ontology"), sources_of(facts))


def test_a_shape_without_a_message_is_still_told() -> None:
    """A shape that somebody adds in haste is named, and says that it lacks a message."""
    facts = "carrier:x a aid:Carrier ."
    sources = sources_of(facts)
    shape = "aidsh:X-y a sh:NodeShape ; sh:targetClass aid:Carrier ; sh:nodeKind sh:Literal ."
    bare = Source("shapes", read_quads(shape))

    [finding] = check_shapes(
        read_quads(facts), Sources((), sources.ontology, (bare,), sources.entities, ())
    )

    assert finding.rule == "aidsh:X-y"
    assert "sh:message" in finding.message_en
    assert "sh:message" in finding.message_zh
