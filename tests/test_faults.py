"""Bad input through the real command, in a copied project: found, said once and plainly.

The faults are put into data/articles/xinjiang-daily-shared-purpose, mostly into p15.2:
“去年,广东省投入援疆资金近亿元,与伽师县打造…粤伽新梅产业园,并引进企业落户,初步形成了一条新梅产业链。”
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import pytest

from running import run_aidgraph

if TYPE_CHECKING:
    from aidgraph.project import Project

ARTICLE = "data/articles/xinjiang-daily-shared-purpose"
FACTS = f"{ARTICLE}/facts.trig"


class Fault(NamedTuple):
    """A change of one file, and the findings that it must lead to: rule, file, graph."""

    name: str
    file: str
    old: str
    new: str
    expected: set[tuple[str, str, str]]


FAULTS = [
    Fault(
        "a digit changed",
        FACTS,
        "aid:value 525000000",
        "aid:value 526000000",
        {("quantity-not-as-written", FACTS, "p12.1")},
    ),
    Fault(
        "two digits swapped in the words",
        FACTS,
        'aid:asWritten "5.25亿元"@zh',
        'aid:asWritten "5.52亿元"@zh',
        {("quantity-not-as-written", FACTS, "p12.1")},
    ),
    Fault(
        "a name changed",
        FACTS,
        "aid:paidBy place:440000",
        "aid:paidBy place:350000",
        {("end-not-mentioned", FACTS, "p15.2")},
    ),
    Fault(
        "a sentence number changed",
        FACTS,
        "GRAPH psg:p15.2 {",
        "GRAPH psg:p15.9 {",
        {("passage-unknown", FACTS, "p15.9"), ("passage-without-facts-or-reason", FACTS, "p15.2")},
    ),
    Fault(
        "a triple moved to another sentence",
        FACTS,
        "GRAPH psg:p15.1 {",
        "GRAPH psg:p15.1 {\n    site:yue-jia-plum-park aid:builtBy place:440000 .",
        {("end-not-mentioned", FACTS, "p15.1")},
    ),
    Fault(
        "a full stop lost",
        FACTS,
        "psg:p4.2  aid:carriesNoFact aid:Rhetoric .",
        "psg:p4.2  aid:carriesNoFact aid:Rhetoric",
        {("syntax", FACTS, "")},
    ),
    Fault(
        "an unknown term",
        FACTS,
        "aid:paidBy place:440000",
        "aid:payedBy place:440000",
        {("unknown-term", FACTS, "p15.2")},
    ),
    Fault(
        "an unknown place",
        FACTS,
        "aid:paidBy place:440000",
        "aid:paidBy place:449999",
        {("entity-not-described", FACTS, "p15.2")},
    ),
    Fault(
        "two bounds",
        FACTS,
        "aid:bound aid:Nearly",
        "aid:bound aid:Nearly , aid:About",
        {("quantity-not-as-written", FACTS, "p15.2")},
    ),
    Fault(
        "the text edited after its record",
        f"{ARTICLE}/article.txt",
        "携手促发展",
        "携手促进发展",
        {("text-changed", f"{ARTICLE}/article.ttl", "article:xinjiang-daily-shared-purpose")},
    ),
    Fault(
        "a number in a form that stores rewrite",
        FACTS,
        "aid:value 525000000",
        "aid:value 525000000.0",
        {("literal-not-canonical", FACTS, "p12.1")},
    ),
    Fault(
        "a node without a name",
        FACTS,
        "aid:paidBy place:440000",
        "aid:paidBy []",
        {("blank-node", FACTS, "p15.2")},
    ),
]


@pytest.mark.parametrize("fault", FAULTS, ids=[fault.name for fault in FAULTS])
def test_a_fault_is_found_where_it_is(project_copy: Project, fault: Fault) -> None:
    """`check` exits 1 and names rule, file and graph, what is wrong and how to mend it."""
    path = project_copy.root / fault.file
    text = path.read_text("utf-8")
    assert text.count(fault.old) >= 1, f"{fault.old!r} does not stand in {fault.file}"
    path.write_text(text.replace(fault.old, fault.new, 1), "utf-8")

    process = run_aidgraph(project_copy, "check", "-f", "json")

    assert process.returncode == 1
    findings = json.loads(process.stdout)["findings"]
    assert fault.expected <= {
        (finding["rule"], finding["file"], finding["graph"]) for finding in findings
    }
    for finding in findings:
        assert all(
            finding[f"{part}_{tag}"] for part in ("message", "remedy") for tag in ("en", "zh")
        )


def test_the_data_as_it_is_has_no_fault(project_copy: Project) -> None:
    """What the faults are put into is sound: the findings above are theirs."""
    process = run_aidgraph(project_copy, "check", "-f", "json")

    assert not json.loads(process.stdout)["counts"]["violation"], process.stdout
    assert process.returncode == 0


def test_a_syntax_error_names_the_line(project_copy: Project) -> None:
    """A file that cannot be parsed says where."""
    path = project_copy.root / FACTS
    lines = path.read_text("utf-8").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if line.startswith("GRAPH psg:p15.2"))
    lines[number - 1] = lines[number - 1].replace("{", "[")
    path.write_text("\n".join(lines), "utf-8")

    process = run_aidgraph(project_copy, "check")

    assert process.returncode == 1
    assert f"{FACTS}:{number}" in process.stdout + process.stderr


@pytest.mark.parametrize("name", ["article.ttl", "entities.ttl", "facts.trig"])
def test_a_missing_file_is_named(project_copy: Project, name: str) -> None:
    """A file that an article must have: status 3, its name, and what to do."""
    (project_copy.root / ARTICLE / name).unlink()

    process = run_aidgraph(project_copy, "check")

    assert process.returncode == 3
    assert process.stderr.count("\n") == 1
    assert f"{ARTICLE}/{name} cannot be read: No such file or directory." in process.stderr
    assert "Restore it" in process.stderr


def test_a_file_of_another_encoding_is_named(project_copy: Project) -> None:
    """Chinese saved as GB 18030 is no UTF-8."""
    path = project_copy.root / FACTS
    path.write_bytes(path.read_text("utf-8").encode("gb18030"))

    process = run_aidgraph(project_copy, "check")

    assert process.returncode == 1
    assert f"{FACTS}:27: The file is not UTF-8 at byte" in process.stdout


def test_a_fault_keeps_the_last_dataset_and_answers_nothing_else(
    built_small_project: Project,
) -> None:
    """`build` and what builds by itself exit 1 on broken data; mended, the dataset is there."""
    path = built_small_project.root / "data/articles/small/facts.trig"
    sound = path.read_text("utf-8")
    path.write_text(sound.replace("aid:Nearly", "aid:MoreThan"), "utf-8")

    built = run_aidgraph(built_small_project, "build")
    asked = run_aidgraph(built_small_project, "query", "-e", "SELECT ?s WHERE { ?s ?p ?o }")
    path.write_text(sound, "utf-8")
    again = run_aidgraph(built_small_project, "build")

    expected = [1, 1, 0]
    assert expected == [process.returncode for process in (built, asked, again)]
    assert "Nothing was built." in built.stderr
    assert "Nothing has changed" in again.stdout
