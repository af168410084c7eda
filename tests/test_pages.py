"""The pages say what the library says: with sentences, bounds and silences, in both languages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

import pyoxigraph as ox
import pytest

from aidgraph.answers.ask import ask_question
from aidgraph.collection import read_collection
from aidgraph.errors import NotFoundError
from aidgraph.project import Project
from aidgraph.server.desk import Desk
from aidgraph.server.pages import POLICY, frame
from aidgraph.server.pages.home import TOPICS
from aidgraph.server.pages.problem import write_problem
from aidgraph.server.pages.texts import read_texts
from conftest import REPOSITORY
from pages_args import get_page

if TYPE_CHECKING:
    from aidgraph.dataset import Dataset

LANGUAGES = ("en", "zh")
ARTICLE = "/page/article/xinjiang-daily-shared-purpose"
KINDS = (
    "/",
    "/q/money-of-helper",
    "/q/money-of-helper?helper=北京&_why=1",
    "/q/sums-of-aid",
    "/q/who-helps-whom",
    "/q/projects-of-helper?helper=山东",
    "/q/works-of-period?period=3年来",
    "/q/helpers-of-area?area=和田",
    "/q/parties-of-agreement?agreement=五方协议&_why=1",
    "/search?q=冰雪",
    "/search?q=谁在帮助昌吉?",
    "/sparql?query=SELECT * { ?s aid:paidBy ?p } LIMIT 2&_why=1",
    ARTICLE,
    "/page/id/place/440000",
    "/page/ont",
)
"""An address for each kind of page, and each state that one may be in."""


@pytest.fixture(scope="module")
def desk(built: Dataset) -> Desk:
    """What pages are rendered from, over the repository's own data."""
    return Desk(Project(REPOSITORY, built.folder.parents[1]), built.folder)


def test_every_question_has_a_page_with_the_rows_of_its_example(desk: Desk) -> None:
    """Whatever the library answers to a question's example, its page shows, row for row."""
    for question in read_collection(desk.project):
        given = {each.name: each.example for each in question.parameters if not each.optional}
        expected = ask_question(desk.dataset, question, given, "zh")

        asked = "&".join(f"{name}={quote(value)}" for name, value in given.items())
        page = get_page(desk, f"/q/{question.name}?{asked}", "zh")

        assert page.status == 200, question.name
        rows = [each for each in page.attributes("tr", "id") if each.startswith("row-")]
        assert min(100, len(expected.rows)) == len(rows), question.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_without_its_parameters_is_a_form(desk: Desk, language: str) -> None:
    """A blank to fill in is shown, not an error."""
    page = get_page(desk, "/q/money-of-helper", language)

    assert page.status == 200
    assert "helper" in page.attributes("input", "name")
    assert not page.find("table")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_number_leads_to_its_sentence_in_its_paragraph(desk: Desk, language: str) -> None:
    """Beijing's 5.25亿元 stands in the first sentence of paragraph 12, which is marked."""
    table = get_page(desk, "/q/money-of-helper?helper=北京", language)
    link = next(each for each in table.attributes("a", "href") if "_why=1" in each)

    page = get_page(desk, link.partition("#")[0], language)

    assert "3年来,北京市共投入援疆资金5.25亿元,助力受援地特色种植养殖产业发展。" in page.find(
        "mark"
    )
    assert {"北京市", "5.25亿元"} <= {*page.find("b")}
    assert any("939" in caption for caption in page.find("figcaption"))


def test_a_sentence_beside_the_cited_one_is_not_marked(desk: Desk) -> None:
    """Paragraph 15 is shown whole; only its second sentence says what Guangdong paid."""
    page = get_page(desk, "/q/money-of-helper?helper=广东&_why=1")

    assert any("今年开春" in quote for quote in page.find("blockquote"))
    assert not any("今年开春" in mark for mark in page.find("mark"))


