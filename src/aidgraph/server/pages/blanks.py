"""A question's title as a form: its words, and a blank for each parameter."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.answers.lookup import class_of, read_value
from aidgraph.answers.results import read_labels
from aidgraph.errors import AidgraphError
from aidgraph.questions import PLAIN_TYPES
from aidgraph.terms import RDFS_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aidgraph.questions import Language, Parameter, Question
    from aidgraph.server.desk import Desk

_OFFERED = 60  # names in a list that is sent along: a browser without scripts has no other
_LOOKED_AT = 1000  # things: to sort the labels of all takes longer than an answer
_BLANK = re.compile(r"(\[[^\]]+\]|〔[^〕]+〕)")
_CLOSE = re.compile(r"[，。、；：？！）》”’,.;:?!)]+")


class Blank(NamedTuple):
    """A blank: its parameter, what stands in it, and what may be picked.

    `kind` is how it is filled in: `thing`, `text`, `number`, `choice` or `flag`; `options` are
    pairs of value and label.
    """

    name: str
    label: str
    kind: str
    type: str
    value: str
    example: str
    is_optional: bool
    options: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        """How wide the blank is, in letters; a Chinese character takes two."""
        text = self.value or self.example or self.label
        return max(6, min(34, sum(1 if letter.isascii() else 2 for letter in text) + 2))


def read_title(question: Question, language: Language) -> Iterator[tuple[str, str]]:
    """Yield the title's parts.

    They are ("text", words), ("blank", a parameter's name), or ("close", the mark straight after a
    blank, which stays on its line).
    """
    named = {parameter.label[language]: parameter.name for parameter in question.parameters}
    is_after_blank = False
    for part in _BLANK.split(question.title[language]):
        if _BLANK.fullmatch(part) and part[1:-1] in named:
            yield "blank", named[part[1:-1]]
            is_after_blank = True
            continue
        close = _CLOSE.match(part) if is_after_blank else None
        if close:
            yield "close", close[0]
        words = part[close.end() :] if close else part
        if words:
            yield "text", words
        is_after_blank = False


def read_blanks(
    desk: Desk, question: Question, given: Mapping[str, str], language: Language
) -> dict[str, Blank]:
    """Return the blanks of a question by parameter, filled with what was given."""
    return {
        parameter.name: _read_blank(desk, parameter, given.get(parameter.name, ""), language)
        for parameter in question.parameters
    }


def _read_blank(desk: Desk, parameter: Parameter, value: str, language: Language) -> Blank:
    is_thing = parameter.type == "concept" or parameter.type not in PLAIN_TYPES
    if is_thing:
        options = tuple((label, label) for label in _offer(desk, parameter, language))
    else:
        options = tuple((key, label[language]) for key, label in parameter.values.items())
    return Blank(
        parameter.name,
        parameter.label[language],
        "thing" if is_thing else parameter.type,
        parameter.type,
        value,
        _example(desk, parameter, language) if is_thing else parameter.example,
        parameter.optional,
        options,
    )


def _offer(desk: Desk, parameter: Parameter, language: Language) -> Sequence[str]:
    """Return the first labels of things that fit, read once a dataset; of many things, of some."""
    key = ("offered", parameter.type, language)
    if key not in desk.kept:
        query = f"""SELECT DISTINCT ?label WHERE {{
  {{ SELECT DISTINCT ?thing WHERE {{
    ?thing a {ox.NamedNode(class_of(parameter))}
  }} LIMIT {_LOOKED_AT} }}
  ?thing {RDFS_LABEL} ?label .
}}"""
        rows = desk.dataset.store.select(query).rows
        labels = (label for (label,) in rows if isinstance(label, ox.Literal))
        fitting = sorted(label.value for label in labels if label.language == language)
        desk.kept[key] = fitting[:_OFFERED]
    offered: Sequence[str] = desk.kept[key]
    return offered


def _example(desk: Desk, parameter: Parameter, language: Language) -> str:
    """Return the example in `language`: examples are written in Chinese."""
    key = ("example", parameter.type, parameter.example, language)
    if key not in desk.kept:
        desk.kept[key] = _translate(desk, parameter, language)
    example: str = desk.kept[key]
    return example


def _translate(desk: Desk, parameter: Parameter, language: Language) -> str:
    store = desk.dataset.store
    try:
        term = read_value(store, parameter, parameter.example)
    except AidgraphError:  # another project's graph knows other things
        return parameter.example
    iri = str(term.value)
    return read_labels(store, [iri], language)[iri]
