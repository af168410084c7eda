"""Oxigraph's server: a request is a transaction, N-Quads go to `/store`.

Sent in several requests they go in without a transaction each, which is twice as fast: a request
cut short is sent again, and adds what is missing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.transfer.connection import Request
from aidgraph.transfer.stores.update import UpdateStore

if TYPE_CHECKING:
    from aidgraph.transfer.connection import Connection

_OWN_PATHS = ("/query", "/update", "/store")


class OxigraphStore(UpdateStore):
    """An Oxigraph server; `http://host:7878` is its address."""

    name = "oxigraph"
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
        return answer is not None and "oxigraph" in answer.headers.get("Server", "").lower()

    def insert(self, lines: list[bytes]) -> None:
        """Add quads without blank nodes."""
        base = self.query_url.removesuffix("/query")
        self.post_quads(f"{base}/store?no_transaction", lines)


def _find_base(endpoint: str) -> str:
    for path in _OWN_PATHS:
        endpoint = endpoint.removesuffix(path)
    return endpoint
