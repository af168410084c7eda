"""The names of things, and the forms in which people's spelling and the graph's can meet.

A name is met *folded* (without case, width of letters, marks of quotation), or *bare*: without
accents, spaces and the word that says what sort of place it is. That word must not contradict:
喀什 and Kashgar may be 喀什地区, but 喀什市 may not.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.terms import RDFS_LABEL, SKOS_ALT_LABEL, aid

if TYPE_CHECKING:
    from collections.abc import Collection

    from aidgraph.store import Store

CODE = aid("code")

_NAMING = (RDFS_LABEL, SKOS_ALT_LABEL, CODE)
_LISTED = ", ".join(map(str, _NAMING))

_MARKS = re.compile(r"[《》“”‘’\"']")
_WORD = re.compile(r"[^\W_]+")
_PEOPLES = "(?:(?:维吾尔|哈萨克|柯尔克孜|蒙古|塔吉克|锡伯|[回藏壮羌彝苗侗傣])族?)?"
_SORT = re.compile(rf"(?<=..)(?:{_PEOPLES}(?P<own>自治[区州县])|地区|[省市县区州镇乡村])$")
_SORTS = {
    **dict.fromkeys(("省", "province"), "province"),
    **dict.fromkeys(("市", "city", "municipality"), "city"),
    **dict.fromkeys(("县", "自治县", "county"), "county"),
    **dict.fromkeys(("地区", "州", "自治州", "自治区", "prefecture", "region"), "region"),
    **dict.fromkeys(("区", "district"), "district"),
    **dict.fromkeys(("镇", "town"), "town"),
    **dict.fromkeys(("乡", "township"), "township"),
    **dict.fromkeys(("村", "village"), "village"),
}
_PEOPLES_EN = ("kazakh", "hui", "mongol", "mongolian", "kirgiz", "kyrgyz", "uygur", "uyghur")
_WITHOUT_WEIGHT = frozenset({"the", "of", "autonomous", *_PEOPLES_EN})
_SHORTEST_STEM = 3


class Name(NamedTuple):
    """One way to call a thing; `rank` 0 is its label or code, 1 a short name.

    `language` is None where the name is of none, as a code is.
    """

    rank: int
    text: str
    iri: str
    language: str | None = None


class Bare(NamedTuple):
    """A name without the word for the sort of place, and that sort, None where it has no word."""

    text: str
    sort: str | None


def read_names(store: Store, kind: str, called: Collection[ox.Literal] | None = None) -> list[Name]:
    """Return the names of the things of class `kind` (its IRI).

    Of all; or of those alone that have one of `called` as a name, each with its other names too.
    """
    if called is None:
        either = " UNION ".join(
            f"{{ ?thing {how} ?name BIND({how} AS ?property) }}" for how in _NAMING
        )
        body = f"?thing a {ox.NamedNode(kind)} . {either}"
    else:
        body = f"""VALUES ?called {{ {" ".join(map(str, called))} }}
  ?thing ?how ?called .
  FILTER(?how IN ({_LISTED}))
  FILTER EXISTS {{ ?thing a {ox.NamedNode(kind)} }}
  ?thing ?property ?name .
  FILTER(?property IN ({_LISTED}))"""
    query = f"""SELECT DISTINCT ?thing ?property ?name WHERE {{
  {body}
}} ORDER BY ?thing ?property ?name"""
    return [
        Name(int(how == SKOS_ALT_LABEL), name.value, thing.value, name.language)
        for thing, how, name in store.select(query).rows
        if isinstance(thing, ox.NamedNode) and isinstance(name, ox.Literal)
    ]


def read_literals(store: Store, kind: str | None = None) -> list[ox.Literal]:
    """Return each name once, however many things have it: of things of class `kind`, or of all.

    Property by property: with a variable in its place, the engine reads all of every thing.
    """
    of_kind = f"?thing a {ox.NamedNode(kind)} ." if kind else ""
    found: dict[ox.Literal, None] = {}
    for how in _NAMING:
        query = f"SELECT DISTINCT ?name WHERE {{ {of_kind} ?thing {how} ?name }}"
        rows = store.select(query).rows
        found |= dict.fromkeys(name for (name,) in rows if isinstance(name, ox.Literal))
    return [*found]


def fold(text: str) -> str:
    """Return `text` as it is compared: without case, width, quotation and title marks.

    >>> fold("《Ｋashgar》")
    'kashgar'
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    return " ".join(plain.split()).casefold()


@cache
def bare(text: str) -> Bare:
    """Return a name without accents, spaces, and the word for the sort of place that it is.

    >>> bare("昌吉回族自治州"), bare("Kashgar Prefecture"), bare("Ürümqi")
    (Bare(text='昌吉', sort='region'), Bare(text='kashgar', sort='region'), \
Bare(text='urumqi', sort=None))
    """
    plain = drop_accents(fold(text))
    found = _SORT.search(plain)
    if found:
        sort = _SORTS[found["own"] or found[0]]
        return Bare(_squeeze(plain[: found.start()]), sort)
    words = [word for word in _WORD.findall(plain) if word not in _WITHOUT_WEIGHT]
    sorts = [_SORTS[word] for word in words if word in _SORTS]
    kept = [word for word in words if word not in _SORTS]
    if not sorts or not kept:
        return Bare(_squeeze(plain), None)
    return Bare("".join(map(_stem, kept)), sorts[-1])


def drop_accents(text: str) -> str:
    """Return `text` without the marks over and under its letters.

    >>> drop_accents("kā shí, Ürümqi")
    'ka shi, Urumqi'
    """
    if text.isascii():
        return text
    parts = unicodedata.normalize("NFD", text)
    kept = "".join(part for part in parts if unicodedata.category(part) != "Mn")
    return unicodedata.normalize("NFC", kept)


def _squeeze(text: str) -> str:
    return "".join(_stem(word) for word in _WORD.findall(text) if word not in _WITHOUT_WEIGHT)


def _stem(word: str) -> str:
    """Return an English word without the s of its plural."""
    is_plural = word.endswith("s") and not word.endswith("ss") and len(word) > _SHORTEST_STEM
    return word[:-1] if is_plural and word.isascii() else word
