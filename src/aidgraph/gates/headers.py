"""What a rule or a check says of itself, in the header of its `.rq` file."""

from __future__ import annotations

from dataclasses import dataclass

from aidgraph import headers
from aidgraph.findings import Severity

_KEYS = frozenset({"title", "remedy", "severity"})
_NO_TEXT: headers.Bilingual = {"en": "", "zh": ""}
_SEVERITIES = tuple(severity.value for severity in Severity)


@dataclass(frozen=True, slots=True)
class Header:
    """Title and remedy in both languages, and how much a row weighs."""

    title_en: str
    title_zh: str
    remedy_en: str = ""
    remedy_zh: str = ""
    severity: Severity = Severity.VIOLATION


def read_header(file: str, text: str) -> Header:
    """Read the header of the rule or check in `file`, whose text is `text`.

    Raises:
        DataError: the header is no TOML, lacks a text in one of the languages, or has a key or
            a severity that nobody knows.
    """
    header = headers.Header(file, text)
    header.refuse_unknown(header.table, _KEYS, "the header", "文件头部")
    title = header.bilingual(header.table.get("title"), "title")
    remedy = _NO_TEXT
    if "remedy" in header.table:
        remedy = header.bilingual(header.table["remedy"], "remedy")
    severity = header.table.get("severity", Severity.VIOLATION.value)
    if severity not in _SEVERITIES:
        listed = ", ".join(_SEVERITIES)
        header.fail(
            "severity",
            f"severity is {severity!r}; give one of {listed}",
            f"severity 为 {severity!r}；请取其一：{listed}",
        )
    return Header(title["en"], title["zh"], remedy["en"], remedy["zh"], Severity(severity))
