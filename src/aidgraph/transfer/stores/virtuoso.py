"""OpenLink Virtuoso: updates go to `/sparql-auth`, with Digest, and are no transactions.

It takes no text above 10,000 lines, and no N-Quads. Names of blank nodes begin with
`nodeID://`, which no parser takes. What it changes of what it is given (`store.virtuoso.restore`)
is undone before the hash is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.errors import RemoteError
from aidgraph.store.virtuoso import restore
from aidgraph.transfer.connection import TooLargeError
from aidgraph.transfer.stores.server import ServerStore
from aidgraph.transfer.stores.update import group_by_graph

if TYPE_CHECKING:
    from pathlib import Path

    import pyoxigraph as ox

_OVERFLOW = "memory exhausted"
_NODE_PREFIX = b"nodeID://"
_NODE = b'"type": "bnode", "value": "' + _NODE_PREFIX


class VirtuosoStore(ServerStore):
    """A Virtuoso; `http://host:8890` is its address."""

    name = "virtuoso"
    chunk_lines = 2_500
    chunk_bytes = 1_000_000
    query_path, update_path = "/sparql", "/sparql-auth"
    other_paths = ("/sparql-graph-crud-auth", "/sparql-graph-crud")

    def canonical(self, term: ox.Literal) -> ox.Literal:
        """Return a literal as it was before Virtuoso changed its form."""
        return restore(term)

    def update(self, text: str, *, repeatable: bool = True) -> None:
        """Carry out an update; one that its compiler has no memory for is too large."""
        try:
            super().update(text, repeatable=repeatable)
        except RemoteError as error:
            if _OVERFLOW in error.en:
                raise TooLargeError(error.en, error.zh) from error
            raise

    def delete(self, lines: list[bytes]) -> None:
        """Remove quads, a graph an operation: of several at once it leaves texts in Chinese."""
        operations = (
            f"DELETE DATA {{ GRAPH <{graph}> {{\n{triples}}} }}"
            for graph, triples in group_by_graph(lines)
        )
        self.update(" ;\n".join(operations))

    def select(self, query: str, path: Path) -> None:
        """Write the answer into a file, blank nodes named as others name them."""
        raw = path.with_suffix(".raw")
        super().select(query, raw)
        with raw.open("rb") as answer, path.open("wb") as file:
            file.writelines(line.replace(_NODE, _NODE[: -len(_NODE_PREFIX)]) for line in answer)
        raw.unlink()
