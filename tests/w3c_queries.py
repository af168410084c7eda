"""W3C's tests of SPARQL 1.1 queries; where they are from: `data/w3c/README.md`."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

SUITE = Path(__file__).parent / "data" / "w3c" / "sparql11"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

POSITIVE = ("PositiveSyntaxTest11", "QueryEvaluationTest", "CSVResultFormatTest")


def query_tests() -> list[tuple[Path, list[ox.Quad]]]:
    """Return each positive test: its query's file, and its data."""
    found = []
    for manifest in sorted(SUITE.glob("*/manifest.ttl")):
        said: dict[str, dict[str, list[str]]] = {}
        for quad in ox.parse(path=str(manifest), base_iri=manifest.parent.as_uri() + "/"):
            values = said.setdefault(str(quad.subject), {}).setdefault(quad.predicate.value, [])
            values.append(getattr(quad.object, "value", ""))
        for test in said.values():
            [kind] = test.get(RDF_TYPE, [""])[:1]
            if kind.removeprefix(MF) in POSITIVE:
                [action] = test[MF + "action"]
                parts = said.get(f"_:{action}", {QT + "query": [action]})
                found.append((_path(parts[QT + "query"][0]), _data(parts)))
    return found


def _data(parts: dict[str, list[str]]) -> list[ox.Quad]:
    files = [(iri, "") for iri in parts.get(QT + "data", [])]
    files += [(iri, iri) for iri in parts.get(QT + "graphData", []) if iri.startswith("file:")]
    store = ox.Store()
    for iri, graph in files:
        name = ox.NamedNode(graph) if graph else ox.DefaultGraph()
        store.load(path=str(_path(iri)), base_iri=iri, to_graph=name)
    return list(store)


def _path(iri: str) -> Path:
    return Path(iri.removeprefix("file://"))
