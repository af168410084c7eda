"""Requests that nobody would write: no 500, no dead server, no dead worker.

AIDGRAPH_REQUESTS says how many of each kind; `make soak` sends 10,000.
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from serving import serve
from w3c_queries import query_tests

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Sequence
    from pathlib import Path

    from schemathesis import Case

    from serving import Served

REQUESTS = int(os.environ.get("AIDGRAPH_REQUESTS", "150"))
SEED = int(os.environ.get("AIDGRAPH_SEED", "20210615"))
EXPECTED = {200, 400, 403, 404, 405, 406, 409, 413, 415, 422, 503, 504, 507}
OF_HTTP = {202, 204, 303, 304, 408}
ASKED = {
    "page": "GET /q/helpers-of-area?area=653100&_why=1&_lang=zh HTTP/1.1|Accept: text/html|",
    "json": 'GET /q/money-of-helper.json?helper=110000 HTTP/1.1|If-None-Match: W/"a"|',
    "query": "GET /sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D HTTP/1.1|Accept: text/csv|",
    "form": "POST /sparql HTTP/1.1|Content-Type: application/x-www-form-urlencoded"
    "|Content-Length: 14||query=ASK+%7B%7D",
    "direct": "POST /sparql?_timelimit=1 HTTP/1.1|Content-Type: application/sparql-query"
    "|Transfer-Encoding: chunked||6|ASK {}|0||",
    "graph": "HEAD /graphs?default HTTP/1.1|Accept: text/turtle;q=0.5, application/n-triples|",
    "thing": "GET /id/place/440000 HTTP/1.1|Accept: text/html|Accept-Language: zh-CN|",
    "search": "GET /search?q=%E5%86%B0%E9%9B%AA HTTP/1.1|Accept-Encoding: gzip, br|",
    "name": "GET /complete?q=kashi&type=aid:RecipientArea&limit=5 HTTP/1.1|Cookie: a=b|",
    "origin": "OPTIONS /sparql HTTP/1.1|Origin: https://a.example|",
    "agent": "POST /mcp HTTP/1.1|Content-Type: application/json"
    "|Accept: application/json, text/event-stream|Content-Length: 58|"
    '|{"jsonrpc": "2.0", "id": 1, "method": "tools/list", "x": 1}',
}
IDLE_S = 0.3
CLOSED = 0
_TOKEN = re.compile(r"\s+|\w+|<[^<>\s]*>|\"[^\"\n]*\"|.", re.DOTALL)
_NOISE = (
    "{",
    "}",
    "(",
    ")",
    "*",
    ".",
    ";",
    "\\",
    "'",
    '"""',
    "<",
    ">>",
    "\x00",
    "\ud800",
    "\u202e",
)
_WORDS = ("OPTIONAL", "MINUS", "UNION", "SERVICE", "VALUES", "GRAPH", "LIMIT 9999999999", "?", "^")


@pytest.fixture(scope="module")
def server(built_root: Path) -> Generator[Served]:
    """A server whose answers are short."""
    with serve(built_root, "--workers", "2", "--timeout", "2") as served:
        yield served


def mutate(texts: Sequence[str], chance: random.Random) -> str:
    """Return one of `texts` with a few of its tokens lost, doubled, swapped, or from another."""
    tokens = _TOKEN.findall(chance.choice(texts))
    for _ in range(chance.choice((1, 1, 1, 2, 6))):
        at = chance.randrange(len(tokens) + 1)
        kind = chance.randrange(7)
        if kind == 0:
            del tokens[at : at + chance.randint(1, 3)]
        elif kind == 1:
            tokens[at:at] = tokens[at : at + chance.randint(1, 30)] * chance.randint(1, 20)
        elif kind == 2:
            other = _TOKEN.findall(chance.choice(texts))
            start = chance.randrange(len(other) + 1)
            tokens[at:at] = other[start : start + chance.randint(1, 40)]
        elif kind == 3:
            tokens.insert(at, chance.choice(_NOISE) * chance.choice((1, 1, 1, 2, 70)))
        elif kind == 4:
            tokens.insert(at, f" {chance.choice(_WORDS)} ")
        elif kind == 5 and tokens:
            other_at = chance.randrange(len(tokens))
            at = min(at, len(tokens) - 1)
            tokens[at], tokens[other_at] = tokens[other_at], tokens[at]
        else:
            tokens.insert(at, str(chance.choice((-1, 0, 1e308, 2**63, 10**400))))
    return "".join(tokens)


