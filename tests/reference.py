"""The reference data, asked as SPARQL."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pyoxigraph as ox

ROOT = Path(__file__).resolve().parents[1]
FILES = sorted((ROOT / "data" / "reference").glob("*.ttl"))

PREFIXES = """
PREFIX aid: <https://w3id.org/aidgraph/ont#>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX place: <https://w3id.org/aidgraph/id/place/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX source: <https://w3id.org/aidgraph/graph/reference/>
"""


@cache
def load_reference() -> ox.Store:
    """Return a store of all reference files, each in a graph named by its stem."""
    store = ox.Store()
    for path in FILES:
        graph = ox.NamedNode(f"https://w3id.org/aidgraph/graph/reference/{path.stem}")
        store.load(path.read_bytes(), format=ox.RdfFormat.TURTLE, to_graph=graph)
    return store


def select(store: ox.Store, pattern: str) -> list[tuple[str, ...]]:
    """Return the rows of `SELECT * WHERE { pattern }` as text, over the union of the graphs."""
    answer = store.query(f"{PREFIXES} SELECT {pattern}", use_default_graph_as_union=True)
    assert isinstance(answer, ox.QuerySolutions)
    return [tuple("" if term is None else term.value for term in row) for row in answer]
