"""How well a question fits a sentence: by the things that both take, and by their words."""

from __future__ import annotations

import math
import re
from collections import Counter
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from aidgraph.answers.lookup import class_of
from aidgraph.answers.understand_words import Word, fold_sentence, read_words
from aidgraph.terms import aid

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from aidgraph.answers.understand_mentions import Mention
    from aidgraph.answers.understand_things import Known
    from aidgraph.questions import Parameter, Question

_Senses: TypeAlias = tuple[str, ...]
_Span: TypeAlias = "Word | Mention | Slot"
_AnySpan = TypeVar("_AnySpan", bound="_Span")

_BLANK = re.compile(r"\[[^\]]*\]|〔[^〕]*〕")
_LIKENESS, _COVERED, _PROFILED, _NAMED = 0.6, 0.15, 0.1, 0.15  # they make 1 together
_BLANK_WEIGHT = 0.2  # of a blank, beside the rarest word
_QUESTION_WORDS = frozenset({"how", "place", "what", "when", "who"})
_DEAF = 0.03  # taken from a question that takes nothing where something is named
_ANYTHING = aid("Entity").value
_LAST_RESORT, _SPREAD = 0.4, 0.1
_GENERAL = 0.9  # what a question about anything whatever counts, beside one of its kind
_PLACES = 2  # of a score: what differs less is alike
_MOST_MENTIONS = 4  # that are tried for one parameter
_NEUTRAL = 0.5  # the share that is taken of nothing
_LEAST_TAKEN = 0.5  # the share of a slot whose words say nothing else
_MISSED = ""  # the sense of a name that a question should take: no phrase has it
_HEARD, _NAMED_THERE = 0.6, 0.7  # what a word, and a name, counts that only the answer has
_IMPLIED = 0.7  # what a name counts to a question about things of its kind
_LEAST_HELD = 0.5  # questions' worth of phrases: a sense that is rarer weighs no more
_LABELLED, _PROFILE_ROOT = 0.5, 0.5
_UNKNOWN = 0.5  # what a word weighs that no question has, beside the rarest


class Slot(NamedTuple):
    """What a sentence gives for a parameter: where, and the things or the text it may be.

    `share` is 1 where it is given for sure: less for a part of a name, or words to search for.
    """

    start: int
    end: int
    share: float
    iris: frozenset[str] = frozenset()
    text: str = ""

    @property
    def weight(self) -> float:
        """How much it takes of the sentence: characters, by its share."""
        return (self.end - self.start) * self.share


class Fit(NamedTuple):
    """A question with what a sentence gives for its parameters; a score of 1 would be perfect.

    `understood` is the share of what is said, beside those and question words, that the question
    speaks of.
    """

    question: Question
    slots: Mapping[str, Slot]
    score: float
    understood: float
    is_complete: bool


class Named(NamedTuple):
    """What a sentence names: the things mentioned, all things, and values of plain types.

    `outermost` are the mentions that `find_outermost` finds.
    """

    mentions: Sequence[Mention]
    outermost: Sequence[Mention]
    things: Mapping[str, Known]
    plain: Mapping[str, Sequence[Slot]]


class Heard(NamedTuple):
    """What the answer of a question speaks of: senses and things, each with its share of rows."""

    senses: Mapping[str, float]
    iris: Mapping[str, float]


class _Said(NamedTuple):
    """A word of a sentence, or a name that a question does not take: its senses and its weight.

    `met` is how much of that counts where a phrase of the question has it, `heard` where only its
    answer does.
    """

    senses: _Senses
    weight: float
    met: float
    heard: float


class _Phrase(NamedTuple):
    """A way to ask: its words, each with its senses and its weight; all senses, and all weight."""

    words: tuple[tuple[_Senses, float], ...]
    senses: frozenset[str]
    weight: float


class _Blanks(NamedTuple):
    """What the blanks of a question weigh, as words do: those filled, by share; taken; asked."""

    filled: float
    taken: float
    asked: float


