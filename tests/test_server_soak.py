"""Hostile load of every kind at once: the server lives, answers, and does not grow.

AIDGRAPH_HOSTILE_S says how long, in seconds; `make soak` takes half an hour.
"""

from __future__ import annotations

import gzip
import os
import random
import statistics
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from serving import serve
from test_server_fuzz import EXPECTED, mutate
from test_server_hostile import BEGUN
from test_server_limits import RUNAWAYS
from test_server_security import CRASHES, SPELLINGS, UPDATES
from w3c_queries import query_tests

if TYPE_CHECKING:
    from collections.abc import Callable

    from serving import Served

DURATION_S = float(os.environ.get("AIDGRAPH_HOSTILE_S", "5"))
LONG_S = 300.0  # shorter than this, what Python keeps for itself is more than 5 %
CLIENTS = 12
MOST_DRIFT = 0.05
PAGES = ("/", "/q/helpers-of-area?area=653100", "/search?q=新梅", "/page/ont", "/sparql", "/limits")
HUNGRY = "SELECT ?c ?f { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"
LARGE = "SELECT * { ?s ?p ?o } LIMIT 10000"


class Client:
    """One that does harm, another every time, and notes what it is answered."""

    def __init__(self, server: Served, number: int, texts: list[str]) -> None:
        """Do harm to `server`; clients of other numbers do it in another order."""
        self.found: Counter[int] = Counter()
        self._server = server
        self._chance = random.Random(number)  # noqa: S311  # the same at every run
        self._texts = texts
        self._http = httpx.Client(base_url=server.address, timeout=60)

    def run(self, stop: threading.Event) -> Counter[int]:
        """Go on until `stop`; return how often each status came."""
        harms: list[Callable[[], None]] = [
            self._crash,
            self._leave,
            self._mutate,
            self._mutate,
            self._pack,
            self._reach_out,
            self._read,
            self._read_much,
            self._run_away,
            self._stall,
        ]
        with self._http:
            while not stop.is_set():
                with suppress(httpx.TransportError):  # the server may close on who misbehaves
                    self._chance.choice(harms)()
        return self.found

    def _ask(self, query: str, **params: str) -> None:
        body = {"query": query.encode("utf-8", "replace").decode(), **params}
        self._note(self._http.post("/sparql", data=body))

    def _note(self, response: httpx.Response) -> None:
        self.found[response.status_code] += 1

    def _crash(self) -> None:
        self._ask(self._chance.choice([*CRASHES.values()])[:70_000])

    def _leave(self) -> None:
        with self._server.connect() as connection:
            query = httpx.QueryParams(query=self._chance.choice([*RUNAWAYS.values()]))
            head = f"GET /sparql?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n"
            connection.sendall(head.encode())
            time.sleep(self._chance.random() / 5)

    def _mutate(self) -> None:
        self._ask(mutate(self._texts, self._chance), _timelimit="1")

    def _pack(self) -> None:
        headers = {"Content-Encoding": "gzip", "Content-Type": "application/sparql-query"}
        path = self._chance.choice(("/sparql", "/mcp"))
        self._note(self._http.post(path, content=gzip.compress(bytes(10**6)), headers=headers))

    def _reach_out(self) -> None:
        harm = self._chance.choice((*SPELLINGS, *UPDATES))
        self._ask(harm.replace("{0}", "http://127.0.0.1:9/").replace("{{", "{").replace("}}", "}"))

    def _read(self) -> None:
        accept = self._chance.choice(("text/html", "application/json"))
        path = self._chance.choice(PAGES)
        self._note(self._http.get(path, headers={"Accept": accept}))

    def _read_much(self) -> None:
        self._ask(self._chance.choice((LARGE, HUNGRY)), _timelimit="1")

    def _run_away(self) -> None:
        self._ask(self._chance.choice([*RUNAWAYS.values()]), _timelimit="0.3")

    def _stall(self) -> None:
        with self._server.connect() as connection:
            connection.sendall(self._chance.choice([*BEGUN.values()]))
            time.sleep(self._chance.random() / 2)


def test_hostile_load_is_survived(
    built_root: Path, record_property: Callable[[str, object], None]
) -> None:
    """No 500; the parent is the same and as large; then a question is answered as ever."""
    texts = [path.read_text("utf-8") for path, _ in query_tests()]
    stop = threading.Event()
    sizes: list[int] = []
    options = ("--workers", "2", "--timeout", "2", "--memory", "400")
    with serve(built_root, *options, idle_s=1.0) as server:
        clients = [Client(server, number, texts) for number in range(CLIENTS)]
        with ThreadPoolExecutor(CLIENTS) as threads:
            running = [threads.submit(client.run, stop) for client in clients]
            end = time.monotonic() + DURATION_S
            while time.monotonic() < end and server.process.poll() is None:
                sizes.append(_read_size(server.process.pid))
                time.sleep(min(1.0, DURATION_S / 20))
            stop.set()
            found = sum((each.result() for each in running), Counter[int]())
        record_property("statuses", dict(found))
        server.wait_for(working=0, waiting=0)

        assert server.process.poll() is None
        assert set(found) <= EXPECTED | {408}, found
        assert found[200]
        assert server.get("/q/helpers-of-area.json", area="喀什").json()["said"]
        fifth = len(sizes) // 5
        early, late = (
            statistics.median(each) for each in (sizes[fifth : 2 * fifth], sizes[-fifth:])
        )
        record_property("kilobytes", (early, late, max(sizes)))
        if DURATION_S >= LONG_S:
            assert late < early * (1 + MOST_DRIFT), (early, late)


def _read_size(pid: int) -> int:
    """Return how much memory a process has, in kB."""
    (line,) = [
        line
        for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
        if line.startswith("VmRSS:")
    ]
    return int(line.split()[1])
