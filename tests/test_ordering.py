"""ORDER BY: the embedded store sorts rows itself, in the order that SPARQL 1.1, 15.1, gives."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from aidgraph.store import EmbeddedStore
from aidgraph.store.ordering import read_order

XSD = "http://www.w3.org/2001/XMLSchema#"
DATA = """
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix : <http://e/> .
:a :name "B" ; :n 10 ; :see :z .
:b :name "Ä" ; :n 9 ; :is true ; :either "9"@en , 9 .
:c :name "a" ; :n -1 ; :is false ; :see :y ; :either 10 .
:d :n 2.5 .
"""


@pytest.fixture(scope="module")
def store() -> EmbeddedStore:
    """Four things, each with less than all."""
    return EmbeddedStore.of(ox.Quad(*t) for t in ox.parse(DATA, format=ox.RdfFormat.TURTLE))


def order(store: EmbeddedStore, query: str) -> str:
    """Return the last letters of the IRIs in the first column, in their order."""
    rows = store.select(f"PREFIX : <http://e/> SELECT * {{ ?x :n ?n {query}").rows
    return "".join(row[-1].value[-1] for row in rows if isinstance(row[-1], ox.NamedNode))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("} ORDER BY ?n", "cdba"),
        ("} ORDER BY DESC(?n)", "abdc"),
        ("} ORDER BY asc( ?n ) ?x", "cdba"),
        ("OPTIONAL { ?x :name ?name } } ORDER BY ?name", "dacb"),
        ("OPTIONAL { ?x :is ?is } } ORDER BY DESC(?is) DESC(?x)", "bcda"),
        ("OPTIONAL { ?x :see ?see } } ORDER BY ?see ?n", "dbca"),
        ("} ORDER BY (0 - ?n)", "abdc"),
        ("} ORDER BY ?n LIMIT 2", "cd"),
    ],
)
def test_rows_come_in_the_order_that_is_asked_for(
    store: EmbeddedStore, query: str, expected: str
) -> None:
    """Numbers by size, strings by code point, false before true, what is unbound first."""
    assert expected == order(store, query)


def test_literals_of_several_kinds_are_left_to_the_engine(store: EmbeddedStore) -> None:
    """SPARQL does not say which comes first: the engine's own order is kept."""
    query = "SELECT ?v { ?x <http://e/either> ?v } ORDER BY ?v"
    of_engine = store.select(f"{query} LIMIT 10").rows

    assert of_engine == store.select(query).rows
    assert len(of_engine) == 3


def test_a_key_that_is_no_column_sorts_all_the_same(store: EmbeddedStore) -> None:
    """The engine has it, the rows have not."""
    query = "SELECT ?x { ?x <http://e/n> ?n } ORDER BY ?n"

    assert [str(x)[-2] for (x,) in store.select(query).rows] == ["c", "d", "b", "a"]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x { { SELECT ?x { ?x ?p ?o } ORDER BY ?x } }",
        "SELECT ?x { ?x ?p ?o } ORDER BY ?x OFFSET 1",
        "SELECT ?x { ?x ?p ?o } ORDER BY STR(?x)",
        'SELECT ?x { ?x ?p "ORDER BY ?x" }',
    ],
)
def test_only_an_order_of_variables_at_the_end_is_taken_over(query: str) -> None:
    """All else is the engine's."""
    assert read_order(query) is None


def test_what_is_no_number_is_left_to_the_engine() -> None:
    """An ill-typed literal is a term of RDF like others: it is an answer, and no fault."""
    xsd = "http://www.w3.org/2001/XMLSchema#"
    values = f'"abc"^^<{xsd}integer> "NaN"^^<{xsd}decimal> 2 1'

    found = EmbeddedStore(ox.Store()).select(
        f"SELECT ?x WHERE {{ VALUES ?x {{ {values} }} }} ORDER BY ?x"
    )

    assert {getattr(term, "value", "") for (term,) in found.rows} == {"abc", "NaN", "1", "2"}
