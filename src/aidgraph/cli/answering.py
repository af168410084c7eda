"""What `ask` and `query` share: the options of an answer, and its form as bytes."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from aidgraph.answers import render
from aidgraph.answers.render import FORMATS
from aidgraph.cli.output import is_styled, is_terminal, terminal_width
from aidgraph.cli.session import endpoint_option, output_options, timeout_option
from aidgraph.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from aidgraph.answers.results import Answer
    from aidgraph.cli.session import Session

__all__ = ["ANSWER_FORMATS", "SOLUTION_FORMATS", "Wish", "answer_options", "write_answer"]

SOLUTION_FORMATS = ("srj", "srx")
"""The W3C's formats of solutions, by the suffixes that it gives them: JSON and XML."""

ANSWER_FORMATS = (*FORMATS, "xlsx", *SOLUTION_FORMATS)
"""What rows can be written as."""

_MARKED = ("csv", "tsv")


class Wish(NamedTuple):
    """How an answer is wanted: its format, where it goes, with what, when, and from where."""

    form: str
    output: Path | None
    why: bool
    bom: bool
    timeout_s: float
    endpoint: str | None = None
    all_evidence: bool = False

    @property
    def evidence(self) -> bool:
        """Whether evidence is to be looked for: a workbook always has a sheet of it."""
        return self.why or self.all_evidence or self.form == "xlsx"

    def check(self) -> None:
        """Check that the options go together. Raises `UsageError` where they do not."""
        if self.bom and self.form not in _MARKED:
            en = f"--bom is for {' and '.join(_MARKED)}: leave it out, or give -f csv."
            zh = f"--bom 只用于 {' 与 '.join(_MARKED)}：请去掉它，或写 -f csv。"
            raise UsageError(en, zh)
        if self.evidence and self.form in SOLUTION_FORMATS:
            option = "--why" if self.why else "--all-evidence"
            en = f"{self.form} has no place for evidence: leave {option} out, or give -f json."
            raise UsageError(en, f"{self.form} 容不下依据：请去掉 {option}，或写 -f json。")
        if self.form == "xlsx" and is_terminal(self.output):
            en = "A workbook is no text for a terminal: name a file with -o."
            raise UsageError(en, "工作簿不是可在终端显示的文本：请用 -o 指定文件。")


def answer_options(
    formats: Sequence[str], default: str
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of an answer; it is called with them as one `wish`."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def call(  # noqa: PLR0913  # click gives each option as an argument
            *arguments: Any,  # noqa: ANN401  # whatever else the command takes
            form: str,
            output: Path | None,
            why: bool,
            all_evidence: bool,
            bom: bool,
            timeout: float,
            endpoint: str | None,
            **others: Any,  # noqa: ANN401  # likewise
        ) -> None:
            wish = Wish(form, output, why, bom, timeout, endpoint, all_evidence)
            wish.check()
            command(*arguments, wish=wish, **others)

        for option in (
            timeout_option,
            endpoint_option,
            click.option("--bom", is_flag=True, help="Begin CSV so that Excel reads Chinese."),
            click.option(
                "--all-evidence",
                is_flag=True,
                help="Show the evidence of each row, all of it where --why shows a sample.",
            ),
            click.option("--why", is_flag=True, help="Show the evidence of each row."),
            output_options(formats, default),
        ):
            call = option(call)
        return call

    return decorate


def write_answer(answer: Answer, wish: Wish, session: Session) -> bytes:
    """Return an answer in the format asked for, fitted to where it goes.

    Where its evidence is a sample, say on standard error how to have all.
    """
    if answer.is_sample:
        session.say(
            "Some evidence is left out: --all-evidence shows all of it.",
            "部分依据未列出：用 --all-evidence 可全部列出。",
        )
    return render.write_answer(
        answer,
        wish.form,
        session.language,
        bom=wish.bom,
        width=terminal_width(wish.output),
        styled=is_styled(wish.output),
    )
