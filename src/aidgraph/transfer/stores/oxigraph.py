"""Oxigraph's server: a request is a transaction, N-Quads go to `/store`.

Sent in several requests they go in without a transaction each, which is twice as fast: a request
cut short is sent again, and adds what is missing.
"""

from __future__ import annotations

from aidgraph.transfer.stores.server import ServerStore


class OxigraphStore(ServerStore):
    """An Oxigraph server; `http://host:7878` is its address."""

    name = "oxigraph"
    is_atomic = True
    results = "text/tab-separated-values"
    other_paths = ("/store",)

    def insert(self, lines: list[bytes]) -> None:
        """Add quads without blank nodes."""
        self.post_quads(f"{self.base}/store?no_transaction", lines)
