"""Bars: the figures of an answer, those of one unit together; or, without figures, its rows.

Lengths are attributes of an SVG, so that they need neither a script nor a style.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from aidgraph.answers.results import Thing, Value
from aidgraph.server.pages import cells

if TYPE_CHECKING:
    from aidgraph.answers.results import Answer, Cell
    from aidgraph.server.pages.frame import Frame

_LEAST_BARS = 2


class Bar(NamedTuple):
    """A bar: what it is of, how long it is (percent of the longest), and its figure.

    `row` is the number of the row that it shows, 0 where it counts several.
    """

    label: str
    length: float
    shown: cells.Shown
    row: int


def draw_bars(answer: Answer, frame: Frame) -> dict[str, Any] | None:
    """Return the bars of an answer, in groups of one unit; None if there is nothing to compare."""
    groups: dict[str, list[tuple[str, Value, int]]] = {}
    for number, row in enumerate(answer.rows, start=1):
        figure = next((cell for cell in row if _is_figure(cell)), None)
        if isinstance(figure, Value):
            name = " · ".join(_label(cell, frame) for cell in row if cell and cell is not figure)
            groups.setdefault(figure.unit or "", []).append((name, figure, number))
    if not groups:
        groups[""] = _count_rows(answer)
    shown = [_scale(bars, frame) for bars in groups.values() if len(bars) >= _LEAST_BARS]
    return {"view": "bar", "groups": shown} if shown else None


def _count_rows(answer: Answer) -> list[tuple[str, Value, int]]:
    """Return how many rows there are of each thing in the first column."""
    counted = Counter(row[0].label for row in answer.rows if isinstance(row[0], Thing))
    return [(label, Value(count), 0) for label, count in counted.most_common()]


def _scale(bars: list[tuple[str, Value, int]], frame: Frame) -> list[Bar]:
    largest = max(abs(float(figure.value)) for _, figure, _ in bars) or 1.0
    ordered = sorted(bars, key=lambda bar: -float(bar[1].value))
    return [
        Bar(
            label,
            round(100 * max(0.0, float(figure.value)) / largest, 2),
            cells.show(figure, frame.language),
            row,
        )
        for label, figure, row in ordered
    ]


def _is_figure(cell: Cell) -> bool:
    return isinstance(cell, Value) and not isinstance(cell.value, str | bool)


def _label(cell: Cell, frame: Frame) -> str:
    return cells.show(cell, frame.language).text
