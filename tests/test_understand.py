"""A sentence as the question: which canned question it asks, about what, and when it asks back."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

import pytest

from aidgraph.answers.ask import ask_question
from aidgraph.answers.understand import Interpreter, show_command
from aidgraph.answers.understand_words import fold_sentence, read_words, stem
from aidgraph.cli.app import run
from aidgraph.errors import AmbiguousError
from aidgraph.project import find_project
from aidgraph.questions import Language, fill_title, parse_question, read_questions
from conftest import REPOSITORY
from running import run_aidgraph

if TYPE_CHECKING:
    from pathlib import Path

    from aidgraph.dataset import Dataset
    from aidgraph.project import Project

QUESTIONS, _ = read_questions(find_project(REPOSITORY))

UNDERSTOOD: list[tuple[str, str, dict[str, str]]] = [
    ("广东在喀什做了什么?", "projects-of-helper-in-area", {"helper": "广东省", "area": "喀什地区"}),
    ("浙江都干了些什么", "works-of-helper", {"helper": "浙江省"}),
    ("谁在帮助昌吉?", "helpers-of-area", {"area": "昌吉回族自治州"}),
    ("江苏盖了哪些产业园？", "parks-of-helper", {"helper": "江苏省"}),
    ("墨玉县归哪个地区管", "place-chain", {"place": "墨玉县"}),
    ("北京的援疆资金花在了什么地方?", "money-of-helper", {"helper": "北京市"}),
    ("哪些句子里出现了“乡村振兴”?", "passages-with-words", {"words": "乡村振兴"}),
    ("哪些款项超过10亿元", "sums-above", {"minimum": "10亿"}),
    ("福建靠什么手段招商?", "methods-of-helper", {"helper": "福建省"}),
    ("上海和福建有什么区别", "helpers-compared", {"one": "上海市", "other": "福建省"}),
    ("and自古 aletai 得到了哪些援助?", "aid-received-by-area", {"area": "阿勒泰地区"}),
    ("五方协议是谁签的", "parties-of-agreement", {"agreement": "五方协议"}),
    (
        "What is Guangdong doing in Kashgar?",
        "projects-of-helper-in-area",
        {"helper": "Guangdong Province", "area": "Kashgar Prefecture"},
    ),
    ("Who gives aid to Karamay?", "helpers-of-area", {"area": "Karamay City"}),
    ("which parks has JIANGSU built", "parks-of-helper", {"helper": "Jiangsu Province"}),
    ("Who runs the Kashgar bonded zone?", "parties-of-site", {}),
    ("what was done for Hotan City", "aid-received-by-area", {"area": "Hotan City"}),
    ("Sums of more than 1 billion yuan", "sums-above", {"minimum": "1 billion"}),
    ("Who's the author of the report?", "authors-of-articles", {}),
    ("五方协议是谁促成的", "parties-of-undertaking", {"undertaking": "五方协议"}),
    ("关于王东纪有什么信息", "facts-about-thing", {"thing": "王东纪"}),
    ("Tell me about the Five-Party Agreement", "facts-about-thing", {}),
    ("zhejiang's platforms", "programmes-of-helper", {"helper": "Zhejiang Province"}),
]


@pytest.mark.parametrize(("sentence", "name", "given"), UNDERSTOOD, ids=lambda each: str(each)[:24])
def test_a_sentence_finds_its_question(
    built: Dataset, sentence: str, name: str, given: dict[str, str]
) -> None:
    """In either language, with names in full, short, bare or in pinyin."""
    language: Language = "en" if sentence.isascii() else "zh"

    reading = Interpreter(built.store, QUESTIONS).understand(sentence, language)

    assert name == reading.question.name
    assert given.items() <= reading.given.items()


def test_the_wider_of_two_places_of_a_name_is_meant(built: Dataset) -> None:
    """和田 alone is the prefecture, in which the city lies; it is said, and can be corrected."""
    reading = Interpreter(built.store, QUESTIONS).understand("谁援助和田?", "zh")

    assert reading.given == {"area": "和田地区"}
    assert "和田地区" in reading.zh
    assert "Hotan Prefecture" in reading.en


def test_another_sort_of_place_is_not_taken(built: Dataset) -> None:
    """伊宁市 is in no article: its question is not answered with 伊宁县."""
    try:
        given = Interpreter(built.store, QUESTIONS).understand("谁援助伊宁市?", "zh").given
    except AmbiguousError:
        return
    assert "伊宁县" not in given.values()


@pytest.mark.parametrize(
    "sentence",
    [
        "今天天气怎么样?",
        "喀什今天天气怎么样?",
        "Will it rain in Paris tomorrow?",
        "?",
        "？！",
        "hello there",
        "e = mc²",
    ],
)
def test_what_nobody_can_answer_is_asked_back(built: Dataset, sentence: str) -> None:
    """With the three nearest questions as commands that can be run as they stand."""
    with pytest.raises(AmbiguousError) as caught:
        Interpreter(built.store, QUESTIONS).understand(sentence, "zh")

    assert caught.value.exit_code == 4
    names = {question.name for question in QUESTIONS}
    for text in (caught.value.en, caught.value.zh):
        offered = re.findall(r"aidgraph ask ([a-z-]+)", text)
        assert len(offered) == 3
        assert set(offered) <= names


@pytest.mark.parametrize("sentence", ["王东纪多大年纪", "How old is Wang Dongji?"])
def test_what_is_not_said_of_a_thing_has_no_answer(built: Dataset, sentence: str) -> None:
    """A figure that no article gives is looked for, and not found: other facts are no answer."""
    reading = Interpreter(built.store, QUESTIONS).understand(sentence, "zh")

    assert reading.question.name == "figures-of-thing"
    assert not ask_question(built, reading.question, reading.given, "zh").rows


def test_a_question_about_anything_gives_way_to_one_of_its_kind(built: Dataset) -> None:
    """克拉玛依 as an area has a question of its own; only what fits no other asks of a thing."""
    fits = Interpreter(built.store, QUESTIONS).rank("克拉玛依得到了什么?")

    names = [fit.question.name for fit in fits]
    assert names[0] == "aid-received-by-area"
    assert "facts-about-thing" in names[1:]


def test_a_title_is_filled_with_what_was_understood() -> None:
    """Each blank that has a value; the command has quotation marks where a shell needs them."""
    (question,) = (each for each in QUESTIONS if each.name == "projects-of-helper-in-area")
    given = {"helper": "Guangdong Province", "area": "it's; rm -rf"}

    title = fill_title(question, given, "en")
    command = show_command(question, given)

    assert title == question.title["en"].replace("[helper]", "Guangdong Province").replace(
        "[recipient area]", "it's; rm -rf"
    )
    assert "[" not in title
    assert shlex.split(command) == [
        "aidgraph",
        "ask",
        "projects-of-helper-in-area",
        "--helper",
        "Guangdong Province",
        "--area",
        "it's; rm -rf",
    ]


def test_a_command_has_examples_for_what_was_not_said() -> None:
    """What is offered can be pasted: no parameter is missing, and Chinese needs no quotes."""
    (question,) = (each for each in QUESTIONS if each.name == "helpers-of-area")

    assert show_command(question, {}) == "aidgraph ask helpers-of-area --area 喀什地区"


def test_other_ways_to_ask_are_heeded(built: Dataset) -> None:
    """A header's `asked` finds the question by words that stand nowhere else in it."""
    header = """\
#+ title.en = "What is this?"
#+ title.zh = "这是什么？"
#+ description.en = "That."
#+ description.zh = "那个。"
#+ {}
#+ [columns]
#+ x = {{ en = "x", zh = "某" }}
SELECT ?x WHERE {{ ?x a ?y }} ORDER BY ?x
"""
    asked = '[asked]\n#+ en = ["Which zebras graze by moonlight?"]'
    found = [
        [*QUESTIONS, parse_question("zebras", header.format(line), "queries/zebras.rq")]
        for line in (asked, "")
    ]

    reading = Interpreter(built.store, found[0]).understand("zebras graze by moonlight?", "en")
    assert reading.question.name == "zebras"
    with pytest.raises(AmbiguousError):
        Interpreter(built.store, found[1]).understand("zebras graze by moonlight?", "en")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("funds", "资金"),
        ("companies", "企业"),
        ("built", "修建"),
        ("agreements", "协议"),
        ("paid", "钱"),
    ],
)
def test_both_languages_meet_in_senses(one: str, other: str) -> None:
    """A question asked in one language is found by a text in the other."""
    english, chinese = (
        {s for word in read_words(text) for s in word.senses} for text in (one, other)
    )

    assert english & chinese


