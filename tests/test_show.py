"""`show`: everything known of one thing, each fact with its sentence."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from aidgraph.answers.naming import find_thing
from aidgraph.answers.results import Thing, Value
from aidgraph.answers.show import read_known
from aidgraph.answers.show_text import show_known
from aidgraph.answers.table import measure
from aidgraph.answers.why import read_rules
from aidgraph.cli.app import run
from aidgraph.errors import AmbiguousError, NotFoundError, UsageError
from aidgraph.project import find_project
from aidgraph.terms import ARTICLE, RDF_TYPE, SKOS, aid
from conftest import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable

    from aidgraph.answers.results import Evidence
    from aidgraph.answers.show import Fact, Known
    from aidgraph.dataset import Dataset
    from aidgraph.project import Project
    from aidgraph.questions import Language

    Show = Callable[..., Known]

REPORT = "xinjiang-daily-shared-purpose"
PARK = "粤伽新梅产业园"
KASHGAR = "https://w3id.org/aidgraph/id/place/653100"
GUANGDONG = "https://w3id.org/aidgraph/id/place/440000"
# p15.2, as the report prints it.
PLUMS = (
    "去年,广东省投入援疆资金近亿元,与伽师县打造以新梅为主的集交易、分拣、保鲜、冷藏、包装、物流、"
    "研发和培训为一体的全产业链园区——粤伽新梅产业园,并引进企业落户,初步形成了一条新梅产业链。"
)


@pytest.fixture(scope="module")
def show(built: Dataset) -> Show:
    """Give what is known of a thing by its name."""
    rules = read_rules(find_project(REPOSITORY))

    def showing(name: str, language: Language = "zh") -> Known:
        return read_known(built, find_thing(built.store, name, language), language, rules)

    return showing


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The articles' texts, by id."""
    folders = (REPOSITORY / "data" / "articles").iterdir()
    return {folder.name: (folder / "article.txt").read_text(encoding="utf-8") for folder in folders}


def values_of(facts: tuple[Fact, ...], name: str) -> set[str]:
    """Return the labels of the values that a property of ours has, or of what refers by it."""
    iri = aid(name).value
    cells = [fact.value for fact in facts if fact.name.iri == iri]
    return {cell.label if isinstance(cell, Thing) else str(cell.value) for cell in cells}


def sentences_of(evidence: tuple[Evidence, ...]) -> set[str | None]:
    """Return the passages of the report that the evidence has."""
    return {each.passage for each in evidence if each.article == REPORT}


def test_a_park_is_shown_as_its_sentences_say(show: Show) -> None:
    """Builders, functions, product and place, from p15.1 and p15.2."""
    park = show(PARK)

    assert park.label == PARK
    assert values_of(park.facts, "builtBy") == {"广东省", "伽师县"}
    functions = {"交易", "分拣", "保鲜", "冷藏", "包装", "物流", "研发", "培训"}
    assert functions == values_of(park.facts, "hasFunction")
    assert values_of(park.facts, "product") == {"新梅"}
    assert values_of(park.facts, "locatedIn") == {"伽师县"}
    assert "产业园区" in {
        fact.value.label for fact in park.classes if isinstance(fact.value, Thing)
    }
    builders = [fact for fact in park.facts if fact.name.iri == aid("builtBy").value]
    assert {PLUMS} == {each.text for fact in builders for each in fact.evidence}


def test_what_refers_to_a_thing_keeps_its_bound(show: Show) -> None:
    """近亿元 is nearly a hundred million, also where it is what pays for the park."""
    (money,) = [f.value for f in show(PARK).referred_by if isinstance(f.value, Value)]
    expected = Value(100_000_000, "unit:CCY_CNY", "aid:Nearly", "近亿元", None, "去年")
    assert expected == money


@pytest.mark.parametrize(
    "name", ["喀什地区", "喀什", "Kashgar", "653100", "place:653100", KASHGAR, f"<{KASHGAR}>"]
)
def test_a_thing_is_found_by_whatever_names_it(built: Dataset, name: str) -> None:
    """Full or short, Chinese or English, code, CURIE or IRI; nobody has to say its class."""
    assert find_thing(built.store, name, "zh").value == KASHGAR


def test_names_and_codes_say_who_gives_them(show: Show) -> None:
    """The area's names come from the published list of areas."""
    names = {each.name: each for each in show("喀什地区").names}

    assert (names["喀什地区"].kind, names["喀什地区"].language) == ("label", "zh")
    assert (names["Kashgar"].kind, names["Kashgar"].language) == ("short name", "en")
    assert (names["653100"].kind, names["653100"].language) == ("code", None)
    assert {"reference"} == {each.kind for each in names["653100"].evidence}


@pytest.mark.parametrize(
    ("language", "park", "project"),
    [
        ("zh", "粤伽新梅产业园", "打造品牌"),
        ("en", "Yue–Jia (Guangdong–Jiashi) Plum Industrial Park", "building brands"),
    ],
)
def test_what_refers_to_a_helper_is_listed_by_property(
    show: Show, language: Language, park: str, project: str
) -> None:
    """广东: what it built (p15.2), and what it took part in (p16.1), in either language."""
    guangdong = show("广东", language)

    assert guangdong.iri == GUANGDONG
    assert {park} == values_of(guangdong.referred_by, "builtBy")
    assert {park, project} <= values_of(guangdong.referred_by, "by")


