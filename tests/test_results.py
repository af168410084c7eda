"""Answers as data and as text: cells, JSON, tables, CSV, Markdown; names typed by people."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidgraph.answers.ask import ask_query, ask_question, bind
from aidgraph.answers.lookup import read_value
from aidgraph.answers.render import FORMATS, render
from aidgraph.answers.results import Answer, Evidence, Thing, Value
from aidgraph.answers.table import measure, wrap
from aidgraph.dataset import Dataset
from aidgraph.errors import AmbiguousError, LimitError, NotFoundError, UsageError
from aidgraph.questions import Parameter, parse_question
from aidgraph.shelf import Manifest
from aidgraph.store import EmbeddedStore
from graphs import read_quads

if TYPE_CHECKING:
    from aidgraph.questions import Language

AREA = Parameter("area", "aid:Place", {"en": "area", "zh": "地区"}, "喀什地区")
NAMES = """
place:653100 a aid:Place ; aid:code "653100" ;
    rdfs:label "Kashgar Prefecture"@en , "喀什地区"@zh ; skos:altLabel "Kashgar"@en , "喀什"@zh .
place:653101 a aid:Place ; aid:code "653101" ;
    rdfs:label "Kashgar City"@en , "喀什市"@zh ; skos:altLabel "疏勒"@zh .
place:653122 a aid:Place ; aid:code "653122" ;
    rdfs:label "Shule County"@en , "疏勒县"@zh ; skos:altLabel "疏勒"@zh .
place:653129 a aid:Place ; aid:code "653129" ; rdfs:label "伽师县"@zh .
place:110000 rdfs:label "Beijing"@en , "北京市"@zh .
field:industrial rdfs:label "industrial aid"@en , "产业援疆"@zh .
period:three-years rdfs:label "the past three years"@en , "3年来"@zh .
psg:p1.1-funds a aid:Money ; aid:value 19000000000 ; aid:bound aid:MoreThan ;
    aid:unit unit:CCY_CNY ; aid:asWritten "190多亿元"@zh ; aid:scope field:industrial ;
    aid:scopeBasis aid:ReadFromContext ; aid:period period:three-years .
"""
FIELD_PREFIX = "@prefix field: <https://w3id.org/aidgraph/id/field/> .\n"
PASSAGE_PREFIX = "@prefix psg: <https://w3id.org/aidgraph/article/a/> .\n"
FUNDS = "https://w3id.org/aidgraph/article/a/p1.1-funds"
QUESTION = parse_question(
    "sites",
    """\
