"""What a remote store may do wrong, and what a person is then told.

A small server on loopback does what no real store can be made to do.
"""

from __future__ import annotations

import base64
import http.server
import json
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pytest

from aidgraph.errors import AidgraphError, LimitError, RemoteError, UnreadableError, UsageError
from aidgraph.store.credentials import Credentials, read_credentials
from aidgraph.store.remote import RemoteStore, declare
from aidgraph.terms import GRAPH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

JSON = "application/sparql-results+json"
QUERY = "SELECT ?s { ?s ?p ?o }"
SECRET = "s3cret-word"  # noqa: S105  # it opens nothing


class Reply(NamedTuple):
    """What the server answers; `announced` is the length that it tells, if not the true one."""

    body: str | bytes = ""
    status: int = 200
    media: str = JSON
    headers: Mapping[str, str] = {}
    announced: int | None = None


class Asked(NamedTuple):
    """A request: the SPARQL in it, and its headers."""

    query: str
    headers: Mapping[str, str]


def results(columns: str, *rows: str) -> Reply:
    """Return the solutions of one column, each value an IRI."""
    found = [{columns: {"type": "uri", "value": row}} if row else {} for row in rows]
    return Reply(json.dumps({"head": {"vars": [columns]}, "results": {"bindings": found}}))


PROBED = results("graph", f"{GRAPH}dataset", "")


