"""RDF4J's server, and GraphDB, which speaks its protocol: updates go to `/statements`.

An update request is a transaction. N-Quads go to the same address.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.transfer.stores.update import UpdateStore

if TYPE_CHECKING:
    from aidgraph.transfer.connection import Connection


class Rdf4jStore(UpdateStore):
    """A repository; `http://host:8080/rdf4j-server/repositories/NAME` is its address."""

    name = "rdf4j"
    is_atomic = True

    def find_addresses(self, endpoint: str) -> tuple[str, str]:
        """Return where queries go and where updates go."""
        base = endpoint.removesuffix("/statements")
        return base, f"{base}/statements"

    @classmethod
    def answers_at(cls, connection: Connection, endpoint: str) -> bool:
        """Tell it by its address, which no other store has."""
        del connection
        return "/repositories/" in endpoint

    def insert(self, lines: list[bytes]) -> None:
        """Add quads without blank nodes."""
        self.post_quads(self.update_url, lines)
