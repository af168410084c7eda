"""What a dataset can be written as, and how a file's name tells which."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from aidgraph.errors import UsageError
from aidgraph.store import Layout

if TYPE_CHECKING:
    from pathlib import Path


class ExportFormat(StrEnum):
    """What a dataset can be written as; the value is the file's suffix."""

    NQUADS = "nq"
    TRIG = "trig"
    NTRIPLES = "nt"
    TURTLE = "ttl"
    TURTLE12 = "ttl12"
    JSONLD = "jsonld"
    RDFXML = "rdf"
    CSV = "csv"
    PARQUET = "parquet"
    GRAPHML = "graphml"

    @property
    def is_tables(self) -> bool:
        """Whether it can be a folder or archive of tables."""
        return self in (ExportFormat.CSV, ExportFormat.PARQUET)


class Compression(StrEnum):
    """How a file's bytes are packed; the value is the suffix that says so."""

    NONE = ""
    GZIP = "gz"
    ZSTD = "zst"


LONG_NAMES = {
    "nquads": ExportFormat.NQUADS,
    "ntriples": ExportFormat.NTRIPLES,
    "turtle": ExportFormat.TURTLE,
    "turtle12": ExportFormat.TURTLE12,
    "rdfxml": ExportFormat.RDFXML,
}
"""The formats' other names."""

NAMES = (*LONG_NAMES, *(form.value for form in ExportFormat))

_BOTH = (Layout.QUADS, Layout.TRIPLES)
_LAYOUTS = {
    ExportFormat.NQUADS: _BOTH,
    ExportFormat.TRIG: _BOTH,
    ExportFormat.JSONLD: _BOTH,
    ExportFormat.NTRIPLES: (Layout.TRIPLES,),
    ExportFormat.TURTLE: (Layout.TRIPLES,),
    ExportFormat.TURTLE12: (Layout.TRIPLES,),
    ExportFormat.RDFXML: (Layout.TRIPLES,),
}
"""The layouts that a format can have, its own first."""


class Target(NamedTuple):
    """What is written: its format, how it is packed, and whether it is many tables.

    `archive`: a zip of tables. `folder`: a folder of tables.
    """

    form: ExportFormat
    compression: Compression = Compression.NONE
    archive: bool = False
    folder: bool = False


def choose_target(name: str | None, path: Path | None) -> Target:
    """Return what the option -f and the file's name ask for together; Turtle where neither does.

    >>> from pathlib import Path
    >>> choose_target(None, Path("aidgraph.nq.gz"))[:2]
    (<ExportFormat.NQUADS: 'nq'>, <Compression.GZIP: 'gz'>)

    Raises:
        UsageError: they contradict each other, or the name's suffix says nothing known.
    """
    asked = (LONG_NAMES.get(name) or ExportFormat(name)) if name else None
    if path is None or str(path) == "-":
        return Target(asked or ExportFormat.TURTLE)
    suffixes = [suffix[1:].lower() for suffix in path.suffixes]
    packed = Compression.NONE
    if suffixes and suffixes[-1] in (Compression.GZIP, Compression.ZSTD):
        packed = Compression(suffixes.pop())
    suffix = suffixes[-1] if suffixes else ""
    if asked and asked.is_tables and _is_folder(path):
        return Target(asked, folder=True)
    if suffix == "zip" and (asked is None or asked.is_tables):
        return Target(asked or ExportFormat.CSV, archive=True)
    if suffix in (*ExportFormat, "zip"):
        return Target(_agree(asked, suffix, path), packed)
    if asked is None and suffix:
        listed = ", ".join(f".{form}" for form in ExportFormat)
        en = f"The suffix of {path} names no format: give -f, or one of {listed}."
        raise UsageError(en, f"{path} 的后缀不是任何格式：请写 -f，或用 {listed} 之一。")
    return Target(asked or ExportFormat.TURTLE, packed)


def choose_layout(name: str | None, form: ExportFormat) -> Layout | None:
    """Return the layout that the option --layout asks for, or the format's own.

    None for tables and networks, which have their own way to keep evidence.

    Raises:
        UsageError: the format cannot have it.
    """
    layouts = _LAYOUTS.get(form, ())
    if name is None:
        return layouts[0] if layouts else None
    if Layout(name) not in layouts:
        quads = ", ".join(form for form, held in _LAYOUTS.items() if Layout.QUADS in held)
        en = f"{form} cannot have the layout {name}: leave --layout out, or write {quads}."
        zh = f"{form} 不能用 {name} 布局：请去掉 --layout，或改写 {quads}。"
        raise UsageError(en, zh)
    return Layout(name)


def _is_folder(path: Path) -> bool:
    return path.is_dir() or (not path.suffix and not path.exists())


def _agree(asked: ExportFormat | None, suffix: str, path: Path) -> ExportFormat:
    """Return the format that option and suffix both allow. Turtle 1.2 is Turtle, too."""
    if asked in (None, suffix) or (asked, suffix) == (ExportFormat.TURTLE12, ExportFormat.TURTLE):
        return asked or ExportFormat(suffix)
    en = f"-f asks for {asked}, the name {path} for something else: change one of them."
    raise UsageError(en, f"-f 要的是 {asked}，文件名 {path} 却是另一种：请改其一。")
