"""A call of a tool: its arguments, read and checked; the work, done by a worker; the result.

A fault is a result too, in the words that a route has for it: so the model can mend its call.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from mcp_types import CallToolResult, TextContent

from aidgraph.errors import AidgraphError, UsageError
from aidgraph.headers import LANGUAGES
from aidgraph.server.agents.tools import list_tools
from aidgraph.server.problems import describe
from aidgraph.server.questions import find_question
from aidgraph.server.scanning import check_length

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from aidgraph.questions import Language
    from aidgraph.server.service import Caller, Service

_BYTES = 2**18  # what is more fills a model's context
_ROWS = 500
_ACCEPT = "application/sparql-results+json, text/turtle"
_BASE = "http://localhost/sparql"
_KINDS: Mapping[str, tuple[Callable[[Any], bool], str, str]] = {
    "string": (lambda value: isinstance(value, str), "a string", "字符串"),
    "integer": (lambda value: type(value) is int and value > 0, "a number from 1", "从 1 起的整数"),
    "object": (lambda value: isinstance(value, dict), "an object", "对象"),
    "language": (lambda value: value in LANGUAGES, "en or zh", " en 或 zh"),
}
_SCHEMAS = {tool.name: tool.schema for tool in list_tools((), "en")}


class Call(NamedTuple):
    """A call of a tool: by whom, with what arguments, in which language."""

    service: Service
    caller: Caller
    arguments: Mapping[str, Any]
    language: Language

    async def work(self, task: str, limit_s: float, **args: object) -> CallToolResult:
        """Return what a worker makes of a task of `agents.tasks`. Raises `Problem`."""
        told = {**args, "language": self.language, "bytes": _BYTES}
        reply = await self.service.work_for(self.caller, task, told, limit_s)
        found = json.loads(reply.body)
        return _result(found["text"], found["data"])


async def call_tool(call: Call, name: str) -> CallToolResult:
    """Return what the tool `name` gives, or why it gives nothing."""
    try:
        _check_arguments(name, call.arguments)
        return await _TOOLS[name](call)
    except AidgraphError as error:
        data = describe(error, call.language)
        return _result(data["detail"], data, is_error=True)


def choose_language(arguments: Mapping[str, Any], usual: Language) -> Language:
    """Return the language that the arguments ask for, else the `usual` one."""
    wanted = arguments.get("language")
    return wanted if wanted in LANGUAGES else usual


def _check_arguments(name: str, arguments: Mapping[str, Any]) -> None:
    """Check arguments against the schema of the tool `name`. Raises `UsageError`."""
    if name not in _SCHEMAS:
        listed = ", ".join(_SCHEMAS)
        en = f"There is no tool {name}; there are: {listed}."
        raise UsageError(en, f"没有工具 {name}；现有：{listed}。")
    known = _SCHEMAS[name]["properties"]
    for key, value in arguments.items():
        if key not in known:
            listed = ", ".join(known)
            en = f"{name} has no argument {key}; it has: {listed}."
            raise UsageError(en, f"{name} 没有参数 {key}；其参数：{listed}。")
        fits, in_english, in_chinese = _KINDS[key if key == "language" else known[key]["type"]]
        if not fits(value):
            en = f"{key} must be {in_english}."
            raise UsageError(en, f"{key} 须为{in_chinese}。")
    missing = [key for key in _SCHEMAS[name]["required"] if key not in arguments]
    if missing:
        listed = ", ".join(missing)
        en = f"{name} needs {listed}."
        raise UsageError(en, f"{name} 需要 {listed}。")


def _read_given(parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return a question's parameters as people type them; null and false are not given.

    Raises:
        UsageError: one is neither text, nor a number, nor true or false.
    """
    given: dict[str, str] = {}
    for key, value in parameters.items():
        if isinstance(value, bool) or value is None:
            given |= {key: "true"} if value else {}
        elif isinstance(value, int | float):
            given[key] = f"{Decimal(str(value)):f}"
        elif isinstance(value, str):
            given[key] = value
        else:
            en = f"{key} must be a string, a number, or true or false."
            raise UsageError(en, f"{key} 须为字符串、数或真假值。")
    return given


async def _find_questions(call: Call) -> CallToolResult:
    limit_s = call.service.limits.query_s
    return await call.work("agent.find", limit_s, words=call.arguments["words"])


async def _ask_question(call: Call) -> CallToolResult:
    return await _ask(call, "agent.ask", page=call.arguments.get("page", 1))


async def _show_evidence(call: Call) -> CallToolResult:
    return await _ask(call, "agent.explain", row=call.arguments.get("row"))


async def _ask(call: Call, task: str, **which: object) -> CallToolResult:
    question = find_question(call.service, call.arguments["question"])
    given = _read_given(call.arguments.get("parameters", {}))
    limit_s = call.service.limits.canned_s
    return await call.work(task, limit_s, name=question.name, given=given, **which)


async def _describe_thing(call: Call) -> CallToolResult:
    limit_s = call.service.limits.query_s
    return await call.work("agent.describe", limit_s, thing=call.arguments["thing"])


async def _query_sparql(call: Call) -> CallToolResult:
    sparql, limits = call.arguments["sparql"], call.service.limits
    check_length(sparql)
    args = {
        "sparql": sparql,
        "base": _BASE,
        "accept": _ACCEPT,
        "default": [],
        "named": [],
        "rows": min(_ROWS, limits.rows),
        "bytes": _BYTES,
    }
    reply = await call.service.work_for(call.caller, "sparql", args, limits.query_s)
    text = reply.body.decode()
    is_json = reply.head["type"].endswith("json")
    return _result(text, json.loads(text) if is_json else {"turtle": text})


_TOOLS: Mapping[str, Callable[[Call], Awaitable[CallToolResult]]] = {
    "find_questions": _find_questions,
    "ask_question": _ask_question,
    "show_evidence": _show_evidence,
    "describe_thing": _describe_thing,
    "query_sparql": _query_sparql,
}


def _result(text: str, data: Mapping[str, Any], *, is_error: bool = False) -> CallToolResult:
    content = TextContent(type="text", text=text)
    return CallToolResult(content=[content], structured_content=dict(data), is_error=is_error)
