"""What is asked of a Virtuoso means what was asked, and what it gives back is what it was given."""

from __future__ import annotations

from itertools import product

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidgraph.store.virtuoso import adapt, is_virtuoso, restore
from aidgraph.terms import XSD

TEXTS = ("a", "（一）", 'a "quoted" ) }', "back\\slash", "two\nlines", "VALUES (?a ?b) { ( ) }", "")
LITERALS = [
    ox.Literal(text, language=language) if language else ox.Literal(text)
    for text, language in product(TEXTS, ("", "en", "zh", "zh-hans"))
]
FALSE, TRUE = map(ox.Literal, (False, True))
TERMS = st.one_of(
    st.sampled_from(LITERALS),
    st.sampled_from([ox.NamedNode("urn:a"), ox.Literal(1), TRUE, None]),
    st.text().map(ox.Literal),
    st.text().map(lambda text: ox.Literal(text, language="zh")),
)


def write_values(rows: list[tuple[ox.NamedNode | ox.Literal | None, ...]]) -> str:
    """Return a query for `rows`, as those who look for evidence write it."""
    written = (" ".join("UNDEF" if term is None else str(term) for term in row) for row in rows)
    return f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {' '.join(f'({row})' for row in written)} }} }}"


def solve(query: str) -> list[str]:
    """Return the rows of a query, sorted: the copies of one are all there."""
    answer = ox.Store().query(query)
    assert isinstance(answer, ox.QuerySolutions)
    return sorted(str(tuple(solution)) for solution in answer)


@given(st.lists(st.tuples(TERMS, TERMS), min_size=1, max_size=6))
def test_values_mean_the_same_in_other_words(
    rows: list[tuple[ox.NamedNode | ox.Literal | None, ...]],
) -> None:
    """Whatever stands in a text, every row is there as often as before, and no other."""
    query = write_values(rows)

    assert solve(query) == solve(adapt(query))


def test_no_text_with_a_language_is_left_in_values_of_several_variables() -> None:
    """That is what Virtuoso does not find; of one variable it does."""
    several = adapt(write_values([(LITERALS[1], LITERALS[3]), (ox.NamedNode("urn:a"), None)]))
    single = 'SELECT ?a { VALUES ?a { "a"@en } }'

    assert "@" not in several
    assert "STRLANG" in several
    assert single == adapt(single)


def test_a_marker_is_values_and_nothing_else_is_touched() -> None:
    """Only what evidence is looked for with is written anew, not what people bind."""
    query = "SELECT * { { ?s ?p ?o BIND(true AS ?why_12) } BIND(true AS ?mine) }"

    assert adapt(query) == "SELECT * { { ?s ?p ?o VALUES ?why_12 { true } } BIND(true AS ?mine) }"


@pytest.mark.parametrize(
    ("given_back", "was"),
    [
        (ox.Literal("1", datatype=ox.NamedNode(f"{XSD}boolean")), TRUE),
        (ox.Literal("0", datatype=ox.NamedNode(f"{XSD}boolean")), FALSE),
        (ox.Literal(1), ox.Literal(1)),
        (ox.Literal("1"), ox.Literal("1")),
        (ox.NamedNode("urn:1"), ox.NamedNode("urn:1")),
    ],
    ids=str,
)
def test_a_boolean_is_a_word_again(given_back: object, was: object) -> None:
    """Virtuoso has them as numbers; numbers and texts stay as they are."""
    assert was == restore(given_back)


@given(st.floats(-90, 90), st.floats(-128, 128))
def test_a_point_is_what_it_was_to_the_fifth_decimal(latitude: float, longitude: float) -> None:
    """Virtuoso keeps it in single precision, and writes twelve decimals of that."""
    import struct

    places = [f"{number:.5f}".rstrip("0").rstrip(".") for number in (longitude, latitude)]
    single = [struct.unpack("f", struct.pack("f", float(place)))[0] for place in places]
    kept = " ".join(f"{number:.12f}" for number in single)
    geometry = ox.NamedNode("http://www.openlinksw.com/schemas/virtrdf#Geometry")

    point = restore(ox.Literal(f"POINT({kept})", datatype=geometry))

    assert isinstance(point, ox.Literal)
    assert point.value.replace("-0 ", "0 ").replace("-0)", "0)") == (
        f"POINT({' '.join(places)})".replace("-0 ", "0 ").replace("-0)", "0)")
    )


def test_its_answers_tell_who_gave_them() -> None:
    """No header does: a proxy may take it away."""
    theirs = (
        b'{"head": {"link": [], "vars": ["s"]},\n "results": { "distinct": false, "ordered": true'
    )

    assert is_virtuoso(theirs)
    assert not is_virtuoso(b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}')
