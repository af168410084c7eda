"""A cell of a table as a page shows it: a thing, words, or a figure that keeps its bound."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aidgraph.answers.results import Thing
from aidgraph.answers.wording import UNITS, WORDS, show_cell
from aidgraph.server.pages.texts import say

if TYPE_CHECKING:
    from aidgraph.answers.results import Cell, Value
    from aidgraph.questions import Language

_SIGNS = {"aid:MoreThan": ">", "aid:AtLeast": "≥", "aid:About": "≈"}


class Shown(NamedTuple):
    """A cell: its text, and what it sorts by.

    Of a figure, `sign` and `bound` say how it bounds the truth (`bound` in words, "" if it is
    exact), `figure` and `unit` what it is, `written` the words of the article, `notes` its scope
    and period. `iri` is a thing's.
    """

    text: str
    key: str | int | float
    iri: str = ""
    figure: str = ""
    sign: str = ""
    bound: str = ""
    unit: str = ""
    written: str = ""
    notes: tuple[str, ...] = ()


def show(cell: Cell, language: Language) -> Shown:
    """Return a cell as it is shown.

    >>> from aidgraph.answers.results import Value
    >>> shown = show(Value(19000000000, "unit:CCY_CNY", "aid:MoreThan", "190多亿元"), "zh")
    >>> shown.sign, shown.bound, shown.figure, shown.unit, shown.written
    ('>', '多于', '19,000,000,000', '元', '190多亿元')
    """
    if cell is None:
        return Shown("", "")
    if isinstance(cell, Thing):
        return Shown(cell.label, cell.label, iri=cell.iri)
    if cell.bound is not None:
        return _show_figure(cell, language)
    if isinstance(cell.value, bool):
        return Shown(say("yes" if cell.value else "no", language), int(cell.value))
    if isinstance(cell.value, str):
        return Shown(cell.value, cell.value)
    return Shown(f"{cell.value:,}", cell.value, figure=f"{cell.value:,}")


def _show_figure(value: Value, language: Language) -> Shown:
    bound = WORDS[language][value.bound or ""].replace("{}", "").strip()
    return Shown(
        text=show_cell(value, language),
        key=value.value,
        figure=f"{value.value:,}",
        sign=_SIGNS.get(value.bound or "", bound),
        bound=bound,
        unit=UNITS[language].get(value.unit or "", value.unit or ""),
        written=value.as_written or "",
        notes=tuple(note for note in (value.scope, value.period) if note),
    )
