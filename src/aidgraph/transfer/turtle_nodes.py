"""Blank nodes in Turtle: in brackets where one thing refers to them, lists in parentheses.

Their names in the canonical form change with everything around them, so a file that shows
them does not compare well. Only those get a name that several things refer to, or a circle.
"""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.terms import RDF_TYPE
from aidgraph.transfer.turtle_terms import write_block

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aidgraph.transfer.things import Stated
    from aidgraph.transfer.turtle_terms import TurtleTerms

_RDF = RDF_TYPE.value.removesuffix("type")
_FIRST, _REST, _NIL = (ox.NamedNode(_RDF + name) for name in ("first", "rest", "nil"))
_LIST = [_FIRST, _REST]


def has_node(triple: ox.Triple) -> bool:
    """Tell whether a triple has a blank node."""
    return isinstance(triple.subject, ox.BlankNode) or isinstance(triple.object, ox.BlankNode)


class Nodes:
    """Writes things that have blank nodes."""

    def __init__(self, terms: TurtleTerms, things: Iterable[Sequence[Stated]]) -> None:
        """Write `things`, which hold all triples of the blank nodes that they have."""
        self._terms = terms
        self._said: dict[object, list[ox.Triple]] = {
            thing[0].triple.subject: [each.triple for each in thing] for thing in things
        }
        self._uses: Counter[object] = Counter()
        for thing in things:
            for stated in thing:
                ends = (stated.triple.subject, stated.triple.object)
                self._uses.update([stated.triple.object])
                # What tells of a quad refers to its ends by name.
                self._uses.update(end for end in ends for _ in range(2 * len(stated.held)))
        self._named = self._find_named()

    def write(self) -> Iterator[str]:
        """Yield a block for each thing that stands alone; those without a name by their text."""
        roots = [thing for thing in self._said if not self._is_inner(thing)]
        yield from (self._write_root(root) for root in roots if self._has_name(root))
        yield from sorted(self._write_root(root) for root in roots if not self._has_name(root))

    def _find_named(self) -> set[object]:
        """Return the blank nodes that need a name: used more than once, or in a circle."""
        nodes = {n for n in (*self._said, *self._uses) if isinstance(n, ox.BlankNode)}
        named = {node for node in nodes if self._uses[node] > 1}
        reached = set[object]()
        waiting: list[object] = [
            thing for thing in self._said if thing in named or not self._uses[thing]
        ]
        waiting += [thing for thing in self._said if isinstance(thing, ox.NamedNode)]
        while waiting:
            thing = waiting.pop()
            if thing not in reached:
                reached.add(thing)
                waiting += (triple.object for triple in self._said.get(thing, ()))
        return named | (nodes - reached)

    def _is_inner(self, thing: object) -> bool:
        """Tell whether a thing is written where it is referred to."""
        return (
            isinstance(thing, ox.BlankNode) and thing not in self._named and self._uses[thing] > 0
        )

    def _has_name(self, thing: object) -> bool:
        return isinstance(thing, ox.NamedNode) or thing in self._named

    def _write_root(self, thing: object) -> str:
        subject = self._terms.term(thing) if self._has_name(thing) else "[]"
        return write_block(subject, self._write_pairs(thing))

    def _write_pairs(self, thing: object) -> list[tuple[str, list[str]]]:
        alike = groupby(self._said.get(thing, ()), key=lambda triple: triple.predicate)
        return [
            (self._terms.predicate(predicate), self._write_values(triple.object for triple in same))
            for predicate, same in alike
        ]

    def _write_values(self, values: Iterable[object]) -> list[str]:
        """Return values, those in brackets last, by their text: their names mean nothing."""
        told = [(self._is_inner(value), self._write_value(value)) for value in values]
        return [text for inner, text in told if not inner] + sorted(t for inner, t in told if inner)

    def _write_value(self, value: object) -> str:
        if not self._is_inner(value):
            return self._terms.term(value)
        items = self._find_items(value)
        if items is not None:
            return f"( {' '.join(map(self._write_value, items))} )"
        pairs = [f"{name} {' , '.join(values)}" for name, values in self._write_pairs(value)]
        return f"[ {' ; '.join(pairs)} ]" if pairs else "[]"

    def _find_items(self, node: object) -> list[object] | None:
        """Return the items of the list that begins at `node`; None if it is no list."""
        items: list[object] = []
        while node != _NIL:
            said = sorted(self._said.get(node, ()), key=lambda triple: triple.predicate.value)
            if not self._is_inner(node) or [triple.predicate for triple in said] != _LIST:
                return None
            items.append(said[0].object)
            node = said[1].object
        return items