@contextmanager
def serving(answer: Callable[[Asked], Reply]) -> Iterator[tuple[str, list[Asked]]]:
    """Serve what `answer` gives; yield the address, and the requests so far."""
    asked: list[Asked] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            from urllib.parse import parse_qs

            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            request = Asked(form["query"][0], dict(self.headers))
            asked.append(request)
            reply = answer(request)
            body = reply.body.encode() if isinstance(reply.body, str) else reply.body
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.media)
            self.send_header("Content-Length", str(reply.announced or len(body)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/sparql", asked
        finally:
            server.shutdown()
            thread.join()


def fail(reply: Reply, credentials: Credentials | None = None) -> AidgraphError:
    """Return what is raised where the store answers this to the query itself."""
    with (
        serving(lambda asked: PROBED if GRAPH in asked.query else reply) as (url, _),
        pytest.raises(AidgraphError) as raised,
    ):
        RemoteStore(url, credentials, 2).select(QUERY)
    return raised.value


REFUSALS = {
    "bad query": (Reply("Parse error: line 1\nmore", 400, "text/plain"), "Parse error: line 1"),
    "no password": (Reply("", 401, "text/plain"), "asks who you are"),
    "forbidden": (Reply("", 403, "text/html"), "asks who you are"),
    "wrong path": (Reply("<h1>Not Found</h1>", 404, "text/html"), "no SPARQL endpoint"),
    "fault": (Reply("<html><h1>Out of memory</h1>", 500, "text/html"), "Out of memory"),
    "moved": (Reply("", 302, headers={"Location": "http://elsewhere.example/x"}), "elsewhere"),
    "web page": (Reply("<html>Welcome</html>", media="text/html"), "not with SPARQL results"),
    "other JSON": (Reply('{"ok": true}'), "not with SPARQL results"),
    "half of it": (Reply('{"head": {"vars": ["s"]}, "results": {"bindings": [{"s"'), "broke off"),
    "cut": (Reply('{"head": {', announced=500), "broke off"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_a_refusal_is_one_sentence_in_both_languages(case: str) -> None:
    """It says what is wrong, exits with 6, and has no more of the store's words than one line."""
    reply, said = REFUSALS[case]

    error = fail(reply)

    assert isinstance(error, RemoteError)
    assert error.exit_code == 6
    assert said in error.en
    assert "\n" not in error.en + error.zh
    assert "<" not in error.en
    assert error.zh.endswith("。")


def test_a_store_with_too_little_time_meets_a_limit() -> None:
    """A time-out of ours, of a gateway, and Virtuoso's half answer: exit status 5."""
    late = threading.Event()

    def wait(_: Asked) -> Reply:
        late.wait(5)
        return PROBED

    with serving(wait) as (url, _), pytest.raises(LimitError, match=r"within 0\.2 s"):
        RemoteStore(url, None, 0.2).select(QUERY)
    late.set()
    half = PROBED._replace(headers={"X-SQL-State": "S1TAT"})
    assert isinstance(fail(half), LimitError)
    assert isinstance(fail(Reply("", 504, "text/plain")), LimitError)


def test_nobody_there_is_said_so() -> None:
    """No such host, and no server at the port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(RemoteError, match="Nothing listens"):
        RemoteStore(f"http://127.0.0.1:{port}/", None, 2).select(QUERY)
    with pytest.raises(RemoteError, match="host"):
        RemoteStore("http://no-such-host.invalid/", None, 2).select(QUERY)


def test_a_server_without_tls_is_not_trusted() -> None:
    """An https address at which plain HTTP is spoken."""
    with serving(lambda _: PROBED) as (url, asked):
        with pytest.raises(RemoteError, match="TLS"):
            RemoteStore(url.replace("http:", "https:"), None, 2).select(QUERY)
        assert not asked


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_store_is_asked_again(status: int) -> None:
    """As late as it says, and no more often than five times."""
    replies = [Reply("busy", status, "text/plain", {"Retry-After": "0"})] * 2 + [PROBED]
    with serving(lambda _: replies.pop(0) if len(replies) > 1 else replies[0]) as (url, asked):
        assert RemoteStore(url, None, 5).select(QUERY).rows
        assert len(asked) == 4
    busy = Reply("busy", status, "text/plain", {"Retry-After": "0"})
    with serving(lambda _: busy) as (url, asked), pytest.raises(RemoteError, match=str(status)):
        RemoteStore(url, None, 5).select(QUERY)
    assert len(asked) == 5


def test_a_store_that_is_busy_for_long_is_not_waited_for() -> None:
    """An hour is more than anybody gives an answer."""
    busy = Reply("busy", 503, "text/plain", {"Retry-After": "3600"})
    with serving(lambda _: busy) as (url, asked), pytest.raises(RemoteError, match="later"):
        RemoteStore(url, None, 5).select(QUERY)
    assert len(asked) == 1


def test_an_answer_that_is_cut_is_an_error() -> None:
    """A hundred rows where the store counts 101, and Virtuoso's own word for a limit."""
    count = (
        '{"head":{"vars":["rows"]},"results":{"bindings":'
        '[{"rows":{"type":"literal","value":"%d"}}]}}'
    )

    def answer(asked: Asked, rows: int, there: int, headers: Mapping[str, str]) -> Reply:
        if GRAPH in asked.query:
            return PROBED
        if "COUNT(*)" in asked.query:
            return Reply(count % there)
        return results("s", *["urn:s"] * rows)._replace(headers=headers)

    for rows, headers in ((100, {}), (7, {"X-SPARQL-MaxRows": "7"})):
        for there in (rows, rows + 1):
            with serving(lambda asked: answer(asked, rows, there, headers)) as (url, _):  # noqa: B023
                store = RemoteStore(url, None, 5)
                if there == rows:
                    assert len(store.select(QUERY).rows) == rows
                else:
                    with pytest.raises(LimitError, match=f"{rows} of {there} rows"):
                        store.select(QUERY)


def test_virtuosos_own_ways_are_undone() -> None:
    """An ASK as a row, and a blank node as an IRI-like word."""
    ask = Reply(
        '{"head":{"link":[],"vars":["__ASK_RETVAL"]},"results":{"bindings":[{"__ASK_RETVAL":'
        '{"type":"typed-literal","datatype":"http://www.w3.org/2001/XMLSchema#integer","value":"%s"}}]}}'
    )
    for value in "10":
        reply = ask._replace(body=str(ask.body) % value)
        with serving(lambda asked: PROBED if GRAPH in asked.query else reply) as (url, _):  # noqa: B023
            assert RemoteStore(url, None, 5).ask("ASK {}") is (value == "1")
    blank = Reply(
        '{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type": "bnode", "value": "nodeID://b1"}}]}}'
    )
    with serving(lambda asked: PROBED if GRAPH in asked.query else blank) as (url, _):
        assert str(RemoteStore(url, None, 5).select(QUERY).rows[0][0]) == "_:b1"


def challenge(scheme: str) -> Callable[[Asked], Reply]:
    """Return a store that lets in who answers its challenge."""
    asking = {"WWW-Authenticate": f'{scheme} realm="r", nonce="n", qop="auth"'}

    def answer(asked: Asked) -> Reply:
        sent = asked.headers.get("Authorization", "")
        return PROBED if sent.startswith(scheme) else Reply("who?", 401, "text/plain", asking)

    return answer


@pytest.mark.parametrize("scheme", ["Basic", "Digest"])
def test_a_password_goes_only_in_the_way_that_is_asked_for(scheme: str) -> None:
    """Nothing before the challenge; by Digest never the password itself."""
    with serving(challenge(scheme)) as (url, asked):
        assert RemoteStore(url, Credentials("ann", SECRET), 5).select(QUERY).rows

    sent = [each.headers.get("Authorization", "") for each in asked]
    assert sent[0] == ""
    assert {each.split()[0] for each in sent if each} == {scheme}
    basic = base64.b64encode(f"ann:{SECRET}".encode()).decode()
    assert (f"Basic {basic}" in sent) == (scheme == "Basic")


def test_credentials_follow_no_redirect_and_stand_in_no_message() -> None:
    """A store that sends elsewhere, and one that says back what it was told."""
    credentials = Credentials(token=SECRET)
    with serving(lambda _: PROBED) as (other, asked):
        moved = Reply("", 307, headers={"Location": other})
        assert SECRET not in str(fail(moved, credentials))
    assert not asked
    told = fail(Reply(f"bad token {SECRET}", 500, "text/plain"), credentials)
    assert SECRET not in told.en + told.zh + repr(credentials)
    assert "does not let this user" in str(fail(Reply("", 401), credentials))


def test_credentials_are_read_from_the_environment_or_netrc(tmp_path: Path) -> None:
    """A token before a user, a user before the file; no entry, no credentials."""
    file = tmp_path / "netrc"
    file.write_text(f"machine store.example login ann password {SECRET}\n")
    file.chmod(0o600)
    user = {"AIDGRAPH_USER": "bob", "AIDGRAPH_PASSWORD": "b"}
    url, environ = "https://store.example/sparql", {"NETRC": str(file)}

    assert Credentials("ann", SECRET) == read_credentials(url, environ)
    assert Credentials("bob", "b") == read_credentials(url, environ | user)
    token = read_credentials(url, environ | user | {"AIDGRAPH_TOKEN": "t"})
    assert Credentials(token="t") == token  # noqa: S106  # it is none
    assert read_credentials("https://other.example/", environ) is None


def test_credentials_in_the_wrong_place_are_refused(tmp_path: Path) -> None:
    """In the address, by half, with a line break, or in a file that is no netrc."""
    file = tmp_path / "netrc"
    file.write_text(f"machine store.example password {SECRET} nonsense\n")
    url = "https://store.example/"
    wrong = {
        "address": (f"https://ann:{SECRET}@store.example/", {}),
        "half": (url, {"AIDGRAPH_USER": "ann"}),
        "line break": (url, {"AIDGRAPH_TOKEN": f"{SECRET}\nX: y"}),
        "netrc": (url, {"NETRC": str(file)}),
    }
    for address, environ in wrong.values():
        with pytest.raises((UsageError, UnreadableError)) as raised:
            read_credentials(address, environ)
        assert SECRET not in raised.value.en + raised.value.zh
    for address in ("ftp://x/", "store", "http://", "http://a b/", "http://x:99999/"):
        with pytest.raises(UsageError):
            read_credentials(address, {})


def test_a_prefix_is_declared_once() -> None:
    """RDF4J refuses a query that declares one twice."""
    text = "PREFIX a: <urn:own> SELECT * { a:x b:y ?z }"

    declared = declare(text, {"a": "urn:a", "b": "urn:b", "c": "urn:c"})

    assert declared == f"PREFIX b: <urn:b> {text}"
