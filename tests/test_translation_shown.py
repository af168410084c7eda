"""The translation is shown to readers of English wherever they are shown a passage's words."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import rdflib

from aidgraph.answers.ask import ask_question
from aidgraph.answers.naming import find_thing
from aidgraph.answers.passages import read_passages, read_quotes
from aidgraph.answers.render import render
from aidgraph.answers.show import read_known
from aidgraph.answers.show_text import show_known
from aidgraph.answers.spreadsheet import write_spreadsheet
from aidgraph.answers.table import measure
from aidgraph.answers.understand import Interpreter
from aidgraph.answers.why import read_rules
from aidgraph.cli.app import run
from aidgraph.dataset import open_dataset
from aidgraph.errors import AmbiguousError
from aidgraph.inputs import is_fresh
from aidgraph.project import Project, find_project
from aidgraph.questions import read_question, read_questions
from aidgraph.server.agents import tasks
from aidgraph.server.desk import Desk
from aidgraph.shelf import find_current
from aidgraph.terms import aid
from conftest import REPOSITORY
from pages_args import get_page

if TYPE_CHECKING:
    from pathlib import Path

    from aidgraph.answers.results import Answer
    from aidgraph.dataset import Dataset
    from aidgraph.questions import Language

ARTICLE = "xinjiang-daily-shared-purpose"
ARTICLES = (ARTICLE, "xinjiang-daily-every-blade")
PAGE = f"/page/article/{ARTICLE}"
LABEL = "our translation"
P12_1 = (
    "Over the past three years, Beijing Municipality has put in a total of 525 million yuan of aid "
    "funds to help develop distinctive crop and animal farming in the recipient areas."
)
"""What translation.ttl gives of 3年来,北京市共投入援疆资金5.25亿元…"""


def read_translations(article: str) -> dict[str, str]:
    """Return the translations in an article's file, by passage, read by another library."""
    graph = rdflib.Graph().parse(REPOSITORY / "data" / "articles" / article / "translation.ttl")
    said = graph.subject_objects(rdflib.URIRef(aid("translation").value))
    return {str(passage).rpartition("/")[2]: str(words) for passage, words in said}


TRANSLATIONS = read_translations(ARTICLE)


@pytest.fixture(scope="module")
def desk(built: Dataset) -> Desk:
    """What pages are rendered from, over the repository's own data."""
    return Desk(Project(REPOSITORY, built.folder.parents[1]), built.folder)


def ask(dataset: Dataset, language: Language) -> Answer:
    """Ask what Beijing paid: its rows rest on p12.1 and p12.2."""
    project = find_project(REPOSITORY)
    question = read_question(project, "money-of-helper")
    given, rules = {"helper": "北京"}, read_rules(project)
    return ask_question(dataset, question, given, language, rules=rules)


def show(dataset: Dataset, name: str, form: str, language: Language, width: int = 92) -> str:
    """Return what `show` prints of a thing."""
    thing = find_thing(dataset.store, name, language)
    known = read_known(dataset, thing, language, read_rules(find_project(REPOSITORY)))
    return show_known(known, form, language, width=width, styled=False)


def join(text: str) -> str:
    """Return `text` with what a terminal or Markdown breaks and escapes made one line."""
    return " ".join(text.replace("\\", "").split())


@pytest.mark.parametrize("article", ARTICLES)
def test_every_passage_comes_with_its_own_translation(built: Dataset, article: str) -> None:
    """The graph gives of each passage what the file says of that very passage."""
    expected = read_translations(article)

    found = {each.id: each.translation for each in read_passages(built.store, article, "zh")}

    assert len(expected) > 16
    assert expected == found
    head = f"https://w3id.org/aidgraph/article/{article}"
    quotes = read_quotes(built.store, [f"{head}/{passage}" for passage in expected])
    assert expected == {each.passage: each.translation for each in quotes.values()}


