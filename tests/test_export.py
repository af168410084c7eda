"""Export: N-Quads that hash to the snapshot, Turtle that people can read, both with the rights."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from aidgraph.dataset import open_dataset
from aidgraph.terms import prefixes
from aidgraph.transfer.export import ExportFormat, export_dataset

if TYPE_CHECKING:
    from aidgraph.dataset import Dataset
    from aidgraph.project import Project


def export(dataset: Dataset, form: ExportFormat) -> bytes:
    """Export `dataset` into memory."""
    stream = BytesIO()
    export_dataset(dataset, form, stream)
    return stream.getvalue()


@pytest.fixture
def small_dataset(small_project: Project) -> Dataset:
    """The dataset of the article of three passages."""
    return open_dataset(small_project)


def test_nquads_hash_to_the_snapshot(built: Dataset) -> None:
    """`sha256sum` of the export is the snapshot, and its lines are sorted and all there."""
    written = export(built, ExportFormat.NQUADS)
    lines = written.splitlines(keepends=True)

    assert built.snapshot == hashlib.sha256(written).hexdigest()
    assert sorted(lines) == lines
    assert built.manifest.counts["quads"] == len(lines)


def test_turtle_says_what_the_graphs_say(built: Dataset) -> None:
    """Merged into one graph, no triple is lost and none is added."""
    quads = ox.parse(export(built, ExportFormat.NQUADS), format=ox.RdfFormat.N_QUADS)
    triples = ox.parse(export(built, ExportFormat.TURTLE), format=ox.RdfFormat.TURTLE)

    expected = canonicalize({quad.triple for quad in quads})
    assert expected == canonicalize({quad.triple for quad in triples})


def canonicalize(triples: set[ox.Triple]) -> ox.Dataset:
    """Name blank nodes by RDFC-1.0."""
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def test_turtle_begins_with_the_prefixes_and_the_rights(small_dataset: Dataset) -> None:
    """Who opens the file sees first what may be done with it."""
    header, description, *_ = export(small_dataset, ExportFormat.TURTLE).decode().split("\n\n")

    expected = [f"@prefix {name}: <{space}> ." for name, space in sorted(prefixes().items())]
    assert expected == header.split("\n")
    assert description.startswith("graph:dataset a ")
    assert "dcterms:license <https://creativecommons.org/licenses/by/4.0/>" in description
    assert "版权归其发布单位所有" in description
    assert "belong to their publishers" in description


def test_turtle_has_each_thing_once_names_first(small_dataset: Dataset) -> None:
    """What four graphs say of the park stands together: classes, then names, then facts."""
    blocks = export(small_dataset, ExportFormat.TURTLE).decode().split("\n\n")

    subjects = [block.split()[0] for block in blocks[1:]]
    assert len(set(subjects)) == len(subjects)
    park = next(block for block in blocks if block.startswith("site:yue-jia-plum-park "))
    lines = [line.strip(" \t;.") for line in park.strip().split("\n")]
    assert "aid:IndustrialPark" in lines[0].removeprefix("site:yue-jia-plum-park a ").split(" , ")
    assert lines[1] == 'rdfs:label "Yue–Jia Plum Industrial Park"@en , "粤伽新梅产业园"@zh'
    assert "aid:builtBy place:440000 , place:653129" in lines[2:]


def test_turtle_is_the_same_each_time(small_dataset: Dataset) -> None:
    """The order depends on the content alone, so that two exports can be compared by diff."""
    first = export(small_dataset, ExportFormat.TURTLE)

    assert first == export(small_dataset, ExportFormat.TURTLE)


def test_the_articles_own_rights_are_in_every_export(built: Dataset) -> None:
    """Each article's record says whose its text is."""
    said = "原文版权归其发布单位所有，此处引用以为所提取事实之证。"

    for form in ExportFormat:
        assert built.manifest.counts["articles"] == export(built, form).decode().count(said)


def test_a_stream_that_is_full_raises(small_dataset: Dataset) -> None:
    """A disk that fills up is not passed over in silence."""
    with (
        Path("/dev/full").open("wb", buffering=0) as stream,
        pytest.raises(OSError, match="No space"),
    ):
        export_dataset(small_dataset, ExportFormat.NQUADS, stream)
