"""Answers as data: cells, quantities, labels, silence; and queries that are no questions."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidgraph.answers.ask import ask_query, ask_question, bind
from aidgraph.answers.render import FORMATS, render
from aidgraph.answers.results import Evidence, Thing, Value
from aidgraph.errors import LimitError, UsageError
from aidgraph.questions import parse_question
from aidgraph.store import EmbeddedStore
from few_places import make_dataset, open_few_places
from graphs import read_quads

if TYPE_CHECKING:
    from aidgraph.dataset import Dataset
    from aidgraph.questions import Language

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


@pytest.fixture
def small() -> Dataset:
    """Four places and one sum; to be read only."""
    return open_few_places()


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
    dataset = make_dataset(read_quads(f"{article} {passages} oa:hasSource article:a ."))

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
