"""Answers as text: JSON, tables for a terminal, CSV and Markdown."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidgraph.answers.render import FORMATS, render
from aidgraph.answers.results import Thing, Value
from aidgraph.answers.table import measure, wrap
from few_places import make_answer

if TYPE_CHECKING:
    from aidgraph.questions import Language


def test_json_keeps_chinese_as_it_is() -> None:
    """No escapes: the output is read by people too, and parses back to the same."""
    answer = make_answer((Thing("http://e/x", "喀什"),), columns=("area",))
    text = render(answer, "json", "zh", width=80, styled=False)

    assert "喀什" in text
    assert answer.as_dict() == json.loads(text)


@pytest.mark.parametrize("width", [30, 60, 100])
def test_a_table_fits_the_width(width: int) -> None:
    """No line is wider than the terminal, a Chinese character counting two columns."""
    long = "发挥辐射带动作用" * 12
    answer = make_answer((Thing("http://e/x", long), Value(3)), columns=("area", "n"))
    lines = render(answer, "table", "zh", width=width, styled=False).splitlines()

    widths = [sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in x) for x in lines]
    assert max(widths) <= width
    assert "".join(lines).count("发") == 12


@given(st.text(max_size=60), st.integers(min_value=2, max_value=40))
def test_a_line_is_cut_to_the_width_and_loses_nothing(text: str, width: int) -> None:
    """Every character that shows is kept, in order, and no line is too wide."""
    lines = wrap(text, width)

    assert all(measure(line) <= width for line in lines)
    shown = [character for character in text if character.isprintable() and character != " "]
    assert shown == [character for line in lines for character in line if character != " "]


def test_a_terminal_is_given_no_commands() -> None:
    """Escape sequences in a label stay out of the terminal."""
    answer = make_answer((Thing("http://e/x", "a\x1b[2Jb\x07"),), columns=("x",))
    assert "\x1b" not in render(answer, "table", "en", width=80, styled=False)


def test_a_csv_line_keeps_iri_and_bound() -> None:
    """A figure without its bound and unit would mislead; each part has a column of its own."""
    funds = Value(525000000, "unit:CCY_CNY", "aid:Exactly", "5.25亿元", None, "3年来")
    answer = make_answer((Thing("http://e/bj", "北京市"), funds), columns=("helper", "amount"))
    rows = list(csv.reader(io.StringIO(render(answer, "csv", "zh", width=80, styled=False))))

    assert rows == [
        [
            "helper",
            "helper_iri",
            "amount",
            "amount_unit",
            "amount_bound",
            "amount_as_written",
            "amount_scope",
            "amount_period",
        ],
        [
            "北京市",
            "http://e/bj",
            "525000000",
            "unit:CCY_CNY",
            "aid:Exactly",
            "5.25亿元",
            "",
            "3年来",
        ],
    ]


def test_markdown_shows_marks_as_they_are() -> None:
    """A bar or a bracket in a label breaks no table and makes no link."""
    answer = make_answer((Thing("http://e/x", "a|b [c] <d>"),), columns=("x",))
    text = render(answer, "md", "en", width=80, styled=False)

    assert text == "| x |\n| --- |\n| a\\|b \\[c] \\<d> |\n"


@pytest.mark.parametrize("form", ["table", "md"])
@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "The articles do not say"), ("zh", "文章未提及（已查 65 个句段）")],
)
def test_silence_is_said(form: str, language: Language, words: str) -> None:
    """No rows is an answer: it says in how many passages was looked."""
    text = render(make_answer(columns=("x",)), form, language, width=80, styled=False)
    assert words in text


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_ends_its_last_line(form: str) -> None:
    """What is written to a file is whole lines."""
    answer = make_answer((None, Value("x")), columns=("a", "b"))
    assert render(answer, form, "en", width=80, styled=False).endswith("\n")
