"""`/q`: the canned questions. Each has a form, an answer in several formats, and its SPARQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from starlette.responses import JSONResponse, PlainTextResponse, Response

from aidgraph.errors import NotFoundError
from aidgraph.questions import hash_query, read_question
from aidgraph.server import pagehooks
from aidgraph.server.formats import ANSWERS, HTML
from aidgraph.server.negotiation import choose_type
from aidgraph.server.parameters import Parameters, read_query
from aidgraph.server.problems import Problem
from aidgraph.server.protocol import read_time_limit
from aidgraph.server.service import find_unchanged, language_of, make_tag, service_of

if TYPE_CHECKING:
    from starlette.requests import Request

    from aidgraph.headers import Bilingual
    from aidgraph.questions import Parameter, Question
    from aidgraph.server.service import Service

CONTROLS = ("_bom", "_lang", "_page", "_timelimit", "_view", "_why")
"""Keys that say how an answer is wanted, not what is asked."""

_NO = frozenset({"", "0", "false", "no"})
_JSON = "application/json"
_VARY = "Accept, Accept-Language"


async def list_questions(request: Request) -> Response:
    """List the questions, each with its parameters and where its answers are."""
    offers = [_JSON, *([HTML] if pagehooks.has_page("questions") else [])]
    if choose_type(request.headers.get("accept", ""), offers) == HTML:
        return await pagehooks.show_page(request, "questions", {})
    questions = service_of(request).current.questions.values()
    return JSONResponse([describe_question(each) for each in questions], headers={"Vary": _VARY})


async def show_question(request: Request) -> Response:
    """Describe a question in JSON, or show its form and, once filled in, its answer as a page."""
    name = request.path_params["name"]
    question = find_question(service_of(request), name)
    offers = [_JSON, *([HTML] if pagehooks.has_page("question") else [])]
    if choose_type(request.headers.get("accept", ""), offers) == HTML:
        given, _ = split_given(read_query(request))
        return await pagehooks.show_page(request, "question", {"name": name, "given": given})
    links = ", ".join(
        f'</q/{name}.{suffix}>; rel="alternate"; type="{media_type.partition(";")[0]}"'
        for suffix, media_type in ANSWERS.items()
    )
    headers = {"Vary": _VARY, "Link": links}
    tag = make_tag(hash_query(question.sparql), "form")
    unchanged = find_unchanged(request, tag, headers)
    if unchanged is not None:
        return unchanged
    return JSONResponse(describe_question(question), headers={**headers, "ETag": tag})


async def answer_question(request: Request) -> Response:
    """Answer a question in the format of the address's suffix."""
    service = service_of(request)
    name, form = request.path_params["name"], request.path_params["form"]
    question = find_question(service, name)
    if form not in ANSWERS:
        listed = ", ".join(ANSWERS)
        en = f"An answer cannot be had as {form}: take one of {listed}."
        raise NotFoundError(en, f"答案没有 {form} 格式：请取其一：{listed}。")
    parameters = read_query(request)
    given, _ = split_given(parameters)
    args = _read_args(request, service, parameters) | {"name": name, "form": form, "given": given}
    headers = {"Vary": "Accept-Language", "Content-Language": args["language"]}
    tag = make_tag(service.current.snapshot, hash_query(question.sparql), args)
    unchanged = find_unchanged(request, tag, headers)
    if unchanged is not None:
        return unchanged
    limit_s = read_time_limit(parameters, service.limits.canned_s)
    reply = await service.work(request, "ask", args, limit_s)
    headers |= {"ETag": tag, "Content-Type": reply.head["type"]}
    if form == "xlsx":
        headers["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    if reply.head["more"]:
        headers["Link"] = f'<{args["next"]}>; rel="next"'
    return Response(reply.body, headers=headers)


async def show_query(request: Request) -> Response:
    """Return the SPARQL of a question, header and all."""
    question = find_question(service_of(request), request.path_params["name"])
    return PlainTextResponse(question.sparql, media_type="application/sparql-query; charset=utf-8")


def find_question(service: Service, name: str) -> Question:
    """Return the question `name`. Raises `NotFoundError`, with names like it."""
    question = service.current.questions.get(name)
    if question is None:
        read_question(service.current.project, name)  # says that there is none, or what is wrong
        en = f"The question “{name}” cannot be asked: “aidgraph check” says why."
        raise NotFoundError(en, f"问题“{name}”无法提问：“aidgraph check”说明原因。")
    return question


def split_given(parameters: Parameters) -> tuple[dict[str, str], dict[str, str]]:
    """Return what is asked, and how it is wanted; what a form left empty is not given.

    Raises:
        Problem: 400, a key is given twice, or begins with `_` and is none of `CONTROLS`.
    """
    given: dict[str, str] = {}
    controls: dict[str, str] = {}
    for key, _ in parameters.pairs:
        value = parameters.one(key) or ""
        if not key.startswith("_"):
            given |= {key: value} if value.strip() else {}
        elif key in CONTROLS:
            controls[key] = value
        else:
            listed = ", ".join(CONTROLS)
            en = f"There is no parameter {key}; there are: {listed}."
            raise Problem(400, en, f"没有参数 {key}；现有：{listed}。")
    return given, controls


def describe_question(question: Question) -> dict[str, Any]:
    """Return a question as a JSON object: what a form, or a program that fills one, needs."""
    return {
        "name": question.name,
        "title": question.title,
        "description": question.description,
        "view": question.view,
        "tags": [*question.tags],
        "parameters": [_describe_parameter(each) for each in question.parameters],
        "columns": [{"name": name, "label": label} for name, label in question.columns.items()],
        "query": f"/q/{question.name}/query.rq",
        "answers": {form: f"/q/{question.name}.{form}" for form in ANSWERS},
        "example": f"/q/{question.name}.json{_example(question)}",
    }


def _describe_parameter(parameter: Parameter) -> dict[str, Any]:
    values: dict[str, Bilingual] = {**parameter.values}
    return {
        "name": parameter.name,
        "type": parameter.type,
        "label": parameter.label,
        "example": parameter.example,
        "optional": parameter.optional,
        "values": values,
        "complete": f"/complete?type={quote(parameter.type, safe=':')}&q=",
    }


def _example(question: Question) -> str:
    needed = {each.name: each.example for each in question.parameters if not each.optional}
    return f"?{urlencode(needed)}" if needed else ""


def _read_args(request: Request, service: Service, parameters: Parameters) -> dict[str, Any]:
    _, controls = split_given(parameters)
    page = _read_page(controls.get("_page", ""))
    rest = [(key, value) for key, value in parameters.pairs if key != "_page"]
    return {
        "language": language_of(request, parameters),
        "why": controls.get("_why", "").lower() not in _NO,
        "bom": controls.get("_bom", "").lower() not in _NO,
        "page": page,
        "rows": service.limits.rows,
        "bytes": service.limits.answer_bytes,
        "next": f"{quote(request.url.path)}?{urlencode([*rest, ('_page', page + 1)])}",
    }


def _read_page(text: str) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdecimal()) or not 0 < len(text.lstrip("0")) <= 6:  # noqa: PLR2004
        en = f"_page {text} is no page: give a number from 1."
        raise Problem(400, en, f"_page {text} 不是页码：请给出从 1 起的数。")
    return int(text)