NOTHING = Heard({}, {})
"""Of an answer that nobody has looked at."""


class Ranking:
    """The questions of a project, ready to be held against sentences."""

    def __init__(self, questions: Sequence[Question]) -> None:
        """Read the words of each question's title, other ways to ask, labels and description."""
        self._questions = questions
        texts = {question.name: _read_texts(question) for question in questions}
        shares = {name: _share_senses(asked) for name, asked in texts.items()}
        self._weights = _weigh_senses(shares.values())
        self._phrases = {name: [*map(self._make_phrase, asked)] for name, asked in texts.items()}
        self._profiles = {q.name: _read_profile(q, shares[q.name]) for q in questions}

    def rank(self, words: Sequence[Word], named: Named) -> list[Fit]:
        """Return every question with its fit to the words of a sentence, the best first."""
        fits = [self.fit(question, words, named, NOTHING) for question in self._questions]
        return self.sort(fits, named)

    def sort(self, fits: Iterable[Fit], named: Named) -> list[Fit]:
        """Return fits, the best first; of two that are alike, the one about fewer things."""
        kinds = Counter(kind for thing in named.things.values() for kind in thing.classes)

        def order(fit: Fit) -> tuple[float, int, str]:
            breadth = sum(kinds[class_of(parameter)] for parameter in fit.question.parameters)
            return -round(fit.score, _PLACES), breadth, fit.question.name

        return sorted(fits, key=order)

    def fit(
        self,
        question: Question,
        words: Sequence[Word],
        named: Named,
        heard: Heard,
        *,
        is_sparing: bool = False,
    ) -> Fit:
        """Return how well a question fits a sentence, by its words and what its answer says.

        With `is_sparing`, no parameter is filled that may be left out.
        """
        filled = [p for p in question.parameters if not (is_sparing and p.optional)]
        slots = _fill(filled, named)
        missing = sum(not p.optional and p.name not in slots for p in question.parameters)
        unused = [m for m in named.outermost if not _find_over(m, slots.values())]
        free = find_free(words, slots.values())
        said = [
            self._say(word.senses, 1.0, _HEARD * _most(word.senses, heard.senses))
            for word in free
            if not _find_over(word, unused)
        ]
        for each in unused:
            senses = _imply(each, free, named, question.parameters)
            said.append(self._say(senses, _IMPLIED, _NAMED_THERE * _most(each.iris, heard.iris)))
        score, understood = self._score(question, said, slots)
        if named.outermost and not slots:
            score -= _DEAF
        score += _NAMED * _share_named(slots, named.outermost, heard)
        if any(class_of(p) == _ANYTHING and not p.optional for p in question.parameters):
            score = _generalise(score, free, slots)
        return Fit(question, slots, score / (1 + missing), understood, not missing)

    def _say(self, senses: _Senses, met: float, heard: float) -> _Said:
        return _Said(senses, self._weigh(senses), met, heard)

    def _make_phrase(self, text: str) -> _Phrase:
        words = tuple((senses, self._weigh(senses)) for senses in _read_senses(text))
        every = frozenset(sense for senses, _ in words for sense in senses)
        return _Phrase(words, every, sum(weight for _, weight in words))

    def _score(
        self, question: Question, said: Sequence[_Said], slots: Mapping[str, Slot]
    ) -> tuple[float, float]:
        """Return how well a question's words fit what is said, and how much of that it has."""
        blanks = _Blanks(
            _BLANK_WEIGHT * sum(slot.share for slot in slots.values()),
            _BLANK_WEIGHT * len(slots),
            _BLANK_WEIGHT * sum(p.name in slots or not p.optional for p in question.parameters),
        )
        whole = sum(each.weight for each in said)
        senses = frozenset(sense for each in said for sense in each.senses)
        likeness, covered = max(
            (_compare(said, whole, senses, each, blanks) for each in self._phrases[question.name]),
            default=(0.0, 0.0),
        )
        profile = self._profiles[question.name]
        profiled = sum(each.weight * max(_most(each.senses, profile), each.heard) for each in said)
        profiled = _divide(profiled, whole)
        score = _LIKENESS * likeness + _COVERED * covered + _PROFILED * profiled
        return score, _share_understood(said, profile)

    def _weigh(self, alternatives: _Senses) -> float:
        """Return the weight of a word: the fewer questions have its senses, the more."""
        weights = [self._weights.get(sense, _UNKNOWN) for sense in alternatives]
        return sum(weights) / len(weights)


