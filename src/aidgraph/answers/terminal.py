"""An answer for the terminal: a table that fits it, and below it what the rows rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.answers.table import draw_table, wrap
from aidgraph.answers.wording import INFERRED, WORDS, explain, number_rows, show_silence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aidgraph.answers.results import Answer, Evidence
    from aidgraph.questions import Language

_LONGEST_MARK = 12  # columns for the numbers of rows before their evidence


def draw_answer(answer: Answer, language: Language, width: int, *, styled: bool) -> str:
    """Return the answer as text no wider than `width` columns; see `render.render`."""
    lines = [bold(answer.title, styled=styled)] if answer.title else []
    if answer.rows:
        lines += draw_table(*number_rows(answer, language), width)
    else:
        lines.append(show_silence(answer.searched, language))
    if answer.evidence is not None:
        why = WORDS[language]["why" if answer.rows else "searched"]
        notes = draw_footnotes(
            answer.evidence, answer.untraced, language, width, numbered=bool(answer.rows)
        )
        lines += ["", bold(why, styled=styled), *notes]
    return "\n".join([*lines, ""])


def draw_footnotes(
    evidence: Sequence[Sequence[Evidence]],
    untraced: Sequence[Sequence[str]],
    language: Language,
    width: int,
    *,
    numbered: bool = True,
) -> list[str]:
    """Return the lines of `list_footnotes`; where rows are not `numbered`, without the numbers.

    Then there are no rows, and the evidence is of what was searched.
    """
    notes = list_footnotes(evidence, untraced, language)
    if not numbered:
        notes = [("", text) for _, text in notes]
    indent = min(max((len(mark) for mark, _ in notes), default=0), _LONGEST_MARK) + 2
    lines = []
    for mark, text in notes:
        room = max(width - indent, _LONGEST_MARK)
        first, *others = [part for line in text.split("\n") for part in wrap(line, room)]
        head = f"{mark:<{indent}}"
        if len(mark) > indent - 2:
            lines += wrap(mark, width)
            head = " " * indent
        lines.append(head + first)
        lines += [" " * indent + other for other in others]
    return lines


def list_footnotes(
    evidence: Sequence[Sequence[Evidence]], untraced: Sequence[Sequence[str]], language: Language
) -> list[tuple[str, str]]:
    """Return each piece of evidence once, behind the numbers of the rows that rest on it.

    Sentences come first, then cited sources, inferences by rule, and searches. A piece may have
    two lines, as `wording.explain` gives it.
    """
    notes = sorted(_gather(evidence, untraced, language).items(), key=lambda note: note[0][0])
    return [(_ranges(sorted(numbers)), text) for (_, text), numbers in notes]


def bold(text: str, *, styled: bool) -> str:
    """Return `text` in bold, where it may be."""
    return f"\x1b[1m{text}\x1b[0m" if styled else text


def _gather(
    evidence: Sequence[Sequence[Evidence]],
    untraced: Sequence[Sequence[str]],
    language: Language,
) -> dict[tuple[int, str], set[int]]:
    """Return each piece of evidence by rank, with its rows; what one rule gives is one piece."""
    rows: dict[tuple[int, str], set[int]] = {}
    inferred: dict[str, dict[str, None]] = {}
    inferring: dict[str, set[int]] = {}
    for number, row in enumerate(evidence, start=1):
        for each in row:
            if each.rule is not None:
                inferred.setdefault(each.rule, {})[each.text or ""] = None
                inferring.setdefault(each.rule, set()).add(number)
    for number, reasons in enumerate(explain(evidence, untraced, language), start=1):
        for rank, text in reasons:
            if rank != INFERRED:
                rows.setdefault((rank, text), set()).add(number)
    words = WORDS[language]
    for rule, texts in inferred.items():
        text = words["inferred"].format(text=words["stop"].join(texts), rule=rule)
        rows[INFERRED, text] = inferring[rule]
    return rows


def _ranges(numbers: list[int]) -> str:
    """Return rising numbers for people.

    >>> _ranges([1, 2, 3, 7])
    '1–3, 7'
    """
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
