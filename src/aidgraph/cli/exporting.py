"""`aidgraph export`: the whole dataset as one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aidgraph.cli.output import open_output
from aidgraph.cli.session import Session, output_options
from aidgraph.transfer.export import ExportFormat, export_dataset

if TYPE_CHECKING:
    from pathlib import Path

_LONG_NAMES = {"turtle": ExportFormat.TURTLE, "nquads": ExportFormat.NQUADS}
_FORMATS = [*_LONG_NAMES, *(form.value for form in ExportFormat)]


@click.command(epilog="Example: aidgraph export -o aidgraph.nq")
@output_options(_FORMATS, "turtle")
@click.pass_obj
def export(session: Session, form: str, output: Path | None) -> None:
    """Write the whole dataset: Turtle with all graphs in one, or N-Quads with each apart."""
    chosen = _LONG_NAMES.get(form) or ExportFormat(form)
    dataset = session.dataset()
    with open_output(output) as stream:
        export_dataset(dataset, chosen, stream)
