"""The parser of queries: the tests of W3C and its limits."""

from __future__ import annotations

import time

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidgraph.errors import LimitError, UsageError
from aidgraph.sparql.parser import parse_query
from aidgraph.sparql.tokens import MAX_BYTES
from aidgraph.store import EmbeddedStore
from w3c_queries import query_tests

CHANCE = ("RAND", "UUID", "NOW", "BNODE", "SAMPLE")
"""Functions whose answers may differ between two runs of one query."""


def _answer(store: ox.Store, text: str, base: str) -> object:
    try:
        answer = store.query(text, base_iri=base)
    except RuntimeError as error:
        return str(error)  # a function of the suite's own, known to no engine
    if isinstance(answer, ox.QueryBoolean):
        return bool(answer)
    if isinstance(answer, ox.QueryTriples):
        made = ox.Dataset(ox.Quad(*triple) for triple in answer)
        made.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        return sorted(map(str, made))
    return sorted(str(dict(zip(answer.variables, row, strict=True))) for row in answer)


def test_w3c_queries_are_written_back_with_the_same_answer() -> None:
    """Each positive query of W3C's suite, parsed and written back, answers as it did."""
    tests = query_tests()
    for query, data in tests:
        text, base = query.read_text(), query.parent.as_uri() + "/"
        written = str(parse_query(text))
        store = ox.Store()
        store.extend(data)
        expected = _answer(store, text, base)
        found = _answer(store, written, base)
        assert expected == found or any(word in text.upper() for word in CHANCE), query
        assert written == str(parse_query(written)), query
    assert len(tests) > 300


@pytest.mark.parametrize("text", ["SELECT * { SERVICE <http://x> {} }", "ASK{service silent ?x{}}"])
def test_service_is_refused(text: str) -> None:
    """No spelling of SERVICE is let through."""
    with pytest.raises(UsageError, match="SERVICE is not allowed"):
        parse_query(text)


@pytest.mark.parametrize(
    "text",
    [
        r"SELECT * { SERV\u0049CE <http://x> {} }",
        r'SELECT * { ?x ?y "\u0022 } SERVICE <http://x> { ?a ?b \u0022" }',
        r"SELECT * { ?x ?y <http://x/\u003E> }",
        "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <http://x> {} } }",
    ],
)
def test_service_in_disguise_is_refused(text: str) -> None:
    """Code points that an engine may decode before it reads the query are refused too."""
    with pytest.raises(UsageError):
        parse_query(text)


DEEP = {
    "groups": ("SELECT * " + "{" * 20_000, "}" * 20_000),
    "brackets": ("SELECT * { FILTER(" + "(" * 20_000, "1" + ")" * 20_000 + ")}"),
    "lists": ("SELECT * { ?x ?y " + "(" * 20_000, ")" * 20_000 + "}"),
    "nodes": ("SELECT * { ?x ?y " + "[ ?p " * 12_000, "]" * 12_000 + "}"),
    "not": ("SELECT * { FILTER(" + "!" * 20_000, "?x) }"),
    "sum": ("SELECT * { FILTER(1" + "+1" * 20_000, ") }"),
    "path": ("SELECT * { ?x :p" + "/:p" * 20_000, " ?y }"),
    "unions": ("SELECT * { {}" + "UNION{}" * 9_000, "}"),
    "minus": ("SELECT * { {}" + "MINUS{}" * 9_000, "}"),
    "long": ("SELECT * { ?x ?y '", "x" * MAX_BYTES + "' }"),
}


@pytest.mark.parametrize("shape", DEEP)
def test_what_would_crash_an_engine_is_refused_at_once(shape: str) -> None:
    """Depth, chains and length are refused in time, in one sentence."""
    began = time.perf_counter()
    with pytest.raises(LimitError, match=r"line 1, column \d+: it "):
        parse_query("".join(DEEP[shape]))
    assert time.perf_counter() - began < 2


def test_the_deepest_query_allowed_is_answered() -> None:
    """Sixty-four levels are parsed and written back; one more is refused."""
    text = "ASK " + "{" * 64 + "}" * 64

    assert EmbeddedStore.of([]).ask(str(parse_query(text)))
    with pytest.raises(LimitError, match="nested more than 64 deep"):
        parse_query("ASK " + "{" * 65 + "}" * 65)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT ?x\n{ ?x ?y }", "line 2, column 9: expected an IRI, found “}”"),
        ("SELECT ?x { ?x ?y ?z", "line 1, column 21: expected . or }, the query ends"),
        ("SELECT { }", "line 1, column 8: expected the columns of SELECT, or *, found “{”"),
        ("ASK { ?x :p 'x }", "line 1, column 13: “'” cannot stand here"),
        ("INSERT DATA { }", "line 1, column 1: expected SELECT, ASK, CONSTRUCT or DESCRIBE"),
        ("ASK {} ; DROP ALL", "line 1, column 8: expected the end of the query"),
        ("ASK { << ?s ?p ?o >> ?q ?r }", "line 1, column 7: expected an IRI"),
    ],
)
def test_a_mistake_is_shown_where_it_is(text: str, reason: str) -> None:
    """An error gives line, column, what was expected and what is there."""
    with pytest.raises(UsageError) as error:
        parse_query(text)
    assert reason in str(error.value)


def test_an_expression_stays_as_it_was_written() -> None:
    """Comments, spaces and strings inside an expression are not touched."""
    text = 'FILTER (REGEX(?a, "}) ?b #") # why\n && ?b<3)'

    assert text in str(parse_query(f"ASK {{ ?a ?p ?b {text} }}"))


@given(st.text(alphabet="{}()[]<>?$:_a1\"'\\.;,|/^!*+-=&@#\n ASKWHERFILTNODUVBGP", max_size=60))
def test_any_text_is_a_query_or_a_usage_error(text: str) -> None:
    """No text makes the parser fail in another way, and what it takes it writes back."""
    for whole in (text, f"ASK {{ {text} }}", f"SELECT ?x {{ ?x ?p ?o FILTER({text}) }}"):
        try:
            written = str(parse_query(whole))
        except UsageError:
            continue
        assert written == str(parse_query(written))
