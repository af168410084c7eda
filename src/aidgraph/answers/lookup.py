"""What people type, looked up in the graph: a name, a code, a CURIE or an IRI to a term."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.errors import AmbiguousError, NotFoundError, UsageError
from aidgraph.terms import RDFS_LABEL, SKOS_ALT_LABEL, XSD, aid, curie, prefixes

if TYPE_CHECKING:
    from decimal import Decimal

    from aidgraph.questions import Parameter
    from aidgraph.store import EmbeddedStore

_CODE = aid("code")
_CURIE = re.compile(r"(?P<prefix>[A-Za-z][\w-]*):(?P<local>[\w.-]+)")
_MARKS = re.compile(r"[《》“”‘’\"']")
_MOST_SHOWN = 6
_DIGITS, _PLACES = 20, 18  # before and behind the point: what pyoxigraph's decimals hold


class _Name(NamedTuple):
    """One way to call a thing; `rank` 0 is its label or code, 1 a short name."""

    rank: int
    text: str
    iri: str


def read_value(store: EmbeddedStore, parameter: Parameter, given: str) -> ox.NamedNode | ox.Literal:
    """Return what a person means by `given`, as the term that `parameter` takes.

    A thing is found by IRI, CURIE, published code, label or short name, in either language,
    case and width of letters and marks of quotation aside; a label goes before a short name.

    Raises:
        UsageError: `given` is empty, or no number where one is wanted, or one out of range.
        NotFoundError: no thing of the parameter's class is called so; nearest names are given.
        AmbiguousError: several are; the message lists them.
    """
    text = unicodedata.normalize("NFC", given).strip()
    if not text:
        en = f"--{parameter.name} is empty: give a value such as {parameter.example}."
        zh = f"--{parameter.name} 为空：请给出一个值，如 {parameter.example}。"
        raise UsageError(en, zh)
    if parameter.type == "text":
        return ox.Literal(text)
    if parameter.type == "number":
        return _number(parameter, text)
    kind = expand(parameter.type)
    names = _read_names(store, kind, text) or _read_names(store, kind)
    iri = expand(text)
    if any(name.iri == iri for name in names):
        return ox.NamedNode(iri)
    fitting = [name for name in names if name.text == text] or [
        name for name in names if _fold(name.text) == _fold(text)
    ]
    best = min((name.rank for name in fitting), default=0)
    found = sorted({name.iri for name in fitting if name.rank == best})
    if not found:
        raise _nothing(parameter, text, names)
    if len(found) > 1:
        raise _several(parameter, text, found, names)
    return ox.NamedNode(found[0])


def expand(text: str) -> str:
    """Return the IRI of a CURIE with one of the project's prefixes; other texts as they are.

    >>> expand("aid:Place")
    'https://w3id.org/aidgraph/ont#Place'
    """
    found = _CURIE.fullmatch(text)
    if found is None or found["prefix"] not in prefixes():
        return text.removeprefix("<").removesuffix(">")
    return prefixes()[found["prefix"]] + found["local"]


def _number(parameter: Parameter, text: str) -> ox.Literal:
    from decimal import Decimal, InvalidOperation  # few questions take a number

    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        en = f"--{parameter.name} {text} is no number: give one such as {parameter.example}."
        zh = f"--{parameter.name} {text} 不是数：请给出一个数，如 {parameter.example}。"
        raise UsageError(en, zh)
    written = _write_decimal(number)
    if written is None:
        en = f"at most {_DIGITS} digits before the point and {_PLACES} behind it"
        en = f"--{parameter.name} {text} cannot be compared: give {en}."
        zh = f"小数点前至多 {_DIGITS} 位、小数点后至多 {_PLACES} 位"
        zh = f"--{parameter.name} {text} 无法比较：{zh}，请改正。"
        raise UsageError(en, zh)
    return ox.Literal(written, datatype=ox.NamedNode(f"{XSD}decimal"))


def _write_decimal(number: Decimal) -> str | None:
    """Return a finite number without exponent; None if it is out of the range of decimals."""
    if not number:
        return "0"
    if not -_PLACES <= number.adjusted() < _DIGITS:  # written out, it may have millions of zeros
        return None
    whole, _, places = f"{number:f}".partition(".")
    places = places.rstrip("0")
    if len(places) > _PLACES:
        return None
    return f"{whole}.{places}" if places else whole


def _read_names(store: EmbeddedStore, kind: str, text: str | None = None) -> list[_Name]:
    """Return the names of the things of class `kind`: all, or those that are `text`."""
    forms = (ox.Literal(text, language=tag) for tag in ("en", "zh")) if text else ()
    given = " ".join(map(str, (*forms, ox.Literal(text)))) if text else ""
    query = f"""SELECT DISTINCT ?thing ?property ?name WHERE {{
  {f"VALUES ?name {{ {given} }}" if text else ""}
  ?thing ?property ?name .
  FILTER(?property IN ({RDFS_LABEL}, {SKOS_ALT_LABEL}, {_CODE}))
  ?thing a {ox.NamedNode(kind)} .
}} ORDER BY ?thing ?property ?name"""
    return [
        _Name(int(how == SKOS_ALT_LABEL), name.value, thing.value)
        for thing, how, name in store.select(query).rows
        if isinstance(thing, ox.NamedNode) and isinstance(name, ox.Literal)
    ]


def _fold(text: str) -> str:
    """Return `text` as it is compared: without case, width, quotation and title marks."""
    plain = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    return re.sub(r"\s+", " ", plain).strip().casefold()


def _nothing(parameter: Parameter, text: str, names: list[_Name]) -> NotFoundError:
    from difflib import get_close_matches  # only a mistake needs it

    by_fold = {_fold(name.text): name.text for name in names}
    folded = _fold(text)
    alike = [by_fold[each] for each in by_fold if folded in each or each in folded]
    alike += [by_fold[e] for e in get_close_matches(folded, by_fold, _MOST_SHOWN, cutoff=0.4)]
    nearest = list(dict.fromkeys(alike))[:_MOST_SHOWN]
    en, zh = f"An example: {parameter.example}.", f"示例：{parameter.example}。"
    if nearest:
        en, zh = f"Nearest: {', '.join(nearest)}.", f"最接近的有：{'、'.join(nearest)}。"
    label = parameter.label
    return NotFoundError(
        f"No {label['en']} is called “{text}”. {en}", f"没有名为“{text}”的{label['zh']}。{zh}"
    )


def _several(
    parameter: Parameter, text: str, found: list[str], names: list[_Name]
) -> AmbiguousError:
    def show(iri: str) -> str:
        labels = [name.text for name in names if name.iri == iri and name.rank == 0]
        return f"{' / '.join(labels)} ({curie(iri)})"

    listed = "; ".join(map(show, found))
    return AmbiguousError(
        f"“{text}” may be any of {len(found)} for --{parameter.name}: {listed}. "
        "Give the full name, the code or the CURIE.",
        f"--{parameter.name} 的“{text}”可指 {len(found)} 者之一：{listed}。"
        "请给出全名、代码或 CURIE。",
    )
