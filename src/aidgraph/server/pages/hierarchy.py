"""The class diagram: each class to the right of the one that it is a kind of, as an SVG.

Drawn by hand, because a tree needs no layout engine: a class's row is that of its first kind.
"""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_ROW, _HEIGHT, _GAP = 30, 24, 32  # pixels
_ALONE = 640  # pixels: how wide a diagram is that has no tree
_LETTER, _CHARACTER, _PADDING = 7.8, 13, 16  # of the widest fonts that a page may be shown in


class Box(NamedTuple):
    """A class in the diagram: its key, its label, and where it stands."""

    key: str
    label: str
    x: float
    y: float
    width: float


class Diagram(NamedTuple):
    """Boxes, the lines between them as paths, and the size of the whole."""

    boxes: tuple[Box, ...]
    lines: tuple[str, ...]
    width: float
    height: float


def draw_hierarchy(labels: Mapping[str, str], parents: Mapping[str, Sequence[str]]) -> Diagram:
    """Return the diagram of the classes `labels`; a class stands under its first known parent.

    >>> diagram = draw_hierarchy({"a": "place", "b": "county"}, {"b": ["a"]})
    >>> [(box.key, box.y) for box in diagram.boxes], len(diagram.lines)
    ([('a', 1), ('b', 1)], 1)
    """
    above, children = _arrange(labels, parents)
    roots = children.get("", [])
    trees = [root for root in roots if root in children]
    places: dict[str, tuple[int, int]] = {}
    row = 0
    for root in trees:
        row = _place(root, (0, row), children, places)
    lefts = _find_columns(labels, places)
    boxes = {
        key: Box(key, labels[key], lefts[depth], at * _ROW + 1, _measure(labels[key]))
        for key, (depth, at) in places.items()
    }
    width = max((box.x + box.width for box in boxes.values()), default=_ALONE)
    alone = [root for root in roots if root not in children]
    boxes |= {box.key: box for box in _line_up(alone, labels, row, width)}
    lines = tuple(_join(boxes[parent], boxes[key]) for key, parent in above.items() if key in boxes)
    height = max((box.y + _ROW for box in boxes.values()), default=0)
    return Diagram(tuple(boxes.values()), lines, width + 2, height)


def _arrange(
    labels: Mapping[str, str], parents: Mapping[str, Sequence[str]]
) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return each class's parent, and each one's kinds by label; those without one under ""."""
    above: dict[str, str] = {}
    children: dict[str, list[str]] = {}
    for key in sorted(labels, key=lambda key: (labels[key], key)):
        known = [parent for parent in parents.get(key, ()) if parent in labels and parent != key]
        if known:
            above[key] = known[0]
        children.setdefault(known[0] if known else "", []).append(key)
    return above, children


def _place(
    key: str,
    at: tuple[int, int],
    children: Mapping[str, Sequence[str]],
    places: dict[str, tuple[int, int]],
) -> int:
    """Place a class and its kinds at a depth and a row; return the first row below them."""
    depth, row = at
    places[key] = at
    if key not in children:
        return row + 1
    for kind in children[key]:
        row = _place(kind, (depth + 1, row), children, places)
    return row


def _find_columns(
    labels: Mapping[str, str], places: Mapping[str, tuple[int, int]]
) -> Sequence[float]:
    """Return where each depth begins: beside the widest label of the one before."""
    widths: dict[int, float] = {}
    for key, (depth, _) in places.items():
        widths[depth] = max(widths.get(depth, 0), _measure(labels[key]))
    return [*accumulate((widths[depth] + _GAP for depth in sorted(widths)), initial=1.0)]


def _line_up(
    keys: Sequence[str], labels: Mapping[str, str], row: int, width: float
) -> Iterator[Box]:
    """Yield boxes side by side, in rows as wide as the rest."""
    x = 1.0
    for key in keys:
        needed = _measure(labels[key])
        if x > 1 and x + needed > width:
            x, row = 1.0, row + 1
        yield Box(key, labels[key], x, row * _ROW + 1, needed)
        x += needed + _GAP / 4


def _measure(label: str) -> float:
    return _PADDING + sum(_LETTER if letter.isascii() else _CHARACTER for letter in label)


def _join(parent: Box, child: Box) -> str:
    x, y = parent.x + parent.width, parent.y + _HEIGHT / 2
    bend = child.x - 14
    return f"M{x:g} {y:g}H{bend:g}V{child.y + _HEIGHT / 2:g}H{child.x:g}"
