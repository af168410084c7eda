"""A dataset of four places and one sum, and answers made by hand."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from aidgraph.answers.results import Answer
from aidgraph.dataset import Dataset
from aidgraph.shelf import Manifest
from aidgraph.store import EmbeddedStore
from graphs import read_quads

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyoxigraph as ox

    from aidgraph.answers.results import Thing, Value

NAMES = """
place:653100 a aid:Place ; aid:code "653100" ;
    rdfs:label "Kashgar Prefecture"@en , "喀什地区"@zh ; skos:altLabel "Kashgar"@en , "喀什"@zh .
place:653101 a aid:Place ; aid:code "653101" ;
    rdfs:label "Kashgar City"@en , "喀什市"@zh ; skos:altLabel "疏勒"@zh .
place:653122 a aid:Place ; aid:code "653122" ;
    rdfs:label "Shule County"@en , "疏勒县"@zh ; skos:altLabel "疏勒"@zh .
place:653129 a aid:Place ; aid:code "653129" ; rdfs:label "伽师县"@zh .
place:110000 rdfs:label "Beijing"@en , "北京市"@zh .
field:industrial rdfs:label "industrial aid"@en , "产业援疆"@zh .
period:three-years rdfs:label "the past three years"@en , "3年来"@zh .
psg:p1.1-funds a aid:Money ; aid:value 19000000000 ; aid:bound aid:MoreThan ;
    aid:unit unit:CCY_CNY ; aid:asWritten "190多亿元"@zh ; aid:scope field:industrial ;
    aid:scopeBasis aid:ReadFromContext ; aid:period period:three-years .
"""
FIELD_PREFIX = "@prefix field: <https://w3id.org/aidgraph/id/field/> .\n"
PASSAGE_PREFIX = "@prefix psg: <https://w3id.org/aidgraph/article/a/> .\n"


@cache
def open_few_places() -> Dataset:
    """Return a dataset of four places and one sum."""
    return make_dataset(read_quads(FIELD_PREFIX + PASSAGE_PREFIX + NAMES))


def make_dataset(quads: Iterable[ox.Quad]) -> Dataset:
    """Return a dataset of `quads` that stands in no folder."""
    manifest = Manifest(snapshot="abc", made_with={}, counts={"passages": 0}, inputs={}, parts={})
    return Dataset(EmbeddedStore.of(quads), "abc", Path(), manifest)


def make_answer(
    *rows: tuple[Thing | Value | None, ...], columns: tuple[str, ...] = ("x",)
) -> Answer:
    """Make an answer without evidence."""
    return Answer(
        query=None,
        query_hash="h",
        snapshot="s",
        params={},
        columns=columns,
        rows=rows,
        searched=65,
        said=bool(rows),
    )
