"""The application: every route, and what holds for all of them."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import Route

from aidgraph.errors import AidgraphError
from aidgraph.server import faults, graphs, linked, operations, protocol, questions
from aidgraph.server.agents.route import Agents, agent_routes
from aidgraph.server.guard import Guard
from aidgraph.server.packing import Packing
from aidgraph.server.pages.assets import asset_routes
from aidgraph.server.service import Service

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection

    from starlette.routing import BaseRoute

    from aidgraph.project import Project
    from aidgraph.server.limits import Limits

_THINGS = ("article", "graph", "id", "ont", "query", "shapes")
"""How the paths of our IRIs begin."""


def make_app(
    project: Project, limits: Limits, hosts: Collection[str] = (), *, log: bool = False
) -> Guard:
    """Return the ASGI application that serves the current dataset of `project`.

    Args:
        project: whose dataset.
        limits: what a request may cost.
        hosts: the names that the server goes by; any, where there are none.
        log: whether each request has a line on standard error.

    Raises:
        NotFoundError: there is no dataset.
    """
    service = Service(project, limits)
    agents = Agents(service)

    @asynccontextmanager
    async def run_workers(app: Starlette) -> AsyncIterator[None]:
        del app
        service.pool.open()
        try:
            yield
        finally:
            await agents.close()
            await service.pool.close()

    app = Starlette(
        routes=[*_routes(), *agent_routes(agents)],
        exception_handlers={
            AidgraphError: faults.on_error,
            HTTPException: faults.on_http_error,
            Exception: faults.on_fault,
        },
        lifespan=run_workers,
    )
    app.router.redirect_slashes = False
    app.state.service = service
    return Guard(Packing(app), hosts, log=log)


def _routes() -> list[BaseRoute]:
    return [
        Route("/", operations.get_home),
        Route("/sparql", protocol.sparql, name="sparql", methods=["GET", "POST"]),
        Route("/graphs", graphs.get_graph),
        Route("/graphs/{path:path}", graphs.get_graph),
        Route("/q", questions.list_questions),
        Route("/q/{name}/query.rq", questions.show_query),
        Route("/q/{name}.{form}", questions.answer_question),
        Route("/q/{name}", questions.show_question),
        Route("/search", linked.search),
        Route("/complete", linked.complete),
        Route("/data/{path:path}", linked.get_data),
        Route("/page/{path:path}", linked.get_page),
        Route("/dump/{name}", graphs.get_dump),
        Route("/.well-known/void", operations.get_void),
        Route("/openapi.json", operations.get_openapi),
        Route("/health", operations.get_health),
        Route("/limits", operations.get_limits),
        *asset_routes(),
        *(Route(f"/{begin}", linked.see_other) for begin in _THINGS),
        *(Route(f"/{begin}/{{path:path}}", linked.see_other) for begin in _THINGS),
    ]
