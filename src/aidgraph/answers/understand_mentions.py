"""Which things a sentence names: by the graph's own names, whole, bare, in part or in pinyin."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import pyoxigraph as ox

from aidgraph.answers.lookup_names import bare, drop_accents, fold
from aidgraph.answers.understand_things import read_things
from aidgraph.answers.understand_words import is_known, is_silent, is_word, stem
from aidgraph.names import is_under_passage
from aidgraph.terms import RDF_TYPE, aid

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from aidgraph.store import Store

Span: TypeAlias = tuple[int, int]

_TOKEN = re.compile(r"[a-z0-9]+|[^\W\d_a-z]")
_LATIN = re.compile(r"[a-z0-9]+")
_LEAST_PART = 4  # characters of a name that stand for it, if they are of no other name
_PART_SHARE = 0.6  # a part of a name says less than all of it
_PHRASE_SHARE = 0.3  # and less still, where that is no name but words of a passage
_COMMON_SHARE = 0.6  # a name that is a word of questions, as 园区 is
_WIDE_SHARE = 0.6  # a place that holds most areas, as Xinjiang does
_SHORTEST_PIECE = 2  # characters
_SHORTEST_PART = 3  # if they are half of it
_ENOUGH_WORDS = 3
_MOST_BETWEEN = 2  # other words between those of a name
_LEAST_SHARES = {
    2: 0.5,
    _ENOUGH_WORDS: 0.25,
}  # of the weight of an English name's words, by their number
_LONGEST_SPELLING = 4  # words of pinyin that make a name
_SORT_ZH = re.compile(r"市(?!场)|县|地区|州|镇|乡|村")
_LONGEST = 40  # characters of a Chinese name that are looked up


class Mention(NamedTuple):
    """Where a folded sentence names things: each of `iris` has that name.

    `share` is how much of the name stands there: 1.0 for all of it.
    """

    start: int
    end: int
    iris: frozenset[str]
    share: float = 1.0

    @property
    def weight(self) -> float:
        """How much the mention says: the characters that it takes, by its share."""
        return (self.end - self.start) * self.share

    def touches(self, other: Mention) -> bool:
        """Tell whether the two have a character in common."""
        return self.start < other.end and other.start < self.end


class Gazetteer:
    """All that the graph has a name for, ready to be found in sentences."""

    def __init__(self, store: Store, kinds: Collection[str]) -> None:
        """Read the names of all things; `kinds` as in `read_things`."""
        self.things = read_things(store, kinds)
        self._whole: dict[str, set[str]] = defaultdict(set)
        self._words: dict[tuple[str, ...], set[str]] = defaultdict(set)
        for iri, known in self.things.items():
            for name in known.names:
                self._add(iri, name)
                short = bare(name)
                if short.sort and len(short.text) > 1:
                    self._add(
                        iri, fold(name)[: len(short.text)] if _is_chinese(name) else _kept(name)
                    )
        self._wide = _find_wide(store)
        self._sorts = {
            iri: {bare(name).sort for name in known.names} - {None}
            for iri, known in self.things.items()
        }

    def find(self, sentence: str) -> list[Mention]:
        """Return the mentions in a folded sentence: whole names, parts of names, then pinyin."""
        tokens = [(m[0], m.start(), m.end()) for m in _TOKEN.finditer(drop_accents(sentence))]
        found = [*self._find_chinese(sentence), *self._find_english(tokens)]
        whole = [each._replace(share=self._share(sentence, each)) for each in found]
        parts = [*self._find_parts(sentence, whole), *self._find_words(tokens, whole)]
        return [*whole, *parts, *self._find_spelled(tokens, whole)]

    def _share(self, sentence: str, mention: Mention) -> float:
        """Return how much a whole name says: less where all is there, or any word would be it."""
        text = sentence[mention.start : mention.end]
        latin = _LATIN.findall(text)
        if all(map(is_known, latin)) if latin else is_word(text):
            return _COMMON_SHARE
        return _WIDE_SHARE if mention.iris <= self._wide else 1.0

    def _add(self, iri: str, name: str) -> None:
        folded = drop_accents(fold(name))
        if _is_chinese(name):
            self._whole[folded].add(iri)
        elif words := _stems(folded):
            self._words[words].add(iri)

    def _find_chinese(self, sentence: str) -> Iterator[Mention]:
        for start in range(len(sentence)):
            for end in range(start + 2, min(len(sentence), start + _LONGEST) + 1):
                iris = self._whole.get(sentence[start:end])
                if iris:
                    sort = _SORT_ZH.match(sentence, end)
                    fitting = self._fitting(iris, bare(f"某某{sort[0]}").sort if sort else None)
                    if fitting:
                        yield Mention(start, end, fitting)

    def _find_english(self, tokens: list[tuple[str, int, int]]) -> Iterator[Mention]:
        stems = [stem(word) for word, _, _ in tokens]
        longest = max(map(len, self._words), default=0)
        for first in range(len(tokens)):
            for last in range(first, min(len(tokens), first + longest)):
                iris = self._words.get(tuple(stems[first : last + 1]))
                if iris:
                    after = tokens[last + 1][0] if last + 1 < len(tokens) else ""
                    fitting = self._fitting(iris, bare(f"x {after}").sort)
                    if fitting:
                        yield Mention(tokens[first][1], tokens[last][2], fitting)

    def _fitting(self, iris: Iterable[str], sort: str | None) -> frozenset[str]:
        """Return the things that are not of another sort of place than the word behind says."""
        return frozenset(
            iri for iri in iris if not sort or not self._sorts[iri] or sort in self._sorts[iri]
        )

    def _find_parts(self, sentence: str, whole: list[Mention]) -> Iterator[Mention]:
        """Yield where stretches of a sentence are parts of just one thing's Chinese name."""
        best: dict[Span, list[tuple[int, str]]] = defaultdict(list)
        taken = {(m.start, m.end) for m in whole}
        pairs = {sentence[at : at + 2] for at in range(len(sentence) - 1)}
        for iri, known in self.things.items():
            for name in filter(_is_chinese, known.names):
                if not any(pair in name for pair in pairs):  # most have nothing in common
                    continue
                span = _align(sentence, fold(name))
                if span not in taken and self._stands_for(sentence[slice(*span)], name):
                    best[span].append((span[1] - span[0], iri))
        yield from _only_best(best)

    def _stands_for(self, part: str, name: str) -> bool:
        """Tell whether a part of a name is enough of it: long, or in no other thing's name."""
        if not _is_chinese(part):
            return False
        is_long, is_half = len(part) >= _SHORTEST_PART, 2 * len(part) >= len(name)
        if len(part) >= _LEAST_PART or (is_long and is_half):
            return True
        return (is_long or is_half) and not is_word(part) and self._is_own(part)

    def _is_own(self, part: str) -> bool:
        """Tell whether the names of just one thing have a part; sentences' own words aside."""
        holders = (
            iri
            for iri, known in self.things.items()
            if not is_under_passage(iri) and any(part in name for name in known.names)
        )
        return next(holders, None) is not None and next(holders, None) is None

    def _find_words(
        self, tokens: list[tuple[str, int, int]], whole: list[Mention]
    ) -> Iterator[Mention]:
        """Yield where enough words of an English name stand close together."""
        positions: dict[str, int] = {}
        for at, (word, _, _) in enumerate(tokens):
            positions.setdefault(stem(word), at)
        taken = {(m.start, m.end) for m in whole}
        best: dict[Span, list[tuple[float, str]]] = defaultdict(list)
        for words, iris in self._words.items():
            shared = [word for word in dict.fromkeys(words) if word in positions]
            shared = [word for word in shared if not is_silent(word)]
            if not shared or not self._are_enough(shared, words):
                continue
            places = [positions[word] for word in shared]
            span = tokens[min(places)][1], tokens[max(places)][2]
            if max(places) - min(places) < len(shared) + _MOST_BETWEEN and span not in taken:
                weight = sum(self._weights[word] for word in shared)
                best[span].extend((weight, iri) for iri in iris)
        yield from _only_best(best)

    def _are_enough(self, shared: Sequence[str], words: Sequence[str]) -> bool:
        """Tell whether some words of an English name are enough of it, the rarer the better."""
        if len(shared) == 1:
            return self._weights[shared[0]] == 1 and not is_known(shared[0])
        content = [word for word in dict.fromkeys(words) if not is_silent(word)]
        whole = sum(self._weights[word] for word in content)
        least = _LEAST_SHARES[min(len(shared), _ENOUGH_WORDS)]
        return sum(self._weights[word] for word in shared) >= least * whole

    @cached_property
    def _weights(self) -> dict[str, float]:
        """How much each word of English names says: less, the more things it names."""
        holders: dict[str, set[str]] = defaultdict(set)
        for words, iris in self._words.items():
            for word in words:
                holders[word].update(iri for iri in iris if not is_under_passage(iri))
        return {word: 1 / (len(iris) or 2) for word, iris in holders.items()}

    def _find_spelled(
        self, tokens: list[tuple[str, int, int]], whole: list[Mention]
    ) -> Iterator[Mention]:
        """Yield where unknown Latin words spell a Chinese name."""
        free = [
            _LATIN.fullmatch(word) is not None
            and not is_known(word)
            and not any(m.start <= start and end <= m.end for m in whole)
            for word, start, end in tokens
        ]
        if not any(free):
            return
        from aidgraph.answers.lookup_pinyin import read_spelling

        for first in range(len(tokens)):
            for last in range(min(len(tokens), first + _LONGEST_SPELLING) - 1, first - 1, -1):
                words = [word for word, _, _ in tokens[first : last + 1]]
                spelling = read_spelling(" ".join(words)) if all(free[first : last + 1]) else None
                if spelling is None or len(spelling) < _LEAST_PART:
                    continue
                yield from self._spelled(spelling, tokens[first][1], tokens[last][2])

    def _spelled(self, spelling: str, start: int, end: int) -> Iterator[Mention]:
        """Yield the things whose name is spelled so; else the one that has a part spelled so."""
        from aidgraph.answers.lookup_pinyin import is_spelled

        for is_part, share in ((False, 1.0), (True, _PART_SHARE)):
            found = [
                iris
                for name, iris in self._whole.items()
                if is_spelled(name, spelling, is_part=is_part)
            ]
            iris = frozenset[str]().union(*found)
            if iris and (len(iris) == 1 or not is_part):
                yield Mention(start, end, iris, share)
                return


