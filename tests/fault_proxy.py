"""A proxy on loopback between a client and a store, with faults to order.

What is written (any request but a query) meets the faults in their order, then passes.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Generator

_READ = 65536


class Fault(NamedTuple):
    """What a request meets in place of the store: an answer, or silence."""

    status: int = 0
    headers: str = ""
    body: str = ""
    cut_after: int | None = None
    """Close the connection when this many bytes of the request's body have come."""
    lose_answer: bool = False
    """Let the request pass, and close the connection in place of its answer."""
    above: int = 0
    """Only where the body has more bytes than this; such a fault stays for good."""


class FaultProxy:
    """A running proxy: its address, the faults to come, and the sizes of what was written."""

    def __init__(self, target: str) -> None:
        """Stand before the store at `target`."""
        parts = urlsplit(target)
        self._upstream = (parts.hostname or "", parts.port or 80)
        self._path = parts.path
        self.address = ""
        self.faults: deque[Fault] = deque()
        self.written: list[int] = []

    async def listen(self) -> asyncio.Server:
        """Begin to listen on a free port."""
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}{self._path}"
        return server

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await self._answer(reader, writer)
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        size = _read_size(head)
        fault = None if b"/query" in head.split(b"\r\n")[0] else self._next_fault(size)
        if fault is not None and fault.cut_after is not None:
            await reader.readexactly(min(fault.cut_after, size))
            return
        body = await reader.readexactly(size)
        if fault is not None and fault.status:
            writer.write(_write_answer(fault))
            await writer.drain()
            return
        answer = await self._ask_store(head, body)
        if fault is None or not fault.lose_answer:
            writer.write(answer)
            await writer.drain()

    def _next_fault(self, size: int) -> Fault | None:
        self.written.append(size)
        if not self.faults:
            return None
        if self.faults[0].above:
            return self.faults[0] if size > self.faults[0].above else None
        return self.faults.popleft()

    async def _ask_store(self, head: bytes, body: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(*self._upstream)
        first, _, rest = head.partition(b"\r\n")
        writer.write(first + b"\r\nConnection: close\r\n" + _drop_connection(rest) + body)
        answer = b""
        while read := await reader.read(_READ):
            answer += read
        writer.close()
        return answer


@contextmanager
def run_fault_proxy(target: str) -> Generator[FaultProxy]:
    """Run a proxy before the store at `target` in a thread of its own."""
    proxy = FaultProxy(target)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(proxy.listen())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(server.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _read_size(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0


def _drop_connection(headers: bytes) -> bytes:
    kept = [each for each in headers.split(b"\r\n") if not each.lower().startswith(b"connection:")]
    return b"\r\n".join(kept)


def _write_answer(fault: Fault) -> bytes:
    body = fault.body.encode()
    return (
        f"HTTP/1.1 {fault.status} Fault\r\n{fault.headers}"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    ).encode() + body
