"""Comunica, a SPARQL client in JavaScript, asks our endpoint as it asks any other.

`npm ci --ignore-scripts` in tests/browser/comunica brings it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from serving import serve

if TYPE_CHECKING:
    from collections.abc import Generator

    from serving import Served

COMUNICA = Path(__file__).parent / "comunica" / "node_modules" / ".bin" / "comunica-sparql"
AID = "PREFIX aid: <https://w3id.org/aidgraph/ont#>"
RDFS = "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        shutil.which("node") is None or not COMUNICA.exists(), reason="Comunica is not installed"
    ),
]


@pytest.fixture(scope="module")
def server(built_root: Path) -> Generator[Served]:
    """A server of the repository's own data."""
    with serve(built_root, "--workers", "2", "--timeout", "60") as served:
        yield served


def _ask(source: str, query: str, media_type: str) -> str:
    done = subprocess.run(
        [str(COMUNICA), source, "-q", query, "-t", media_type],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _rows(source: str, query: str) -> list[dict[str, Any]]:
    found = json.loads(_ask(source, query, "application/sparql-results+json"))
    rows: list[dict[str, Any]] = found["results"]["bindings"]
    return rows


@pytest.mark.parametrize("kind", ["", "sparql@"])
def test_comunica_selects(server: Served, kind: str) -> None:
    """Told that it is an endpoint, or finding that out by the service's description."""
    query = f"{AID} {RDFS} SELECT ?label {{ ?h a aid:Helper ; rdfs:label ?label }}"
    rows = _rows(f"{kind}{server.address}/sparql", query)

    assert {"广东省", "Guangdong Province"} <= {row["label"]["value"] for row in rows}


def test_comunica_asks_and_constructs(server: Served) -> None:
    """A boolean, and triples."""
    source = f"sparql@{server.address}/sparql"
    said = _ask(source, f"{AID} ASK {{ ?h a aid:Helper }}", "application/sparql-results+json")
    turtle = _ask(
        source,
        f"{AID} CONSTRUCT {{ ?h a aid:Helper }} WHERE {{ ?h a aid:Helper }}",
        "application/n-triples",
    )

    assert json.loads(said)["boolean"] is True
    assert turtle.count("ont#Helper> .") >= 19


def test_comunica_joins_two_sources(server: Served) -> None:
    """The endpoint beside a document of it: the same thing in both is one."""
    place = "https://w3id.org/aidgraph/id/place/653100"
    query = (
        f"{RDFS} {AID} SELECT DISTINCT ?label {{ <{place}> rdfs:label ?label ; aid:code ?code }}"
    )
    document = f"{server.address}/data/id/place/653100.ttl"
    done = subprocess.run(
        [str(COMUNICA), f"sparql@{server.address}/sparql", document, "-q", query],
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )

    assert "喀什地区" in done.stdout
