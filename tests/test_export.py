"""Export: N-Quads that hash to the snapshot, the same bytes each time, the rights in every form."""

from __future__ import annotations

import gzip
import hashlib
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import zstandard

from aidgraph.errors import NotFoundError, UsageError
from aidgraph.store import Layout
from aidgraph.transfer.export import read_material, write_export
from aidgraph.transfer.formats import (
    Compression,
    ExportFormat,
    Target,
    choose_layout,
    choose_target,
)
from aidgraph.transfer.merged import split_line
from aidgraph.transfer.packing import pack
from aidgraph.transfer.scopes import read_lines

if TYPE_CHECKING:
    from aidgraph.dataset import Dataset

TEXTS = [form for form in ExportFormat if form is not ExportFormat.PARQUET]
CC_BY = "https://creativecommons.org/licenses/by/4.0/"


def export(
    dataset: Dataset, form: ExportFormat, scope: str = "all", layout: Layout | None = None
) -> bytes:
    """Export `dataset` into memory."""
    stream = BytesIO()
    write_export(read_material(dataset, scope, form), form, stream, layout=layout)
    return stream.getvalue()


def test_nquads_hash_to_the_snapshot(built: Dataset) -> None:
    """`sha256sum` of the export is the snapshot, and its lines are sorted and all there."""
    written = export(built, ExportFormat.NQUADS)
    lines = written.splitlines(keepends=True)

    assert built.snapshot == hashlib.sha256(written).hexdigest()
    assert sorted(lines) == lines
    assert built.manifest.counts["quads"] == len(lines)


@pytest.mark.parametrize("form", ExportFormat)
def test_an_export_is_the_same_each_time(built: Dataset, form: ExportFormat) -> None:
    """The order depends on the content alone, so that two exports can be compared by diff."""
    assert export(built, form) == export(built, form)


@pytest.mark.parametrize("form", TEXTS)
def test_the_articles_own_rights_are_in_every_export(built: Dataset, form: ExportFormat) -> None:
    """Whose the text is stands in the file, for the whole or with each article."""
    said = export(built, form).decode()

    assert "belong" in said
    assert "版权归其发布单位所有" in said


@pytest.mark.parametrize("form", [form for form in TEXTS if form is not ExportFormat.CSV])
@pytest.mark.parametrize("scope", ["all", "article:small", "ontology", "reference", "queries"])
def test_the_licence_is_in_every_scope(
    small_dataset: Dataset, form: ExportFormat, scope: str
) -> None:
    """A part of the dataset says as the whole does under which licence it may be used."""
    assert CC_BY in export(small_dataset, form, scope).decode()


@pytest.mark.parametrize(
    ("scope", "graphs"),
    [
        ("article:small", {"article/small", "article/small/p2.1", "article/small/entities"}),
        ("ontology", {"graph/ontology", "graph/shapes"}),
        ("queries", {"graph/queries"}),
    ],
)
def test_a_scope_has_its_graphs_and_the_description(
    small_dataset: Dataset, scope: str, graphs: set[str]
) -> None:
    """An article brings its record, names, sentences and what follows from them."""
    found = {split_line(line)[1] for line in read_lines(small_dataset, scope)}

    expected = {f"https://w3id.org/aidgraph/{graph}" for graph in (*graphs, "graph/dataset")}
    inferred = {"https://w3id.org/aidgraph/article/small/inferred"}
    assert expected == found - inferred
    assert (scope == "article:small") == (inferred < found)


def test_reference_data_is_a_scope(small_dataset: Dataset) -> None:
    """Each cited source is there, and nothing of an article."""
    found = {
        split_line(line)[1].rpartition("/")[0] for line in read_lines(small_dataset, "reference")
    }

    root = "https://w3id.org/aidgraph/graph"
    assert {root, f"{root}/reference"} == found


def test_an_article_that_is_not_there_is_told_with_the_nearest(built: Dataset) -> None:
    """A slip in a long name is found."""
    with pytest.raises(NotFoundError, match="The nearest: xinjiang-daily-every-blade") as caught:
        read_material(built, "article:xinjiang-daily-evry-blade", ExportFormat.TURTLE)

    assert "最接近的有：xinjiang-daily-every-blade" in caught.value.zh


