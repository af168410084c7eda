"""The names of things, and where a text mentions them: longest name first.

A name stands whole in the text, or, where the text prints it apart (疏勒县 … 户外运动装备 …
产业园), its parts stand in order in one `;` clause with no other place named between them.
A name inside a longer one (江西 in 江西工业园) is a mention too, and says inside what it lies.
Two kinds of longer names hide nothing: the words of a thing without a name of its own, which
sits under its passage, hide no name; and the name of a sort of thing (和田玉米, 产业援疆项目)
hides only such names.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from aidgraph.articles import clauses
from aidgraph.terms import RDFS_LABEL, SKOS_ALT_LABEL, aid, split_passage

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

Span: TypeAlias = tuple[int, int]
NAME_PARTS = aid("nameParts")
_NAMING = frozenset({NAME_PARTS, RDFS_LABEL, SKOS_ALT_LABEL})
_PARTS_JOINED_BY = "|"
_LINE_BREAKS = "\r\n"


@dataclass(frozen=True, slots=True)
class Name:
    """A Chinese name of an entity (its IRI): the parts that the text prints, mostly one."""

    entity: str
    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The name in one piece."""
        return "".join(self.parts)


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names an entity: the spans of the name's parts, in code points.

    `inside` has the entities in whose longer names the mention lies.
    """

    entity: str
    spans: tuple[Span, ...]
    inside: frozenset[str] = frozenset()

    @property
    def start(self) -> int:
        """Where the first part starts."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """Where the last part ends."""
        return self.spans[-1][1]


@dataclass(frozen=True, slots=True)
class _Word:
    """One occurrence of words that name one entity or several."""

    start: int
    end: int
    entities: tuple[str, ...]

    def __len__(self) -> int:
        return self.end - self.start

    def touches(self, other: _Word) -> bool:
        return self.start < other.end and other.start < self.end

    def holds(self, other: _Word) -> bool:
        return self.start <= other.start and other.end <= self.end


def read_names(quads: Iterable[ox.Quad]) -> list[Name]:
    """Read the Chinese names that `quads` give: labels, short names and composed names.

    Where the parts of a composed name spell one of the labels, they stand in its stead.
    """
    whole: dict[str, list[str]] = defaultdict(list)
    composed: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for quad in quads:
        if quad.predicate not in _NAMING:
            continue
        if not isinstance(quad.subject, ox.NamedNode) or not isinstance(quad.object, ox.Literal):
            continue
        entity, words = quad.subject.value, quad.object.value
        if quad.predicate == NAME_PARTS:
            composed[entity].append(tuple(words.split(_PARTS_JOINED_BY)))
        elif quad.object.language == "zh":
            whole[entity].append(words)
    names = [Name(entity, parts) for entity, each in composed.items() for parts in each]
    spelt = {(name.entity, name.text) for name in names}
    names.extend(
        Name(entity, (text,))
        for entity, texts in whole.items()
        for text in texts
        if (entity, text) not in spelt
    )
    return names


class Lexicon:
    """All names that one article may use, ready to be found in its passages."""

    def __init__(
        self,
        names: Iterable[Name],
        *,
        text: str,
        places: Container[str] = frozenset(),
        generic: Container[str] = frozenset(),
    ) -> None:
        """Keep the `names` whose every part stands in the article's `text`.

        Args:
            names: what `read_names` gave.
            text: the whole article; only its passages can then be searched.
            places: the entities whose names may not come between the parts of another's.
            generic: the sorts of things, whose names hide only each other's.
        """
        flat = join_lines(text)
        self._places = places
        self._generic = generic
        self._whole: dict[str, tuple[str, ...]] = {}
        self._composed: list[Name] = []
        for name in sorted(set(names), key=lambda each: (each.entity, each.parts)):
            if not all(part and part in flat for part in name.parts):
                continue
            if len(name.parts) > 1:
                self._composed.append(name)
            else:
                self._whole[name.text] = (*self._whole.get(name.text, ()), name.entity)

    def find(self, passage: str) -> list[Mention]:
        """Find every mention in a passage, in order; a name may run over a page break."""
        flat = join_lines(passage)
        positions = [at for at, character in enumerate(passage) if character not in _LINE_BREAKS]
        mentions = list(self._sort_out(list(self._find_words(flat))))
        places = [
            mention for mention in mentions if mention.entity in self._places and not mention.inside
        ]
        for name in self._composed:
            mentions.extend(_find_parts(flat, name, places))
        found = (_put_back(mention, positions) for mention in mentions)
        return sorted(found, key=lambda each: (each.start, -each.end, each.entity))

    def _find_words(self, text: str) -> Iterator[_Word]:
        for words, entities in self._whole.items():
            for start in find_all(text, words):
                yield _Word(start, start + len(words), entities)

    def _sort_out(self, words: list[_Word]) -> Iterator[Mention]:
        """Yield the mentions of `words`, but for those that an outermost name cuts in two."""
        outermost: list[tuple[_Word, str]] = []
        done: list[tuple[_Word, str]] = []
        for word in sorted(words, key=len, reverse=True):
            for entity in word.entities:
                hiding = [
                    (each, other)
                    for each, other in done
                    if len(each) > len(word) and each.touches(word) and self._hides(other, entity)
                ]
                done.append((word, entity))
                if not hiding:
                    outermost.append((word, entity))
                inside = frozenset(other for each, other in hiding if each.holds(word))
                is_cut = any(
                    not each.holds(word) for each, other in hiding if (each, other) in outermost
                )
                if entity not in inside and (not is_cut or is_under_passage(entity)):
                    yield Mention(entity, ((word.start, word.end),), inside)

    def _hides(self, longer: str, shorter: str) -> bool:
        if is_under_passage(longer):
            return longer == shorter
        return longer not in self._generic or shorter in self._generic


def is_under_passage(entity: str) -> bool:
    """Tell whether an IRI is that of a thing without a name of its own, as `…/p13.2-aims`."""
    found = split_passage(entity)
    return found is not None and bool(found[2])


def join_lines(text: str) -> str:
    """Return `text` without its line breaks, over which a name may run."""
    return text.replace("\r", "").replace("\n", "")


def find_all(text: str, words: str) -> Iterator[int]:
    """Yield where `words` start in `text`, overlapping occurrences too."""
    start = text.find(words)
    while start >= 0:
        yield start
        start = text.find(words, start + 1)


def _find_parts(text: str, name: Name, places: list[Mention]) -> Iterator[Mention]:
    """Yield the mentions of a composed name, each from the last first part that can begin it."""
    for start, end in clauses(text):
        found: dict[Span, tuple[Span, ...]] = {}
        for first in find_all(text[start:end], name.parts[0]):
            spans = _follow(text, name.parts, start + first, end)
            if spans and not _is_interrupted(spans, name.entity, places):
                found[spans[-1]] = spans
        for spans in found.values():
            yield Mention(name.entity, spans)


def _follow(text: str, parts: tuple[str, ...], start: int, end: int) -> tuple[Span, ...]:
    """Return where each part first stands after the one before, or () if one does not."""
    spans: list[Span] = []
    for part in parts:
        found = text.find(part, start, end)
        if found < 0:
            return ()
        start = found + len(part)
        spans.append((found, start))
    return tuple(spans)


def _is_interrupted(spans: tuple[Span, ...], entity: str, places: list[Mention]) -> bool:
    gaps = [(left[1], right[0]) for left, right in pairwise(spans)]
    return any(
        start <= place.start and place.end <= end and place.entity != entity
        for start, end in gaps
        for place in places
    )


def _put_back(mention: Mention, positions: list[int]) -> Mention:
    """Return a mention found in the joined text with the positions of the text as printed."""
    spans = tuple((positions[start], positions[end - 1] + 1) for start, end in mention.spans)
    return Mention(mention.entity, spans, mention.inside)
