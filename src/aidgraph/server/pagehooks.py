"""Where the pages come in: a route asks here whether there is a page, and has it shown.

A page is a task of the workers, named `page.NAME` in `desk.TASKS`: it takes the desk and `args`,
and replies with HTML. So pages are under the same limits as answers, and the server's own process
renders none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from aidgraph.server.desk import TASKS
from aidgraph.server.formats import HTML, with_charset
from aidgraph.server.pages import POLICY
from aidgraph.server.parameters import read_query
from aidgraph.server.service import find_unchanged, language_of, make_tag, service_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request


def has_page(name: str) -> bool:
    """Tell whether there is a page `name`."""
    return f"page.{name}" in TASKS


async def show_page(request: Request, name: str, args: Mapping[str, Any]) -> Response:
    """Return the page `name`.

    Its task gets `args`, and with them `language`, `path`, `query` (key and value, in order),
    `root` (the server's address), `rows` and `bytes` (the most that are shown).

    Raises: as `Service.work` does.
    """
    service = service_of(request)
    told = {
        "language": language_of(request),
        "path": request.url.path,
        "query": read_query(request).pairs,
        "root": str(request.base_url),
        "rows": service.limits.rows,
        "bytes": service.limits.answer_bytes,
        **args,
    }
    headers = {
        "Vary": "Accept, Accept-Language",
        "Content-Language": told["language"],
        "Content-Security-Policy": POLICY,
    }
    tag = make_tag(service.current.snapshot, "page", name, told)
    unchanged = find_unchanged(request, tag, headers)
    if unchanged is not None:
        return unchanged
    reply = await service.work(request, f"page.{name}", told, service.limits.query_s)
    return Response(
        reply.body,
        status_code=reply.head["status"],
        headers={**headers, "ETag": tag, "Content-Type": with_charset(HTML)},
    )
