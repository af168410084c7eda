"""Where a triple stands: the file and the graph that a finding points to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.terms import show_term

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aidgraph.sources import Source
    from aidgraph.store import Term


class Standing(NamedTuple):
    """A file, as a path relative to the project, and a graph, as people see it."""

    file: str = ""
    graph: str = ""


class Standings:
    """Where each triple and each subject of the project's files stands, first place first."""

    def __init__(self, sources: Iterable[Source]) -> None:
        """Look through `sources`."""
        self._triples: dict[tuple[object, ...], tuple[str, ox.Quad]] = {}
        self._subjects: dict[object, tuple[str, ox.Quad]] = {}
        for source in sources:
            for quad in source.quads:
                here = (source.file, quad)
                self._triples.setdefault((quad.subject, quad.predicate, quad.object), here)
                self._subjects.setdefault(quad.subject, here)

    def find(
        self, subject: Term | None, predicate: Term | None = None, value: Term | None = None
    ) -> Standing:
        """Return where the triple stands, else where `subject` is spoken of first, else nothing."""
        found = self._triples.get((subject, predicate, value)) or self._subjects.get(subject)
        if found is None:
            return Standing()
        file, quad = found
        return Standing(file, _show_graph(quad.graph_name))  # few are asked for


def _show_graph(graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> str:
    return "" if isinstance(graph, ox.DefaultGraph) else show_term(graph)