def test_an_inferred_fact_names_its_rule_and_its_sentence(show: Show) -> None:
    """That Guangdong takes part follows from its building the park; both are told apart."""
    park = show("广东").referred_by
    involved = [f for f in park if isinstance(f.value, Thing) and f.value.label == PARK]
    rules = {fact.name.iri: (fact.rule, sentences_of(fact.evidence)) for fact in involved}

    assert rules[aid("builtBy").value] == (None, {"p15.2"})
    assert rules[aid("by").value] == ("wider-property", {"p15.2"})


def test_a_thing_lying_within_itself_is_no_news(show: Show) -> None:
    """`aid:within` is reflexive for queries' sake; nobody is told so."""
    kashgar = show("喀什地区")
    ends = [fact.value for fact in (*kashgar.facts, *kashgar.referred_by)]
    assert KASHGAR not in {end.iri for end in ends if isinstance(end, Thing)}


def test_every_fact_of_thirty_things_has_its_sentence(
    built: Dataset, show: Show, texts: dict[str, str]
) -> None:
    """A stated fact cites the very passages whose graphs hold it, in the article's words."""
    query = f"""SELECT DISTINCT ?thing WHERE {{
  GRAPH ?passage {{ ?thing ?property ?value }}
  ?passage a {aid("Passage")} . ?thing a {aid("Undertaking")}
}} ORDER BY MD5(STR(?thing)) LIMIT 30"""
    rows = built.store.select(query).rows
    things = [thing.value for (thing,) in rows if isinstance(thing, ox.NamedNode)]
    checked = 0
    for thing in things:
        known, of_thing = show(thing), 0
        for fact in known.facts:
            expected = passages_holding(built, thing, fact)
            quoted = [each for each in fact.evidence if each.kind == "article"]
            for each in quoted:
                assert each.text == texts[each.article or ""][each.start : each.end]
            if expected:
                assert expected == {f"{ARTICLE}{each.article}/{each.passage}" for each in quoted}
                of_thing += 1
        assert count_in_passages(built, thing) == of_thing  # none is left out
        checked += of_thing

    assert len(things) == 30
    assert checked > 100


def count_in_passages(built: Dataset, thing: str) -> int:
    """Return how many facts of a thing the passages state, asked of the store directly."""
    query = f"""SELECT DISTINCT ?property ?value WHERE {{
  GRAPH ?passage {{ <{thing}> ?property ?value }}
  ?passage a {aid("Passage")}
}}"""
    return len(built.store.select(query).rows)


def passages_holding(built: Dataset, thing: str, fact: Fact) -> set[str]:
    """Return the passages in whose graphs a fact stands, asked of the store directly."""
    if isinstance(fact.value, Thing):
        value = f"<{fact.value.iri}>"
    elif fact.value.bound is None and isinstance(fact.value.value, str):
        value = str(ox.Literal(fact.value.value, language="zh"))
    else:
        return set()
    query = f"""SELECT DISTINCT ?passage WHERE {{
  GRAPH ?passage {{ <{thing}> <{fact.name.iri}> {value} }}
  ?passage a {aid("Passage")}
}}"""
    return {
        row[0].value for row in built.store.select(query).rows if isinstance(row[0], ox.NamedNode)
    }


@pytest.mark.parametrize("name", ["p12.1", f"{REPORT}/p12.1", f"article:{REPORT}/p12.1"])
def test_a_passage_shows_its_words_and_what_it_says(
    show: Show, texts: dict[str, str], name: str
) -> None:
    """Beijing's 525 million for crop and animal farming; p12.1 stands in one article only."""
    passage = show(name)

    assert passage.words is not None
    assert passage.words.text == (
        "3年来,北京市共投入援疆资金5.25亿元,助力受援地特色种植养殖产业发展。"
    )
    assert values_of(passage.says, "paidBy") == {"北京市"}
    quoted = [each for fact in passage.says for each in fact.evidence]
    assert {passage.words.text} == {texts[REPORT][each.start : each.end] for each in quoted}
    figures = [f.value for f in passage.says if f.name.iri == aid("value").value]
    assert [(value.bound, value.as_written) for value in figures if isinstance(value, Value)] == [
        ("aid:Exactly", "5.25亿元")
    ]


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("和田", ["place:653200", "place:653201"]),
        ("p1.1", ["article:xinjiang-daily-every-blade/p1.1", f"article:{REPORT}/p1.1"]),
    ],
)
def test_a_name_of_several_things_lists_them(
    built: Dataset, name: str, candidates: list[str]
) -> None:
    """和田 may be the prefecture or the city; each candidate is a name that finds it."""
    with pytest.raises(AmbiguousError) as caught:
        find_thing(built.store, name, "zh")

    for candidate in candidates:
        assert candidate in caught.value.zh
        assert candidate in caught.value.en
        found = find_thing(built.store, candidate, "zh").value
        assert found.endswith(candidate.partition(":")[2])


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("粤伽新梅园", PARK), ("喀什地曲", "喀什地区"), ("https://no.where/x", "aidgraph queries")],
)
def test_an_unknown_name_is_answered_with_near_ones(
    built: Dataset, name: str, nearest: str
) -> None:
    """A slip of one character is met with the name that was meant."""
    with pytest.raises(NotFoundError, match=nearest):
        find_thing(built.store, name, "zh")


