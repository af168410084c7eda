"""Tables for people without a triple store: all facts with their sentences, and one a class.

`facts` has a row for each fact and passage that says it. A class's table has a row a thing and a
column a property; where it leads to another thing, the cell has that one's `id`, so that tables
can be joined.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pyoxigraph as ox

from aidgraph.terms import RDF_TYPE, RDFS_LABEL, curie, prefixes, split_passage
from aidgraph.transfer.background import Background, read_facts
from aidgraph.transfer.things import graph_of, read_quads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Row: TypeAlias = list[str | int | None]


class Table(NamedTuple):
    """A table: its name, the names of its columns, and its rows, each as long as `columns`."""

    name: str
    columns: list[str]
    rows: list[Row]


FACT_COLUMNS = (
    "subject",
    "subject_en",
    "subject_zh",
    "property",
    "property_en",
    "property_zh",
    "value",
    "value_en",
    "value_zh",
    "language",
    "datatype",
    "article",
    "passage",
    "start",
    "end",
    "sentence",
    "rights",
)
"""What `facts` tells: `start` and `end` are code points of the article's text, `rights` its own."""

NUMBERS = ("start", "end")
"""The columns that hold integers; all others hold text."""

BETWEEN = " | "
"""What stands between the values of a cell that has several."""

_SKIPPED = ("/shapes", "/inferred")  # ends of graphs whose triples no table has


def write_facts(lines: Iterable[bytes], background: Background) -> Iterator[Row]:
    """Yield the rows of `facts`, in the order of the N-Quads `lines`."""
    for fact in read_facts(lines):
        subject, predicate, value = fact.triple
        text, language, datatype = _write_value(value)
        sentence = background.sentence(fact.passage)
        yield [
            *_write_thing(subject, background),
            *_write_thing(predicate, background),
            text,
            *_write_thing(value, background)[1:],
            language,
            datatype,
            fact.article,
            fact.passage.rpartition("/")[2],
            sentence.start,
            sentence.end,
            sentence.text,
            background.rights(fact.article),
        ]


def write_tables(lines: Iterable[bytes], background: Background) -> Iterator[Table]:
    """Yield `facts`, then a table for each class that has a thing in the N-Quads `lines`."""
    quads = list(lines)
    yield Table("facts", [*FACT_COLUMNS], list(write_facts(quads, background)))
    said: dict[str, dict[str, dict[str, None]]] = {}
    members: defaultdict[str, list[str]] = defaultdict(list)
    for _, quad in read_quads(quads):
        graph = graph_of(quad)
        if not isinstance(quad.subject, ox.NamedNode) or graph.endswith(_SKIPPED):
            continue
        subject, text = quad.subject.value, _write_value(quad.object)[0]
        if quad.predicate == RDF_TYPE:
            if isinstance(quad.object, ox.NamedNode) and subject not in members[quad.object.value]:
                members[quad.object.value].append(subject)
        else:
            said.setdefault(subject, {}).setdefault(_name_column(quad), {})[text] = None
    for kind in sorted(members, key=_name_table):
        yield _write_class(kind, members[kind], said)


def _write_class(
    kind: str, things: list[str], said: dict[str, dict[str, dict[str, None]]]
) -> Table:
    used = {name for thing in things for name in said.get(thing, ())}
    labels = [f"{_name(RDFS_LABEL.value)}_{language}" for language in ("en", "zh")]
    columns = [*labels, *sorted(used - set(labels))]
    rows: list[Row] = [
        [_identify(thing), *(BETWEEN.join(said.get(thing, {}).get(name, ())) for name in columns)]
        for thing in things
    ]
    return Table(_name_table(kind), ["id", *columns], rows)


def _write_thing(term: object, background: Background) -> list[str]:
    """Return the identifier and the names of a thing; nothing of a literal."""
    if not isinstance(term, ox.NamedNode):
        return ["", "", ""]
    names = [background.label(term.value, language) for language in ("en", "zh")]
    return [_identify(term.value), *names]


def _write_value(value: object) -> tuple[str, str, str]:
    """Return a value's text or identifier, its language, and its datatype unless it is text."""
    if not isinstance(value, ox.Literal):
        return _identify(value.value) if isinstance(value, ox.NamedNode) else str(value), "", ""
    datatype = curie(value.datatype.value)
    is_text = value.language or datatype == "xsd:string"
    return value.value, value.language or "", "" if is_text else datatype


def _identify(iri: str) -> str:
    """Return the short name of a thing, the same in all tables and for all articles."""
    if split_passage(iri) is not None:  # for people the article is left out there
        return f"article:{iri.removeprefix(prefixes()['article'])}"
    return curie(iri).strip("<>")


def _name_column(quad: ox.Quad) -> str:
    language = quad.object.language if isinstance(quad.object, ox.Literal) else None
    return _name(quad.predicate.value) + (f"_{language}" if language else "")


def _name_table(kind: str) -> str:
    return re.sub(r"[^\w-]+", "-", _name(kind))


def _name(iri: str) -> str:
    """Return a term's name without the ontology's own prefix, and none for a label."""
    return "label" if iri == RDFS_LABEL.value else curie(iri).removeprefix("aid:")
