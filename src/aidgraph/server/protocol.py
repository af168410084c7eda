"""`/sparql`: the SPARQL 1.1 Protocol's query operation, and the service's description.

Source: https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from starlette.responses import Response

from aidgraph.errors import UsageError
from aidgraph.server import pagehooks
from aidgraph.server.formats import HTML, SOLUTIONS, TRIPLES, with_charset
from aidgraph.server.negotiation import choose_type
from aidgraph.server.parameters import Parameters, decode, read_body, read_query
from aidgraph.server.problems import Problem
from aidgraph.server.scanning import check_length
from aidgraph.server.selfdescription import describe_service, write_description
from aidgraph.server.service import find_unchanged, make_tag, service_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from aidgraph.server.service import Service

_FORM = "application/x-www-form-urlencoded"
_DIRECT = "application/sparql-query"
_UPDATES = ("application/sparql-update",)
_UPDATE_KEYS = ("update", "using-graph-uri", "using-named-graph-uri")
_CONTROLS = ("_lang", "_timelimit", "_why")
_LEAST_S = 0.1
ANSWERED_AS = (*SOLUTIONS, *TRIPLES)
"""Every media type that an answer may have."""

_VARY = {"Vary": "Accept, Accept-Language"}


async def sparql(request: Request) -> Response:
    """Answer a query, from the address or the body; describe the service; show the editor."""
    return await (_post if request.method == "POST" else _get)(request)


async def _get(request: Request) -> Response:
    """Answer a query in the address; without one, describe the service, or show the editor."""
    given = read_query(request)
    _check_keys(given)
    offers = ANSWERED_AS if given.one("query") is not None else tuple(TRIPLES)
    if pagehooks.has_page("sparql"):
        accept = request.headers.get("accept", "")
        if HTML in accept and choose_type(accept, [*offers, HTML]) == HTML:
            return await pagehooks.show_page(request, "sparql", {})
    if given.one("query") is None:
        return _describe(request)
    return await _answer(request, given, cacheable=True)


async def _post(request: Request) -> Response:
    """Answer a query in a form, or in the body itself."""
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    given = read_query(request)
    if media_type in _UPDATES:
        raise _no_update()
    if media_type not in (_FORM, _DIRECT):
        en = f"A query is posted as {_FORM} or {_DIRECT}: set Content-Type."
        raise Problem(415, en, f"查询须以 {_FORM} 或 {_DIRECT} 提交：请设置 Content-Type。")
    body = await read_body(request)
    if media_type == _FORM:
        return await _answer(request, given + decode(body))
    try:
        sparql = body.decode("utf-8")
    except UnicodeDecodeError as error:
        en = f"The query is not UTF-8 at byte {error.start}: encode it in UTF-8."
        raise Problem(
            400, en, f"查询第 {error.start} 字节处不是 UTF-8：请用 UTF-8 编码。"
        ) from error
    if given.one("query") is not None:
        en = "The query stands in the body and in the address: send it once."
        raise Problem(400, en, "请求体与地址中都有查询：请只发送一次。")
    return await _answer(request, Parameters([("query", sparql)]) + given)


async def _answer(request: Request, given: Parameters, *, cacheable: bool = False) -> Response:
    service = service_of(request)
    _check_keys(given)
    args = _read_args(request, service, given)
    headers = dict(_VARY)
    if cacheable:
        tag = make_tag(service.current.snapshot, "sparql", args)
        unchanged = find_unchanged(request, tag, headers)
        if unchanged is not None:
            return unchanged
        headers["ETag"] = tag
    limit_s = read_time_limit(given, service.limits.query_s)
    reply = await service.work(request, "sparql", args, limit_s)
    return Response(reply.body, headers=headers | {"Content-Type": reply.head["type"]})


def _check_keys(given: Parameters) -> None:
    if any(key in _UPDATE_KEYS for key, _ in given.pairs):
        raise _no_update()
    # Other keys are ignored: clients send `format`, `output` and the like to whoever knows them.
    Parameters([pair for pair in given.pairs if pair[0].startswith("_")]).check(_CONTROLS)


def _read_args(request: Request, service: Service, given: Parameters) -> dict[str, Any]:
    sparql = given.one("query")
    if sparql is None:
        en = "There is no query: give it as “query”."
        raise UsageError(en, "缺少查询：请以“query”给出。")
    check_length(sparql)
    return {
        "sparql": sparql,
        "base": str(request.url_for("sparql")),
        "accept": request.headers.get("accept", ""),
        "default": given.all("default-graph-uri"),
        "named": given.all("named-graph-uri"),
        "rows": service.limits.rows,
        "bytes": service.limits.answer_bytes,
    }


def read_time_limit(given: Parameters, most_s: float) -> float:
    """Return how long an answer may take: `_timelimit`, at most `most_s`, both in seconds.

    It is a tenth of a second at least: a worker that runs out of time costs more than that.

    Raises:
        Problem: 400, it is no time.
    """
    text = given.one("_timelimit")
    if not text:
        return most_s
    try:
        wanted = float(text)
    except ValueError:
        wanted = 0.0
    if not wanted > 0:
        en = f"_timelimit {text} is no time: give seconds, such as {most_s:g}."
        raise Problem(400, en, f"_timelimit {text} 不是时长：请给出秒数，如 {most_s:g}。")
    return min(max(wanted, _LEAST_S), most_s)


def _describe(request: Request) -> Response:
    media_type = choose_type(request.headers.get("accept", ""), [*TRIPLES])
    triples = describe_service(
        str(request.url_for("sparql")), service_of(request).current.built.manifest.counts["quads"]
    )
    body = write_description(triples, media_type)
    return Response(body, headers={**_VARY, "Content-Type": with_charset(media_type)})


def _no_update() -> Problem:
    en = "Updates are not allowed, only reading: send a query."
    return Problem(403, en, "不允许更新，只允许读取：请发送查询。")
