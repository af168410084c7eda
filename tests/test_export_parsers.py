"""Every RDF export is read by two parsers that we did not write, to the same canonical hash."""

from __future__ import annotations

import hashlib
import subprocess
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib

from aidgraph.store import Layout
from aidgraph.transfer.export import read_material, write_export
from aidgraph.transfer.formats import ExportFormat
from aidgraph.transfer.merged import ALL, merge
from aidgraph.transfer.scopes import read_lines
from servers.jars import FUSEKI, find_jar, java
from servers.process import UnavailableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from aidgraph.dataset import Dataset

# rdflib warns of its own calls to what it deprecates.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

QUADS, TRIPLES = Layout.QUADS, Layout.TRIPLES
NAMES = {  # how pyoxigraph, rdflib and Jena call a format
    ExportFormat.NQUADS: (ox.RdfFormat.N_QUADS, "nquads", "nquads"),
    ExportFormat.TRIG: (ox.RdfFormat.TRIG, "trig", "trig"),
    ExportFormat.NTRIPLES: (ox.RdfFormat.N_TRIPLES, "nt", "ntriples"),
    ExportFormat.TURTLE: (ox.RdfFormat.TURTLE, "turtle", "turtle"),
    ExportFormat.JSONLD: (ox.RdfFormat.JSON_LD, "json-ld", "jsonld"),
    ExportFormat.RDFXML: (ox.RdfFormat.RDF_XML, "xml", "rdfxml"),
}
CASES = [
    (ExportFormat.NQUADS, QUADS),
    (ExportFormat.NQUADS, TRIPLES),
    (ExportFormat.TRIG, QUADS),
    (ExportFormat.TRIG, TRIPLES),
    (ExportFormat.JSONLD, QUADS),
    (ExportFormat.JSONLD, TRIPLES),
    (ExportFormat.NTRIPLES, TRIPLES),
    (ExportFormat.TURTLE, TRIPLES),
    (ExportFormat.RDFXML, TRIPLES),
]


@cache
def export(dataset: Dataset, form: ExportFormat, layout: Layout) -> bytes:
    """Export all of `dataset` into memory."""
    stream = BytesIO()
    write_export(read_material(dataset, "all", form), form, stream, layout=layout)
    return stream.getvalue()


def hash_quads(quads: Iterable[ox.Quad]) -> str:
    """Return the SHA-256 of the canonical form by RDFC-1.0."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    written = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS) or b""
    lines = written.splitlines(keepends=True)
    return hashlib.sha256(b"".join(sorted(lines))).hexdigest()


def find_expected(dataset: Dataset, form: ExportFormat, layout: Layout) -> str:
    """Return the hash of what the export is to say, from the dataset's own lines."""
    if layout is QUADS:
        return dataset.snapshot
    return hash_merged(dataset, in_graph=form in (ExportFormat.NQUADS, ExportFormat.TRIG))


@cache
def hash_merged(dataset: Dataset, *, in_graph: bool) -> str:
    """Return the hash of the dataset's triples, in the one graph of the merged layout or none."""
    graph = ox.NamedNode(ALL) if in_graph else ox.DefaultGraph()
    lines = b"".join(merge(read_lines(dataset)))
    triples = ox.parse(lines, format=ox.RdfFormat.N_TRIPLES)
    return hash_quads(ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in triples)


def read_by_oxigraph(written: bytes, form: ExportFormat, _: Path) -> Iterator[ox.Quad]:
    """Read with pyoxigraph."""
    return ox.parse(written, format=NAMES[form][0])


def read_by_rdflib(written: bytes, form: ExportFormat, _: Path) -> Iterator[ox.Quad]:
    """Read with rdflib, whose N-Quads keep a text as it was read."""
    dataset = rdflib.Dataset()
    dataset.parse(data=written, format=NAMES[form][1])
    read = dataset.serialize(format="nquads", encoding="utf-8")
    for quad in ox.parse(read, format=ox.RdfFormat.N_QUADS):
        is_default = str(quad.graph_name) == "<urn:x-rdflib:default>"
        yield ox.Quad(*quad.triple) if is_default else quad


