"""What holds for every request and response, whatever the route: hosts, origins, headers, log.

Everything here is public and only read, so any page may read it (CORS); what a browser sends
along, it is not asked for. The Host check keeps other people's names from leading to a server on
somebody's own machine.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response

from aidgraph.server.faults import show_fault
from aidgraph.server.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_DEFAULTS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Link, Location, Retry-After",
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Accept-Language, Content-Type, If-None-Match",
    "Access-Control-Max-Age": "86400",
    "Allow": "GET, HEAD, POST, OPTIONS",
}


class Guard:
    """The outermost layer of the application."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], *, log: bool) -> None:
        """Guard `app`.

        Args:
            app: what is guarded.
            hosts: the names that the server goes by, in lower case; any, where there are none.
            log: whether each request has a line on standard error.
        """
        self._app = app
        self._hosts = frozenset(hosts)
        self._log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()
        status = 0

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _DEFAULTS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await (self._refuse(scope) or self._app)(scope, receive, send_guarded)
        finally:
            if self._log:
                _write_line(scope, status, time.monotonic() - began)

    def _refuse(self, scope: Scope) -> Response | None:
        """Return what answers a request that goes no further, None for others."""
        host = read_host(Headers(scope=scope).getlist("host"))
        if self._hosts and host not in self._hosts:
            en = "The server does not go by this name: see the option --allow-host."
            problem = Problem(400, en, "服务器不使用该主机名：见选项 --allow-host。")
            return show_fault(Request(scope), problem)
        if scope["method"] == "OPTIONS":
            return Response(status_code=204, headers=_PREFLIGHT)
        return None


def read_host(values: list[str]) -> str:
    """Return the name in a Host header without its port, "" where there is not one header.

    >>> read_host(["LOCALHOST:8000"]), read_host(["[::1]:8000"]), read_host(["a", "b"])
    ('localhost', '[::1]', '')
    """
    if len(values) != 1:
        return ""
    name, colon, port = values[0].strip().lower().rpartition(":")
    return name if colon and port.isdecimal() else values[0].strip().lower()


def _write_line(scope: Scope, status: int, seconds: float) -> None:
    """Log a request without what was asked, and by whom: neither is ours to keep."""
    path = ascii(scope["path"])[1:-1]
    line = f"{scope['method']} {path} {status} {seconds * 1000:.0f} ms\n"
    sys.stderr.write(line)
    sys.stderr.flush()
