"""What the stores have in common whose servers name themselves: an address, and paths below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.transfer.connection import Request
from aidgraph.transfer.stores.update import UpdateStore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aidgraph.transfer.connection import Connection


class ServerStore(UpdateStore):
    """A store at a base address; people may give that, or one of the addresses below it."""

    query_path, update_path = "/query", "/update"
    other_paths: tuple[str, ...] = ()

    def find_addresses(self, endpoint: str) -> tuple[str, str]:
        """Return where queries go and where updates go."""
        self.base = self.find_base(endpoint)
        return self.base + self.query_path, self.base + self.update_path

    @classmethod
    def find_base(cls, endpoint: str) -> str:
        """Return the base address of the server, one of whose addresses `endpoint` is."""
        for path in (cls.query_path, cls.update_path, *cls.other_paths):
            endpoint = endpoint.removesuffix(path)
        return endpoint

    @classmethod
    def answers_at(cls, connection: Connection, endpoint: str) -> bool:
        """Tell whether the server names itself."""
        url = cls.find_base(endpoint) + cls.query_path
        answer = connection.peek(Request("GET", url, b"", {}))
        return answer is not None and cls.is_named_in(answer.headers)

    @classmethod
    def is_named_in(cls, headers: Mapping[str, str]) -> bool:
        """Tell whether an answer with these headers is of such a server."""
        return cls.name in headers.get("Server", "").lower()