def _compare(
    said: Sequence[_Said], whole: float, senses: frozenset[str], phrase: _Phrase, blanks: _Blanks
) -> tuple[float, float]:
    """Return how alike a sentence and a phrase are, and how much of the one the other has.

    `whole` is the weight of all that is said, and `senses` are all its senses.
    """
    shared = sum(
        each.weight
        * (each.heard if phrase.senses.isdisjoint(each.senses) else max(each.met, each.heard))
        for each in said
    )
    meant = sum(
        weight for alternatives, weight in phrase.words if not senses.isdisjoint(alternatives)
    )
    covered = _divide(shared + blanks.filled, whole + blanks.taken)
    hit = _divide(meant + blanks.filled, phrase.weight + blanks.asked)
    return _divide(2 * covered * hit, covered + hit), _divide(shared, whole)


def _share_understood(said: Sequence[_Said], profile: Mapping[str, float]) -> float:
    """Return how much of what is said, but for question words, a question speaks of."""
    content = [each for each in said if _QUESTION_WORDS.isdisjoint(each.senses)]
    shared = sum(each.weight for each in content if _most(each.senses, profile) or each.heard)
    return shared / sum(each.weight for each in content) if content else 1.0


def find_free(words: Iterable[Word], slots: Iterable[Slot]) -> list[Word]:
    """Return the words that no slot takes, but for slots that are only likely."""
    taken = [slot for slot in slots if slot.share >= _LEAST_TAKEN]
    return [word for word in words if not _find_over(word, taken)]


def _generalise(score: float, free: Sequence[Word], slots: Mapping[str, Slot]) -> float:
    """Return the score of a question about anything: less than that of one of its kind.

    It is the answer where no other fits, if the words are those of this field: not to the weather.
    """
    known = sum(word.is_known for word in free)
    fits = slots and 2 * known >= len(free)
    return max(_GENERAL * score, _LAST_RESORT + _SPREAD * score if fits else 0.0)


def _most(keys: Iterable[str], shares: Mapping[str, float]) -> float:
    return max((shares.get(key, 0.0) for key in keys), default=0.0)