def read_by_jena(written: bytes, form: ExportFormat, folder: Path) -> Iterator[ox.Quad]:
    """Read with riot of Apache Jena, which is in the jar of Fuseki."""
    read = run_riot(written, folder, f"--syntax={NAMES[form][2]}", "--output=nquads")
    return ox.parse(read, format=ox.RdfFormat.N_QUADS)


def run_riot(written: bytes, folder: Path, *options: str) -> bytes:
    """Run Jena's parser; it complains of IRIs and literals that look odd, and must not."""
    try:
        command = java("-cp", str(find_jar(FUSEKI)), "riotcmd.riot", *options)
    except UnavailableError as missing:
        pytest.skip(str(missing))
    path = folder / "export"
    path.write_bytes(written)
    ran = subprocess.run([*command, str(path)], capture_output=True, check=True, timeout=300)
    assert not ran.stderr
    return ran.stdout


@pytest.mark.parametrize(
    "read",
    [read_by_oxigraph, read_by_rdflib, pytest.param(read_by_jena, marks=pytest.mark.fuseki)],
)
@pytest.mark.parametrize(("form", "layout"), CASES)
def test_other_peoples_parsers_read_what_left(
    built: Dataset,
    form: ExportFormat,
    layout: Layout,
    read: Callable[[bytes, ExportFormat, Path], Iterator[ox.Quad]],
    tmp_path: Path,
) -> None:
    """What arrives is what left, to the last bit: no triple lost, added or changed."""
    written = export(built, form, layout)

    assert find_expected(built, form, layout) == hash_quads(read(written, form, tmp_path))


def read_annotations(quads: Iterable[ox.Quad]) -> tuple[set[ox.Triple], set[tuple[str, ...]]]:
    """Return the plain triples of Turtle 1.2, and (triple, graph) of each annotation."""
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    reified, graphs, plain = {}, {}, set()
    for subject, predicate, value in (quad.triple for quad in quads):
        if predicate.value == f"{rdf}reifies":
            reified[subject] = value
        elif predicate.value == "https://w3id.org/aidgraph/ont#inGraph":
            graphs[subject] = value
        elif predicate.value != f"{rdf}value":
            plain.add(ox.Triple(subject, predicate, value))
    return plain, {(str(reified[node]), str(graphs[node])) for node in reified}


def check_turtle12(dataset: Dataset, quads: Iterable[ox.Quad]) -> None:
    """Check that annotated triples say what the dataset says, and where."""
    plain, annotations = read_annotations(quads)
    own = list(ox.parse(b"".join(read_lines(dataset)), format=ox.RdfFormat.N_QUADS))

    assert hash_quads(ox.Quad(*quad.triple) for quad in own) == hash_quads(
        ox.Quad(*triple) for triple in plain
    )
    stated = ("https://w3id.org/aidgraph/article/", "https://w3id.org/aidgraph/graph/reference/")
    assert annotations == {
        (str(quad.triple), str(quad.graph_name))
        for quad in own
        if str(quad.graph_name)[1:].startswith(
            (*stated, "https://w3id.org/aidgraph/graph/entities")
        )
        and not str(quad.graph_name).endswith("/inferred>")
    }


def test_oxigraph_reads_turtle_12(built: Dataset) -> None:
    """Each triple that a sentence or source states is annotated with it, and no other one."""
    written = export(built, ExportFormat.TURTLE12, TRIPLES)

    check_turtle12(built, ox.parse(written, format=ox.RdfFormat.TURTLE))


@pytest.mark.fuseki
def test_jena_reads_turtle_12(built: Dataset, tmp_path: Path) -> None:
    """As above."""
    written = export(built, ExportFormat.TURTLE12, TRIPLES)
    read = run_riot(written, tmp_path, "--syntax=turtle", "--output=ntriples")

    check_turtle12(built, ox.parse(read, format=ox.RdfFormat.N_TRIPLES))


def test_turtle_12_shows_the_sentence_at_the_fact(built: Dataset) -> None:
    """Who reads the file sees the words beside what they say."""
    written = export(built, ExportFormat.TURTLE12, TRIPLES).decode()
    (line,) = (each for each in written.split("\n") if "aid:value 525000000 " in each)

    assert "aid:inGraph article:xinjiang-daily-shared-purpose\\/p12.1" in line
    assert '"3年来,北京市共投入援疆资金5.25亿元,助力受援地特色种植养殖产业发展。"' in line
