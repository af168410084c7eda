"""The collection of questions as RDF: whole, valid, and the very text that `ask` runs."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.namespace import DCTERMS, RDF, RDFS, SH, XSD

from aidgraph.answers.ask import ask_question
from aidgraph.answers.results import Thing
from aidgraph.build import build_dataset, check_data, check_project
from aidgraph.collection import describe_questions, read_collection
from aidgraph.dataset import open_dataset
from aidgraph.gates.shapes import validate
from aidgraph.inputs import is_fresh
from aidgraph.project import find_project
from aidgraph.questions import question_names, read_question
from aidgraph.sparql.parser import parse_query
from aidgraph.terms import GRAPH, QUERY, prefixes

if TYPE_CHECKING:
    from aidgraph.answers.results import Cell
    from aidgraph.dataset import Dataset
    from aidgraph.project import Project

PROJECT = find_project(Path(__file__).parents[1])
NAMES = question_names(PROJECT)
COLLECTION = rdflib.URIRef(f"{GRAPH}queries")
CSVW = rdflib.Namespace(prefixes()["csvw"])
KEYWORDS = rdflib.URIRef(f"{prefixes()['schema']}keywords")


@pytest.fixture(scope="module")
def graph(built: Dataset) -> rdflib.Graph:
    """The part of the dataset that holds the questions, as any other tool reads it."""
    return read_parts(built.folder / "parts", "queries.nq")


@cache
def read_parts(folder: Path, pattern: str) -> rdflib.Graph:
    """Read parts of a dataset into one graph."""
    graph = rdflib.Graph()
    for path in folder.rglob(pattern):
        triples = (quad.triple for quad in ox.parse(path=path))
        text = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
        graph.parse(data=text, format="nt")
    return graph


def things(row: tuple[Cell, ...]) -> list[str]:
    """Return the IRIs in a row of an answer, "" where a cell holds no thing."""
    return [cell.iri if isinstance(cell, Thing) else "" for cell in row]


def texts(graph: rdflib.Graph, subject: rdflib.URIRef, predicate: rdflib.URIRef) -> dict[str, str]:
    """Return the texts that a thing has by a property, by language."""
    found = list(graph.objects(subject, predicate))
    by_language = {
        str(text.language): str(text) for text in found if isinstance(text, rdflib.Literal)
    }
    assert len(by_language) == len(found)
    return by_language


def test_every_question_is_in_the_graph_and_nothing_else_is_one(graph: rdflib.Graph) -> None:
    """One executable a question file that can be asked, by the name that `ask` takes."""
    executables = set(graph.subjects(RDF.type, SH.SPARQLExecutable))

    assert {rdflib.URIRef(QUERY + name) for name in NAMES} == executables
    assert executables == set(graph.subjects(RDF.type, SH.SPARQLSelectExecutable))


@pytest.mark.parametrize("name", NAMES)
def test_a_question_is_told_as_its_file_tells_it(graph: rdflib.Graph, name: str) -> None:
    """Title, description, tags, parameters and columns, all in both languages."""
    question, iri = read_question(PROJECT, name), rdflib.URIRef(QUERY + name)
    parameters = {
        str(graph.value(node, SH.path)).rpartition("/")[2]: texts(graph, node, SH.name)
        for node in graph.objects(iri, SH.parameter)
        if isinstance(node, rdflib.URIRef)
    }
    columns = {
        str(graph.value(node, CSVW["name"])): texts(graph, node, CSVW["titles"])
        for node in graph.objects(iri, CSVW["column"])
        if isinstance(node, rdflib.URIRef)
    }

    assert question.title == texts(graph, iri, RDFS.comment)
    assert question.description == texts(graph, iri, DCTERMS.description)
    assert set(question.tags) == {str(tag) for tag in graph.objects(iri, KEYWORDS)}
    assert {p.name: p.label for p in question.parameters} == parameters
    assert question.columns == columns
    assert all({"en", "zh"} == set(told) for told in columns.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_text_is_what_is_asked(graph: rdflib.Graph, name: str) -> None:
    """`sh:select` is the file, to the character, and parses."""
    text = str(graph.value(rdflib.URIRef(QUERY + name), SH.select))

    assert (PROJECT.queries / f"{name}.rq").read_text("utf-8") == text
    assert parse_query(text).form == "SELECT"


@pytest.mark.parametrize("name", ["reported-pairings", "venues-of-events", "who-helps-whom"])
def test_another_engine_gives_the_same_rows(built: Dataset, graph: rdflib.Graph, name: str) -> None:
    """The published text, run by rdflib over the published data, finds what `ask` finds."""
    text = str(graph.value(rdflib.URIRef(QUERY + name), SH.select))
    whole = read_parts(built.folder / "parts", "*.nq")

    answer = ask_question(built, read_question(PROJECT, name), {}, "en")
    found = [row for row in whole.query(text) if isinstance(row, rdflib.query.ResultRow)]

    assert answer.rows
    assert [things(row) for row in answer.rows] == [
        [str(term) if isinstance(term, rdflib.URIRef) else "" for term in row] for row in found
    ]


def test_the_prefixes_of_the_project_are_declared(graph: rdflib.Graph) -> None:
    """An editor that reads the collection needs no configuration."""
    declared = {
        str(graph.value(node, SH.prefix)): graph.value(node, SH.namespace)
        for node in graph.objects(COLLECTION, SH.declare)
    }

    expected = {
        name: rdflib.Literal(space, datatype=XSD.anyURI) for name, space in prefixes().items()
    }
    assert expected == declared
    assert {COLLECTION} == set(graph.objects(None, SH.prefixes))


def test_the_collection_has_no_blank_node(graph: rdflib.Graph) -> None:
    """Parts are sorted lines that hash as they are."""
    nodes = {term for triple in graph for term in triple}

    assert not [term for term in nodes if isinstance(term, rdflib.BNode)]


def test_the_shapes_pass_the_collection_and_stop_one_without_a_title() -> None:
    """A question that nobody can read the title of is stopped, with the shape's name."""
    quads = list(describe_questions(read_collection(PROJECT), prefixes()))
    first = ox.NamedNode(QUERY + NAMES[0])
    untitled = [
        quad.triple
        for quad in quads
        if (quad.subject, quad.predicate) != (first, ox.NamedNode(str(RDFS.comment)))
    ]
    shapes = [
        quad.triple
        for path in (PROJECT.ontology / "shapes").glob("*.ttl")
        for quad in ox.parse(path=path)
    ]

    assert not validate([quad.triple for quad in quads], [], shapes)
    [result] = validate(untitled, [], shapes)
    assert first == result["focusNode"]
    assert result["sourceShape"] == ox.NamedNode(f"{prefixes()['aidsh']}Question-comment")


