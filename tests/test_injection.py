"""What is typed stays a value: no parameter becomes syntax, no query reaches out of the store."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidgraph.answers.ask import bind
from aidgraph.answers.lookup import read_value
from aidgraph.cli.app import run
from aidgraph.errors import AidgraphError, UsageError
from aidgraph.project import find_project
from aidgraph.questions import read_questions
from aidgraph.sparql.parser import parse_query
from aidgraph.sparql.tree import Values, nodes
from aidgraph.store import EmbeddedStore
from conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

    from aidgraph.dataset import Dataset
    from aidgraph.questions import Parameter

QUESTIONS, _ = read_questions(find_project(REPOSITORY))
PARAMETERS = {p.type: (q, p) for q in QUESTIONS for p in q.parameters}
"""A question and its parameter of each type that there is."""

CLOSERS = (
    '"',
    "'",
    '"""',
    "'''",
    "\\",
    '\\"',
    ">",
    "}",
    ")",
    "*/",
    "#",
    "\\u0022",
    "＂",
    "｝",
    "”",
)
TAILS = (
    " } } SELECT * { ?s ?p ?o } #",
    ") } UNION { ?s ?p ?o } #",
    " . ?s ?p ?o . SERVICE <http://127.0.0.1:9/> { ?a ?b ?c } #",
    "; DROP ALL; #",
)
VECTORS = [f"喀什{closer}{tail}" for closer in CLOSERS for tail in TAILS]


def test_there_are_sixty_vectors() -> None:
    """Each way to close a literal, an IRI or a group, with each thing to smuggle in behind."""
    assert len(set(VECTORS)) == 60
    assert {"text", "number", "aid:Helper", "aid:Product"} <= PARAMETERS.keys()


@pytest.mark.parametrize("kind", sorted(PARAMETERS))
def test_no_value_changes_the_query_around_it(built: Dataset, kind: str) -> None:
    """The tree is that of a harmless value, but for the one row of VALUES."""
    question, parameter = PARAMETERS[kind]
    harmless = shape_of(bind(question.sparql, {parameter.name: ox.Literal("x")}))

    for vector in VECTORS:
        try:
            term = read_value(built.store, parameter, vector)
        except AidgraphError:
            continue
        assert shape_of(bind(question.sparql, {parameter.name: term})) == harmless
        assert row_of(bind(question.sparql, {parameter.name: term})) == str(term)


def test_words_are_looked_for_as_they_are_typed(built: Dataset) -> None:
    """A text parameter takes every vector for what it is: words; no backslash, though."""
    _, parameter = PARAMETERS["text"]
    plain = [vector for vector in VECTORS if "\\" not in vector]

    assert len(plain) == 48
    assert [ox.Literal(vector) for vector in plain] == [
        read_value(built.store, parameter, vector) for vector in plain
    ]
    with pytest.raises(UsageError, match="--words has a backslash"):
        read_value(built.store, parameter, "喀什\\u0022 } }")


def shape_of(sparql: str) -> str:
    """Return a query's tree as text, without the rows of its first VALUES."""
    tree = parse_query(sparql)
    return repr(tree).replace(repr(first_values(sparql).rows), "", 1)


def row_of(sparql: str) -> str:
    """Return the only term of a query's first VALUES."""
    ((term,),) = first_values(sparql).rows
    return term


def first_values(sparql: str) -> Values:
    """Return the first VALUES of a query."""
    return next(node for node in nodes(parse_query(sparql)) if isinstance(node, Values))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_literal_comes_back_as_it_went_in(text: str) -> None:
    """No quotation mark, brace, backslash or line break leaves the literal."""
    query = bind("SELECT ?y { BIND(?x AS ?y) }", {"x": ox.Literal(text)})

    assert EmbeddedStore.of([]).select(query).rows == [(ox.Literal(text),)]


@pytest.mark.parametrize("kind", sorted(PARAMETERS))
@pytest.mark.parametrize("character", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\n"])
def test_control_characters_are_refused(built: Dataset, kind: str, character: str) -> None:
    """A terminal would obey them, and a page or a log may break at them."""
    parameter: Parameter = PARAMETERS[kind][1]

    with pytest.raises(UsageError, match=f"--{parameter.name} has a .* control character"):
        read_value(built.store, parameter, f"喀{character}什")


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("SELECT * { SERVICE <http://127.0.0.1:{port}/> { ?s ?p ?o } }", 2, "SERVICE"),
        ("SELECT * { SERV\\u0049CE <http://127.0.0.1:{port}/> { ?s ?p ?o } }", 2, "query"),
        ("ASK { FILTER EXISTS { SERVICE SILENT <http://127.0.0.1:{port}/> { } } }", 2, "SERVICE"),
        ("LOAD <http://127.0.0.1:{port}/>", 2, "SELECT"),
        ("INSERT DATA { <http://e/s> <http://e/p> 1 }", 2, "SELECT"),
        ("SELECT * { ?s ?p ?o } ; DROP ALL", 2, "query"),
        ("DROP ALL", 2, "SELECT"),
        (f"SELECT * {'{' * 20_000} ?s ?p ?o {'}' * 20_000}", 5, "deep"),
    ],
)
def test_a_query_changes_and_reaches_nothing(
    built_root: Path, capsys: pytest.CaptureFixture[str], query: str, status: int, said: str
) -> None:
    """One clear sentence, and no connection: whoever listens hears nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.05)
        port = server.getsockname()[1]
        text = query.replace("{port}", str(port))

        ended = run(["--project", str(built_root), "query", "-e", text, "--lang", "en"])

        with pytest.raises(TimeoutError):
            server.accept()
    out, err = capsys.readouterr()
    assert (ended, out) == (status, "")
    assert said in err
    assert len(err.splitlines()) == 1


def test_a_file_is_not_read(
    built_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """FROM names a graph of the store, not what lies on a disk."""
    secret = tmp_path / "secret.ttl"
    secret.write_text('<http://e/s> <http://e/p> "secret" .')
    text = f"SELECT ?o FROM <{secret.as_uri()}> {{ ?s ?p ?o }}"

    ended = run(["--project", str(built_root), "query", "-e", text, "-f", "csv"])

    assert (ended, capsys.readouterr().out) == (0, "o\r\n")


@pytest.mark.parametrize(
    ("dataset", "pattern", "number"),
    [
        ("FROM <http://e/g>", "?s ?p ?o", 1),
        ("from\n<http://e/g> FROM <http://e/h>", "?s ?p ?o", 3),
        ("FROM NAMED <http://e/g>", "?s ?p ?o", 0),
        ("FROM NAMED <http://e/h>", "GRAPH ?g { ?s ?p ?o }", 2),
        ("", "?s ?p ?o FILTER(?s != 'copied from <http://e/g>')", 3),
    ],
)
def test_from_says_which_graphs(dataset: str, pattern: str, number: int) -> None:
    """Without it the default graph is the union of all (SPARQL 1.1 Query, section 13.2)."""
    graphs = (
        "<http://e/g> { <http://e/a> <http://e/p> 1 }",
        "<http://e/h> { <http://e/a> <http://e/p> 2, 3 }",
    )
    store = EmbeddedStore.of(ox.parse("\n".join(graphs), format=ox.RdfFormat.TRIG))

    assert len(store.select(f"SELECT ?o {dataset} {{ {pattern} }}").rows) == number