def test_a_sentence_is_put_in_the_words_of_the_graph() -> None:
    """太阳能 is 光伏 there; solar, photovoltaic; possessives and quotation marks go."""
    assert fold_sentence("上海的“太阳能”项目") == "上海的光伏项目"
    assert stem("solar") == stem("photovoltaics") != stem("solid")
    assert fold_sentence("Shanghai’s firms'") == "shanghai firms"


def ask(root: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Run `aidgraph ask`; return exit status, standard output and standard error."""
    status = run(["--project", str(root), "ask", *words])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_the_command_says_how_it_understood(
    built_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """On standard error; the answer is that of the question found, with its name and parameters."""
    sentence = "谁在帮助昌吉?"
    status, out, err = ask(built_root, capsys, sentence, "-f", "json", "--lang", "zh")

    assert status == 0
    assert err.startswith("理解为：哪些省市援助昌吉回族自治州")
    assert "aidgraph ask helpers-of-area --area 昌吉回族自治州" in err
    answer = json.loads(out)
    assert (answer["query"], answer["params"]) == ("helpers-of-area", {"area": "昌吉回族自治州"})
    assert {row["helper"]["label"] for row in answer["rows"]} == {"福建省"}


def test_a_sentence_has_evidence_like_any_question(
    built_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--why cites the sentence of the article."""
    _, out, _ = ask(built_root, capsys, "Who gives aid to Karamay?", "--why", "--lang", "zh")

    assert "上海市立足克拉玛依市" in "".join(out.split())  # a line may end anywhere


def test_a_sentence_that_is_not_understood_ends_with_4(
    built_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing goes to standard output: who reads it gets no answer to another question."""
    status, out, err = ask(built_root, capsys, "今天天气怎么样?", "--lang", "zh")

    assert (status, out) == (4, "")
    assert err.count("aidgraph ask ") == 3


@pytest.mark.parametrize("word", ["helpers-of-aera", "Kashgar", "x"])
def test_a_single_word_is_a_name(
    built_root: Path, capsys: pytest.CaptureFixture[str], word: str
) -> None:
    """One that is no question's is met as ever: with names like it."""
    status, _, err = ask(built_root, capsys, word, "--lang", "en")

    assert status == 4
    assert f"There is no question “{word}”." in err


def test_a_parameter_given_twice_is_refused(
    built_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The last would win in silence."""
    words = ["helpers-of-area", "--area", "喀什", "--area", "伊犁", "--lang", "en"]
    status, out, err = ask(built_root, capsys, *words)

    assert (status, out) == (2, "")
    assert "--area is given 2 times" in err


def test_a_sentence_is_understood_alike_every_time(
    built: Dataset, built_small_project: Project
) -> None:
    """Whatever order Python's sets have in a process."""
    del built
    ran = [
        run_aidgraph(
            built_small_project, "ask", "哪些省市帮助疏勒?", "--lang", "zh", hash_seed=seed
        )
        for seed in (1, 2)
    ]

    said = [each.stderr.splitlines()[-1] for each in ran]
    assert said[0] == said[1]
    assert ran[0].stdout == ran[1].stdout


def test_a_doubtful_reading_names_the_next_ones(built_root: Path) -> None:
    """Each as a command, and what the articles say; one that is certain names no other."""
    project = find_project(built_root)

    doubtful = run_aidgraph(
        project, "ask", "Which helpers rely on existing investors to attract new ones?"
    )
    certain = run_aidgraph(project, "ask", "Who helps Changji?")

    readings, near = doubtful.stderr.strip().split("\nNear to it, ", 1)
    assert readings.count("Or is it: ") == 2
    assert all("(aidgraph ask " in line for line in readings.splitlines())
    assert "通过精准招商,以商招商" in near
    assert "Understood as: " in certain.stderr
    assert "Or is it" not in certain.stderr
    assert "Near to it" not in certain.stderr


@pytest.mark.parametrize(
    ("sentence", "minimum"),
    [("哪些款项高于9810,?", "9810"), ("Which sums are above 1,000, please?", "1,000")],
)
def test_a_number_ends_before_the_mark_behind_it(
    built: Dataset, sentence: str, minimum: str
) -> None:
    """A comma behind a number is the sentence's."""
    reading = Interpreter(built.store, QUESTIONS).understand(sentence, "en")

    assert ("sums-above", {"minimum": minimum}) == (reading.question.name, reading.given)


@pytest.mark.parametrize("number", ["1.2.3", "9" * 25])
def test_what_is_no_number_spoils_no_other_question(built: Dataset, number: str) -> None:
    """A version, or more digits than can be compared, beside a thing that is asked about."""
    sentence = f"Who helps Changji? {number}"

    reading = Interpreter(built.store, QUESTIONS).understand(sentence, "en")

    assert reading.question.name == "helpers-of-area"


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("园区合作里谁尝到了甜头?", "p27.2"),
        ("援疆干部把什么当成第二故乡", "p17.1"),
        ("What is done for the wood trade at Alashankou?", "p26.1"),
    ],
)
def test_the_passage_that_says_it_is_the_nearest(
    built: Dataset, sentence: str, passage: str
) -> None:
    """By words that stand in no name, and by the things that are named."""
    nearest = Interpreter(built.store, QUESTIONS).find_passages(sentence)

    assert nearest[0].passage == passage


def test_an_unsure_reading_tells_the_nearest_passages(built: Dataset) -> None:
    """In both languages; the words are those of the article."""
    with pytest.raises(AmbiguousError) as told:
        Interpreter(built.store, QUESTIONS).understand("甜头给谁尝尝", "zh")

    assert "尝到了协同发展、互利共赢的甜头" in told.value.text("en")
    assert "最接近的原文" in told.value.text("zh")
