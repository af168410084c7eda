"""Apache Jena Fuseki: a request is a transaction (TDB2, in memory), N-Quads go to `/data`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.transfer.stores.server import ServerStore

if TYPE_CHECKING:
    from collections.abc import Mapping


class FusekiStore(ServerStore):
    """A dataset of a Fuseki; `http://host:3030/dataset` is its address."""

    name = "fuseki"
    is_atomic = True
    results = "text/tab-separated-values"
    other_paths = ("/sparql", "/data", "/get")

    @classmethod
    def is_named_in(cls, headers: Mapping[str, str]) -> bool:
        """Tell whether an answer with these headers is a Fuseki's."""
        return "Fuseki-Request-Id" in headers or super().is_named_in(headers)

    def insert(self, lines: list[bytes]) -> None:
        """Add quads without blank nodes."""
        self.post_quads(f"{self.base}/data", lines)
