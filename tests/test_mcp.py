"""The tools of an agent, as the official SDK's own client sees them: over stdio and over HTTP."""

from __future__ import annotations

import asyncio
import json
import signal
import socket
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from aidgraph.project import find_project
from aidgraph.questions import question_names
from conftest import REPOSITORY
from running import COMMAND
from serving import serve

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from mcp.client.stdio import StdioServerParameters
    from mcp_types import CallToolResult, ListToolsResult

    from serving import Served

_PROGRAM, *_OPTIONS = (*COMMAND, "mcp", "--timeout", "60", "--lang", "en")
_SHULE = {"question": "helpers-of-area", "parameters": {"area": "疏勒县"}}
_PARKS = {"Shule electronics assembly park", "Shule outdoor sports gear park"} | {
    "Shule modern vegetable park"
}
_SENTENCE = (
    "山东省对口支援新疆工作指挥部持续打造特色园区,"
    "在疏勒县建设户外运动装备、电子组装、现代蔬菜产业园"
)
_SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
_SERVICE = "SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }"
CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "find": ("find_questions", {"words": "Who helps Changji?"}),
    "find zh": ("find_questions", {"words": "谁在帮助昌吉?", "language": "zh"}),
    "ask": ("ask_question", _SHULE),
    "ask zh": ("ask_question", {**_SHULE, "language": "zh"}),
    "ask number": (
        "ask_question",
        {"question": "sums-above", "parameters": {"minimum": 1_000_000_000}},
    ),
    "silence": (
        "ask_question",
        {"question": "parties-of-agreement", "parameters": {"agreement": "五方协议"}},
    ),
    "evidence of silence": (
        "show_evidence",
        {"question": "parties-of-agreement", "parameters": {"agreement": "五方协议"}},
    ),
    "evidence": ("show_evidence", _SHULE),
    "evidence of a row": ("show_evidence", {**_SHULE, "row": 2, "language": "zh"}),
    "describe": ("describe_thing", {"thing": "Kashgar"}),
    "sparql": ("query_sparql", {"sparql": "SELECT (COUNT(*) AS ?n) { ?h a aid:Helper }"}),
    "construct": ("query_sparql", {"sparql": "DESCRIBE place:653100"}),
}
FAULTS: dict[str, tuple[str, dict[str, Any], int]] = {
    "no such tool": ("drop_everything", {}, 400),
    "no such argument": ("find_questions", {"words": "x", "wrods": "y"}, 400),
    "nothing given": ("ask_question", {}, 400),
    "no words": ("find_questions", {"words": "  "}, 400),
    "no such language": ("find_questions", {"words": "x", "language": "fr"}, 400),
    "wrong kind": ("find_questions", {"words": ["x"]}, 400),
    "a list for a name": ("ask_question", {**_SHULE, "parameters": {"area": ["疏勒县"]}}, 400),
    "page none": ("ask_question", {**_SHULE, "page": 0}, 400),
    "page true": ("ask_question", {**_SHULE, "page": True}, 400),
    "page away": ("ask_question", {**_SHULE, "page": 2}, 404),
    "row away": ("show_evidence", {**_SHULE, "row": 4}, 404),
    "no such question": ("ask_question", {"question": "helper-of-area"}, 404),
    "a path": ("ask_question", {"question": "../queries/helpers-of-area"}, 404),
    "no such parameter": ("ask_question", {**_SHULE, "parameters": {"aria": "x"}}, 400),
    "parameter missing": ("ask_question", {"question": "helpers-of-area"}, 400),
    "nothing called so": ("ask_question", {**_SHULE, "parameters": {"area": "Atlantis"}}, 404),
    "several called so": ("ask_question", {**_SHULE, "parameters": {"area": "خوتەن"}}, 409),
    "no such thing": ("describe_thing", {"thing": "Atlantis"}, 404),
    "no SPARQL": ("query_sparql", {"sparql": "SELECT *\n{ ?s & ?o }"}, 400),
    "an update": ("query_sparql", {"sparql": "DROP ALL"}, 403),
    "elsewhere": ("query_sparql", {"sparql": _SERVICE}, 403),
    "too deep": ("query_sparql", {"sparql": f"ASK {{ {'{' * 4000}{'}' * 4000} }}"}, 422),
    "too long": ("query_sparql", {"sparql": f"ASK {{}} #{'x' * 70_000}"}, 413),
    "too many rows": ("query_sparql", {"sparql": "SELECT * { ?s ?p ?o }"}, 422),
    "too many triples": ("query_sparql", {"sparql": "CONSTRUCT WHERE { ?s ?p ?o }"}, 422),
}


