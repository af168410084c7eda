"""Passages: how an article's text becomes headings, bylines and sentences."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidgraph.articles import (
    Passage,
    PassageKind,
    clauses,
    comma_clauses,
    read_context,
    read_passages,
)

if TYPE_CHECKING:
    from collections.abc import Callable

ARTICLES = Path(__file__).parents[1] / "data/articles"
REPORT = "xinjiang-daily-shared-purpose"
COMMENTARY = "xinjiang-daily-every-blade"

# Counted by hand: sentences of each paragraph, from the first.
SENTENCES = {
    REPORT: [1, 1, 1, 3, 1, 1, 1, 2, 1, 2, 1, 2, 2, 1, 2, 3, 3, 3, 2, 2, 1, 3, 2, 1, 2, 2, 2],
    COMMENTARY: [1, 1, 1, 3, 3, 1, 2, 3, 2],
}
HEADINGS = {REPORT: ["p1.1", "p2.1", "p7.1", "p14.1", "p21.1"], COMMENTARY: ["p1.1"]}
BYLINES = {REPORT: ["p3.1"], COMMENTARY: ["p2.1"]}

# Each passage's first and last characters, read in the source.
EDGES = [
    (REPORT, "p1.1", "同心强产业", "促发展"),
    (REPORT, "p2.1", "——第十批", "综述(上)"),
    (REPORT, "p3.1", "石榴云/新疆日报记者", "张治立"),
    (REPORT, "p4.2", "产业兴则百业兴", "经济强。"),
    (REPORT, "p8.2", "特色水生生态", "茁壮生长……"),
    (REPORT, "p9.1", "“我们村是城郊村", "艾孜木说。"),
    (REPORT, "p12.2", "包括完善和田市", "航天育种实验等。"),
    (REPORT, "p16.1", "伽师县委副书记", "致富带头人……"),
    (REPORT, "p16.2", "为受援地可持续发展", "“源头活水”。"),
    (REPORT, "p24.1", "3年来,19省市", "共赢。"),
    (REPORT, "p27.1", "深圳市引进", "“硬环境”……"),
    (REPORT, "p27.2", "通过援受两地", "甜头。"),
    (COMMENTARY, "p3.1", "“山河不会忘记你", "一片深情……”"),
    (COMMENTARY, "p5.3", "成绩的取得", "相助的结果。"),
    (COMMENTARY, "p7.2", "三年来", "大地上。"),
    (COMMENTARY, "p9.2", "新征程上", "新疆。"),
]

CASES = [
    ("", []),
    (" \n\u3000\r\n\n", []),
    ("#\n\n##  \n", []),
    ("甲。乙！丙？丁!戊?己", ["甲。", "乙！", "丙？", "丁!", "戊?", "己"]),
    ("甲;乙；丙。", ["甲;乙；丙。"]),
    ("甲……乙…丙。", ["甲……", "乙…丙。"]),
    ("甲？！乙。", ["甲？！", "乙。"]),
    ("“甲。乙……丙！”丁说。戊。", ["“甲。乙……丙！”丁说。", "戊。"]),
    ("甲。”乙。", ["甲。”", "乙。"]),
    ("“甲。乙。", ["“甲。", "乙。"]),
    ("(甲。)乙。", ["(甲。)", "乙。"]),
    ("甲\n\n乙。丙", ["甲\n\n乙。", "丙"]),
    ("甲\n\n\n乙\n\n丙。", ["甲\n\n\n乙\n\n丙。"]),
    ("甲\n乙。", ["甲\n乙。"]),
    ("甲\r\n\r\n乙。\r\n\r\n丙。", ["甲\r\n\r\n乙。", "丙。"]),
    ("“甲。”\n\n乙。", ["“甲。”", "乙。"]),
    ("甲,\n## 乙\n丙。", ["甲,", "乙", "丙。"]),
    ("\ufeff# 甲\n\u3000\u3000乙,丙。", ["甲", "乙,丙。"]),
]

PIECES = st.sampled_from(
    [
        *("新疆", "产业", "3年来", "𠮷", "é", "……", "# ", "\n## ", "\n\n", "\r\n", "\r\n\r\n"),
        *",，;；:。！?…“”‘’()# \n\r\u3000\u2028\ufeff",
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60)


def read_article(article: str) -> str:
    """Read the text as it is in the file, newlines untouched."""
    with (ARTICLES / article / "article.txt").open(encoding="utf-8", newline="") as file:
        return file.read()


def get_passage(article: str, name: str) -> Passage:
    """Get a passage of one of the two articles by its id."""
    return next(p for p in read_passages(read_article(article)) if p.id == name)


@pytest.mark.parametrize(("article", "total"), [(REPORT, 48), (COMMENTARY, 17)])
def test_an_article_has_the_passages_that_a_reader_counts(article: str, total: int) -> None:
    """Paragraphs are numbered from 1 with their headings, sentences from 1 in each."""
    expected = [
        f"p{paragraph}.{number}"
        for paragraph, count in enumerate(SENTENCES[article], start=1)
        for number in range(1, count + 1)
    ]

    ids = [passage.id for passage in read_passages(read_article(article))]

    assert expected == ids
    assert total == len(ids)


@pytest.mark.parametrize("article", [REPORT, COMMENTARY])
def test_headings_and_bylines_are_told_from_sentences(article: str) -> None:
    """A heading opens with `#`; a byline is the short line after one; all else is sentences."""
    expected = {
        **dict.fromkeys(HEADINGS[article], PassageKind.HEADING),
        **dict.fromkeys(BYLINES[article], PassageKind.BYLINE),
    }

    passages = read_passages(read_article(article))

    assert expected == {p.id: p.kind for p in passages if p.kind is not PassageKind.SENTENCE}


@pytest.mark.parametrize(("article", "name", "first", "last"), EDGES)
def test_a_passage_starts_and_ends_where_its_sentence_does(
    article: str, name: str, first: str, last: str
) -> None:
    """A quotation stays with its speaker, …… ends a sentence, and no mark of a heading is text."""
    text = get_passage(article, name).text

    assert text.startswith(first)
    assert text.endswith(last)


@pytest.mark.parametrize(
    ("name", "words"),
    [("p5.3", "在于习近平新\n\n时代中国特色"), ("p7.2", "以实际\n\n行动把忠诚")],
)
def test_a_sentence_over_two_blocks_keeps_its_newlines(name: str, words: str) -> None:
    """A page break in a sentence divides neither the sentence nor the paragraph."""
    assert words in get_passage(COMMENTARY, name).text


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_sentences_end_at_their_end_marks(text: str, expected: list[str]) -> None:
    """A sentence ends at an end mark outside quotations; a block without one goes on."""
    assert expected == [passage.text for passage in read_passages(text)]


@pytest.mark.parametrize(
    ("block", "kind"),
    [
        ("新疆日报记者 张治立", PassageKind.BYLINE),
        ("记" * 40, PassageKind.BYLINE),
        ("记" * 41, PassageKind.SENTENCE),
        ("甲,乙", PassageKind.SENTENCE),
        ("甲;乙", PassageKind.SENTENCE),
        ("产业兴。", PassageKind.SENTENCE),
        ("产业兴！", PassageKind.SENTENCE),
    ],
)
def test_a_byline_is_short_and_no_sentence(block: str, kind: PassageKind) -> None:
    """After a heading, at most 40 characters without comma, semicolon or end mark are a byline."""
    assert kind == read_passages(f"# 题\n\n{block}\n\n正文。")[1].kind


def test_only_the_block_after_a_heading_is_a_byline() -> None:
    """A second short block is text, and goes on in the next."""
    expected = [("heading", "题"), ("byline", "记者"), ("sentence", "产业\n\n兴。")]

    passages = read_passages("# 题\n\n记者\n\n产业\n\n兴。")

    assert expected == [(p.kind, p.text) for p in passages]


def test_positions_count_code_points() -> None:
    """Positions run over the whole file; a character outside the basic plane is one."""
    expected = [(2, 3), (5, 10), (10, 12)]

    passages = read_passages("# 𠮷\n\n产业,兴。强。")

    assert expected == [(p.start, p.end) for p in passages]


@given(TEXTS)
def test_passages_and_what_lies_between_rebuild_the_file(text: str) -> None:
    """Passages are slices of the file in order, and between them is nothing that a reader reads."""
    end = 0
    for passage in read_passages(text):
        assert passage.start < passage.end
        assert passage.text == text[passage.start : passage.end]
        assert passage.text == passage.text.strip()
        assert re.fullmatch(r"[\s\ufeff#]*", text[end : passage.start])
        end = passage.end
    assert re.fullmatch(r"[\s\ufeff#]*", text[end:])


@given(TEXTS)
def test_numbers_count_up_from_one(text: str) -> None:
    """Paragraphs count 1, 2, 3 … and so do the passages of each; only sentences share one."""
    passages = read_passages(text)
    paragraphs = Counter(passage.paragraph for passage in passages)

    assert list(range(1, len(paragraphs) + 1)) == list(paragraphs)
    for paragraph, count in paragraphs.items():
        members = [p for p in passages if p.paragraph == paragraph]
        assert list(range(1, count + 1)) == [p.number for p in members]
        assert count == 1 or {PassageKind.SENTENCE} == {p.kind for p in members}


@given(st.lists(PIECES.filter(lambda piece: "\r" not in piece), max_size=40).map("".join))
def test_the_kind_of_newline_changes_no_passage(text: str) -> None:
    """A file from Windows has the passages of the same file from elsewhere."""
    windows = read_passages(text.replace("\n", "\r\n"))

    assert [(p.id, p.kind, p.text) for p in read_passages(text)] == [
        (p.id, p.kind, p.text.replace("\r\n", "\n")) for p in windows
    ]


def test_context_is_up_to_32_characters_on_each_side() -> None:
    """Prefix and suffix are the neighbouring characters, fewer at the ends of the file."""
    expected = ("前" * 32, "后" * 32)
    near_the_start = ("前", "后" * 32)

    assert expected == read_context("前" * 33 + "文" + "后" * 33, 33, 34)
    assert near_the_start == read_context("前文" + "后" * 33, 1, 2)


def test_clauses_end_at_semicolons_in_quotations_too() -> None:
    """Both widths of the semicolon divide a sentence, and nothing else does."""
    sentence = "推进“甲;乙”,丙;丁；戊。;”"
    expected = ["推进“甲", "乙”,丙", "丁", "戊。"]

    assert expected == [sentence[start:end] for start, end in clauses(sentence)]


def test_the_clauses_of_a_sentence_of_the_report() -> None:
    """The sentence on Anhui's railway has three clauses."""
    sentence = get_passage(REPORT, "p18.3").text
    expected = ["协调合肥国际内", "促成合肥国际陆", "协调共建“合肥"]

    assert expected == [sentence[start:end][:7] for start, end in clauses(sentence)]


def test_comma_clauses_end_at_each_pause() -> None:
    """Commas, colons, semicolons and end marks divide; 、 and what stands in a number do not."""
    sentence = "甲、乙,丙，丁:戊：己;庚。达1,344个,10:30辛！"
    expected = ["甲、乙", "丙", "丁", "戊", "己", "庚", "达1,344个", "10:30辛"]

    assert expected == [sentence[start:end] for start, end in comma_clauses(sentence)]


@pytest.mark.parametrize("divide", [clauses, comma_clauses])
@given(text=TEXTS)
def test_clauses_lose_no_word(divide: Callable[[str], list[tuple[int, int]]], text: str) -> None:
    """Clauses are in order, do not overlap, and hold every letter and digit."""
    spans = divide(text)
    ends = [0, *(end for _, end in spans)]

    assert all(end <= start for end, (start, _) in zip(ends, spans, strict=False))
    kept = "".join(text[start:end] for start, end in spans)
    assert [c for c in text if c.isalnum()] == [c for c in kept if c.isalnum()]