def _find_wide(store: Store) -> frozenset[str]:
    """Return the places that hold more than half of all recipient areas."""
    area = f"?area {RDF_TYPE} {aid('RecipientArea')} ."
    query = f"SELECT DISTINCT ?area ?place WHERE {{ {area} ?area {aid('within')} ?place }}"
    pairs = [(area, place) for area, place in store.select(query).rows]
    areas = {area for area, _ in pairs}
    held = Counter(place for _, place in pairs)
    return frozenset(
        place.value
        for place, number in held.items()
        if isinstance(place, ox.NamedNode) and 2 * number > len(areas)
    )


def _is_chinese(name: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in name)


def _stems(folded: str) -> tuple[str, ...]:
    return tuple(map(stem, _LATIN.findall(folded)))


def _kept(name: str) -> str:
    """Return an English name without the words for the sort of place."""
    return " ".join(word for word in fold(name).split() if bare(f"x {word}").sort is None)


def _only_best(found: Mapping[Span, Sequence[tuple[float, str]]]) -> Iterator[Mention]:
    """Yield the one thing that a stretch names best, names before phrases; none where more do."""
    for (start, end), candidates in found.items():
        named = [each for each in candidates if not is_under_passage(each[1])]
        most = max(weight for weight, _ in named or candidates)
        iris = frozenset(iri for weight, iri in named or candidates if weight == most)
        if len(iris) == 1:
            yield Mention(start, end, iris, _PART_SHARE if named else _PHRASE_SHARE)


def _align(sentence: str, name: str) -> Span:
    """Return the longest stretch of a sentence that is made of pieces of `name` in order.

    Each piece has two characters at least.
    """
    best = (0, 0)
    for start in range(len(sentence) - 1):
        at, end = 0, start
        while end < len(sentence) - 1:
            size = 0
            while end + size < len(sentence) and sentence[end : end + size + 1] in name[at:]:
                size += 1
            if size < _SHORTEST_PIECE:
                break
            at = name.index(sentence[end : end + size], at) + size
            end += size
        best = max(best, (start, end), key=lambda span: span[1] - span[0])
    return best
