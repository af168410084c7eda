"""Mutants: the articles' facts with one thing changed, fifty of each kind, the same each time.

Which mutants are made does not depend on the order of files or facts: each has a number from
the hash of its own words and `SEED`, and the lowest are taken, one a fact (and end of it). So a
change of the facts exchanges few mutants.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.gates.faults import show_fact
from aidgraph.gates.reading import read_article, read_fact
from aidgraph.sources import Source
from aidgraph.terms import AID, RDF_TYPE, curie

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aidgraph.gates.reading import ArticleReading, Fact
    from aidgraph.sources import Sources

KINDS = ("digit", "bound", "status", "counted", "name", "sentence", "neighbour", "swapped")
SEED = "对口援疆"
WANTED = 50  # of each kind
_BOUNDS = ("Exactly", "MoreThan", "Nearly", "About", "AtLeast")
_FIGURES = ("0123456789", "一二三四五六七八九", "十百千万亿")


@dataclass(frozen=True, slots=True)
class Mutant:
    """An article's facts with one put in another's place."""

    article: str
    old: Fact
    new: Fact

    def __str__(self) -> str:
        """Say what became of what, part by part."""
        pairs = zip(_show(self.old), _show(self.new), strict=True)
        return " ".join(old if old == new else f"{old}⇒{new}" for old, new in pairs)

    @property
    def slot(self) -> tuple[str, Fact, bool]:
        """The fact that is changed, and whether its subject is."""
        return self.article, self.old, self.old.subject != self.new.subject

    @property
    def rank(self) -> str:
        """The number that decides whether the mutant is taken."""
        return hashlib.sha256(f"{SEED} {self.article} {self}".encode()).hexdigest()

    @property
    def quad(self) -> ox.Quad:
        """The fact as mutated."""
        return _write(self.new)

    def write(self, facts: Source) -> Source:
        """Return the facts of the mutant's article with the mutation in them."""
        old = _write(self.old)
        return Source(facts.file, tuple(self.quad if quad == old else quad for quad in facts.quads))


class Mutator:
    """Makes the mutants of all articles' facts."""

    def __init__(self, sources: Sources) -> None:
        """Read the articles of `sources`."""
        self._readings = {each.id: read_article(each, sources) for each in sources.articles}
        self._kin: dict[frozenset[str], set[str]] = defaultdict(set)
        for reading in self._readings.values():
            for entity in reading.classes:
                self._kin[_narrowest(reading, entity)].add(entity)

    def make(self, kind: str) -> list[Mutant]:
        """Return fifty mutants of a kind, one a fact (and end) if there are as many facts."""
        mutants = [
            Mutant(identifier, fact, new)
            for identifier, reading in self._readings.items()
            for fact in map(read_fact, reading.source.facts.quads)
            if fact.graph in reading.passages
            for new in self._change(kind, reading, fact)
        ]
        mutants.sort(key=lambda mutant: mutant.rank)
        first = {mutant.slot: mutant for mutant in reversed(mutants)}
        if len(first) < WANTED:
            return mutants[:WANTED]
        return sorted(first.values(), key=lambda mutant: mutant.rank)[:WANTED]

    def _change(self, kind: str, reading: ArticleReading, fact: Fact) -> Iterator[Fact]:
        """Return the fact with one thing changed, in each way that is of this kind."""
        ways: dict[str, Callable[[ArticleReading, Fact], Iterator[Fact]]] = {
            "digit": _change_digit,
            "bound": _change_bound,
            "status": _change_status,
            "counted": self._change_counted,
            "name": self._change_name,
            "sentence": _move_far,
            "neighbour": _move_near,
            "swapped": _swap,
        }
        return ways[kind](reading, fact)

    def _change_counted(self, reading: ArticleReading, fact: Fact) -> Iterator[Fact]:
        if fact.name == "counts":
            yield from (_to(fact, other) for other in self._find_kin(reading, fact.object))

    def _change_name(self, reading: ArticleReading, fact: Fact) -> Iterator[Fact]:
        if _relates(reading, fact):
            for other in self._find_kin(reading, fact.subject):
                yield replace(fact, subject=other)
            yield from (_to(fact, other) for other in self._find_kin(reading, fact.object))

    def _find_kin(self, reading: ArticleReading, entity: str) -> set[str]:
        """Return the other entities of just the same classes, of any article."""
        return self._kin[_narrowest(reading, entity)] - {entity}


