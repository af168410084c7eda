"""Write a dataset to a stream: N-Quads with its graphs, or Turtle with all graphs in one.

Both come from the dataset's sorted parts, a thing at a time, so that memory does not grow
with the dataset. Both say under which licence they may be used: N-Quads in
`graph:dataset`, Turtle in its first block.
"""

from __future__ import annotations

from contextlib import ExitStack
from enum import StrEnum
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.errors import UnreadableError
from aidgraph.parts import merge_lines
from aidgraph.terms import RDF_TYPE, RDFS_LABEL, SKOS_ALT_LABEL, prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from typing import BinaryIO

    from aidgraph.dataset import Dataset

_FIRST = (RDF_TYPE, RDFS_LABEL, SKOS_ALT_LABEL)


class ExportFormat(StrEnum):
    """What a dataset can be written as; the value is the file's suffix."""

    NQUADS = "nq"
    TURTLE = "ttl"


def export_dataset(dataset: Dataset, form: ExportFormat, stream: BinaryIO) -> None:
    """Write `dataset` to `stream`, in an order that depends on its content alone.

    N-Quads are its canonical form: their SHA-256 is the snapshot. In Turtle a triple that
    several graphs hold stands once, things follow each other by IRI, after the dataset's
    description, and each begins with its classes and names.

    Raises:
        UnreadableError: a part cannot be read.
        OSError: `stream` cannot be written.
    """
    paths = dataset.parts()
    if form is ExportFormat.NQUADS:
        stream.writelines(_read_merged(paths))
        return
    stream.writelines(
        f"@prefix {name}: <{space}> .\n".encode() for name, space in sorted(prefixes().items())
    )
    description = [path for path in paths if path.name == "dataset.nq"]
    for part in (description, [path for path in paths if path not in description]):
        stream.writelines(_write_things(_read_merged(part)))


def _read_merged(paths: Iterable[Path]) -> Iterator[bytes]:
    with ExitStack() as stack:
        yield from merge_lines([stack.enter_context(_open(path)) for path in paths])


def _open(path: Path) -> BinaryIO:
    try:
        return path.open("rb")
    except OSError as error:
        folder = path.parents[1]
        en = f"{path} cannot be read: {error.strerror}. Remove {folder} and run “aidgraph build”."
        zh = f"无法读取 {path}：{error.strerror}。请删除 {folder}，再运行“aidgraph build”。"
        raise UnreadableError(en, zh) from error


def _write_things(lines: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a block of Turtle a subject; sorted lines have a subject's triples together."""
    for _, same_subject in groupby(lines, key=_subject):
        quads = ox.parse(b"".join(same_subject), format=ox.RdfFormat.N_QUADS)
        triples = sorted({quad.triple for quad in quads}, key=_order)
        block = BytesIO()
        ox.serialize(triples, block, ox.RdfFormat.TURTLE, prefixes=prefixes())
        # The serialiser begins with a line a prefix, each time in another order.
        yield b"\n" + block.getvalue().split(b"\n", len(prefixes()))[-1]


def _subject(line: bytes) -> bytes:
    return line.partition(b" ")[0]


def _order(triple: ox.Triple) -> tuple[int, str, str]:
    place = _FIRST.index(triple.predicate) if triple.predicate in _FIRST else len(_FIRST)
    return place, triple.predicate.value, str(triple.object)
