"""Where a triple stands: the only module that knows how a dataset lies in a store.

In quads, a triple stands in the graph of each sentence or source that says it. In triples, a
node beside it tells of each (`aidgraph.transfer.merged`); what has none nobody states: of a
thing or an article it is inferred, else it is the ontology's, a question's or the like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.store import Layout
from aidgraph.terms import AIDSH, ARTICLE, BASE, GRAPH, QUERY, RDF_TYPE
from aidgraph.transfer.merged import IN_GRAPH

if TYPE_CHECKING:
    from aidgraph.store import Term

INFERRED = ox.NamedNode(f"{GRAPH}inferred")

_RDF = RDF_TYPE.value.removesuffix("type")
TELLING = ", ".join(f"<{_RDF}{name}>" for name in ("subject", "predicate", "object")) + (
    f", <{IN_GRAPH}>"
)
"""The properties by which, in triples, a node tells of another triple."""

_STATED_ONLY = (ARTICLE, f"{BASE}id/")
"""How the IRIs begin of what articles and sources speak of."""
_OTHERS = (
    (QUERY, "queries"),
    (f"{GRAPH}queries", "queries"),
    (AIDSH, "shapes"),
    (GRAPH, "dataset"),
)


def stands_in(layout: Layout, graph: str, triple: str) -> str:
    """Return the pattern of a triple that stands in a graph.

    Args:
        layout: of the store that is asked.
        graph: a variable, or an IRI.
        triple: subject, predicate and object, with one blank between: each a variable or a term.

    >>> stands_in(Layout.QUADS, "?g", "?s ?p ?o")
    'GRAPH ?g { ?s ?p ?o }'
    """
    if layout is Layout.QUADS:
        return f"GRAPH {graph} {{ {triple} }}"
    subject, predicate, value = triple.split(" ", 2)
    return (
        f"?statement <{_RDF}subject> {subject} ; <{_RDF}predicate> {predicate} ; "
        f"<{_RDF}object> {value} ; <{IN_GRAPH}> {graph} ."
    )


def unstated_graph(subject: Term) -> ox.NamedNode:
    """Return the graph that a triple came from that, in triples, no node tells of."""
    iri = subject.value if isinstance(subject, ox.NamedNode) else ""
    if iri.startswith(_STATED_ONLY):
        return INFERRED
    name = next((name for space, name in _OTHERS if iri.startswith(space)), "ontology")
    return ox.NamedNode(GRAPH + name)
