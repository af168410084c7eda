"""Tables as files: CSV or Parquet, one file, a folder of them, or a zip archive.

The library pyarrow, for Parquet, is an extra (`aidgraph[parquet]`), imported here alone.
"""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from aidgraph.errors import UsageError
from aidgraph.files import BYTE_ORDER_MARK, unwritable
from aidgraph.transfer.background import Background
from aidgraph.transfer.formats import ExportFormat
from aidgraph.transfer.packing import record_file
from aidgraph.transfer.rights import read_rights
from aidgraph.transfer.tables import FACT_COLUMNS, NUMBERS, Table, write_facts, write_tables

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from aidgraph.transfer.export import Material
    from aidgraph.transfer.packing import FileRecord

_OLDEST = (1980, 1, 1, 0, 0, 0)  # the least time that a zip archive can give a file
_OWN_MODE = 0o755


def write_facts_file(
    material: Material, form: ExportFormat, stream: BinaryIO, *, bom: bool = False
) -> None:
    """Write the table of all facts. Takes and raises what `write_export` does."""
    background = Background(material.background())
    table = Table("facts", [*FACT_COLUMNS], list(write_facts(material.lines(), background)))
    stream.write(_write_table(table, form, material, bom=bom))


def write_archive(
    material: Material, form: ExportFormat, stream: BinaryIO, *, bom: bool = False
) -> None:
    """Write all tables as a zip archive. Takes and raises what `write_export` does."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _write_files(material, form, bom=bom):
            entry = zipfile.ZipInfo(name, _OLDEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


def write_folder(
    material: Material, form: ExportFormat, folder: Path, *, bom: bool = False
) -> list[FileRecord]:
    """Write all tables into a folder that is new or empty: all of them, or it stays as it is.

    Takes what `write_export` does; returns what each file is.

    Raises:
        UsageError: the folder has something in it.
        UnreadableError: it cannot be written.
    """
    draft: str | None = None
    written = []
    try:
        if folder.exists() and any(folder.iterdir()):
            en = f"{folder} is not empty: name a new folder, or a .zip."
            raise UsageError(en, f"{folder} 不是空文件夹：请另写一个，或写 .zip 文件。")
        draft = tempfile.mkdtemp(dir=folder.resolve().parent, prefix=f".{folder.name}.")
        for name, content in _write_files(material, form, bom=bom):
            (Path(draft) / name).write_bytes(content)
            written.append(record_file(name, len(content), hashlib.sha256(content).hexdigest()))
        Path(draft).chmod(_OWN_MODE)
        Path(draft).replace(folder)
    except OSError as error:
        raise unwritable(folder, error) from error
    finally:
        if draft is not None:
            shutil.rmtree(draft, ignore_errors=True)
    return written


def _write_files(
    material: Material, form: ExportFormat, *, bom: bool
) -> Iterator[tuple[str, bytes]]:
    background = Background(material.background())
    for table in write_tables(material.lines(), background):
        yield f"{table.name}.{form}", _write_table(table, form, material, bom=bom)


def _write_table(table: Table, form: ExportFormat, material: Material, *, bom: bool) -> bytes:
    if form is ExportFormat.PARQUET:
        return _write_parquet(table, read_rights(material.background()))
    return _write_csv(table, bom=bom)


def _write_csv(table: Table, *, bom: bool) -> bytes:
    import csv

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows(table.rows)
    return (BYTE_ORDER_MARK * bom + out.getvalue()).encode()


def _write_parquet(table: Table, rights: dict[str, str]) -> bytes:
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        en = "Parquet needs pyarrow: pip install 'aidgraph[parquet]'."
        raise UsageError(en, "Parquet 需要 pyarrow：pip install 'aidgraph[parquet]'。") from error
    columns = [list(column) for column in zip(*table.rows, strict=True)] or [
        [] for _ in table.columns
    ]
    schema = pa.schema(
        [(name, pa.int64() if name in NUMBERS else pa.string()) for name in table.columns],
        metadata=rights,
    )
    out = io.BytesIO()
    pq.write_table(pa.table(columns, schema=schema), out)
    return out.getvalue()
