"""Any store that takes SPARQL 1.1 queries and updates; the others differ from it in few words."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aidgraph.errors import RemoteError
from aidgraph.transfer.connection import Request
from aidgraph.transfer.merged import split_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pyoxigraph as ox

    from aidgraph.transfer.connection import Connection

_QUERY = {"Content-Type": "application/x-www-form-urlencoded"}
_UPDATE = {"Content-Type": "application/sparql-update; charset=utf-8"}
_NQUADS = {"Content-Type": "application/n-quads"}
_TSV = "text/tab-separated-values"
_JSON = "application/sparql-results+json"


class UpdateStore:
    """A store at its addresses for queries and for updates."""

    name = "update"
    is_atomic = False
    """Whether readers see an update request of several operations whole or not at all."""
    chunk_lines = 50_000
    chunk_bytes = 12_500_000
    results = _JSON

    def __init__(self, connection: Connection, endpoint: str) -> None:
        """Speak to the store at `endpoint`, the address that its user gave."""
        self.connection = connection
        self.query_url, self.update_url = self.find_addresses(endpoint.rstrip("/"))

    def find_addresses(self, endpoint: str) -> tuple[str, str]:
        """Return where queries go and where updates go."""
        base, _, last = endpoint.rpartition("/")
        if last in ("update", "query"):
            return f"{base}/query", f"{base}/update"
        return endpoint, endpoint

    @classmethod
    def answers_at(cls, connection: Connection, endpoint: str) -> bool:
        """Tell whether such a store seems to be at `endpoint`; nothing is changed there."""
        del connection, endpoint
        return False

    def canonical(self, term: ox.Literal) -> ox.Literal:
        """Return a literal as it was before this store changed its form."""
        return term

    def insert(self, lines: list[bytes]) -> None:
        """Add quads without blank nodes, given as lines of N-Quads; twice is as good as once.

        Raises:
            RemoteError: the store refused, or cannot be reached.
        """
        self.update(write_data("INSERT DATA", lines))

    def delete(self, lines: list[bytes]) -> None:
        """Remove quads without blank nodes, as `insert` adds them."""
        self.update(write_data("DELETE DATA", lines))

    def update(self, text: str, *, repeatable: bool = True) -> None:
        """Carry out an update; `repeatable` if twice is as good as once.

        Raises:
            RemoteError: the store refused, or cannot be reached.
        """
        headers = {**_UPDATE, "Accept": f"{_JSON}, */*;q=0.1"}
        self.connection.send(
            Request("POST", self.update_url, text.encode(), headers, repeatable=repeatable)
        )

    def select(self, query: str, path: Path) -> None:
        """Write the answer to a SELECT into a file, in the media type `results`.

        Raises:
            RemoteError: the store refused, or cannot be reached.
            OSError: the file cannot be written.
        """
        body = urlencode({"query": query}).encode()
        headers = {**_QUERY, "Accept": self.results}
        media = self.connection.download(Request("POST", self.query_url, body, headers), path)
        if media not in (self.results, "application/json"):
            en = f"{self.query_url} answers a query with {media or 'nothing'}: is it a store's?"
            zh = f"{self.query_url} 以 {media or '空'} 应答查询：这是存储的地址吗？"
            raise RemoteError(en, zh)

    def post_quads(self, url: str, lines: list[bytes]) -> None:
        """Add quads by posting them as N-Quads to `url`."""
        self.connection.send(Request("POST", url, b"".join(lines), _NQUADS))


def write_data(operation: str, lines: Iterable[bytes]) -> str:
    r"""Return INSERT DATA or DELETE DATA of lines of N-Quads, whose terms SPARQL reads alike.

    >>> write_data("INSERT DATA", [b"<e:s> <e:p> <e:o> <e:g> .\n"])
    'INSERT DATA { GRAPH <e:g> {\n<e:s> <e:p> <e:o> .\n} }'
    """
    blocks = []
    for graph, triples in group_by_graph(lines):
        blocks.append(f"GRAPH <{graph}> {{\n{triples}}}")
    return f"{operation} {{ {' '.join(blocks)} }}"


def group_by_graph(lines: Iterable[bytes]) -> Iterator[tuple[str, str]]:
    """Yield each graph of lines of N-Quads with its triples in N-Triples."""
    by_graph = sorted((split_line(line) for line in lines), key=lambda pair: pair[1])
    for graph, pairs in groupby(by_graph, key=lambda pair: pair[1]):
        yield graph, b"".join(triple + b" .\n" for triple, _ in pairs).decode()
