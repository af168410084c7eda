"""`aidgraph build` and `aidgraph check`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from aidgraph.cli.faults import show_findings
from aidgraph.cli.output import write_text
from aidgraph.cli.session import Session, output_options
from aidgraph.errors import DataError
from aidgraph.findings import UNREAD, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from aidgraph.build import BuildReport
    from aidgraph.findings import Finding
    from aidgraph.questions import Language

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "built": "Built {articles} articles, {passages} passages, {facts:,} facts, {quads:,} quads"
        " in {seconds:.1f} s ({stages}).",
        "fresh": "Nothing has changed: the dataset is as it was.",
        "snapshot": "Snapshot {}",
        "faults": "{} in {:,} facts.{}",
        "unread faults": "{0}.{2}",
        "fault": "{} fault",
        "many": "{} faults",
        "unbuilt": " Nothing was built.",
        "comma": ", ",
        "read": "read",
        "ground": "ground",
        "infer": "infer",
        "validate": "validate",
        "write": "write",
        "unread": "{}: not read by a second person, or changed since: {}. “aidgraph review” locks.",
    },
    "zh": {
        "built": "已构建：{articles} 篇报道，{passages} 个句段，{facts:,} 条事实，"
        "{quads:,} 条四元组，用时 {seconds:.1f} 秒（{stages}）。",
        "fresh": "没有变化：数据集保持原样。",
        "snapshot": "快照 {}",
        "faults": "{1:,} 条事实中有 {0}。{2}",
        "unread faults": "{0}。{2}",
        "fault": "{} 处错误",
        "many": "{} 处错误",
        "unbuilt": "未构建任何内容。",
        "comma": "，",
        "read": "读取",
        "ground": "核对",
        "infer": "推理",
        "validate": "校验",
        "write": "写入",
        "unread": "{}：尚无第二人审读，或审读后有改动：{}。用 “aidgraph review” 锁定。",
    },
}
_WEIGHTS = (Severity.VIOLATION, Severity.WARNING, Severity.INFO)


@click.command(epilog="Example: aidgraph build")
@output_options(["text", "json"], "text")
@click.pass_obj
def build(session: Session, form: str, output: Path | None) -> None:
    """Check the project's data and build its dataset: all of it or nothing."""
    from aidgraph.build import build_dataset

    report = build_dataset(session.project(), say=session.say)
    found = report.checked.findings if report.checked is not None else ()
    warnings = [finding for finding in found if finding.severity is Severity.WARNING]
    if warnings:
        click.echo(show_findings(warnings, session.language), err=True)
    write_text(_show_report(report, form, session.language), output)


@click.command(epilog="Example: aidgraph check --fail-on warning -f json")
@click.option(
    "--fail-on",
    type=click.Choice([weight.value for weight in _WEIGHTS]),
    default=Severity.VIOLATION.value,
    show_default=True,
    help="The least severity that makes the exit status 1.",
)
@output_options(["text", "json"], "text")
@click.pass_context
def check(context: click.Context, fail_on: str, form: str, output: Path | None) -> None:
    """Pass the project's data through every gate; build nothing."""
    from aidgraph.build import check_project

    session = context.ensure_object(Session)
    try:
        checked = check_project(session.project())
        findings, facts = checked.findings, checked.counts["facts"]
    except DataError as error:  # files that no gate could look at: nobody knows how many facts
        findings, facts = error.findings, None
        if not findings:
            raise
    if form == "json":
        counts = {weight.value: _count(findings, weight) for weight in _WEIGHTS}
        shown = [finding.as_dict() for finding in findings]
        text = json.dumps(
            {"findings": shown, "counts": counts, "facts": facts}, ensure_ascii=False, indent=2
        )
    else:
        text = show_checked(findings, facts, session.language)
    write_text(f"{text}\n", output)
    weights = _WEIGHTS[: _WEIGHTS.index(Severity(fail_on)) + 1]
    if any(finding.severity in weights for finding in findings):
        context.exit(1)


def show_checked(findings: Sequence[Finding], facts: int | None, language: Language) -> str:
    """Return the findings as text, and a last line that counts them, and the facts if known."""
    words = _WORDS[language]
    faults = _count(findings, Severity.VIOLATION)
    number = words["fault" if faults == 1 else "many"].format(faults)
    unbuilt = words["unbuilt"] if faults else ""
    last = words["unread faults" if facts is None else "faults"].format(number, facts, unbuilt)
    shown = show_findings([each for each in findings if each.rule != UNREAD], language)
    return "\n".join(filter(None, (shown, *_show_unread(findings, language), last)))


def _show_unread(findings: Sequence[Finding], language: Language) -> Iterator[str]:
    """Yield a line for each file with passages that nobody has read: there may be hundreds."""
    unread: dict[str, list[str]] = {}
    for finding in findings:
        if finding.rule == UNREAD:
            unread.setdefault(finding.file, []).append(finding.graph)
    for file, graphs in unread.items():
        yield _WORDS[language]["unread"].format(file, ", ".join(graphs))


def _count(findings: Sequence[Finding], severity: Severity) -> int:
    return sum(finding.severity is severity for finding in findings)


def _show_report(report: BuildReport, form: str, language: Language) -> str:
    manifest = report.built.manifest
    if form == "json":
        found = {
            "snapshot": manifest.snapshot,
            "built": report.checked is not None,
            "counts": manifest.counts,
            "seconds": report.timings,
        }
        return f"{json.dumps(found, ensure_ascii=False, indent=2)}\n"
    words = _WORDS[language]
    stages = words["comma"].join(
        f"{words[name]} {seconds:.2f}" for name, seconds in report.timings.items()
    )
    seconds = sum(report.timings.values())
    done = words["built"] if report.checked is not None else words["fresh"]
    first = done.format(**manifest.counts, seconds=seconds, stages=stages)
    return f"{first}\n{words['snapshot'].format(manifest.snapshot)}\n"