def test_no_name_at_all_is_refused(built: Dataset) -> None:
    """An empty name is a mistake of use."""
    with pytest.raises(UsageError):
        find_thing(built.store, " ", "en")


def test_a_thing_goes_before_a_term_of_the_ontology(built: Dataset) -> None:
    """援疆干部人才 are people of the report before they are a class; 在建 is only a status."""
    people = find_thing(built.store, "援疆干部人才", "zh")

    assert people.value.endswith("/id/party/provincial-cadres")
    assert find_thing(built.store, "在建", "zh") == aid("UnderConstruction")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh", "文章未提及它（已查 65 个句段）。"),
        ("en", "The articles say nothing of it (65 passages searched)."),
    ],
)
def test_silence_about_a_thing_is_said(show: Show, language: Language, sentence: str) -> None:
    """Hunan helps, says the list of helpers; the articles do not name it."""
    hunan = show("湖南", language)
    text = show_known(hunan, "table", language, width=100, styled=False)

    assert not hunan.said
    assert sentence in text
    assert show(PARK).said


@pytest.mark.parametrize("width", [40, 60, 100])
@pytest.mark.parametrize("name", [PARK, "喀什地区", "p12.1"])
def test_what_is_shown_fits_the_terminal(show: Show, name: str, width: int) -> None:
    """No line is wider, a Chinese character counting two columns."""
    text = show_known(show(name), "table", "zh", width=width, styled=False)
    assert max(map(measure, text.splitlines())) <= width


@pytest.mark.parametrize("form", ["table", "md"])
def test_every_number_of_a_fact_leads_to_evidence(show: Show, form: str) -> None:
    """Each fact is numbered, and the numbers below name each of them."""
    text = show_known(show(PARK), form, "zh", width=200, styled=False)
    facts, _, evidence = text.rpartition("依据\n")
    numbers = {int(n) for n in re.findall(r"^(?:\| )?(\d+) +[│|]", facts, re.MULTILINE)}
    cited: set[int] = set()
    for marks in re.findall(r"^(?:- \*\*)?([\d–, ]+\d)", evidence, re.MULTILINE):
        for mark in marks.split(", "):
            first, _, last = mark.partition("–")
            cited.update(range(int(first), int(last or first) + 1))

    assert numbers
    assert numbers == cited
    assert PLUMS in re.sub(r"\s+|\\", "", evidence)


def test_json_has_the_keys_of_the_contract(show: Show) -> None:
    """Programs rely on the names; a passage has two more."""
    found: dict[str, Any] = json.loads(show_known(show(PARK), "json", "zh", width=80, styled=False))

    keys = ["iri", "label", "classes", "names", "facts", "referred_by"]
    assert [*keys, "said", "searched", "snapshot"] == list(found)
    assert {"property", "label", "value", "rule", "evidence", "untraced"} == set(found["facts"][0])
    words = ["kind", "passage", "text", "start", "end", "article", "source", "rule"]
    assert [*words, "translation"] == list(found["facts"][0]["evidence"][0])
    built_by = [each for each in found["facts"] if each["property"] == aid("builtBy").value]
    assert {"iri": GUANGDONG, "label": "广东省"} in [each["value"] for each in built_by]
    passage = show("p12.1").as_dict()
    assert [*keys, "passage", "says", "said", "searched", "snapshot"] == list(passage)


def test_texts_in_both_languages_are_given_in_one(show: Show) -> None:
    """A definition is the same in Chinese and English: who reads one needs not the other."""
    definition = f"{SKOS}definition"
    for language in ("zh", "en"):
        facts = show("aid:builtBy", "en" if language == "en" else "zh").facts
        (text,) = [str(f.value.as_dict()["value"]) for f in facts if f.name.iri == definition]
        assert bool(re.search(r"[\u4e00-\u9fff]", text)) is (language == "zh")


def test_classes_stand_apart_from_facts(show: Show) -> None:
    """What a thing is stands in one place only."""
    park = show(PARK)
    assert RDF_TYPE.value not in {fact.name.iri for fact in park.facts}


def test_the_command_shows_finds_and_fails(
    built_small: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 0 with text on standard output; 4, and nothing on it, for an unknown name."""
    root = str(built_small.root)

    assert run(["--project", root, "show", "喀什", "--lang", "zh"]) == 0
    assert capsys.readouterr().out.startswith("喀什地区（place:653100）\n")
    assert run(["--project", root, "show", "nobody at all"]) == 4
    captured = capsys.readouterr()
    assert (captured.out, "Nothing is called" in captured.err) == ("", True)
