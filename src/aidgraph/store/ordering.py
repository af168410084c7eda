"""Rows in the order of a query's ORDER BY, sorted here: pyoxigraph takes five times as long.

It reads both terms from disk for each comparison. Here each is read once, as it is for the answer.
The order is that of SPARQL 1.1, 15.1: unbound, blank nodes, IRIs, literals. Which literal of two
kinds comes first SPARQL leaves open; those columns are left to the engine.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pyoxigraph as ox

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from aidgraph.store.solutions import Term

    Row: TypeAlias = tuple[Term | None, ...]
    Key: TypeAlias = tuple[int, str | bool | Decimal, str, str]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_STRINGS = frozenset({f"{_XSD}string", "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"})
_NUMBERS = frozenset({f"{_XSD}integer", f"{_XSD}decimal"})
_BOOLEAN = f"{_XSD}boolean"
_KEY = r"(?:\?\w+|(?:ASC|DESC)\s*\(\s*\?\w+\s*\))"
_ORDER = re.compile(rf"\bORDER\s+BY\s+(?P<keys>{_KEY}(?:\s*{_KEY})*)\s*\Z", re.IGNORECASE)
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_NAME = re.compile(r"\?(\w+)")


class Order(NamedTuple):
    """A query without its ORDER BY, and the variables that this names, each with whether it falls.

    `keys` are in the order of the clause.
    """

    text: str
    keys: tuple[tuple[str, bool], ...]


def read_order(text: str) -> Order | None:
    """Return the order that a query asks for; None if it asks for none, or by more than variables.

    >>> read_order("SELECT ?x { ?x ?p ?n } ORDER BY DESC(?n) ?x")
    Order(text='SELECT ?x { ?x ?p ?n } ', keys=(('n', True), ('x', False)))
    >>> read_order("SELECT ?x { ?x ?p ?n } ORDER BY ?n LIMIT 1") is None
    True
    """
    found = _ORDER.search(text)
    if found is None:
        return None
    keys = re.findall(_KEY, found["keys"], re.IGNORECASE)
    named = tuple((_NAME.findall(key)[0], key[:1] in "Dd") for key in keys)
    return Order(text[: found.start()], named)


def sort_rows(order: Order, columns: Sequence[str], rows: Sequence[Row]) -> list[Row] | None:
    """Return `rows` sorted; None if a key is no column, or has literals of several kinds."""
    if not {name for name, _ in order.keys} <= {*columns}:
        return None
    found = [*rows]
    for name, falls in reversed(order.keys):
        place = columns.index(name)
        terms = {row[place] for row in found}
        key_of = _find_key(terms)
        if key_of is None:
            return None
        keys = {term: key_of(term) for term in terms}
        found.sort(key=partial(_get, keys, place), reverse=falls)
    return found


def _get(keys: Mapping[Term | None, Key], place: int, row: Row) -> Key:
    return keys[row[place]]


def _find_key(terms: Collection[Term | None]) -> Callable[[Term | None], Key] | None:
    """Return what the terms of a column sort by; None if its literals cannot be compared."""
    kinds = {term.datatype.value for term in terms if isinstance(term, ox.Literal)}
    if kinds <= _STRINGS:
        return _key_of_string
    if kinds <= _NUMBERS:
        are_numbers = all(_NUMBER.fullmatch(t.value) for t in terms if isinstance(t, ox.Literal))
        return _key_of_number if are_numbers else None
    return _key_of_boolean if kinds == {_BOOLEAN} else None


def _key(term: Term | None) -> Key:
    if term is None:
        return (0, "", "", "")
    if isinstance(term, ox.BlankNode):
        return (1, term.value, "", "")
    return (2, term.value, "", "") if isinstance(term, ox.NamedNode) else (4, "", "", "")


def _key_of_string(term: Term | None) -> Key:
    if not isinstance(term, ox.Literal):
        return _key(term)
    return (3, term.value, term.datatype.value, term.language or "")


def _key_of_number(term: Term | None) -> Key:
    return (3, Decimal(term.value), "", "") if isinstance(term, ox.Literal) else _key(term)


def _key_of_boolean(term: Term | None) -> Key:
    return (3, term.value in {"true", "1"}, "", "") if isinstance(term, ox.Literal) else _key(term)
