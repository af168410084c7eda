"""The parser of queries: W3C's own tests, its limits, and parameters bound as terms."""

from __future__ import annotations

import time

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidgraph.errors import LimitError, UsageError
from aidgraph.sparql.parser import bind_parameters, parse_query
from aidgraph.sparql.tokens import MAX_BYTES
from aidgraph.store import EmbeddedStore, Term
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


# Parameters

NS = "http://example.org/"
DATA = """PREFIX : <http://example.org/>
:g { :a :by :x ; :in :k ; :cost 5 . :b :by :x ; :in :l ; :cost 7 . :c :by :y ; :in :k ; :cost 9 }"""


def answers(text: str, **terms: str) -> list[tuple[str, ...]]:
    """Return the rows of a query with parameters bound to IRIs, as short texts."""
    store = EmbeddedStore.of(ox.parse(DATA.encode(), format=ox.RdfFormat.TRIG))
    parameters = {name: ox.NamedNode(NS + value) for name, value in terms.items()}
    bound = bind_parameters(f"PREFIX : <{NS}> {text}", parameters)
    rows = store.select(bound).rows
    return sorted(tuple(getattr(t, "value", "").removeprefix(NS) for t in row) for row in rows)


def test_a_parameter_restricts_the_outermost_pattern() -> None:
    """The rows are those with the parameter's term."""
    assert answers("SELECT ?m { ?m :by ?h }", h="x") == [("a",), ("b",)]


def test_a_parameter_restricts_sub_selects_that_project_it_or_use_it() -> None:
    """A count inside is of the parameter's things, whether or not it projects it."""
    projected = "SELECT ?n { { SELECT ?h (COUNT(?m) AS ?n) { ?m :by ?h } GROUP BY ?h } }"
    used = "SELECT ?n ?o { ?o :by ?h { SELECT (COUNT(?m) AS ?n) { ?m :by ?h } } }"
    top = "SELECT ?m { ?m :by ?h { SELECT ?m { ?m :by ?h ; :cost ?c } ORDER BY DESC(?c) LIMIT 1 } }"

    assert answers(projected, h="x") == [("2",)]
    assert answers(used, h="x") == [("2", "a"), ("2", "b")]
    assert answers(top, h="x") == [("b",)]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("{ ?m :by ?o FILTER(?o = ?h) } UNION { ?m :in ?h }", ["a", "b"]),
        ("?m :cost ?c OPTIONAL { { ?m :by ?o FILTER(?o = ?h) } } FILTER(BOUND(?o))", ["a", "b"]),
        ("?m :cost ?c FILTER EXISTS { { ?m :by ?o FILTER(?o = ?h) } }", ["a", "b"]),
        ("?m :cost ?c FILTER NOT EXISTS { ?m :by ?h }", ["c"]),
        ("?m :cost ?c MINUS { ?m :by ?h }", ["c"]),
        ("?m :cost ?c { BIND(?h AS ?o) } ?m :by ?o", ["a", "b"]),
    ],
)
def test_a_parameter_means_the_same_in_every_group(pattern: str, expected: list[str]) -> None:
    """Also where SPARQL, from the inside out, would find the variable unbound."""
    assert expected == [m for (m,) in answers(f"SELECT ?m {{ {pattern} }}", h="x")]


def test_two_parameters_are_one_row_of_values() -> None:
    """They are bound together; a sub-select gets those that it names."""
    text = "ASK { ?m :by ?h { SELECT ?m { ?m :in ?k } } }"
    terms: dict[str, Term] = {"h": ox.NamedNode(f"{NS}x"), "k": ox.Literal("疏勒", language="zh")}

    expected = (
        f'ASK WHERE {{ VALUES (?h ?k) {{ (<{NS}x> "疏勒"@zh) }} ?m :by ?h . '
        '{ SELECT ?m WHERE { VALUES (?k) { ("疏勒"@zh) } ?m :in ?k . } } }'
    )
    assert expected == bind_parameters(parse_query(text), terms)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_any_literal_comes_back_as_it_went_in(text: str) -> None:
    """No quotation mark, brace or backslash leaves the literal."""
    literal = ox.Literal(text)
    bound = bind_parameters("SELECT ?x { BIND(?x AS ?y) }", {"x": literal})

    assert [(literal,)] == EmbeddedStore.of([]).select(bound).rows


@pytest.mark.parametrize(
    ("term", "reason"),
    [
        (ox.NamedNode("javascript:alert(1)"), "give one of http or https"),
        (ox.NamedNode("urn:x"), "give one of http or https"),
        (ox.Literal("a\u0000b"), "control character"),
        (ox.Literal("a\nb"), "control character"),
        (ox.Literal("1", datatype=ox.NamedNode("javascript:x")), "give one of http or https"),
        (ox.BlankNode("x"), "give an IRI or a literal"),
    ],
)
def test_a_term_that_is_not_safe_is_refused(term: ox.NamedNode, reason: str) -> None:
    """Only http(s) IRIs and literals without control characters are bound."""
    with pytest.raises(UsageError, match=reason):
        bind_parameters("ASK { ?x ?p ?o }", {"x": term})


def test_a_parameter_that_the_query_lacks_is_named() -> None:
    """A misspelt parameter does not silently restrict nothing."""
    with pytest.raises(UsageError, match=r"no variable \?aera"):
        bind_parameters("ASK { ?area ?p ?o }", {"aera": ox.Literal("x")})
