"""A server that runs until it is told to end: its address, its connections, its farewell."""

from __future__ import annotations

import ipaddress
import signal
import socket
import sys
from typing import TYPE_CHECKING, NamedTuple, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from aidgraph.errors import UsageError
from aidgraph.files import name_cause
from aidgraph.server.app import make_app
from aidgraph.server.limits import BODY_BYTES, IDLE_S

if sys.platform == "linux":
    import fcntl
    import termios

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Sequence

    from aidgraph.project import Project
    from aidgraph.server.limits import Limits

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")
_HEAD_BYTES = 16_000 + BODY_BYTES  # a query in the address, and headers beside it
_MOST_CONNECTIONS = 1000
_FAREWELL_S = 3
_BACKLOG = 512


class Place(NamedTuple):
    """Where a server listens, and the names that it goes by beside those of this machine."""

    host: str
    port: int
    names: Sequence[str] = ()

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return self.host == "localhost"


class _Protocol(HttpToolsProtocol):
    """HTTP whose heads end, and whose answers are read: who keeps it waiting is dropped."""

    _read = 0
    _heading: asyncio.TimerHandle | None = None
    _writing: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Wait for a request, but not for ever."""
        super().connection_made(cast("asyncio.Transport", transport))
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop both clocks."""
        self._stop()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Count from here."""
        super().on_message_begin()
        self._read = 0
        if self._heading is None:  # another request on the same connection
            self._await_head()

    def on_url(self, url: bytes) -> None:
        """Take a part of the address."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Stop the clock: from here on the request's own limits hold."""
        if self._heading is not None:
            self._heading.cancel()
            self._heading = None
        super().on_headers_complete()

    def pause_writing(self) -> None:
        """Look whether the client reads on."""
        super().pause_writing()
        self._await_reader(None)

    def resume_writing(self) -> None:
        """Take it that the client reads."""
        super().resume_writing()
        if self._writing is not None:
            self._writing.cancel()

    def _await_head(self) -> None:
        self._heading = self.loop.call_later(IDLE_S, self.transport.close)

    def _await_reader(self, unread: int | None) -> None:
        """Drop a client that has read nothing since `unread` bytes lay here for it."""
        left = self._count_unread()
        if unread is not None and left >= unread:
            self.transport.abort()
        else:
            self._writing = self.loop.call_later(IDLE_S, self._await_reader, left)

    def _count_unread(self) -> int:
        """Return how many bytes wait for the client: the kernel takes new ones by the megabyte."""
        waiting = self.transport.get_write_buffer_size()
        if sys.platform == "linux":
            number = self.transport.get_extra_info("socket").fileno()
            queued = fcntl.ioctl(number, termios.TIOCOUTQ, bytes(4))
            waiting += int.from_bytes(queued, sys.byteorder)
        return waiting

    def _stop(self) -> None:
        for timer in (self._heading, self._writing):
            if timer is not None:
                timer.cancel()

    def _count(self, length: int) -> None:
        self._read += length
        if self._read > _HEAD_BYTES:
            message = "the head of the request is too long"
            raise ValueError(message)


def serve(
    project: Project,
    place: Place,
    limits: Limits,
    say: Callable[[str, str], None],
    *,
    log: bool = False,
) -> None:
    """Serve the current dataset of `project` until SIGTERM or Ctrl-C.

    Args:
        project: whose dataset.
        place: where to listen; of port 0, whichever is free.
        limits: what a request may cost.
        say: is told the address once it answers, in English and in Chinese.
        log: whether each request has a line on standard error.

    Raises:
        UsageError: nothing can listen there.
        NotFoundError: there is no dataset.
        KeyboardInterrupt: Ctrl-C; everything has ended.
    """
    names = {*_LOOPBACK_NAMES, *(name.lower() for name in place.names)}
    is_open = not place.is_loopback and not place.names
    app = make_app(project, limits, () if is_open else names, log=log)
    # Who asks to end by SIGTERM gets status 0: uvicorn would send the signal again.
    signal.signal(signal.SIGTERM, lambda _number, _frame: None)
    with listen(place) as listener:
        config = uvicorn.Config(
            app,
            http=_Protocol,
            ws="none",
            lifespan="on",
            log_config=None,
            log_level="error",
            access_log=False,
            server_header=False,
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_keep_alive=int(IDLE_S),
            timeout_graceful_shutdown=_FAREWELL_S,
        )
        address = _show(place.host, listener.getsockname()[1])
        _Server(config, lambda: say(f"Serving at {address}", f"服务地址：{address}")).run(
            sockets=[listener]
        )


class _Server(uvicorn.Server):
    """A server that says when it has begun."""

    def __init__(self, config: uvicorn.Config, begun: Callable[[], None]) -> None:
        super().__init__(config)
        self._begun = begun

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, then say so."""
        await super().startup(sockets)
        self._begun()


_NO_ADDRESS = "it is no address", "它不是地址"


def listen(place: Place) -> socket.socket:
    """Return a socket that listens at `place`.

    Raises:
        UsageError: the port is taken, or the host is none of this machine's.
    """
    host = place.host.strip("[]")
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, place.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except (OSError, OverflowError, UnicodeError) as error:
        reason, of_it = name_cause(error) if isinstance(error, OSError) else _NO_ADDRESS
        where = f"{place.host}:{place.port}"
        en = f"Nothing can listen at {where}: {reason}. Give another --port or --host."
        zh = f"无法在 {where} 监听：{of_it}。请换一个 --port 或 --host。"
        raise UsageError(en, zh) from error
    return listener


def _show(host: str, port: int) -> str:
    name = host.strip("[]")
    shown = f"[{name}]" if ":" in name else name
    return f"http://{'localhost' if name in ('0.0.0.0', '::') else shown}:{port}/"  # noqa: S104
