"""What people may mean by what they have typed so far, best first: things and sentences.

By hanzi, in English, in pinyin and by code; whole names go before beginnings, beginnings before
parts, and labels before short names. Names are read once a dataset, each once however many things
have it, in the forms in which they are compared; things only of the names that are met.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.answers.lookup_names import CODE, Bare, bare, drop_accents, fold
from aidgraph.answers.lookup_pinyin import is_spelled, spell
from aidgraph.answers.passages import cite, read_quotes
from aidgraph.answers.results import read_labels
from aidgraph.terms import RDF_TYPE, RDFS, RDFS_LABEL, SKOS, SKOS_ALT_LABEL, curie

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aidgraph.answers.results import Evidence
    from aidgraph.questions import Language
    from aidgraph.store import Store

_NOTATION = ox.NamedNode(f"{SKOS}notation")
_DEFINED_BY = ox.NamedNode(f"{RDFS}isDefinedBy")
_OA = "http://www.w3.org/ns/oa#"
_LATIN = re.compile(r"[a-z]+")
_BETWEEN = re.compile(r"[\s'’·-]")
_WHOLE, _BEGINNING, _PART, _SOUND = range(4)


class Suggestion(NamedTuple):
    """A thing that may be meant: how it is called, and the name that was met."""

    iri: str
    label: str
    name: str

    def as_dict(self) -> dict[str, str]:
        """Return the suggestion as a JSON object, with a CURIE to ask with."""
        return {**self._asdict(), "curie": curie(self.iri)}


class _Name(NamedTuple):
    """A name: as what it names its things, whether those are terms, and how it is compared."""

    literal: ox.Literal
    how: ox.NamedNode
    is_term: bool
    plain: str
    bare: Bare

    @property
    def is_short(self) -> bool:
        return self.how != RDFS_LABEL


class _Typed(NamedTuple):
    """What was typed, in the forms in which it is compared; `letters` are all of it, or none."""

    plain: str
    bare: Bare
    letters: str


class Names:
    """The names of the things of a class, or of all."""

    def __init__(self, store: Store, kind: str | None = None) -> None:
        """Read the names of the things of class `kind` (its IRI) in `store`."""
        self._store = store
        self._of_kind = f"?thing {RDF_TYPE} {ox.NamedNode(kind)} ." if kind else ""
        self._names = [*self._read(is_term=False), *self._read(is_term=True)]

    def suggest(self, begun: str, language: Language, most: int) -> list[Suggestion]:
        """Return the things that `begun` may be the name of, or its beginning; at most `most`.

        Nothing typed yet: the first by label.
        """
        found: dict[str, str] = {}
        for name in self._find(begun) if fold(begun) else self._list(language):
            for iri in self._read_things(name, most):
                found.setdefault(iri, name.literal.value)
            if len(found) >= most:
                break
        chosen = [*found.items()][:most]
        labels = read_labels(self._store, found, language) if found else {}
        return [Suggestion(iri, labels[iri], name) for iri, name in chosen]

    def _find(self, begun: str) -> Iterable[_Name]:
        """Return the names that are met, best first."""
        plain = drop_accents(fold(begun))
        letters = "".join(_LATIN.findall(plain))
        is_spelling = bool(letters) and letters == _BETWEEN.sub("", plain)
        typed = _Typed(plain, bare(begun), letters if is_spelling else "")
        met = [(rank, name) for name in self._names if (rank := _rank(name, typed)) is not None]
        met.sort(key=lambda each: (each[0], each[1].is_term, each[1].is_short, *_length(each[1])))
        return [name for _, name in met]

    def _list(self, language: Language) -> Iterable[_Name]:
        """Return the labels in a language, then the others."""
        labels = (name for name in self._names if not name.is_short)
        return sorted(labels, key=lambda n: (n.literal.language != language, n.literal.value))

    def _read(self, *, is_term: bool) -> Iterator[_Name]:
        """Read each name once; of all things, or of the ontology's terms alone.

        Property by property: with a variable in its place, the engine reads all of every thing.
        """
        term = f"?thing {_DEFINED_BY} ?ontology ." if is_term else ""
        for how in (RDFS_LABEL, SKOS_ALT_LABEL, CODE, _NOTATION):
            query = f"SELECT DISTINCT ?name WHERE {{ {term} {self._of_kind} ?thing {how} ?name }}"
            for (name,) in self._store.select(query).rows:
                if isinstance(name, ox.Literal):
                    plain = drop_accents(fold(name.value))
                    yield _Name(name, how, is_term, plain, bare(name.value))

    def _read_things(self, name: _Name, most: int) -> Iterator[str]:
        """Yield the things that have a name, terms where it is one of terms, else the others."""
        term = f"EXISTS {{ ?thing {_DEFINED_BY} ?ontology }}"
        query = f"""SELECT DISTINCT ?thing WHERE {{
  ?thing {name.how} {name.literal} . {self._of_kind}
  FILTER(ISIRI(?thing) && {"" if name.is_term else "NOT "}{term})
}} ORDER BY ?thing LIMIT {most}"""
        for (thing,) in self._store.select(query).rows:
            if isinstance(thing, ox.NamedNode):
                yield thing.value


def find_sentences(store: Store, text: str, most: int) -> list[Evidence]:
    """Return the sentences that have the words `text`, in the articles' order; at most `most`."""
    words = ox.Literal(text.strip())
    query = f"""SELECT DISTINCT ?passage WHERE {{
  {{ SELECT ?selector WHERE {{ ?selector <{_OA}exact> ?words FILTER(CONTAINS(?words, {words})) }} }}
  ?passage <{_OA}hasSelector> ?selector .
}} ORDER BY ?passage LIMIT {most}"""
    found = [row[0].value for row in store.select(query).rows if isinstance(row[0], ox.NamedNode)]
    quotes = read_quotes(store, found).values()
    return [cite(each) for each in sorted(quotes, key=lambda each: (each.article, each.start))]


def _rank(name: _Name, typed: _Typed) -> int | None:
    """Return how well a name is met; None if it is not."""
    if name.plain == typed.plain or name.bare == typed.bare:
        return _WHOLE
    if typed.plain in name.plain:
        return _BEGINNING if name.plain.startswith(typed.plain) else _PART
    if typed.letters and name.literal.language == "zh":
        if spell(name.literal.value).startswith(typed.letters):
            return _BEGINNING
        if len(typed.letters) > 1 and is_spelled(name.literal.value, typed.letters, is_part=True):
            return _SOUND
    return None


def _length(name: _Name) -> tuple[int, str]:
    return len(name.literal.value), name.literal.value
