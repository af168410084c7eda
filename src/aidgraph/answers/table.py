"""A table for the terminal, in which a Chinese character takes two columns.

Written here because the usual library takes longer to import than an answer to find, and breaks
lines only at spaces, which Chinese has none of.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import zip_longest
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_GAP = " │ "
_RULE, _CROSSING = "─", "─┼─"
_WIDE = frozenset("WF")  # by Unicode Standard Annex 11
_INVISIBLE = frozenset({"Mn", "Me", "Cf"})
# Latin letters stay together; other characters part anywhere, but not from the stop behind them.
_WORD = re.compile(r"[!-~]+ ?|.[,;:!?.)，。；：、！？”’）》…]*")
_LEAST = 2  # columns: one Chinese character


def draw_table(header: Sequence[str], rows: Sequence[Sequence[str]], width: int) -> list[str]:
    """Return the lines of a table no wider than `width`; long cells go on over several lines.

    >>> for line in draw_table(["place", "n"], [["喀什地区", "3"]], 9):
    ...     print(line)
    place │ n
    ──────┼──
    喀什  │ 3
    地区  │
    """
    cells = [[_clean(cell) for cell in row] for row in (header, *rows)]
    natural = [max(map(measure, column)) for column in zip(*cells, strict=True)]
    widths = _fit(natural, width - len(_GAP) * (len(natural) - 1))
    first, *others = ([*_draw_row(row, widths)] for row in cells)
    rule = _CROSSING.join(_RULE * size for size in widths)
    return [*first, rule, *(line for lines in others for line in lines)]


def wrap(text: str, width: int) -> list[str]:
    """Cut `text` into lines of at most `width` columns: at spaces, or between Chinese characters.

    >>> wrap("援疆资金190多亿元", 8)
    ['援疆资金', '190多亿', '元']
    """
    lines, used = [""], 0
    for word in _pieces(text, width):
        size = measure(word)
        if used and used + measure(word.rstrip()) > width:
            lines.append("")
            used = 0
        lines[-1] += word
        used += size
    return [line.rstrip() for line in lines]


def measure(text: str) -> int:
    """Return how many columns `text` takes in a terminal."""
    return sum(map(_columns, text))


def _pieces(text: str, width: int) -> list[str]:
    """Return the words of `text`; those that are wider than a line, character by character."""
    return [
        piece
        for word in _WORD.findall(_clean(text))
        for piece in ([word] if measure(word.rstrip()) <= width else word)
    ]


def _columns(character: str) -> int:
    if unicodedata.category(character) in _INVISIBLE:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1


def _clean(text: str) -> str:
    """Return `text` in one line, without what a terminal would take for a command."""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def _fit(natural: list[int], width: int) -> list[int]:
    """Return column widths that fit `width` together: wide columns give way, narrow ones do not."""
    level = max(natural)
    while level > _LEAST and sum(min(size, level) for size in natural) > width:
        level -= 1
    return [min(size, level) for size in natural]


def _draw_row(row: Sequence[str], widths: Sequence[int]) -> list[str]:
    columns = [wrap(cell, size) for cell, size in zip(row, widths, strict=True)]
    return [
        _GAP.join(
            part + " " * (size - measure(part)) for part, size in zip(parts, widths, strict=True)
        ).rstrip()
        for parts in zip_longest(*columns, fillvalue="")
    ]
