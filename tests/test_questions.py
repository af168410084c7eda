"""Canned queries: what their headers must say, and that each file asks what it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aidgraph.errors import DataError, NotFoundError
from aidgraph.project import find_project
from aidgraph.questions import (
    PLAIN_TYPES,
    Parameter,
    parse_question,
    question_names,
    read_question,
)
from aidgraph.sparql.parser import parse_query
from aidgraph.sparql.tree import columns_of

PROJECT = find_project(Path(__file__).parents[1])
NAMES = question_names(PROJECT)
TAKEN = {"why", "format", "output", "lang", "help"}

GOOD = """\
#+ title.en = "Who helps an area?"
#+ title.zh = "谁援助某地？"
#+ description.en = "Helpers."
#+ description.zh = "援助方。"
#+ view = "network"
#+ tags = ["helper"]
#+
#+ [params.area]
#+ type    = "aid:RecipientArea"
#+ label   = { en = "recipient area", zh = "受援地" }
#+ example = "喀什地区"
#+
#+ [columns]
#+ helper = { en = "helper", zh = "援助方" }

SELECT ?helper WHERE { ?helper <http://e/helps> ?area }
ORDER BY ?helper
"""

BAD = [
    (
        'title.zh = "谁援助某地？"',
        "title.note = 1",
        1,
        "title has no text in Chinese; write title.zh",
    ),
    (
        'title.zh = "谁援助某地？"',
        "title.zh = 3",
        1,
        "title.zh is no text; put it in quotation marks",
    ),
    ("#+ title.zh", '#+ title.fr = "Qui ?"\n#+ title.zh', 1, "title has an unknown key fr"),
    (
        'title.en = "Who helps an area?"',
        'title.en = " "',
        1,
        "title has no text in English; write title.en",
    ),
    ('view = "network"', 'view = "pie"', 5, "view is 'pie'; give one of table, bar"),
    ('tags = ["helper"]', 'tags = "helper"', 6, "tags is no list"),
    ("[params.area]", "[params.place]", 8, "the query has no variable ?place"),
    ('"aid:RecipientArea"', '"xsd:date"', 8, "type is 'xsd:date'; give a class"),
    ('example = "喀什地区"', "example = 653100", 8, "example is missing"),
    ('example = "喀什地区"', 'exmaple = "喀什地区"', 11, "unknown key exmaple"),
    (', zh = "援助方" }', " }", 14, "helper has no text in Chinese; write helper.zh"),
    ('view = "network"', "view = network", 5, "not valid TOML"),
    ("#+ helper =", "#+ # helper =", 13, "no column has a label"),
]


def test_a_header_says_what_a_form_needs() -> None:
    """Title, view, parameters with type, label and example, and column labels are read."""
    question = parse_question("helpers", GOOD, "queries/helpers.rq")

    expected = Parameter(
        "area", "aid:RecipientArea", {"en": "recipient area", "zh": "受援地"}, "喀什地区"
    )
    assert (expected,) == question.parameters
    assert question.title == {"en": "Who helps an area?", "zh": "谁援助某地？"}
    assert question.view == "network"
    assert question.tags == ("helper",)
    assert question.columns == {"helper": {"en": "helper", "zh": "援助方"}}
    assert question.sparql == GOOD


CHOICE = """\
[params.area]
#+ type    = "choice"
#+ label   = { en = "kind", zh = "种类" }
#+ example = "money"
#+ [params.area.values]
#+ money = { en = "sums of money", zh = "金额" }
#+ count = { en = "counts", zh = "数目" }
#+ """
FLAG = """\
[params.area]
#+ type    = "flag"
#+ label   = { en = "open lists only", zh = "仅未列完的" }
#+ """
ASKED = """\
[asked]
#+ en = ["Who is helping [recipient area]?"]
#+ zh = ["谁在帮〔受援地〕？", "〔受援地〕 援助方"]
#+
#+ """
BAD_KINDS = [
    (CHOICE, "params.area.values", "params.area.others", "unknown key others"),
    (CHOICE, ', zh = "数目" }', " }", "count has no text in Chinese"),
    (CHOICE, '"choice"', '"text"', "params.area is no choice: only a choice has values"),
    (FLAG, '"flag"', '"choice"', "params.area lists no values"),
    (FLAG, '"flag"', '"flag"\n#+ example = "true"', "a flag takes no value"),
    (ASKED + "[params.area]", 'en = ["', 'fr = ["', "asked has an unknown key fr"),
    (ASKED + "[params.area]", '["谁在帮', '"谁在帮', "not valid TOML"),
    (ASKED + "[params.area]", '["Who is helping [recipient area]?"]', '"Who?"', "is no list"),
]


def with_parameter(parameter: str) -> str:
    """Return the good question with another parameter in place of its own."""
    head, _, rest = GOOD.partition("[params.area]")
    return head + parameter + rest[rest.index("[columns]") :]


def test_a_choice_lists_its_values() -> None:
    """Each with its labels: what people may give, and what the query gets."""
    (parameter,) = parse_question("x", with_parameter(CHOICE), "queries/x.rq").parameters

    assert parameter.type == "choice"
    assert parameter.values == {
        "money": {"en": "sums of money", "zh": "金额"},
        "count": {"en": "counts", "zh": "数目"},
    }


def test_a_flag_may_be_left_out() -> None:
    """It has no example: there is nothing to type behind it."""
    (parameter,) = parse_question("x", with_parameter(FLAG), "queries/x.rq").parameters

    assert (parameter.type, parameter.optional, parameter.example) == ("flag", True, "")


def test_other_ways_to_ask_are_read() -> None:
    """By language; a header without them has none."""
    asked = GOOD.replace("[params.area]", ASKED + "[params.area]")

    found = parse_question("x", asked, "queries/x.rq").asked

    assert found["en"] == ("Who is helping [recipient area]?",)
    assert found["zh"] == ("谁在帮〔受援地〕？", "〔受援地〕 援助方")
    assert not parse_question("x", GOOD, "queries/x.rq").asked


@pytest.mark.parametrize(("parameter", "words", "instead", "fault"), BAD_KINDS)
def test_a_faulty_parameter_is_refused(
    parameter: str, words: str, instead: str, fault: str
) -> None:
    """Values where none can be, none where they must be, half a label, an example too many."""
    if parameter.startswith("[asked]"):
        text = GOOD.replace("[params.area]", parameter)
    else:
        text = with_parameter(parameter)
    assert words in text

    with pytest.raises(DataError) as caught:
        parse_question("x", text.replace(words, instead), "queries/x.rq")

    assert fault in str(caught.value)


@pytest.mark.parametrize(("words", "instead", "line", "fault"), BAD)
def test_a_faulty_header_is_refused_with_its_line(
    words: str, instead: str, line: int, fault: str
) -> None:
    """The message names file, line and what is wrong."""
    assert words in GOOD

    with pytest.raises(DataError) as caught:
        parse_question("helpers", GOOD.replace(words, instead), "queries/helpers.rq")

    assert str(caught.value).startswith(f"queries/helpers.rq:{line}: ")
    assert fault in str(caught.value)
    assert line == caught.value.findings[0].line


def test_a_file_without_a_header_is_refused() -> None:
    """Plain SPARQL is no question: nobody could ask it by name."""
    with pytest.raises(DataError, match="the file has no header"):
        parse_question("x", "SELECT ?x { ?x ?y ?z }", "queries/x.rq")


@given(st.text(max_size=80))
def test_any_header_is_read_or_refused_as_data(text: str) -> None:
    """No text whatever makes the reader fail otherwise than by saying what is wrong."""
    lines = "".join(f"#+ {line}\n" for line in text.splitlines())
    with pytest.raises(DataError):
        parse_question("x", f"{lines}SELECT ?x WHERE {{ ?x ?y ?z }}", "queries/x.rq")


def test_an_unknown_question_is_answered_with_names_like_it() -> None:
    """A slip in the name is met with the name that was meant."""
    with pytest.raises(NotFoundError, match="Did you mean helpers-of-area"):
        read_question(PROJECT, "helper-of-area")


@pytest.mark.parametrize("name", ["../ontology/x", "checks/x", "", "HELPERS", "a.b"])
def test_a_name_reaches_no_other_folder(name: str) -> None:
    """Only a plain name in the folder of questions is a question."""
    with pytest.raises(NotFoundError):
        read_question(PROJECT, name)


def test_there_are_a_dozen_questions_at_least() -> None:
    """Totals, helpers, parks, companies, agreements, programmes and venues among them."""
    asked = {
        "totals-of-aid",
        "helpers-of-area",
        "parks-of-area",
        "companies-of-helper",
        "agreements",
        "programmes-of-helper",
        "venues-of-events",
    }
    assert asked <= set(NAMES)
    assert len(NAMES) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_each_file_is_portable_and_says_what_it_selects(name: str) -> None:
    """Columns are named and labelled, ordered by each of them; no engine's own ways are used."""
    question = read_question(PROJECT, name)
    query = parse_query(question.sparql)

    assert query.form == "SELECT"
    assert [f"?{column}" for column in question.columns] == list(columns_of(query))
    order = " ".join(map(str, query.order_by))
    assert all(f"?{column}" in order for column in question.columns), "the order is not total"
    assert query.head != "*"
    assert not re.search(r"\bSERVICE\b|\bGRAPH\b|\bLIMIT\b|rdfs:label|altLabel", question.sparql)
    assert not re.search(r"[^ ?][*+](?=\s|\)|$)", str(query.where)), "no path of any length"


@pytest.mark.parametrize("name", NAMES)
def test_each_parameter_can_be_an_option(name: str) -> None:
    """A parameter has a class of the ontology, or a plain type, and a name that is free."""
    ontology = "".join(path.read_text("utf-8") for path in PROJECT.ontology.glob("*.ttl"))
    for parameter in read_question(PROJECT, name).parameters:
        assert parameter.name not in TAKEN
        declared = f"\n{parameter.type}\n    a owl:Class" in ontology
        assert declared or parameter.type in PLAIN_TYPES
