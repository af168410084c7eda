"""What CONSTRUCT and DESCRIBE give, as RDF: the same triples give the same bytes."""

from __future__ import annotations

import io
import json
from itertools import groupby
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.terms import RDF_TYPE, XSD, prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

TRIPLE_FORMATS = ("turtle", "ttl", "jsonld")
"""`turtle` and `ttl` are one."""

_STRING = ox.NamedNode(f"{XSD}string")


def write_triples(triples: Iterable[ox.Triple], form: str) -> bytes:
    """Return `triples`, each once, in one of `TRIPLE_FORMATS`, with the project's prefixes."""
    once = sorted(set(triples), key=_order)
    return _write_json_ld(once) if form == "jsonld" else _write_turtle(once)


def _order(triple: ox.Triple) -> tuple[str, bool, str, str]:
    return str(triple.subject), triple.predicate != RDF_TYPE, str(triple.predicate), str(triple)


def _write_turtle(triples: Sequence[ox.Triple]) -> bytes:
    known = prefixes()
    written = io.BytesIO()
    ox.serialize(triples, written, ox.RdfFormat.TURTLE, prefixes=known)
    # The serialiser begins with a line a prefix, in no order, needed or not.
    *_, body = written.getvalue().split(b"\n", len(known))
    used = [name for name in sorted(known) if f"{name}:".encode() in body]
    lines = [f"@prefix {name}: <{known[name]}> .\n" for name in used]
    return "".join([*lines, "\n"]).encode() + body


def _write_json_ld(triples: Sequence[ox.Triple]) -> bytes:
    """Return JSON-LD with one object a subject; literals stay strings, to stay exact."""
    context = _find_context(triples)
    nodes = []
    for subject, said in groupby(triples, key=lambda triple: triple.subject):
        node: dict[str, object] = {"@id": _shorten(subject, context)}
        for predicate, alike in groupby(said, key=lambda triple: triple.predicate):
            values = [_write_value(triple.object, context) for triple in alike]
            if predicate == RDF_TYPE and all("@id" in value for value in values):
                node["@type"] = [value["@id"] for value in values]
            else:
                node[_shorten(predicate, context)] = values
        nodes.append(node)
    document = {"@context": context, "@graph": nodes}
    return f"{json.dumps(document, ensure_ascii=False, indent=1)}\n".encode()


def _find_context(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """Return the prefixes that the triples need.

    One that is the scheme of an IRI is left out: readers would take that IRI for a short one.
    """
    iris = {iri for triple in triples for iri in _iris_of(triple)}
    schemes = {iri.partition(":")[0] for iri in iris}
    known = {name: space for name, space in sorted(prefixes().items()) if name not in schemes}
    used = {_find_prefix(iri, known) for iri in iris}
    return {name: space for name, space in known.items() if name in used}


def _iris_of(triple: ox.Triple) -> Iterable[str]:
    for term in triple:
        if isinstance(term, ox.NamedNode):
            yield term.value
        elif isinstance(term, ox.Literal):
            yield term.datatype.value


def _find_prefix(iri: str, known: Mapping[str, str]) -> str | None:
    fits = (name for name, space in known.items() if iri.startswith(space))
    return max(fits, key=lambda name: len(known[name]), default=None)


def _shorten(term: object, context: Mapping[str, str]) -> str:
    if not isinstance(term, ox.NamedNode):
        return str(term)  # of a blank node, `_:name`
    prefix = _find_prefix(term.value, context)
    local = term.value[len(context[prefix]) :] if prefix else ""
    return f"{prefix}:{local}" if prefix and not local.startswith("//") else term.value


def _write_value(term: object, context: Mapping[str, str]) -> dict[str, str]:
    if not isinstance(term, ox.Literal):
        return {"@id": _shorten(term, context)}
    if term.language:
        return {"@language": term.language, "@value": term.value}
    if term.datatype == _STRING:
        return {"@value": term.value}
    return {"@type": _shorten(term.datatype, context), "@value": term.value}
