"""The command line: what it prints where, in which format, and how it ends."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from aidgraph.cli.app import run
from aidgraph.cli.faults import show_finding
from aidgraph.findings import Finding
from conftest import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Asking = Callable[..., tuple[int, str, str]]

REPORT = "xinjiang-daily-shared-purpose"
START = "from aidgraph.cli import main; main()"


@pytest.fixture
def aidgraph(built_root: Path, capsys: pytest.CaptureFixture[str]) -> Asking:
    """Run the command line here; give exit status, standard output and standard error."""

    def asking(*arguments: str) -> tuple[int, str, str]:
        status = run(["--project", str(built_root), *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return asking


def read_json(aidgraph: Asking, *arguments: str) -> Any:  # noqa: ANN401  # JSON is of any shape
    """Run a command that succeeds; return its output, read as JSON."""
    status, out, err = aidgraph(*arguments, "-f", "json")
    assert status == 0, err
    return json.loads(out)


def test_an_answer_is_json_with_its_evidence(aidgraph: Asking) -> None:
    """`ask NAME -f json --why` gives evidence in row order, with the article's exact words."""
    answer = read_json(
        aidgraph, "ask", "total-aid-of-party", "--party", "第十批省市援疆干部人才", "--why"
    )

    text = (REPOSITORY / "data" / "articles" / REPORT / "article.txt").read_text("utf-8")
    assert answer["row_count"] == len(answer["rows"]) == len(answer["evidence"]) == 1
    assert answer["rows"][0]["amount"]["value"] == 19000000000
    cited = answer["evidence"][0][0]
    assert cited["kind"] == "article"
    assert cited["text"] == text[cited["start"] : cited["end"]]
    assert "安排援疆资金190多亿元" in cited["text"]
    assert answer["params"] == {"party": "第十批省市援疆干部人才"}
    assert answer["complete"] is True


_ALL = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
_SAMPLE = {
    "en": (
        r"100 of \d{1,3}(,\d{3})+ members of the group are shown",
        "Some evidence is left out: --all-evidence shows all of it.\n",
    ),
    "zh": (
        r"该组 \d{1,3}(,\d{3})+ 个成员中只列出 100 个",
        "部分依据未列出：用 --all-evidence 可全部列出。\n",
    ),
}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("form", ["table", "md", "json", "xlsx"])
def test_a_sample_of_evidence_is_said_to_be_one(
    aidgraph: Asking, tmp_path: Path, form: str, language: str
) -> None:
    """The answer says of how many members, in its language; the terminal how to have them all."""
    openpyxl = pytest.importorskip("openpyxl")
    reason, hint = _SAMPLE[language]
    path = tmp_path / f"answer.{form}"
    options = ("--lang", language, "--why", "-f", form, "-o", str(path))

    status, _, err = aidgraph("query", "-e", _ALL, *options)

    assert (status, err) == (0, hint)
    if form == "xlsx":
        rows = openpyxl.load_workbook(path).worksheets[1].iter_rows(values_only=True)
        said = "\n".join(str(cell) for row in rows for cell in row)
    elif form == "json":
        said = json.loads(path.read_text("utf-8"))["untraced"][0][0]
    else:
        said = path.read_text("utf-8")
    assert re.search(reason, said)


