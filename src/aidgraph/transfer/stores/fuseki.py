"""Apache Jena Fuseki: a request is a transaction (TDB2, in memory), N-Quads go to `/data`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.transfer.connection import Request
from aidgraph.transfer.stores.update import UpdateStore

if TYPE_CHECKING:
    from aidgraph.transfer.connection import Connection

_OWN_PATHS = ("/query", "/sparql", "/update", "/data", "/get")


class FusekiStore(UpdateStore):
    """A dataset of a Fuseki; `http://host:3030/dataset` is its address."""

    name = "fuseki"
    is_atomic = True
    results = "text/tab-separated-values"

    def find_addresses(self, endpoint: str) -> tuple[str, str]:
        """Return where queries go and where updates go."""
        base = _find_base(endpoint)
        return f"{base}/query", f"{base}/update"

    @classmethod
    def answers_at(cls, connection: Connection, endpoint: str) -> bool:
        """Tell whether the server names itself."""
        answer = connection.peek(Request("GET", f"{_find_base(endpoint)}/query", b"", {}))
        if answer is None:
            return False
        return (
            "Fuseki-Request-Id" in answer.headers
            or "fuseki" in answer.headers.get("Server", "").lower()
        )

    def insert(self, lines: list[bytes]) -> None:
        """Add quads without blank nodes."""
        self.post_quads(self.query_url.removesuffix("/query") + "/data", lines)


def _find_base(endpoint: str) -> str:
    for path in _OWN_PATHS:
        endpoint = endpoint.removesuffix(path)
    return endpoint
