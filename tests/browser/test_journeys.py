"""A newcomer's five journeys, in Chinese and English, on a desktop and on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from aidgraph.server.pages.frame import BUILT
from browser.conftest import SIZES, Reader

if TYPE_CHECKING:
    from pathlib import Path

    from browser.conftest import Visit

pytestmark = pytest.mark.browser

everywhere = pytest.mark.parametrize(
    "visit",
    [Reader(language, device) for language in ("en", "zh") for device in SIZES],
    indirect=True,
    ids=str,
)
PLUM_PARK = {"en": "Yue–Jia (Guangdong–Jiashi) Plum Industrial Park", "zh": "粤伽新梅产业园"}


@everywhere
def test_what_guangdong_did_is_found_by_asking(visit: Visit) -> None:
    """A sentence of one's own leads to what Guangdong did: the plum park, among others."""
    page = visit.go("/")
    asked = {"en": "What does Guangdong do?", "zh": "广东做了什么？"}[visit.language]

    page.get_by_role("searchbox").first.fill(asked)
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(
        page.locator("table").get_by_text(PLUM_PARK[visit.language], exact=True).first
    ).to_be_visible()


@everywhere
def test_two_helpers_are_compared(visit: Visit) -> None:
    """Blanks take pinyin and hanzi, and offer names; the answer is of both helpers."""
    page = visit.go("/q/helpers-compared")
    blanks = page.locator("form.ask h1 input")

    names = {"en": ("Zhejiang Province", "Guangdong Province"), "zh": ("浙江省", "广东省")}
    one, other = names[visit.language]

    blanks.nth(0).fill("zhejiang")
    if BUILT.is_dir():
        page.get_by_role("option", name=one).click()
    blanks.nth(1).fill("广东")
    page.locator("form.ask button").click()

    for index, name in enumerate((one, other)):
        expect(blanks.nth(index)).to_have_value(name)
        expect(page.locator("tbody").get_by_text(name, exact=True).first).to_be_visible()


@everywhere
def test_a_number_leads_to_its_sentence(visit: Visit) -> None:
    """One click from 190多亿元 to the sentence; one more, and it stands in the article."""
    page = visit.go("/q/sums-of-aid")

    page.locator("td a.why", has_text="19,000,000,000").click()

    marked = page.locator("#why mark")
    expect(marked).to_contain_text("安排援疆资金190多亿元")
    expect(marked.locator("b", has_text="190多亿元")).to_be_visible()
    page.locator("#why figcaption a").click()
    expect(page).to_have_url(re.compile("/page/article/xinjiang-daily-shared-purpose.*#p6.1"))
    expect(page.locator("[id='p6.1']")).to_be_in_viewport()


@everywhere
def test_a_table_is_downloaded(visit: Visit, tmp_path: Path) -> None:
    """The CSV has Beijing's sum with its words."""
    page = visit.go("/q/money-of-helper?helper=北京")

    with page.expect_download() as downloading:
        page.get_by_role("link", name="CSV").click()

    path = tmp_path / "answer.csv"
    downloading.value.save_as(path)
    text = path.read_text(encoding="utf-8-sig")
    assert downloading.value.suggested_filename == "money-of-helper.csv"
    assert "525000000" in text
    assert "5.25亿元" in text


@everywhere
def test_a_query_is_written(visit: Visit) -> None:
    """The project's prefixes need no declaration, and each row shows its sentence."""
    page = visit.go("/sparql")
    query = "SELECT ?helper { ?sum aid:paidBy ?helper }"

    if BUILT.is_dir():
        page.locator(".CodeMirror").click()
        page.keyboard.press("ControlOrMeta+A")
        page.keyboard.insert_text(query)
    else:
        page.locator("#query").fill(query)
    page.locator("form.sparql [name=_why]").check()
    page.locator("form.sparql button").click()

    name = {"en": "Guangdong Province", "zh": "广东省"}[visit.language]
    result = page.locator("section.result")
    expect(result.locator("td a", has_text=name)).to_be_visible()
    expect(result.locator("mark", has_text="近亿元")).to_be_visible()


@pytest.mark.parametrize(
    "visit",
    [Reader(language, has_scripts=False) for language in ("en", "zh")],
    indirect=True,
    ids=str,
)
def test_without_scripts_the_same_journeys_end_well(visit: Visit) -> None:
    """Typed names, the sentence behind a number and a query need no script."""
    page = visit.go("/q/money-of-helper")

    page.locator("form.ask h1 input").fill("guangdong")
    page.locator("form.ask button").click()
    page.locator("td a.why").first.click()
    expect(page.locator("#why mark")).to_contain_text("去年,广东省投入援疆资金近亿元")
    page.locator("header nav a", has_text="SPARQL").click()
    page.locator("textarea").fill("SELECT * { ?sum aid:paidBy ?helper }")
    page.locator("form.sparql button").click()
    expect(page.locator("section.result tbody tr")).to_have_count(2)
    visit.go("/q/who-helps-whom")
    expect(page.locator("figure.picture").first).not_to_be_visible()


