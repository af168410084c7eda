"""What a test sees of a running store: its addresses, its data, and its life."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from servers.speaking import send

if TYPE_CHECKING:
    from servers.process import ServerProcess

_CHUNK = 50


@dataclass
class Server:
    """A store on 127.0.0.1. Without a `user` it lets everybody read and write."""

    name: str
    address: str
    query_url: str
    update_url: str
    graph_store_url: str
    user: str = ""
    password: str = field(default="", repr=False)
    process: ServerProcess = field(init=False, repr=False)
    own_graphs: frozenset[str] = field(init=False, default=frozenset())
    holds: str = field(init=False, default="")
    """What a test has loaded and others may use (`servers.loads`); "" after any change by us."""

    def start(self, process: ServerProcess) -> None:
        """Start the server, new and empty; what it holds then are its `own_graphs`."""
        self.process = process
        process.start()
        self.own_graphs = frozenset(self.graphs())

    def stop(self) -> None:
        """End the server in good order."""
        self.process.stop()

    def kill(self) -> None:
        """End the server with SIGKILL."""
        self.process.kill()

    def restart(self) -> None:
        """Start the server again, with its port and data; stop it before if it runs."""
        self.process.stop()
        self.process.start()

    def is_ready(self) -> bool:
        """Tell whether the server answers a query."""
        try:
            return bool(self.select("SELECT (1 AS ?one) {}"))
        except OSError:
            return False

    def select(self, query: str) -> list[dict[str, str]]:
        """Return the rows of a SELECT: the values of the bound variables, as plain text.

        Raises:
            OSError: there is no answer, or not with status 200.
        """
        answer = self._send("POST", self.query_url, _form(query=query))
        bindings = json.loads(answer)["results"]["bindings"]
        return [{name: term["value"] for name, term in row.items()} for row in bindings]

    def graphs(self) -> set[str]:
        """Return the names of the graphs that hold triples."""
        # Not DISTINCT, by which Virtuoso 7.2.5 may never end after a graph was emptied.
        rows = self.select(
            "SELECT ?graph (COUNT(*) AS ?triples) { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
        )
        return {row["graph"] for row in rows}

    def update(self, text: str) -> None:
        """Carry out a SPARQL update.

        Raises:
            OSError: the server refuses.
        """
        self.holds = ""
        self._send("POST", self.update_url, _form(update=text))

    def put(self, graph: str, turtle: str) -> None:
        """Replace a graph through the Graph Store Protocol.

        Raises:
            OSError: the server refuses.
        """
        self.holds = ""
        url = f"{self.graph_store_url}?graph={quote(graph, safe='')}"
        self._send("PUT", url, turtle.encode(), "text/turtle;charset=utf-8")

    def clear(self) -> None:
        """Empty the default graph and every named graph except the server's own."""
        self.holds = ""
        if not self.own_graphs:
            self.update("CLEAR ALL")
            return
        names = sorted(self.graphs() - self.own_graphs)
        for start in range(0, len(names), _CHUNK):
            clears = [f"CLEAR GRAPH <{name}>" for name in names[start : start + _CHUNK]]
            self.update(" ;\n".join(clears))

    def _send(
        self, method: str, url: str, body: bytes, media: str = "application/x-www-form-urlencoded"
    ) -> bytes:
        headers = {"Content-Type": media, "Accept": "application/sparql-results+json, */*;q=0.1"}
        return send(method, url, body, headers, (self.user, self.password))


def _form(**fields: str) -> bytes:
    return urlencode(fields).encode()
