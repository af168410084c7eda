"""The gate of questions: what cannot be asked, or asks for nothing, is found; the rest works."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, NamedTuple

import pytest

from aidgraph.build import build_dataset
from aidgraph.findings import Finding, Severity
from aidgraph.gates.questions import check_query_terms, check_questions
from aidgraph.project import find_project
from aidgraph.sources import read_sources
from conftest import REPOSITORY
from running import run_aidgraph

if TYPE_CHECKING:
    from aidgraph.project import Project

HEADER = """\
#+ title.en = "Who helps?"
#+ title.zh = "谁援助？"
#+ description.en = "Helpers."
#+ description.zh = "援助方。"
#+
#+ [params.area]
#+ type    = "aid:RecipientArea"
#+ label   = { en = "recipient area", zh = "受援地" }
#+ example = "喀什地区"
#+
#+ [columns]
#+ helper = { en = "helper", zh = "援助方" }
"""
QUERY = """
PREFIX aid: <https://w3id.org/aidgraph/ont#>
PREFIX place: <https://w3id.org/aidgraph/id/place/>
SELECT ?helper WHERE { ?helper aid:assists ?area FILTER(?helper != place:440000) }
ORDER BY ?helper
"""
GOOD = HEADER + QUERY


class Slip(NamedTuple):
    """Words of the good question, what stands in their place, and the finding: rule and line."""

    words: str
    instead: str
    rule: str
    line: int
    says: str


SLIPS = [
    Slip('title.zh = "谁援助？"', "title.zh = 3", "query-header", 1, "title.zh is no text"),
    Slip('#+ title.zh = "谁援助？"\n', "", "query-header", 1, "no text in Chinese; write title.zh"),
    Slip("SELECT ?helper WHERE {", "SELECT ?helper WHERE (", "question-not-sparql", 16, "expected"),
    Slip("SELECT ?helper WHERE", "ASK", "question-not-select", 1, "no"),
    Slip("SELECT ?helper WHERE", "DESCRIBE ?helper WHERE", "question-not-select", 1, "no"),
    Slip(
        "#+ [columns]",
        '#+ [columns]\n#+ year = { en = "year", zh = "年" }',
        "question-columns",
        1,
        "selects no ?year",
    ),
    Slip("SELECT ?helper", "SELECT ?helper ?area", "question-columns", 1, "area has no label"),
    Slip(
        "?area FILTER", "?place # ?area\nFILTER", "question-parameter-unused", 1, "parameter area"
    ),
    Slip("?area FILTER", "'?area' FILTER", "question-parameter-unused", 1, "parameter area"),
    Slip("?area FILTER", "?place FILTER", "query-header", 6, "no variable ?area"),
    Slip("ORDER BY ?helper", "", "question-without-order", 1, "no order"),
    Slip("ORDER BY ?helper", "# ORDER BY ?helper", "question-without-order", 1, "no order"),
    Slip("ORDER BY ?helper", "LIMIT 10", "question-without-order", 1, "no order"),
    Slip("aid:assists", "aid:asists", "unknown-term", 16, "There is no aid:asists."),
    Slip("place:440000", "place:449999", "unknown-thing", 16, "There is no place:449999."),
    Slip('"aid:RecipientArea"', '"aid:RecipientAria"', "unknown-term", 1, "aid:RecipientAria"),
    Slip('"aid:RecipientArea"', '"aid:Exactly"', "unknown-term", 1, "of a class that there is not"),
]


@pytest.fixture
def bare_project(small_project: Project) -> Project:
    """The small project without its questions."""
    for path in small_project.queries.glob("*.rq"):
        path.unlink()
    return small_project


def find_faults(project: Project, text: str) -> list[Finding]:
    """Return what the gate says where a question with this text is the only one."""
    (project.queries / "odd.rq").write_text(text, "utf-8")
    findings = check_questions(project, read_sources(project))
    assert {finding.file for finding in findings} <= {"queries/odd.rq"}
    return findings


@pytest.mark.parametrize("slip", SLIPS, ids=lambda slip: f"{slip.rule}-{slip.instead[:20]}")
def test_a_slip_in_a_question_is_found(bare_project: Project, slip: Slip) -> None:
    """One finding, with rule, file and line, what is wrong and the remedy in both languages."""
    assert GOOD.count(slip.words) == 1

    [finding] = find_faults(bare_project, GOOD.replace(slip.words, slip.instead))

    assert (slip.rule, slip.line) == (finding.rule, finding.line)
    assert slip.says in finding.message_en
    assert finding.message_zh
    assert finding.remedy_en
    assert finding.remedy_zh


@pytest.mark.parametrize(
    "select",
    [
        QUERY,
        QUERY.replace("ORDER BY ?helper", "order by ?helper\n# {}"),
        QUERY.replace("ORDER BY ?helper", "LIMIT 1"),
        QUERY.replace("SELECT ?helper", "SELECT (COUNT(?one) AS ?helper)")
        .replace("ORDER BY ?helper", "")
        .replace("?helper aid", "?one aid")
        .replace("?helper !=", "?one !="),
    ],
)
def test_a_question_in_order_is_passed(bare_project: Project, select: str) -> None:
    """An aggregate over everything, and LIMIT 1, give one row: there is nothing to order."""
    assert not find_faults(bare_project, HEADER + select)


def test_the_order_within_a_sub_select_is_none_of_the_rows(bare_project: Project) -> None:
    """Only what stands behind the last brace orders the answer."""
    inner = QUERY.replace("WHERE {", "WHERE { { SELECT ?helper ?area WHERE {").replace(
        "ORDER BY ?helper", "ORDER BY ?helper } }"
    )
    grouped = QUERY.replace("ORDER BY ?helper", "GROUP BY ?helper")

    for select in (inner, grouped):
        [finding] = find_faults(bare_project, HEADER + select)
        assert finding.rule == "question-without-order"
    assert not find_faults(bare_project, HEADER + inner.rstrip() + " ORDER BY ?helper")


@pytest.mark.parametrize(
    ("pattern", "is_asked_for"),
    [
        ("?helper <https://w3id.org/aidgraph/ont#nothing> ?area", True),
        ("?helper aid:within/^aid:nothing+ ?area", True),
        ("?helper aid:assists ?area FILTER(?area != 'e'^^aid:nothing)", True),
        ("?helper aid:assists ?area # aid:nothing", False),
        ("?helper aid:assists ?area FILTER(?area != 'aid:nothing')", False),
    ],
)
def test_terms_are_found_however_they_are_written(
    bare_project: Project, pattern: str, *, is_asked_for: bool
) -> None:
    """In full or with a prefix, in a path or as a datatype; not in a comment or a string."""
    text = GOOD.replace("?helper aid:assists ?area", f"{pattern}\n")

    rules = [finding.rule for finding in find_faults(bare_project, text)]

    assert rules == ["unknown-term"] * is_asked_for


def test_a_thing_that_no_article_names_yet_is_a_warning(bare_project: Project) -> None:
    """The question may come before the article; a misspelt term of ours never finds anything."""
    found = {
        instead: find_faults(bare_project, GOOD.replace(words, instead))[0].severity
        for words, instead in (("place:440000", "place:449999"), ("aid:assists", "aid:asists"))
    }

    assert found == {"place:449999": Severity.WARNING, "aid:asists": Severity.VIOLATION}


@pytest.mark.parametrize("folder", ["ontology/rules", "queries/checks"])
def test_a_rule_or_check_that_asks_for_nothing_is_found(
    small_project: Project, folder: str
) -> None:
    """A misspelt term would make it blind, in silence."""
    path = next((small_project.root / folder).glob("*.rq"))
    text = f"{path.read_text('utf-8')}\n# <https://w3id.org/aidgraph/ont#notThis>\n"
    path.write_text(text, "utf-8")
    assert not check_query_terms(read_sources(small_project))
    slip = "WHERE { ?x <https://w3id.org/aidgraph/ont#asists> ?y .\n"
    path.write_text(re.sub(r"WHERE\s*\{", slip, text, count=1), "utf-8")

    findings = check_query_terms(read_sources(small_project))

    assert [(f"{folder}/{path.name}", "There is no aid:asists.")] == [
        (finding.file, finding.message_en) for finding in findings
    ]


def test_the_questions_of_the_project_have_no_fault() -> None:
    """Nor have its rules and checks."""
    project = find_project(REPOSITORY)
    sources = read_sources(project)

    assert not check_questions(project, sources)
    assert not check_query_terms(sources)


BAD = {
    "no-header.rq": b"SELECT ?x { ?x ?y ?z } ORDER BY ?x",
    "no-text.rq": b"\xff",
    "No Name.rq": GOOD.encode(),
}


def test_a_bad_question_breaks_no_other(small_project: Project) -> None:
    """The others are listed and answered; `check` fails, and a build does not care."""
    for name, content in BAD.items():
        (small_project.queries / name).write_bytes(content)
    build_dataset(small_project)

    listed = run_aidgraph(small_project, "queries")
    helped = run_aidgraph(small_project, "ask", "--help")
    asked = run_aidgraph(small_project, "ask", "totals-of-aid")
    checked = run_aidgraph(small_project, "check", "-f", "json")
    bad = run_aidgraph(small_project, "ask", "no-header")

    for process in (listed, helped):
        assert process.returncode == 0
        assert "totals-of-aid" in process.stdout
        told = process.stderr.splitlines()
        assert len(told) == 3
        assert "aidgraph: queries/no-header.rq:1: the file has no header" in process.stderr
        assert "no-text.rq is not UTF-8 at byte 0: save it as UTF-8." in process.stderr
        assert "aidgraph: queries/No Name.rq: A question cannot have this name." in process.stderr
    assert (asked.returncode, asked.stderr) == (0, "")
    assert checked.returncode == 1
    faulty = {each["file"] for each in json.loads(checked.stdout)["findings"]}
    assert {f"queries/{name}" for name in BAD} <= faulty
    assert bad.returncode == 1
    assert "queries/no-header.rq:1" in bad.stderr
