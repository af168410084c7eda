"""The tools over the Model Context Protocol, by its official SDK: over standard input and output.

Source: https://modelcontextprotocol.io/specification/2025-11-25/basic/transports
"""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, Any

from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp_types import ListToolsResult, Tool, ToolAnnotations

from aidgraph.server.agents.calls import Call, call_tool, choose_language
from aidgraph.server.agents.tools import INSTRUCTIONS, list_tools
from aidgraph.server.service import Caller, Service

if TYPE_CHECKING:
    from collections.abc import Callable

    from mcp.server.context import ServerRequestContext
    from mcp_types import CallToolRequestParams, CallToolResult, PaginatedRequestParams

    from aidgraph.project import Project
    from aidgraph.questions import Language
    from aidgraph.server.limits import Limits

_READS = ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)


def make_server(
    service: Service, language: Language, find_caller: Callable[[Any], Caller]
) -> Server[Any]:
    """Return a server of the tools.

    Args:
        service: whose workers do the work.
        language: of descriptions, and of answers where a call names none.
        find_caller: returns who sent the HTTP request that is given, or None.
    """

    async def show(
        context: ServerRequestContext[Any], params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        del context, params
        questions = service.current.questions.values()
        return ListToolsResult(
            tools=[
                Tool(
                    name=each.name,
                    title=each.title,
                    description=each.description,
                    input_schema=each.schema,
                    annotations=_READS,
                )
                for each in list_tools(questions, language)
            ]
        )

    async def call(
        context: ServerRequestContext[Any], params: CallToolRequestParams
    ) -> CallToolResult:
        arguments = params.arguments or {}
        spoken = choose_language(arguments, language)
        caller = find_caller(context.request)
        return await call_tool(Call(service, caller, arguments, spoken), params.name)

    return Server(
        "aidgraph",
        version=service.current.snapshot[:12],  # the tools are those of a dataset
        instructions=INSTRUCTIONS[language],
        on_list_tools=show,
        on_call_tool=call,
    )


def serve_stdio(project: Project, limits: Limits, language: Language) -> None:
    """Serve one client over standard input and output, until it closes them.

    SIGTERM ends the process with status 0, Ctrl-C with 130.

    Raises:
        NotFoundError: there is no dataset.
    """
    service = Service(project, limits)
    caller = Caller("", asyncio.Event().wait)  # a call that it cancels is cancelled here, too
    server = make_server(service, language, lambda _: caller)

    async def run() -> None:
        # At once: a thread of the SDK waits for the client's next line, and cannot be stopped.
        # The workers end with this process.
        loop = asyncio.get_running_loop()
        for number, status in ((signal.SIGINT, 130), (signal.SIGTERM, 0)):
            loop.add_signal_handler(number, os._exit, status)
        service.pool.open()
        try:
            async with stdio_server() as (reading, writing):
                await server.run(reading, writing, server.create_initialization_options())
        finally:
            await service.pool.close()

    asyncio.run(run())
