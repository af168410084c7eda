"""Nothing from outside reaches out, reads a file, writes, becomes syntax, or kills the server."""

from __future__ import annotations

import http.client
import socket
import threading
from typing import TYPE_CHECKING

import pytest

from serving import serve
from test_injection import PARAMETERS, VECTORS

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from serving import Served

DEPTH = 20_000


def crash(depth: int) -> dict[str, str]:
    """Return queries of the shapes that end the process that reads them."""
    return {
        "groups": f"ASK {{ {'{' * depth}{'}' * depth} }}",
        "lists": f"ASK {{ ?s ?p {'(' * depth}{')' * depth} }}",
        "not": f"ASK {{ FILTER({'!' * depth}true) }}",
        "plus": f"ASK {{ FILTER({'+' * depth}1) }}",
        "path": f"ASK {{ ?s {'^(' * depth}<urn:p>{')' * depth} ?o }}",
        "unions": f"ASK {{ {' UNION '.join(['{}'] * depth)} }}",
    }


CRASHES, SHORTER = crash(DEPTH), crash(4_000)
SPELLINGS = (
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ service silent <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SeRvIcE SILENT <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERV\\u0049CE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ \\u0053ERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERV\\U00000049CE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ FILTER NOT EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "SELECT * {{ BIND(<{0}> AS ?e) SERVICE ?e {{ ?s ?p ?o }} }}",
    "SELECT * {{ {{ SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }} }}",
    "SELECT * {{ SERVICE# a remark\n<{0}> {{ ?s ?p ?o }} }}",
    "PREFIX s: <{0}> SELECT * {{ OPTIONAL {{ SERVICE s: {{ ?s ?p ?o }} }} }}",
    "ASK {{ ?s ?p ?o MINUS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "DESCRIBE ?s {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
)
UPDATES = (
    "DROP ALL",
    "CLEAR DEFAULT",
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "PREFIX a: <urn:a> DELETE WHERE { ?s ?p ?o }",
    "LOAD <{0}>",
    "LOAD SILENT <{0}> INTO GRAPH <urn:g>",
    "LOAD <file:///etc/passwd>",
    "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
    "CREATE GRAPH <urn:g>",
    "COPY DEFAULT TO <urn:g>",
)
TRAVERSALS = (
    "/static/../app.py",
    "/static/%2e%2e/app.py",
    "/static/..%2fapp.py",
    "/built/%2e%2e/app.py",
    "/dump/..%2f..%2fcurrent",
    "/dump/aidgraph.nq%00",
    "/q/..%2f..%2fpyproject.json",
    "/q/%2e%2e%2fchecks.json",
    "/data/../../../etc/passwd.ttl",
    "/data/%2e%2e/%2e%2e/etc/passwd.ttl",
)


@pytest.fixture(scope="module")
def server(built_root: Path) -> Generator[Served]:
    """A server of the repository's own data."""
    with serve(built_root, "--workers", "2", "--log") as served:
        yield served


@pytest.fixture(scope="module")
def trap() -> Generator[tuple[str, list[str]]]:
    """An address that nobody should ever call, and who did."""
    callers: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def listen() -> None:
            while True:
                try:
                    connection, caller = listener.accept()
                except OSError:
                    return
                callers.append(str(caller))
                connection.close()

        threading.Thread(target=listen, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/x", callers
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_no_query_calls_elsewhere(
    server: Served, trap: tuple[str, list[str]], spelling: str
) -> None:
    """SERVICE is refused however it is written; no connection is made."""
    address, callers = trap
    response = server.ask(spelling.format(address))

    assert response.status_code == (400 if "\\" in spelling else 403)
    assert not callers


@pytest.mark.parametrize("update", UPDATES)
def test_no_update_is_done(server: Served, trap: tuple[str, list[str]], update: str) -> None:
    """As query, as update, in a form, in the body, behind a query: refused, and nothing changes."""
    address, callers = trap
    text = update.replace("{0}", address)
    before = server.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text
    kinds = {"Content-Type": "application/sparql-update"}
    refused = [
        server.ask(text),
        server.get("/sparql", update=text),
        server.client.post("/sparql", data={"query": text}),
        server.client.post("/sparql", data={"update": text}),
        server.client.post("/sparql", content=text, headers=kinds),
    ]
    behind = [server.ask(f"ASK {{}} ; {text}"), server.ask(f"ASK {{}} {text}")]

    assert [each.status_code for each in refused] == [403] * 5
    assert [each.status_code for each in behind] == [400] * 2
    assert before == server.ask("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").text
    assert not callers


def test_no_file_is_read(server: Served, tmp_path: Path, trap: tuple[str, list[str]]) -> None:
    """FROM and the protocol's parameters name graphs of the dataset, never files or addresses."""
    address, callers = trap
    file = tmp_path / "secret.ttl"
    file.write_text("<urn:secret> <urn:p> <urn:o> .", encoding="utf-8")
    for iri in (file.as_uri(), address, "http://169.254.169.254/latest/"):
        for response in (
            server.ask(f"SELECT * FROM <{iri}> {{ ?s ?p ?o }}"),
            server.ask(f"SELECT * FROM NAMED <{iri}> {{ GRAPH ?g {{ ?s ?p ?o }} }}"),
            server.ask("SELECT * { ?s ?p ?o }", **{"default-graph-uri": iri}),
            server.ask("SELECT * { GRAPH ?g { ?s ?p ?o } }", **{"named-graph-uri": iri}),
        ):
            assert response.json()["results"]["bindings"] == []
        assert server.get("/graphs", graph=iri).status_code == 404
    assert not callers


@pytest.mark.parametrize("shape", CRASHES)
def test_no_query_crashes_the_server(server: Served, shape: str) -> None:
    """Refused as too long or too deep, before anything recursive reads it; no worker dies."""
    workers = server.workers()
    for query in (CRASHES[shape], SHORTER[shape]):
        response = server.client.post("/sparql", data={"query": query})
        assert response.status_code in (413, 422)
    assert workers == server.workers()


@pytest.mark.parametrize(
    "query", ["CONSTRUCTWHERE { ?s ?p 1 }", "SELECTDISTINCT * { ?s ?p ?o }", "ASKWHERE {}"]
)
def test_no_form_is_read_out_of_a_longer_word(server: Served, query: str) -> None:
    """The engine would read two words there, and the limit on rows would not hold."""
    response = server.ask(query)

    assert response.status_code == 400
    assert response.json()["type"].endswith("/bad-request")


def test_no_value_becomes_syntax(server: Served) -> None:
    """Sixty vectors a type of parameter: a value that is none, or nothing found; never a fault.

    That the query's tree stays the same is judged in test_injection.
    """
    for question, parameter in PARAMETERS.values():
        required = {p.name: p.example for p in question.parameters if not p.optional}
        for vector in VECTORS[::7]:
            given = required | {parameter.name: vector}
            response = server.get(f"/q/{question.name}.json", **given)
            assert response.status_code in (200, 400, 404), (question.name, vector)


@pytest.mark.parametrize("path", TRAVERSALS)
def test_no_path_leads_out(server: Served, path: str) -> None:
    """What is no route is not found, however its dots and slashes are written."""
    connection = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=20)
    connection.request("GET", path)  # which does not tidy the path
    response = connection.getresponse()
    body = response.read()
    connection.close()

    assert response.status in (303, 404)
    assert b"root:" not in body
    assert b"Starlette" not in body


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example"]
)
def test_other_names_are_no_way_in(server: Served, host: str) -> None:
    """A page elsewhere whose name leads to this machine gets nothing."""
    response = server.client.get("/health", headers={"Host": host})

    assert response.status_code == 400
    assert "snapshot" not in response.text