@pytest.mark.parametrize(
    ("language", "bound", "unit"), [("en", "more than", "CNY"), ("zh", "多于", "元")]
)
def test_a_figure_shows_its_bound_and_its_words(
    desk: Desk, language: str, bound: str, unit: str
) -> None:
    """190多亿元 is more than 19,000,000,000, in the table and in the bars."""
    page = get_page(desk, "/q/sums-of-aid", language)

    figures = [each for each in page.find("span", "figure") if "19,000,000,000" in each]
    assert len(figures) == 2
    assert {f">{bound} 19,000,000,000 {unit}"} == {*figures}
    assert "190多亿元" in page.find("span", "written")


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The articles do not say (searched: 65 passages)."),
        ("zh", "文章未提及（已查 65 个句段）。"),
    ],
)
def test_what_the_articles_do_not_say_is_said_so(desk: Desk, language: str, sentence: str) -> None:
    """Who signed the Five-Party Agreement stands in no sentence: p27.1 only names it."""
    page = get_page(desk, "/q/parties-of-agreement?agreement=五方协议", language)

    assert [sentence] == page.find("p", "silence")


def test_an_ambiguous_name_is_asked_back_with_links(desk: Desk) -> None:
    """和田 may be the prefecture or the city: both are offered, under status 409."""
    page = get_page(desk, "/q/helpers-of-area?area=和田", "zh")

    assert page.status == 409
    offered = [unquote(each) for each in page.attributes("a", "href") if "area=" in each]
    assert {"place:653200", "place:653201"} <= {each.rpartition("=")[2] for each in offered}


