"""The routes in OpenAPI 3.1: those of the questions are made from their headers.

Source: https://spec.openapis.org/oas/v3.1.1
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aidgraph.answers.results import Evidence
from aidgraph.server.formats import ANSWERS, SOLUTIONS, TRIPLES
from aidgraph.server.problems import PROBLEM_JSON

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aidgraph.questions import Parameter, Question

_TEXT_OR_NULL = {"type": ["string", "null"]}
_NUMBER_OR_NULL = {"type": ["integer", "null"]}
_SCHEMAS: Mapping[str, Mapping[str, Any]] = {
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "line": {"type": "integer"},
            "column": {"type": "integer"},
            "candidates": {"type": "array", "items": {"type": "object"}},
        },
    },
    "Answer": {
        "type": "object",
        "required": ["query", "snapshot", "columns", "rows", "said", "searched", "complete"],
        "properties": {
            "query": {"type": ["string", "null"]},
            "query_hash": {"type": "string"},
            "snapshot": {"type": "string"},
            "params": {"type": "object"},
            "columns": {"type": "array", "items": {"type": "string"}},
            "rows": {"type": "array", "items": {"type": "object"}},
            "evidence": {
                "type": "array",
                "items": {"type": "array", "items": {"$ref": "#/components/schemas/Evidence"}},
            },
            "untraced": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
            "said": {"type": "boolean"},
            "searched": {"type": "integer"},
            "row_count": {"type": "integer"},
            "complete": {"type": "boolean"},
            "next": {"type": "string"},
        },
    },
    "Evidence": {
        "type": "object",
        "required": list(Evidence._fields),
        "properties": {
            "kind": {"enum": ["article", "reference", "inferred", "absence"]},
            "passage": _TEXT_OR_NULL,
            "text": _TEXT_OR_NULL,
            "start": _NUMBER_OR_NULL,
            "end": _NUMBER_OR_NULL,
            "article": _TEXT_OR_NULL,
            "source": _TEXT_OR_NULL,
            "rule": _TEXT_OR_NULL,
            "translation": {
                **_TEXT_OR_NULL,
                "description": "Our own, into English, as an aid to reading: no row rests on it.",
            },
        },
    },
}
_PROBLEM = {
    "description": "A problem, in the language asked for.",
    "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_FORMATS = [suffix for suffix in ANSWERS if suffix != "json"]


def describe_api(questions: Iterable[Question], root: str, snapshot: str) -> dict[str, Any]:
    """Return the description of a server at `root`, an absolute address.

    The questions are those of a dataset: so `snapshot` is the version.
    """
    paths: dict[str, Any] = _fixed_paths()
    for question in questions:
        paths |= _question_paths(question)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "aidgraph",
            "version": snapshot[:12],
            "summary": "Pairing assistance to Xinjiang: every answer shows its sentences.",
            "license": {"name": "CC BY 4.0", "identifier": "CC-BY-4.0"},
        },
        "servers": [{"url": root.removesuffix("/")}],
        "paths": paths,
        "components": {"schemas": dict(_SCHEMAS)},
    }


def _question_paths(question: Question) -> dict[str, Any]:
    parameters = [*map(_parameter, question.parameters), *_controls()]
    answer = {"schema": {"$ref": "#/components/schemas/Answer"}}
    name = f"/q/{question.name}"
    found = {
        f"{name}.json": _get(
            f"{question.name}.json",
            question.title["en"],
            {ANSWERS["json"]: answer},
            parameters,
            question.description["en"],
        )
    }
    for suffix in _FORMATS:
        content: dict[str, Any] = {ANSWERS[suffix].partition(";")[0]: {}}
        operation = f"{question.name}.{suffix}"
        found[f"{name}.{suffix}"] = _get(operation, question.title["en"], content, parameters)
    return found


def _fixed_paths() -> dict[str, Any]:
    results: dict[str, Any] = {each: {} for each in (*SOLUTIONS, *TRIPLES)}
    graph: dict[str, Any] = {each: {} for each in TRIPLES}
    as_json: dict[str, Any] = {"application/json": {}}
    query = _text("query", "A SPARQL 1.1 query; without one, the service is described.")
    dataset = [
        {**_text(f"{kind}-graph-uri", f"IRIs of {kind} graphs."), "schema": _STRINGS}
        for kind in ("default", "named")
    ]
    begun = _text("q", "What was typed.")
    sparql = _get("sparql", "Ask in SPARQL.", results, [query, *dataset, _TIME_LIMIT])
    form = {"type": "object", "required": ["query"], "properties": {"query": {"type": "string"}}}
    sparql["post"] = {
        **sparql["get"],
        "operationId": "sparql-post",
        "parameters": [*dataset, _TIME_LIMIT],
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {"schema": form},
                "application/sparql-query": {"schema": {"type": "string"}},
            },
        },
    }
    return {
        "/sparql": sparql,
        "/graphs": _get(
            "graphs",
            "Read a graph.",
            graph,
            [_text("graph", "The IRI of a graph."), _text("default", "The default graph.")],
        ),
        "/q": _get("q", "List the questions.", as_json),
        "/search": _get(
            "search", "Find things and sentences.", as_json, [begun | {"required": True}, _LANGUAGE]
        ),
        "/complete": _get(
            "complete",
            "Complete a name.",
            as_json,
            [begun, _text("type", "A parameter's type."), _LANGUAGE],
        ),
        "/.well-known/void": _get("void", "Describe the dataset.", graph),
        "/limits": _get("limits", "Tell what a request may cost.", as_json),
        "/health": _get("health", "Tell how the server is.", as_json),
    }


def _get(
    operation: str,
    summary: str,
    content: Mapping[str, Any],
    parameters: Iterable[Mapping[str, Any]] = (),
    description: str = "",
) -> dict[str, Any]:
    about = {"description": description} if description else {}
    return {
        "get": {
            "operationId": operation,
            "summary": summary,
            **about,
            "parameters": [*parameters],
            "responses": {
                "200": {"description": "The answer.", "content": dict(content)},
                "default": _PROBLEM,
            },
        }
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    if parameter.type == "flag":
        schema = {"type": "string", "enum": ["true"]}
    example = {"example": parameter.example} if parameter.example else {}
    return {
        "name": parameter.name,
        "in": "query",
        "required": not parameter.optional,
        "description": f"{parameter.label['en']} ({parameter.label['zh']}), {parameter.type}",
        "schema": schema,
        **example,
    }


def _text(name: str, description: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": {"type": "string"}}


_STRINGS = {"type": "array", "items": {"type": "string"}}
_LANGUAGE = {**_text("_lang", "Language."), "schema": {"type": "string", "enum": ["en", "zh"]}}
_TIME_LIMIT = {
    **_text("_timelimit", "Seconds that the answer may take."),
    "schema": {"type": "number", "exclusiveMinimum": 0},
}


def _controls() -> list[dict[str, Any]]:
    marks = {"type": "string", "enum": ["0", "1"]}
    return [
        _LANGUAGE,
        {**_text("_why", "Whether evidence is wanted."), "schema": marks},
        {**_text("_bom", "Whether CSV begins with a mark for Excel."), "schema": marks},
        {**_text("_page", "Which page."), "schema": {"type": "integer", "minimum": 1}},
        _TIME_LIMIT,
    ]
