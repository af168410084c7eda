"""The ontology is whole in both languages, keeps to OWL 2 RL, and holds nothing idle."""

from __future__ import annotations

import re
from collections import defaultdict

import pyoxigraph as ox
import pytest

from aidgraph.terms import AID, curie, prefixes
from graphs import ONTOLOGY

OWL = prefixes()["owl"]
RDFS = prefixes()["rdfs"]
SKOS = prefixes()["skos"]
SCHEMA = prefixes()["schema"]
RDF_TYPE = f"{prefixes()['rdf']}type"
TOPICS = sorted(path.stem for path in ONTOLOGY.glob("*.ttl") if path.stem != "prefixes")
QUADS = {topic: tuple(ox.parse(path=ONTOLOGY / f"{topic}.ttl")) for topic in TOPICS}
TERM_KINDS = ("Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty")

# What OWL 2 RL is used for here, and the rule or check that makes it true of the data.
CONSTRUCTS = {
    "AllDisjointClasses": "queries/checks/thing-of-disjoint-classes.rq",
    "AsymmetricProperty": "queries/checks/asymmetric-property-both-ways.rq",
    "FunctionalProperty": "queries/checks/functional-property-with-two-values.rq",
    "IrreflexiveProperty": "queries/checks/irreflexive-property-to-itself.rq",
    "TransitiveProperty": "ontology/rules/within-around-its-whole.rq",
}
DECLARATIONS = {*TERM_KINDS, "NamedIndividual", "Ontology", "members"}
# https://www.w3.org/TR/owl2-profiles/#Entities_3, of those that aidgraph writes.
RL_DATATYPES = {"string", "decimal", "integer", "boolean", "anyURI", "dateTime"}


def read_values(predicate: str) -> dict[str, set[str]]:
    """Return the IRIs or texts that each subject of the ontology has by `predicate`."""
    values: dict[str, set[str]] = defaultdict(set)
    for quads in QUADS.values():
        for quad in quads:
            if quad.predicate.value == predicate and isinstance(quad.subject, ox.NamedNode):
                assert not isinstance(quad.object, ox.Triple)
                values[quad.subject.value].add(quad.object.value)
    return values


def read_texts(term: str, predicate: str) -> dict[str, list[str]]:
    """Return the texts that `term` has by `predicate`, by language."""
    texts: dict[str, list[str]] = defaultdict(list)
    for quads in QUADS.values():
        for quad in quads:
            if (quad.subject, quad.predicate.value) == (ox.NamedNode(term), predicate):
                assert isinstance(quad.object, ox.Literal)
                texts[quad.object.language or ""].append(quad.object.value)
    return texts


TYPES = read_values(RDF_TYPE)
TERMS = sorted(term for term in TYPES if term.startswith(AID))
PARENTS = read_values(f"{RDFS}subClassOf")


def is_a(term: str, kind: str) -> bool:
    """Tell whether `term` is an owl:`kind`."""
    return f"{OWL}{kind}" in TYPES[term]


def find_above(term: str) -> set[str]:
    """Return a class and all above it."""
    return {term}.union(*(find_above(parent) for parent in PARENTS[term]))


def read_ends(end: str) -> dict[str, set[str]]:
    """Return the classes that each property may have at `end`: "domain" or "range"."""
    strict, loose = read_values(f"{RDFS}{end}"), read_values(f"{SCHEMA}{end}Includes")
    return {term: strict[term] | loose[term] for term in TYPES}


@pytest.mark.parametrize("term", TERMS, ids=curie)
def test_a_term_is_told_in_both_languages(term: str) -> None:
    """Every term has one label and one definition in English and in Chinese."""
    for predicate in (f"{RDFS}label", f"{SKOS}definition"):
        texts = read_texts(term, predicate)
        assert set(texts) == {"en", "zh"}
        assert [len(told) for told in texts.values()] == [1, 1]


@pytest.mark.parametrize("term", TERMS, ids=curie)
def test_examples_and_notes_are_in_both_languages(term: str) -> None:
    """Whatever else is told of a term is told to both readers."""
    for name in ("example", "scopeNote", "editorialNote"):
        assert set(read_texts(term, f"{SKOS}{name}")) in (set(), {"en", "zh"})


