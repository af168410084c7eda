"""JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/) with a context that the ontology gives.

The context has the prefixes, and for each property of the ontology what its values are, so
that an IRI or a figure is a plain string, read exactly.
"""

from __future__ import annotations

import json
import re
from itertools import groupby
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from aidgraph.terms import RDF_TYPE, RDFS, XSD, prefixes
from aidgraph.transfer.merged import split_line
from aidgraph.transfer.things import read_quads, read_things, tell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aidgraph.transfer.things import Stated

Context: TypeAlias = dict[str, str | dict[str, str]]
"""What the words of a document mean: a prefix's namespace, or the type of a property's values."""

_OBJECT_PROPERTY = "http://www.w3.org/2002/07/owl#ObjectProperty"
_RANGE = f"{RDFS}range"
_STRING = f"{XSD}string"
_SCHEME = re.compile(rb"<([A-Za-z][A-Za-z0-9+.-]*):(?!//)")


def build_context(ontology: Iterable[bytes], lines: Iterable[bytes] = ()) -> Context:
    """Return the context of documents that use the terms of `ontology`.

    Args:
        ontology: N-Quads of the ontology.
        lines: what the document will hold. A prefix that is the scheme of an IRI there is left
            out: readers would take that IRI for a short one.
    """
    schemes = {found[1].decode() for line in lines for found in _SCHEME.finditer(line)}
    known = {name: space for name, space in sorted(prefixes().items()) if name not in schemes}
    shorten = _Shortener(known)
    types: dict[str, str] = {}
    for _, quad in read_quads(ontology):
        if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.NamedNode):
            continue
        name = shorten(quad.subject.value)
        if quad.predicate == RDF_TYPE and quad.object.value == _OBJECT_PROPERTY:
            types[name] = "@id"
        elif quad.predicate.value == _RANGE and quad.object.value.startswith(XSD):
            types.setdefault(name, shorten(quad.object.value))
    typed = {
        name: {"@type": kind}
        for name, kind in sorted(types.items())
        if name.partition(":")[0] in known and kind != shorten(_STRING)
    }
    return {**known, **typed}


def write_json_ld(lines: Iterable[bytes], context: Context) -> Iterator[str]:
    """Yield JSON-LD in the merged layout from sorted N-Quads: an object a thing."""
    writer = _Writer(context)
    yield from _wrap(context, (node for thing in read_things(lines) for node in writer.told(thing)))


def write_json_ld_graphs(lines: Iterable[bytes], context: Context) -> Iterator[str]:
    """Yield JSON-LD from N-Quads sorted by graph, and sorted in each: an object a graph."""
    writer = _Writer(context)
    graphs = (
        {
            "@id": writer.shorten(graph),
            "@graph": [writer.node(s.triple for s in thing) for thing in read_things(alike)],
        }
        for graph, alike in groupby(lines, key=lambda line: split_line(line)[1])
    )
    yield from _wrap(context, graphs)


def _wrap(context: Context, nodes: Iterable[Mapping[str, object]]) -> Iterator[str]:
    yield f'{{\n"@context": {_dump(context)},\n"@graph": ['
    between = "\n"
    for node in nodes:
        yield between + _dump(node)
        between = ",\n"
    yield "\n]\n}\n"


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


class _Shortener:
    """Shortens IRIs with prefixes."""

    def __init__(self, known: Mapping[str, str]) -> None:
        self._spaces = sorted(known.items(), key=lambda pair: (-len(pair[1]), pair[0]))

    def __call__(self, iri: str) -> str:
        for name, space in self._spaces:
            if iri.startswith(space) and not iri.startswith("//", len(space)):
                return f"{name}:{iri[len(space) :]}"
        return iri


class _Writer:
    """Writes things as JSON objects."""

    def __init__(self, context: Context) -> None:
        self.shorten = _Shortener({n: each for n, each in context.items() if isinstance(each, str)})
        self._types = {n: each["@type"] for n, each in context.items() if isinstance(each, dict)}

    def told(self, thing: list[Stated]) -> Iterator[dict[str, object]]:
        """Yield the thing, then what tells of where its triples stand."""
        yield self.node(stated.triple for stated in thing)
        for stated in thing:
            yield from (self.node(tell(stated.triple, held)) for held in stated.held)

    def node(self, triples: Iterable[ox.Triple]) -> dict[str, object]:
        """Return the object of a thing."""
        node: dict[str, object] = {}
        for predicate, same in groupby(triples, key=lambda triple: triple.predicate):
            alike = list(same)
            node.setdefault("@id", self._id(alike[0].subject))
            values = [triple.object for triple in alike]
            if predicate == RDF_TYPE and not any(isinstance(v, ox.Literal) for v in values):
                node["@type"] = _unwrap([*map(self._id, values)])
            else:
                name = self.shorten(predicate.value)
                kind = self._types.get(name)
                node[name] = _unwrap([self._value(value, kind) for value in values])
        return node

    def _id(self, term: object) -> str:
        return self.shorten(term.value) if isinstance(term, ox.NamedNode) else str(term)

    def _value(self, term: object, kind: str | None) -> object:
        """Return a value: a plain string where the context says what it is."""
        if not isinstance(term, ox.Literal):
            return self._id(term) if kind == "@id" else {"@id": self._id(term)}
        if term.language:
            return {"@value": term.value, "@language": term.language}
        if term.datatype.value == _STRING:
            return {"@value": term.value} if kind else term.value
        datatype = self.shorten(term.datatype.value)
        return term.value if kind == datatype else {"@value": term.value, "@type": datatype}


def _unwrap(values: list[object]) -> object:
    return values[0] if len(values) == 1 else values
