"""What people type, looked up in the graph: a name, a code, a CURIE or an IRI to a term."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.answers.lookup_index import index_of
from aidgraph.answers.lookup_names import Bare, Name, bare, fold, read_literals, read_names
from aidgraph.errors import AmbiguousError, NotFoundError, UsageError
from aidgraph.terms import SKOS, curie, prefixes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aidgraph.questions import Parameter
    from aidgraph.store import Store

_CURIE = re.compile(r"(?P<prefix>[A-Za-z][\w-]*):(?P<local>[\w.-]+)")
_MOST_SHOWN = 6
_BY_LETTERS, _BY_SOUND = 0.4, 0.75  # how alike names must be to be offered


def read_value(store: Store, parameter: Parameter, given: str) -> ox.NamedNode | ox.Literal:
    """Return what a person means by `given`, as the term that `parameter` takes.

    A thing is found by IRI, CURIE, published code, label or short name, in either language; case,
    width, accents, spaces, quotation marks and the word for the sort of place aside; at last by
    pinyin. A label goes before a short name.

    Raises:
        UsageError: `given` is empty, has a backslash or a control character, or is no number or
            listed value where one is wanted.
        NotFoundError: no thing of the parameter's class is called so; nearest names are given.
        AmbiguousError: several are; the message lists them.
    """
    text = unicodedata.normalize("NFC", given).strip()
    if not text:
        en = f"--{parameter.name} is empty: give a value such as {parameter.example}."
        zh = f"--{parameter.name} 为空：请给出一个值，如 {parameter.example}。"
        raise UsageError(en, zh)
    if "\\" in text or any(unicodedata.category(character) == "Cc" for character in text):
        # Engines differ in what `\\\\u0022` is in a query: rdflib ends the string there.
        en = f"--{parameter.name} has a backslash, a line break or a control character: remove it."
        raise UsageError(en, f"--{parameter.name} 含有反斜杠、换行或控制字符：请删去。")
    if parameter.type == "text":
        return ox.Literal(text)
    if parameter.type in ("number", "choice", "flag"):
        from aidgraph.answers.lookup_plain import READERS  # few questions take one

        return READERS[parameter.type](parameter, text)
    kind = class_of(parameter)
    found, names = _find(store, kind, text)
    if not found:
        raise _nothing(parameter, text, _find_nearest(store, kind, text))
    if len(found) > 1:
        raise _several(parameter, text, found, names)
    return ox.NamedNode(found[0])


def find_things(store: Store, parameter: Parameter, given: str) -> list[str]:
    """Return the IRIs of all things that `read_value` may take `given` for."""
    return _find(store, class_of(parameter), unicodedata.normalize("NFC", given).strip())[0]


def _find(store: Store, kind: str, text: str) -> tuple[list[str], list[Name]]:
    """Return the things of class `kind` that `text` may be, with their names."""
    iri = expand(text)
    if _is_a(store, iri, kind):
        return [iri], []
    for literals in _find_literals(store, text):
        names = read_names(store, kind, literals) if literals else []
        fitting = find_fitting(names, text)
        if fitting:
            best = min(name.rank for name in fitting)
            return sorted({name.iri for name in fitting if name.rank == best}), names
    return [], []


def _is_a(store: Store, iri: str, kind: str) -> bool:
    try:
        return store.ask(f"ASK {{ {ox.NamedNode(iri)} a {ox.NamedNode(kind)} }}")
    except ValueError:  # it is no IRI, but a name
        return False


def _find_literals(store: Store, text: str) -> Iterator[list[ox.Literal]]:
    """Yield the names that `text` may be, the likelier first; the others cost an index."""
    yield [ox.Literal(text), *(ox.Literal(text, language=tag) for tag in ("en", "zh"))]
    yield index_of(store).find_alike(text)
    yield index_of(store).find_spelled(text)


def class_of(parameter: Parameter) -> str:
    """Return the IRI of the class that a parameter's values are of."""
    return f"{SKOS}Concept" if parameter.type == "concept" else expand(parameter.type)


def expand(text: str) -> str:
    """Return the IRI of a CURIE with one of the project's prefixes; other texts as they are.

    >>> expand("aid:Place")
    'https://w3id.org/aidgraph/ont#Place'
    """
    found = _CURIE.fullmatch(text)
    if found is None or found["prefix"] not in prefixes():
        return text.removeprefix("<").removesuffix(">")
    return prefixes()[found["prefix"]] + found["local"]