@pytest.mark.parametrize("topic", TOPICS)
def test_a_term_is_defined_by_its_file(topic: str) -> None:
    """rdfs:isDefinedBy names the topic of the file in which the term is declared."""
    declared = {
        quad.subject.value
        for quad in QUADS[topic]
        if quad.predicate.value == RDF_TYPE
        and isinstance(quad.subject, ox.NamedNode)
        and quad.subject.value.startswith(AID)
    }
    defined_by = read_values(f"{RDFS}isDefinedBy")

    wrong = [curie(term) for term in declared if defined_by[term] != {f"{AID[:-1]}/{topic}"}]

    assert not wrong


def test_the_ontology_lists_its_topics() -> None:
    """The ontology's header names every topic file, and each topic has a licence and labels."""
    root = AID[:-1]
    expected = {f"{root}/{topic}" for topic in TOPICS if topic != "aidgraph"}

    assert expected == read_values(f"{prefixes()['dcterms']}hasPart")[root]
    for topic in expected | {root}:
        assert set(read_texts(topic, f"{RDFS}label")) == {"en", "zh"}
        assert read_values(f"{prefixes()['dcterms']}license")[topic]


@pytest.mark.parametrize("term", TERMS, ids=curie)
def test_a_name_shows_what_the_term_is(term: str) -> None:
    """Classes and individuals are UpperCamelCase, properties lowerCamelCase."""
    name = term.removeprefix(AID)
    if f"{SKOS}ConceptScheme" in TYPES[term]:
        form = r"[a-z0-9]+(-[a-z0-9]+)*"  # a published code
    elif is_a(term, "Class") or is_a(term, "NamedIndividual"):
        form = r"([A-Z][a-z]+)+"
    else:
        form = r"[a-z]+([A-Z][a-z]+)*|sha256"

    assert re.fullmatch(form, name)


def test_no_two_terms_of_a_kind_share_a_label() -> None:
    """A reader who picks a class or a property by its label picks one."""
    for kind in TERM_KINDS:
        for language in ("en", "zh"):
            terms = [term for term in TERMS if is_a(term, kind)]
            labels = [read_texts(term, f"{RDFS}label")[language][0] for term in terms]
            assert sorted(labels) == sorted(set(labels))


def test_only_constructs_that_something_enforces_are_used() -> None:
    """Of OWL's constructs we use those of OWL 2 RL that a rule or check makes true of the data."""
    used = {
        node.value.removeprefix(OWL)
        for quads in QUADS.values()
        for quad in quads
        for node in (quad.predicate, quad.object)
        if isinstance(node, ox.NamedNode) and node.value.startswith(OWL)
    }

    assert used == DECLARATIONS | set(CONSTRUCTS)
    assert all((ONTOLOGY.parent / file).is_file() for file in CONSTRUCTS.values())


def test_subclasses_are_named_classes_only() -> None:
    """Each superclass is a declared IRI, so that the rules see all that a reasoner sees."""
    undeclared = {parent for parents in PARENTS.values() for parent in parents} - set(TYPES)

    assert not undeclared


def test_ranges_of_literals_are_datatypes_of_rl() -> None:
    """xsd:date and xsd:duration are not in OWL 2 RL, so no property has them as range."""
    allowed = {f"{prefixes()['xsd']}{name}" for name in RL_DATATYPES} | {f"{RDFS}Literal"}
    ranges = read_values(f"{RDFS}range")

    assert all(ranges[term] <= allowed for term in TERMS if is_a(term, "DatatypeProperty"))


def test_a_transitive_property_is_nothing_that_needs_a_simple_one() -> None:
    """OWL 2 DL: what is transitive is not asymmetric, irreflexive or functional."""
    for term in TERMS:
        if is_a(term, "TransitiveProperty"):
            assert not is_a(term, "AsymmetricProperty")
            assert not is_a(term, "IrreflexiveProperty")
            assert not is_a(term, "FunctionalProperty")


