"""`/mcp`: the tools over HTTP, each request by itself; where the SDK is not installed, no route.

The SDK takes a second to import, and a server starts in less: so it is imported when the first
agent comes. Host, origin and headers are the guard's, limits are every route's.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.routing import Route

from aidgraph.server.parameters import read_body
from aidgraph.server.service import caller_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from aidgraph.questions import Language
    from aidgraph.server.service import Service

_LANGUAGE: Language = "en"  # of descriptions; a call says which its answer is wanted in


class Agents:
    """An ASGI application that answers agents, from its first request until `close`."""

    def __init__(self, service: Service) -> None:
        """Answer with what `service` has."""
        self._service = service
        self._running: asyncio.Task[None] | None = None
        self._begun: asyncio.Future[ASGIApp] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request as ASGI has it."""
        if self._begun is None:
            self._begun = asyncio.get_running_loop().create_future()
            self._running = asyncio.create_task(self._run(self._begun))
        body = await read_body(Request(scope, receive))
        answer = await asyncio.shield(self._begun)
        await answer(scope, _replay(body, receive), send)

    async def close(self) -> None:
        """Stop answering."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _run(self, begun: asyncio.Future[ASGIApp]) -> None:
        await asyncio.to_thread(importlib.import_module, "aidgraph.server.agents.serving")
        from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

        from aidgraph.server.agents.serving import make_server

        manager = StreamableHTTPSessionManager(
            make_server(self._service, _LANGUAGE, caller_of),
            json_response=True,
            stateless=True,
        )
        async with manager.run():
            begun.set_result(manager.handle_request)
            await asyncio.Event().wait()


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return what gives a body that was read, and then what `receive` gives."""
    messages: list[Message] = [{"type": "http.request", "body": body}]

    async def give() -> Message:
        return messages.pop() if messages else await receive()

    return give


def agent_routes(agents: Agents) -> list[Route]:
    """Return the route of agents, where the SDK is installed."""
    if importlib.util.find_spec("mcp") is None:
        return []
    return [Route("/mcp", agents, methods=["POST"])]
