"""Answers packed by gzip, where a client takes that: in a thread, so that nobody waits for it.

Starlette's middleware packs in the loop that serves everybody; an answer may have 64 MB. Nothing
that is packed holds a secret beside what was asked (BREACH): everything here is public.
"""

from __future__ import annotations

import asyncio
import gzip
from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from aidgraph.server.negotiation import accepts

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LEAST_BYTES, _MOST_BYTES = 1024, 2**26
_LEVEL = 5
_KINDS = ("json", "xml", "javascript", "n-triples", "n-quads", "trig")


class Packing:
    """A layer around `app` that packs what is text, and long enough to be worth it."""

    def __init__(self, app: ASGIApp) -> None:
        """Pack what `app` answers."""
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as ASGI has it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wanted = accepts(Headers(scope=scope).get("accept-encoding", ""), "gzip")
        await self._app(scope, receive, _Packer(send, is_wanted=wanted).send)


class _Packer:
    """Sends one response: its start is kept until its whole body is there, if it is packed."""

    def __init__(self, send: Send, *, is_wanted: bool) -> None:
        self._send = send
        self._is_wanted = is_wanted
        self._start: Message | None = None
        self._parts: list[bytes] = []

    async def send(self, message: Message) -> None:
        """Take a message of the response."""
        if message["type"] == "http.response.start" and self._begin(message):
            self._start = message
        elif message["type"] == "http.response.body" and self._start is not None:
            self._parts.append(message.get("body", b""))
            if not message.get("more_body"):
                await self._finish(self._start)
        else:
            await self._send(message)

    def _begin(self, message: Message) -> bool:
        """Tell whether a response is packed; say of one that may be that this depends."""
        headers = MutableHeaders(scope=message)
        length = headers.get("content-length", "")
        kind = headers.get("content-type", "").partition(";")[0]
        is_text = kind.startswith("text/") or kind.endswith(_KINDS)
        if not is_text or "content-encoding" in headers or message["status"] != HTTPStatus.OK:
            return False
        headers.add_vary_header("Accept-Encoding")
        fits = length.isdecimal() and _LEAST_BYTES <= int(length) <= _MOST_BYTES
        return self._is_wanted and fits

    async def _finish(self, start: Message) -> None:
        body = b"".join(self._parts)
        packed = await asyncio.to_thread(gzip.compress, body, _LEVEL, mtime=0)
        headers = MutableHeaders(scope=start)
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(packed))
        await self._send(start)
        await self._send({"type": "http.response.body", "body": packed})
