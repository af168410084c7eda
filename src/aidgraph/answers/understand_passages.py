"""Which passages of the articles speak of what a sentence speaks of: by words, and by things.

A question is about something that a passage says, and its answer rests on that passage. So the
nearest passages tell which answer is meant; and where no question fits for sure, a reader finds
there what was asked.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.answers.standing import stands_in
from aidgraph.answers.understand_words import fold_sentence, read_words
from aidgraph.terms import AID, aid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aidgraph.answers.understand_mentions import Mention
    from aidgraph.answers.understand_things import Known
    from aidgraph.answers.understand_words import Word
    from aidgraph.store import Store, Term

_EXACT = "<http://www.w3.org/ns/oa#hasSelector>/<http://www.w3.org/ns/oa#exact>"


class Passages:
    """The passages of the articles, ready to be held against sentences."""

    def __init__(self, store: Store, things: Mapping[str, Known]) -> None:
        """Read the words of all passages, their translations, and the things they speak of."""
        self._holders: dict[str, set[str]] = defaultdict(set)
        self._standing: dict[str, set[str]] = defaultdict(set)
        texts = _read_texts(store)
        passages = {passage for passage, _ in texts}
        self._number = len(passages)
        for passage, words in texts:
            self._add(passage, (words,))
        for passage, thing in _read_standing(store):
            self._standing[thing].add(passage)
            if thing in things:
                self._add(passage, things[thing].names)
        for passage in passages:
            self._standing[passage].add(passage)

    def find(self, words: Iterable[Word], mentions: Iterable[Mention]) -> dict[str, float]:
        """Return how near passages are to a sentence, by IRI: 1 for the nearest, the rest less.

        Args:
            words: those of the sentence.
            mentions: the things that it names.
        """
        near: Counter[str] = Counter()
        for word in words:
            found: dict[str, float] = {}
            for sense in word.senses:
                holders = self._holders.get(sense, ())
                weight = self._weigh(len(holders))
                found |= {p: weight for p in holders if weight > found.get(p, 0)}
            near.update(found)
        for mention in mentions:
            standing = set[str]().union(*(self._standing.get(iri, ()) for iri in mention.iris))
            weight = mention.share * self._weigh(len(standing))
            near.update(dict.fromkeys(standing, weight))
        most = max(near.values(), default=0)
        return {passage: weight / most for passage, weight in near.items()} if most else {}

    def stands(self, rows: Iterable[Sequence[Term | None]], near: Mapping[str, float]) -> float:
        """Return how near a passage is in which a row stands: of the nearest, by its share."""
        return max((self._stands(row, near) for row in rows), default=0.0)

    def _stands(self, row: Iterable[Term | None], near: Mapping[str, float]) -> float:
        standing = [
            self._standing.get(term.value) for term in row if isinstance(term, ox.NamedNode)
        ]
        told = [passages for passages in standing if passages]
        shares = Counter(passage for passages in told for passage in passages)
        return max(
            (near.get(passage, 0.0) * number / len(told) for passage, number in shares.items()),
            default=0.0,
        )

    def _add(self, passage: str, texts: Iterable[str]) -> None:
        for text in texts:
            for word in read_words(fold_sentence(text)):
                for sense in word.senses:
                    self._holders[sense].add(passage)

    def _weigh(self, holders: int) -> float:
        """Return the weight of what so many passages have: 1 for one that none has, 0 for all."""
        if not holders:
            return 0.0
        return math.log((self._number + 1) / (holders + 0.5)) / math.log(2 * (self._number + 1))


def _read_texts(store: Store) -> list[tuple[str, str]]:
    query = f"""SELECT ?passage ?text WHERE {{
  ?passage a {aid("Passage")} ; {_EXACT}|{aid("translation")} ?text
}}"""
    return [
        (passage.value, text.value)
        for passage, text in store.select(query).rows
        if isinstance(passage, ox.NamedNode) and isinstance(text, ox.Literal)
    ]


def _read_standing(store: Store) -> set[tuple[str, str]]:
    """Return each passage with the things of which it says something."""
    query = f"""SELECT ?passage ?subject ?object WHERE {{
  ?passage a {aid("Passage")} . {stands_in(store.layout, "?passage", "?subject ?p ?object")}
}}"""
    return {
        (passage.value, term.value)
        for passage, *ends in store.select(query).rows
        if isinstance(passage, ox.NamedNode)
        for term in ends
        if isinstance(term, ox.NamedNode) and not term.value.startswith(AID)
    }
