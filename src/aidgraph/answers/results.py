"""The answer to a question, as data: what every format and every server shows.

Its JSON is `Answer.as_dict`. In a cell, `unit` and `bound` are CURIEs (`unit:CCY_CNY`,
`aid:MoreThan`), alike in every language; `scope` and `period` are labels in the language asked
for. A scope that the sentence does not state says so after its label. `value` is a JSON number,
boolean or string; a plain literal has null for all else.
"""

from __future__ import annotations

from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pyoxigraph as ox

from aidgraph.terms import AID, RDFS_LABEL, SKOS, XSD, aid, curie

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aidgraph.questions import Language
    from aidgraph.store import Solutions, Store, Term

Plain: TypeAlias = str | int | float | bool

_BATCH = 1000  # IRIs in one VALUES
_EXACT = ox.NamedNode("http://www.w3.org/ns/oa#exact")
_HAS_SELECTOR = ox.NamedNode("http://www.w3.org/ns/oa#hasSelector")
_PREF_LABEL = ox.NamedNode(f"{SKOS}prefLabel")
_DECIMAL = ox.NamedNode(f"{XSD}decimal")
_NUMERIC = frozenset({"integer", "decimal", "double", "float", "int", "long"})
_FROM_CONTEXT = {"en": "{} (read from context)", "zh": "{}（据上下文）"}
_LIST_COMMA = {"en": ", ", "zh": "、"}


class Thing(NamedTuple):
    """A cell that holds a thing: its IRI, and its label in the language asked for."""

    iri: str
    label: str

    def as_dict(self) -> dict[str, object]:
        """Return the cell as a JSON object."""
        return self._asdict()


