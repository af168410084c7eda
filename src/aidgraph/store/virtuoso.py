"""What Virtuoso 7.2.5 has to be asked in other words, and what it changes of what it is given.

`BIND(true AS ?marker)` at the end of a branch of UNION or OPTIONAL makes it lose other branches,
or end itself. VALUES in its place does neither, but slows others down. And in VALUES of several
variables it does not find each text with a language: there it is given text and language apart.
VALUES that `answers.trace_keys` repeats in a branch end it, too: they are left out.

Booleans come back as 1 and 0, and points in WKT as its own `virtrdf:Geometry` in single precision,
which is exact to the fifth decimal up to 128 degrees. Other literals come back as they were.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TypeAlias, TypeVar

import pyoxigraph as ox

from aidgraph.terms import XSD

_Row: TypeAlias = list[tuple[str, str]]
"""The terms of a row of VALUES, each with its language; "" where it is no text with a language."""

_RESULTS = b'"results": { "distinct": false, "ordered": true'  # no other store writes this
_MARKER = re.compile(r"\bBIND\(true AS (\?why+_\d+)\)")  # as `answers.trace_body` writes it
_STRING = r'"(?:[^"\\\n]|\\.)*"'
_TERM = re.compile(rf"(<[^<>]*>|{_STRING}\^\^<[^<>]*>|{_STRING}|[^\s()]+)(?:@([\w-]+))?")
_A_ROW = rf"\((?:{_STRING}|<[^<>]*>|[^\"()<>])*\)"
_ROW = re.compile(_A_ROW)
_VALUES = re.compile(
    rf"\bVALUES \((?P<names>\?\w+(?: \?\w+)+)\) \{{ (?P<rows>{_A_ROW}(?: {_A_ROW})*) \}}"
)
_REPEATED = re.compile(rf"VALUES #again\n\([^()]*\) \{{ {_A_ROW}(?: {_A_ROW})* \}}")

_BOOLEAN = ox.NamedNode(f"{XSD}boolean")
_BOOLEANS = {"0": "false", "1": "true"}
_GEOMETRY = ox.NamedNode("http://www.openlinksw.com/schemas/virtrdf#Geometry")
_WKT = ox.NamedNode("http://www.opengis.net/ont/geosparql#wktLiteral")
_DECIMAL = re.compile(r"-?\d+\.\d+")

AnyTerm = TypeVar("AnyTerm")


def is_virtuoso(body: bytes) -> bool:
    """Tell by results in JSON whether Virtuoso wrote them; a proxy may hide other signs."""
    return _RESULTS in body


def adapt(query: str) -> str:
    """Return a query that means the same, and that Virtuoso answers.

    >>> adapt("SELECT ?why_0 { ?s ?p ?o BIND(true AS ?why_0) }")
    'SELECT ?why_0 { ?s ?p ?o VALUES ?why_0 { true } }'
    >>> adapt('VALUES (?p ?o) { (<e:p> "a"@en) }')
    '{ { SELECT ?p (STRLANG(?o_0, ?o_1) AS ?o) { VALUES (?p ?o_0 ?o_1) { (<e:p> "a" "en") } } } }'
    """
    query = _REPEATED.sub("", query)
    return _VALUES.sub(_split_texts, _MARKER.sub(r"VALUES \1 { true }", query))


def restore(term: AnyTerm) -> AnyTerm | ox.Literal:
    """Return a term as it was before Virtuoso changed its form; the most come back unchanged.

    >>> restore(ox.Literal("1", datatype=_BOOLEAN)).value
    'true'
    >>> restore(ox.Literal("POINT(76.179710388184 39.708419799805)", datatype=_GEOMETRY)).value
    'POINT(76.17971 39.70842)'
    """
    if not isinstance(term, ox.Literal):
        return term
    if term.datatype == _BOOLEAN:
        return ox.Literal(_BOOLEANS.get(term.value, term.value), datatype=_BOOLEAN)
    if term.datatype == _GEOMETRY:
        return ox.Literal(_DECIMAL.sub(_round, term.value), datatype=_WKT)
    return term


def _round(number: re.Match[str]) -> str:
    return f"{float(number[0]):.5f}".rstrip("0").rstrip(".")


def _split_texts(values: re.Match[str]) -> str:
    """Write VALUES as a union: of its rows with languages in the same columns, each."""
    names = values["names"].split()
    alike: defaultdict[tuple[bool, ...], list[_Row]] = defaultdict(list)
    for row in _ROW.findall(values["rows"]):
        terms: _Row = _TERM.findall(row[1:-1])
        alike[tuple(bool(language) for _, language in terms)].append(terms)
    if not any(map(any, alike)):
        return values[0]
    written = (_write(names, tagged, rows) for tagged, rows in alike.items())
    return f"{{ {' UNION '.join(f'{{ {each} }}' for each in written)} }}"


def _write(names: list[str], tagged: tuple[bool, ...], rows: list[_Row]) -> str:
    pairs = [*zip(names, tagged, strict=True)]
    inner = " ".join(f"{name}_0 {name}_1" if has else name for name, has in pairs)
    written = (" ".join(f'{term} "{tag}"' if tag else term for term, tag in row) for row in rows)
    values = f"VALUES ({inner}) {{ {' '.join(f'({row})' for row in written)} }}"
    if not any(tagged):
        return values
    outer = (f"(STRLANG({name}_0, {name}_1) AS {name})" if has else name for name, has in pairs)
    return f"SELECT {' '.join(outer)} {{ {values} }}"
