"""Turtle that is made to be read: a block a thing, names first, evidence beneath it.

The order depends on the content alone, so that the same dataset gives the same bytes, and
a changed fact changes the lines that tell of it and no others. A value stands on a line of its
own where all of a property's do not fit on one.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.terms import RDF_TYPE, prefixes
from aidgraph.transfer.merged import IN_GRAPH, split_line
from aidgraph.transfer.things import read_things, tell
from aidgraph.transfer.turtle_nodes import Nodes, has_node
from aidgraph.transfer.turtle_terms import TurtleTerms, write_block

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from aidgraph.transfer.things import Held, Stated

_RDF = RDF_TYPE.value.removesuffix("type")


def write_turtle(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield Turtle 1.1 in the merged layout from sorted N-Quads, a block a thing.

    Blank nodes that one thing alone refers to are written in their place; since that can be told
    at the end only, the things that have some (in the ontology and its shapes) come last.
    """
    terms = TurtleTerms(prefixes())
    yield terms.header()
    tangled = []
    for thing in read_things(lines):
        if any(has_node(stated.triple) for stated in thing):
            tangled.append(thing)
        else:
            yield "\n" + _write_thing(terms, thing)
            yield from _write_held(terms, thing)
    yield from ("\n" + block for block in Nodes(terms, tangled).write())
    for thing in tangled:
        yield from _write_held(terms, thing)


def write_turtle12(lines: Iterable[bytes], sentences: Mapping[str, str]) -> Iterator[str]:
    """Yield Turtle 1.2: each stated triple annotated with its graph and the sentence's words.

    Args:
        lines: sorted N-Quads.
        sentences: the words of each passage, by IRI.
    """
    terms = TurtleTerms(prefixes())
    yield terms.header()

    def annotate(held: Held) -> str:
        said = f"{terms.iri(IN_GRAPH)} {terms.iri(held.graph)}"
        if held.graph in sentences:
            said += (
                f" ; {terms.iri(f'{_RDF}value')} {terms.term(ox.Literal(sentences[held.graph]))}"
            )
        return f" ~ {terms.iri(held.node)} {{| {said} |}}"

    def write_value(stated: Stated) -> str:
        return terms.term(stated.triple.object) + "".join(map(annotate, stated.held))

    for thing in read_things(lines):
        yield "\n" + _write_thing(terms, thing, write_value)


def write_trig(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield TriG, a block a graph, from N-Quads sorted by graph, and sorted in each.

    Raises:
        ValueError: a line is no quad in a named graph.
    """
    terms = TurtleTerms(prefixes())
    yield terms.header()
    for graph, alike in groupby(lines, key=lambda line: split_line(line)[1]):
        yield f"\n{terms.iri(graph)} {{\n"
        for number, thing in enumerate(read_things(alike)):
            yield ("\n" if number else "") + _write_thing(terms, thing, indent="    ")
        yield "}\n"


def _write_thing(
    terms: TurtleTerms,
    thing: list[Stated],
    write_value: Callable[[Stated], str] | None = None,
    indent: str = "",
) -> str:
    write = write_value or (lambda stated: terms.term(stated.triple.object))
    pairs = [
        (terms.predicate(predicate), [write(stated) for stated in alike])
        for predicate, alike in groupby(thing, key=lambda stated: stated.triple.predicate)
    ]
    return write_block(terms.term(thing[0].triple.subject), pairs, indent)


def _write_held(terms: TurtleTerms, thing: Iterable[Stated]) -> Iterator[str]:
    """Yield a line a graph that states a triple of the thing."""
    for stated in thing:
        for held in stated.held:
            said = (
                f"{terms.predicate(told.predicate)} {terms.term(told.object)}"
                for told in tell(stated.triple, held)
            )
            yield f"{terms.iri(held.node)} {' ; '.join(said)} .\n"
