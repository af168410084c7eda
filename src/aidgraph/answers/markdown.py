"""An answer as Markdown: a table, then the evidence of each row as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.answers.wording import WORDS, explain_answer, number_rows, show_silence

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aidgraph.answers.results import Answer
    from aidgraph.questions import Language

_MARKS = ("\\", "|", "<", "*", "_", "`", "[")


def write_markdown(answer: Answer, language: Language) -> str:
    """Return the answer as Markdown; see `render.render`."""
    out = [f"## {escape(answer.title)}\n"] if answer.title else []
    words = WORDS[language]
    if answer.rows:
        out += write_rows(*number_rows(answer, language))
    else:
        out.append(show_silence(answer.searched, language))
    for number, lines in enumerate(explain_answer(answer, language), start=1):
        out.append(f"\n{words['why']} {number}\n" if answer.rows else f"\n{words['searched']}\n")
        out += [line for _, text in lines for line in write_item(text)]
    return "\n".join([*out, ""])


def write_rows(header: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table."""
    return [_line(header), _line(["---"] * len(header)), *map(_line, rows)]


def write_item(text: str, mark: str = "") -> list[str]:
    """Return an item of a list, after a `mark` in bold; each further line of `text` is beneath."""
    first, *others = map(escape, text.split("\n"))
    return [f"- **{mark}** {first}" if mark else f"- {first}", *(f"  - {each}" for each in others)]


def escape(text: str) -> str:
    """Return `text` so that Markdown shows it as it is, in one line."""
    for mark in _MARKS:
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(map(escape, cells))} |"