@pytest.mark.parametrize("visit", [Reader("zh", "phone")], indirect=True, ids=str)
def test_nothing_of_a_page_is_cut_on_a_phone(visit: Visit) -> None:
    """A row's number stands whole within its row, and a comma on the line of its blank."""
    page = visit.go("/q/helpers-of-area?area=喀什地区")

    row, number = page.locator("#row-12"), page.locator("#row-12 th.at")
    outer, inner = row.bounding_box(), number.bounding_box()
    assert outer
    assert inner
    assert number.evaluate("each => each.scrollWidth <= each.clientWidth")
    assert inner["x"] + inner["width"] <= outer["x"] + outer["width"]
    blank = page.locator("form.ask h1 .kept")
    expect(blank).to_contain_text("，")
    assert blank.evaluate("each => each.getClientRects().length") == 1


@pytest.mark.parametrize(
    "visit", [Reader("en", "desktop"), Reader("zh", "phone")], indirect=True, ids=str
)
def test_the_language_is_switched_and_kept(visit: Visit) -> None:
    """The other language is one click away on every page, and stays."""
    page = visit.go("/q/money-of-helper?helper=110000")
    other = {"en": "zh-CN", "zh": "en"}[visit.language]

    page.locator("header a.language").click()
    expect(page.locator("html")).to_have_attribute("lang", other)
    page.locator("header .wordmark").click()

    expect(page.locator("html")).to_have_attribute("lang", other)


@pytest.mark.skipif(not BUILT.is_dir(), reason="no front-end: run make web")
class TestWithScripts:
    """What scripts add."""

    def test_evidence_opens_and_closes_by_keyboard(self, visit: Visit) -> None:
        """Enter opens the row's sentence, Escape closes it and gives the focus back."""
        page = visit.go("/q/money-of-helper?helper=广东")
        cell = page.locator("td a.why").first

        cell.focus()
        page.keyboard.press("Enter")
        expect(page.locator("#why")).to_be_focused()
        page.keyboard.press("Escape")

        expect(page.locator("#why")).to_have_count(0)
        expect(cell).to_be_focused()

    def test_a_column_sorts_by_its_figures(self, visit: Visit) -> None:
        """Sums sort as numbers, not as words."""
        page = visit.go("/q/sums-of-aid")

        page.locator("thead button", has_text="sum").click()

        figures = page.locator("tbody td .number").all_inner_texts()
        assert figures == ["100,000,000", "525,000,000", "19,000,000,000"]

    def test_a_fact_lights_its_words(self, visit: Visit) -> None:
        """Over the fact that Guangdong paid, its name is lit in the sentence, and back."""
        page = visit.go("/page/article/xinjiang-daily-shared-purpose")
        passage = page.locator("[id='p15.2']")

        passage.locator(".says li[data-of]", has_text="Guangdong Province").first.hover()
        expect(passage.locator(".words .lit", has_text="广东省")).to_be_visible()
        passage.locator(".words .name", has_text="广东省").hover()
        expect(passage.locator(".says .lit").first).to_be_visible()

    @pytest.mark.parametrize(
        ("address", "view"),
        [
            ("/q/who-helps-whom", "network"),
            ("/q/goods-on-the-move", "flow"),
            ("/q/projects-of-helper?helper=山东", "map"),
        ],
    )
    def test_an_answer_is_drawn(self, visit: Visit, address: str, view: str) -> None:
        """The picture that the query's view says stands above the table."""
        page = visit.go(address)

        expect(page.locator(f".chart[data-view={view}] canvas").first).to_be_visible()

    def test_the_editor_speaks_the_protocol(self, visit: Visit) -> None:
        """YASQE's own request to the endpoint is answered."""
        page = visit.go("/sparql")
        query = "ASK { ?sum aid:paidBy ?helper }"

        answer = page.locator(".CodeMirror").evaluate(
            """async (box, text) => {
                box.CodeMirror.setValue(text);
                return JSON.stringify((await box.CodeMirror.query()).content ?? "");
            }""",
            query,
        )

        assert "boolean" in answer

    def test_a_question_page_loads_little(self, visit: Visit) -> None:
        """All scripts of a question page with a picture are under 300 kB gzipped."""
        page = visit.go("/q/who-helps-whom")
        page.wait_for_load_state("networkidle")
        import gzip

        script = "performance.getEntriesByType('resource').map(each => each.name)"
        loaded = [each for each in page.evaluate(script) if each.endswith(".js")]
        sizes = [
            len(gzip.compress((BUILT / each.partition("/built/")[2]).read_bytes()))
            for each in loaded
        ]
        assert loaded
        assert sum(sizes) < 300_000
