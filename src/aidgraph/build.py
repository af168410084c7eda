"""The pipeline: parse ▸ ground ▸ infer ▸ validate ▸ write, all or nothing.

What is built depends on the inputs alone: not on the folder, the time, the order in which
files are listed or sets are walked. So the same inputs give the same bytes.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from aidgraph.collection import describe_questions, read_collection
from aidgraph.description import describe_dataset
from aidgraph.errors import DataError, UnreadableError
from aidgraph.findings import Finding, Severity
from aidgraph.gates.inference import infer
from aidgraph.gates.inspection import check_authored, check_derived
from aidgraph.gates.questions import check_questions
from aidgraph.inputs import find_files, find_inputs, is_fresh, made_with, read_hashes, read_stamps
from aidgraph.locks import hold_lock
from aidgraph.parts import hash_lines, hash_parts, write_parts
from aidgraph.passages_rdf import describe_passages
from aidgraph.shelf import (
    Built,
    Manifest,
    find_current,
    is_whole,
    make_output,
    put_dataset,
    remove_unfinished,
)
from aidgraph.sources import Source, Sources, read_sources
from aidgraph.terms import article_iri, prefixes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import pyoxigraph as ox

    from aidgraph.parts import Parts
    from aidgraph.project import Project


@dataclass(slots=True)
class Timings:
    """How many seconds each stage took, in the order in which the stages ran."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time that the block takes to the stage `name`."""
        start = time.perf_counter()
        try:
            yield
        finally:
            taken = time.perf_counter() - start
            self.seconds[name] = self.seconds.get(name, 0.0) + taken


@dataclass(frozen=True, slots=True)
class Checked:
    """What the gates said of a project, and the quads that a dataset of it holds.

    `quads` is empty where a violation was found before inference. `counts` has `articles`,
    `passages`, `facts` (triples that passages say), `inferred` and `quads` (all).
    """

    findings: tuple[Finding, ...]
    quads: frozenset[ox.Quad]
    counts: dict[str, int]
    timings: dict[str, float]

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The findings that stop a build."""
        return _find_violations(self.findings)


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did. `checked` is None where the last dataset is still the right one."""

    built: Built
    checked: Checked | None
    timings: dict[str, float]


def check_project(project: Project) -> Checked:
    """Read the project's files and pass them through every gate; write nothing.

    Raises:
        UnreadableError: a file is missing or cannot be read, or there is no question.
        DataError: a file cannot be parsed, so that no gate can look at it.
    """
    checked, sources = _check(project)
    findings = [*checked.findings, *check_questions(project, sources)]
    return replace(checked, findings=_order(findings))


def check_data(project: Project) -> Checked:
    """Check as `check_project` does, all but the questions: a faulty one is only left out.

    Raises: as `check_project` does.
    """
    return _check(project)[0]


def _check(project: Project) -> tuple[Checked, Sources]:
    """Gates that need sound data do not run on data in which a violation was found before."""
    timings = Timings()
    with timings.stage("read"):
        sources = read_sources(project)
    with timings.stage("ground"):
        findings = check_authored(sources)
    described = with_passages(sources)
    counts = _count(sources)
    if _find_violations(findings):
        return Checked(_order(findings), frozenset(), counts, timings.seconds), sources
    with timings.stage("infer"):
        inferred = infer(described)
        authored = (quad for source in described.all() for quad in source.quads)
        asked = describe_questions(read_collection(project), prefixes())
        quads = frozenset((*authored, *inferred, *asked, *describe_dataset(sources)))
    with timings.stage("validate"):
        findings += check_derived(quads, described)
    counts |= {"inferred": len(inferred), "quads": len(quads)}
    return Checked(_order(findings), quads, counts, timings.seconds), sources


def build_dataset(
    project: Project, *, say: Callable[[str, str], None] = lambda _en, _zh: None
) -> BuildReport:
    """Build the dataset of `project` and make it the current one, unless it is that already.

    Two builds at once: the second waits for the first, and then mostly has nothing to do.

    Args:
        project: what to build; the dataset goes to its `output`.
        say: is told, in English and in Chinese, that another build is waited for.

    Raises:
        DataError: the data fails a gate; the last dataset stays.
        UnreadableError: a file cannot be read, written or locked; the last dataset stays.
    """
    make_output(project.output)
    with hold_lock(project.output / "lock", say):
        remove_unfinished(project.output)
        current = find_current(project.output)
        if current is not None and is_fresh(project, current) and is_whole(current):
            return BuildReport(current, None, {})
        return _build(project)


def _build(project: Project) -> BuildReport:
    inputs = find_inputs(project)
    stamps, hashes = read_stamps(inputs), read_hashes(inputs)
    checked = check_data(project)
    if checked.violations:
        raise _stopped(checked)
    timings = Timings(dict(checked.timings))
    with timings.stage("write"):
        parts = write_parts(checked.quads)
        manifest = Manifest(
            snapshot=hash_parts(parts),
            made_with=made_with(),
            counts=checked.counts,
            inputs=hashes,
            parts=_list_parts(parts),
        )
        if any(stamps.get(name) != now for name, now in read_stamps(find_files(project)).items()):
            en = f"A file in {project.root} changed while it was built from: build again."
            zh = f"构建期间 {project.root} 中有文件改动：请重新构建。"
            raise UnreadableError(en, zh)
        built = put_dataset(project.output, parts, manifest, stamps)
    return BuildReport(built, checked, timings.seconds)


def with_passages(sources: Sources) -> Sources:
    """Return `sources` with each article's passages described in its record."""
    articles = (
        replace(
            article,
            record=Source(
                article.record.file, (*article.record.quads, *describe_passages(article))
            ),
        )
        for article in sources.articles
    )
    return replace(sources, articles=tuple(articles))


def _count(sources: Sources) -> dict[str, int]:
    facts = (
        quad
        for article in sources.articles
        for quad in set(article.facts.quads)
        if quad.graph_name != article_iri(article.id)
    )
    return {
        "articles": len(sources.articles),
        "passages": sum(len(article.passages) for article in sources.articles),
        "facts": sum(1 for _ in facts),
    }


def _list_parts(parts: Parts) -> dict[str, dict[str, int | str]]:
    return {
        name: {"quads": len(lines), "sha256": hash_lines(lines)} for name, lines in parts.items()
    }


def _order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=Finding.sort_key))


def _find_violations(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity is Severity.VIOLATION)


def _stopped(checked: Checked) -> DataError:
    faults, facts = len(checked.violations), checked.counts["facts"]
    return DataError(
        f"{faults} {'fault' if faults == 1 else 'faults'} in {facts:,} facts. Nothing was built.",
        f"{facts:,} 条事实中有 {faults} 处错误。未构建任何内容。",
        checked.violations,
    )
