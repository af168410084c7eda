"""The exceptions that aidgraph raises on purpose, drawn once.

::

    AidgraphError                exit  HTTP
    ├── UsageError                 2   400   the caller asked for something that cannot be
    ├── UnreadableError            3   500   a file cannot be read, written or locked
    ├── NotFoundError              4   404   nothing has that name
    ├── AmbiguousError             4   409   several things have that name
    ├── LimitError                 5   504   a limit or a time-out was reached
    ├── RemoteError                6   502   a remote store refused, or cannot be reached
    ├── DifferenceError            7   502   a remote store holds something else than was sent
    └── DataError                  1   422   the data fails a gate

Each carries its sentence in English and in Chinese, the exit status for the command line and
the status for HTTP; one renderer each (`aidgraph.cli`) turns it into text. Nothing else is
shown to a user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aidgraph.findings import Finding


INTERRUPTED = "Interrupted; the last dataset is intact. 已中断；最近的数据集完好。"
"""What a person is told who pressed Ctrl-C, wherever the program was."""


class AidgraphError(Exception):
    """A fault that a person can act on: its text says what, where and what to do.

    >>> error = AidgraphError("The disk is full: free space.", "磁盘已满：请释放空间。")
    >>> str(error), error.text("zh")
    ('The disk is full: free space.', '磁盘已满：请释放空间。')
    """

    exit_code = 1
    http_status = 500

    def __init__(self, en: str, zh: str) -> None:
        """Say `en` in English and `zh` in Chinese: the same, in a sentence."""
        super().__init__(en, zh)
        self.en = en
        self.zh = zh

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.en

    def text(self, language: Literal["en", "zh"]) -> str:
        """Return the sentence in `language`."""
        return self.zh if language == "zh" else self.en


class UsageError(AidgraphError):
    """A parameter, a query or a command that cannot be carried out as written."""

    exit_code = 2
    http_status = 400


class UnreadableError(AidgraphError):
    """A file or folder that cannot be read, written or locked."""

    exit_code = 3
    http_status = 500


class NotFoundError(AidgraphError):
    """A name, an IRI or a query that nothing answers to."""

    exit_code = 4
    http_status = 404


class AmbiguousError(AidgraphError):
    """A name that several things answer to; the text lists them."""

    exit_code = 4
    http_status = 409


class LimitError(AidgraphError):
    """A limit on time, rows, depth or size was reached."""

    exit_code = 5
    http_status = 504


class RemoteError(AidgraphError):
    """A remote store that cannot be reached, refuses, or answers what cannot be used."""

    exit_code = 6
    http_status = 502


class DifferenceError(AidgraphError):
    """What a remote store holds is not what was sent to it."""

    exit_code = 7
    http_status = 502


class DataError(AidgraphError):
    """The project's data fails a gate; `findings` (at least one) say where and why."""

    exit_code = 1
    http_status = 422

    def __init__(self, en: str, zh: str, findings: Sequence[Finding] = ()) -> None:
        """Say it in both languages; carry the `findings` behind it."""
        super().__init__(en, zh)
        self.findings = tuple(findings)

    @classmethod
    def about(cls, finding: Finding) -> DataError:
        """Return the error that one finding makes: where, what, and the remedy."""
        place = finding.file if finding.line is None else f"{finding.file}:{finding.line}"
        return cls(
            f"{place}: {finding.message_en} {finding.remedy_en}",
            f"{place}：{finding.message_zh}{finding.remedy_zh}",
            [finding],
        )
