"""`/id/…`, `/ont`, `/article/…`: a thing's own address leads to data about it, or to its page.

A thing is no document: so its address answers 303 (https://www.w3.org/TR/cooluris/), and the
documents are at `/data/….ttl` and `/page/…`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.responses import Response

from aidgraph.errors import NotFoundError
from aidgraph.server import pagehooks
from aidgraph.server.formats import HTML, THINGS
from aidgraph.server.negotiation import choose_type
from aidgraph.server.parameters import read_query
from aidgraph.server.problems import Problem
from aidgraph.server.service import find_unchanged, language_of, make_tag, service_of
from aidgraph.terms import AID, BASE

if TYPE_CHECKING:
    from starlette.requests import Request

_SUGGESTED = 20
_MOST_SUGGESTED = 100


async def see_other(request: Request) -> Response:
    """Lead from a thing to its page, or to data about it."""
    path = request.url.path.removeprefix("/")
    page = [HTML] if pagehooks.has_page("thing") else []
    media_type = choose_type(request.headers.get("accept", ""), [*THINGS.values(), *page])
    if media_type == HTML:
        location = f"/page/{quote(path)}"
    else:
        suffix = next(suffix for suffix, each in THINGS.items() if each == media_type)
        location = f"/data/{quote(path)}.{suffix}"
    return Response(status_code=303, headers={"Location": location, "Vary": "Accept"})


async def get_data(request: Request) -> Response:
    """Return what is known of a thing, in the format of the address's suffix."""
    service = service_of(request)
    path, _, form = request.path_params["path"].rpartition(".")
    if form not in THINGS:
        listed = ", ".join(THINGS)
        en = f"There is no such format: end the address in one of {listed}."
        raise NotFoundError(en, f"没有该格式：请以 {listed} 之一作为地址后缀。")
    args: dict[str, Any] = {"path": find_term(path), "form": form}
    args |= {"language": language_of(request), "bytes": service.limits.answer_bytes}
    about = f'<{BASE}{args["path"]}>; rel="describes"'
    headers = {"Vary": "Accept-Language", "Link": about}
    tag = make_tag(service.current.snapshot, "data", args)
    unchanged = find_unchanged(request, tag, headers)
    if unchanged is not None:
        return unchanged
    task = "show" if form == "json" else "describe"
    reply = await service.work(request, task, args, service.limits.query_s)
    return Response(reply.body, headers=headers | {"ETag": tag, "Content-Type": reply.head["type"]})


async def get_page(request: Request) -> Response:
    """Return the page of a thing."""
    if not pagehooks.has_page("thing"):
        en = "This server has no pages: ask for data, at /data/….ttl."
        raise NotFoundError(en, "此服务器没有网页：请取数据，如 /data/….ttl。")
    return await pagehooks.show_page(
        request, "thing", {"path": find_term(request.path_params["path"])}
    )


async def search(request: Request) -> Response:
    """Return things that are called so, and sentences that have the words."""
    if pagehooks.has_page("search"):
        accept = request.headers.get("accept", "")
        if choose_type(accept, [THINGS["json"], HTML]) == HTML:
            return await pagehooks.show_page(request, "search", {})
    return await _suggest(request, "search")


async def complete(request: Request) -> Response:
    """Return things that a name begun may be."""
    return await _suggest(request, "complete")


def find_term(path: str) -> str:
    """Return the end of an IRI for a path: the ontology's terms have a fragment, paths have none.

    >>> find_term("ont/Passage"), find_term("ont/park"), find_term("id/place/653100")
    ('ont#Passage', 'ont/park', 'id/place/653100')
    """
    space = AID.removeprefix(BASE).removesuffix("#")
    head, _, name = path.partition("/")
    is_term = head == space and bool(name) and (name[0].isupper() or not name.islower())
    return f"{space}#{name}" if is_term else path


async def _suggest(request: Request, task: str) -> Response:
    service = service_of(request)
    given = read_query(request)
    given.check(("q", "type", "limit", "_lang"))
    language = language_of(request, given)
    args = {
        "q": given.one("q") or "",
        "type": given.one("type") or "",
        "most": _read_count(given.one("limit")),
        "language": language,
    }
    headers = {"Vary": "Accept, Accept-Language", "Content-Language": language}
    tag = make_tag(service.current.snapshot, task, args)
    unchanged = find_unchanged(request, tag, headers)
    if unchanged is not None:
        return unchanged
    reply = await service.work(request, task, args, service.limits.query_s)
    return Response(reply.body, headers=headers | {"ETag": tag, "Content-Type": reply.head["type"]})


def _read_count(text: str | None) -> int:
    if not text:
        return _SUGGESTED
    count = int(text) if text.isascii() and text.isdecimal() and len(text) <= len("100") else 0
    if not 0 < count <= _MOST_SUGGESTED:
        en = f"limit {text} is none: give a number up to {_MOST_SUGGESTED}."
        raise Problem(400, en, f"limit {text} 无效：请给出不超过 {_MOST_SUGGESTED} 的数。")
    return count