def test_a_scope_that_is_not_there_is_told(built: Dataset) -> None:
    """The message lists the scopes."""
    with pytest.raises(UsageError, match="give one of all, article:ID, ontology, queries, ref"):
        read_material(built, "articles", ExportFormat.TURTLE)


@pytest.mark.parametrize(
    ("name", "file", "target"),
    [
        (None, None, Target(ExportFormat.TURTLE)),
        (None, "-", Target(ExportFormat.TURTLE)),
        (None, "a.nq", Target(ExportFormat.NQUADS)),
        (None, "a.b.TTL", Target(ExportFormat.TURTLE)),
        (None, "a.nt.gz", Target(ExportFormat.NTRIPLES, Compression.GZIP)),
        (None, "a.trig.zst", Target(ExportFormat.TRIG, Compression.ZSTD)),
        ("nquads", "a", Target(ExportFormat.NQUADS)),
        ("turtle12", "a.ttl", Target(ExportFormat.TURTLE12)),
        ("jsonld", "a.gz", Target(ExportFormat.JSONLD, Compression.GZIP)),
        ("rdf", "a.owl", Target(ExportFormat.RDFXML)),
        (None, "a.csv", Target(ExportFormat.CSV)),
        (None, "a.zip", Target(ExportFormat.CSV, archive=True)),
        ("parquet", "a.zip", Target(ExportFormat.PARQUET, archive=True)),
        ("csv", "no-such-folder", Target(ExportFormat.CSV, folder=True)),
    ],
)
def test_option_and_suffix_choose_the_format(
    name: str | None, file: str | None, target: Target
) -> None:
    """The option decides, else the suffix, below one that says how the file is packed."""
    assert target == choose_target(name, Path(file) if file else None)


@pytest.mark.parametrize(
    ("name", "file", "said"),
    [
        ("ttl", "a.nq", "-f asks for ttl, the name a.nq for something else"),
        ("nq", "a.ttl.gz", "-f asks for nq, the name a.ttl.gz for something else"),
        ("ttl", "a.zip", "-f asks for ttl, the name a.zip for something else"),
        (None, "a.pdf", "The suffix of a.pdf names no format"),
    ],
)
def test_what_contradicts_is_told(name: str | None, file: str, said: str) -> None:
    """A file whose name lies about its content is not written."""
    with pytest.raises(UsageError, match=said):
        choose_target(name, Path(file))


def test_a_format_without_graphs_cannot_keep_quads() -> None:
    """The message names the formats that can."""
    with pytest.raises(UsageError, match="or write nq, trig, jsonld"):
        choose_layout("quads", ExportFormat.TURTLE)


def test_formats_with_graphs_keep_them_unless_told_otherwise() -> None:
    """Evidence stands in its graphs where it can."""
    assert [choose_layout(None, form) for form in (ExportFormat.TRIG, ExportFormat.TURTLE)] == [
        Layout.QUADS,
        Layout.TRIPLES,
    ]
    assert choose_layout("triples", ExportFormat.NQUADS) is Layout.TRIPLES


@pytest.mark.parametrize("compression", [Compression.GZIP, Compression.ZSTD])
def test_a_packed_export_unpacks_to_the_plain_one(compression: Compression) -> None:
    """Other people's unpackers read it, and the time of day is not in it."""
    packed = []
    for _ in range(2):
        stream = BytesIO()
        with pack(stream, compression) as inner:
            inner.writelines([b"a line\n"] * 100_000)
        packed.append(stream.getvalue())

    unpack = unpack_zstd if compression is Compression.ZSTD else gzip.decompress
    assert unpack(packed[0]) == b"a line\n" * 100_000
    assert packed[0] == packed[1]
    assert compression is not Compression.GZIP or packed[0][4:8] == bytes(4)  # RFC 1952, MTIME


def unpack_zstd(content: bytes) -> bytes:
    """Unpack with zstandard."""
    return zstandard.ZstdDecompressor().decompressobj().decompress(content)


def test_a_stream_that_is_full_raises(small_dataset: Dataset) -> None:
    """A disk that fills up is not passed over in silence."""
    material = read_material(small_dataset, "all", ExportFormat.NQUADS)
    with (
        Path("/dev/full").open("wb", buffering=0) as stream,
        pytest.raises(OSError, match="No space"),
    ):
        write_export(material, ExportFormat.NQUADS, stream)