def _divide(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _read_texts(question: Question) -> list[str]:
    asked = (text for texts in question.asked.values() for text in texts)
    return [*question.title.values(), *asked]


@cache
def _read_senses(text: str) -> tuple[_Senses, ...]:
    return tuple(word.senses for word in read_words(fold_sentence(_BLANK.sub(" ", text))))


def _share_senses(texts: Sequence[str]) -> dict[str, float]:
    """Return in how many of a question's phrases each sense is, as a share of them."""
    counts = Counter(
        sense for text in texts for sense in {s for senses in _read_senses(text) for s in senses}
    )
    return {sense: number / len(texts) for sense, number in counts.items()}


def _weigh_senses(shares: Collection[Mapping[str, float]]) -> dict[str, float]:
    """Return what each sense weighs, from 0 to 1: less, the more questions' phrases have it."""
    held: Counter[str] = Counter()
    for each in shares:
        held.update(each)
    total = len(shares) + 1
    return {
        sense: math.log(total / max(number, _LEAST_HELD)) / math.log(total / _LEAST_HELD)
        for sense, number in held.items()
    }


def _read_profile(question: Question, shares: Mapping[str, float]) -> dict[str, float]:
    """Return how much each sense says that a question is meant: those of its labels, too."""
    labels = [parameter.label for parameter in question.parameters]
    texts = [*question.tags, question.name.replace("-", " ")]
    texts += [text for label in (*labels, *question.columns.values()) for text in label.values()]
    profile = {s: _LABELLED for text in texts for senses in _read_senses(text) for s in senses}
    for sense, share in shares.items():
        profile[sense] = max(profile.get(sense, 0.0), share**_PROFILE_ROOT)
    return profile


def _fill(parameters: Sequence[Parameter], named: Named) -> dict[str, Slot]:
    """Return the fullest way to give the parameters values that do not touch each other."""
    choices = [[None, *_find_slots(parameter, named)] for parameter in parameters]
    best: dict[str, Slot] = {}
    fullest = (-1, 0.0)
    for chosen in product(*choices):
        slots = [slot for slot in chosen if slot]
        if any(a.start < b.end and b.start < a.end for i, a in enumerate(slots) for b in slots[:i]):
            continue
        worth = len(slots), sum(slot.share for slot in slots)
        if worth > fullest:
            fullest = worth
            best = {p.name: slot for p, slot in zip(parameters, chosen, strict=True) if slot}
    return best


def _find_slots(parameter: Parameter, named: Named) -> list[Slot]:
    """Return what a sentence may give for a parameter, in order; of what overlaps, the most."""
    if parameter.type in named.plain:
        return list(named.plain[parameter.type])
    kind = class_of(parameter)
    slots = []
    for mention in named.mentions:
        iris = frozenset(iri for iri in mention.iris if kind in named.things[iri].classes)
        if iris:
            slots.append(Slot(mention.start, mention.end, mention.share, iris))
    longest = [s for s in slots if all(o.weight <= s.weight for o in _find_over(s, slots))]
    return sorted(longest, key=lambda slot: slot.start)[:_MOST_MENTIONS]


def _find_over(span: _Span, others: Iterable[_AnySpan]) -> list[_AnySpan]:
    """Return those of `others` that have a character in common with `span`."""
    return [each for each in others if each.start < span.end and span.start < each.end]


def _imply(
    mention: Mention,
    words: Sequence[Word],
    named: Named,
    parameters: Iterable[Parameter],
) -> _Senses:
    """Return what a name means to a question that does not take it: its words, and its classes.

    They are as one word of several senses: 招商推介会 says 招商, 推介会 or an event. Where the
    question takes another thing of the kind, it misses this one, whatever its words.
    """
    thing = named.things[min(mention.iris)]
    if any(class_of(parameter) in thing.classes for parameter in parameters):
        return (_MISSED,)
    inside = (sense for word in _find_over(mention, words) for sense in word.senses)
    return tuple(dict.fromkeys((*inside, *thing.senses)))


def find_outermost(mentions: Sequence[Mention]) -> list[Mention]:
    """Return the whole names that no longer one touches."""
    whole = [mention for mention in mentions if mention.share == 1]
    return [m for m in whole if not any(o.weight > m.weight for o in _find_over(m, whole))]


def _share_named(slots: Mapping[str, Slot], outermost: Sequence[Mention], heard: Heard) -> float:
    """Return how much of what the sentence names the question takes, or its answer has."""
    if not outermost:
        return max([_NEUTRAL, *(slot.share for slot in slots.values())])
    shares = (
        max(
            [
                _NAMED_THERE * _most(each.iris, heard.iris),
                *(slot.share * _overlap(slot, each) for slot in slots.values()),
            ]
        )
        for each in outermost
    )
    return sum(shares) / len(outermost)


def _overlap(slot: Slot, mention: Mention) -> float:
    """Return how much of the characters of a mention a slot takes."""
    shared = min(slot.end, mention.end) - max(slot.start, mention.start)
    return max(shared, 0) / (mention.end - mention.start)