def test_a_broken_question_is_left_out_and_stops_no_build(small_project: Project) -> None:
    """What cannot be asked is told by `check`; all else is built as before."""
    (small_project.queries / "no-header.rq").write_text("SELECT ?x { ?x ?y ?z }", "utf-8")
    sound = (small_project.queries / "totals-of-aid.rq").read_text("utf-8")
    for name, words, instead in (
        ("ask", "SELECT", "ASK #"),
        ("blank", "[columns]", '[columns]\n#+ "a b" = { en = "a", zh = "甲" }'),
        ("cut", "}\nORDER BY", "ORDER BY"),
    ):
        assert words in sound
        (small_project.queries / f"{name}.rq").write_text(sound.replace(words, instead), "utf-8")
    (small_project.queries / "gone.rq").symlink_to("nowhere.rq")
    (small_project.queries / "folder.rq").mkdir()

    built = build_dataset(small_project).built

    names = (built.folder / "parts" / "queries.nq").read_text("utf-8")
    assert f"<{QUERY}totals-of-aid> <{RDF.type}>" in names
    broken = ("ask", "blank", "cut", "folder", "gone", "no-header")
    assert not [name for name in broken if f"<{QUERY}{name}>" in names]
    assert is_fresh(small_project, built)
    faults = {finding.file for finding in check_project(small_project).violations}
    assert {f"queries/{name}.rq" for name in broken} <= faults


def test_a_project_without_questions_has_a_dataset(small_project: Project) -> None:
    """Facts can be looked at before anything is asked of them."""
    for path in small_project.queries.glob("*.rq"):
        path.unlink()

    assert not check_data(small_project).violations
    assert open_dataset(small_project).store.select("SELECT ?x WHERE { ?x a ?y } LIMIT 1").rows


def test_a_changed_question_is_built_anew(built_small_project: Project) -> None:
    """The collection is never older than the files."""
    built = build_dataset(built_small_project).built
    source = built_small_project.queries / "totals-of-aid.rq"

    shutil.copy(source, built_small_project.queries / "totals-again.rq")

    assert not is_fresh(built_small_project, built)
    assert f"<{QUERY}totals-again>" in (
        build_dataset(built_small_project).built.folder / "parts" / "queries.nq"
    ).read_text("utf-8")