def test_a_name_of_nothing_keeps_the_form(desk: Desk) -> None:
    """What is not found is told where it was typed, under status 404."""
    page = get_page(desk, "/q/helpers-of-area?area=火星")

    assert page.status == 404
    assert [each for each in page.attributes("input", "value") if each == "火星"] == ["火星"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_is_answered(desk: Desk, language: str) -> None:
    """Fujian helps Changji: the search box takes the question as people put it."""
    page = get_page(desk, "/search?q=谁在帮助昌吉?", language)

    shown = {"en": "Fujian Province", "zh": "福建省"}[language]
    assert shown in page.find("td")


def test_an_article_shows_its_sentences_with_their_facts(desk: Desk) -> None:
    """48 passages stand in their order; p15.2 has what Guangdong paid beside it."""
    page = get_page(desk, ARTICLE, "zh")

    ids = [each for each in page.attributes("div", "id") if re.fullmatch(r"p\d+\.\d+", each)]
    assert len(ids) == 48
    assert ("p1.1", "p28.1"[:2]) == (ids[0], ids[-1][:2])
    said = page.find("div", "says")[ids.index("p15.2")]
    assert "近亿元" in said
    assert "广东省" in said


def test_a_passage_without_facts_says_why(desk: Desk) -> None:
    """天山南北春潮涌 is rhetoric."""
    page = get_page(desk, ARTICLE)

    ids = [each for each in page.attributes("div", "id") if re.fullmatch(r"p\d+\.\d+", each)]
    assert page.find("div", "says")[ids.index("p4.1")] == "No fact: rhetoric"


def test_words_and_facts_find_each_other(desk: Desk) -> None:
    """Each name that is marked in a sentence belongs to a fact of that sentence."""
    page = get_page(desk, ARTICLE)

    words = {key for each in page.attributes("span", "data-of") for key in each.split()}
    facts = {key for each in page.attributes("li", "data-of") for key in each.split()}
    assert words
    assert words <= facts


def test_a_thing_shows_its_facts_by_sentence(desk: Desk) -> None:
    """Guangdong's page quotes what it paid, and its own name is marked in the sentence."""
    page = get_page(desk, "/page/id/place/440000")

    assert "Guangdong Province" in page.find("h1")
    dossiers = page.find("section", "dossier")
    assert any(
        "去年,广东省投入援疆资金近亿元" in each and "is paid by" in each for each in dossiers
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_of_the_ontology_has_an_anchor(desk: Desk, language: str) -> None:
    """Each class and property can be linked to, and is called by both names."""
    page = get_page(desk, "/page/ont", language)
    query = "SELECT DISTINCT ?t { ?t rdfs:isDefinedBy ?o FILTER(STRSTARTS(STR(?t), STR(aid:))) }"
    rows = desk.dataset.store.select(
        query,
        {"rdfs": "http://www.w3.org/2000/01/rdf-schema#", "aid": "https://w3id.org/aidgraph/ont#"},
    ).rows

    ids = {*page.attributes("article", "id")}
    terms = {term.value for (term,) in rows if isinstance(term, ox.NamedNode)}
    assert {term.partition("#")[2] for term in terms} == ids
    headings = page.find("h4")
    assert any("helper" in each and "援助方" in each for each in headings)


def test_a_query_is_answered_with_evidence(desk: Desk) -> None:
    """Two sums are said to be paid; each row of any query can show its sentence."""
    page = get_page(desk, "/sparql?query=SELECT ?p { ?s aid:paidBy ?p }&_why=1")

    assert {"Beijing Municipality", "Guangdong Province"} <= {*page.find("td")}
    assert any("近亿元" in mark for mark in page.find("mark"))


@pytest.mark.parametrize(
    ("query", "language", "reason"),
    [
        ("SELECT ?p { ?s aid:paidBy ?p }", "en", None),
        ("SELECT ?p { ?s aid:paidBy ?p } LIMIT 1", "en", "LIMIT 1: that this row is among"),
        ("SELECT ?p { ?s aid:paidBy ?p } LIMIT 1", "zh", "LIMIT 1：该行何以在保留之列"),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "en", "members of the group are shown"),
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "zh", "个成员中只列出 100 个"),
    ],
)
def test_what_is_not_traced_is_said_in_the_pages_language(
    desk: Desk, query: str, language: str, reason: str | None
) -> None:
    """Of what was typed, not of what the page adds to it; and no option of the command line."""
    page = get_page(desk, f"/sparql?query={quote(query)}&_why=1", language)

    (text,) = page.find("main")
    assert "--all-evidence" not in text
    assert reason in text if reason else "LIMIT 501" not in text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT * {", 400),
        ("INSERT DATA { <a:a> <a:a> <a:a> }", 403),
        ("SELECT * { SERVICE <http://localhost:1/> { ?s ?p ?o } }", 403),
    ],
)
def test_a_query_at_fault_says_so_on_its_page(desk: Desk, query: str, status: int) -> None:
    """The editor's page keeps the query, and shows what the server says of it."""
    page = get_page(desk, f"/sparql?query={quote(query)}")

    assert status == page.status
    assert [query] == page.find("textarea")
    assert page.find("div", "fault")


