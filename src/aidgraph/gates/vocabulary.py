"""What the gates need of the ontology: its terms, their hierarchy, and how facts are grounded."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.terms import RDF_TYPE, RDFS, aid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aidgraph.sources import Sources

OWL = "http://www.w3.org/2002/07/owl#"
PROPERTY_TYPES = frozenset(
    OWL + name for name in ("AnnotationProperty", "DatatypeProperty", "ObjectProperty")
)
CLASS = f"{OWL}Class"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ontology as the gates use it; all terms are IRIs.

    `superclasses` and `superproperties` give for each term itself and all above it; `cues`
    has each cue word with the statuses that it tells, the longest first; `bases` what may vouch
    for a property's statements, where the ontology says it.
    """

    types: Mapping[str, frozenset[str]]
    superclasses: Mapping[str, frozenset[str]]
    superproperties: Mapping[str, frozenset[str]]
    naming: frozenset[str]
    bases: Mapping[str, frozenset[str]]
    cues: tuple[tuple[str, frozenset[str]], ...]

    def is_property(self, term: str) -> bool:
        """Tell whether the ontology declares `term` as a property."""
        return not PROPERTY_TYPES.isdisjoint(self.types.get(term, ()))

    def is_a(self, classes: Iterable[str], *above: str) -> bool:
        """Tell whether one of `classes` is one of the classes `above`, or lies under it."""
        return any(not self.superclasses.get(each, {each}).isdisjoint(above) for each in classes)

    def is_kind_of(self, term: str, above: str) -> bool:
        """Tell whether the property `term` is `above` or a subproperty of it."""
        return above in self.superproperties.get(term, {term})


def read_vocabulary(sources: Sources) -> Vocabulary:
    """Read the vocabulary from the ontology's files."""
    types: dict[str, set[str]] = defaultdict(set)
    parents: dict[str, dict[str, set[str]]] = {
        f"{RDFS}subClassOf": defaultdict(set),
        f"{RDFS}subPropertyOf": defaultdict(set),
    }
    cues: dict[str, set[str]] = defaultdict(set)
    bases: dict[str, set[str]] = defaultdict(set)
    naming: set[str] = set()
    for quad in (quad for source in sources.ontology for quad in source.quads):
        subject, predicate, value = quad.subject, quad.predicate, quad.object
        if not isinstance(subject, ox.NamedNode) or isinstance(value, ox.BlankNode | ox.Triple):
            continue
        if predicate.value in parents:
            parents[predicate.value][subject.value].add(value.value)
        elif predicate == RDF_TYPE:
            types[subject.value].add(value.value)
        elif predicate == aid("cue"):
            cues[value.value].add(subject.value)
        elif predicate == aid("basis"):
            bases[subject.value].add(value.value)
        elif predicate == aid("naming"):
            naming.add(subject.value)
    return Vocabulary(
        types={term: frozenset(each) for term, each in types.items()},
        superclasses=_close(types, parents[f"{RDFS}subClassOf"]),
        superproperties=_close(types, parents[f"{RDFS}subPropertyOf"]),
        naming=frozenset(naming),
        bases={term: frozenset(each) for term, each in bases.items()},
        cues=tuple(
            (cue, frozenset(cues[cue])) for cue in sorted(cues, key=lambda cue: (-len(cue), cue))
        ),
    )


def _close(terms: Iterable[str], parents: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """Return for each term itself and all that lies above it."""
    closed = {}
    for term in terms:
        above, open_ends = {term}, [term]
        while open_ends:
            for parent in parents.get(open_ends.pop(), ()):
                if parent not in above:
                    above.add(parent)
                    open_ends.append(parent)
        closed[term] = frozenset(above)
    return closed
