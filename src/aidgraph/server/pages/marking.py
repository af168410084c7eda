"""Where the names of things stand in a sentence, so that a page can mark the very words.

This is a help for the eye: what proves that a name stands there is the gate
(`aidgraph.gates.grounding`), which knows more of names than a page needs to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.terms import RDFS_LABEL, SKOS_ALT_LABEL, aid

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from aidgraph.store import Store

_PARTS = aid("nameParts")
_WRITTEN = aid("asWritten")
_SHORTEST = 2  # characters of a name
_BATCH = 500


class Piece(NamedTuple):
    """A part of a sentence; `names` are the keys of the things that it names, if any."""

    text: str
    names: tuple[str, ...] = ()


def read_words(store: Store, iris: Collection[str]) -> dict[str, list[str]]:
    """Return the Chinese words that each of `iris` goes by: labels, short names, parts, figures."""
    found: dict[str, list[str]] = {}
    wanted = sorted(iri for iri in iris if re.match("https?://", iri))
    for first in range(0, len(wanted), _BATCH):
        values = " ".join(str(ox.NamedNode(iri)) for iri in wanted[first : first + _BATCH])
        query = f"""SELECT DISTINCT ?thing ?how ?name WHERE {{
  VALUES ?thing {{ {values} }}
  VALUES ?how {{ {RDFS_LABEL} {SKOS_ALT_LABEL} {_PARTS} {_WRITTEN} }}
  ?thing ?how ?name . FILTER(LANG(?name) = "zh")
}} ORDER BY ?thing ?how ?name"""
        for thing, how, name in store.select(query).rows:
            if isinstance(thing, ox.NamedNode) and isinstance(name, ox.Literal):
                words = name.value.split("|") if how == _PARTS else [name.value]
                found.setdefault(thing.value, []).extend(words)
    return found


def mark_names(text: str, words: Mapping[str, Sequence[str]]) -> Iterator[Piece]:
    """Yield `text` in pieces, longest names first, each with the keys of `words` that it names.

    >>> pieces = mark_names("北京市投入5.25亿元", {"p": ["北京", "北京市"], "m": ["5.25亿元"]})
    >>> [(piece.text, piece.names) for piece in pieces]
    [('北京市', ('p',)), ('投入', ()), ('5.25亿元', ('m',))]
    """
    named: dict[str, list[str]] = {}
    for key, names in words.items():
        for name in names:
            if len(name) >= _SHORTEST:
                named.setdefault(name, []).append(key)
    if not named:
        yield Piece(text)
        return
    longest_first = sorted(named, key=lambda name: (-len(name), name))
    pattern = re.compile("|".join(map(re.escape, longest_first)))
    end = 0
    for found in pattern.finditer(text):
        if found.start() > end:
            yield Piece(text[end : found.start()])
        yield Piece(found[0], tuple(dict.fromkeys(named[found[0]])))
        end = found.end()
    if end < len(text):
        yield Piece(text[end:])
