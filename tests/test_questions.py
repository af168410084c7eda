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
