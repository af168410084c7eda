"""The class diagram: each class to the right of the one that it is a kind of, as an SVG.

Drawn by hand, because a tree needs no layout engine: a class's row is that of its first kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ROW, _COLUMN, _HEIGHT = 30, 216, 24  # pixels
_COLUMNS = 4  # of classes that no other is a kind of
_LETTER, _CHARACTER, _PADDING = 6.6, 13, 16


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
    >>> [(box.key, box.x, box.y) for box in diagram.boxes], len(diagram.lines)
    ([('a', 1, 1), ('b', 217, 1)], 1)
    """
    children: dict[str, list[str]] = {}
    above: dict[str, str] = {}
    for key in sorted(labels, key=lambda key: (labels[key], key)):
        known = [parent for parent in parents.get(key, ()) if parent in labels and parent != key]
        if known:
            above[key] = known[0]
        children.setdefault(known[0] if known else "", []).append(key)
    boxes: dict[str, Box] = {}
    row = 0

    def place(key: str, depth: int) -> None:
        nonlocal row
        y = row * _ROW + 1
        boxes[key] = Box(key, labels[key], depth * _COLUMN + 1, y, _measure(labels[key]))
        kinds = [kind for kind in children.get(key, ()) if kind not in boxes]
        for kind in kinds:
            place(kind, depth + 1)
        row += not kinds

    roots = children.get("", [])
    for root in (key for key in roots if children.get(key)):
        place(root, 0)
    for number, root in enumerate(key for key in roots if not children.get(key)):
        x, y = number % _COLUMNS * _COLUMN + 1, (row + number // _COLUMNS) * _ROW + 1
        boxes[root] = Box(root, labels[root], x, y, _measure(labels[root]))
    lines = tuple(_join(boxes[parent], boxes[key]) for key, parent in above.items() if key in boxes)
    width = max((box.x + box.width for box in boxes.values()), default=0) + 2
    height = max((box.y + _ROW for box in boxes.values()), default=0)
    return Diagram(tuple(boxes.values()), lines, width, height)


def _measure(label: str) -> float:
    return _PADDING + sum(_LETTER if letter.isascii() else _CHARACTER for letter in label)


def _join(parent: Box, child: Box) -> str:
    x, y = parent.x + parent.width, parent.y + _HEIGHT / 2
    bend = child.x - 14
    return f"M{x:g} {y:g}H{bend:g}V{child.y + _HEIGHT / 2:g}H{child.x:g}"
