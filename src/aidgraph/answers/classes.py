"""The class that a source or description gives a thing, where one wider than it is inferred.

The way from class to class is walked here: of a path that begins at many classes, Virtuoso 7.2.5
loses rows and makes up others.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.answers.standing import stands_in
from aidgraph.answers.trace import Fact
from aidgraph.answers.trace_sparql import batches
from aidgraph.terms import RDF_TYPE, RDFS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aidgraph.store import Store

_ASKING_WIDER = f"""SELECT DISTINCT ?narrower ?wider WHERE {{
  ?narrower <{RDFS}subClassOf> ?wider FILTER(isIRI(?narrower) && isIRI(?wider))
}}"""


class Classes:
    """Looks for what makes inferred classes of things; the ontology's classes are read once."""

    def __init__(self, store: Store) -> None:
        """Ask `store`."""
        self._store = store

    def find_narrower(self, classes: Iterable[ox.Triple]) -> Iterator[tuple[ox.Triple, Fact]]:
        """Yield each of `classes`, triples of `rdf:type`, with a fact that it only widens.

        The fact gives the same class or a narrower one, and stands in one graph; a triple comes
        again for each such fact and graph, those of inferred triples included.
        """
        wanted: defaultdict[ox.NamedNode, set[ox.Triple]] = defaultdict(set)
        for triple in classes:
            if isinstance(triple.subject, ox.NamedNode):
                wanted[triple.subject].add(triple)
        stands = stands_in(self._store.layout, "?graph", f"?thing {RDF_TYPE} ?narrower")
        for batch in batches(sorted(wanted, key=str)) if wanted else ():
            values = " ".join(map(str, batch))
            query = f"""SELECT DISTINCT ?thing ?narrower ?graph WHERE {{
  VALUES ?thing {{ {values} }}
  {stands}
  FILTER(isIRI(?narrower))
}}"""
            for row in self._store.select(query).rows:
                thing, narrower, graph = (term for term in row if isinstance(term, ox.NamedNode))
                fact = Fact(thing, RDF_TYPE, narrower, (graph,))
                for triple in wanted[thing]:
                    if triple.object in self._find_wider(narrower):
                        yield triple, fact

    def _find_wider(self, narrower: ox.NamedNode) -> set[ox.NamedNode]:
        """Return a class and all that are wider than it."""
        found, fresh = {narrower}, [narrower]
        while fresh:
            more = self._wider.get(fresh.pop(), set()) - found
            found |= more
            fresh += more
        return found

    @cached_property
    def _wider(self) -> Mapping[ox.NamedNode, set[ox.NamedNode]]:
        wider: defaultdict[ox.NamedNode, set[ox.NamedNode]] = defaultdict(set)
        for narrower, broader in self._store.select(_ASKING_WIDER).rows:
            if isinstance(narrower, ox.NamedNode) and isinstance(broader, ox.NamedNode):
                wider[narrower].add(broader)
        return wider