def test_labels_come_in_the_language_asked_for(aidgraph: Asking) -> None:
    """--lang is heard before and after the command."""
    before = aidgraph("--lang", "en", "ask", "agreements", "-f", "csv")
    after = aidgraph("ask", "agreements", "--lang", "en", "-f", "csv")

    assert before == after
    assert "Five-Party Agreement" in after[1]
    assert "五方协议" in aidgraph("ask", "agreements", "--lang", "zh", "-f", "csv")[1]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["ask", "helper-of-area"], 4, "helpers-of-area"),
        (["ask", "helpers-of-area"], 2, "aidgraph ask helpers-of-area --area 喀什地区"),
        (["ask", "helpers-of-area", "--area", "火星"], 4, "火星"),
        (["ask", "helpers-of-area", "--planet", "x"], 2, "--planet"),
        (["passages", "nothing"], 4, REPORT),
        (["passages", "xinjiang-daily"], 4, "several"),
        (["query"], 2, "Give a query"),
        (["query", "-e", "DROP ALL"], 2, "DROP"),
        (["query", "-e", "SELECT ?x { SERVICE <http://e/> { ?x ?y ?z } }"], 2, "SERVICE"),
        (["query", "no-such-file.rq"], 3, "no-such-file.rq"),
        (["ask", "agreements", "-o", "/no/such/folder/a.csv"], 3, "/no/such/folder"),
        (["ask", "agreements", "-f", "pdf"], 2, "pdf"),
        (["fetch"], 2, "fetch"),
    ],
)
def test_a_mistake_ends_with_its_status_and_says_what_to_do(
    aidgraph: Asking, arguments: list[str], status: int, words: str
) -> None:
    """Nothing goes to standard output; standard error says it in a sentence."""
    ended, out, err = aidgraph(*arguments)

    assert (status, "") == (ended, out)
    assert words in err
    assert "Traceback" not in err


