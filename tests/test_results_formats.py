"""The formats of an answer, each read back by a parser that is not ours."""

from __future__ import annotations

import csv
import io
import json
import re
import sys
import zipfile
from typing import TYPE_CHECKING, Any, NamedTuple

import openpyxl
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.worksheet.worksheet import Worksheet
from rdflib.query import Result

from aidgraph.answers.ask import ask_question
from aidgraph.answers.results import Answer, Thing, Value
from aidgraph.answers.separated import write_separated
from aidgraph.answers.solving import solve_query, solve_question
from aidgraph.answers.sparql_results import write_results
from aidgraph.answers.spreadsheet import write_spreadsheet
from aidgraph.answers.triples import write_triples
from aidgraph.answers.why import read_rules
from aidgraph.errors import LimitError, UsageError
from aidgraph.project import find_project
from aidgraph.questions import read_question
from aidgraph.store import Solutions
from conftest import REPOSITORY
from few_places import make_answer

if TYPE_CHECKING:
    from aidgraph.dataset import Dataset

ARTICLE = "xinjiang-daily-shared-purpose"
PSG = f"https://w3id.org/aidgraph/article/{ARTICLE}/"
KIND = "https://w3id.org/aidgraph/id/kind/"
XSD = "http://www.w3.org/2001/XMLSchema#"
# What the report counts for all helpers together (p6.1, p17.3, p24.1), as it prints it.
TOTALS = {
    ("援疆资金", 19_000_000_000, "多于", "190多亿元"),
    ("产业援疆项目", 1344, "确数", "1344个"),
    ("招商引资项目", 1598, "确数", "1598个"),
    ("落地资金", 110_000_000_000, "多于", "1100多亿元"),
    ("园区", 71, "确数", "71个"),
    ("园区", 44, "确数", "44个"),
}
# rdflib's reader of JSON-LD uses a class that rdflib gives up.
OLD_GRAPH = pytest.mark.filterwarnings("ignore:ConjunctiveGraph:DeprecationWarning")
AWKWARD = ['a<b>&"c"', "  two  spaces ", "line\r\nnext\ttab", "喀什", "]]>", "\u2028", "😀"]


class Table(NamedTuple):
    """The rows of a sheet below its header, each by the header's names."""

    header: list[str]
    rows: list[dict[str, Any]]


@pytest.fixture(scope="module")
def totals(built: Dataset) -> Answer:
    """The totals of the report, in Chinese, with their evidence."""
    project = find_project(REPOSITORY)
    question = read_question(project, "totals-of-aid")
    return ask_question(built, question, {}, "zh", rules=read_rules(project))


