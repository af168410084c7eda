"""Sort more lines of N-Quads than memory holds, and name their blank nodes by RDFC-1.0.

The algorithm looks only at quads that mention blank nodes (https://www.w3.org/TR/rdf-canon/),
and only the ontology and the shapes have any: those are kept in memory, all others in files.
"""

from __future__ import annotations

import heapq
from contextlib import ExitStack
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

_RUN_BYTES = 32_000_000


class Sorted(NamedTuple):
    """Lines sorted in several files."""

    runs: list[Path]

    def lines(self) -> Iterator[bytes]:
        """Yield the lines in order, each once."""
        with ExitStack() as stack:
            before = b""
            for line in heapq.merge(*(stack.enter_context(run.open("rb")) for run in self.runs)):
                if line != before:
                    yield line
                before = line


def sort_canonically(lines: Iterable[bytes], folder: Path) -> Sorted:
    """Sort lines of N-Quads into files of `folder`, blank nodes named canonically.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    runs: list[Path] = []
    ground: list[bytes] = []
    blank: list[bytes] = []
    size = 0
    for line in lines:
        (blank if has_blank_node(line) else ground).append(line)
        size += len(line)
        if size >= _RUN_BYTES:
            runs.append(_write_run(ground, folder / f"run{len(runs)}"))
            ground, size = [], 0
    runs.append(_write_run(ground, folder / f"run{len(runs)}"))
    runs.append(_write_run(canonicalize(blank), folder / "blank"))
    return Sorted(runs)


def has_blank_node(line: bytes) -> bool:
    """Tell whether a line of canonical N-Quads has a blank node.

    >>> has_blank_node(b'<http://e/s> <http://e/p> " _:no" <http://e/g> .')
    False
    >>> has_blank_node(b'<http://e/s> <http://e/p> _:yes <http://e/g> .')
    True
    """
    return line.startswith(b"_:") or line.split(b" ", 3)[2].startswith(b"_:")


def canonicalize(lines: Iterable[bytes]) -> list[bytes]:
    """Return the canonical form of lines of N-Quads, as lines, sorted."""
    dataset = ox.Dataset(ox.parse(b"".join(lines), format=ox.RdfFormat.N_QUADS))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(write_lines(dataset))


def write_lines(quads: Iterable[ox.Quad]) -> list[bytes]:
    """Return each quad as a line of canonical N-Quads, in the order given."""
    written = BytesIO()
    ox.serialize(quads, written, ox.RdfFormat.N_QUADS)
    # Only the newline ends a line: a literal may hold U+0085 or U+2028 as they are.
    return [line + b"\n" for line in written.getvalue().split(b"\n") if line]


def split_components(lines: Iterable[bytes]) -> set[tuple[bytes, ...]]:
    """Return lines with blank nodes in groups that share none, each in its canonical form.

    Two datasets have the same groups exactly if they are the same but for the names.
    """
    groups: list[tuple[set[ox.BlankNode], list[bytes]]] = []
    for line in lines:
        (quad,) = ox.parse(line, format=ox.RdfFormat.N_QUADS)
        ends = (quad.subject, quad.object)
        nodes = {term for term in ends if isinstance(term, ox.BlankNode)}
        joined = [line]
        for group in [each for each in groups if each[0] & nodes]:
            groups.remove(group)
            nodes |= group[0]
            joined += group[1]
        groups.append((nodes, joined))
    return {tuple(canonicalize(group)) for _, group in groups}


def _write_run(lines: list[bytes], path: Path) -> Path:
    lines.sort()
    with path.open("wb") as file:
        file.writelines(lines)
    return path
