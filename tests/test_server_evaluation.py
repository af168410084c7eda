"""W3C's query tests over HTTP: what /sparql answers is what pyoxigraph alone does, or refused.

All their data is served at once, that of each test in graphs of its own: the protocol's parameters
name them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox
import pytest

from aidgraph.server.scanning import scan
from conftest import make_small_project
from serving import put_quads, serve
from w3c_queries import query_tests

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from serving import Served

RANDOM = ("RAND(", "UUID(", "NOW(", "BNODE(", "STRUUID(")
ACCEPT = "application/sparql-results+json, text/turtle"


class Case(NamedTuple):
    """A test: its query, its data, and the graph that its default graph is served as."""

    path: Path
    quads: list[ox.Quad]
    default: ox.NamedNode

    @property
    def text(self) -> str:
        """The query."""
        return self.path.read_text("utf-8")

    @property
    def is_repeatable(self) -> bool:
        """Whether the query gives the same whenever it is asked."""
        return not any(word in self.text.upper() for word in RANDOM)

    def served(self) -> list[ox.Quad]:
        """Return the data as it is served."""
        return [
            ox.Quad(quad.subject, quad.predicate, quad.object, self.default)
            if isinstance(quad.graph_name, ox.DefaultGraph)
            else quad
            for quad in self.quads
        ]

    def graphs(self) -> dict[str, list[str]]:
        """Return the protocol's parameters that name the graphs; none where the query does."""
        if scan(self.text).has_dataset:
            return {}
        named = {
            str(quad.graph_name.value)
            for quad in self.quads
            if isinstance(quad.graph_name, ox.NamedNode)
        }
        return {"default-graph-uri": [self.default.value], "named-graph-uri": sorted(named)}


CASES = [
    Case(path, quads, ox.NamedNode(f"urn:test:{number}"))
    for number, (path, quads) in enumerate(query_tests())
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """A server of the data of all tests."""
    project = make_small_project(tmp_path_factory.mktemp("evaluation") / "small")
    put_quads(project, [quad for case in CASES for quad in case.served()])
    with serve(project.root, "--workers", "1") as served:
        yield served


def test_the_suite_is_there() -> None:
    """A suite that is lost would pass."""
    assert len(CASES) > 250


def test_every_query_is_answered_as_by_the_engine_alone(server: Served) -> None:
    """The same rows, boolean or triples; what is refused is refused by the engine, too."""
    whole = ox.Store()
    whole.bulk_extend(quad for case in CASES for quad in case.served())
    missed, answered = [], 0
    for case in CASES:
        expected, found = _alone(case, whole, f"{server.address}/sparql"), _ours(server, case)
        answered += found is not None
        if expected != found and case.is_repeatable:
            missed.append(f"{case.path.parent.name}/{case.path.name}: {str(found)[:80]}")

    assert missed == []
    assert answered > 250


def _alone(case: Case, whole: ox.Store, base: str) -> object:
    """Return what the engine makes of a query: of its own data, or of all where it says FROM."""
    store = whole
    if case.graphs():
        store = ox.Store()
        store.bulk_extend(case.quads)
    try:
        answer = store.query(case.text, base_iri=base)
        if isinstance(answer, ox.QueryTriples):
            return _parse(answer.serialize(format=ox.RdfFormat.TURTLE), ox.RdfFormat.TURTLE)
        return _parse(answer.serialize(format=ox.QueryResultsFormat.JSON), None)
    except (SyntaxError, ValueError, RuntimeError):
        return None


def _ours(server: Served, case: Case) -> object:
    response = server.client.post(
        "/sparql", data={"query": case.text, **case.graphs()}, headers={"Accept": ACCEPT}
    )
    if response.status_code != 200:
        assert response.status_code in (400, 403), case.path
        return None
    is_turtle = "turtle" in response.headers["content-type"]
    return _parse(response.content, ox.RdfFormat.TURTLE if is_turtle else None)


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
