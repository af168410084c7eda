"""Tables and networks: what people without a triple store get, read by other people's programs."""

from __future__ import annotations

import csv
import io
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import networkx as nx
import pyarrow.parquet as pq
import pytest

from aidgraph.errors import UnreadableError, UsageError
from aidgraph.transfer.export import read_material, write_export
from aidgraph.transfer.formats import ExportFormat
from aidgraph.transfer.table_files import write_archive, write_folder

if TYPE_CHECKING:
    from pathlib import Path

    from aidgraph.dataset import Dataset

SENTENCE = "去年,广东省投入援疆资金近亿元,与伽师县打造粤伽新梅产业园。"
# tests/data/small: two triples of the park, nine of the money.
FACTS = 11


def export(dataset: Dataset, form: ExportFormat, *, bom: bool = False) -> bytes:
    """Export `dataset` into memory, as one file."""
    stream = BytesIO()
    write_export(read_material(dataset, "all", form), form, stream, bom=bom)
    return stream.getvalue()


def read_csv(content: bytes) -> list[dict[str, str]]:
    """Read CSV with Python's own reader."""
    return list(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True))


def test_each_fact_has_its_sentence_in_a_row(small_dataset: Dataset) -> None:
    """Names in both languages, the words, and where they stand in the article's text."""
    rows = read_csv(export(small_dataset, ExportFormat.CSV))

    assert len(rows) == FACTS
    (row,) = (
        each
        for each in rows
        if each["subject"] == "site:yue-jia-plum-park" and each["value"] == "place:653129"
    )
    assert row["subject_en"] == "Yue–Jia Plum Industrial Park"
    assert row["subject_zh"] == "粤伽新梅产业园"
    assert (row["property"], row["property_en"]) == ("aid:builtBy", "is built by")
    assert (row["value_en"], row["value_zh"]) == ("Jiashi County", "伽师县")
    assert (row["article"], row["passage"], row["sentence"]) == ("small", "p2.1", SENTENCE)
    text = small_dataset.folder.parents[2] / "data" / "articles" / "small" / "article.txt"
    assert text.read_text("utf-8")[int(row["start"]) : int(row["end"])] == SENTENCE
    assert row["rights"] == "Written for tests. 为测试而写。"


def test_a_figure_keeps_its_bound_and_words(small_dataset: Dataset) -> None:
    """近亿元 does not become a plain hundred million."""
    rows = read_csv(export(small_dataset, ExportFormat.CSV))

    money = {
        row["property"]: row["value"]
        for row in rows
        if row["subject"] == "article:small/p2.1-funds"
    }
    assert money["aid:value"] == "100000000"
    assert money["aid:bound"] == "aid:Nearly"
    assert money["aid:asWritten"] == "近亿元"


def test_csv_begins_with_a_mark_on_wish(small_dataset: Dataset) -> None:
    """Excel knows by it that the text is UTF-8."""
    assert export(small_dataset, ExportFormat.CSV, bom=True).startswith(b"\xef\xbb\xbfsubject,")
    assert export(small_dataset, ExportFormat.CSV).startswith(b"subject,")


def test_parquet_has_the_same_rows_and_the_rights(small_dataset: Dataset) -> None:
    """Positions are numbers there, and the file's own metadata has the licence."""
    table = pq.read_table(BytesIO(export(small_dataset, ExportFormat.PARQUET)))

    rows = read_csv(export(small_dataset, ExportFormat.CSV))
    assert rows == [{name: str(value) for name, value in row.items()} for row in table.to_pylist()]
    assert all(isinstance(row["start"], int) for row in table.to_pylist())
    assert table.schema.metadata[b"license"] == b"https://creativecommons.org/licenses/by/4.0/"
    assert "版权归其发布单位所有" in table.schema.metadata[b"rights"].decode()


def write_zip(dataset: Dataset, form: ExportFormat) -> zipfile.ZipFile:
    """Export all tables into memory."""
    stream = BytesIO()
    write_archive(read_material(dataset, "all", form), form, stream)
    return zipfile.ZipFile(stream)