#+ title = { en = "Which?", zh = "哪些？" }
#+ description = { en = "All.", zh = "全部。" }
#+ params.area = { type = "aid:Place", label = { en = "area", zh = "地区" }, example = "喀什" }
#+ columns.name = { en = "name", zh = "名称" }
SELECT ?name WHERE { ?area <http://www.w3.org/2000/01/rdf-schema#label> ?name } ORDER BY ?name
""",
    "queries/sites.rq",
)


@pytest.fixture(scope="module")
def small() -> Dataset:
    """Four places and one sum."""
    store = EmbeddedStore.of(read_quads(FIELD_PREFIX + PASSAGE_PREFIX + NAMES))
    manifest = Manifest(snapshot="abc", made_with={}, counts={"passages": 0}, inputs={}, parts={})
    return Dataset(store, "abc", Path(), manifest)


def make_answer(*rows: tuple[Thing | Value | None, ...], columns: tuple[str, ...]) -> Answer:
    """Make an answer without evidence."""
    return Answer(
        query=None,
        query_hash="h",
        snapshot="s",
        params={},
        columns=columns,
        rows=rows,
        searched=65,
        said=bool(rows),
    )


@pytest.mark.parametrize(
    ("language", "scope", "period"),
    [
        ("zh", "产业援疆（据上下文）", "3年来"),
        ("en", "industrial aid (read from context)", "the past three years"),
    ],
)
def test_a_quantity_shows_as_its_value(
    small: Dataset, language: Language, scope: str, period: str
) -> None:
    """A figure comes with bound, unit, words, scope and period; an inferred scope says so."""
    answer = ask_query(small, f"SELECT ?x {{ VALUES ?x {{ <{FUNDS}> }} }}", language)

    expected = {
        "value": 19000000000,
        "unit": "unit:CCY_CNY",
        "bound": "aid:MoreThan",
        "as_written": "190多亿元",
        "scope": scope,
        "period": period,
    }
    assert answer.as_dict()["rows"] == [{"x": expected}]


def test_an_answer_has_the_keys_of_the_contract_in_order(small: Dataset) -> None:
    """Programs rely on the names; evidence is there only when asked for."""
    answer = ask_question(small, QUESTION, {"area": "伽师县"}, "zh")

    assert list(answer.as_dict()) == [
        "query",
        "query_hash",
        "snapshot",
        "params",
        "columns",
        "rows",
        "said",
        "searched",
        "row_count",
        "complete",
    ]
    value = {"value": "伽师县", "unit": None, "bound": None}
    value |= {"as_written": None, "scope": None, "period": None}
    assert answer.as_dict()["rows"] == [{"name": value}]
    assert answer.as_dict()["params"] == {"area": "伽师县"}


def test_a_label_falls_back_to_the_other_language(small: Dataset) -> None:
    """Without an English label the Chinese one is shown, without any the CURIE."""
    query = "SELECT ?x { VALUES ?x { place:653129 place:653100 place:999999 } } ORDER BY ?x"
    prefix = "PREFIX place: <https://w3id.org/aidgraph/id/place/> "
    answer = ask_query(small, prefix + query, "en")

    labels = [cell.label for (cell,) in answer.rows if isinstance(cell, Thing)]
    assert labels == ["Kashgar Prefecture", "伽师县", "place:999999"]


@pytest.mark.parametrize(
    ("query", "value", "said"),
    [
        ("ASK { ?x ?y ?z }", True, True),
        ("ASK { ?x <http://e/none> ?z }", False, False),
    ],
)
def test_an_ask_query_answers_yes_or_no(
    small: Dataset, query: str, *, value: bool, said: bool
) -> None:
    """ASK gives one row; no means that the articles do not say."""
    answer = ask_query(small, query, "en")

    assert answer.rows == ((Value(value),),)
    assert answer.said is said


@pytest.mark.parametrize(
    "query",
    [
        "DELETE WHERE { ?s ?p ?o }",
        "SELECT ?x { SERVICE <http://localhost/> { ?x ?y ?z } }",
        "SELECT ?x { ?x ?y ?z } ; DROP ALL",
    ],
)
def test_a_query_that_does_more_than_ask_is_refused(small: Dataset, query: str) -> None:
    """Updates and SERVICE never reach the store."""
    with pytest.raises(UsageError):
        ask_query(small, query, "en")


def test_a_query_that_is_nested_too_deep_reaches_a_limit(small: Dataset) -> None:
    """Depth never reaches the store either, and the status tells that it is no mistake of form."""
    with pytest.raises(LimitError) as caught:
        ask_query(small, "SELECT ?x " + "{ " * 100 + "?x ?y ?z" + " }" * 100, "en")

    assert caught.value.exit_code == 5


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("ASK { ?x <http://e/none> ?z }", ((Value(value=False),),)),
        ("SELECT ?x { ?x <http://e/none> ?z }", ()),
    ],
)
def test_what_is_not_said_rests_on_the_search(query: str, rows: tuple[object, ...]) -> None:
    """Asked why, no or nothing gives each article and how many of its passages were searched."""
    article = (
        "PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX psg: <https://w3id.org/aidgraph/article/a/>"
    )
    passages = "psg:p1.1 a aid:Passage ; oa:hasSource article:a . psg:p1.2 a aid:Passage ;"
    quads = read_quads(f"{article} {passages} oa:hasSource article:a .")
    manifest = Manifest(snapshot="abc", made_with={}, counts={"passages": 0}, inputs={}, parts={})
    dataset = Dataset(EmbeddedStore.of(quads), "abc", Path(), manifest)

    answer = ask_query(dataset, query, "en", rules={})

    text = "no match in any of the 2 passages of a"
    assert answer.rows == rows
    assert answer.said is False
    assert answer.evidence == ((Evidence(kind="absence", text=text, article="a"),),)
    assert len(json.loads(render(answer, "json", "en", width=80, styled=False))["evidence"]) == len(
        rows
    )
    for form in ("table", "md"):
        assert text in render(answer, form, "en", width=80, styled=False)
    assert "a 的全部 2 个句段中均无匹配" in render(
        ask_query(dataset, query, "zh", rules={}), "table", "zh", width=80, styled=False
    )


def test_a_query_is_hashed_as_it_was_typed(small: Dataset) -> None:
    """Prefixes that it leaves out are known, and are no part of it."""
    query = "SELECT ?x { ?x a aid:Money }"
    answer = ask_query(small, query, "en")

    assert len(answer.rows) == 1
    assert answer.query_hash == hashlib.sha256(query.encode()).hexdigest()


def test_a_prefix_that_a_query_declares_goes_before_the_known(small: Dataset) -> None:
    """`aid:` means what the query says, for the answer and for its evidence."""
    query = "PREFIX aid: <https://w3id.org/aidgraph/id/place/> ASK { aid:653100 ?y ?z }"

    assert ask_query(small, query, "en", rules={}).said is True


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("SELECT ?x { ?x a aid:Money }}", "line 1, column 29"),
        ("SELECT ?x {\n ?x a aid:Money FILTER(nope(?x)) }", "2:"),
        ("SELECT ?x { ?x a zzz:Money }", "1:27: Prefix not found."),
    ],
)
def test_a_mistake_is_placed_in_the_query_as_it_was_typed(
    small: Dataset, query: str, place: str
) -> None:
    """Line and column count from the first character typed, whichever parser finds it."""
    with pytest.raises(UsageError) as caught:
        ask_query(small, query, "en")

    assert place in str(caught.value)
    assert "\n" not in str(caught.value)


NUMBER = Parameter("minimum", "number", {"en": "sum", "zh": "金额"}, "1000")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("1000", "1000"),
        ("1e3", "1000"),
        ("-2.50", "-2.5"),
        ("1e-18", "0.000000000000000001"),
        ("99999999999999999999.999999999999999999", "99999999999999999999.999999999999999999"),
        ("0e-9999999", "0"),
    ],
)
def test_a_number_is_compared_as_a_decimal(small: Dataset, given: str, expected: str) -> None:
    """Whatever its notation; the store takes it for a number."""
    term = read_value(small.store, NUMBER, given)

    assert isinstance(term, ox.Literal)
    assert term.value == expected
    assert small.store.ask(f"ASK {{ FILTER({term} = {term} + 0) }}")


@pytest.mark.parametrize(
    "given", ["-1e30", "1e20", "1e-40", "1e9999999", "1e-9999999", "0.1234567890123456789"]
)
def test_a_number_out_of_range_is_refused(small: Dataset, given: str) -> None:
    """The store could not compare it, and the answer would be nothing, wrongly."""
    with pytest.raises(UsageError, match="at most 20 digits before the point and 18 behind it"):
        read_value(small.store, NUMBER, given)


@pytest.mark.parametrize("form", FORMATS)
def test_an_answer_without_columns_has_rows_still(small: Dataset, form: str) -> None:
    """`SELECT * { }` has one row, which says nothing."""
    answer = ask_query(small, "SELECT * { }", "en")

    assert answer.as_dict()["rows"] == [{}]
    assert render(answer, form, "en", width=80, styled=False).endswith("\n")


def test_a_table_without_columns_numbers_its_rows(small: Dataset) -> None:
    """They can be counted."""
    answer = ask_query(small, "SELECT * { }", "en")

    assert render(answer, "table", "en", width=80, styled=False).splitlines() == ["#", "─", "1"]


@pytest.mark.parametrize(
    "given",
    [
        "喀什地区",
        "喀什",
        "Kashgar",
        "kashgar prefecture",
        "653100",
        "６５３１００",
        "place:653100",
        "https://w3id.org/aidgraph/id/place/653100",
        " 《喀什》 ",
    ],
)
def test_a_thing_is_found_by_any_of_its_names(small: Dataset, given: str) -> None:
    """Full or short, Chinese or English, code, CURIE or IRI."""
    expected = ox.NamedNode("https://w3id.org/aidgraph/id/place/653100")
    assert expected == read_value(small.store, AREA, given)


def test_a_name_that_fits_several_things_lists_them(small: Dataset) -> None:
    """疏勒 is a short name of two: neither is chosen in silence."""
    with pytest.raises(AmbiguousError, match=r"place:653101.*place:653122"):
        read_value(small.store, AREA, "疏勒")


def test_an_unknown_name_is_answered_with_near_ones(small: Dataset) -> None:
    """A slip of one character is met with the name that was meant."""
    with pytest.raises(NotFoundError, match="喀什地区"):
        read_value(small.store, AREA, "喀什地")


def test_a_thing_of_another_class_is_not_found(small: Dataset) -> None:
    """Beijing is no place in this graph, though it has a name."""
    with pytest.raises(NotFoundError):
        read_value(small.store, AREA, "北京市")


@pytest.mark.parametrize(("text", "value"), [("100000000", "100000000"), ("1e3", "1000")])
def test_a_number_is_a_decimal(small: Dataset, text: str, value: str) -> None:
    """Numbers are bound as decimals, however they are typed."""
    number = Parameter("minimum", "number", AREA.label, "1")
    kind = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    assert ox.Literal(value, datatype=kind) == read_value(small.store, number, text)


@pytest.mark.parametrize("text", ["many", "NaN", "inf", ""])
def test_what_is_no_number_is_refused(small: Dataset, text: str) -> None:
    """Neither words nor infinities can be compared with sums."""
    with pytest.raises(UsageError):
        read_value(small.store, Parameter("minimum", "number", AREA.label, "1"), text)


def test_a_missing_parameter_shows_the_form(small: Dataset) -> None:
    """The message names the option in both languages and gives a command that works."""
    with pytest.raises(UsageError, match=r"--area \(area\).*aidgraph ask sites --area 喀什"):
        ask_question(small, QUESTION, {}, "zh")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_a_bound_text_is_a_value_and_never_syntax(text: str) -> None:
    """Whatever is typed comes back as the one value of the variable."""
    query = bind("SELECT ?x WHERE { }", {"x": ox.Literal(text)})
    solutions = EmbeddedStore.of([]).select(query)

    assert solutions.rows == [(ox.Literal(text),)]


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
