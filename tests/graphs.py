"""What tests of the gates share: the ontology, and Turtle read without its prefixes."""

from __future__ import annotations

import pyoxigraph as ox

from aidgraph.project import installed_root
from aidgraph.terms import prefixes

ONTOLOGY = installed_root() / "ontology"
PREFIXES = "".join(f"@prefix {name}: <{space}> .\n" for name, space in prefixes().items())
VOCABULARY = tuple(
    quad.triple for path in sorted(ONTOLOGY.glob("*.ttl")) for quad in ox.parse(path=path)
)
RULES = {path.stem: path.read_text("utf-8") for path in (ONTOLOGY / "rules").glob("*.rq")}


def read_quads(turtle: str, graph: str = "graph:entities") -> tuple[ox.Quad, ...]:
    """Read Turtle, without its prefixes, into the graph with that CURIE."""
    name, _, local = graph.partition(":")
    iri = ox.NamedNode(prefixes()[name] + local)
    parsed = ox.parse(PREFIXES + turtle, format=ox.RdfFormat.TURTLE)
    return tuple(ox.Quad(quad.subject, quad.predicate, quad.object, iri) for quad in parsed)


def read_triples(turtle: str) -> list[ox.Triple]:
    """Read Turtle, without its prefixes."""
    return [quad.triple for quad in read_quads(turtle)]