def test_a_folder_that_is_no_project_is_not_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--project names a project or nothing."""
    assert run(["--project", str(tmp_path), "queries"]) == 4
    assert "ontology/" in capsys.readouterr().err


def test_questions_are_listed_as_data(aidgraph: Asking) -> None:
    """A program learns every name, title and parameter from `queries -f json`."""
    listed = {each["name"]: each for each in read_json(aidgraph, "queries")}

    assert listed["helpers-of-area"]["params"] == [
        {"name": "area", "type": "aid:RecipientArea", "example": "喀什地区"}
    ]
    assert set(listed) == {path.stem for path in (REPOSITORY / "queries").glob("*.rq")}
    status, out, _ = aidgraph("ask")
    assert status == 0
    assert all(name in out for name in listed)


@pytest.mark.parametrize("article", [REPORT, "xinjiang-daily-every-blade"])
def test_passages_rebuild_the_article(aidgraph: Asking, article: str) -> None:
    """Each passage is the text at its place; each has facts or a reason; between them is space."""
    text = (REPOSITORY / "data" / "articles" / article / "article.txt").read_text("utf-8")
    passages = read_json(aidgraph, "passages", article)

    position = 0
    for passage in passages:
        keys = ["id", "text", "start", "end", "facts", "reason", "translation"]
        assert keys == list(passage)
        assert not text[position : passage["start"]].strip("# \n")
        assert passage["text"] == text[passage["start"] : passage["end"]]
        assert (passage["facts"] > 0) != (passage["reason"] is not None)
        position = passage["end"]
    assert not text[position:].strip()


def test_a_query_gives_the_same_formats(aidgraph: Asking) -> None:
    """SELECT is a table of any format, CONSTRUCT is Turtle."""
    select = "SELECT ?x { ?x a aid:Agreement } ORDER BY ?x"
    answer = read_json(aidgraph, "query", "-e", select)
    assert answer["query"] is None
    assert answer["row_count"] == 2

    status, out, _ = aidgraph("query", "-e", "DESCRIBE place:653129")
    assert status == 0
    assert "伽师县" in out


def test_a_file_is_written_whole_in_the_format_of_its_suffix(
    aidgraph: Asking, tmp_path: Path
) -> None:
    """-o names the format; nothing else stands in the folder afterwards."""
    status, out, _ = aidgraph("ask", "agreements", "-o", str(tmp_path / "a.json"))

    assert (status, out) == (0, "")
    assert json.loads((tmp_path / "a.json").read_text("utf-8"))["row_count"] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]


def test_the_data_passes_its_check(aidgraph: Asking) -> None:
    """The last line counts faults and facts; as JSON the findings are data."""
    status, out, _ = aidgraph("--lang", "en", "check")
    assert status == 0
    assert out.splitlines()[-1].startswith("0 faults in ")

    found = read_json(aidgraph, "check")
    assert found["counts"]["violation"] == 0


def test_a_fault_is_found_by_check(built_root: Path, tmp_path: Path) -> None:
    """A changed digit in a copied project: exit 1, and the message names file, graph and remedy."""
    root = tmp_path / "broken"
    shutil.copytree(built_root, root, ignore=shutil.ignore_patterns(".aidgraph"))
    facts = root / "data" / "articles" / REPORT / "facts.trig"
    facts.write_text(facts.read_text("utf-8").replace("aid:value 1344", "aid:value 1345"), "utf-8")

    command = [sys.executable, "-c", START, "--lang", "en", "check"]
    ended = subprocess.run(command, cwd=root, capture_output=True, encoding="utf-8", check=False)

    assert ended.returncode == 1
    assert "facts.trig" in ended.stdout
    assert "p6.1" in ended.stdout
    assert ended.stdout.splitlines()[-1].startswith("1 fault in ")


def test_a_finding_reads_like_a_message_to_a_person() -> None:
    """File, line, graph and message; then the sentence; then what to do. Chinese alike."""
    finding = Finding(
        rule="quantity-not-as-written",
        message_en="psg:p15.2-money says 200000000 but “近亿元” reads 100000000 (nearly).",
        message_zh="psg:p15.2-money 记为 200000000，而“近亿元”读作 100000000（将近）。",
        remedy_en="Fix aid:value, or quote the words that say 200000000.",
        remedy_zh="请改正 aid:value，或引用写有 200000000 的字句。",
        file="facts.trig",
        line=12,
        graph="p15.2",
        searched="去年,广东省投入援疆资金近亿元",
    )

    first, sentence, remedy = show_finding(finding, "en").splitlines()
    assert first == f"facts.trig:12: graph p15.2: {finding.message_en}"
    assert sentence == "  Sentence: 去年,广东省投入援疆资金近亿元"
    assert remedy == "  Fix aid:value, or quote the words that say 200000000."
    assert show_finding(finding, "zh").splitlines()[1:] == [
        "  原句：去年,广东省投入援疆资金近亿元",
        "  请改正 aid:value，或引用写有 200000000 的字句。",
    ]


@pytest.mark.parametrize(
    "command", [[], ["ask"], ["build"], ["check"], ["export"], ["passages"], ["queries"], ["query"]]
)
def test_every_help_has_an_example(aidgraph: Asking, command: list[str]) -> None:
    """The help of each command is complete enough to copy from."""
    status, out, _ = aidgraph(*command, "--help")

    assert status == 0
    assert "Example: aidgraph " in out


def test_an_answer_loads_nothing_heavy(aidgraph: Asking, built_root: Path) -> None:
    """rdflib, pySHACL and platformdirs stay unloaded: an answer is quick, with evidence too."""
    assert aidgraph("ask", "agreements")[0] == 0  # built by now
    code = f"""
import sys
from aidgraph.cli.app import run
run(["--project", {str(built_root)!r}, "ask", "agreements", "--why", "-f", "json"])
heavy = {{"rdflib", "pyshacl", "platformdirs"}} & set(sys.modules)
sys.exit(" ".join(heavy) or 0)
"""
    command = [sys.executable, "-c", code]
    ended = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)

    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_reader_that_goes_away_is_no_error(aidgraph: Asking, built_root: Path) -> None:
    """`aidgraph export | head` ends without a word."""
    assert aidgraph("ask", "agreements")[0] == 0
    command = [sys.executable, "-c", START, "--project", str(built_root), "export", "-f", "nq"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=60) == 141


def test_an_interrupt_ends_in_one_line(built_root: Path, tmp_path: Path) -> None:
    """Ctrl-C gives status 130 and one line, whatever was under way."""
    fifo = tmp_path / "query.rq"
    os.mkfifo(fifo)
    command = [sys.executable, "-c", START, "--project", str(built_root), "query", str(fifo)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe) as process:
        with fifo.open("wb"):  # waits until the command reads
            os.kill(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)

    assert (process.returncode, out) == (130, b"")
    assert err.decode().startswith("Interrupted")
    assert err.decode().count("\n") == 1
