"""What suffices for a row: the least sets of passages and sources from which it follows.

A fact stands in the graphs of passages or sources, each of which suffices for it, and may follow
from others by a rule, again in several ways. So a row has alternatives: its supports. None of them
contains another, so each graph in one is needed in it. A support is found by a fixpoint over the
rules that made the facts, so facts that infer each other prove nothing.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pyoxigraph as ox

from aidgraph.answers.trace import Fact, find_witnesses
from aidgraph.answers.trace_proof import MAX_WAYS, minimal
from aidgraph.terms import (
    ARTICLE,
    GRAPH,
    RDF_TYPE,
    RDFS_LABEL,
    REFERENCE,
    SKOS,
    SKOS_ALT_LABEL,
    split_passage,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aidgraph.answers.classes import Classes
    from aidgraph.answers.trace import RowEvidence
    from aidgraph.store import Store

Support: TypeAlias = frozenset[str]
"""IRIs of passages, and of graphs of cited sources, that suffice together."""

FREE: tuple[Support, ...] = (frozenset(),)
"""The supports of what needs none: a description, or the ontology."""

_WIDER_CLASS = "type-of-wider-class"  # the rule
_INFERRED = "/inferred"  # how the IRIs of graphs of inferred triples end
_ONTOLOGY = f"{GRAPH}ontology"
_DESCRIBING = frozenset({RDF_TYPE, RDFS_LABEL, SKOS_ALT_LABEL, ox.NamedNode(f"{SKOS}prefLabel")})


class Inference(NamedTuple):
    """A triple, the rule that gives it, and what that rests on."""

    rule: str
    triple: ox.Triple
    support: Support


class Supports:
    """Finds supports; the rules that may have made a triple are looked up once."""

    def __init__(
        self,
        store: Store,
        rules: Mapping[str, str],
        classes: Classes,
        described: frozenset[ox.Triple],
    ) -> None:
        """Ask `store`, which `rules` have made; `described` are inferred and need nothing."""
        self._store = store
        self._classes = classes
        self._rules = rules
        self._described = described
        self._ways: dict[ox.Triple, list[tuple[str, frozenset[Fact]]]] = {}
        self._supports: dict[ox.Triple, tuple[Support, ...]] = {}

    def read(self, facts: Iterable[Fact]) -> None:
        """Find the supports of `facts`, and of all that they follow from, together."""
        wanted = {triple_of(fact) for fact in facts if _may_follow(fact)} - self._described
        found: dict[ox.Triple, list[tuple[str, frozenset[Fact]]]] = {}
        while wanted := wanted - self._ways.keys() - found.keys():
            sourced = self._find_sourced(wanted)
            found |= sourced
            found |= find_witnesses(self._store, self._rules, wanted - sourced.keys())
            premises = (fact for triple in wanted for _, facts in found[triple] for fact in facts)
            wanted = {triple_of(fact) for fact in premises if _may_follow(fact)} - self._described
        self._ways |= found
        grown = True
        while grown:
            before = {triple: self._supports.get(triple) for triple in found}
            for triple, ways in found.items():
                self._supports[triple] = _any_of(self.of_all(facts) for _, facts in ways)
            grown = before != {triple: self._supports[triple] for triple in found}

    def _find_sourced(
        self, triples: Iterable[ox.Triple]
    ) -> dict[ox.Triple, list[tuple[str, frozenset[Fact]]]]:
        """Return the classes in `triples` that widen one that a source or description gives.

        They need no passage, though passages may imply them too: an area is a place by the
        gazetteer, and again for each of the thousand articles that say what is done in it.
        """
        found: dict[ox.Triple, list[tuple[str, frozenset[Fact]]]] = {}
        if _WIDER_CLASS not in self._rules:
            return found
        classes = (triple for triple in triples if triple.predicate == RDF_TYPE)
        for triple, fact in self._classes.find_narrower(classes):
            if not is_inferred(fact) and not any(map(split_passage, stating_graphs(fact))):
                found.setdefault(triple, []).append((_WIDER_CLASS, frozenset({fact})))
        return found

    def of_row(self, row: RowEvidence) -> tuple[Support, ...]:
        """Return the supports of a row, whose facts were `read`."""
        return _any_of(map(self.of_all, row.witnesses or [row.facts]))

    def of_all(self, facts: Iterable[Fact]) -> tuple[Support, ...]:
        """Return the supports of all of `facts` together."""
        supports = FREE
        for fact in facts:
            more = self.of_fact(fact)
            if more != FREE:
                joined = (frozenset(each).union(other) for each, other in product(supports, more))
                supports = tuple(minimal(joined)[:MAX_WAYS])
        return supports

    def of_fact(self, fact: Fact) -> tuple[Support, ...]:
        """Return the supports of one fact: each graph that states it, or what it follows from."""
        if is_described(fact):
            return FREE
        triple = triple_of(fact)
        if triple in self._described:
            return FREE
        stated = [frozenset({graph}) for graph in stating_graphs(fact)]
        return _any_of([stated, self._supports.get(triple, ())])

    def infer(self, fact: Fact, cited: Support, shown: Iterable[str]) -> Inference | None:
        """Return the way to infer a fact that needs least beyond what is `shown`.

        None if it needs nothing, or if none of its supports is within `cited`: it then belongs
        to no least way to the row.
        """
        seen = frozenset(shown)
        triple = triple_of(fact)
        ways = [
            (len(support - seen), len(support), rule, sorted(support))
            for rule, facts in self._ways.get(triple, ())
            for support in self.of_all(facts)
            if support <= cited
        ]
        if not ways or triple in self._described:
            return None
        *_, rule, support = min(ways)
        return Inference(rule, triple, frozenset(support)) if support else None


def triple_of(fact: Fact) -> ox.Triple:
    """Return the triple of a fact."""
    if isinstance(fact.subject, ox.Literal) or not isinstance(fact.predicate, ox.NamedNode):
        message = f"{fact} is no triple"
        raise TypeError(message)
    return ox.Triple(fact.subject, fact.predicate, fact.object)


def is_inferred(fact: Fact) -> bool:
    """Tell whether a fact stands in graphs of inferred triples only."""
    return bool(fact.graphs) and all(graph.value.endswith(_INFERRED) for graph in fact.graphs)


def is_described(fact: Fact) -> bool:
    """Tell whether a fact is a name, a class or of the ontology, and no passage or source says it.

    Such facts are no statements of the world: see `ontology/grounding.ttl`.
    """
    if is_inferred(fact) or any(map(is_cited, stating_graphs(fact))):
        return False
    return fact.predicate in _DESCRIBING or any(g.value == _ONTOLOGY for g in fact.graphs)


def is_cited(graph: str) -> bool:
    """Tell whether a graph is a passage's or a cited source's."""
    return split_passage(graph) is not None or graph.startswith(REFERENCE)


def stating_graphs(fact: Fact) -> list[str]:
    """Return the graphs that state a fact, sorted; a remark's is that of its passage."""
    return sorted({_stating_graph(fact, graph.value) for graph in fact.graphs} - {""})


def _stating_graph(fact: Fact, graph: str) -> str:
    if graph.endswith(_INFERRED):
        return ""
    is_record = graph.startswith(ARTICLE) and "/" not in graph.removeprefix(ARTICLE)
    about = fact.subject.value if isinstance(fact.subject, ox.NamedNode) else ""
    split = split_passage(graph) or (split_passage(about) if is_record else None)
    return f"{ARTICLE}{split[0]}/{split[1]}" if split else graph


def _may_follow(fact: Fact) -> bool:
    """Tell whether taking passages away may leave a fact only if a rule gives it."""
    return is_inferred(fact) or any(split_passage(graph) for graph in stating_graphs(fact))


def _any_of(alternatives: Iterable[Iterable[Support]]) -> tuple[Support, ...]:
    return tuple(minimal(support for each in alternatives for support in each)[:MAX_WAYS])
