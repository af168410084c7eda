"""What the words of a question mean, in both languages: words become senses to be compared.

A sense (`money`, for 资金, 钱, funds, paid …) is one of this field, listed in
`understand_senses.tsv` beside this module; a word may have several. Where no sense is known, an
English word counts as its stem, and Chinese as pairs of characters. One list serves both
languages, so that a question put in one is found by a text in the other. Lines that begin with
`=` list words for the same thing in names: the first stands for the others, as the graph has it;
for one character (闽) only where it stands alone, or before what is a province's (闽企).
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aidgraph.answers.lookup_names import drop_accents, fold

if TYPE_CHECKING:
    from collections.abc import Iterator

_SENSES = Path(__file__).with_name("understand_senses.tsv")
_SILENT = "-"  # the sense of words that say nothing of what is asked
_SAME = "="  # begins the name of a line of words that stand for each other
_ENGLISH, _CHINESE = 1, 2  # columns
_SHORTEST, _LONGEST = 3, 5  # letters of an English stem, characters of a Chinese word
_WORD = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*|[^\W\d_a-z]+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"[’']s\b|[’'](?=\s)")
_SHORT_NAME = r"(?<![一-鿿]){0}(?![一-鿿])|{0}(?=省|方|企|商(?!品)|货|籍|援|对口|前指|指挥部)"
_WHOLE = frozenset({"training"})  # no form of train
_SPELLINGS = (("ization", "isation"), ("izing", "ising"), ("ized", "ised"), ("center", "centre"))


class Word(NamedTuple):
    """A word of a text: its senses, and where it stands, in code points of the folded text."""

    senses: tuple[str, ...]
    start: int
    end: int
    is_known: bool = True


def fold_sentence(text: str) -> str:
    """Return a sentence folded as names are, without possessives, in the words of the graph.

    >>> fold_sentence("Shanghai's “太阳能”?"), fold_sentence("闽企与京味")
    ('shanghai 光伏?', '福建企与京味')
    """
    folded = fold(_POSSESSIVE.sub("", text))
    if folded.isascii():
        return folded
    for other, first in _same(_CHINESE).items():
        if len(other) > 1:
            folded = folded.replace(other, first)
        elif other in folded:
            folded = re.sub(_SHORT_NAME.format(other), first, folded)
    return folded


def read_words(text: str) -> list[Word]:
    """Return the words of a folded text that say something, in order."""
    found: list[Word] = []
    for word in _WORD.finditer(text):
        if word[0].isascii():
            senses = _english().get(stem(word[0]))
            if senses is None:
                found.append(Word((stem(word[0]),), *word.span(), is_known=False))
            elif senses:
                found.append(Word(senses, *word.span()))
        else:
            found += _cut(text, *word.span())
    return found


@cache
def stem(word: str) -> str:
    """Return the part of an English word that its forms share, or that of its stand-in.

    >>> stem("planned") == stem("planning"), stem("companies"), stem("solar")
    (True, 'company', 'photovoltaic')
    """
    root = _root(drop_accents(word))
    return _same(_ENGLISH).get(root, root)


def is_known(word: str) -> bool:
    """Tell whether an English word is in the list of senses."""
    return stem(word) in _english()


def is_word(text: str) -> bool:
    """Tell whether Chinese characters are a word in the list of senses."""
    return text in _chinese()


def is_silent(word: str) -> bool:
    """Tell whether an English word says nothing of what is asked."""
    return _english().get(stem(word)) == ()


def _root(word: str) -> str:
    for american, british in _SPELLINGS:
        word = word.replace(american, british)
    if word in _WHOLE:
        return word
    for ending, instead, least in (("ies", "y", 5), ("ing", "", 6), ("ed", "", 5), ("s", "", 4)):
        if word.endswith(ending) and not word.endswith(("ss", "us", "is")) and len(word) >= least:
            word = word[: -len(ending)] + instead
            break
    if len(word) > _SHORTEST and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word[:-1] if word.endswith("e") and len(word) > _SHORTEST else word


def _cut(text: str, start: int, end: int) -> Iterator[Word]:
    """Cut a run of Chinese into listed words, and pairs of the characters between them."""
    rest = start
    for at, length in _find_words(text[start:end]):
        yield from _pairs(text, rest, start + at)
        senses = _chinese()[text[start + at : start + at + length]]
        rest = start + at + length
        if senses:
            yield Word(senses, start + at, rest)
    yield from _pairs(text, rest, end)


def _find_words(run: str) -> list[tuple[int, int]]:
    """Return where the listed words of a run begin, and how long they are: the longest ones.

    在哪几个县 has 哪几个 (which), not 在哪 (where) and 几个 (how many): the sum of the squares of
    the lengths is the greatest.
    """
    listed = _chinese()
    best: list[tuple[int, list[tuple[int, int]]]] = [(0, [])]
    for end in range(1, len(run) + 1):
        fittest = best[-1]
        for length in range(1, min(_LONGEST, end) + 1):
            if run[end - length : end] in listed:
                worth, words = best[end - length]
                if worth + length**2 > fittest[0]:
                    fittest = (worth + length**2, [*words, (end - length, length)])
        best.append(fittest)
    return best[-1][1]


def _pairs(text: str, start: int, end: int) -> Iterator[Word]:
    if end - start == 1:
        yield Word((text[start],), start, end, is_known=False)
    for at in range(start, end - 1):
        yield Word((text[at : at + 2],), at, at + 2, is_known=False)


@cache
def _english() -> dict[str, tuple[str, ...]]:
    """Return the senses of each English stem; a silent one has none."""
    return _read_senses(_ENGLISH)


@cache
def _chinese() -> dict[str, tuple[str, ...]]:
    """Return the senses of each Chinese word; a silent one has none."""
    return _read_senses(_CHINESE)


def _read_senses(column: int) -> dict[str, tuple[str, ...]]:
    senses: dict[str, tuple[str, ...]] = {}
    for sense, words in _read_lines(column):
        if sense.startswith(_SAME):
            continue
        for word in words:
            root = stem(word) if column == _ENGLISH else word
            own = () if sense == _SILENT else (sense,)
            senses[root] = tuple(dict.fromkeys((*senses.get(root, ()), *own)))
    return senses


@cache
def _same(column: int) -> dict[str, str]:
    """Return for each word that another stands for that other one; in English, of their stems."""
    form = _root if column == _ENGLISH else str
    return {
        form(other): form(words[0])
        for sense, words in _read_lines(column)
        if sense.startswith(_SAME) and words
        for other in words[1:]
    }


def _read_lines(column: int) -> Iterator[tuple[str, list[str]]]:
    for line in _SENSES.read_text(encoding="utf-8").splitlines()[1:]:
        cells = line.split("\t")
        yield cells[0], cells[column].split()
