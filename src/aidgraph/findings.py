"""What a gate says: one finding a fault, as data; who shows it decides how."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from enum import StrEnum

UNREAD = "passage-not-reviewed"
"""The rule of a passage that no second person has read: counted, where others are shown."""


class Severity(StrEnum):
    """How much a finding weighs: a violation stops the build, the others are shown."""

    VIOLATION = "violation"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault in the data: what is wrong, where, and how to mend it.

    `rule` names the check, in words joined by hyphens (`quantity-not-as-written`) or as
    the CURIE of a shape (`aidsh:Money-bound`). `file` is a path relative to the project;
    `line` counts from 1. `graph`, `subject`, `predicate` and `object` are CURIEs or
    N-Triples terms; `searched` is the text in which the gate looked.
    """

    rule: str
    message_en: str
    message_zh: str
    remedy_en: str = ""
    remedy_zh: str = ""
    severity: Severity = Severity.VIOLATION
    file: str = ""
    line: int | None = None
    graph: str = ""
    subject: str = ""
    predicate: str = ""
    object: str = ""
    searched: str = ""

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the finding as a JSON object: every field, in the order above."""
        return asdict(self)

    def sort_key(self) -> tuple[str, ...]:
        """Return the order of findings: by file, graph (p2.1 before p10.1) and triple."""
        graph = re.sub(r"\d+", lambda digits: digits[0].zfill(6), self.graph)
        return (self.file, graph, self.subject, self.predicate, self.object, self.rule)