def open_sheets(content: bytes) -> list[Worksheet]:
    """Open a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [sheet for sheet in book.worksheets if isinstance(sheet, Worksheet)]


def read_table(sheet: Worksheet, first: str) -> Table:
    """Read the table of a sheet whose header begins with `first`."""
    lines = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(index for index, line in enumerate(lines) if line[0] == first)
    header = [str(name) for name in lines[start] if name is not None]
    rows: list[dict[str, Any]] = [
        dict(zip(header, line, strict=False)) for line in lines[start + 1 :]
    ]
    return Table(header, rows)


def test_a_workbook_has_the_rows_of_the_article(totals: Answer) -> None:
    """Kind, figure, bound and words, as the report prints them; the figures are numbers."""
    answer, _ = open_sheets(write_spreadsheet(totals, "zh"))
    rows = read_table(answer, "#").rows

    found = {(r["所计事物"], r["数字"], r["数字: 界限"], r["数字: 原文"]) for r in rows}
    assert found == TOTALS
    assert {type(row["数字"]) for row in rows} == {int}
    assert answer["A1"].value == "报道给出了哪些对口援疆的总体数字？"


def test_a_figure_shows_its_bound_in_its_own_cell(totals: Answer) -> None:
    """Whoever copies a figure out of the table takes its bound along."""
    answer, _ = open_sheets(write_spreadsheet(totals, "zh"))
    forms = {cell.value: cell.number_format for row in answer.iter_rows() for cell in row}

    assert forms[19_000_000_000] == '"多于 "#,##0'
    assert forms[1344] == "#,##0"


def test_the_second_sheet_has_the_sentences_behind_each_row(totals: Answer) -> None:
    """Each row's evidence is there, in the article's words, where the sheet says they stand."""
    _, evidence = open_sheets(write_spreadsheet(totals, "zh"))
    rows = read_table(evidence, "行").rows
    folder = REPOSITORY / "data" / "articles" / ARTICLE
    text = (folder / "article.txt").read_text(encoding="utf-8")

    quoted = [row for row in rows if row["种类"] == "文章"]
    assert {1, 2, 3, 4, 5, 6} == {row["行"] for row in quoted}
    assert {"p6.1", "p17.3", "p24.1"} == {row["句段"] for row in quoted}
    for row in quoted:
        assert row["原句"] == text[row["起"] : row["止"]]
        assert row["文章"] == ARTICLE


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://e/","x")', "#N/A", "007", "TRUE"]
)
def test_a_text_is_never_a_formula(text: str) -> None:
    """What begins as a formula, an error or a number stays the text that it is."""
    written = write_spreadsheet(make_answer((Thing("http://e/x", text),), (Value(text),)), "en")
    (sheet,) = open_sheets(written)
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == text]

    assert [(c.data_type, c.quotePrefix) for c in cells] == [("s", True), ("s", True)]
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")


def test_a_workbook_is_made_of_its_answer_alone(totals: Answer) -> None:
    """The same answer gives the same bytes: no part says when it was written."""
    written = write_spreadsheet(totals, "en")

    assert written == write_spreadsheet(totals, "en")
    with zipfile.ZipFile(io.BytesIO(written)) as parts:
        assert {(1980, 1, 1, 0, 0, 0)} == {part.date_time for part in parts.infolist()}
        assert b"dcterms:" not in re.sub(rb"xmlns:\w+=", b"", parts.read("docProps/core.xml"))


def test_a_number_too_long_for_a_spreadsheet_keeps_its_digits() -> None:
    """Spreadsheets count in doubles: beyond 2**53 a number would change, so it is text."""
    (sheet,) = open_sheets(write_spreadsheet(make_answer((Value(9007199254740993),)), "en"))
    assert read_table(sheet, "x").rows == [{"x": "9007199254740993"}]


def test_a_text_too_long_for_a_cell_is_refused() -> None:
    """Cut in silence, it would be another text."""
    with pytest.raises(LimitError, match="32767"):
        write_spreadsheet(make_answer((Value("字" * 32_768),)), "en")


def test_without_its_library_a_workbook_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence says what to install."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(UsageError, match=r"pip install 'aidgraph\[xlsx\]'"):
        write_spreadsheet(make_answer(), "en")


def test_silence_is_said_in_a_workbook() -> None:
    """No rows is an answer there, too."""
    (sheet,) = open_sheets(write_spreadsheet(make_answer(), "zh"))
    values = [cell.value for row in sheet.iter_rows() for cell in row]
    assert "文章未提及（已查 65 个句段）。" in values


@pytest.mark.parametrize(("separator", "dialect"), [(",", csv.excel), ("\t", csv.excel_tab)])
def test_a_separated_file_has_the_rows_of_the_article(
    totals: Answer, separator: str, dialect: type[csv.Dialect]
) -> None:
    """CSV and TSV keep figure, bound and words, each in a column."""
    text = write_separated(totals, "zh", separator)
    rows = csv.DictReader(io.StringIO(text, newline=""), dialect=dialect)
    bounds = {"aid:MoreThan": "多于", "aid:Exactly": "确数"}

    found = {
        (r["kind"], int(r["amount"]), bounds[r["amount_bound"]], r["amount_as_written"])
        for r in rows
    }
    assert found == TOTALS


@pytest.mark.parametrize(("form", "parser"), [("srj", "json"), ("srx", "xml")])
def test_solutions_are_the_terms_of_the_store(built: Dataset, form: str, parser: str) -> None:
    """A W3C reader finds the quantities and kinds of the article, as IRIs."""
    question = read_question(find_project(REPOSITORY), "totals-of-aid")
    found = parse_results(write_results(solve_question(built, question, {}), form), parser)

    expected = [
        ("aid-funds", "p6.1"),
        ("industrial-aid-projects", "p6.1"),
        ("investment-projects", "p17.3"),
        ("landed-funds", "p17.3"),
        ("parks", "p24.1"),
        ("parks", "p24.1"),
    ]
    kind, amount = rdflib.Variable("kind"), rdflib.Variable("amount")
    assert [str(variable) for variable in found.vars or ()] == ["kind", "amount", "actor"]
    assert expected == [
        (str(row[kind]).removeprefix(KIND), str(row[amount]).removeprefix(PSG).partition("-")[0])
        for row in found.bindings
    ]


def parse_results(text: str, parser: str) -> Result:
    """Read solutions with rdflib."""
    return Result.parse(io.BytesIO(text.encode("utf-8")), format=parser)


@pytest.mark.parametrize(("form", "parser"), [("srj", "json"), ("srx", "xml")])
def test_a_term_is_read_back_as_it_was(form: str, parser: str) -> None:
    """Language, datatype, blank nodes and what is unbound survive; so do the lexical forms."""
    decimal = ox.NamedNode(f"{XSD}decimal")
    rows: list[tuple[ox.NamedNode | ox.Literal | ox.BlankNode | None, ...]] = [
        (ox.NamedNode("http://e/a?b=1&c=2"), None),
        (ox.Literal("喀什", language="zh"), ox.Literal("plain")),
        (ox.Literal("10.50", datatype=decimal), ox.BlankNode("b1")),
        *((ox.Literal(text), ox.Literal(text, language="en")) for text in AWKWARD),
    ]
    found = parse_results(write_results(Solutions(("x", "y"), [*rows]), form), parser).bindings

    x, y = rdflib.Variable("x"), rdflib.Variable("y")
    assert found[0] == {x: rdflib.URIRef("http://e/a?b=1&c=2")}
    assert found[1] == {x: rdflib.Literal("喀什", lang="zh"), y: rdflib.Literal("plain")}
    assert found[2][x].n3() == '"10.50"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    assert isinstance(found[2][y], rdflib.BNode)
    assert AWKWARD == [str(row[x]) for row in found[3:]] == [str(row[y]) for row in found[3:]]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40))
def test_any_text_survives_the_solution_formats(text: str) -> None:
    """Nothing in a value is taken for markup."""
    solutions = Solutions(("x",), [(ox.Literal(text),)])
    fit = text.translate({0xFFFE: None, 0xFFFF: None})
    for form, parser, value in (("srj", "json", text), ("srx", "xml", fit)):
        given = solutions if value == text else Solutions(("x",), [(ox.Literal(value),)])
        ((row,),) = [parse_results(write_results(given, form), parser).bindings]
        assert value == str(row[rdflib.Variable("x")])


@pytest.mark.parametrize(("form", "parser"), [("srj", "json"), ("srx", "xml")])
@pytest.mark.parametrize("query", ["ASK {}", "ASK { ?x ?x ?x }"])
def test_an_ask_is_a_boolean(
    built: Dataset,
    query: str,
    form: str,
    parser: str,
) -> None:
    """A yes or no is told as such, not as a table."""
    found = parse_results(write_results(solve_query(built, query), form), parser)
    assert (found.type, found.askAnswer) == ("ASK", query == "ASK {}")


def test_what_xml_cannot_hold_is_refused() -> None:
    """JSON can: the message says so."""
    solutions = Solutions(("x",), [(ox.Literal("a\x0bb"),)])

    assert json.loads(write_results(solutions, "srj"))
    with pytest.raises(UsageError, match=r"U\+000B.*srj"):
        write_results(solutions, "srx")


@OLD_GRAPH
@pytest.mark.parametrize(("form", "parser"), [("turtle", "turtle"), ("jsonld", "json-ld")])
def test_constructed_triples_are_those_of_the_article(
    built: Dataset, form: str, parser: str
) -> None:
    """Every sum of money that the report prints, with its words: nothing more, nothing else."""
    words = rdflib.URIRef("https://w3id.org/aidgraph/ont#asWritten")
    value = rdflib.URIRef("https://w3id.org/aidgraph/ont#value")
    query = """PREFIX aid: <https://w3id.org/aidgraph/ont#>
