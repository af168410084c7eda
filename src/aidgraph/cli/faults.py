"""Findings of the gates as text: where, what, in which sentence, and how to mend it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aidgraph.findings import Finding
    from aidgraph.questions import Language

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "graph": "graph",
        "sentence": "Sentence: ",
        "warning": "warning: ",
        "info": "note: ",
        "violation": "",
        "colon": ": ",
    },
    "zh": {
        "graph": "图",
        "sentence": "原句：",
        "warning": "警告：",
        "info": "提示：",
        "violation": "",
        "colon": "：",
    },
}


def show_findings(findings: Iterable[Finding], language: Language) -> str:
    """Return the findings as text, each as a paragraph without blank lines between."""
    return "\n".join(show_finding(finding, language) for finding in findings)


def show_finding(finding: Finding, language: Language) -> str:
    """Return one finding as text of up to three lines.

    The file is shown by its last part: `facts.trig`, with the line where it is known.
    """
    words = _WORDS[language]
    chinese = language == "zh"
    place = finding.file
    if finding.line is not None:
        place += f":{finding.line}"
    graph = f"{words['graph']} {finding.graph}" if finding.graph else ""
    message = finding.message_zh if chinese else finding.message_en
    where = words["colon"].join(filter(None, (place, graph)))
    lines = [f"{where}{words['colon']}{words[finding.severity]}{message}" if where else message]
    if finding.searched:
        lines.append(f"  {words['sentence']}{' '.join(finding.searched.split())}")
    remedy = finding.remedy_zh if chinese else finding.remedy_en
    if remedy:
        lines.append(f"  {remedy}")
    return "\n".join(lines)
