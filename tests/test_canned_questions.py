"""Every canned question answers its own example, and people's questions, as the articles do.

What is expected was read from the articles by hand: `canned-answers.toml` has all the rows of each
question's example, `questions.toml` questions of people. Each row's evidence is held to the
articles' files, not to the graph.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypedDict

import pytest

from aidgraph.answers.ask import ask_question
from aidgraph.answers.results import Answer, Cell, Thing
from aidgraph.answers.why import read_rules
from aidgraph.project import find_project
from aidgraph.questions import question_names, read_question
from aidgraph.terms import split_passage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aidgraph.dataset import Dataset
    from aidgraph.questions import Language

REPOSITORY = Path(__file__).parents[1]
DATA = Path(__file__).parent / "data"
PROJECT = find_project(REPOSITORY)
RULES = read_rules(PROJECT)
NAMES = question_names(PROJECT)
PASSAGES = 65
NOTHING: Mapping[str, str] = MappingProxyType({})
BLANKS: dict[Language, tuple[str, str, str]] = {"en": ("[", "]", "?"), "zh": ("〔", "〕", "？")}
# What these answer, no article says: it is found by search, or reported elsewhere.
OUTSIDE_THE_ARTICLES = {"helpers-not-described", "reported-pairings"}


class Expected(TypedDict, total=False):
    """What a canned question must answer for its header's example."""

    asked: dict[str, str]
    columns: list[str]
    rows: list[list[str]]
    all: list[list[str]]


class Asked(NamedTuple):
    """A question of people: the canned question that answers it, and what the answer must be."""

    ask: str
    query: str
    given: Mapping[str, str] = NOTHING
    holds: Sequence[Sequence[str]] = ()
    lacks: Sequence[str] = ()
    quote: str = ""
    control: Mapping[str, str] = NOTHING


@cache
def read_answers() -> dict[str, Expected]:
    """Return what each canned question's example must answer, by the question's name."""
    return tomllib.loads((DATA / "canned-answers.toml").read_text("utf-8"))


def read_asked() -> list[Asked]:
    """Return people's questions."""
    table = tomllib.loads((DATA / "questions.toml").read_text("utf-8"))
    return [Asked(**each) for each in table["question"]]


SAID = [each for each in read_asked() if not each.control]
NOT_SAID = [each for each in read_asked() if each.control]


def put(built: Dataset, name: str, given: Mapping[str, str], sentence: str = "问") -> Answer:
    """Put a canned question in the language of a sentence, and ask why."""
    language: Language = "en" if sentence.isascii() else "zh"
    return ask_question(built, read_question(PROJECT, name), given, language, rules=RULES)


def show(cell: Cell) -> str:
    """Return how the data files write a cell: label, printed words, or number of a passage."""
    if cell is None:
        return ""
    if not isinstance(cell, Thing):
        return cell.as_written or str(cell.value)
    passage = split_passage(cell.iri)
    if passage is None or passage[2]:
        return cell.label
    return f"{passage[0].removeprefix('xinjiang-daily-')} {passage[1]}"


def show_rows(answer: Answer) -> list[dict[str, str]]:
    """Return the rows as the data files write them, by column."""
    return [dict(zip(answer.columns, map(show, row), strict=True)) for row in answer.rows]


def read_example(name: str) -> dict[str, str]:
    """Return the example of a question's header."""
    return {p.name: p.example for p in read_question(PROJECT, name).parameters if p.example}


@cache
def read_article(article: str) -> str:
    """Return the text of an article, to the character."""
    return (PROJECT.articles / article / "article.txt").read_bytes().decode("utf-8")


def test_every_canned_question_has_its_expected_rows() -> None:
    """No question file is without them, and none are kept for a question that is gone."""
    assert {*NAMES} == {*read_answers()}


def test_there_are_fifty_canned_questions_and_sixty_of_people() -> None:
    """Eight of them at least have the honest answer that the articles do not say."""
    assert len(NAMES) >= 50
    assert len(read_asked()) >= 60
    assert len(NOT_SAID) >= 8


@pytest.mark.parametrize("name", NAMES)
def test_the_example_answers_what_the_articles_say(built: Dataset, name: str) -> None:
    """All expected rows and no other, for the very example that the header gives."""
    expected = read_answers()[name]
    assert expected.get("asked", {}) == read_example(name)

    answer = put(built, name, read_example(name))

    columns = expected.get("columns", answer.columns)
    found = {tuple(row[column] for column in columns) for row in show_rows(answer)}
    assert {tuple(row) for row in expected["rows"]} == found
    assert "columns" in expected or len(expected["rows"]) == len(answer.rows)


@pytest.mark.parametrize("name", [name for name in NAMES if "all" in read_answers()[name]])
def test_without_its_parameter_a_question_lists_all(built: Dataset, name: str) -> None:
    """The rows of every thing, the example's among them."""
    answer = put(built, name, {})

    found = [tuple(row.values()) for row in show_rows(answer)]
    assert sorted(map(tuple, read_answers()[name]["all"])) == sorted(found)


@pytest.mark.parametrize("name", NAMES)
def test_every_row_of_the_example_has_evidence(built: Dataset, name: str) -> None:
    """A sentence, and each sentence stands in its article's file where it is said to."""
    answer = put(built, name, read_example(name))

    assert answer.rows
    assert answer.evidence is not None
    for row in answer.evidence:
        kinds = {each.kind for each in row}
        assert "article" in kinds or (name in OUTSIDE_THE_ARTICLES and kinds)
        for each in row:
            if each.kind == "article":
                assert each.text
                assert each.article
                assert read_article(each.article)[each.start : each.end] == each.text
            elif each.kind == "reference":
                assert each.source
            else:
                assert each.text


@pytest.mark.parametrize("name", NAMES)
def test_a_title_is_a_form(name: str) -> None:
    """It has each parameter's label in a blank, once, in both languages, and no other blank."""
    question = read_question(PROJECT, name)

    for language, (left, right, mark) in BLANKS.items():
        title = question.title[language]
        blanks = [f"{left}{p.label[language]}{right}" for p in question.parameters]
        assert [1] * len(blanks) == [title.count(blank) for blank in blanks]
        assert len(blanks) == title.count(left) == title.count(right)
        assert title.endswith(mark)


@pytest.mark.parametrize("asked", SAID, ids=lambda asked: asked.ask)
def test_a_question_of_people_is_answered(built: Dataset, asked: Asked) -> None:
    """The answer holds what it must, nothing that it must not, and rests on the very words."""
    answer = put(built, asked.query, asked.given, asked.ask)

    rows = [set(row.values()) for row in show_rows(answer)]
    missing = [want for want in asked.holds if not any(set(want) <= row for row in rows)]
    assert not missing
    assert not {*asked.lacks} & {cell for row in rows for cell in row}
    assert any(asked.quote in (each.text or "") for row in answer.evidence or () for each in row)


@pytest.mark.parametrize("asked", NOT_SAID, ids=lambda asked: asked.ask)
def test_what_no_article_says_is_not_answered(built: Dataset, asked: Asked) -> None:
    """No row, and where it was searched; for the control the same canned question has rows."""
    silent = put(built, asked.query, asked.given, asked.ask)
    spoken = put(built, asked.query, asked.control, asked.ask)

    assert (silent.rows, silent.said, silent.searched) == ((), False, PASSAGES)
    assert {each.kind for row in silent.evidence or () for each in row} == {"absence"}
    assert spoken.rows
    assert spoken.said