class Said:
    """What a server said: its tools, what each of `CALLS` gave, and the faults, in both tongues."""

    def __init__(self) -> None:
        """Have asked nothing yet."""
        self.tools: ListToolsResult
        self.instructions: str | None
        self.found: dict[str, CallToolResult] = {}
        self.faults: dict[tuple[str, str], CallToolResult] = {}

    def data(self, name: str) -> dict[str, Any]:
        """Return the data of a call that must have been answered."""
        assert not self.found[name].is_error, self.text(name)
        found: dict[str, Any] = self.found[name].structured_content
        return found

    def text(self, name: str) -> str:
        """Return the text of a call."""
        return _text(self.found[name])


@pytest.fixture(scope="module")
def server(built_root: Path) -> Generator[Served]:
    """A server that has a route for agents."""
    with serve(built_root, "--workers", "2", "--timeout", "60") as served:
        yield served


@pytest.fixture(scope="module", params=["stdio", "http"])
def said(request: pytest.FixtureRequest, built_root: Path) -> Said:
    """All that the client was told: each transport is asked once."""
    if request.param == "http":
        served: Served = request.getfixturevalue("server")
        return asyncio.run(_ask_all(f"{served.address}/mcp"))
    from mcp.client import stdio

    command = stdio.StdioServerParameters(command=_PROGRAM, args=_OPTIONS, cwd=str(built_root))
    return asyncio.run(_ask_all(command))


async def _ask_all(server: StdioServerParameters | str) -> Said:
    import mcp  # slow to import, and every worker reads this file

    said = Said()
    async with mcp.Client(server) as client:
        said.tools = await client.list_tools()
        said.instructions = client.instructions
        for name, (tool, arguments) in CALLS.items():
            said.found[name] = await client.call_tool(tool, arguments)
        for name, (tool, arguments, _) in FAULTS.items():
            for language in ("en", "zh"):
                told = {"language": language, **arguments}
                said.faults[name, language] = await client.call_tool(tool, told)
    return said


def _text(result: CallToolResult) -> str:
    [content] = result.content
    assert content.type == "text"
    return content.text


def test_the_tools_are_few_and_only_read(said: Said) -> None:
    """Five tools with schemas; every question is named in one; together under 12 kB."""
    tools = {tool.name: tool for tool in said.tools.tools}

    assert set(tools) == {
        "find_questions",
        "ask_question",
        "show_evidence",
        "describe_thing",
        "query_sparql",
    }
    named = tools["ask_question"].input_schema["properties"]["question"]["enum"]
    assert set(named) == set(question_names(find_project(REPOSITORY)))
    for tool in tools.values():
        assert tool.annotations
        assert tool.annotations.read_only_hint
        assert tool.input_schema["additionalProperties"] is False
    assert len(said.tools.model_dump_json(exclude_none=True)) < 12_000
    assert "find_questions" in (said.instructions or "")


@pytest.mark.parametrize(
    ("call", "area"), [("find", "Changji Hui Autonomous Prefecture"), ("find zh", "昌吉回族自治州")]
)
def test_a_sentence_finds_its_question(said: Said, call: str, area: str) -> None:
    """The question that it asks is first, with what it names and the schema to ask with."""
    first, *others = said.data(call)["questions"]

    assert (first["question"], first["understood"]) == ("helpers-of-area", True)
    assert first["parameters"] == {"area": area}
    assert first["schema"]["required"] == ["area"]
    assert first["schema"]["properties"]["area"]["type"] == "string"
    assert 0 < len(others) < 5
    assert first["title"] in said.text(call)


def test_a_question_is_answered(said: Said) -> None:
    """Shandong builds three parks in Shule County: as rows, and as a table to read."""
    data = said.data("ask")

    assert {row["action"]["label"] for row in data["rows"]} == _PARKS
    assert {row["helper"]["label"] for row in data["rows"]} == {"Shandong Province"}
    assert (data["row_count"], data["complete"]) == (3, True)
    assert all(park in said.text("ask") for park in _PARKS)
    assert {row["helper"]["label"] for row in said.data("ask zh")["rows"]} == {"山东省"}
    assert "哪些省市" in said.text("ask zh")


def test_a_number_is_a_number(said: Said) -> None:
    """More than 19,000,000,000 yuan is over a thousand million; its bound stays with it."""
    values = [cell for row in said.data("ask number")["rows"] for cell in row.values() if cell]

    assert any(v.get("value") == 19_000_000_000 and v["bound"] == "aid:MoreThan" for v in values)


