"""What a rule or a check says of itself: the TOML behind the `#+ ` of its `.rq` file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass

from aidgraph.errors import DataError
from aidgraph.findings import Finding, Severity

_NO_TEXT = {"en": "", "zh": ""}


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
        DataError: the header is no TOML, lacks a title in one of the languages, or has a key
            or a severity that nobody knows.
    """
    lines = [line[2:] for line in text.splitlines() if line.startswith("#+")]
    try:
        table = tomllib.loads("\n".join(lines))
        title, remedy = table.pop("title"), table.pop("remedy", _NO_TEXT)
        severity = Severity(table.pop("severity", Severity.VIOLATION))
        header = Header(title["en"], title["zh"], remedy["en"], remedy["zh"], severity)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        reason = f"{type(error).__name__} {error}"
        raise _bad_header(file, reason, reason) from error
    if table:
        key = next(iter(table))
        raise _bad_header(file, f"unknown key {key}", f"未知的键 {key}")
    return header


def _bad_header(file: str, en: str, zh: str) -> DataError:
    finding = Finding(
        rule="query-header",
        file=file,
        line=1,
        message_en=f"The “#+” header cannot be read: {en}.",
        message_zh=f"“#+” 文件头无法读取：{zh}。",
        remedy_en="Begin the file with #+ title.en = “…” and #+ title.zh = “…” (remedy likewise).",
        remedy_zh="文件请以 #+ title.en = “…” 与 #+ title.zh = “…” 开头（remedy 同）。",
    )
    return DataError.about(finding)
