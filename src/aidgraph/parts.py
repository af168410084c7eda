"""Cut quads into parts and write each as canonical N-Quads.

A part is what changes together: an article with all its graphs, a source of reference
data, the ontology. All parts together, merged in order, are the dataset's canonical form by
RDFC-1.0 (https://www.w3.org/TR/rdf-canon/), whose SHA-256 is the snapshot.
"""

from __future__ import annotations

import hashlib
import heapq
from collections import defaultdict
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from aidgraph.terms import ARTICLE, GRAPH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Parts: TypeAlias = dict[str, list[bytes]]
"""Name of a part to its lines of N-Quads, sorted, each ending in a newline."""


def part_of(graph: str) -> str:
    """Return the name of the part that the graph with this IRI belongs to.

    >>> part_of("https://w3id.org/aidgraph/article/a/p15.2")
    'article/a'
    >>> part_of("https://w3id.org/aidgraph/graph/reference/places")
    'reference/places'

    Raises:
        ValueError: the graph is none that the design knows.
    """
    if graph.startswith(ARTICLE):
        return f"article/{graph.removeprefix(ARTICLE).partition('/')[0]}"
    if graph.startswith(GRAPH):
        return graph.removeprefix(GRAPH)
    message = f"{graph} is no graph of a dataset."
    raise ValueError(message)


def write_parts(quads: Iterable[ox.Quad]) -> Parts:
    """Return the canonical lines of `quads`, by part, whatever their order.

    Blank nodes are named over all parts together, so that no two parts share a name by chance.

    Raises:
        ValueError: as `part_of` does.
    """
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    by_part: defaultdict[str, list[ox.Quad]] = defaultdict(list)
    for quad in dataset:
        by_part[part_of(str(quad.graph_name)[1:-1])].append(quad)
    return {name: _write_lines(by_part[name]) for name in sorted(by_part)}


def merge_lines(parts: Iterable[Iterable[bytes]]) -> Iterator[bytes]:
    """Yield the lines of all parts in order: the dataset's canonical form, as a stream."""
    return heapq.merge(*parts)


def hash_lines(lines: Iterable[bytes]) -> str:
    """Return the SHA-256 of a stream of lines, in hexadecimal."""
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line)
    return digest.hexdigest()


def hash_parts(parts: Mapping[str, list[bytes]]) -> str:
    """Return the snapshot of a dataset: the SHA-256 of its canonical form."""
    return hash_lines(merge_lines(parts.values()))


def _write_lines(quads: list[ox.Quad]) -> list[bytes]:
    written = BytesIO()
    ox.serialize(quads, written, ox.RdfFormat.N_QUADS)
    # Only the newline ends a line: a literal may hold U+0085 or U+2028 as they are.
    return sorted(line + b"\n" for line in written.getvalue().split(b"\n") if line)
