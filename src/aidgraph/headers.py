"""The header of an `.rq` file: TOML behind `#+ `, from the first line on, in two languages.

Questions, checks and rules have one; what its keys mean, their readers know.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeAlias

from aidgraph.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Language: TypeAlias = Literal["en", "zh"]
Bilingual: TypeAlias = dict[Language, str]

LANGUAGES: tuple[Language, ...] = ("en", "zh")

_CALLED = {"en": ("English", "英文"), "zh": ("Chinese", "中文")}
_TOML_PLACE = re.compile(r" \(at line (\d+), column \d+\)$")


class Header:
    """What a header says, and how to complain about it.

    `table` is its TOML, `body` the text below it.
    """

    def __init__(self, file: str, text: str) -> None:
        """Read the header of `text`, which stands in `file`.

        Raises:
            DataError: there is none, or it is not TOML.
        """
        self.file = file
        lines = text.splitlines()
        length = next((n for n, line in enumerate(lines) if not line.startswith("#+")), len(lines))
        self.lines = [line[2:].removeprefix(" ") for line in lines[:length]]
        self.body = "\n".join(lines[length:])
        if not self.lines:
            self.fail(
                "",
                "the file has no header; begin with lines such as #+ title.en = …",
                "文件没有头部；请以 #+ title.en = … 之类的行开头",
            )
        try:
            self.table: dict[str, Any] = tomllib.loads("\n".join(self.lines))
        except tomllib.TOMLDecodeError as error:
            place = _TOML_PLACE.search(str(error))
            line = int(place[1]) if place else length
            reason = _TOML_PLACE.sub("", str(error))
            self.fail(
                line,
                f"the header is not valid TOML: {reason}",
                f"文件头部不是有效的 TOML：{reason}",
            )

    def bilingual(self, value: object, key: str) -> Bilingual:
        """Return `value` if it is a text in both languages, and nothing else."""
        given = value if isinstance(value, dict) else {}
        for language, (en, zh) in _CALLED.items():
            if not isinstance(given.get(language, ""), str):
                self.fail(
                    key,
                    f"{key}.{language} is no text; put it in quotation marks",
                    f"{key}.{language} 不是文本；请加引号",
                )
            if not given.get(language, "").strip():
                self.fail(
                    key,
                    f"{key} has no text in {en}; write {key}.{language}",
                    f"{key} 缺少{zh}文本；请写出 {key}.{language}",
                )
        self.refuse_unknown(given, LANGUAGES, key, key)
        return {language: given[language] for language in LANGUAGES}

    def subtable(self, key: str) -> dict[str, Any]:
        """Return the table `key`, empty where there is none."""
        value = self.table.get(key, {})
        if not isinstance(value, dict):
            self.fail(key, f"{key} is no table", f"{key} 不是表")
        return value

    def refuse_unknown(
        self, table: Mapping[str, Any], known: Iterable[str], en: str, zh: str
    ) -> None:
        """Fail on a key that nothing reads: it is a slip of the pen; `en`, `zh` name the table."""
        listed = ", ".join(sorted(known))
        for key in table:
            if key not in known:
                self.fail(
                    key,
                    f"{en} has an unknown key {key}; it may be {listed}",
                    f"{zh} 中有未知的键 {key}；可用的键：{listed}",
                )

    def fail(self, where: str | int, en: str, zh: str) -> NoReturn:
        """Raise `DataError` that says it at a line, or at the first line that has a key."""
        from aidgraph.findings import Finding  # only a fault needs it

        line = where if isinstance(where, int) else self._line_of(where)
        finding = Finding(
            rule="query-header",
            file=self.file,
            line=line,
            message_en=f"{en}.",
            message_zh=f"{zh}。",
            remedy_en="Mend the header of the file.",
            remedy_zh="请改正文件头部。",
        )
        raise DataError.about(finding)

    def _line_of(self, key: str) -> int:
        lines = enumerate(self.lines, start=1)
        return next((n for n, line in lines if line.lstrip(" [").startswith(key)), 1)