def find_fitting(names: Sequence[Name], text: str) -> list[Name]:
    """Return the names that `text` may be: as it stands, else folded, else bare, else in pinyin."""
    folded, typed = fold(text), bare(text)
    return (
        [name for name in names if name.text == text]
        or [name for name in names if fold(name.text) == folded]
        or [name for name in names if bare(name.text) == typed]
        or [name for name in _compatible(names, typed) if bare(name.text).text == typed.text]
        or _spelled(names, text)
    )


def _compatible(names: Iterable[Name], typed: Bare) -> Iterator[Name]:
    """Yield the names of things that no name calls another sort of place than `typed` does."""
    if typed.sort is None:
        yield from names
        return
    known = list(names)
    sorts: dict[str, set[str]] = {}
    for name in known:
        sort = bare(name.text).sort
        sorts.setdefault(name.iri, set()).update([sort] if sort else [])
    yield from (name for name in known if not sorts[name.iri] or typed.sort in sorts[name.iri])


def _spelled(names: Iterable[Name], text: str) -> list[Name]:
    """Return the Chinese names that are spelled so, with or without the word for their sort."""
    if not re.search(r"[A-Za-z]", text):
        return []
    from aidgraph.answers.lookup_pinyin import is_spelled, read_spelling

    typed = bare(text)
    whole, without = read_spelling(text), read_spelling(typed.text)
    chinese = [name for name in names if name.language == "zh"]
    found = [name for name in chinese if whole and is_spelled(name.text, whole)]
    return found or [
        name
        for name in _compatible(chinese, typed)
        if without and is_spelled(bare(name.text).text, without)
    ]


def _nothing(parameter: Parameter, text: str, nearest: Sequence[str]) -> NotFoundError:
    en, zh = f"An example: {parameter.example}.", f"示例：{parameter.example}。"
    if nearest:
        en, zh = f"Nearest: {', '.join(nearest)}.", f"最接近的有：{'、'.join(nearest)}。"
    label = parameter.label
    return NotFoundError(
        f"No {label['en']} is called “{text}”. {en}", f"没有名为“{text}”的{label['zh']}。{zh}"
    )


def find_nearest(names: Iterable[Name], text: str) -> list[str]:
    """Return a name of each of the few things that are called, or sound, most like `text`."""
    of_thing: dict[str, str] = {}
    for name in _rank_nearest(names, text):
        of_thing.setdefault(name.iri, name.text)
    return list(of_thing.values())[:_MOST_SHOWN]


def _find_nearest(store: Store, kind: str, text: str) -> list[str]:
    """Do so of the things of class `kind`, of which only those are read that have such a name."""
    known = {literal.value: literal for literal in read_literals(store, kind)}
    each_once = [Name(0, name, "", literal.language) for name, literal in known.items()]
    ranks: dict[str, int] = {}
    for rank, name in enumerate(_rank_nearest(each_once, text)):
        ranks.setdefault(name.text, rank)
    named = read_names(store, kind, [known[text] for text in ranks]) if ranks else []
    nearest = [name for name in named if name.text in ranks]
    return find_nearest(sorted(nearest, key=lambda name: ranks[name.text]), text)


def _rank_nearest(names: Iterable[Name], text: str) -> list[Name]:
    """Return the names that have `text` in them or the reverse, that sound alike, that look so."""
    from difflib import get_close_matches  # only a mistake needs it

    from aidgraph.answers.lookup_pinyin import spell

    by_fold: dict[str, Name] = {}
    by_sound: dict[str, Name] = {}
    for name in names:
        by_fold.setdefault(fold(name.text), name)
        if name.language == "zh":
            by_sound.setdefault(spell(name.text), name)
            by_sound.setdefault(spell(bare(name.text).text), name)
    folded, sound = fold(text), spell(fold(text).replace(" ", ""))
    alike = [by_fold[each] for each in by_fold if folded in each or each in folded]
    alike += [by_sound[e] for e in get_close_matches(sound, by_sound, cutoff=_BY_SOUND)]
    alike += [by_fold[e] for e in get_close_matches(folded, by_fold, _MOST_SHOWN, _BY_LETTERS)]
    return alike


def _several(
    parameter: Parameter, text: str, found: list[str], names: list[Name]
) -> AmbiguousError:
    def show(iri: str) -> str:
        labels = [name.text for name in names if name.iri == iri and name.rank == 0]
        return f"{' / '.join(labels)} ({curie(iri)})"

    listed = "; ".join(map(show, found[:_MOST_SHOWN]))
    if len(found) > _MOST_SHOWN:
        listed += "; …"
    return AmbiguousError(
        f"“{text}” may be any of {len(found)} for --{parameter.name}: {listed}. "
        "Give the full name, the code or the CURIE.",
        f"--{parameter.name} 的“{text}”可指 {len(found)} 者之一：{listed}。"
        "请给出全称、代码或 CURIE。",
    )
