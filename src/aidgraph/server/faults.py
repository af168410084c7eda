"""A fault as a response: problem+json, or a page for a browser."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse, Response

from aidgraph.errors import AidgraphError
from aidgraph.server.formats import HTML
from aidgraph.server.negotiation import choose_type
from aidgraph.server.parameters import read_query
from aidgraph.server.problems import PROBLEM_JSON, TITLES, Problem, describe, respond
from aidgraph.server.service import fault, language_of

if TYPE_CHECKING:
    from starlette.requests import Request

_WORDS = {
    404: ("There is nothing at this address: begin at /.", "此地址没有内容：请从 / 开始。"),
    405: ("This address does not take the method: see Allow.", "此地址不接受该方法：见 Allow。"),
}


def show_fault(request: Request, error: AidgraphError) -> Response:
    """Return a fault in the client's language, as a page if it prefers that."""
    language = language_of(request)
    offers = [PROBLEM_JSON, "application/json", HTML]
    media_type = PROBLEM_JSON
    with suppress(Problem):  # nothing that is offered is wanted: problem+json, then
        media_type = choose_type(request.headers.get("accept", ""), offers)
    if media_type != HTML:
        return respond(error, language)
    from aidgraph.server.pages import POLICY
    from aidgraph.server.pages.problem import write_problem

    headers = error.headers if isinstance(error, Problem) else {}
    args: dict[str, Any] = {"language": language, "path": request.url.path, "query": []}
    with suppress(Problem):
        args["query"] = read_query(request).pairs
    return HTMLResponse(
        write_problem(describe(error, language), args),
        status_code=error.http_status,
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-store", **headers},
    )


async def on_error(request: Request, error: Exception) -> Response:
    """Return the response to what a route raised on purpose."""
    if not isinstance(error, AidgraphError):  # it is registered for these only
        raise error
    if error.http_status not in TITLES:
        return show_fault(request, fault())
    return show_fault(request, error)


async def on_http_error(request: Request, error: Exception) -> Response:
    """Return the response where no route fits, in the words of all other problems."""
    status: int = getattr(error, "status_code", 500)
    headers: Any = getattr(error, "headers", None)
    en, zh = _WORDS.get(status, ("The request cannot be read.", "无法读取该请求。"))
    return show_fault(request, Problem(status, en, zh, headers=headers))


async def on_fault(request: Request, error: Exception) -> Response:
    """Return the response to a fault of ours; what it is goes to the log."""
    del error
    return show_fault(request, fault())
