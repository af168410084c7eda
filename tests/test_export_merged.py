"""The merged layout: from one graph alone, every sentence behind every triple can be found."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidgraph.terms import RDF_TYPE, aid, prefixes
from aidgraph.transfer.merged import is_evidence, merge, name_statement
from aidgraph.transfer.scopes import read_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aidgraph.dataset import Dataset

RDF = prefixes()["rdf"]
ARTICLE = prefixes()["article"]
BUILT = f"<{prefixes()['site']}park> <{aid('builtBy').value}> <{prefixes()['place']}440000>"
SAID = f"{BUILT} <{ARTICLE}a/p2.1> .\n".encode()
SAID_AGAIN = f"{BUILT} <{ARTICLE}a/p3.1> .\n".encode()
CITED = f"{BUILT} <{prefixes()['source']}parks> .\n".encode()


def read_merged(lines: Iterable[bytes]) -> set[ox.Triple]:
    """Parse N-Triples."""
    parsed = ox.parse(b"".join(lines), format=ox.RdfFormat.N_TRIPLES)
    return {quad.triple for quad in parsed}


def restore(triples: Iterable[ox.Triple]) -> set[ox.Quad]:
    """Return the quads that the nodes in a merged graph tell of, by RDF alone."""
    told: dict[str, dict[str, str]] = {}
    for triple in triples:
        told.setdefault(str(triple.subject), {})[triple.predicate.value] = str(triple.object)
    nodes = [node for node in told.values() if aid("inGraph").value in node]
    names = [f"{RDF}subject", f"{RDF}predicate", f"{RDF}object", aid("inGraph").value]
    lines = [" ".join(node[name] for name in names) + " .\n" for node in nodes]
    return set(ox.parse("".join(lines), format=ox.RdfFormat.N_QUADS))


def test_evidence_comes_back_exactly_from_the_merged_form(built: Dataset) -> None:
    """Each quad that an article or a source states is told of, and no other one."""
    lines = list(read_lines(built))
    quads = set(ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS))

    expected = {quad for quad in quads if is_evidence(str(quad.graph_name)[1:-1])}
    assert expected == restore(read_merged(merge(lines)))
    passages = {str(quad.graph_name) for quad in expected if "/p" in str(quad.graph_name)}
    assert len(passages) > 40  # of 65 passages some carry no fact


def test_without_the_nodes_the_merged_form_is_the_triples(built: Dataset) -> None:
    """Merged into one graph, no triple is lost, and none is added but the nodes."""
    lines = list(read_lines(built))
    quads = ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS)

    merged = {
        triple
        for triple in read_merged(merge(lines))
        if not str(triple.subject).startswith(f"<{prefixes()['stated']}")
    }

    assert {quad.triple for quad in quads} == merged


def test_a_triple_of_two_sentences_stands_once_and_is_told_of_twice() -> None:
    """A second sentence adds a node, not a triple; so does a source."""
    lines = list(merge([SAID, SAID_AGAIN, CITED]))

    assert lines.count(f"{BUILT} .\n".encode()) == 1
    stated_in = f" <{aid('inGraph').value}> <"
    assert [f"{ARTICLE}a/p2.1", f"{ARTICLE}a/p3.1", f"{prefixes()['source']}parks"] == [
        line.decode().partition(stated_in)[2][:-4] for line in lines if stated_in.encode() in line
    ]


@pytest.mark.parametrize(
    "graph",
    ["article/a/inferred", "graph/inferred", "graph/ontology", "graph/queries", "graph/dataset"],
)
def test_what_nobody_states_is_told_of_by_no_node(graph: str) -> None:
    """A triple without a node is inferred, the ontology's, a question's or the description's."""
    line = f"{BUILT} <https://w3id.org/aidgraph/{graph}> .\n".encode()

    assert list(merge([line])) == [f"{BUILT} .\n".encode()]


def test_a_node_is_named_by_the_hash_of_the_line() -> None:
    """`grep … aidgraph.nq | sha256sum` gives the name, for whoever has one form to find the other.

    The hash is of the line of the N-Quads export with its newline, as SHA-256 has it.
    """
    expected = "https://w3id.org/aidgraph/stated/" + hashlib.sha256(SAID).hexdigest()

    assert expected == name_statement(SAID)
    assert f"<{expected}> {RDF_TYPE} <{RDF}Statement> .\n".encode() in list(merge([SAID]))


@pytest.mark.parametrize("line", [b"", b"no quad\n", b"<http://a> <http://b> <http://c> .\n"])
def test_what_is_no_quad_in_a_graph_is_refused(line: bytes) -> None:
    """A line that would lose its evidence is not passed on in silence."""
    with pytest.raises(ValueError, match="no quad in a named graph"):
        list(merge([line]))


@given(st.text(), st.sampled_from(["", "@zh", "^^<http://example.org/t>"]))
def test_any_text_survives_the_merge(text: str, kind: str) -> None:
    """Quotation marks, angle brackets, full stops and line ends in a literal mislead nobody."""
    literal = str(ox.Literal(text)).removesuffix("^^<http://www.w3.org/2001/XMLSchema#string>")
    turtle = f"<http://example.org/s> <http://example.org/p> {literal}{kind} ."
    (parsed,) = ox.parse(turtle, format=ox.RdfFormat.TURTLE)
    graph = ox.NamedNode(f"{ARTICLE}a/p1.1")
    quad = ox.Quad(parsed.subject, parsed.predicate, parsed.object, graph)
    line = ox.serialize([quad], format=ox.RdfFormat.N_QUADS) or b""

    assert {quad} == restore(read_merged(merge([line])))
