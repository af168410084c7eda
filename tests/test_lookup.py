"""Names as people type them: every usual way to write one leads to the thing that it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from aidgraph.answers.lookup import find_things, read_value
from aidgraph.answers.lookup_names import Name, bare
from aidgraph.answers.lookup_pinyin import is_spelled, read_spelling
from aidgraph.errors import AmbiguousError, NotFoundError, UsageError
from aidgraph.questions import Bilingual, Parameter
from aidgraph.store import EmbeddedStore
from aidgraph.terms import AID, RDF_TYPE, RDFS, XSD

if TYPE_CHECKING:
    from aidgraph.dataset import Dataset

LABEL: Bilingual = {"en": "area", "zh": "地区"}
AREA = Parameter("area", "aid:RecipientArea", LABEL, "喀什地区")
HELPER = AREA._replace(name="helper", type="aid:Helper")
SITE = AREA._replace(name="site", type="aid:Site")
CONCEPT = AREA._replace(name="concept", type="concept")
NUMBER = AREA._replace(name="minimum", type="number", example="1000")
KIND = Parameter(
    "kind",
    "choice",
    {"en": "kind", "zh": "种类"},
    "money",
    values={
        "money": {"en": "sums of money", "zh": "金额"},
        "count": {"en": "counts", "zh": "数目"},
    },
)
FLAG = Parameter("open", "flag", {"en": "open lists only", "zh": "仅未列完的"}, "", optional=True)

KASHGAR, YINING, ILI = "place/653100", "place/654021", "place/654000"
FOUND = [
    (AREA, "喀什", KASHGAR),
    (AREA, "喀什地区", KASHGAR),
    (AREA, "Kashgar", KASHGAR),
    (AREA, "kashgar prefecture", KASHGAR),
    (AREA, "Prefecture of Kashgar", KASHGAR),
    (AREA, "kashi", KASHGAR),
    (AREA, "KASHI", KASHGAR),
    (AREA, "kā shí", KASHGAR),
    (AREA, "ka shi di qu", KASHGAR),
    (AREA, "ka1shi2", KASHGAR),
    (AREA, "653100", KASHGAR),
    (AREA, "place:653100", KASHGAR),
    (AREA, "https://w3id.org/aidgraph/id/place/653100", KASHGAR),
    (AREA, "伊宁", YINING),
    (AREA, "yi ning xian", YINING),
    (AREA, "Yining", YINING),
    (AREA, "Yili", ILI),
    (AREA, "伊犁自治州", ILI),
    (AREA, "Ili Autonomous Prefecture", ILI),
    (AREA, "昌吉州", "place/652300"),
    (AREA, "changji hui", "place/652300"),
    (AREA, "和田市", "place/653201"),
    (AREA, "hétián shì", "place/653201"),
    (AREA, "Hotan City", "place/653201"),
    (AREA, "Aletai", "place/654300"),
    (HELPER, "shan dong", "place/370000"),
    (HELPER, "Zhejiang", "place/330000"),
    (HELPER, "ZHEJIANG PROVINCE", "place/330000"),
    (HELPER, "Beijing City", "place/110000"),
    (HELPER, "上海", "place/310000"),
    (SITE, "江苏援疆（南通）产业园", "site/jiangsu-nantong-park"),
    (SITE, "Yining County textile industrial parks", "site/yining-textile-park"),
    (CONCEPT, "cold-chain logistics", "industry/cold-chain-logistics"),
    (CONCEPT, "以商招商", "method/business-attracts-business"),
]


@pytest.mark.parametrize(("parameter", "typed", "local"), FOUND, ids=lambda each: str(each)[-30:])
def test_a_name_is_found_however_it_is_typed(
    built: Dataset, parameter: Parameter, typed: str, local: str
) -> None:
    """Full, short, in English, in pinyin, by code, CURIE or IRI."""
    expected = ox.NamedNode(f"https://w3id.org/aidgraph/id/{local}")

    assert expected == read_value(built.store, parameter, typed)


@pytest.mark.parametrize("typed", ["和田", "Hotan", "hetian", "hé tián"])
def test_a_name_of_two_places_lists_both(built: Dataset, typed: str) -> None:
    """和田 is the prefecture or its city: the labels of both are shown, and none is chosen."""
    with pytest.raises(AmbiguousError) as caught:
        read_value(built.store, AREA, typed)

    assert caught.value.exit_code == 4
    for shown in ("和田地区", "Hotan Prefecture", "place:653200", "和田市", "place:653201"):
        assert shown in caught.value.text("zh")


def test_a_name_of_many_things_lists_the_first_and_says_that_there_are_more() -> None:
    """A thousand articles may call a village the same: the message stays one that is read."""
    label, kind = ox.NamedNode(f"{RDFS}label"), ox.NamedNode(f"{AID}RecipientArea")
    villages = [ox.NamedNode(f"https://w3id.org/aidgraph/id/place/v{n}") for n in range(10, 20)]
    store = EmbeddedStore.of(
        quad
        for village in villages
        for quad in (
            ox.Quad(village, RDF_TYPE, kind),
            ox.Quad(village, label, ox.Literal("新村", language="zh")),
        )
    )

    with pytest.raises(AmbiguousError, match=r"may be any of 10 .*place:v15.; …") as caught:
        read_value(store, AREA, "新村")

    assert "place:v16" not in str(caught.value)
    assert [village.value for village in villages] == find_things(store, AREA, "新村")


def test_the_iri_of_a_thing_of_another_class_is_not_taken(built: Dataset) -> None:
    """A site is no area, whichever way it is named."""
    with pytest.raises(NotFoundError):
        read_value(built.store, AREA, "site:jiangsu-nantong-park")


@pytest.mark.parametrize(
    "typed", ["伊宁市", "喀什市", "Yining City", "kashgar county", "yi ning shi"]
)
def test_another_sort_of_place_is_another_place(built: Dataset, typed: str) -> None:
    """伊宁县 is not 伊宁市: the word for the sort of place may be left out, not exchanged."""
    with pytest.raises(NotFoundError):
        read_value(built.store, AREA, typed)


@pytest.mark.parametrize(
    ("typed", "nearest"),
    [
        ("阿克淘", "阿克陶县"),
        ("喀时", "喀什地区"),
        ("Kashgr", "Kashgar"),
        ("哈萨克自治州", "伊犁哈萨克自治州"),
    ],
)
def test_a_slip_is_met_with_the_nearest_name(built: Dataset, typed: str, nearest: str) -> None:
    """By characters, by sound, by letters, or as a part."""
    with pytest.raises(NotFoundError) as caught:
        read_value(built.store, AREA, typed)

    assert nearest in caught.value.text("zh").partition("最接近的有：")[2]


@pytest.mark.parametrize(
    ("name", "spelling", "expected"),
    [
        ("乌什县", "wushixian", True),
        ("重庆市", "chongqingshi", True),
        ("吐鲁番", "tulufan", True),
        ("吕梁", "luliang", True),
        ("喀什", "kashgar", False),
        ("喀什", "ka", False),
    ],
)
def test_every_reading_of_a_character_counts(name: str, spelling: str, *, expected: bool) -> None:
    """什 is shí in 乌什, 重 is chóng in 重庆; a part of the name is not the name."""
    assert expected == is_spelled(name, spelling)


@pytest.mark.parametrize("text", ["textile", "喀什", "Paris, France", "", "42"])
def test_what_cannot_be_pinyin_is_not_tried(text: str) -> None:
    """The library is slow to import: nobody waits for it in vain."""
    assert read_spelling(text) is None


def test_the_sort_of_place_is_told_from_the_name() -> None:
    """In both languages alike; a name that is no more than the word keeps it."""
    assert bare("伊犁哈萨克自治州") == bare("伊犁州") == ("伊犁", "region")
    assert bare("Ili Kazakh Autonomous Prefecture") == bare("Ili Region") == ("ili", "region")
    assert bare("县") == ("县", None)


def test_a_name_says_its_language(built: Dataset) -> None:
    """A code has none: it is not spelled in pinyin."""
    from aidgraph.answers.lookup_names import read_names

    names = read_names(built.store, "https://w3id.org/aidgraph/ont#RecipientArea")

    iri = f"https://w3id.org/aidgraph/id/{KASHGAR}"
    assert {
        Name(0, "653100", iri, None),
        Name(0, "喀什地区", iri, "zh"),
        Name(1, "喀什", iri, "zh"),
        Name(1, "Kashi", iri, "en"),
    } <= set(names)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("10亿", "1000000000"),
        ("1亿元", "100000000"),
        ("1,000,000", "1000000"),
        ("5.25亿元", "525000000"),
        ("3 million", "3000000"),
        ("1.5 Billion", "1500000000"),
    ],
)
def test_a_number_may_be_written_as_people_do(built: Dataset, typed: str, value: str) -> None:
    """With 亿 and 万, with commas, in English words."""
    expected = ox.Literal(value, datatype=ox.NamedNode(f"{XSD}decimal"))

    assert expected == read_value(built.store, NUMBER, typed)


@pytest.mark.parametrize("typed", ["近亿元", "1,00", "some million", "million"])
def test_a_number_that_is_not_exact_is_refused(built: Dataset, typed: str) -> None:
    """What is nearly a hundred million cannot be compared with."""
    with pytest.raises(UsageError, match="is no number"):
        read_value(built.store, NUMBER, typed)


@pytest.mark.parametrize("typed", ["money", "Sums of money", "金额", " MONEY "])
def test_a_choice_is_taken_by_value_or_label(built: Dataset, typed: str) -> None:
    """In either language; the query gets the value."""
    assert ox.Literal("money") == read_value(built.store, KIND, typed)


def test_a_value_that_is_no_choice_is_met_with_those_there_are(built: Dataset) -> None:
    """With their labels, in the language of the message."""
    with pytest.raises(UsageError, match=r"money \(sums of money\), count \(counts\)") as caught:
        read_value(built.store, KIND, "people")

    assert "money（金额）、count（数目）" in caught.value.text("zh")


def test_a_flag_is_true(built: Dataset) -> None:
    """Or left out: it takes no other value."""
    assert ox.Literal(value=True) == read_value(built.store, FLAG, "true")
    with pytest.raises(UsageError, match="--open takes no value such as no"):
        read_value(built.store, FLAG, "no")


@pytest.mark.parametrize("parameter", [AREA, CONCEPT, NUMBER, KIND], ids=lambda each: each.type)
@pytest.mark.parametrize(
    "typed",
    ['"喀什"', "} } SELECT", "<http://e/x>", "喀什\\u0022", "＂喀什", "喀什\u0000", "javascript:x"],
)
def test_syntax_is_no_name(built: Dataset, parameter: Parameter, typed: str) -> None:
    """Quotes, braces, IRIs, escapes, full-width forms: a name is found, or the text refused."""
    try:
        term = read_value(built.store, parameter, typed)
    except (UsageError, NotFoundError):
        return
    assert ox.NamedNode(f"https://w3id.org/aidgraph/id/{KASHGAR}") == term