@pytest.mark.parametrize("address", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_inline(desk: Desk, address: str, language: str) -> None:
    """The policy forbids inline scripts and styles, and no page has any."""
    page = get_page(desk, address, language)

    for tag, attributes in page.elements:
        assert tag != "style"
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        if tag == "script":
            assert "src" in attributes or attributes["type"] == "application/json"
    assert "'unsafe" not in POLICY


@pytest.mark.parametrize("address", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_of_one_language_and_of_one_heading(
    desk: Desk, address: str, language: str
) -> None:
    """Its language is told to screen readers, there is one h1, and no id stands twice."""
    page = get_page(desk, address, language)

    assert {"en": "en", "zh": "zh-CN"}[language] == page.attributes("html", "lang")[0]
    assert len(page.find("h1")) == 1
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len({*ids}) == len(ids)


@pytest.mark.parametrize("address", KINDS)
def test_a_chosen_language_is_kept(desk: Desk, address: str) -> None:
    """Who chose a language by `_lang` stays with it on every page that is led to."""
    page = get_page(desk, f"{address}{'&' if '?' in address else '?'}_lang=zh")

    led = [
        each for each in page.attributes("a", "href") if re.match(r"/(q/[^.]*$|page/|$|\?)", each)
    ]
    lost = [each for each in led if "_lang=" not in each]
    assert led
    assert not lost


@pytest.mark.parametrize("address", KINDS)
def test_every_link_leads_to_a_page(desk: Desk, address: str) -> None:
    """No page links to a page that is none; ten links of each kind are followed."""
    page = get_page(desk, address, "zh")

    links = [each.partition("#")[0] for each in page.attributes("a", "href")]
    pages = [
        each for each in dict.fromkeys(links) if re.match(r"/(page/|q/[^.]*$|search|sparql)", each)
    ]
    for each in pages[:: max(1, len(pages) // 10)]:
        assert get_page(desk, each, "zh").status in (200, 409), each


INERT = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>"


@pytest.mark.parametrize(
    "address",
    [
        f"/q/helpers-of-area?area={quote(INERT)}",
        f"/q/passages-with-words?words={quote(INERT)}",
        f"/search?q={quote(INERT)}",
        f"/sparql?query={quote(f'SELECT (STR({INERT!r}) AS ?x) {{}}')}",
    ],
)
def test_markup_in_what_is_typed_is_inert(desk: Desk, address: str) -> None:
    """It is shown as the letters that it is, wherever it comes back."""
    page = get_page(desk, address)

    assert "img" not in [tag for tag, _ in page.elements]
    assert "<script>alert" not in page.html
    assert "onerror=alert" not in {name for _, each in page.elements for name in each}


@pytest.mark.parametrize("iri", ["javascript:alert(1)", "data:text/html,x", "http://localhost/"])
def test_an_iri_that_is_none_of_ours_is_no_link(desk: Desk, iri: str) -> None:
    """Only the graph's own things are linked to: an address in a query's result is words."""
    page = get_page(desk, f"/sparql?query={quote(f'SELECT (IRI({iri!r}) AS ?x) {{}}')}")

    assert any(iri in each for each in page.find("td"))
    assert not [each for each in page.attributes("a", "href") if not each.startswith(("/", "#"))]


def test_without_built_assets_the_same_page_comes_bare(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only scripts and pictures are missing: the table and the evidence are there."""
    monkeypatch.setattr(frame, "_manifest", dict)

    page = get_page(desk, "/q/who-helps-whom?_why=1")

    assert "/built/" not in page.html
    assert not page.find("figure", "picture")
    assert page.find("mark")
    assert len(page.find("tr")) > 10


def test_an_unknown_page_is_told_in_the_language() -> None:
    """A fault needs no dataset to be shown, so a busy server can show it."""
    problem = {"title": "没有此事物", "detail": "没有名为“x”的问题。", "status": 404}

    html = write_problem(problem, {"language": "zh", "path": "/q/x", "query": [("a", "<b>")]})

    assert 'lang="zh-CN"' in html
    assert "没有名为“x”的问题。" in html


def test_an_article_that_is_none_is_not_found(desk: Desk) -> None:
    """So says the same error as everywhere."""
    with pytest.raises(NotFoundError):
        get_page(desk, "/page/article/none")


def test_every_text_is_in_both_languages_and_used() -> None:
    """A text that a template asks for exists in both languages, and none is left over."""
    texts = read_texts()
    paths = [*frame.SERVER.glob("templates/*.html"), *frame.SERVER.glob("pages/*.py")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    used = {*re.findall(r"\b(?:t|say|links|texts)\([\"']([a-z_]+)[\"'],?", source)}
    asked = used - {"topic_", "view_", "count_"} | {f"topic_{topic}" for topic in TOPICS}
    made = {key for key in texts if key.startswith(("view_", "count_"))}

    assert not asked - {*texts}
    assert not {*texts} - asked - made - {"classes", "properties", "individuals", "yes", "no"}
    assert all({*each} == {"en", "zh"} and all(each.values()) for each in texts.values())
