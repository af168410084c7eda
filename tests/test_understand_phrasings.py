"""How people put their questions: at least nine in ten of each list are answered right.

`data/phrasings-*.tsv` were written by a reader who knew the articles and not the questions of
this project; see `phrasings.py` for what is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aidgraph.answers.results import Answer, Thing, Value
from aidgraph.answers.why import read_rules
from aidgraph.project import find_project
from aidgraph.questions import read_questions
from conftest import REPOSITORY
from phrasings import Phrasing, find_fault, read_phrasings, score, stands

if TYPE_CHECKING:
    from pathlib import Path

    from aidgraph.dataset import Dataset

LEAST = 0.9
LISTS = sorted((REPOSITORY / "tests" / "data").glob("phrasings-*.tsv"))
KASHGAR = Thing("place:653100", "喀什地区")
FUNDS = Value(525000000, "unit:CCY_CNY", "aid:Exactly", "5.25亿元")


def answer_with(*cells: Thing | Value) -> Answer:
    """Return an answer of one row."""
    rows = (cells,) if cells else ()
    return Answer(None, "", "", {}, tuple("abc"[: len(cells)]), rows, 65, said=bool(rows))


@pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
def test_nine_in_ten_phrasings_are_answered_right(built: Dataset, path: Path) -> None:
    """The others are told, each with what it lacks."""
    questions, _ = read_questions(find_project(REPOSITORY))
    rules = read_rules(find_project(REPOSITORY))
    outcomes = score(built, questions, rules, read_phrasings(path))

    wrong = [outcome for outcome in outcomes if outcome.fault]
    told = "\n".join(f"{o.phrasing.id} {o.phrasing.question}: {o.fault}" for o in wrong)
    assert len(wrong) <= (1 - LEAST) * len(outcomes), told


def test_a_list_is_read_whole() -> None:
    """Eighty phrasings, in both languages, with what they expect."""
    found = {each.id: each for each in read_phrasings(LISTS[0])}

    assert len(found) == 80
    assert found["q011"] == Phrasing("q011", "zh", "北京投了多少钱", ("5.25亿元",))
    assert found["q119"].expected == ()


@pytest.mark.parametrize(
    ("words", "text", "expected"),
    [
        ("44", "推动44个园区合作共建", True),
        ("44", "1344", False),
        ("71", "715", False),
        ("喀什", "喀什地区", True),
        ("和田市", "和田地区", False),
    ],
)
def test_a_number_stands_only_whole(words: str, text: str, *, expected: bool) -> None:
    """344 is not in 1344; a name may stand in a longer one."""
    assert stands(words, text) is expected


@pytest.mark.parametrize(
    ("expected", "answer", "fault"),
    [
        (("喀什",), answer_with(KASHGAR), None),
        (("Kashgar", "5.25亿元"), answer_with(KASHGAR, FUNDS), None),
        (("和田市",), answer_with(KASHGAR), "lacks 和田市"),
        (("5.25亿元",), answer_with(), "lacks 5.25亿元"),
        ((), answer_with(), None),
        ((), answer_with(KASHGAR), "says something"),
    ],
)
def test_an_answer_is_right_only_if_it_shows_what_is_expected(
    expected: tuple[str, ...], answer: Answer, fault: str | None
) -> None:
    """All of it, by label, other name, or figure as written; and nothing where nothing is said."""
    names = {KASHGAR.iri: ["喀什", "Kashgar"]}
    phrasing = Phrasing("q", "zh", "?", expected)

    assert fault == find_fault(phrasing, answer, names)