def requests(texts: Sequence[str], count: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield mutated queries, each with how it is sent."""
    chance = random.Random(SEED)  # noqa: S311  # the same ones at every run
    kinds = ("text/csv", "application/sparql-results+xml", "text/turtle", "text/html")
    accepts = ("*/*", *(f"{kind}, */*;q=0.1" for kind in kinds), "text/turtle")
    for _ in range(count):
        yield mutate(texts, chance), {"Accept": chance.choice(accepts)}


def test_no_mutated_query_is_a_fault(
    server: Served, record_property: Callable[[str, object], None]
) -> None:
    """W3C's queries with tokens lost, doubled and swapped: answered or refused, each with a reason.

    A worker ends only where time or memory does.
    """
    texts = [path.read_text("utf-8") for path, _ in query_tests()]
    before = server.workers()
    found: Counter[int] = Counter()
    with ThreadPoolExecutor(4) as threads:
        send = partial(_send, server)
        for query, status in threads.map(send, requests(texts, REQUESTS)):
            found[status] += 1
            assert status in EXPECTED, (status, query)

    record_property("statuses", dict(found))
    assert found.total() == REQUESTS
    assert found[200] > REQUESTS / 20, found
    assert found[400] > REQUESTS / 20, found
    assert server.process.poll() is None
    assert server.get("/health").json()["status"] == "ok"
    if not found[504] and not found[507]:
        assert before == server.workers()


def _send(server: Served, request: tuple[str, dict[str, str]]) -> tuple[str, int]:
    query, headers = request
    body = query.encode("utf-8", "surrogatepass")
    headers = {**headers, "Content-Type": "application/sparql-query"}
    response = server.client.post("/sparql", content=body, headers=headers)
    if response.status_code != 200 and not headers["Accept"].startswith("text/html"):
        assert response.json()["detail"]
    return query, response.status_code


def test_no_mutated_request_is_a_fault(
    built_root: Path, record_property: Callable[[str, object], None]
) -> None:
    """Requests with tokens of their heads and bodies lost, doubled and swapped, byte for byte.

    Each is answered, or its connection is closed; the process is the same at the end.
    """
    texts = [
        asked.replace(" HTTP/1.1|", " HTTP/1.1|Host: localhost|Connection: close|", 1)
        for asked in ASKED.values()
    ]
    chance = random.Random(SEED)  # noqa: S311  # the same ones at every run
    made = [
        mutate([each.replace("|", "\r\n") + "\r\n" for each in texts], chance)
        for _ in range(REQUESTS)
    ]
    options = ("--workers", "2", "--timeout", "2")
    with serve(built_root, *options, idle_s=IDLE_S) as served, ThreadPoolExecutor(4) as threads:
        found: Counter[int] = Counter()
        for request, status in zip(made, threads.map(partial(_say, served), made), strict=True):
            found[status] += 1
            assert status in EXPECTED | OF_HTTP | {CLOSED}, (status, request)

        record_property("statuses", dict(found))
        assert found.total() == REQUESTS
        assert found[200] > REQUESTS / 20, found
        assert found[400] > REQUESTS / 20, found
        assert served.process.poll() is None
        assert served.get("/health").json()["status"] == "ok"


def _say(served: Served, request: str) -> int:
    """Send bytes; return the status of what comes back, CLOSED if nothing does."""
    received = b""
    with served.connect() as connection, suppress(ConnectionError):
        connection.sendall(request.encode("utf-8", "surrogatepass"))
        while part := connection.recv(1_000_000):
            received = received or part
    return int(received.split(b" ", 2)[1]) if received else CLOSED


def test_no_request_of_the_description_is_a_fault(
    server: Served, record_property: Callable[[str, object], None]
) -> None:
    """Requests that schemathesis makes of our OpenAPI, fitting and unfitting: none is a fault.

    What is answered is of the type and the schema that the description promises.
    """
    schemathesis = pytest.importorskip("schemathesis")  # slow: not where every worker reads it
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

    schema = schemathesis.openapi.from_url(f"{server.address}/openapi.json")
    operations = [each.ok() for each in schema.get_all_operations()]
    chosen = operations if len(operations) < REQUESTS else operations[:: len(operations) // 15]
    checks = [
        status_code_conformance,
        content_type_conformance,
        response_schema_conformance,
    ]
    found: Counter[int] = Counter()

    def check(case: Case[Any]) -> None:
        response = case.call(timeout=30)
        found[response.status_code] += 1
        assert response.status_code in EXPECTED, response.text
        case.validate_response(response, checks=checks)

    for operation in chosen:
        strategies = [operation.as_strategy(mode) for mode in schemathesis.GenerationMode]
        _run(check, st.one_of(strategies), -(-REQUESTS // len(chosen)))

    record_property("statuses", dict(found))
    assert found.total() >= len(chosen)
    assert server.get("/health").json()["status"] == "ok"


def _run(
    check: Callable[[Case[Any]], None], cases: st.SearchStrategy[Case[Any]], count: int
) -> None:
    """Have `check` look at `count` cases, the same ones at every run."""
    settings(
        max_examples=count,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )(given(cases)(check))()