def test_any_page_may_read(server: Served) -> None:
    """CORS lets other origins read, without credentials; a preflight is answered."""
    read = server.client.get("/health", headers={"Origin": "https://a.example"})
    asked = server.client.options(
        "/sparql",
        headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"},
    )

    assert read.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in read.headers
    assert asked.status_code == 204
    assert "POST" in asked.headers["access-control-allow-methods"]
    assert "DELETE" not in asked.headers["access-control-allow-methods"]


@pytest.mark.parametrize("path", ["/", "/q/helpers-of-area", "/nothing", "/sparql", "/health"])
def test_pages_run_nothing_from_elsewhere(server: Served, path: str) -> None:
    """Every response forbids inline scripts, guessing of types, and frames; faults as well."""
    for accept in ("text/html", "application/json"):
        headers = server.get(path, accept).headers

        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["x-content-type-options"] == "nosniff"


def test_the_log_keeps_no_secret(built_root: Path) -> None:
    """A line has method, path, status and time; not what was asked, nor who asked, nor a break."""
    with serve(built_root, "--workers", "1", "--log") as served:
        headers = {"Authorization": "Bearer s3cret-token", "Cookie": "c=s3cret-cookie"}
        served.client.get("/q/agreements.json?_lang=s3cret-query", headers=headers)
        served.client.get("/nothing%0AGET%20/forged%20200")
        served.process.terminate()
        assert served.process.stderr is not None
        log = served.process.stderr.read()

    assert "s3cret" not in log
    assert "GET /q/agreements.json 200" in log
    assert not any(line.startswith("GET /forged") for line in log.splitlines())


