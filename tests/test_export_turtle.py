"""Turtle that is made to be read, and that says whatever can be said in RDF."""

from __future__ import annotations

import re
import string
from io import BytesIO
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from aidgraph.errors import DataError
from aidgraph.terms import XSD, prefixes
from aidgraph.transfer.export import read_material, write_export
from aidgraph.transfer.formats import ExportFormat
from aidgraph.transfer.grouping import sort_by_graph
from aidgraph.transfer.jsonld import build_context, write_json_ld
from aidgraph.transfer.merged import merge
from aidgraph.transfer.rdfxml import write_rdf_xml
from aidgraph.transfer.turtle import write_trig, write_turtle
from aidgraph.transfer.turtle_terms import TurtleTerms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aidgraph.dataset import Dataset

E = "http://example.org/"
GRAPH = ox.NamedNode(f"{prefixes()['graph']}reference/test")
TERMS = TurtleTerms({"e": E, "é": "http://example.org/long/", "xsd": XSD})

# What a local name may have only escaped, or not at all, and what looks like the end of it.
local_names = st.text(
    st.sampled_from(string.ascii_letters + string.digits + "._-~!$&'()*+,;=/?#@%:中文é·"),
    max_size=8,
)
iris = st.builds(lambda name: f"{E}{name.replace('%', '%41')}", local_names).filter(
    lambda iri: iri.count("#") < 2
)
nodes = st.builds(ox.NamedNode, iris)
blanks = st.builds(ox.BlankNode, st.sampled_from(["a", "b", "c", "d", "0e"]))
texts = st.text() | st.text(st.sampled_from("\"\\\n\r\t'ab中𠮷\u0085\u2028\u200e\ufeff\x00"))
literals = (
    st.builds(ox.Literal, texts)
    | st.builds(lambda text: ox.Literal(text, language="zh"), texts)
    | st.builds(lambda text: ox.Literal(text, language="en-us"), texts)
    | st.builds(lambda text, kind: ox.Literal(text, datatype=kind), texts, nodes)
    | st.builds(
        lambda text, kind: ox.Literal(text, datatype=ox.NamedNode(XSD + kind)),
        st.sampled_from(["1", "-01", "+1.50", ".5", "5.", "1e3", "true", "1", "yes", "", "١"]),
        st.sampled_from(["integer", "decimal", "double", "boolean", "date"]),
    )
)
properties = st.builds(
    ox.NamedNode,
    st.sampled_from(
        [f"{E}p", f"{E}q", *(f"{prefixes()['rdf']}{n}" for n in ("type", "first", "rest"))]
    ),
)
ends = nodes | blanks | st.just(ox.NamedNode(f"{prefixes()['rdf']}nil"))
triples = st.builds(ox.Triple, nodes | blanks, properties, ends | literals)


def write_lines(said: Iterable[ox.Triple]) -> list[bytes]:
    """Return triples as sorted lines of N-Quads in the graph of a cited source."""
    quads = [ox.Quad(triple.subject, triple.predicate, triple.object, GRAPH) for triple in said]
    written = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    return sorted({line + b"\n" for line in written.split(b"\n") if line})


