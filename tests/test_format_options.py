"""Formats as options of a command: by suffix or by name, with evidence, refused where unfit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from aidgraph.cli.app import run

if TYPE_CHECKING:
    from pathlib import Path

    from aidgraph.project import Project

SELECT = "SELECT ?x { VALUES ?x { place:653100 } }"
DESCRIBE = "DESCRIBE place:653100"


@pytest.fixture
def small(built_small: Project) -> str:
    """The folder of a built project with one article of three passages."""
    return str(built_small.root)


@pytest.mark.parametrize(
    ("name", "query", "begins"),
    [
        ("a.csv", SELECT, b"x,x_iri\r\n"),
        ("a.tsv", SELECT, b"x\tx_iri\r\n"),
        ("a.md", SELECT, b"| x |"),
        ("a.json", SELECT, b'{\n  "query"'),
        ("a.xlsx", SELECT, b"PK"),
        ("a.srj", SELECT, b'{\n "head"'),
        ("a.srx", SELECT, b"<?xml"),
        ("a.ttl", DESCRIBE, b"@prefix aid:"),
        ("a.jsonld", DESCRIBE, b'{\n "@context"'),
    ],
)
def test_a_file_says_its_format_by_its_suffix(
    small: str, tmp_path: Path, name: str, query: str, begins: bytes
) -> None:
    """`-o` alone suffices."""
    path = tmp_path / name
    assert run(["--project", small, "query", "-e", query, "-o", str(path)]) == 0
    assert path.read_bytes().startswith(begins)


def test_a_question_takes_the_same_formats(small: str, tmp_path: Path) -> None:
    """What `query` can write, `ask` can."""
    for name, begins in (("a.xlsx", b"PK"), ("a.srj", b'{\n "head"'), ("a.srx", b"<?xml")):
        path = tmp_path / name
        assert run(["--project", small, "ask", "agreements", "-o", str(path)]) == 0
        assert path.read_bytes().startswith(begins)


def test_a_workbook_always_has_its_evidence(small: str, tmp_path: Path) -> None:
    """A file that leaves the house takes its sentences along, asked or not."""
    path = tmp_path / "a.xlsx"
    query = "SELECT ?helper { ?helper a aid:Helper } ORDER BY ?helper"
    assert run(["--project", small, "query", "-e", query, "-o", str(path)]) == 0

    assert openpyxl.load_workbook(path).sheetnames == ["Answer", "Evidence"]


def test_a_byte_order_mark_is_written_on_wish(
    small: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Excel then reads Chinese; without the wish no program stumbles over it."""
    query = ["--project", small, "query", "-e", "SELECT ?x { VALUES ?x { '喀什' } }", "-f", "csv"]

    assert run([*query, "--bom"]) == 0
    assert "\ufeffx\r\n喀什\r\n".encode() == capfdbinary.readouterr().out
    assert run(query) == 0
    assert "x\r\n喀什\r\n".encode() == capfdbinary.readouterr().out


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["-e", SELECT, "--bom"], "--bom is for csv and tsv"),
        (["-e", SELECT, "-f", "srj", "--why"], "srj has no place for evidence"),
        (["-e", SELECT, "-f", "srj", "--all-evidence"], "leave --all-evidence out"),
        (["-e", SELECT, "-f", "jsonld"], "gives no triples"),
        (["-e", DESCRIBE, "-f", "xlsx"], "give turtle or jsonld"),
        (["-e", DESCRIBE, "--why"], "give turtle or jsonld"),
        (["-e", DESCRIBE, "--all-evidence"], "give turtle or jsonld"),
    ],
)
def test_a_format_that_does_not_fit_is_refused(
    small: str, capsys: pytest.CaptureFixture[str], options: list[str], sentence: str
) -> None:
    """Status 2, nothing on standard output, and what to do in a sentence."""
    assert run(["--project", small, "query", *options]) == 2
    captured = capsys.readouterr()
    assert (captured.out, sentence in captured.err) == ("", True)