def test_a_head_without_end_is_dropped(server: Served) -> None:
    """Headers that go on and on get 400 and the end of the connection; others are served."""
    host, _, port = server.address.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
        sent = 0
        try:
            while sent < 5_000_000:
                connection.sendall(f"X-{sent}: {'x' * 60_000}\r\n".encode())
                sent += 60_000
        except OSError:
            pass
        assert sent < 5_000_000
    assert server.get("/health").status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sparql?query=ASK%20%7B%7D&query=ASK%20%7B%7D", 400),
        ("/sparql?query=%FF", 400),
        ("/sparql?query=%zz", 400),
        ("/sparql?query=ASK%20%7B%7D&_nonsense=1", 400),
        ("/sparql?query=ASK%20%7B%7D&_timelimit=nan", 400),
        ("/sparql?query=ASK%20%7B%7D&default-graph-uri=x%20y", 400),
        ("/sparql?" + "&".join(f"a{n}=1" for n in range(200)), 400),
        ("/q/agreements.json?_page=0", 400),
        ("/q/agreements.json?_page=999", 400),
        ("/q/agreements.json?_nonsense=1", 400),
        ("/q/agreements.json?nonsense=1", 400),
        ("/q/agreements.exe", 404),
        ("/q/nothing", 404),
        (f"/q/{'long' * 100}", 404),
        (f"/id/place/{'long' * 100}", 303),
        (f"/data/id/place/{'long' * 100}.ttl", 404),
        (f"/dump/{'long' * 100}.nq", 404),
        ("/id/place/nothing-at-all", 303),
        ("/data/id/place/nothing-at-all.ttl", 404),
        ("/data/id/place/%22%3E%3C.ttl", 404),
        ("/graphs", 400),
        ("/graphs?graph=a&default", 400),
        ("/graphs?graph=nothing", 400),
        ("/search", 400),
        ("/complete?q=a&limit=x", 400),
        ("/complete?q=a&type=aid:%3E", 400),
        ("/dump/other.nq", 404),
    ],
)
def test_bad_requests_are_told_what_is_wrong(server: Served, path: str, status: int) -> None:
    """A problem in JSON with type, title, status and a sentence; in Chinese where that is asked."""
    english = server.client.get(path)
    chinese = server.client.get(path, headers={"Accept-Language": "zh-CN"})

    assert english.status_code == status
    if status != 303:
        assert english.headers["content-type"] == "application/problem+json"
        assert english.json()["status"] == status
        assert english.json()["type"].startswith("https://w3id.org/aidgraph/problem/")
        assert english.json()["detail"] != chinese.json()["detail"]


def test_every_status_of_the_table_is_given(server: Served) -> None:
    """405 with Allow, 406 with offers, 409 with candidates, 413, 415, line and column at 400."""
    method = server.client.request("PUT", "/sparql")
    format_ = server.ask("ASK {}", "image/png")
    several = server.get("/q/helpers-of-area.json", area="خوتەن")
    long = server.client.post("/sparql", data={"query": f"ASK {{}} #{'x' * 70_000}"})
    longer = server.client.post(
        "/sparql", content=b"x" * 300_000, headers={"Content-Type": "application/sparql-query"}
    )
    media = server.client.post("/sparql", content="ASK {}", headers={"Content-Type": "text/plain"})
    syntax = server.ask("SELECT *\n{ ?s & ?o }")

    assert method.status_code == 405
    assert {*method.headers["allow"].split(", ")} == {"GET", "HEAD", "POST"}
    assert (format_.status_code, "offers" in format_.json()) == (406, True)
    assert (long.status_code, longer.status_code) == (413, 413)
    assert media.status_code == 415
    assert (syntax.status_code, syntax.json()["line"], syntax.json()["column"]) == (400, 2, 6)
    assert several.status_code == 409
    assert len(several.json()["candidates"]) > 1


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/sparql?query=SELECT%20*%20%7B", 400),
        ("/sparql?update=CLEAR%20ALL", 403),
        ("/sparql?query=ASK%20%7B%20SERVICE%20%3Curn:x%3E%20%7B%7D%20%7D", 403),
        ("/q/nothing", 404),
        ("/nothing", 404),
        ("/dump/aidgraph.nq", 405),
        ("/q/helpers-of-area?area=%E5%92%8C%E7%94%B0", 409),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_browser_gets_a_page_of_a_fault(
    server: Served, path: str, status: int, language: str
) -> None:
    """With the status, in its language, with a sentence, and a way on; no traceback."""
    method = "DELETE" if status == 405 else "GET"
    headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": language}
    response = server.client.request(method, path, headers=headers)

    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in response.text
    assert 'class="fault"' in response.text
    assert 'href="/' in response.text
    assert "Traceback" not in response.text
