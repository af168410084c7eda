"""Every name that anything goes by, in the forms in which names are compared.

A name that is typed as it stands is looked up in the store. Any other is met here: names are read
once a store, each once however many things have it, so that the next look-up costs no more.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from aidgraph.answers.lookup_names import bare, fold, read_literals

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyoxigraph as ox

    from aidgraph.store import Store

_LATIN = re.compile("[A-Za-z]")


class Index:
    """The names in a store, by their forms."""

    def __init__(self, literals: Iterable[ox.Literal]) -> None:
        """Take the names, each once."""
        self._folded: defaultdict[str, list[ox.Literal]] = defaultdict(list)
        self._bare: defaultdict[str, list[ox.Literal]] = defaultdict(list)
        self._chinese: list[ox.Literal] = []
        for literal in literals:
            self._folded[fold(literal.value)].append(literal)
            self._bare[bare(literal.value).text].append(literal)
            if literal.language == "zh":
                self._chinese.append(literal)

    def find_alike(self, text: str) -> list[ox.Literal]:
        """Return the names that are `text` when both are folded or bare (`lookup_names`)."""
        found = self._folded.get(fold(text), []) + self._bare.get(bare(text).text, [])
        return list(dict.fromkeys(found))

    def find_spelled(self, text: str) -> list[ox.Literal]:
        """Return the Chinese names that are spelled so, with or without their sort of place."""
        if not _LATIN.search(text):
            return []
        from aidgraph.answers.lookup_pinyin import is_spelled, read_spelling

        spellings = {read_spelling(text), read_spelling(bare(text).text)} - {None}
        return [
            name
            for name in self._chinese
            for spelling in spellings
            if spelling
            and (is_spelled(name.value, spelling) or is_spelled(bare(name.value).text, spelling))
        ]


_indexes: WeakKeyDictionary[Store, Index] = WeakKeyDictionary()


def index_of(store: Store) -> Index:
    """Return the index of the names in `store`, made when it is first wanted."""
    index = _indexes.get(store)
    if index is None:
        index = _indexes[store] = Index(read_literals(store))
    return index
