"""W3C's tests of the SPARQL Protocol, the Service Description and the Graph Store Protocol.

Of the Protocol all that query; of the Graph Store Protocol all that read, on the state that the
writes before would have left: each state is put in place as a build would, while the server runs.
"""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
import pytest

from conftest import make_small_project
from serving import put_quads, serve
from w3c_queries import SUITE

if TYPE_CHECKING:
    from collections.abc import Generator

    import httpx

    from aidgraph.project import Project
    from serving import Served

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
HT = "http://www.w3.org/2011/http#"
CNT = "http://www.w3.org/2011/content#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
SD = "http://www.w3.org/ns/sparql-service-description#"
HOST = "www.example"
CODES = {"OK": 200, "NotFound": 404}
NEEDS_A_WRITE = {"post_get_new_graph": "the graph's name is what the write answers"}
FORMATS = {
    "boolean": ("application/sparql-results+json", "application/sparql-results+xml"),
    "tabular": ("application/sparql-results+json", "application/sparql-results+xml", "text/csv"),
    "RDF": ("text/turtle", "application/n-triples", "application/rdf+xml"),
}


class Exchange(NamedTuple):
    """A request of a test, and what its response must be."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    statuses: tuple[str, ...]
    format: str | None
    boolean: str | None
    expected: str | None


class Manifest:
    """A manifest, read: its tests, each with its requests and data."""

    def __init__(self, name: str) -> None:
        """Read the manifest `name` of the suite."""
        path = SUITE / name
        self.said: dict[str, dict[str, list[Any]]] = {}
        for quad in ox.parse(path=str(path), base_iri=path.as_uri()):
            values = self.said.setdefault(str(quad.subject), {})
            values.setdefault(quad.predicate.value, []).append(quad.object)

    def tests(self, kind: str) -> dict[str, list[Exchange]]:
        """Return the requests of each test of a kind, by the test's name."""
        found = {}
        for subject, values in self.said.items():
            if any(each.value == MF + kind for each in values.get(RDF + "type", [])):
                action = self._one(values, MF + "action")
                requests = self._list(self.said[str(action)][HT + "requests"][0])
                found[subject.rpartition("#")[2].strip("<>")] = [
                    self._exchange(self.said[str(each)]) for each in requests
                ]
        return found

    def graphs(self, test: str) -> list[ox.Quad]:
        """Return the data that a test of the Protocol asks for."""
        [values] = [v for s, v in self.said.items() if s.endswith(f"#{test}>")]
        quads = []
        for node in values.get(UT + "graphData", []):
            described = self.said[str(node)]
            file = Path(described[UT + "graph"][0].value.removeprefix("file://"))
            name = ox.NamedNode(described[LABEL][0].value)
            quads += [_place(triple, name) for triple in _parse(file.read_text("utf-8"))]
        return quads

    def _exchange(self, values: dict[str, list[Any]]) -> Exchange:
        response = self.said[str(self._one(values, HT + "resp"))]
        fields = self._list(values[HT + "headers"][0]) if HT + "headers" in values else []
        headers = {
            self.said[str(each)][HT + "fieldName"][0].value: self.said[str(each)][
                HT + "fieldValue"
            ][0].value
            for each in fields
        }
        content = self._body(values)
        return Exchange(
            method=values[HT + "methodName"][0].value,
            path=values[HT + "absolutePath"][0].value,
            headers=headers,
            body=content[0].encode(content[1]) if content else b"",
            statuses=tuple(
                each.value.rpartition("#")[2] for each in response[MF + "expectedStatus"]
            ),
            format=getattr(self._one(response, MF + "expectedFormat"), "value", None),
            boolean=getattr(self._one(response, MF + "expectedBoolean"), "value", None),
            expected=(self._body(response) or (None,))[0],
        )

    def _body(self, values: dict[str, list[Any]]) -> tuple[str, str] | None:
        node = self._one(values, HT + "body")
        if node is None:
            return None
        content = self.said[str(node)]
        return content[CNT + "chars"][0].value, content[CNT + "characterEncoding"][0].value

    def _one(self, values: dict[str, list[Any]], key: str) -> Any:  # noqa: ANN401  # any term
        return next(iter(values.get(key, [])), None)

    def _list(self, node: Any) -> list[Any]:  # noqa: ANN401  # any term
        found = []
        while str(node) in self.said and RDF + "first" in self.said[str(node)]:
            found.append(self.said[str(node)][RDF + "first"][0])
            node = self.said[str(node)][RDF + "rest"][0]
        return found


