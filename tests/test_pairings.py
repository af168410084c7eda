"""Reported pairings beside what the articles say: each row tells which of the two it rests on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aidgraph.answers.ask import ask_question
from aidgraph.answers.results import Thing
from aidgraph.answers.why import read_rules
from aidgraph.project import find_project
from aidgraph.questions import read_question

if TYPE_CHECKING:
    from aidgraph.answers.results import Answer, Cell
    from aidgraph.dataset import Dataset

PROJECT = find_project(Path(__file__).parents[1])
BOTH, REPORTED, SAID = "外部记载与文章均见", "仅见外部记载", "仅见文章"

# By hand: recipients of the reports, and what the articles say of the helper there.
EXPECTED = {
    # p12.2 names 和田市, 墨玉县, and 皮山农场 of the 14th Division; nothing in 和田县 or 洛浦县.
    "北京市": {
        ("和田市", BOTH),
        ("和田县", REPORTED),
        ("墨玉县", BOTH),
        ("洛浦县", REPORTED),
        ("兵团第十四师", BOTH),
    },
    # The reports name four of its counties, p13 the prefecture only.
    "吉林省": {
        ("阿勒泰地区", SAID),
        ("阿勒泰市", REPORTED),
        ("布尔津县", REPORTED),
        ("哈巴河县", REPORTED),
        ("吉木乃县", REPORTED),
    },
    # Its tyre works and promotion in Karamay: no report of that pairing was found.
    "上海市": {
        ("克拉玛依市", SAID),
        ("莎车县", REPORTED),
        ("泽普县", REPORTED),
        ("叶城县", REPORTED),
        ("巴楚县", REPORTED),
    },
    # 金华 for 温宿县, which lies in the prefecture of the pairing.
    "浙江省": {("阿克苏地区", BOTH), ("兵团第一师", REPORTED)},
    "湖南省": {("吐鲁番市", REPORTED)},
}


def label(cell: Cell) -> str:
    """Return the label of a thing; "" for an empty cell."""
    return cell.label if isinstance(cell, Thing) else ""


def ask(built: Dataset, **given: str) -> Answer:
    """Ask for the pairings, with evidence."""
    question = read_question(PROJECT, "reported-pairings")
    return ask_question(built, question, given, "zh", rules=read_rules(PROJECT))


@pytest.mark.parametrize("helper", EXPECTED)
def test_a_row_says_where_it_stands(built: Dataset, helper: str) -> None:
    """Reported only, in the articles only, or both; areas as each names them."""
    rows = {(label(row[1]), label(row[2])) for row in ask(built, helper=helper).rows}

    assert EXPECTED[helper] == rows


def test_a_report_is_cited_with_its_date_and_an_article_with_its_sentence(built: Dataset) -> None:
    """A row that rests on reports cites the reference data, one on the articles their words."""
    answer = ask(built)
    standing = {
        label(row[2]): ({each.kind for each in evidence}, {each.source for each in evidence})
        for row, evidence in zip(answer.rows, answer.evidence or (), strict=True)
    }
    source = "外部记载的 2010 年以来结对关系"

    assert {BOTH, REPORTED, SAID} == set(standing)
    assert source in standing[REPORTED][1] & standing[BOTH][1]
    assert "article" in standing[SAID][0] & standing[BOTH][0]
    assert "article" not in standing[REPORTED][0]
    assert source not in standing[SAID][1]


def test_without_a_helper_all_nineteen_are_asked_for(built: Dataset) -> None:
    """The helper is optional; each of the nineteen has a pairing that is reported."""
    rows = ask(built).rows

    assert len({label(row[0]) for row in rows if label(row[2]) != SAID}) == 19


def test_a_division_is_not_the_city_and_a_farm_not_the_county(built: Dataset) -> None:
    """皮山农场 of the 14th Division is Beijing's; 皮山县 is Anhui's, and nothing of it is said."""
    rows = ask(built, helper="安徽省").rows

    assert {("皮山县", REPORTED)} == {(label(row[1]), label(row[2])) for row in rows}
