"""Completeness, coverage, descriptions and the record of an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aidgraph.gates.descriptions import check_shared_names
from grounded import Sample

if TYPE_CHECKING:
    from pathlib import Path

FACTS = "facts.trig"
ENTITIES = "entities.ttl"
BUILDERS = "aid:builtBy party:hefei-port , party:bayi-steel"
RESTARTED = "psg:p4.1 aid:inPassing kind:restarted ."
NOTE = 'aid:calledHere "八一钢铁"@zh .'
NO_FACT = "psg:p1.1 aid:carriesNoFact aid:Heading ."
FUNDS = """    psg:p4.2-funds a aid:Money ;
        aid:asWritten "近亿元"@zh ; aid:inPhrase "援疆资金近亿元"@zh ;
        aid:bound aid:Nearly ; aid:value 100000000 ; aid:unit unit:CCY_CNY ;
        aid:counts kind:aid-funds ; aid:paidBy place:440000 ; aid:period period:last-year .
"""


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    """The sample project, unbroken."""
    return Sample(tmp_path / "sample")


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        # A name, a figure, a sort of thing that the graph no longer speaks of.
        (BUILDERS, "aid:builtBy party:hefei-port", ["name-without-triple"]),
        (FUNDS, "", ["figure-without-triple", "name-without-triple"]),
        # 复工项目 is no part of what is spoken of; nor is 冷链物流 where it stands alone.
        (RESTARTED, "", ["name-without-triple"]),
        ("aid:industry industry:cold-chain ;", "", ["name-without-triple"]),
        # The words excuse it as well as the thing does; other words do not.
        (RESTARTED, 'psg:p4.1 aid:inPassing "第一批复工项目"@zh .', []),
        (RESTARTED, 'psg:p4.1 aid:inPassing "复工"@zh .', ["name-without-triple"]),
        # A note says nothing of the thing.
        (
            f"    project:train {BUILDERS}",
            f"    party:bayi-steel {NOTE}\n    project:train aid:builtBy party:hefei-port",
            ["name-without-triple"],
        ),
        (
            "psg:p4.2 aid:inPassing industry:logistics .",
            'GRAPH psg:p4.2 { party:hefei-port aid:calledHere "物流"@zh . }',
            ["name-without-triple"],
        ),
    ],
)
def test_what_is_printed_is_stated_or_excused(
    sample: Sample, old: str, new: str, broken: list[str]
) -> None:
    """Each name and figure of a sentence is in its graph, or said to be named in passing."""
    sample.change(FACTS, old, new)

    assert broken == sample.rules()


def test_a_figure_can_be_excused(sample: Sample) -> None:
    """A figure that is read for nothing is said to stand there in passing."""
    sample.change(FACTS, FUNDS, "")
    sample.change(
        FACTS, "psg:p4.2 aid:inPassing", 'psg:p4.2 aid:inPassing "去年"@zh , "援疆资金近亿元"@zh ,'
    )

    assert sample.rules() == []


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        (NO_FACT, "", ["passage-without-facts-or-reason"]),
        (NO_FACT, f"{NO_FACT} psg:p4.1 aid:carriesNoFact aid:Background .", ["facts-and-reason"]),
        (NO_FACT, f"{NO_FACT} psg:p9.9 aid:carriesNoFact aid:Rhetoric .", ["passage-unknown"]),
        (
            "GRAPH psg:p5.1",
            "GRAPH psg:p5.9",
            ["name-without-triple", "passage-unknown", "passage-without-facts-or-reason"],
        ),
    ],
)
def test_each_passage_is_accounted_for_once(
    sample: Sample, old: str, new: str, broken: list[str]
) -> None:
    """A passage has facts or a reason for none, and all that is said is said of a passage."""
    sample.change(FACTS, old, new)

    assert broken == sample.rules()


def test_a_fact_stands_in_a_graph_once(sample: Sample) -> None:
    """Who copies a line and forgets to change a name is told so."""
    sample.change(FACTS, BUILDERS, f"{BUILDERS} , party:bayi-steel")

    assert sample.rules() == ["fact-stated-twice"]


def test_a_note_alone_is_no_fact(sample: Sample) -> None:
    """A graph that only says how it is to be read covers nothing."""
    sample.change(FACTS, NO_FACT, 'GRAPH psg:p1.1 { place:110000 aid:calledHere "同心"@zh . }')

    assert sample.rules() == ["passage-without-facts-or-reason"]


def test_a_changed_text_is_noticed(sample: Sample) -> None:
    """The text is never edited: its SHA-256 is on record, and the finding names both."""
    sample.change("article.txt", "发挥辐射带动作用", "发挥带动作用")

    (finding,) = sample.check()

    assert (finding.rule, finding.file) == ("text-changed", "data/articles/sample/article.ttl")
    assert "1655c6d3cf79874d85a9e85125a629fd5191e3871e5124aafb2ad8ad37b30500" in finding.message_en


@pytest.mark.parametrize(
    ("name", "old", "new", "broken"),
    [
        (FACTS, "aid:signedBy", "aid:signdBy", ["unknown-term"]),
        (FACTS, "aid:signedBy", "aid:Event", ["unknown-term"]),
        (FACTS, "aid:Agreed", "aid:Agred", ["status-without-cue", "unknown-term"]),
        (ENTITIES, "aid:AgriculturalPark", "aid:AgricultralPark", ["unknown-term"]),
        (ENTITIES, "aid:AgriculturalPark", "aid:Agreed", ["unknown-term"]),
        (ENTITIES, '"white goods"@en , ', "", ["entity-not-described"]),
        (
            FACTS,
            "party:bayi-steel",
            "party:bayi-stel",
            ["end-not-mentioned", "entity-not-described", "name-without-triple"],
        ),
    ],
)
def test_terms_are_known_and_things_described(
    sample: Sample, name: str, old: str, new: str, broken: list[str]
) -> None:
    """What the ontology or the descriptions do not have is a slip, as is a class for a property."""
    sample.change(name, old, new)

    assert broken == sample.rules()


@pytest.mark.parametrize("term", ["aid:signedBy", "party:bayi-steel"])
def test_the_term_that_was_meant_is_offered(sample: Sample, term: str) -> None:
    """A term with one letter left out is near enough to guess."""
    sample.change(FACTS, term, term.replace("e", "", 1))

    messages = {finding.rule: finding for finding in sample.check()}

    slip = messages.get("unknown-term") or messages["entity-not-described"]
    assert f"Did you mean {term}?" in slip.message_en
    assert f"是否应为 {term}？" in slip.message_zh


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"白色家电"@zh', '"白色家电"@zh ; skos:altLabel "家用电器"@zh'),
        # A nameless thing's words are those of its own passage.
        ('"皖疆两地共赢发展"@zh', '"皖疆两地共赢发展"@zh , "安徽货物"@zh'),
        # The parts of a name stand in one clause, in order.
        ('"白色家电"@zh', '"白色家电"@zh ; aid:nameParts "白色家电|前置仓"@zh'),
    ],
)
def test_a_name_is_printed(sample: Sample, old: str, new: str) -> None:
    """A Chinese name that the article does not print is none that it gives the thing."""
    sample.change(ENTITIES, old, new)

    (finding,) = sample.check()

    assert (finding.rule, finding.file) == (
        "name-not-in-article",
        "data/articles/sample/entities.ttl",
    )


def test_a_shared_name_is_printed_by_some_article(sample: Sample) -> None:
    """What several articles name, one of them names."""
    assert check_shared_names(sample.read()) == []

    sample.change("shared.ttl", "冷链物流", "冷链运输")

    (finding,) = check_shared_names(sample.read())
    assert (finding.rule, finding.subject) == ("name-not-in-any-article", "industry:cold-chain")
