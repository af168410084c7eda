"""A sentence as the question: which canned question it asks, and about what.

Things are recognised by the graph's own names, and must be of the classes that a question's
parameters take; the rest of the words say which question it is. Nothing is learned, nothing is
fetched: the same sentence on the same data is always understood in the same way.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.answers.ask import bind
from aidgraph.answers.lookup import class_of, read_value
from aidgraph.answers.lookup_plain import parse_number
from aidgraph.answers.passages import cite, read_quotes
from aidgraph.answers.understand_answers import Hearing
from aidgraph.answers.understand_mentions import Gazetteer
from aidgraph.answers.understand_passages import Passages
from aidgraph.answers.understand_ranking import Fit, Named, Ranking, Slot, find_outermost
from aidgraph.answers.understand_words import fold_sentence, read_words
from aidgraph.answers.wording import show_passage
from aidgraph.errors import AidgraphError, AmbiguousError, UsageError
from aidgraph.questions import fill_title
from aidgraph.terms import aid, curie

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aidgraph.answers.results import Evidence
    from aidgraph.answers.understand_mentions import Mention
    from aidgraph.answers.understand_words import Word
    from aidgraph.questions import Language, Parameter, Question
    from aidgraph.store import Store, Term

LEAST_SCORE = 0.3
"""What a fit must reach to be answered without asking back."""
_LEAST_UNDERSTOOD = 0.1  # of the words that say what is asked
_CERTAIN = 0.7  # below it, one in four is not what was meant

_OFFERED = 3
_QUOTED_SHARE, _SEARCHED_SHARE, _UNKNOWN_SHARE = 1.0, 0.5, 0.3
_QUOTED = re.compile(r"[“「《\"'‘](?P<words>[^”」》\"'’]+)[”」》\"'’]")
_NUMBER = re.compile(
    r"[0-9](?:[0-9.,]*[0-9])?(?: ?(?:thousand|million|billion|trillion)\b|[百千万亿]+)?"
    "|[一二两三四五六七八九十百千万亿]*[万亿]"
)
_PLAIN_WORD = re.compile(r"[\w@%+=:,./·-]+")


class Reading(NamedTuple):
    """How a sentence was understood: the question, and its parameters as people type them.

    `en` and `zh` are the question's title with the blanks filled, and the command that asks it.
    Where the reading is doubtful, `others` are the next nearest ones, and `nearest` are the
    passages whose words are nearest to the sentence's.
    """

    question: Question
    given: Mapping[str, str]
    en: str
    zh: str
    others: tuple[Reading, ...] = ()
    nearest: tuple[Evidence, ...] = ()


class Interpreter:
    """Understands sentences: names of things and words of questions are read once."""

    def __init__(self, store: Store, questions: Sequence[Question]) -> None:
        """Take the store whose things a sentence may name, and the questions that can be asked."""
        parameters = [parameter for question in questions for parameter in question.parameters]
        self._store = store
        self._gazetteer = Gazetteer(store, {class_of(parameter) for parameter in parameters})
        self._ranking = Ranking(questions)
        self._passages = Passages(store, self._gazetteer.things)
        self._hearing = Hearing(self._gazetteer.things, self._passages, self._ranking, self._answer)

    def understand(self, sentence: str, language: Language) -> Reading:
        """Return the question that `sentence`, in Chinese or English, asks.

        Args:
            sentence: what was typed.
            language: of the names in `given`.

        Raises:
            AmbiguousError: no question fits well enough; the three nearest are given as commands.
        """
        words, named, near = self._hear(sentence)
        fits = self._fit(words, named, near)
        readings = [_read(self._store, self._gazetteer, fit, language) for fit in fits[:_OFFERED]]
        if not fits or not _is_sure(fits[0]):
            raise _unsure(sentence, readings, self._cite(near))
        if fits[0].score >= _CERTAIN:
            return readings[0]
        return readings[0]._replace(others=tuple(readings[1:]), nearest=self._cite(near))

    def rank(self, sentence: str) -> list[Fit]:
        """Return how well each question fits a sentence, the best first."""
        return self._fit(*self._hear(sentence))

    def find_passages(self, sentence: str) -> tuple[Evidence, ...]:
        """Return the passages whose words are nearest to those of a sentence, the nearest first."""
        _, _, near = self._hear(sentence)
        return self._cite(near)

    def _hear(self, sentence: str) -> tuple[list[Word], Named, dict[str, float]]:
        """Return the words of a sentence, what it names, and how near which passages are."""
        folded = fold_sentence(sentence)
        mentions = self._gazetteer.find(folded)
        plain = {
            "number": _find_numbers(folded),
            "text": _find_texts(sentence, folded, mentions, self._gazetteer),
            "choice": [],
            "flag": [],
        }
        named = Named(mentions, find_outermost(mentions), self._gazetteer.things, plain)
        words = read_words(folded)
        return words, named, self._passages.find(words, mentions)

    def _fit(self, words: list[Word], named: Named, near: dict[str, float]) -> list[Fit]:
        return self._hearing.reorder(self._ranking.rank(words, named), words, named, near)

    def _cite(self, near: Mapping[str, float]) -> tuple[Evidence, ...]:
        chosen = sorted(near, key=lambda iri: (-near[iri], iri))[:_OFFERED]
        quotes = read_quotes(self._store, chosen)
        return tuple(cite(quotes[iri]) for iri in chosen if iri in quotes)

    def _answer(self, fit: Fit) -> Sequence[Sequence[Term | None]]:
        """Return the rows of a question; none if it cannot be asked of what the sentence gives."""
        try:
            terms = {
                parameter.name: ox.NamedNode(_widest(self._store, slot.iris))
                if slot.iris
                else read_value(self._store, parameter, slot.text)
                for parameter in fit.question.parameters
                if (slot := fit.slots.get(parameter.name))
            }
        except UsageError:
            return ()
        return self._store.select(bind(fit.question.sparql, terms)).rows


def _is_sure(fit: Fit) -> bool:
    """Tell whether a fit is good enough to be answered without asking back."""
    is_understood = fit.understood >= _LEAST_UNDERSTOOD
    return fit.is_complete and fit.score >= LEAST_SCORE and is_understood


def _find_numbers(folded: str) -> list[Slot]:
    return [
        Slot(*number.span(), 1.0, text=number[0])
        for number in _NUMBER.finditer(folded)
        if parse_number(number[0]) is not None
    ]


def _find_texts(
    sentence: str, folded: str, mentions: Sequence[Mention], gazetteer: Gazetteer
) -> list[Slot]:
    """Return words that may be looked for in the articles: quoted, named, or not understood.

    The articles are in Chinese: a thing named in English is looked for by its Chinese name.
    """
    slots = []
    for quoted in _QUOTED.finditer(sentence):
        start = folded.find(fold_sentence(quoted["words"]))
        if start >= 0:
            end = start + len(fold_sentence(quoted["words"]))
            is_name = any((m.start, m.end, m.share) == (start, end, 1) for m in mentions)
            share = _SEARCHED_SHARE if is_name else _QUOTED_SHARE
            slots.append(Slot(start, end, share, text=quoted["words"]))
    for mention in mentions:
        words = folded[mention.start : mention.end]
        labels = gazetteer.things[min(mention.iris)].labels
        text = labels.get("zh", words) if words.isascii() else words
        share = max(_SEARCHED_SHARE * mention.share, _UNKNOWN_SHARE)
        slots.append(Slot(mention.start, mention.end, share, text=text))
    unknown = [word for word in read_words(folded) if not word.is_known]
    for first in unknown:
        end = first.end
        for following in unknown:
            if first.start < following.start < end:
                end = max(end, following.end)
        slots.append(Slot(first.start, end, _UNKNOWN_SHARE, text=folded[first.start : end]))
    return sorted(slots, key=lambda slot: -slot.weight)


def _read(store: Store, gazetteer: Gazetteer, fit: Fit, language: Language) -> Reading:
    given = {}
    shown: dict[Language, dict[str, str]] = {"en": {}, "zh": {}}
    for parameter in fit.question.parameters:
        slot = fit.slots.get(parameter.name)
        if slot is None:
            continue
        iri = _widest(store, slot.iris) if slot.iris else None
        given[parameter.name] = (
            _call(store, gazetteer, parameter, iri, language) if iri else slot.text
        )
        for tongue, texts in shown.items():
            label = gazetteer.things[iri].labels.get(tongue) if iri else None
            texts[parameter.name] = label or given[parameter.name]
    command = show_command(fit.question, given)
    en = f"{fill_title(fit.question, shown['en'], 'en')} ({command})"
    zh = f"{fill_title(fit.question, shown['zh'], 'zh')}（{command}）"
    return Reading(fit.question, given, en, zh)


def show_command(question: Question, given: Mapping[str, str]) -> str:
    """Return the command that asks `question` of `given`; examples stand for what is missing."""
    words = ["aidgraph", "ask", question.name]
    for parameter in question.parameters:
        value = given.get(parameter.name, None if parameter.optional else parameter.example)
        if value is not None:
            words += [f"--{parameter.name.replace('_', '-')}", _quote(value)]
    return " ".join(words)


def _quote(word: str) -> str:
    if _PLAIN_WORD.fullmatch(word):
        return word
    return "'" + word.replace("'", "'\\''") + "'"


def _widest(store: Store, iris: frozenset[str]) -> str:
    """Return the one of several things of a name that holds the others: 和田 is the prefecture."""
    ordered = sorted(iris)
    for wide in ordered:
        others = (other for other in ordered if other != wide)
        if all(
            store.ask(f"ASK {{ {ox.NamedNode(other)} {aid('within')} {ox.NamedNode(wide)} }}")
            for other in others
        ):
            return wide
    return ordered[0]


def _call(
    store: Store, gazetteer: Gazetteer, parameter: Parameter, iri: str, language: Language
) -> str:
    """Return a name of a thing that means it alone: its label, else its CURIE."""
    label = gazetteer.things[iri].labels.get(language, "")
    try:
        found = read_value(store, parameter, label)
    except AidgraphError:
        return curie(iri)
    return label if found == ox.NamedNode(iri) else curie(iri)


def _unsure(
    sentence: str, readings: Sequence[Reading], nearest: Sequence[Evidence]
) -> AmbiguousError:
    en = "".join(f"\n  {reading.en}" for reading in readings)
    zh = "".join(f"\n  {reading.zh}" for reading in readings)
    if nearest:
        en += f"\nThe nearest passages:{_show_passages(nearest, 'en')}"
        zh += f"\n最接近的原文：{_show_passages(nearest, 'zh')}"
    return AmbiguousError(
        f"“{sentence}” is not understood for sure. The nearest questions:{en}",
        f"未能确定“{sentence}”的意思。最接近的问题：{zh}",
    )


def _show_passages(passages: Sequence[Evidence], language: Language) -> str:
    return "".join("\n  " + "\n    ".join(show_passage(each, language)) for each in passages)
