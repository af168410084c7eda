"""The merged layout: every triple in one graph, and RDF that tells where each one stood.

A triple that an article or a cited source states has for each of its graphs a node beside it::

    <…/stated/[SHA-256]> a rdf:Statement ;
        rdf:subject … ; rdf:predicate … ; rdf:object … ; aid:inGraph <graph> .

The hash is that of the quad's line in the N-Quads export, newline included, so that the same
quad has the same node in every export. A triple without such a node is the ontology's, a
question's, or inferred: nobody states it. Why so, and not otherwise: `docs/export.md`.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

from aidgraph.terms import ARTICLE, BASE, GRAPH, RDF_TYPE, REFERENCE, aid

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ALL = f"{GRAPH}all"
"""The graph that the merged layout stands in where a store or format wants one."""

STATED = f"{BASE}stated/"
IN_GRAPH = aid("inGraph").value

_RDF = RDF_TYPE.value.removesuffix("type")
_INFERRED = "/inferred"  # how the IRIs of graphs of inferred triples end
_QUAD = re.compile(rb"(?P<triple>\S+ \S+ .+) <(?P<graph>[^ \"<>]*)> \.\n")
_PARTS = tuple(f" <{_RDF}{name}> ".encode() for name in ("subject", "predicate", "object"))
_TYPE = f" <{RDF_TYPE.value}> <{_RDF}Statement> .\n".encode()


def is_evidence(graph: str) -> bool:
    """Tell whether the graph with this IRI is one that answers cite: an article's or a source's.

    >>> is_evidence("https://w3id.org/aidgraph/article/a/p15.2")
    True
    >>> is_evidence("https://w3id.org/aidgraph/article/a/inferred")
    False
    >>> is_evidence("https://w3id.org/aidgraph/graph/ontology")
    False
    """
    is_stated = graph.startswith((ARTICLE, REFERENCE)) or graph == f"{GRAPH}entities"
    return is_stated and not graph.endswith(_INFERRED)


def split_line(line: bytes) -> tuple[bytes, str]:
    """Return the triple of a line of canonical N-Quads, without its full stop, and its graph.

    Raises:
        ValueError: the line is no quad in a named graph.
    """
    found = _QUAD.fullmatch(line)
    if found is None:
        message = f"{line!r} is no quad in a named graph"
        raise ValueError(message)
    return found["triple"], found["graph"].decode()


def name_statement(line: bytes) -> str:
    """Return the IRI of the node that tells of a quad, given as its line of N-Quads."""
    return STATED + hashlib.sha256(line).hexdigest()


def merge(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield lines of N-Triples: each triple once, followed by the nodes that tell of its graphs.

    Memory does not grow with the dataset.

    Args:
        lines: canonical N-Quads, each in a named graph, sorted (as a dataset's parts are, and
            `merge_lines` of them): so the quads of a triple follow each other.

    Raises:
        ValueError: a line is no quad in a named graph.
    """
    before = b""
    for line in lines:
        triple, graph = split_line(line)
        if triple != before:
            yield triple + b" .\n"
            before = triple
        if is_evidence(graph):
            yield from _tell(line, triple, graph)


def _tell(line: bytes, triple: bytes, graph: str) -> Iterator[bytes]:
    """Yield the node that tells of a quad, in N-Triples."""
    node = f"<{name_statement(line)}>".encode()
    yield node + _TYPE
    for name, term in zip(_PARTS, triple.split(b" ", 2), strict=True):
        yield node + name + term + b" .\n"
    yield node + f" <{IN_GRAPH}> <{graph}> .\n".encode()
