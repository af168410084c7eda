"""What an export holds, for whoever receives it to check: counts, hashes, licence, citation."""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from aidgraph.parts import hash_lines
from aidgraph.store import Layout
from aidgraph.transfer.export import write_merged
from aidgraph.transfer.formats import ExportFormat
from aidgraph.transfer.merged import merge, split_line
from aidgraph.transfer.rights import read_rights
from aidgraph.transfer.sorting import sort_canonically

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aidgraph.transfer.export import Material
    from aidgraph.transfer.packing import FileRecord


def write_manifest(  # noqa: PLR0913  # each says another thing about one file
    material: Material,
    form: ExportFormat,
    layout: Layout | None,
    *,
    snapshot: str,
    scope: str,
    files: FileRecord | list[FileRecord],
) -> bytes:
    """Return the manifest of an export as JSON.

    `rdfc10` is the SHA-256 of the canonical form by RDFC-1.0 of what the file says; of tables, of
    networks and of Turtle 1.2, which that algorithm does not know, of the quads behind them.

    Args:
        material: what was written.
        form: as what.
        layout: how evidence was kept, if the format leaves a choice.
        snapshot: the SHA-256 of the whole dataset's N-Quads.
        scope: how much of the dataset it is.
        files: the file that was written, or those of a folder.
    """
    graphs = Counter(split_line(line)[1] for line in material.lines())
    rights = read_rights(material.background())
    content = {
        **(files if isinstance(files, dict) else {"files": files}),
        "format": form.value,
        "layout": layout.value if layout else None,
        "scope": scope,
        "snapshot": snapshot,
        "rdfc10": hash_canonical(_write_behind(material, form, layout)),
        "quads": graphs.total(),
        "graphs": dict(sorted(graphs.items())),
        "license": rights.get("license"),
        "rights": rights.get("rights"),
        "citation": rights.get("citation"),
    }
    return f"{json.dumps(content, ensure_ascii=False, indent=2)}\n".encode()


def hash_canonical(lines: Iterable[bytes]) -> str:
    """Return the SHA-256 of the canonical form by RDFC-1.0 of N-Quads or N-Triples."""
    with tempfile.TemporaryDirectory() as folder:
        return hash_lines(sort_canonically(lines, Path(folder)).lines())


def _write_behind(material: Material, form: ExportFormat, layout: Layout | None) -> Iterable[bytes]:
    """Return lines of N-Quads or N-Triples that say what the file says."""
    if form in (ExportFormat.NQUADS, ExportFormat.TRIG):
        return write_merged(material.lines(), layout)
    if layout is Layout.TRIPLES and form is not ExportFormat.TURTLE12:
        return merge(material.lines())
    return material.lines()