def test_a_passage_without_translation_has_none(
    built_small: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """An article need not be translated: its words are shown all the same."""
    for command in (["passages", "small"], ["show", "p1.1"]):
        assert run(["--project", str(built_small.root), *command, "--lang", "en"]) == 0
        shown = capsys.readouterr().out
        assert "p1.1" in shown
        assert LABEL not in shown


@pytest.mark.parametrize("form", ["table", "md", "csv", "tsv"])
def test_english_evidence_has_the_translation_below_the_words(built: Dataset, form: str) -> None:
    """Each cited passage's own, called a translation; of no other passage."""
    text = join(render(ask(built, "en"), form, "en", width=92, styled=False))

    parts = text.split(f"{LABEL}: ")
    assert "3年来,北京市共投入援疆资金5.25亿元" in parts[0].replace(" ", "")
    assert parts[1].startswith(P12_1)
    assert parts[2].startswith(TRANSLATIONS["p12.2"])
    assert "包括完善和田市现代农业产业园配套设施" in parts[1].replace(" ", "")
    assert {each for each, words in TRANSLATIONS.items() if words in text} == {"p12.1", "p12.2"}


@pytest.mark.parametrize("form", ["table", "md", "csv", "tsv"])
def test_chinese_evidence_has_no_translation(built: Dataset, form: str) -> None:
    """Who reads Chinese reads the newspaper's own words."""
    text = join(render(ask(built, "zh"), form, "zh", width=92, styled=False))

    assert "北京市共投入援疆资金5.25亿元" in text.replace(" ", "")
    assert LABEL not in text
    assert not [each for each in TRANSLATIONS.values() if each in text]


@pytest.mark.parametrize("width", [40, 60, 100])
def test_evidence_fits_the_terminal(built: Dataset, width: int) -> None:
    """A translation is wrapped as the words are, and begins a line of its own."""
    answer = ask(built, "en")._replace(title="")
    lines = render(answer, "table", "en", width=width, styled=False).splitlines()
    below = lines[lines.index("Rests on") :]

    assert max(map(measure, lines)) <= width
    assert len([line for line in below if line.strip().startswith(f"{LABEL}: ")]) == 2


def test_json_has_the_translation_in_every_language(built: Dataset) -> None:
    """A field of each piece of evidence, null of what is no passage."""
    for language in ("en", "zh"):
        answer = ask(built, "en" if language == "en" else "zh")
        found: dict[str, Any] = json.loads(render(answer, "json", "zh", width=92, styled=False))
        evidence = [each for row in found["evidence"] for each in row]
        assert {each["passage"] for each in evidence} >= {"p12.1", "p12.2"}
        for each in evidence:
            assert each["translation"] == TRANSLATIONS.get(each["passage"])


def test_a_workbook_has_a_column_of_translations(built: Dataset) -> None:
    """On the English sheet, beside the sentence; the Chinese sheet has no such column."""
    book = openpyxl.load_workbook(io.BytesIO(write_spreadsheet(ask(built, "en"), "en")))
    header, *rows = book["Evidence"].iter_rows(values_only=True)
    listed = [dict(zip(header, row, strict=True)) for row in rows]

    assert header[3:5] == ("sentence", LABEL)
    assert {each["passage"] for each in listed} >= {"p12.1", "p12.2"}
    for each in listed:
        assert each[LABEL] == TRANSLATIONS.get(str(each["passage"]))
        assert (each["from"] is None) is (each["passage"] is None)
    book = openpyxl.load_workbook(io.BytesIO(write_spreadsheet(ask(built, "zh"), "zh")))
    (header, *rows) = book["依据"].iter_rows(values_only=True)
    assert "译文" not in header
    assert {len(row) for row in rows} == {len(header)} == {9}


def test_a_row_of_csv_stays_one_row(built: Dataset) -> None:
    """The translation is a line within the cell of the evidence."""
    answer = ask(built, "en")
    text = render(answer, "csv", "en", width=92, styled=False)
    rows = [*csv.DictReader(io.StringIO(text))]

    assert len(answer.rows) == len(rows)
    assert f"{LABEL}: {P12_1}" in rows[0]["evidence"].splitlines()


@pytest.mark.parametrize("form", ["table", "md"])
def test_a_passage_is_shown_with_its_translation(built: Dataset, form: str) -> None:
    """Below its words and below the evidence; it is no fact, so no row of a table has it."""
    text = show(built, "p12.2", form, "en", 400)

    assert join(text).count(f"{LABEL}: {TRANSLATIONS['p12.2']}") == 2
    assert not [line for line in text.splitlines() if re.match(r"\|? *\d+ +[|│] translation", line)]
    assert TRANSLATIONS["p12.2"] not in join(show(built, "p12.2", form, "zh", 400))


def test_a_shown_passage_has_it_in_json(built: Dataset) -> None:
    """With the words, in both languages; and nowhere among the facts."""
    for text in (show(built, "p12.2", "json", "en"), show(built, "p12.2", "json", "zh")):
        found: dict[str, Any] = json.loads(text)
        assert found["passage"]["translation"] == TRANSLATIONS["p12.2"]
        assert aid("translation").value not in {each["property"] for each in found["facts"]}


def test_passages_are_listed_with_their_translations(
    built_root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command prints each below its passage's words, in English alone."""
    listed = {}
    for language in ("en", "zh"):
        command = ["--project", str(built_root), "passages", ARTICLE, "--lang", language]
        assert run(command) == 0
        listed[language] = capsys.readouterr().out

    for passage, words in TRANSLATIONS.items():
        own = f"\n{listed['en']}".partition(f"\n{passage} [")[2].splitlines()
        assert own[2] == f"    {LABEL}: {words}"
        assert words not in listed["zh"]
    assert LABEL not in listed["zh"]


@pytest.mark.parametrize(
    ("address", "passages"),
    [
        ("/q/money-of-helper?helper=北京&_why=1", ["p12.1", "p12.2"]),
        ("/search?q=问天实验舱&_view=all", ["p12.2"]),
        (PAGE, [*TRANSLATIONS]),
    ],
)
def test_pages_show_the_translations_of_their_sentences(
    desk: Desk, address: str, passages: list[str]
) -> None:
    """On an English page below each sentence, in English and called so; on a Chinese page none."""
    page = get_page(desk, address, "en")
    chinese = get_page(desk, address, "zh")

    assert [f"{LABEL} {TRANSLATIONS[each]}" for each in passages] == page.find("p", "translation")
    marked = [each for name, each in page.elements if each.get("class") == "translation"]
    assert all(each["lang"] == "en" for each in marked)
    assert chinese.find("p", "translation") == []
    assert not [each for each in TRANSLATIONS.values() if each in chinese.html]


def test_the_page_of_a_thing_translates_what_it_quotes(desk: Desk) -> None:
    """The space breeding programme stands in p12.2; each quotation has its translation."""
    address = "/page/id/project/space-breeding"
    page = get_page(desk, address, "en")

    assert f"{LABEL} {TRANSLATIONS['p12.2']}" in page.find("p", "translation")
    assert len(page.find("p", "translation")) == len(page.find("blockquote"))
    assert get_page(desk, address, "zh").find("p", "translation") == []


def test_an_article_says_whose_translation_it_is(desk: Desk) -> None:
    """Once above the text, so that nobody takes it for the newspaper's."""
    notes = get_page(desk, PAGE, "en").find("p", "note")

    assert [note for note in notes if "our own translation" in note]
    assert "translation" not in get_page(desk, PAGE, "zh").html


@pytest.mark.parametrize("language", ["en", "zh"])
def test_agents_are_given_the_translation(desk: Desk, language: str) -> None:
    """In the text of an English call; the data has it in any."""
    args = {
        "name": "money-of-helper",
        "given": {"helper": "北京"},
        "row": None,
        "language": language,
        "bytes": 2**20,
    }

    found = json.loads(tasks.explain(desk, args).body)

    assert (f"{LABEL}: {P12_1}" in found["text"]) is (language == "en")
    cited = [each for row in found["data"]["evidence"] for each in row if each["kind"] == "article"]
    assert cited
    assert all(each["translation"] == TRANSLATIONS[each["passage"]] for each in cited)


def test_a_new_translation_makes_the_dataset_old(project_copy: Project) -> None:
    """The file is an input: another word in it, and what was built is built again."""
    open_dataset(project_copy)
    built = find_current(project_copy.output)
    path: Path = project_copy.articles / ARTICLE / "translation.ttl"
    assert built is not None
    assert is_fresh(project_copy, built)

    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("525 million", "600 million"), encoding="utf-8")

    assert not is_fresh(project_copy, built)
    assert open_dataset(project_copy).snapshot != built.manifest.snapshot


DOUBTFUL = "Which helpers rely on existing investors to attract new ones?"
"""A sentence that is answered with the passages nearest to it."""


@pytest.mark.parametrize("language", ["en", "zh"])
def test_passages_near_to_a_sentence_are_translated(
    built_root: Path, capsys: pytest.CaptureFixture[str], language: str
) -> None:
    """Told beside a doubtful answer: for English each with its own translation."""
    assert run(["--project", str(built_root), "ask", DOUBTFUL, "--lang", language]) == 0
    told = capsys.readouterr().err

    near = re.findall(rf"{ARTICLE} (p\d+\.\d+): .*\n(?:  {LABEL}: (.*)\n)?", told)
    assert near
    for passage, words in near:
        assert words == (TRANSLATIONS[passage] if language == "en" else "")


def test_agents_find_passages_with_translations(desk: Desk) -> None:
    """Below the questions, each passage with its words, then what they say in English."""
    args = {"words": DOUBTFUL, "language": "en", "bytes": 2**20}

    found = json.loads(tasks.find_questions(desk, args).body)

    passages = found["data"]["passages"]
    assert passages
    for each in passages:
        place = f"{each['article']} {each['passage']}: {each['text']}"
        assert f"{place}\n{LABEL}: {each['translation']}" in found["text"]


def test_what_is_not_understood_shows_translated_passages(built: Dataset) -> None:
    """The English message has them, the Chinese message not."""
    interpreter = Interpreter(built.store, read_questions(find_project(REPOSITORY))[0])
    with pytest.raises(AmbiguousError) as caught:
        interpreter.understand("sweetness", "en")

    assert f"\n    {LABEL}: " in caught.value.en
    assert LABEL not in caught.value.zh
