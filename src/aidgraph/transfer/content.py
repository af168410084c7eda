"""What is loaded: the dataset's canonical lines, in the layout that the target is to have.

In quads each sentence keeps its graph: the SHA-256 of the lines is the snapshot. In triples all
stand in one graph, `graph:all`, with the nodes that tell of each one's graph.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from aidgraph.files import unreadable
from aidgraph.parts import merge_lines
from aidgraph.transfer.merged import ALL, merge
from aidgraph.transfer.sorting import sort_canonically

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from aidgraph.dataset import Dataset

LAYOUTS = ("quads", "triples")


class Content:
    """The lines of a dataset in one layout: sorted, canonical, as often as they are asked for."""

    def __init__(self, snapshot: str, read: Callable[[], Iterator[bytes]]) -> None:
        """Name it by the dataset's `snapshot`; `read` gives its lines from the first."""
        self.snapshot = snapshot
        self.lines = read


def open_content(dataset: Dataset, layout: str, folder: Path) -> Content:
    """Open `dataset` in a layout; `folder` takes the files that sorting the merged one needs.

    Raises:
        UnreadableError: a part cannot be read.
        OSError: `folder` cannot be written.
    """
    if layout == "quads":
        return Content(dataset.snapshot, lambda: _read_parts(dataset))
    in_all = f" <{ALL}> .\n".encode()
    merged = (line[:-3] + in_all for line in merge(_read_parts(dataset)))
    return Content(dataset.snapshot, sort_canonically(merged, folder).lines)


def _read_parts(dataset: Dataset) -> Iterator[bytes]:
    with ExitStack() as stack:
        yield from merge_lines([stack.enter_context(_open(path)) for path in dataset.parts()])


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        raise unreadable(path, error) from error
