"""Write a dataset, or a part of it, to a stream, in every form.

All forms come from sorted N-Quads, wherever these are read: the parts of a dataset, or a store.
The same lines give the same bytes. Memory does not grow with them, save for tables and networks.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from aidgraph.store import Layout
from aidgraph.terms import GRAPH
from aidgraph.transfer.formats import ExportFormat
from aidgraph.transfer.merged import ALL, merge
from aidgraph.transfer.scopes import find_parts, read_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from aidgraph.dataset import Dataset

_ONTOLOGY = f" <{GRAPH}ontology> .\n".encode()


class Material(NamedTuple):
    """What is written, as functions that give lines of canonical N-Quads from the first each time.

    `lines`: what is exported, sorted; only for N-Quads may the description not come first.
    `background`: where names, sentences and the ontology are looked up, in any order.
    """

    lines: Callable[[], Iterable[bytes]]
    background: Callable[[], Iterable[bytes]]


def read_material(dataset: Dataset, scope: str, form: ExportFormat) -> Material:
    """Return what `scope` asks for of a dataset, for files of the format `form`.

    Raises:
        UsageError, NotFoundError: as `find_parts` does.
    """
    find_parts(dataset, scope)
    first = form is not ExportFormat.NQUADS
    return Material(
        partial(read_lines, dataset, scope, description_first=first), partial(read_lines, dataset)
    )


def write_export(
    material: Material,
    form: ExportFormat,
    stream: BinaryIO,
    *,
    layout: Layout | None = None,
    bom: bool = False,
) -> None:
    """Write `material` to `stream` as one file; of tables, as that of the facts.

    Args:
        material: what to write.
        form: as what.
        stream: where to.
        layout: how evidence is kept, if the format leaves a choice.
        bom: begin CSV with a byte order mark.

    Raises:
        UnreadableError: a part cannot be read.
        UsageError: a library is missing; the message says which extra has it.
        DataError: the format cannot have something that is there.
        OSError: `stream` cannot be written.
    """
    if form in (ExportFormat.CSV, ExportFormat.PARQUET):
        from aidgraph.transfer.table_files import write_facts_file

        write_facts_file(material, form, stream, bom=bom)
        return
    stream.writelines(_write_bytes(material, form, layout))


def write_merged(lines: Iterable[bytes], layout: Layout | None) -> Iterator[bytes]:
    """Yield N-Quads as they are, or in the merged layout in its one graph."""
    if layout is Layout.TRIPLES:
        return (line[:-2] + f"<{ALL}> .\n".encode() for line in merge(lines))
    return iter(lines)


def _write_bytes(material: Material, form: ExportFormat, layout: Layout | None) -> Iterable[bytes]:
    if form is ExportFormat.NQUADS:
        return write_merged(material.lines(), layout)
    if form is ExportFormat.NTRIPLES:
        return merge(material.lines())
    return (text.encode() for text in _write_text(material, form, layout))


def _write_text(material: Material, form: ExportFormat, layout: Layout | None) -> Iterable[str]:
    # Each is imported where it is used: an export needs one of them.
    if form is ExportFormat.JSONLD:
        return _write_json_ld(material, layout)
    if form is ExportFormat.GRAPHML:
        return _write_network(material)
    if form is ExportFormat.RDFXML:
        from aidgraph.transfer.rdfxml import write_rdf_xml

        return write_rdf_xml(material.lines())
    from aidgraph.transfer import turtle

    if form is ExportFormat.TURTLE:
        return turtle.write_turtle(material.lines())
    if form is ExportFormat.TURTLE12:
        from aidgraph.transfer.background import Background

        return turtle.write_turtle12(material.lines(), Background(material.background()).words)
    from aidgraph.transfer.grouping import sort_by_graph

    return turtle.write_trig(sort_by_graph(write_merged(material.lines(), layout)))


def _write_json_ld(material: Material, layout: Layout | None) -> Iterator[str]:
    from aidgraph.transfer import jsonld

    ontology = (line for line in material.background() if line.endswith(_ONTOLOGY))
    context = jsonld.build_context(ontology, material.lines())
    if layout is Layout.TRIPLES:
        return jsonld.write_json_ld(material.lines(), context)
    from aidgraph.transfer.grouping import sort_by_graph

    return jsonld.write_json_ld_graphs(sort_by_graph(material.lines()), context)


def _write_network(material: Material) -> Iterator[str]:
    from aidgraph.transfer.background import Background
    from aidgraph.transfer.network import write_graphml
    from aidgraph.transfer.rights import read_rights

    background = Background(material.background())
    return write_graphml(material.lines(), background, read_rights(material.background()))