def test_each_class_has_a_table(small_dataset: Dataset) -> None:
    """A thing is a row of its class's table; what it leads to is the `id` of another row."""
    archive = write_zip(small_dataset, ExportFormat.CSV)

    assert {"facts.csv", "IndustrialPark.csv", "Money.csv", "County.csv", "Article.csv"} <= set(
        archive.namelist()
    )
    (park,) = read_csv(archive.read("IndustrialPark.csv"))
    assert park["id"] == "site:yue-jia-plum-park"
    assert park["label_zh"] == "粤伽新梅产业园"
    assert park["builtBy"] == "place:440000 | place:653129"
    assert "place:653129" in {row["id"] for row in read_csv(archive.read("County.csv"))}


def test_the_licence_is_in_a_table(small_dataset: Dataset) -> None:
    """The dataset is a thing, too, and has a row."""
    archive = write_zip(small_dataset, ExportFormat.CSV)

    (row,) = (
        row for row in read_csv(archive.read("void-Dataset.csv")) if row["id"] == "graph:dataset"
    )
    assert row["dcterms:license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_an_archive_is_the_same_each_time(small_dataset: Dataset) -> None:
    """The time of day is not in it."""
    for form in (ExportFormat.CSV, ExportFormat.PARQUET):
        first, second = BytesIO(), BytesIO()
        for stream in (first, second):
            write_archive(read_material(small_dataset, "all", form), form, stream)

        assert first.getvalue() == second.getvalue()


def test_tables_go_into_a_new_folder(small_dataset: Dataset, tmp_path: Path) -> None:
    """It holds what the archive would, and nothing is left beside it."""
    folder = tmp_path / "tables"
    form = ExportFormat.CSV

    write_folder(read_material(small_dataset, "all", form), form, folder)

    names = write_zip(small_dataset, form).namelist()
    assert sorted(names) == sorted(path.name for path in folder.iterdir())
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith(".")] == []


def test_a_folder_with_something_in_it_stays(small_dataset: Dataset, tmp_path: Path) -> None:
    """Other people's files are not mixed with ours, nor replaced."""
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "letter.txt").write_text("mine", "utf-8")
    form = ExportFormat.CSV

    with pytest.raises(UsageError, match="mine is not empty: name a new folder"):
        write_folder(read_material(small_dataset, "all", form), form, folder)

    assert [path.name for path in folder.iterdir()] == ["letter.txt"]


def test_a_folder_without_a_place_is_told(small_dataset: Dataset, tmp_path: Path) -> None:
    """Nothing is made on the way there."""
    form = ExportFormat.CSV
    with pytest.raises(UnreadableError, match="No such file or directory"):
        write_folder(read_material(small_dataset, "all", form), form, tmp_path / "no" / "tables")

    assert not (tmp_path / "no").exists()


def test_a_network_has_things_as_nodes_and_facts_as_edges(small_dataset: Dataset) -> None:
    """Units, bounds and texts are no nodes; each edge has the words that say it."""
    written = export(small_dataset, ExportFormat.GRAPHML)

    network = nx.read_graphml(BytesIO(written), force_multigraph=True)

    root = "https://w3id.org/aidgraph/id"
    park = f"{root}/site/yue-jia-plum-park"
    funds = "https://w3id.org/aidgraph/article/small/p2.1-funds"
    assert {(source, target) for source, target, _ in network.edges} == {
        (park, f"{root}/place/440000"),
        (park, f"{root}/place/653129"),
        (funds, f"{root}/place/440000"),
        (funds, f"{root}/period/last-year"),
        (funds, f"{root}/kind/aid-funds"),
    }
    assert network.nodes[park]["label_zh"] == "粤伽新梅产业园"
    assert network.nodes[park]["class"] == "IndustrialPark"
    assert network.nodes[funds]["label_zh"] == "近亿元"
    (edge,) = network.get_edge_data(park, f"{root}/place/653129").values()
    assert (edge["property"], edge["label_en"]) == ("aid:builtBy", "is built by")
    assert (edge["passage"], edge["sentence"]) == ("p2.1", SENTENCE)


def test_a_network_says_how_it_may_be_used(small_dataset: Dataset) -> None:
    """The graph itself has the licence and the publishers' rights."""
    written = export(small_dataset, ExportFormat.GRAPHML)

    told = nx.read_graphml(BytesIO(written)).graph

    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "belong to their publishers" in told["rights"]