def test_silence_is_said(said: Said) -> None:
    """What the articles do not say is told so, not an empty table."""
    assert said.data("silence")["rows"] == []
    assert said.data("silence")["said"] is False
    assert "The articles do not say" in said.text("silence")
    assert "Searched" in said.text("evidence of silence")


def test_evidence_has_the_sentence(said: Said) -> None:
    """Each row's evidence has the article's words, in the text as well; so has one row's alone."""
    data = said.data("evidence")

    assert len(data["evidence"]) == 3
    for row in data["evidence"]:
        assert any((each["text"] or "").startswith(_SENTENCE) for each in row)
    assert _SENTENCE in said.text("evidence")
    one = said.data("evidence of a row")
    assert (one["first"], one["row_count"], len(one["rows"])) == (2, 3, 1)
    assert one["rows"][0]["action"]["iri"] == data["rows"][1]["action"]["iri"]
    assert len(one["evidence"]) == 1
    assert _SENTENCE in said.text("evidence of a row")
    assert "第 2 行" in said.text("evidence of a row")


def test_a_thing_is_described(said: Said) -> None:
    """By its English name: its IRI, and facts with their sentences; what is left out is counted."""
    data = said.data("describe")

    assert data["iri"] == "https://w3id.org/aidgraph/id/place/653100"
    assert any(fact["evidence"] for fact in data["referred_by"])
    assert len(data["referred_by"]) == min(data["referring_count"], 100)
    assert "Kashgar Prefecture" in said.text("describe")


def test_sparql_is_answered(said: Said) -> None:
    """Nineteen provinces and cities help; the text is the W3C's JSON; triples come as Turtle."""
    (row,) = said.data("sparql")["results"]["bindings"]

    assert int(row["n"]["value"]) >= 19
    assert json.loads(said.text("sparql")) == said.data("sparql")
    assert "喀什地区" in said.data("construct")["turtle"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_as_a_route_tells_it(said: Said, fault: str) -> None:
    """A result that is an error, with the problem's status and a sentence in either language."""
    status = FAULTS[fault][2]
    english, chinese = said.faults[fault, "en"], said.faults[fault, "zh"]

    for result in (english, chinese):
        assert result.is_error
        assert result.structured_content["status"] == status
        assert result.structured_content["type"].startswith("https://w3id.org/aidgraph/problem/")
        assert _text(result) == result.structured_content["detail"]
        assert "Traceback" not in _text(result)
    if fault != "no such language":
        assert _text(english) != _text(chinese)


def test_candidates_are_listed(said: Said) -> None:
    """A name that two things have comes back with both, to be asked with."""
    candidates = said.faults["several called so", "en"].structured_content["candidates"]

    assert {each["curie"] for each in candidates} == {"place:653200", "place:653201"}


def test_a_call_that_is_left_frees_its_worker(server: Served) -> None:
    """Over HTTP, as of any route: a client that leaves costs nothing more."""
    params = {"name": "query_sparql", "arguments": {"sparql": _SLOW}}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
    head = (
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        "Accept: application/json, text/event-stream\r\n"
        f"MCP-Protocol-Version: 2025-06-18\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    host, _, port = server.address.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall((head + body).encode())
        server.wait_for(working=1)
    assert server.wait_for(working=0) < 5


@pytest.mark.parametrize(
    ("body", "status"),
    [("[" * 100_000, 400), ("{}", 400), ('{"a":' * 50_000, 400), ("x" * 300_000, 413), ("", 400)],
)
def test_no_body_breaks_the_route(server: Served, body: str, status: int) -> None:
    """What is no message is refused; the next is answered; only POST is taken."""
    headers = {
        "Content-Type": "application/json",
        "Accept": "application/json, text/event-stream",
    }
    response = server.client.post("/mcp", content=body, headers=headers)

    assert response.status_code == status
    assert server.get("/mcp").status_code == 405
    assert server.get("/health").json()["status"] == "ok"


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 0)])
def test_it_ends_when_it_is_told_to(built_root: Path, number: int, status: int) -> None:
    """Ctrl-C and SIGTERM end it at once, while the client says nothing; its workers as well."""
    with subprocess.Popen(
        [_PROGRAM, *_OPTIONS],
        cwd=built_root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n')
        process.stdin.flush()
        process.stdout.readline()
        process.send_signal(number)

        assert process.wait(10) == status
        # Its workers have its standard error, which ends when the last of them does.
        assert process.stderr
        assert b"Traceback" not in process.stderr.read()
