"""RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/), for tools that read nothing else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import pyoxigraph as ox

from aidgraph.errors import DataError
from aidgraph.terms import RDF_TYPE, XSD, curie, prefixes
from aidgraph.transfer.things import read_things, tell
from aidgraph.transfer.xml_text import escape_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RDF = RDF_TYPE.value.removesuffix("type")
_STRING = f"{XSD}string"
_NAME = re.compile(r"(?P<space>.*?)(?P<local>[A-Za-z_][A-Za-z0-9_.-]*)", re.DOTALL)
_RESERVED = {"RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype", "Description"}
_RESERVED |= {"li", "aboutEach", "aboutEachPrefix", "bagID"}


def write_rdf_xml(lines: Iterable[bytes]) -> Iterator[str]:
    """Yield RDF/XML in the merged layout from sorted N-Quads, an element a thing.

    Raises:
        DataError: XML cannot have a property's name or a character of a text.
    """
    spaces = {space: name for name, space in sorted(prefixes().items(), reverse=True)}
    spaces.setdefault(_RDF, "rdf")
    names = "".join(f'\n    xmlns:{name}="{space}"' for space, name in reversed(spaces.items()))
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{names}>\n'
    for thing in read_things(lines):
        yield from _write_subject([stated.triple for stated in thing], spaces)
        for stated in thing:
            for held in stated.held:
                yield from _write_subject(tell(stated.triple, held), spaces)
    yield "</rdf:RDF>\n"


def _write_subject(triples: list[ox.Triple], spaces: dict[str, str]) -> Iterator[str]:
    yield f"  <rdf:Description {_name_end(triples[0].subject, 'about')}>\n"
    yield from (f"    {_write_property(triple, spaces)}\n" for triple in triples)
    yield "  </rdf:Description>\n"


def _write_property(triple: ox.Triple, spaces: dict[str, str]) -> str:
    opening, closing = _write_name(triple.predicate.value, spaces)
    value = triple.object
    if not isinstance(value, ox.Literal):
        return f"<{opening} {_name_end(value, 'resource')}/>"
    text = escape_text(value.value, getattr(triple.subject, "value", ""))
    if value.language:
        opening += f' xml:lang="{value.language}"'
    elif value.datatype.value != _STRING:
        opening += f" rdf:datatype={quoteattr(value.datatype.value)}"
    return f"<{opening}>{text}</{closing}>"


def _name_end(term: object, name: str) -> str:
    """Return the attribute that names a thing."""
    if isinstance(term, ox.NamedNode):
        return f"rdf:{name}={quoteattr(term.value)}"
    # A name in XML may not begin with a digit.
    return f'rdf:nodeID="n{str(term).removeprefix("_:")}"'


def _write_name(iri: str, spaces: dict[str, str]) -> tuple[str, str]:
    """Return a property's name as it opens and closes an element."""
    found = _NAME.fullmatch(iri)
    if found is None or not found["space"] or iri.removeprefix(_RDF) in _RESERVED:
        en = f"XML cannot have the property {curie(iri)}: export another format."
        raise DataError(en, f"XML 无法写出属性 {curie(iri)}：请导出为其他格式。")
    prefix = spaces.get(found["space"])
    if prefix is not None:
        return (name := f"{prefix}:{found['local']}"), name
    return f"ns:{found['local']} xmlns:ns={quoteattr(found['space'])}", f"ns:{found['local']}"