@pytest.mark.parametrize("end", ["domain", "range"])
def test_an_end_is_said_in_one_way_only(end: str) -> None:
    """One rdfs:domain, or alternatives as schema:domainIncludes: two of the former are an “and”."""
    strict, loose = read_values(f"{RDFS}{end}"), read_values(f"{SCHEMA}{end}Includes")

    wrong = [
        curie(term)
        for term in TERMS
        if len(strict[term]) > 1 or (strict[term] and loose[term]) or len(loose[term]) == 1
    ]

    assert not wrong


def test_every_object_property_has_typed_ends() -> None:
    """What a property starts from and leads to is declared, save where anything may stand."""
    # Grounding notes are said of any entity; units are QUDT's; a list names a property.
    anything = {
        "domain": {"aid:carriedFrom"},
        "range": {"aid:unit", "aid:openList"},
    }
    for end, exempt in anything.items():
        ends = read_ends(end)
        untyped = {curie(t) for t in TERMS if is_a(t, "ObjectProperty") and not ends[t]}
        assert exempt == untyped


@pytest.mark.parametrize("end", ["domain", "range"])
def test_a_wider_property_has_wider_ends(end: str) -> None:
    """What may stand at a property's end may stand at its superproperty's."""
    ends = read_ends(end)
    wrong = [
        f"{curie(term)} {curie(cls)}, not in {curie(wider)}"
        for term, widers in read_values(f"{RDFS}subPropertyOf").items()
        for wider in widers
        for cls in ends[term]
        if ends[wider] and not ends[wider] & find_above(cls)
    ]

    assert not wrong


def test_alternative_ends_do_not_hold_each_other() -> None:
    """A class that a listed one already holds is not listed again."""
    held = [
        f"{curie(term)} {end} {curie(cls)}"
        for end in ("domain", "range")
        for term, classes in read_ends(end).items()
        for cls in classes
        if (find_above(cls) - {cls}) & classes
    ]

    assert not held


@pytest.mark.parametrize(
    "folder", ["ontology", "ontology/shapes", "ontology/rules", "queries/checks"]
)
def test_prefixes_are_ours_sorted_and_used(folder: str) -> None:
    """A file binds the prefixes of prefixes.ttl, in order, and none that it does not use."""
    for path in sorted((ONTOLOGY.parent / folder).iterdir()):
        if not path.is_file() or path.stem == "prefixes":
            continue
        text = path.read_text("utf-8")
        bound = re.findall(r"^(?:@prefix|PREFIX)\s+([\w-]+):\s+<([^>]*)>", text, re.MULTILINE)
        names = [name for name, _ in bound]
        body = re.sub(r"^(?:@prefix|PREFIX).*$", "", text, flags=re.MULTILINE)
        assert names == sorted(names), path
        assert all(prefixes()[name] == space for name, space in bound), path
        assert not [n for n in names if not re.search(rf"(?<![\w-]){n}:", body)], path


def test_no_term_is_idle() -> None:
    """Every term is used by a fact, a shape, a rule, a query or the program, or stands above one.

    A class that ends a property in use, or has an individual in use, is in use, too.
    """
    root = ONTOLOGY.parent
    files = [
        *(root / "data").rglob("*.ttl"),
        *(root / "data").rglob("*.trig"),
        *(ONTOLOGY / "shapes").glob("*.ttl"),
        *(ONTOLOGY / "rules").glob("*.rq"),
        *(root / "queries").rglob("*.rq"),
        *(root / "src").rglob("*.py"),
    ]
    text = "\n".join(path.read_text("utf-8") for path in files)
    named = re.findall(r"""\baid(?::|\(")([\w-]+)""", text)
    leads_to = [
        PARENTS,
        read_values(f"{RDFS}subPropertyOf"),
        read_ends("domain"),
        read_ends("range"),
        TYPES,
    ]
    used, new = set(), {f"{AID}{name}" for name in named}
    while new:
        used |= new
        new = {to for links in leads_to for term in new for to in links.get(term, ())} - used

    assert not [curie(term) for term in TERMS if term not in used]
