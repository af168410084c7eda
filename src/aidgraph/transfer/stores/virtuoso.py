"""OpenLink Virtuoso: updates go to `/sparql-auth`, with Digest, and are no transactions.

It takes no text above 10,000 lines, and no N-Quads. Names of blank nodes begin with
`nodeID://`, which no parser takes. What it is given it changes in two places,
both undone before the hash is taken: booleans come back as 1 and 0, and points in WKT as its own
`virtrdf:Geometry`, in single precision: exact to the fifth decimal up to 128 degrees.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.errors import RemoteError
from aidgraph.terms import XSD
from aidgraph.transfer.connection import Request, TooLargeError
from aidgraph.transfer.stores.update import UpdateStore, group_by_graph

if TYPE_CHECKING:
    from pathlib import Path

    from aidgraph.transfer.connection import Connection

_BOOLEAN = ox.NamedNode(f"{XSD}boolean")
_BOOLEANS = {"0": "false", "1": "true"}
_GEOMETRY = ox.NamedNode("http://www.openlinksw.com/schemas/virtrdf#Geometry")
_WKT = ox.NamedNode("http://www.opengis.net/ont/geosparql#wktLiteral")
_DECIMAL = re.compile(r"-?\d+\.\d+")
_OVERFLOW = "memory exhausted"
_NODE_PREFIX = b"nodeID://"
_NODE = b'"type": "bnode", "value": "' + _NODE_PREFIX
_OWN_PATHS = ("/sparql-graph-crud-auth", "/sparql-graph-crud", "/sparql-auth", "/sparql")


class VirtuosoStore(UpdateStore):
    """A Virtuoso; `http://host:8890` is its address."""

    name = "virtuoso"
    chunk_lines = 2_500
    chunk_bytes = 1_000_000

    def find_addresses(self, endpoint: str) -> tuple[str, str]:
        """Return where queries go and where updates go."""
        base = _find_base(endpoint)
        return f"{base}/sparql", f"{base}/sparql-auth"

    def canonical(self, term: ox.Literal) -> ox.Literal:
        """Return a literal as it was before Virtuoso changed its form."""
        if term.datatype == _BOOLEAN:
            return ox.Literal(_BOOLEANS.get(term.value, term.value), datatype=_BOOLEAN)
        if term.datatype == _GEOMETRY:
            return ox.Literal(_DECIMAL.sub(_round, term.value), datatype=_WKT)
        return term

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

    @classmethod
    def answers_at(cls, connection: Connection, endpoint: str) -> bool:
        """Tell whether the server names itself."""
        answer = connection.peek(Request("GET", f"{_find_base(endpoint)}/sparql", b"", {}))
        return answer is not None and "virtuoso" in answer.headers.get("Server", "").lower()


def _find_base(endpoint: str) -> str:
    for path in _OWN_PATHS:
        endpoint = endpoint.removesuffix(path)
    return endpoint


def _round(number: re.Match[str]) -> str:
    return f"{float(number[0]):.5f}".rstrip("0").rstrip(".")