class Value(NamedTuple):
    """A cell that holds a literal, or a quantity with what its figure may not be read without."""

    value: Plain
    unit: str | None = None
    bound: str | None = None
    as_written: str | None = None
    scope: str | None = None
    period: str | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the cell as a JSON object."""
        return self._asdict()


Cell: TypeAlias = Thing | Value | None
_Parts: TypeAlias = dict[str, list[ox.NamedNode | ox.Literal]]


class Evidence(NamedTuple):
    """One thing that a row rests on.

    `kind` is `article` (the passage, its exact text, and where that stands in the article: code
    points, end exclusive), `reference` (`source` cites it), `inferred` (`rule` gave the triple
    out of the evidence that follows) or `absence` (nothing of the kind was found; `text` says in
    how many passages it was looked for, of `article` where an answer has nothing else).
    `translation` is our own, of a passage into English, where there is one: an aid to the reader,
    on which nothing rests.
    """

    kind: str
    passage: str | None = None
    text: str | None = None
    start: int | None = None
    end: int | None = None
    article: str | None = None
    source: str | None = None
    rule: str | None = None
    translation: str | None = None

    def as_dict(self) -> dict[str, object]:
        """Return the evidence as a JSON object: every field, in the order above."""
        return self._asdict()


class Answer(NamedTuple):
    """The answer to one query.

    `query` is the question's name, None for a query typed in; `searched` counts the passages
    that were looked through; `said` tells whether they say anything of what was asked.
    `evidence` has one list a row, and where there is no row one of what was searched; it is None
    where nobody asked why. `untraced` then says in words what else a row may rest on, and
    `is_sample` whether more evidence is had by asking for the whole. `titles` are the columns'
    labels in the language asked for.
    """

    query: str | None
    query_hash: str
    snapshot: str
    params: Mapping[str, str]
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    searched: int
    said: bool
    evidence: tuple[tuple[Evidence, ...], ...] | None = None
    untraced: tuple[tuple[str, ...], ...] = ()
    is_sample: bool = False
    title: str = ""
    titles: Mapping[str, str] = MappingProxyType({})

    def as_dict(self) -> dict[str, object]:
        """Return the answer as a JSON object.

        Its `evidence` and `untraced` have one list a row, and are left out where nobody asked why.
        """
        rows = [
            {
                column: None if cell is None else cell.as_dict()
                for column, cell in zip(self.columns, row, strict=True)
            }
            for row in self.rows
        ]
        found: dict[str, object] = {
            "query": self.query,
            "query_hash": self.query_hash,
            "snapshot": self.snapshot,
            "params": dict(self.params),
            "columns": list(self.columns),
            "rows": rows,
        }
        if self.evidence is not None:
            of_rows = self.evidence[: len(self.rows)]
            found["evidence"] = [[each.as_dict() for each in row] for row in of_rows]
            found["untraced"] = [[*reasons] for reasons in self.untraced[: len(self.rows)]]
        return found | {
            "said": self.said,
            "searched": self.searched,
            "row_count": len(self.rows),
            "complete": True,
        }


def read_cells(
    store: Store, solutions: Solutions, language: Language
) -> tuple[tuple[Cell, ...], ...]:
    """Return the rows of `solutions` as cells, labelled from `store`."""
    things = {
        term.value for row in solutions.rows for term in row if isinstance(term, ox.NamedNode)
    }
    known: dict[str, Cell] = {}
    known.update(
        (iri, Thing(iri, label)) for iri, label in read_labels(store, things, language).items()
    )
    known.update(_read_quantities(store, things, language))
    return tuple(tuple(_cell(term, known) for term in row) for row in solutions.rows)


def read_labels(store: Store, iris: Iterable[str], language: Language) -> dict[str, str]:
    """Return a label for each of `iris`: in `language`, else in another, else a CURIE.

    A passage is labelled with its own words.
    """
    wanted = sorted(set(iris))
    found: dict[str, tuple[bool, str]] = {}
    for values in _values(wanted):
        query = f"""SELECT DISTINCT ?thing ?label WHERE {{
  VALUES ?thing {{ {values} }}
  {{ ?thing {RDFS_LABEL}|{_PREF_LABEL} ?label }} UNION {{ ?thing {_HAS_SELECTOR}/{_EXACT} ?label }}
}} ORDER BY ?thing ?label"""
        for thing, label in store.select(query).rows:
            if isinstance(thing, ox.NamedNode) and isinstance(label, ox.Literal):
                fits = label.language == language
                if thing.value not in found or (fits and not found[thing.value][0]):
                    found[thing.value] = (fits, label.value)
    return {iri: found[iri][1] if iri in found else curie(iri) for iri in wanted}


def _values(iris: list[str]) -> Iterable[str]:
    for first in range(0, len(iris), _BATCH):
        yield " ".join(str(ox.NamedNode(iri)) for iri in iris[first : first + _BATCH])


def _cell(term: Term | None, known: Mapping[str, Cell]) -> Cell:
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return known[term.value]
    return Value(_plain(term)) if isinstance(term, ox.Literal) else Thing(str(term), str(term))


def _plain(literal: ox.Literal) -> Plain:
    kind = literal.datatype.value.removeprefix(XSD)
    if kind == "boolean":
        return literal.value in ("true", "1")
    if kind not in _NUMERIC:
        return literal.value
    for read in (int, float):
        try:
            number = read(literal.value)
        except ValueError:
            continue
        if isfinite(number):
            return number
    return literal.value  # JSON has no infinity


def _read_quantities(store: Store, iris: Iterable[str], language: Language) -> dict[str, Value]:
    """Return those of `iris` that are quantities, as values."""
    facts: dict[str, _Parts] = {}
    for values in _values(sorted(iris)):
        query = f"""SELECT DISTINCT ?thing ?property ?value WHERE {{
  VALUES ?thing {{ {values} }}
  ?thing {aid("value")} ?figure ; ?property ?value .
  FILTER(?property IN ({", ".join(map(str, _QUANTITY_PROPERTIES))}))
}} ORDER BY ?thing ?property ?value"""
        for thing, name, value in store.select(query).rows:
            if (
                isinstance(thing, ox.NamedNode)
                and isinstance(name, ox.NamedNode)
                and isinstance(value, ox.NamedNode | ox.Literal)
            ):
                parts = facts.setdefault(thing.value, {})
                parts.setdefault(name.value.removeprefix(AID), []).append(value)
    named = {
        term.value
        for parts in facts.values()
        for name in ("scope", "period")
        for term in parts.get(name, [])
        if isinstance(term, ox.NamedNode)
    }
    labels = read_labels(store, named, language)
    return {iri: _quantity(parts, labels, language) for iri, parts in facts.items()}


_QUANTITY_PROPERTIES = tuple(
    map(aid, ("value", "unit", "bound", "asWritten", "scope", "scopeBasis", "period"))
)


def _quantity(parts: _Parts, labels: Mapping[str, str], language: Language) -> Value:
    def code(name: str) -> str | None:
        return curie(parts[name][0].value) if name in parts else None

    def label(name: str) -> str | None:
        names = [labels[term.value] for term in parts.get(name, [])]
        return _LIST_COMMA[language].join(names) or None

    scope = label("scope")
    if scope and aid("ReadFromContext") in parts.get("scopeBasis", []):
        scope = _FROM_CONTEXT[language].format(scope)
    return Value(
        value=_plain(ox.Literal(parts["value"][0].value, datatype=_DECIMAL)),
        unit=code("unit"),
        bound=code("bound"),
        as_written=parts["asWritten"][0].value if "asWritten" in parts else None,
        scope=scope,
        period=label("period"),
    )
