"""`aidgraph export`: the dataset, or a part of it, as a file for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

import click

from aidgraph.cli.output import open_output, write_bytes
from aidgraph.cli.session import (
    Session,
    endpoint_option,
    language_option,
    read_typed,
    timeout_option,
)
from aidgraph.transfer.export import Material, read_material, write_export
from aidgraph.transfer.formats import NAMES, Target, choose_layout, choose_target
from aidgraph.transfer.scopes import SCOPES

if TYPE_CHECKING:
    from aidgraph.store import Layout
    from aidgraph.transfer.packing import FileRecord


@click.command(epilog="Example: aidgraph export -o aidgraph.nq.gz --manifest aidgraph.json")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(NAMES),
    help="Format; else by the suffix of -o, else turtle.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="File to write, whole or not at all; else standard output.",
)
@click.option(
    "--scope",
    metavar="|".join(SCOPES),
    type=read_typed,
    default="all",
    help="How much of the dataset.",
)
@click.option(
    "--layout",
    type=click.Choice(["quads", "triples"]),
    help="Each sentence's facts in a graph of their own, or all in one with evidence beside them.",
)
@click.option("--bom", is_flag=True, help="Begin CSV with a mark by which Excel knows Chinese.")
@click.option(
    "--manifest",
    type=click.Path(path_type=Path, dir_okay=False),
    help="File to write counts, hashes, licence and citation to, as JSON.",
)
@endpoint_option
@timeout_option
@language_option
@click.pass_obj
def export(  # noqa: PLR0913  # one for each option
    session: Session,
    *,
    form: str | None,
    output: Path | None,
    scope: str,
    layout: str | None,
    manifest: Path | None,
    bom: bool,
    endpoint: str | None,
    timeout: float,
) -> None:
    """Write the dataset for other programs, its evidence and its licence included.

    Formats: nq, trig, nt, ttl, ttl12 (Turtle 1.2), jsonld, rdf (RDF/XML); csv and parquet (one
    file of all facts, or in a folder or .zip a table for each class, too); graphml. A suffix .gz
    or .zst packs the file.
    """
    target = choose_target(form, output)
    chosen = choose_layout(layout, target.form)
    dataset = session.download(endpoint, timeout)
    material = read_material(dataset, scope, target.form)
    files = _write(material, target, output, chosen, bom=bom)
    if manifest is not None:
        from aidgraph.transfer.manifest import write_manifest

        content = write_manifest(
            material, target.form, chosen, snapshot=dataset.snapshot, scope=scope, files=files
        )
        write_bytes(content, manifest)


def _write(
    material: Material, target: Target, output: Path | None, layout: Layout | None, *, bom: bool
) -> FileRecord | list[FileRecord]:
    """Write the file or folder; return what a manifest says of it."""
    if output is not None and target.folder:
        from aidgraph.transfer.table_files import write_folder

        return write_folder(material, target.form, output, bom=bom)
    from aidgraph.transfer.packing import Hashing, pack, record_file

    with open_output(output) as stream:
        hashing = Hashing(stream)
        with pack(cast("BinaryIO", hashing), target.compression) as packed:
            if target.archive:
                from aidgraph.transfer.table_files import write_archive

                write_archive(material, target.form, packed, bom=bom)
            else:
                write_export(material, target.form, packed, layout=layout, bom=bom)
    return record_file(output.name if output else "-", hashing.size, hashing.sha256())
