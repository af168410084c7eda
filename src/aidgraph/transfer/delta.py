"""What has to be done to a target: the quads that it lacks, and those that it has too many.

Both sides are sorted lines of canonical N-Quads, so that they are compared as they stream by.
Quads with blank nodes are compared by the groups that hang together, whatever their names.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from aidgraph.transfer.merged import split_line
from aidgraph.transfer.sorting import has_blank_node, split_components

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aidgraph.transfer.content import Content


class Pile(NamedTuple):
    """Lines that can be read as often as needed, and how many and how large they are."""

    lines: Callable[[], Iterator[bytes]]
    number: int
    size: int


class Delta(NamedTuple):
    """The steps from what a target has to what it should have, and the hash of what it has."""

    inserts: Pile
    deletes: Pile
    blank: list[bytes]
    """Lines with blank nodes to insert."""
    clears: list[str]
    """Graphs whose triples with blank nodes go first."""
    found_hash: str
    whole: bool = False
    """Whether it is the whole content, read from where it stands."""

    def is_empty(self) -> bool:
        """Tell whether nothing is to be done."""
        return not (self.inserts.number or self.deletes.number or self.blank or self.clears)

    def is_within(self, lines: int, size: int) -> bool:
        """Tell whether all of it fits into one request of so many lines and bytes."""
        counted = self.inserts.number + self.deletes.number + len(self.blank)
        sized = self.inserts.size + self.deletes.size + sum(map(len, self.blank))
        return counted <= lines and sized <= size


def from_nothing(content: Content) -> Delta:
    """Return the delta of an empty target: everything, read from where it stands."""
    blank: list[bytes] = []
    count = size = 0
    for line in content.lines():
        if has_blank_node(line):
            blank.append(line)
        else:
            count, size = count + 1, size + len(line)

    def ground() -> Iterator[bytes]:
        return (line for line in content.lines() if not has_blank_node(line))

    nothing = hashlib.sha256().hexdigest()
    return Delta(Pile(ground, count, size), _nothing(), blank, _graphs(blank), nothing, whole=True)


def compare(content: Content, found: Iterator[bytes], folder: Path, *, adds: bool) -> Delta:
    """Return the delta from `found` (sorted, canonical) to `content`; its lines go to `folder`.

    With `adds`, what the target has beside is to stay.

    Raises:
        OSError: the folder cannot be written.
    """
    digest = hashlib.sha256()
    missing, extra = _Writer(folder / "inserts.nq"), _Writer(folder / "deletes.nq")
    blank: tuple[list[bytes], list[bytes]] = ([], [])
    for line, ours, theirs in _walk(content.lines(), found):
        if theirs:
            digest.update(line)
        if has_blank_node(line):
            for side, stands in zip(blank, (ours, theirs), strict=True):
                side.extend([line] * stands)
        elif not theirs:
            missing.write(line)
        elif not ours and not adds:
            extra.write(line)
    insert, clears = _compare_blank(*blank, adds=adds)
    return Delta(missing.close(), extra.close(), insert, clears, digest.hexdigest())


def _compare_blank(
    ours: list[bytes], theirs: list[bytes], *, adds: bool
) -> tuple[list[bytes], list[str]]:
    """Return the lines to insert, and the graphs to clear of blank nodes first."""
    wanted, found = split_components(ours), split_components(theirs)
    if adds:
        return [
            _rename(line, n) for n, lines in enumerate(sorted(wanted - found)) for line in lines
        ], []
    extra = [line for lines in found - wanted for line in lines]
    changed = {*_graphs(extra), *_graphs([line for lines in wanted - found for line in lines])}
    return [line for line in ours if split_line(line)[1] in changed], sorted(changed)


def _rename(line: bytes, group: int) -> bytes:
    """Return a line whose blank nodes are named after their group: names begin anew in each."""
    head, middle, rest = line.split(b" ", 2)
    name = b"_:g%d" % group
    if head.startswith(b"_:"):
        head = name + head[2:]
    if rest.startswith(b"_:"):
        rest = name + rest[2:]
    return b" ".join((head, middle, rest))


def _walk(ours: Iterator[bytes], theirs: Iterator[bytes]) -> Iterator[tuple[bytes, bool, bool]]:
    """Yield each line of two sorted streams, and in which of them it stands."""
    left, right = next(ours, None), next(theirs, None)
    while left is not None or right is not None:
        if right is None or (left is not None and left < right):
            yield left or b"", True, False
            left = next(ours, None)
        elif left is None or right < left:
            yield right, False, True
            right = next(theirs, None)
        else:
            yield left, True, True
            left, right = next(ours, None), next(theirs, None)


class _Writer:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO = path.open("wb")
        self._count = 0

    def write(self, line: bytes) -> None:
        self._file.write(line)
        self._count += 1

    def close(self) -> Pile:
        self._file.close()
        return open_pile(self._path, self._count)


def open_pile(path: Path, count: int) -> Pile:
    """Return the lines of a file as a pile."""

    def lines() -> Iterator[bytes]:
        with path.open("rb") as file:
            yield from file

    return Pile(lines, count, path.stat().st_size)


def _nothing() -> Pile:
    return Pile(lambda: iter(()), 0, 0)


def _graphs(lines: list[bytes]) -> list[str]:
    return sorted({split_line(line)[1] for line in lines})
