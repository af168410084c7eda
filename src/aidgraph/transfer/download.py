"""A dataset read back from the store that it was loaded into, as files like those of a build.

Each graph is one query, or with all triples in one graph two; all is in memory at once. Where the
store has triples, the graphs are those that the nodes beside them tell of; what is inferred then
stands in one graph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.answers.standing import stands_in, unstated_graph
from aidgraph.dataset import Dataset
from aidgraph.parts import hash_lines, hash_parts, write_parts
from aidgraph.shelf import Manifest
from aidgraph.store import Layout
from aidgraph.terms import ARTICLE, GRAPH
from aidgraph.transfer.merged import ALL, STATED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aidgraph.dataset import OpenDataset
    from aidgraph.parts import Parts
    from aidgraph.store import Store, Term


def download(dataset: OpenDataset, folder: Path) -> Dataset:
    """Return the dataset of a remote store with its parts written into `folder`.

    Its snapshot is the hash of what came: that of the dataset that was loaded, if that is whole
    and lies in quads. In triples it is the one that the store says, if it does.

    Raises:
        RemoteError: the store refuses.
        LimitError: it gives too few rows at once.
        OSError: `folder` cannot be written.
    """
    store = dataset.store
    quads = [*(_read_quads(store) if store.layout is Layout.QUADS else _read_triples(store))]
    parts = write_parts(quads)
    for name, lines in parts.items():
        path = folder / "parts" / f"{name}.nq"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(lines))
    said = dataset.snapshot if store.layout is Layout.TRIPLES else ""
    manifest = Manifest(said or hash_parts(parts), {}, {"quads": len(quads)}, {}, _describe(parts))
    return Dataset(store, manifest.snapshot, folder, manifest)


def _describe(parts: Parts) -> dict[str, dict[str, int | str]]:
    return {
        name: {"quads": len(lines), "sha256": hash_lines(lines)} for name, lines in parts.items()
    }


def _read_quads(store: Store) -> Iterator[ox.Quad]:
    # Not DISTINCT, by which Virtuoso 7.2.5 may never end after a graph was emptied.
    query = f"""SELECT ?graph (COUNT(*) AS ?triples) WHERE {{
  GRAPH ?graph {{ ?s ?p ?o }}
  FILTER(STRSTARTS(STR(?graph), "{ARTICLE}") || STRSTARTS(STR(?graph), "{GRAPH}"))
}} GROUP BY ?graph ORDER BY ?graph"""
    for number, (graph, _) in enumerate(store.select(query).rows):
        if isinstance(graph, ox.NamedNode):
            for row in store.select(
                f"SELECT ?s ?p ?o WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
            ).rows:
                yield _quad(row, graph, number)


def _read_triples(store: Store) -> Iterator[ox.Quad]:
    told = set()
    stands = stands_in(Layout.TRIPLES, "?graph", "?s ?p ?o")
    for *triple, graph in store.select(f"SELECT ?s ?p ?o ?graph WHERE {{ {stands} }}").rows:
        told.add(tuple(triple))
        if isinstance(graph, ox.NamedNode):
            yield _quad(tuple(triple), graph, 0)
    in_all = f"GRAPH <{ALL}> {{ ?s ?p ?o }}"
    pattern = in_all if store.ask(f"ASK {{ {in_all} }}") else "?s ?p ?o ."
    for row in store.select(f"SELECT DISTINCT ?s ?p ?o WHERE {{ {pattern} }}").rows:
        subject = row[0]
        is_node = isinstance(subject, ox.NamedNode) and subject.value.startswith(STATED)
        if row not in told and subject is not None and not is_node:
            yield _quad(row, unstated_graph(subject), 0)


def _quad(row: tuple[Term | None, ...], graph: ox.NamedNode, number: int) -> ox.Quad:
    """Return a quad; a blank node's name holds for one answer: `number` keeps answers apart."""
    subject, predicate, value = (
        ox.BlankNode(f"g{number}x{term.value}") if isinstance(term, ox.BlankNode) else term
        for term in row
    )
    if not isinstance(subject, ox.NamedNode | ox.BlankNode):
        message = f"{subject} begins no triple"
        raise TypeError(message)
    if not isinstance(predicate, ox.NamedNode) or value is None:
        message = f"{predicate} {value} ends no triple"
        raise TypeError(message)
    return ox.Quad(subject, predicate, value, graph)
