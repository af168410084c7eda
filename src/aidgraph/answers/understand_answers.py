"""Which of the nearest questions has an answer that speaks of what the sentence speaks of.

What a sentence says beside the things that a question takes is often in the right answer: the
kind of the things there, a part of their names, another thing that the sentence names. And the
right answer stands in the passages of the articles that the sentence is nearest to.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.answers.understand_ranking import NOTHING, Heard
from aidgraph.answers.understand_words import fold_sentence, read_words

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aidgraph.answers.understand_passages import Passages
    from aidgraph.answers.understand_ranking import Fit, Named, Ranking
    from aidgraph.answers.understand_things import Known
    from aidgraph.answers.understand_words import Word
    from aidgraph.store import Term

_NEAREST = 16  # fits whose answers are looked at
_NEAR = 0.4  # below the best score
_STANDING = 0.17  # of a score: whether the answer stands in the nearest passages
_EMPTY = 2  # times what a question without an answer lacks of a perfect score
_MOST_ROWS = 100  # of an answer that are read
_RARITY = 0.5  # the power of the share of rows that a word is in


class Hearing:
    """Holds the words of a sentence against the answers of the questions that fit it best."""

    def __init__(
        self,
        things: Mapping[str, Known],
        passages: Passages,
        ranking: Ranking,
        answer: Callable[[Fit], Sequence[Sequence[Term | None]]],
    ) -> None:
        """Take things by IRI, passages, the ranking of questions, and what finds their rows."""
        self._things = things
        self._passages = passages
        self._ranking = ranking
        self._answer = answer
        self._senses: dict[str, frozenset[str]] = {}

    def reorder(
        self, fits: Sequence[Fit], words: Sequence[Word], named: Named, near: Mapping[str, float]
    ) -> list[Fit]:
        """Return the fits, best first: the nearest by their answers too, then the others.

        Args:
            fits: in the order of their scores.
            words: those of the sentence.
            named: what the sentence names.
            near: how near passages are to the sentence, by IRI.
        """
        least = fits[0].score - _NEAR
        best = [fit for fit in fits if fit.is_complete and fit.score >= least][:_NEAREST]
        again = self._ranking.sort((self._listen(fit, words, named, near) for fit in best), named)
        heard = {fit.question.name for fit in best}
        return [*again, *(fit for fit in fits if fit.question.name not in heard)]

    def _listen(
        self, fit: Fit, words: Sequence[Word], named: Named, near: Mapping[str, float]
    ) -> Fit:
        rows = self._answer(fit)[:_MOST_ROWS]
        # What is named may be of no concern to a question that can be asked without it.
        is_sparing = not rows and any(
            p.optional for p in fit.question.parameters if p.name in fit.slots
        )
        if is_sparing:
            fit = self._ranking.fit(fit.question, words, named, NOTHING, is_sparing=True)
            rows = self._answer(fit)[:_MOST_ROWS]
        again = self._ranking.fit(
            fit.question, words, named, self._read(rows), is_sparing=is_sparing
        )
        if rows:
            score = (1 - _STANDING) * again.score + _STANDING * self._passages.stands(rows, near)
        else:
            score = 1 - _EMPTY * (1 - again.score)
        return again._replace(score=score)

    def _read(self, rows: Sequence[Sequence[Term | None]]) -> Heard:
        senses: Counter[str] = Counter()
        iris: Counter[str] = Counter()
        for row in rows:
            terms = [term for term in row if term is not None]
            senses.update(frozenset[str]().union(*map(self._read_term, terms)))
            iris.update({term.value for term in terms if isinstance(term, ox.NamedNode)})
        return Heard(_share(senses, len(rows)), _share(iris, len(rows)))

    def _read_term(self, term: Term) -> frozenset[str]:
        """Return the senses of all names of a thing and of its classes, or of a literal's words."""
        key = str(term)
        if key not in self._senses:
            known = self._things.get(term.value) if isinstance(term, ox.NamedNode) else None
            texts = known.names if known else ()
            texts = (term.value,) if isinstance(term, ox.Literal) else texts
            senses = (
                sense
                for text in texts
                for word in read_words(fold_sentence(text))
                for sense in word.senses
            )
            self._senses[key] = frozenset((*senses, *(known.senses if known else ())))
        return self._senses[key]


def _share(counts: Mapping[str, int], rows: int) -> dict[str, float]:
    """Return how much each counts: less if few rows have it, but not in proportion."""
    return {key: (count / rows) ** _RARITY for key, count in counts.items()}
