"""N-Quads sorted by graph, however many: what does not fit into memory waits in files."""

from __future__ import annotations

import heapq
from contextlib import ExitStack
from itertools import islice
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from aidgraph.transfer.merged import split_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RUN = 100_000  # lines that are sorted at once: about 30 MB


def sort_by_graph(lines: Iterable[bytes], run: int = _RUN) -> Iterator[bytes]:
    """Yield lines of N-Quads by graph, and sorted in each.

    Args:
        lines: in any order, each with its line end.
        run: how many are in memory at once.

    Raises:
        OSError: the folder for temporary files is full.
        ValueError: a line is no quad in a named graph.
    """
    remaining = iter(lines)
    with ExitStack() as stack:
        runs: list[Iterable[bytes]] = []
        while len(taken := sorted(islice(remaining, run), key=_key)) == run:
            file = stack.enter_context(TemporaryFile())
            file.writelines(taken)
            file.seek(0)
            runs.append(file)
        yield from heapq.merge(*runs, taken, key=_key)


def _key(line: bytes) -> tuple[str, bytes]:
    return split_line(line)[1], line
