"""The translation: it belongs to the passages of its article, each has one or is told of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aidgraph.articles import read_passages
from aidgraph.build import check_data
from aidgraph.findings import Severity
from aidgraph.gates.translation import check_translation
from aidgraph.project import find_project
from aidgraph.sources import read_sources
from grounded import Sample

if TYPE_CHECKING:
    from aidgraph.findings import Finding
    from aidgraph.project import Project

REPOSITORY = Path(__file__).parents[1]
PREFIXES = """@prefix aid: <https://w3id.org/aidgraph/ont#> .
@prefix psg: <https://w3id.org/aidgraph/article/sample/> .
"""
FILE = "data/articles/sample/translation.ttl"


@pytest.fixture
def sample(tmp_path: Path) -> Sample:
    """The sample project, which nobody has translated."""
    return Sample(tmp_path / "sample")


def list_passages(sample: Sample) -> list[str]:
    """Return the ids of the sample's passages."""
    text = sample.path("article.txt").read_text(encoding="utf-8")
    return [passage.id for passage in read_passages(text)]


def translate(sample: Sample, *passages: str) -> list[Finding]:
    """Write a translation of `passages`, a line each from the third on; return what is found."""
    lines = (f'psg:{each} aid:translation "It says {each}."@en .\n' for each in passages)
    path = sample.path("facts.trig").with_name("translation.ttl")
    path.write_text(PREFIXES + "".join(lines), encoding="utf-8")
    return [*check_translation(sample.read().articles[0])]


def test_an_article_needs_no_translation(sample: Sample) -> None:
    """Where there is no file, nothing is missing."""
    assert [*check_translation(sample.read().articles[0])] == []


def test_a_whole_translation_is_passed(sample: Sample) -> None:
    """Each passage is there, and no other."""
    assert translate(sample, *list_passages(sample)) == []


def test_a_translation_of_no_passage_is_told_with_its_line(sample: Sample) -> None:
    """The sample has no ninety-ninth paragraph: it stops the build, and the line is named."""
    passages = list_passages(sample)

    (finding,) = translate(sample, *passages, "p99.1")

    assert finding.rule == "translation-of-no-passage"
    assert finding.severity is Severity.VIOLATION
    assert (finding.file, finding.line) == (FILE, len(passages) + 3)
    assert finding.subject == "p99.1"
    assert "p99.1" in finding.message_en
    assert "p99.1" in finding.message_zh


def test_a_translation_of_another_articles_passage_is_told(sample: Sample) -> None:
    """A file tells of its own article alone."""
    path = sample.path("facts.trig").with_name("translation.ttl")
    translate(sample, *list_passages(sample))
    other = "<https://w3id.org/aidgraph/article/other/p2.1>"
    with path.open("a", encoding="utf-8") as file:
        file.write(f'{other} aid:translation "Elsewhere."@en .\n')

    (finding,) = check_translation(sample.read().articles[0])

    assert finding.rule == "translation-of-no-passage"
    assert "other/p2.1 is translated" in finding.message_en


def test_passages_left_out_are_told(sample: Sample) -> None:
    """Each is a warning with the words that wait for a translation."""
    findings = translate(sample, *(set(list_passages(sample)) - {"p3.1", "p5.2"}))

    assert [(each.rule, each.graph, each.severity) for each in findings] == [
        ("passage-without-translation", "p3.1", Severity.WARNING),
        ("passage-without-translation", "p5.2", Severity.WARNING),
    ]
    assert all(each.searched for each in findings)


def test_every_passage_of_the_articles_is_translated() -> None:
    """All 65, in English, each for itself: no two have the same words."""
    articles = read_sources(find_project(REPOSITORY)).articles
    quads = [q for each in articles if each.translation for q in each.translation.quads]

    assert [finding for each in articles for finding in check_translation(each)] == []
    assert len({quad.subject for quad in quads}) == 65
    assert len({quad.object for quad in quads}) == 65


def test_the_check_reads_the_translation(project_copy: Project) -> None:
    """As people meet it: a line that names no passage is a violation of the project."""
    (path,) = project_copy.articles.glob("*-every-blade/translation.ttl")
    with path.open("a", encoding="utf-8") as file:
        file.write('psg:p88.1 aid:translation "Nothing."@en .\n')

    (finding,) = check_data(project_copy).violations

    assert finding.rule == "translation-of-no-passage"
    assert finding.line == len(path.read_text(encoding="utf-8").splitlines())
