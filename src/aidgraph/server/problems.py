"""What goes wrong, as HTTP says it: RFC 9457 problem details, in the reader's language."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from aidgraph.errors import AidgraphError
from aidgraph.terms import BASE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aidgraph.questions import Language

PROBLEM_JSON = "application/problem+json"

TITLES: Mapping[int, tuple[str, str, str]] = {
    400: ("bad-request", "The request cannot be read", "无法读取请求"),
    403: ("forbidden", "Only reading is allowed", "只允许读取"),
    404: ("not-found", "There is no such thing", "没有此事物"),
    405: ("method", "The method is not allowed", "不允许该方法"),
    406: ("not-acceptable", "No such format", "没有该格式"),
    408: ("too-slow", "The request came too slowly", "请求到达过慢"),
    409: ("ambiguous", "The name fits several things", "该名称可指多者"),
    413: ("too-large", "The request is too large", "请求过大"),
    415: ("media-type", "The media type is not understood", "不识别该媒体类型"),
    422: ("too-much", "The query asks for too much", "查询所求过多"),
    429: ("too-often", "Too many requests", "请求过于频繁"),
    500: ("fault", "The server has a fault", "服务器出错"),
    502: ("remote", "Another server did not answer", "另一服务器没有应答"),
    503: ("busy", "The server is busy", "服务器繁忙"),
    504: ("time-limit", "The answer took too long", "求解用时过长"),
    507: ("memory", "The answer needs too much memory", "求解所需内存过多"),
}
"""Of each status: the last part of the problem's type, and its title in English and Chinese."""

_PLACE = re.compile(r"\bline (\d+), column (\d+)|\bat (\d+):(\d+)")


class Problem(AidgraphError):  # noqa: N818  # RFC 9457 calls it so
    """A fault with its status, headers to send, and more members for its JSON."""

    def __init__(
        self,
        status: int,
        en: str,
        zh: str,
        *,
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        """Say `en` and `zh` with `status`, one of `TITLES`."""
        super().__init__(en, zh)
        self.http_status = status
        self.headers = dict(headers or {})
        self.more = dict(more or {})


def left() -> Problem:
    """Return the problem of a client that has left: nobody is there to read it."""
    return Problem(503, "The client has left.", "客户端已离开。")


def describe(error: AidgraphError, language: Language) -> dict[str, Any]:
    """Return the problem details of a fault; of a mistake in a query, with line and column."""
    status = error.http_status
    name, en, zh = TITLES[status]
    found: dict[str, Any] = {
        "type": f"{BASE}problem/{name}",
        "title": zh if language == "zh" else en,
        "status": status,
        "detail": error.text(language),
    }
    place = find_place(error)
    if place:
        found |= {"line": place[0], "column": place[1]}
    return found | (error.more if isinstance(error, Problem) else {})


def find_place(error: AidgraphError) -> tuple[int, int] | None:
    """Return line and column of a mistake in a query, as our parser or pyoxigraph names them."""
    found = _PLACE.search(error.en)
    if found is None:
        return None
    line, column = (int(part) for part in found.groups() if part)
    return line, column


def respond(error: AidgraphError, language: Language) -> Response:
    """Return a fault as a response in problem+json."""
    headers = error.headers if isinstance(error, Problem) else {}
    return Response(
        f"{json.dumps(describe(error, language), ensure_ascii=False, indent=2)}\n",
        status_code=error.http_status,
        media_type=PROBLEM_JSON,
        headers={"Content-Language": language, "Cache-Control": "no-store", **headers},
    )