PROTOCOL = Manifest("protocol/manifest.ttl")
QUERYING = {n: e for n, e in PROTOCOL.tests("ProtocolTest").items() if "update" not in n}
READING = {
    **Manifest("graph-store-protocol/manifest-direct.ttl").tests("GraphStoreProtocolTest"),
    **Manifest("graph-store-protocol/manifest-indirect.ttl").tests("GraphStoreProtocolTest"),
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project whose dataset each test puts in place."""
    made = make_small_project(tmp_path_factory.mktemp("protocol") / "small")
    put_quads(made, [])
    return made


@pytest.fixture(scope="module")
def server(project: Project) -> Generator[Served]:
    """A server that goes by the suite's name, too."""
    with serve(project.root, "--allow-host", HOST) as served:
        yield served


def test_the_suites_are_whole() -> None:
    """Twenty tests of the Protocol query; fourteen are of the Graph Store."""
    assert len(QUERYING) == 20
    assert len(READING) == 14


@pytest.mark.parametrize("name", QUERYING)
def test_the_protocol_is_kept(project: Project, server: Served, name: str) -> None:
    """Each request gets a status of the class, a format of the kind, and the answer expected."""
    _take_over(server, put_quads(project, PROTOCOL.graphs(name)))
    for exchange in QUERYING[name]:
        response = _send(server, exchange, exchange.path.replace("/sparql/", "/sparql", 1))

        assert any(f"StatusCode{response.status_code // 100}xx" == s for s in exchange.statuses)
        if exchange.format:
            assert response.headers["content-type"].partition(";")[0] in FORMATS[exchange.format]
        if exchange.boolean:
            assert (exchange.boolean == "true") is response.json()["boolean"]


@pytest.mark.parametrize("name", [name for name in READING if name not in NEEDS_A_WRITE])
def test_graphs_are_read(project: Project, server: Served, name: str) -> None:
    """What the writes of a test leave is read as the test expects, whichever way it is named."""
    state: dict[str, set[ox.Triple]] = {}
    reads = 0
    for exchange in READING[name]:
        if exchange.method in ("GET", "HEAD"):
            reads += 1
            _take_over(server, put_quads(project, _quads(state)))
            response = _send(server, exchange, exchange.path.replace("/gsp", "/graphs", 1))
            assert response.status_code in [CODES[each] for each in exchange.statuses]
            if exchange.expected is not None and response.status_code == CODES["OK"]:
                assert _canonical(_parse(exchange.expected)) == _canonical(_parse(response.text))
        else:
            _write(state, exchange)
    assert reads


def test_the_service_describes_itself(server: Served) -> None:
    """GET on the endpoint returns RDF that says sd:endpoint of this very address."""
    response = server.client.get("/sparql", headers={"Accept": "text/turtle"})
    triples = set(ox.parse(response.text, format=ox.RdfFormat.TURTLE))

    said = {(str(quad.predicate), str(quad.object)) for quad in triples}
    assert (f"<{SD}endpoint>", f"<{server.address}/sparql>") in said
    assert (f"<{RDF}type>", f"<{SD}Service>") in said


def test_the_description_conforms_to_its_schema(server: Served) -> None:
    """A service has one endpoint; languages, features, formats and datasets are IRIs as defined."""
    response = server.client.get("/sparql", headers={"Accept": "application/n-triples"})
    triples = [quad.triple for quad in ox.parse(response.text, format=ox.RdfFormat.N_TRIPLES)]
    known = {
        "endpoint",
        "supportedLanguage",
        "feature",
        "resultFormat",
        "defaultDataset",
        "defaultGraph",
    }
    used = [t for t in triples if t.predicate.value.startswith(SD)]

    assert {t.predicate.value.removeprefix(SD) for t in used} <= known
    assert all(isinstance(t.object, ox.NamedNode) for t in used)
    [endpoint] = [t for t in used if t.predicate.value == f"{SD}endpoint"]
    datasets = [t.object for t in used if t.predicate.value == f"{SD}defaultDataset"]
    assert any(t.subject == endpoint.subject and t.object.value == f"{SD}Service" for t in triples)
    assert any(t.subject in datasets and t.object.value == f"{SD}Dataset" for t in triples)


def _send(server: Served, exchange: Exchange, path: str) -> httpx.Response:
    headers = {"Host": HOST, **exchange.headers}
    return server.client.request(
        exchange.method, f"{server.address}{path}", headers=headers, content=exchange.body
    )


def _take_over(server: Served, snapshot: str) -> None:
    """Wait until the server has looked at the pointer again."""
    for _ in range(100):
        if server.get("/health").json()["snapshot"] == snapshot:
            return
        time.sleep(0.05)
    pytest.fail("the new dataset was not taken over")


def _write(state: dict[str, set[ox.Triple]], exchange: Exchange) -> None:
    name = _graph_of(exchange.path)
    if exchange.method == "DELETE":
        state.pop(name, None)
        return
    before = state.get(name, set()) if exchange.method == "POST" else set()
    text = exchange.body.decode()
    if "multipart" in exchange.headers.get("content-type", ""):
        parts = re.findall(r"text/turtle[^\n]*\n\s*\n(.*?)\n\s*--", text, re.DOTALL)
        assert parts
    else:
        parts = [text]
    state[name] = before.union(*(_parse(part) for part in parts))


def _graph_of(path: str) -> str:
    given = parse_qs(urlsplit(path).query, keep_blank_values=True)
    if "default" in given:
        return ""
    return (
        given["graph"][0] if "graph" in given else f"http://{HOST}{path}".replace("/gsp", "/graphs")
    )


def _quads(state: dict[str, set[ox.Triple]]) -> list[ox.Quad]:
    return [
        _place(triple, ox.NamedNode(name) if name else ox.DefaultGraph())
        for name, triples in state.items()
        for triple in triples
    ]


def _place(triple: ox.Triple, graph: ox.NamedNode | ox.DefaultGraph) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _parse(text: str) -> set[ox.Triple]:
    parser = ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=f"http://{HOST}/")
    return {quad.triple for quad in parser}


def _canonical(triples: set[ox.Triple]) -> set[str]:
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}