def _change_digit(_: ArticleReading, fact: Fact) -> Iterator[Fact]:
    if fact.name not in ("value", "asWritten", "inPhrase"):
        return
    for at, character in enumerate(fact.object):
        row = next((row for row in _FIGURES if character in row), "")
        for other in row.replace(character, ""):
            yield _say(fact, fact.object[:at] + other + fact.object[at + 1 :])


def _change_bound(_: ArticleReading, fact: Fact) -> Iterator[Fact]:
    """Change the bound, or drop the word that says it."""
    if fact.name == "bound":
        for name in _BOUNDS:
            if AID + name != fact.object:
                yield _to(fact, AID + name)
    elif fact.name in ("asWritten", "inPhrase"):
        for word in "多余近约":
            if word in fact.object:
                yield _say(fact, fact.object.replace(word, "", 1))


def _change_status(reading: ArticleReading, fact: Fact) -> Iterator[Fact]:
    for term, types in reading.vocabulary.types.items():
        if fact.name == "status" and f"{AID}Status" in types and term != fact.object:
            yield _to(fact, term)


def _move_near(reading: ArticleReading, fact: Fact) -> Iterator[Fact]:
    graphs = list(reading.passages)
    here = graphs.index(fact.graph)
    for graph in graphs[max(0, here - 1) : here] + graphs[here + 1 : here + 2]:
        yield replace(fact, graph=graph)


def _move_far(reading: ArticleReading, fact: Fact) -> Iterator[Fact]:
    near = {fact.graph, *(each.graph for each in _move_near(reading, fact))}
    yield from (replace(fact, graph=graph) for graph in reading.passages if graph not in near)


def _swap(reading: ArticleReading, fact: Fact) -> Iterator[Fact]:
    if _relates(reading, fact) and fact.name != "carriedFrom":
        yield replace(_to(fact, fact.subject), subject=fact.object)


def _relates(reading: ArticleReading, fact: Fact) -> bool:
    """Tell whether a fact relates two described things."""
    return (
        fact.predicate != RDF_TYPE.value
        and not fact.is_literal
        and {fact.subject, fact.object} <= reading.classes.keys()
    )


def _narrowest(reading: ArticleReading, entity: str) -> frozenset[str]:
    """Return the classes of an entity but for those above another of them."""
    classes = reading.classes.get(entity, frozenset())
    above = reading.vocabulary.superclasses
    return frozenset(
        each
        for each in classes
        if not any(each in above.get(other, ()) for other in classes - {each})
    )


def _to(fact: Fact, iri: str) -> Fact:
    """Return the fact with another thing as its object."""
    return replace(fact, object=iri, term=ox.NamedNode(iri))


def _say(fact: Fact, words: str) -> Fact:
    """Return the fact with other words in its literal."""
    term = fact.term
    assert isinstance(term, ox.Literal)
    if term.language:
        return replace(fact, object=words, term=ox.Literal(words, language=term.language))
    return replace(fact, object=words, term=ox.Literal(words, datatype=term.datatype))


def _write(fact: Fact) -> ox.Quad:
    subject, predicate, graph = map(ox.NamedNode, (fact.subject, fact.predicate, fact.graph))
    return ox.Quad(subject, predicate, fact.term, graph)


def _show(fact: Fact) -> tuple[str, ...]:
    return curie(fact.graph), *show_fact(fact)
