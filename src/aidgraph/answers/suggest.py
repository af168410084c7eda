"""What people may mean by what they have typed so far, best first: things and sentences.

By hanzi, in English, in pinyin and by code; whole names go before beginnings, beginnings before
parts, and labels before short names.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.answers.lookup_names import CODE, bare, drop_accents, fold
from aidgraph.answers.lookup_pinyin import is_spelled, spell
from aidgraph.answers.passages import cite, read_quotes
from aidgraph.terms import RDF_TYPE, RDFS, RDFS_LABEL, SKOS, SKOS_ALT_LABEL, aid, curie

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aidgraph.answers.results import Evidence
    from aidgraph.questions import Language
    from aidgraph.store import Store

_NOTATION = ox.NamedNode(f"{SKOS}notation")
_DEFINED_BY = ox.NamedNode(f"{RDFS}isDefinedBy")
_OA = "http://www.w3.org/ns/oa#"
_LATIN = re.compile(r"[a-z]+")
_WHOLE, _BEGINNING, _PART, _SOUND = range(4)


class Known(NamedTuple):
    """A thing with all its names: text, language and whether it is a short one."""

    iri: str
    is_term: bool
    names: tuple[tuple[str, str | None, bool], ...]

    def label(self, language: Language) -> str:
        """Return how it is called in `language`, else in another, else its CURIE."""
        labels = [name for name in self.names if not name[2]] or [*self.names]
        fits = [text for text, tag, _ in labels if tag == language]
        return next(iter([*fits, *(text for text, _, _ in labels)]), curie(self.iri))


class Suggestion(NamedTuple):
    """A thing that may be meant: how it is called, and the name that was met."""

    iri: str
    label: str
    name: str

    def as_dict(self) -> dict[str, str]:
        """Return the suggestion as a JSON object, with a CURIE to ask with."""
        return {**self._asdict(), "curie": curie(self.iri)}


def read_known_things(store: Store, kind: str | None = None) -> list[Known]:
    """Return the things that have names: those of class `kind` (its IRI), or all."""
    of_kind = f"?thing {RDF_TYPE} {ox.NamedNode(kind)} ." if kind else ""
    query = f"""SELECT DISTINCT ?thing ?property ?name ?term WHERE {{
  VALUES ?property {{ {RDFS_LABEL} {SKOS_ALT_LABEL} {CODE} {_NOTATION} }}
  ?thing ?property ?name .
  {of_kind}
  FILTER(ISIRI(?thing))
  OPTIONAL {{ ?thing {_DEFINED_BY} ?term }}
}} ORDER BY ?thing ?property ?name"""
    found: dict[str, tuple[bool, list[tuple[str, str | None, bool]]]] = {}
    for thing, how, name, term in store.select(query).rows:
        if isinstance(thing, ox.NamedNode) and isinstance(name, ox.Literal):
            _, names = found.setdefault(thing.value, (term is not None, []))
            names.append((name.value, name.language, how != RDFS_LABEL))
    return [Known(iri, is_term, tuple(names)) for iri, (is_term, names) in found.items()]


def suggest(things: Iterable[Known], begun: str, language: Language, most: int) -> list[Suggestion]:
    """Return the things that `begun` may be the name of, or its beginning; at most `most`.

    Nothing typed yet: the first by label.
    """
    if not fold(begun):
        labels = sorted((thing.label(language), thing.iri) for thing in things)
        return [Suggestion(iri, label, label) for label, iri in labels[:most]]
    ranked = []
    for thing in things:
        met = min(
            (
                (rank, is_short, text)
                for text, tag, is_short in thing.names
                if (rank := _rank(text, tag, begun)) is not None
            ),
            default=None,
        )
        if met is not None:
            rank, is_short, text = met
            key = (rank, thing.is_term, is_short, len(text), thing.iri)
            ranked.append((key, Suggestion(thing.iri, thing.label(language), text)))
    return [suggestion for _, suggestion in sorted(ranked)[:most]]


def find_sentences(store: Store, text: str, most: int) -> list[Evidence]:
    """Return the sentences that have the words `text`, in the articles' order; at most `most`."""
    words = ox.Literal(text.strip())
    query = f"""SELECT DISTINCT ?passage WHERE {{
  ?passage a {aid("Passage")} ; <{_OA}hasSelector>/<{_OA}exact> ?words .
  FILTER(CONTAINS(?words, {words}))
}} ORDER BY ?passage LIMIT {most}"""
    found = [row[0].value for row in store.select(query).rows if isinstance(row[0], ox.NamedNode)]
    quotes = read_quotes(store, found).values()
    return [cite(each) for each in sorted(quotes, key=lambda each: (each.article, each.start))]


def _rank(name: str, tag: str | None, begun: str) -> int | None:
    """Return how well a name is met; None if it is not."""
    typed, folded = fold(begun), fold(name)
    if folded == typed or bare(name) == bare(begun):
        return _WHOLE
    plain = drop_accents(folded)
    if plain.startswith(drop_accents(typed)):
        return _BEGINNING
    if drop_accents(typed) in plain:
        return _PART
    letters = "".join(_LATIN.findall(drop_accents(typed)))
    if tag == "zh" and letters and letters == re.sub(r"[\s'’·-]", "", drop_accents(typed)):
        if spell(name).startswith(letters):
            return _BEGINNING
        if len(letters) > 1 and is_spelled(name, letters, is_part=True):
            return _SOUND
    return None
