"""Lines of N-Quads as things: all that is said of a subject together, its names first."""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.terms import RDF_TYPE, RDFS_LABEL, SKOS_ALT_LABEL
from aidgraph.transfer.merged import IN_GRAPH, is_evidence, name_statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_FIRST = (RDF_TYPE, RDFS_LABEL, SKOS_ALT_LABEL)
_RDF = RDF_TYPE.value.removesuffix("type")
_BATCH = 10_000  # lines that are parsed at once


class Held(NamedTuple):
    """That a graph (its IRI) which answers cite holds a triple; `node` is the IRI of saying so."""

    node: str
    graph: str


class Stated(NamedTuple):
    """A triple, and the graphs of articles and sources that hold it."""

    triple: ox.Triple
    held: tuple[Held, ...]


def read_quads(lines: Iterable[bytes]) -> Iterator[tuple[bytes, ox.Quad]]:
    """Yield each line of N-Quads with its quad; blank nodes keep their names."""
    remaining = iter(lines)
    while batch := list(islice(remaining, _BATCH)):
        quads = ox.parse(b"".join(batch), format=ox.RdfFormat.N_QUADS)
        yield from zip(batch, quads, strict=True)


def graph_of(quad: ox.Quad) -> str:
    """Return the IRI of a quad's graph."""
    name = quad.graph_name
    return name.value if isinstance(name, ox.NamedNode) else ""


def read_stated(lines: Iterable[bytes]) -> Iterator[Stated]:
    """Yield each triple of sorted N-Quads once, with where it is stated."""
    for triple, alike in groupby(read_quads(lines), key=lambda pair: pair[1].triple):
        held = (
            Held(name_statement(line), graph)
            for line, quad in alike
            if is_evidence(graph := graph_of(quad))
        )
        yield Stated(triple, tuple(held))


def read_things(lines: Iterable[bytes]) -> Iterator[list[Stated]]:
    """Yield what is said of each subject of sorted N-Quads: classes, names, then the rest."""
    for _, same in groupby(read_stated(lines), key=lambda stated: stated.triple.subject):
        yield sorted(same, key=lambda stated: order(stated.triple))


def tell(triple: ox.Triple, held: Held) -> list[ox.Triple]:
    """Return the node that tells in which graph a triple stands, as `merge` writes it."""
    node = ox.NamedNode(held.node)
    return [
        ox.Triple(node, RDF_TYPE, ox.NamedNode(f"{_RDF}Statement")),
        ox.Triple(node, ox.NamedNode(f"{_RDF}subject"), triple.subject),
        ox.Triple(node, ox.NamedNode(f"{_RDF}predicate"), triple.predicate),
        ox.Triple(node, ox.NamedNode(f"{_RDF}object"), triple.object),
        ox.Triple(node, ox.NamedNode(IN_GRAPH), ox.NamedNode(held.graph)),
    ]


def order(triple: ox.Triple) -> tuple[int, str, str]:
    """Return what sorts the triples of a thing: classes, names, then by property and value."""
    place = _FIRST.index(triple.predicate) if triple.predicate in _FIRST else len(_FIRST)
    return place, triple.predicate.value, str(triple.object)
