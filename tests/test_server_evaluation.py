"""W3C's query tests through what answers at /sparql: the same as pyoxigraph alone, or refused."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox
import pytest

from aidgraph.errors import AidgraphError
from aidgraph.server import typed
from aidgraph.server.scanning import scan
from w3c_queries import query_tests

if TYPE_CHECKING:
    from aidgraph.server.desk import Desk

TESTS = query_tests()
BASE = "http://example.org/"
RANDOM = ("RAND(", "UUID(", "NOW(", "BNODE(", "STRUUID(")


def test_the_suite_is_there() -> None:
    """A suite that is lost would pass."""
    assert len(TESTS) > 250


def test_every_query_is_answered_as_by_the_engine_alone() -> None:
    """The same rows, boolean or triples; what is refused is refused by the engine, too."""
    missed = []
    for path, quads in TESTS:
        text = path.read_text("utf-8")
        store = ox.Store()
        store.bulk_extend(quads)
        expected, found = _alone(store, text), _ours(store, text)
        if expected != found and not any(word in text.upper() for word in RANDOM):
            missed.append(f"{path.parent.name}/{path.name}: {str(found)[:80]}")

    assert missed == []


def _alone(store: ox.Store, text: str) -> object:
    scanned = scan(text)
    try:
        answer = store.query(
            text, base_iri=BASE, use_default_graph_as_union=not scanned.has_dataset
        )
        if isinstance(answer, ox.QueryTriples):
            return _parse(answer.serialize(format=ox.RdfFormat.TURTLE), ox.RdfFormat.TURTLE)
        return _parse(answer.serialize(format=ox.QueryResultsFormat.JSON), None)
    except (SyntaxError, ValueError, RuntimeError):
        return None


def _ours(store: ox.Store, text: str) -> object:
    desk = cast("Desk", SimpleNamespace(backing=store))
    args = {"sparql": text, "base": BASE, "accept": "", "default": [], "named": []}
    try:
        reply = typed.answer(desk, args | {"rows": 10_000, "bytes": 10**8})
    except AidgraphError:
        return None
    return _parse(reply.body, ox.RdfFormat.TURTLE if "turtle" in reply.head["type"] else None)


def _parse(body: bytes | None, form: ox.RdfFormat | None) -> object:
    """Return what an answer says, blank nodes alike."""
    if form is not None:
        dataset = ox.Dataset(ox.parse(body or b"", format=form))
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
        return {str(quad) for quad in dataset}
    found = ox.parse_query_results(body or b"", format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    return sorted(
        ["_:b" if isinstance(term, ox.BlankNode) else str(term) for term in row] for row in found
    )


@pytest.mark.parametrize(
    ("query", "capped"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT * { ?s ?p ?o }\nLIMIT 3\n"),
        ("SELECT * { ?s ?p ?o } LIMIT 2", "SELECT * { ?s ?p ?o } LIMIT 2"),
        ("SELECT * { ?s ?p ?o } LIMIT 99 OFFSET 1", "SELECT * { ?s ?p ?o } LIMIT 3 OFFSET 1"),
        ("SELECT * { { SELECT * {} LIMIT 9 } }", "SELECT * { { SELECT * {} LIMIT 9 } }\nLIMIT 3\n"),
        ("SELECT * {} # LIMIT 9", "SELECT * {} # LIMIT 9\nLIMIT 3\n"),
        ('SELECT ("LIMIT 9" AS ?x) {}', 'SELECT ("LIMIT 9" AS ?x) {}\nLIMIT 3\n'),
        ("SELECT * {} VALUES ?x { 1 }", "SELECT * {} \nLIMIT 3\nVALUES ?x { 1 }"),
        ("SELECT * { VALUES ?x { 1 } }", "SELECT * { VALUES ?x { 1 } }\nLIMIT 3\n"),
    ],
)
def test_rows_are_capped_where_the_query_ends(query: str, capped: str) -> None:
    """Only the outermost LIMIT counts; what stands in sub-selects, strings and remarks does not."""
    from aidgraph.server.scanning import cap_rows

    assert capped == cap_rows(query, scan(query).tokens, 3)