def canonicalize(quads: Iterable[ox.Quad]) -> ox.Dataset:
    """Name blank nodes by RDFC-1.0."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def read_merged(lines: list[bytes]) -> ox.Dataset:
    """Return what a merged export of `lines` is to say."""
    return canonicalize(ox.parse(b"".join(merge(lines)), format=ox.RdfFormat.N_TRIPLES))


@given(nodes | literals)
def test_any_term_round_trips(term: ox.NamedNode | ox.Literal) -> None:
    """Quotation marks, line ends, Chinese, controls, odd local names: all come back."""
    turtle = f"{TERMS.header()}<{E}s> <{E}p> {TERMS.term(term)} ."

    (quad,) = ox.parse(turtle, format=ox.RdfFormat.TURTLE)

    assert term == quad.object


@given(texts)
def test_rdflib_reads_the_same_text(text: str) -> None:
    """A second parser, with its own ideas of line ends and escapes, reads what was meant."""
    graph = rdflib.Graph()
    graph.parse(data=f"<{E}s> <{E}p> {TERMS.term(ox.Literal(text))} .", format="turtle")

    (read,) = graph.objects()
    assert text == str(read)


@given(st.lists(triples, max_size=12), st.sampled_from([b"reference/test>", b"ontology>"]))
def test_any_graph_round_trips_as_turtle(said: list[ox.Triple], graph: bytes) -> None:
    """Blank nodes in circles, in lists, shared or alone keep their shape, cited or not."""
    lines = [line.replace(b"reference/test>", graph) for line in write_lines(said)]

    read = ox.parse("".join(write_turtle(lines)), format=ox.RdfFormat.TURTLE)

    assert read_merged(lines) == canonicalize(read)


@pytest.mark.parametrize("links", [["aa"], ["ab", "ba"], ["ab", "bc", "ca", "ad"]])
def test_a_circle_of_blank_nodes_is_not_lost(links: list[str]) -> None:
    """Nothing outside leads into it, so it begins with a name."""
    said = [
        ox.Triple(ox.BlankNode(s), ox.NamedNode(f"{E}p"), ox.BlankNode(o))
        for s, o in map(tuple, links)
    ]
    lines = [line.replace(b"reference/test>", b"ontology>") for line in write_lines(said)]

    read = ox.parse("".join(write_turtle(lines)), format=ox.RdfFormat.TURTLE)

    assert read_merged(lines) == canonicalize(read)


@given(st.lists(triples, max_size=12))
def test_any_graph_round_trips_as_trig(said: list[ox.Triple]) -> None:
    """As above, in its graph."""
    lines = write_lines(said)

    read = ox.parse("".join(write_trig(sort_by_graph(lines))), format=ox.RdfFormat.TRIG)

    expected = ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS)
    assert canonicalize(expected) == canonicalize(read)


@given(st.lists(triples, max_size=12))
def test_any_graph_round_trips_as_json_ld(said: list[ox.Triple]) -> None:
    """Whatever the context says of a property, a value that is otherwise is told so."""
    lines = write_lines(said)
    declared = [
        ox.Triple(ox.NamedNode(f"{E}p"), ox.NamedNode(f"{prefixes()['rdf']}type"), OBJECT_PROPERTY)
    ]

    context = build_context(write_lines(declared), lines)
    read = ox.parse("".join(write_json_ld(lines, context)), format=ox.RdfFormat.JSON_LD)

    assert read_merged(lines) == canonicalize(read)


OBJECT_PROPERTY = ox.NamedNode("http://www.w3.org/2002/07/owl#ObjectProperty")
xml_texts = texts.map(lambda text: "".join(c for c in text if c >= " " or c in "\t\n\r"))


@given(st.lists(xml_texts.filter(lambda text: not set(text) & set("\ufffe\uffff")), max_size=5))
def test_any_text_round_trips_as_rdf_xml(values: list[str]) -> None:
    """Ampersands, line ends and blanks come back as they were."""
    subject, predicate = ox.NamedNode(f"{E}s?a=1&b"), ox.NamedNode(f"{E}q#7up")
    lines = write_lines(ox.Triple(subject, predicate, ox.Literal(text)) for text in values)

    read = ox.parse("".join(write_rdf_xml(lines)), format=ox.RdfFormat.RDF_XML)

    assert read_merged(lines) == canonicalize(read)


@given(st.lists(triples, max_size=30), st.integers(1, 4))
def test_graphs_sort_the_same_in_files(said: list[ox.Triple], run: int) -> None:
    """What does not fit into memory comes out in the order of what does."""
    lines = write_lines(said)[::-1]

    assert sorted(lines) == list(sort_by_graph(lines, run))


@pytest.fixture
def small_turtle(small_dataset: Dataset) -> str:
    """The Turtle of the article of three passages."""
    return export_turtle(small_dataset, "article:small")


def export_turtle(dataset: Dataset, scope: str) -> str:
    """Export a part of `dataset`."""
    stream = BytesIO()
    material = read_material(dataset, scope, ExportFormat.TURTLE)
    write_export(material, ExportFormat.TURTLE, stream)
    return stream.getvalue().decode()


def test_turtle_begins_with_the_prefixes_and_the_rights(small_turtle: str) -> None:
    """Who opens the file sees first what may be done with it."""
    header, description, *_ = small_turtle.split("\n\n")

    names = [line.split()[1].rstrip(":") for line in header.split("\n")]
    assert sorted(prefixes()) == names
    assert description.startswith("graph:dataset\n    a ")
    assert "dcterms:license <https://creativecommons.org/licenses/by/4.0/>" in description
    assert "版权归其发布单位所有" in description
    assert "belong to their publishers" in description


def test_turtle_has_each_thing_once_names_first_evidence_last(small_turtle: str) -> None:
    """What several graphs say of the park stands together: classes, names, facts, sentences."""
    blocks = small_turtle.split("\n\n")

    subjects = [block.split()[0] for block in blocks[1:]]
    assert len(set(subjects)) == len(subjects)
    park = next(block for block in blocks if block.startswith("site:yue-jia-plum-park\n"))
    lines = park.split("\n")
    assert lines[1].startswith("    a")
    named = '    rdfs:label "Yue–Jia Plum Industrial Park"@en , "粤伽新梅产业园"@zh ;'
    assert named in lines
    built = "    aid:builtBy place:440000 , place:653129 ;"
    assert lines.index(named) < lines.index(built)
    told = [
        line.partition(" ")[2]
        for line in lines
        if line.startswith("stated:") and "aid:builtBy" in line
    ]
    assert told == [
        "a rdf:Statement ; rdf:subject site:yue-jia-plum-park ; rdf:predicate aid:builtBy"
        f" ; rdf:object place:{place} ; aid:inGraph article:small\\/p2.1 ."
        for place in ("440000", "653129")
    ]


def test_turtle_shows_no_invented_names(built: Dataset) -> None:
    """Lists and restrictions stand where they are used, so that a change changes little."""
    written = export_turtle(built, "all")

    assert not re.findall(r"^[^\"]*_:", written, re.MULTILINE)
    assert "owl:members ( aid:Article aid:Passage aid:Party " in written


def test_one_more_fact_adds_lines_and_changes_none() -> None:
    """The file diffs well: a new value of a property is a new line, or its line has it."""
    thing, name = ox.NamedNode(f"{E}thing"), ox.NamedNode(f"{prefixes()['rdfs']}label")
    said = [
        ox.Triple(thing, name, ox.Literal(f"name {number} of a thing with many long names"))
        for number in range(4)
    ]

    before = "".join(write_turtle(write_lines(said[:3]))).splitlines()
    after = "".join(write_turtle(write_lines(said))).splitlines()

    # The last value's line ends in a full stop, before; all others are there still.
    assert len([line for line in before if line not in after]) == 1


def test_a_text_that_xml_cannot_have_is_told() -> None:
    """XML 1.0 has no way to write most controls: better no file than one that nothing reads."""
    said = ox.Triple(ox.NamedNode(f"{E}s"), ox.NamedNode(f"{E}p"), ox.Literal("a\x01b"))

    with pytest.raises(DataError, match="has a character that XML cannot have"):
        "".join(write_rdf_xml(write_lines([said])))
