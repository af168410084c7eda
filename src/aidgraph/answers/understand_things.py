"""The things that a sentence may name: what the graph calls them, and of which classes they are."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.answers.lookup_names import CODE, fold
from aidgraph.answers.understand_words import read_words
from aidgraph.terms import AID, QUERY, RDFS_LABEL, SKOS, SKOS_ALT_LABEL

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from aidgraph.store import Store

_CONCEPT = f"{SKOS}Concept"


class Known(NamedTuple):
    """A thing: its classes (IRIs), all its names, and its labels by language.

    `senses` are those of the words for its classes.
    """

    classes: frozenset[str]
    names: tuple[str, ...]
    labels: dict[str, str]
    senses: tuple[str, ...]


def read_things(store: Store, kinds: Collection[str]) -> dict[str, Known]:
    """Return each thing that has a name and a class of ours, by IRI.

    The ontology's own terms are none, but for those of a class in `kinds`, as statuses are; nor
    are the questions.
    """
    names = _read_names(store)
    classes = _read_classes(store)
    senses = {
        kind: _read_senses(name for name, _ in names.get(kind, ()))
        for kind in set[str]().union(*classes.values())
    }
    return {
        iri: Known(
            frozenset(classes[iri]),
            tuple(dict.fromkeys(name.value for name, _ in found)),
            {name.language: name.value for name, is_label in found if is_label and name.language},
            tuple(dict.fromkeys(s for kind in sorted(classes[iri]) for s in senses[kind])),
        )
        for iri, found in names.items()
        if iri in classes and _is_thing(iri, classes[iri], kinds)
    }


def _is_thing(iri: str, classes: Collection[str], kinds: Collection[str]) -> bool:
    if iri.startswith(QUERY):
        return False
    return not iri.startswith(AID) or any(kind in kinds for kind in classes)


def _read_names(store: Store) -> dict[str, list[tuple[ox.Literal, bool]]]:
    """Return the names of all that has one, labels first, each with whether it is a label."""
    query = f"""SELECT DISTINCT ?thing ?name ?rank WHERE {{
  {{ ?thing {RDFS_LABEL} ?name BIND(0 AS ?rank) }}
  UNION {{ ?thing {SKOS_ALT_LABEL} ?name BIND(1 AS ?rank) }}
  UNION {{ ?thing {CODE} ?name BIND(1 AS ?rank) }}
}}"""
    found = [
        (thing.value, rank.value != "0", name.value, name)
        for thing, name, rank in store.select(query).rows
        if isinstance(thing, ox.NamedNode)
        and isinstance(name, ox.Literal)
        and isinstance(rank, ox.Literal)
    ]
    names: dict[str, list[tuple[ox.Literal, bool]]] = defaultdict(list)
    for thing, is_other, _, name in sorted(found, key=lambda row: row[:3]):  # ORDER BY is slower
        names[thing].append((name, not is_other))
    return names


def _read_classes(store: Store) -> dict[str, set[str]]:
    classes: dict[str, set[str]] = defaultdict(set)
    for thing, kind in store.select("SELECT ?thing ?class WHERE { ?thing a ?class }").rows:
        if not isinstance(thing, ox.NamedNode) or not isinstance(kind, ox.NamedNode):
            continue
        if kind.value.startswith(AID) or kind.value == _CONCEPT:
            classes[thing.value].add(kind.value)
    return classes


def _read_senses(names: Iterable[ox.Literal]) -> list[str]:
    return [
        sense for name in names for word in read_words(fold(name.value)) for sense in word.senses
    ]
