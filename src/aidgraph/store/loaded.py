"""Which dataset a store holds: its snapshot, in a graph of its own that a load writes last.

It is there only while the dataset is there whole: a load takes it away before it changes
anything. No hash can stand in the dataset itself, whose hash it is.
"""

from __future__ import annotations

from aidgraph.terms import GRAPH

LOADED = "urn:x-aidgraph:loaded"
"""The graph's name: none of the dataset's."""

_NAMED = f"<{GRAPH}dataset> <http://purl.org/dc/terms/identifier>"

FINDING = f"GRAPH <{LOADED}> {{ {_NAMED} ?snapshot }}"
"""The pattern by which `?snapshot` is found."""


def write_name(snapshot: str) -> str:
    """Return the SPARQL update that names the dataset which the store holds; none if ""."""
    held = f"GRAPH <{LOADED}> {{ ?s ?p ?o }}"
    removing = f"DELETE {{ {held} }} WHERE {{ {held} }}"
    if not snapshot:
        return removing
    return f'{removing} ;\nINSERT DATA {{ GRAPH <{LOADED}> {{ {_NAMED} "{snapshot}" }} }}'