CONSTRUCT { ?m aid:asWritten ?words ; aid:value ?value }
WHERE { ?m a aid:Money ; aid:asWritten ?words ; aid:value ?value }"""
    found = rdflib.Graph().parse(
        data=write_triples(built.store.construct(query), form), format=parser
    )

    assert {
        ("190多亿元", 19_000_000_000),
        ("1100多亿元", 110_000_000_000),
        ("5.25亿元", 525_000_000),
        ("近亿元", 100_000_000),
        ("23500元", 23_500),
    } == {(str(text), int(str(found.value(m, value)))) for m, text in found.subject_objects(words)}
    assert len(found) == 10
    assert all(text.n3().endswith("@zh") for text in found.objects(None, words))


def test_json_ld_is_compact() -> None:
    """Things, classes and datatypes have short names of the project's prefixes, and only those."""
    place, aid = "https://w3id.org/aidgraph/id/place/653100", "https://w3id.org/aidgraph/ont#"
    rdf_type = ox.NamedNode(str(rdflib.RDF.type))
    triples = [
        ox.Triple(ox.NamedNode(place), rdf_type, ox.NamedNode(f"{aid}Place")),
        ox.Triple(ox.NamedNode(place), ox.NamedNode(f"{aid}partOf"), ox.NamedNode("http://e/x")),
    ]
    document = json.loads(write_triples([*triples, *triples], "jsonld"))

    assert document["@graph"] == [
        {"@id": "place:653100", "@type": ["aid:Place"], "aid:partOf": [{"@id": "http://e/x"}]}
    ]
    assert {"aid", "place", "rdf"} == set(document["@context"])


@OLD_GRAPH
def test_a_prefix_that_is_a_scheme_renames_no_iri() -> None:
    """`time:now` is an IRI of its own where it is one, not short for a time of W3C's."""
    now = ox.NamedNode("time:now")
    instant = ox.NamedNode("http://www.w3.org/2006/time#Instant")
    written = write_triples([ox.Triple(now, ox.NamedNode("http://e/p"), instant)], "jsonld")
    found = rdflib.Graph().parse(data=written, format="json-ld")

    assert [(rdflib.URIRef("time:now"), rdflib.URIRef(instant.value))] == [
        (subject, value) for subject, _, value in found
    ]
