"""What people call a thing of whatever class, found: by name, code, CURIE, IRI or passage."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.answers.lookup import expand, find_fitting, find_nearest
from aidgraph.answers.lookup_names import CODE, Name
from aidgraph.answers.results import read_labels
from aidgraph.errors import AmbiguousError, NotFoundError, UsageError
from aidgraph.terms import (
    ARTICLE,
    RDFS,
    RDFS_LABEL,
    SKOS,
    SKOS_ALT_LABEL,
    aid,
    curie,
    split_passage,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aidgraph.questions import Language
    from aidgraph.store import Store

_NOTATION = ox.NamedNode(f"{SKOS}notation")
_DEFINED_BY = ox.NamedNode(f"{RDFS}isDefinedBy")
_UNDER_PASSAGE = re.compile(r"p\d+\.\d+(-.+)?")
_MOST_SHOWN = 12
_OF_ONTOLOGY = 2  # added to a name's rank: what people name is a thing before it is a term


def find_thing(store: Store, given: str, language: Language) -> ox.NamedNode:
    """Return the thing that a person means by `given`, of whatever class.

    Names are compared as for a question's parameter (`lookup.read_value`). `p12.2` is the passage
    of the article that has it, `article:ID/p12.2` that of one article.

    Raises:
        UsageError: `given` is empty.
        NotFoundError: nothing is called so; nearest names are given.
        AmbiguousError: several things are; the message lists them.
    """
    text = unicodedata.normalize("NFC", given).strip()
    if not text:
        en = "The name is empty: give one such as 喀什地区, 653100 or place:653100."
        raise UsageError(en, "名称为空：请给出一个，如 喀什地区、653100 或 place:653100。")
    found = _find_iris(store, text)
    if not found:
        names = _read_names(store, text) or _read_names(store)
        fitting = find_fitting(names, text)
        best = min((name.rank for name in fitting), default=0)
        found = sorted({name.iri for name in fitting if name.rank == best})
        if not found:
            raise _nothing(text, [] if "://" in text else find_nearest(names, text))
    if len(found) > 1:
        raise _several(store, text, found, language)
    return ox.NamedNode(found[0])


def _find_iris(store: Store, text: str) -> list[str]:
    """Return the IRIs that `text` is or is short for, of things that the store knows."""
    if _UNDER_PASSAGE.fullmatch(text):
        rows = store.select(f"SELECT DISTINCT ?a WHERE {{ ?a a {aid('Article')} }}").rows
        candidates = [f"{a.value}/{text}" for (a,) in rows if isinstance(a, ox.NamedNode)]
    else:
        candidates = [expand(text), ARTICLE + text.removeprefix("article:")]
    return sorted(iri for iri in set(candidates) if _is_known(store, iri))


def _is_known(store: Store, iri: str) -> bool:
    try:
        thing = ox.NamedNode(iri)
    except ValueError:  # it is no IRI, but a name
        return False
    return store.ask(f"ASK {{ {{ {thing} ?p ?o }} UNION {{ ?s ?p {thing} }} }}")


def _read_names(store: Store, text: str | None = None) -> list[Name]:
    """Return the names of all things, or those that are `text`; the ontology's terms come last."""
    forms = [ox.Literal(text, language=tag) for tag in ("en", "zh")] if text else []
    given = " ".join(map(str, (*forms, ox.Literal(text)))) if text else ""
    query = f"""SELECT DISTINCT ?thing ?property ?name ?term WHERE {{
  {f"VALUES ?name {{ {given} }}" if text else ""}
  VALUES ?property {{ {RDFS_LABEL} {SKOS_ALT_LABEL} {CODE} {_NOTATION} }}
  ?thing ?property ?name .
  FILTER(ISIRI(?thing))
  OPTIONAL {{ ?thing {_DEFINED_BY} ?term }}
}} ORDER BY ?thing ?property ?name"""
    return [
        Name(
            int(how == SKOS_ALT_LABEL) + _OF_ONTOLOGY * int(term is not None),
            name.value,
            thing.value,
            name.language,
        )
        for thing, how, name, term in store.select(query).rows
        if isinstance(thing, ox.NamedNode) and isinstance(name, ox.Literal)
    ]


def _nothing(text: str, nearest: Iterable[str]) -> NotFoundError:
    listed = [*nearest]
    en = f"Nearest: {', '.join(listed)}." if listed else "“aidgraph queries” lists what to ask."
    zh = (
        f"最接近的有：{'、'.join(listed)}。" if listed else "可用“aidgraph queries”查看能提的问题。"
    )
    return NotFoundError(f"Nothing is called “{text}”. {en}", f"没有名为“{text}”的事物。{zh}")


def _several(store: Store, text: str, found: list[str], language: Language) -> AmbiguousError:
    labels = read_labels(store, found, language)
    shown = [f"{labels[iri]} ({short_name(iri)})" for iri in found[:_MOST_SHOWN]]
    more = "" if len(found) <= _MOST_SHOWN else ", …"
    listed = "; ".join(shown) + more
    en = "Give the full name, the code or the CURIE."
    return AmbiguousError(
        f"“{text}” may be any of {len(found)}: {listed}. {en}",
        f"“{text}”可指 {len(found)} 者之一：{listed}。请给出全称、代码或 CURIE。",
    )


def short_name(iri: str) -> str:
    """Return the CURIE that names a thing to `find_thing`; of a passage, with its article."""
    if split_passage(iri) is not None:
        return f"article:{iri.removeprefix(ARTICLE)}"
    return curie(iri)
