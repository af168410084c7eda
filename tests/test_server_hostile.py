"""Clients that mean harm, or are lost: bombs, bodies in pieces, answers that nobody reads."""

from __future__ import annotations

import gzip
import socket
import time
from contextlib import ExitStack
from functools import cache
from typing import TYPE_CHECKING

import pytest

from conftest import make_small_project
from serving import put_quads, serve
from test_server_limits import quads

if TYPE_CHECKING:
    from collections.abc import Generator

    from serving import Served

IDLE_S = 1.0
LATE_S = 10.0  # for a machine on which much else runs
LARGE = "SELECT ?o ?s ?p { ?s ?p ?o } LIMIT 10000"
LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c SYSTEM "{0}">]><l>&b;&c;</l>'
)
CONTEXT = '{{"@context": "{0}", "@id": "urn:a"}}'
DOCUMENTS = {
    "application/rdf+xml": LAUGHS,
    "application/xml": LAUGHS,
    "application/ld+json": CONTEXT,
    "application/trig": "<urn:a> <urn:b> <{0}> .",
    "multipart/form-data; boundary=x": "--x\r\n\r\n<urn:a> <urn:b> <{0}> .\r\n--x--",
}
BEGUN = {
    "nothing": b"",
    "half a head": b"GET /health HTTP/1.1\r\nHost: local",
    "half a body": (
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
        b"Content-Type: application/sparql-query\r\n\r\nASK"
    ),
    "half an agent's body": (
        b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n"
        b"Content-Type: application/json\r\n\r\n{"
    ),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Generator[Served]:
    """A server of 20,001 triples that waits a second for its clients."""
    project = make_small_project(tmp_path_factory.mktemp("hostile") / "small")
    put_quads(project, quads("one" * 100, 20_001))
    with serve(project.root, "--workers", "1", idle_s=IDLE_S) as served:
        yield served


@pytest.fixture
def trap() -> Generator[socket.socket]:
    """A listener that nobody should call."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)  # noqa: FBT003
        yield listener


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("path", ["/sparql", "/graphs?default", "/mcp", "/"])
def test_no_document_is_parsed(server: Served, trap: socket.socket, kind: str, path: str) -> None:
    """An XML bomb, a remote JSON-LD context, a graph: refused unread, and nothing is fetched."""
    address = f"http://127.0.0.1:{trap.getsockname()[1]}/x"
    body = DOCUMENTS[kind].format(address)
    for method in ("POST", "PUT", "PATCH"):
        headers = {"Content-Type": kind, "Accept": "application/json, text/event-stream"}
        response = server.client.request(method, path, content=body, headers=headers)
        assert response.status_code in (400, 405, 415)
    with pytest.raises(BlockingIOError):
        trap.accept()


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd"])
@pytest.mark.parametrize("path", ["/sparql", "/mcp"])
def test_no_body_is_unpacked(server: Served, coding: str, path: str) -> None:
    """A bomb of 500 kB that would be 100 MB is refused as it is, with what is taken instead."""
    bomb = _make_bomb()
    kind = "application/sparql-query" if path == "/sparql" else "application/json"
    began = time.monotonic()
    response = server.client.post(
        path, content=bomb, headers={"Content-Type": kind, "Content-Encoding": coding}
    )

    assert response.status_code == 415
    assert response.headers["accept-encoding"] == "identity"
    assert time.monotonic() - began < LATE_S


def test_who_keeps_it_waiting_is_dropped(server: Served) -> None:
    """What is never finished is closed when time is up, whatever it began with; all at once."""
    with ExitStack() as stack:
        connections = {each: stack.enter_context(server.connect()) for each in BEGUN}
        began = time.monotonic()
        for each, connection in connections.items():
            connection.sendall(BEGUN[each])
        received = {each: _read_all(connection) for each, connection in connections.items()}

    assert time.monotonic() - began < IDLE_S + LATE_S
    for each, answer in received.items():
        assert (b"HTTP/1.1 408 " in answer) is ("body" in each), each
    assert server.get("/health").status_code == 200


def test_a_second_head_has_its_time_too(server: Served) -> None:
    """On a connection that has been answered once, half a head is dropped likewise."""
    with server.connect() as connection:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert _read_response(connection).startswith(b"HTTP/1.1 200 ")
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: local")
        connection.settimeout(IDLE_S + LATE_S)
        assert _read_all(connection) == b""


def test_who_does_not_read_is_dropped(server: Served) -> None:
    """An answer of megabytes that nobody reads is thrown away; who reads slowly gets it whole."""
    request = f"GET /sparql?query={LARGE.replace(' ', '+')} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with server.connect() as idle, server.connect() as slow:
        idle.sendall(request.encode())
        slow.sendall(request.encode())
        received = _read_response(slow, pause_s=0.06)
        assert len(_read_all(idle)) < len(received)
    assert len(received) > 4_000_000


def test_answers_are_packed_where_that_is_taken(server: Served) -> None:
    """By gzip, to the same bytes; as they are where it is refused; the ETag holds for both."""
    plain = {"Accept-Encoding": "gzip;q=0", "Accept": "text/csv"}
    packing = {"Accept-Encoding": "br;q=1, gzip", "Accept": "text/csv"}
    whole = server.client.get("/sparql", params={"query": LARGE}, headers=plain)
    packed = server.client.get("/sparql", params={"query": LARGE}, headers=packing)
    small = server.client.get("/health", headers=packing)

    assert "content-encoding" not in whole.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(whole.content) / 10
    assert packed.content == whole.content
    assert "Accept-Encoding" in packed.headers["vary"]
    assert "Accept-Encoding" in whole.headers["vary"]
    assert packed.headers["etag"] == whole.headers["etag"]
    assert "content-encoding" not in small.headers
    again = server.client.get(
        "/sparql",
        params={"query": LARGE},
        headers={**packing, "If-None-Match": packed.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")


@cache
def _make_bomb() -> bytes:
    return gzip.compress(b"ASK {} #" + bytes(100_000_000), 1)


def _read_all(connection: socket.socket) -> bytes:
    parts = []
    while part := connection.recv(1_000_000):
        parts.append(part)
    return b"".join(parts)


def _read_response(connection: socket.socket, *, pause_s: float = 0.0) -> bytearray:
    """Return one response, read in parts with a pause after each."""
    received = bytearray(connection.recv(100_000))
    while len(received) < _whole_length(received):
        part = connection.recv(100_000)
        assert part, f"{len(received)} bytes came"
        received += part
        time.sleep(pause_s)
    return received


def _whole_length(head: bytearray) -> int:
    """Return how long a response is, its head included."""
    end = head.index(b"\r\n\r\n") + 4
    (line,) = [each for each in head[:end].split(b"\r\n") if each.startswith(b"content-length")]
    return end + int(line.partition(b":")[2])
