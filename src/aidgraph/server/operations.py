"""What a server says of itself: how it is, what it allows, and what there is to ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import JSONResponse, Response

from aidgraph.server import pagehooks
from aidgraph.server.formats import HTML, TRIPLES
from aidgraph.server.negotiation import choose_type
from aidgraph.server.openapi import describe_api
from aidgraph.server.service import find_unchanged, make_tag, service_of

if TYPE_CHECKING:
    from starlette.requests import Request

_PLACES = {
    "questions": "/q",
    "sparql": "/sparql",
    "graphs": "/graphs",
    "search": "/search?q=",
    "void": "/.well-known/void",
    "openapi": "/openapi.json",
    "limits": "/limits",
    "health": "/health",
}
_JSON = "application/json"


async def get_home(request: Request) -> Response:
    """Show the home page, or list the addresses to begin at."""
    offers = [_JSON, *([HTML] if pagehooks.has_page("home") else [])]
    if choose_type(request.headers.get("accept", ""), offers) == HTML:
        return await pagehooks.show_page(request, "home", {})
    snapshot = service_of(request).current.snapshot
    return JSONResponse({"snapshot": snapshot, **_PLACES}, headers={"Vary": "Accept"})


async def get_health(request: Request) -> Response:
    """Tell that the server answers, with which dataset, and what its workers are at."""
    service = service_of(request)
    found = {"status": "ok", "snapshot": service.current.snapshot, "workers": service.pool.state}
    return JSONResponse(found, headers={"Cache-Control": "no-store"})


async def get_limits(request: Request) -> Response:
    """Tell what a request may cost: seconds and bytes, null where there is no limit."""
    return JSONResponse(service_of(request).limits._asdict())


async def get_openapi(request: Request) -> Response:
    """Describe every route in OpenAPI 3.1."""
    current = service_of(request).current
    root = str(request.base_url)
    return JSONResponse(describe_api(current.questions.values(), root, current.snapshot))


async def get_void(request: Request) -> Response:
    """Describe the dataset, and where it is to be had, in VoID."""
    service = service_of(request)
    media_type = choose_type(request.headers.get("accept", ""), [*TRIPLES])
    args = {
        "root": str(request.base_url),
        "type": media_type,
        "triples": service.current.built.manifest.counts["quads"],
    }
    tag = make_tag(service.current.snapshot, "void", args)
    unchanged = find_unchanged(request, tag, {"Vary": "Accept"})
    if unchanged is not None:
        return unchanged
    reply = await service.work(request, "void", args, service.limits.query_s)
    headers = {"Vary": "Accept", "ETag": tag, "Content-Type": reply.head["type"]}
    return Response(reply.body, headers=headers)
