"""Grounding: a fact stands only where the sentence names its ends and prints its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aidgraph.gates.mentions import mentions_of
from grounded import Sample

if TYPE_CHECKING:
    from pathlib import Path

FACTS = "facts.trig"
MEMORANDUM = "aid:signedBy party:hefei-development"
TRAIN = "project:train"


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    """The sample project, unbroken."""
    return Sample(tmp_path / "sample")


def test_true_facts_pass(sample: Sample) -> None:
    """The gate refuses no fact of the sample, which was read against its sentences."""
    assert [finding.message_en for finding in sample.check()] == []


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ("aid:value 525000000 ", "aid:value 525000001 ", ["quantity-not-as-written"]),
        ("aid:value 525000000 ; ", "", ["quantity-not-as-written"]),
        ("aid:bound aid:Nearly", "aid:bound aid:About", ["quantity-not-as-written"]),
        (
            "525000000 ; aid:unit unit:CCY_CNY",
            "525000000 ; aid:unit unit:NUM",
            ["quantity-not-as-written"],
        ),
        (
            'aid:asWritten "近亿元"',
            'aid:asWritten "亿元"',
            ["figure-not-in-phrase", "quantity-not-as-written"],
        ),
        (
            'aid:asWritten "近亿元"',
            'aid:asWritten "近3年"',
            ["figure-not-in-phrase", "quantity-not-readable"],
        ),
        (
            '"援疆资金近亿元"',
            '"援疆资金约近亿元"',
            ["end-not-mentioned", "figure-not-in-phrase", "phrase-not-in-passage"],
        ),
        ('"援疆资金5.25亿元"', '"资金5.25亿元"', ["kind-not-in-phrase"]),
        (
            "kind:aid-funds ; aid:paidBy place:440000",
            "kind:restarted ; aid:paidBy place:440000",
            ["kind-not-in-phrase"],
        ),
        (
            'aid:asWritten "5.25亿元"@zh ;',
            "",
            ["quantity-without-words"],
        ),
    ],
)
def test_a_figure_is_as_written(sample: Sample, old: str, new: str, broken: list[str]) -> None:
    """A quantity says what its words say, and they stand whole in the sentence."""
    sample.change(FACTS, old, new)

    assert broken == sample.rules()


def test_a_phrase_cuts_no_figure(sample: Sample) -> None:
    """25亿元 is not in the sentence, whose figure is 5.25亿元, though its characters are."""
    sample.change(FACTS, 'aid:asWritten "5.25亿元"', 'aid:asWritten "25亿元"')
    sample.change(FACTS, "aid:value 525000000 ", "aid:value 2500000000 ")
    sample.change(FACTS, '"援疆资金5.25亿元"', '"25亿元,助力"')

    assert "phrase-not-in-passage" in sample.rules()


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        # 安徽 is not in the sentence.
        ("aid:paidBy place:440000", "aid:paidBy place:340000", ["end-not-mentioned"]),
        # 合肥国际陆港 is named only after the semicolon.
        (
            MEMORANDUM,
            "aid:signedBy party:hefei-port",
            ["ends-in-different-clauses", "name-without-triple"],
        ),
        # A party may stand in an earlier clause; what is carried may not.
        (TRAIN, f"{TRAIN} aid:facilitatedBy party:hefei-development ;", []),
        (
            "site:front-warehouse aid",
            "site:front-warehouse aid:product product:white-goods ; aid",
            ["ends-in-different-clauses"],
        ),
        # 合肥 stands only inside other names, and only 得名于 asks no more.
        (MEMORANDUM, f"aid:benefits place:340100 ; {MEMORANDUM}", ["end-not-mentioned"]),
        (
            "site:front-warehouse aid",
            "site:front-warehouse aid:benefits place:340100 ; aid",
            ["end-not-mentioned"],
        ),
        ("site:front-warehouse aid", "site:front-warehouse aid:namedAfter place:340100 ; aid", []),
        # 物流 stands only inside 冷链物流: enough beside that industry, not in its stead.
        ("industry:cold-chain ;", "industry:cold-chain , industry:logistics ;", []),
        (
            "industry:cold-chain ;",
            "industry:logistics ;",
            ["end-not-mentioned", "name-without-triple"],
        ),
        # Words are quoted to the character.
        ('aid:post "记者"', 'aid:post "记 者"', ["words-not-in-passage"]),
        # Only a quantity has its class among the facts.
        (MEMORANDUM, f"a aid:Agreement ; {MEMORANDUM}", ["class-among-facts"]),
    ],
)
def test_one_clause_names_both_ends(sample: Sample, old: str, new: str, broken: list[str]) -> None:
    """Both ends of a fact are mentioned between the same two semicolons, with few exceptions."""
    sample.change(FACTS, old, new)

    assert broken == sample.rules()


CARRIED = "place:110000 aid:carriedFrom psg:p3.1 ."


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        (CARRIED, "", ["end-not-mentioned"]),
        (CARRIED, "place:110000 aid:carriedFrom psg:p4.1 .", ["carried-from-elsewhere"]),
        (CARRIED, "place:110000 aid:carriedFrom psg:p3.2 .", ["carried-from-elsewhere"]),
        (CARRIED, f"{CARRIED} place:340000 aid:carriedFrom psg:p3.1 .", ["carried-from-elsewhere"]),
        (CARRIED, 'place:110000 aid:calledHere "包括"@zh .', []),
        (CARRIED, f'{CARRIED} place:110000 aid:calledHere "京"@zh .', ["words-not-in-passage"]),
        (CARRIED, f'{CARRIED} place:120000 aid:calledHere "作用"@zh .', ["called-but-never-named"]),
        ("aid:openList aid:by", "aid:openList aid:concerns", ["open-list-without-deng"]),
        (
            "aid:concerns site:figs-base",
            "aid:concerns site:figs-base ; aid:openList aid:concerns",
            ["open-list-without-deng"],
        ),
    ],
)
def test_a_note_is_borne_out(sample: Sample, old: str, new: str, broken: list[str]) -> None:
    """What is understood is named before in the paragraph; 等 leaves a list of its clause open."""
    sample.change(FACTS, old, new)

    assert broken == sample.rules()


@pytest.mark.parametrize(
    ("remark", "broken"),
    [
        ("psg:p2.1 aid:saidBy party:zhang-zhili .", []),
        ("psg:p4.1 aid:saidBy party:zhang-zhili .", ["end-not-mentioned"]),
        ("psg:p5.3 aid:saidBy place:340000 .", []),  # named in p5.1, of the same paragraph
        ('psg:p4.1 aid:saidOn "今年开春"@zh .', []),
        ('psg:p4.1 aid:saidOn "4月18日"@zh .', ["words-not-in-passage"]),
        ("psg:p4.1 aid:inPassing period:last-year .", ["end-not-mentioned"]),
    ],
)
def test_a_remark_on_a_passage_is_borne_out(sample: Sample, remark: str, broken: list[str]) -> None:
    """The speaker is named in the passage or before it in the paragraph; the day is printed."""
    sample.change(FACTS, "psg:p1.1 aid:carriesNoFact aid:Heading .", "")
    sample.change(
        FACTS, "GRAPH psg:p2.1", f"psg:p1.1 aid:carriesNoFact aid:Heading . {remark} GRAPH psg:p2.1"
    )

    assert broken == sample.rules()


@pytest.mark.parametrize(
    ("old", "new", "broken"),
    [
        ("aid:status aid:Agreed", "aid:status aid:Planned", ["status-without-cue"]),
        # 共建 stands in the memorandum's name, and 签订 beside it.
        ("aid:status aid:Agreed", "aid:status aid:UnderConstruction", ["status-without-cue"]),
        # 初步形成 is said of the chain, in a comma clause of its own.
        (
            "aid:product product:plums ;\n        aid:status aid:UnderConstruction",
            "aid:product product:plums ;\n        aid:status aid:Emerging",
            ["status-without-cue"],
        ),
    ],
)
def test_a_status_has_its_word(sample: Sample, old: str, new: str, broken: list[str]) -> None:
    """A word by the name of the thing tells its status; words in names tell nothing."""
    sample.change(FACTS, old, new)

    assert broken == sample.rules()


@pytest.mark.parametrize(
    ("status", "broken"),
    [("Started", ["text-changed"]), ("Completed", ["status-without-cue", "text-changed"])],
)
def test_deeds_in_a_list_have_words_of_their_own(
    sample: Sample, status: str, broken: list[str]
) -> None:
    """In 启动甲、完成乙 one is begun and the other done, though no comma parts them."""
    sample.change("article.txt", "启动航天育种工程,选育", "启动航天育种工程、完成选育")
    sample.change(FACTS, "aid:status aid:Started", f"aid:status aid:{status}")

    assert broken == sample.rules()


@pytest.mark.parametrize(
    ("status", "broken"),
    [("Planned", ["text-changed"]), ("UnderConstruction", ["status-without-cue", "text-changed"])],
)
def test_a_longer_word_of_status_hides_a_shorter_one(
    sample: Sample, status: str, broken: list[str]
) -> None:
    """规划建设 says that building is planned, not that it goes on."""
    sample.change("article.txt", "包括完善和田市", "包括规划建设、完善和田市")
    park = "site:hotan-park aid:locatedIn place:653201"
    sample.change(FACTS, park, f"{park} ; aid:status aid:{status}")

    assert broken == sample.rules()


def test_a_finding_says_what_where_and_what_to_do(sample: Sample) -> None:
    """A person can act on it: names, both languages, the file, the text searched, the remedy."""
    sample.change(FACTS, MEMORANDUM, f"aid:benefits place:340100 ; {MEMORANDUM}")

    (finding,) = sample.check()

    assert finding.file == "data/articles/sample/facts.trig"
    assert (finding.graph, finding.subject) == ("p5.3", "project:memorandum")
    assert (finding.predicate, finding.object) == ("aid:benefits", "place:340100")
    assert finding.searched.startswith("协调合肥国际内陆港发展有限公司")
    assert "“合肥市” (place:340100) only inside" in finding.message_en
    assert "“合肥国际陆港” (party:hefei-port)" in finding.message_en
    assert "“合肥市” (place:340100) 只见于" in finding.message_zh
    assert finding.remedy_en
    assert finding.remedy_zh


def test_mentions_say_where_each_name_and_figure_stands(sample: Sample) -> None:
    """A page can underline the words: of a quantity its figure, of a name all its places."""
    sources = sample.read()
    passage = next(each for each in sources.articles[0].passages if each.id == "p4.2")

    mentions = mentions_of(sources.articles[0], sources)["p4.2"]

    assert [
        (each.entity.rsplit("/")[-1], passage.text[each.start : each.end]) for each in mentions
    ] == [
        ("last-year", "去年"),
        ("440000", "广东省"),
        ("aid-funds", "援疆资金"),
        ("p4.2-funds", "近亿元"),
        ("653129", "伽师县"),
        ("plums", "新梅"),
        ("plum-park", "粤伽新梅产业园"),
        ("plums", "新梅"),
        ("plums", "新梅"),
    ]
