"""What is stored is shown as the letters that it is: in pages, in pictures, in spreadsheets.

Every label of the dataset carries markup, and a thing refers to addresses that would run.
"""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from aidgraph.terms import BASE, RDFS_LABEL
from conftest import make_small_project
from pages_args import Page
from serving import put_quads, serve

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from aidgraph.dataset import Dataset
    from serving import Served

FORMULA = '=HYPERLINK("http://a.example")'
MARKUP = '"><img src=x onerror=alert(1)></script><script>alert(1)</script><a href=javascript:alert>'
GUANGDONG = ox.NamedNode(f"{BASE}id/place/440000")
ADDRESSES = ("javascript:alert(1)", "data:text/html,%3Cscript%3E", "vbscript:x")
PAGES = (
    "/",
    "/q/who-helps-whom?_why=1",
    "/q/goods-on-the-move",
    "/q/projects-of-helper?helper=370000",
    "/q/sums-of-aid?_why=1",
    "/q/helpers-of-area?area=653100&_why=2",
    "/page/id/place/440000",
    "/page/ont",
    "/page/article/xinjiang-daily-shared-purpose",
    "/search?q=440000",
    "/search?q=img&_view=all",
    "/sparql?query=SELECT * { <https://w3id.org/aidgraph/id/place/440000> ?p ?o }&_why=1",
)


def spoil(quads: Iterable[ox.Quad]) -> Generator[ox.Quad]:
    """Yield `quads` with markup in every label, and the addresses beside what is known."""
    for quad in quads:
        told = quad.object
        if quad.predicate == RDFS_LABEL and isinstance(told, ox.Literal) and told.language:
            literal = ox.Literal(f"{FORMULA}{told.value}{MARKUP}", language=told.language)
            yield ox.Quad(quad.subject, quad.predicate, literal, quad.graph_name)
        else:
            yield quad
    for number, address in enumerate(ADDRESSES):
        graph = ox.NamedNode(f"urn:markup:{number}")
        yield ox.Quad(GUANGDONG, ox.NamedNode("urn:seeAlso"), ox.NamedNode(address), graph)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, built: Dataset) -> Generator[Served]:
    """A server of the repository's own data, spoilt."""
    project = make_small_project(tmp_path_factory.mktemp("markup") / "small")
    quads = [quad for part in built.parts() for quad in ox.parse(path=part)]
    put_quads(project, spoil(quads), built.manifest.counts)
    with serve(project.root, "--workers", "1") as served:
        yield served


@pytest.mark.parametrize("path", PAGES)
def test_markup_in_what_is_stored_is_inert(server: Served, path: str) -> None:
    """No element, handler or address of a label's: not even in the data of a picture."""
    response = server.get(path, "text/html")
    page = Page(response.text)

    assert response.status_code == 200
    assert "HYPERLINK" in response.text
    assert "img" not in [tag for tag, _ in page.elements]
    names = {name for _, each in page.elements for name in each}
    assert not {name for name in names if name.startswith("on")}
    addresses = page.attributes("a", "href") + page.attributes("script", "src")
    assert not [each for each in addresses if not each.startswith(("/", "#"))]
    scripts = [each for tag, each in page.elements if tag == "script"]
    assert all("src" in each or each["type"] == "application/json" for each in scripts)


def test_a_formula_in_what_is_stored_is_a_text(server: Served) -> None:
    """A label that begins with = is the text that it is in the spreadsheet that is downloaded."""
    body = server.get("/q/who-helps-whom.xlsx").content

    with zipfile.ZipFile(io.BytesIO(body)) as book:
        sheets = [book.read(name).decode() for name in book.namelist() if "worksheets" in name]
        parts = "".join(book.read(name).decode() for name in book.namelist())
    assert "=HYPERLINK(" in parts
    assert sheets
    assert not any(re.search(r"<f[ >]", sheet) for sheet in sheets)
