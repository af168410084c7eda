"""What is known of a thing as text: for the terminal, as Markdown or as JSON.

Facts have running numbers; below all of them each sentence and source stands once, behind the
numbers of the facts that rest on it. What only says the same in the words of another vocabulary
(`geo:sfWithin` beside `aid:within`) is left out; JSON has it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from aidgraph.answers.markdown import escape, write_item, write_rows
from aidgraph.answers.naming import short_name
from aidgraph.answers.results import Thing
from aidgraph.answers.table import draw_table, wrap
from aidgraph.answers.terminal import bold, draw_footnotes, list_footnotes
from aidgraph.answers.wording import WORDS, show_cell, tell_translation
from aidgraph.terms import AID, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aidgraph.answers.results import Cell, Evidence
    from aidgraph.answers.show import Fact, Known
    from aidgraph.questions import Language

SHOW_FORMATS = ("table", "json", "md")

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "headline": "{} ({})",
        "what": "What it is",
        "facts": "What is said of it",
        "says": "What the sentence says",
        "refers": "What refers to it",
        "fact": "fact",
        "value": "value",
        "thing": "thing",
        "rule": "inferred by",
        "class": "is a",
        "label": "name",
        "short name": "short name",
        "code": "code",
        "silent": "The articles say nothing of it ({} passages searched).",
    },
    "zh": {
        "headline": "{}（{}）",
        "what": "是什么",
        "facts": "关于它的事实",
        "says": "该句所述",
        "refers": "提到它的事实",
        "fact": "事实",
        "value": "值",
        "thing": "事物",
        "rule": "推得所据",
        "class": "属于",
        "label": "名称",
        "short name": "简称",
        "code": "代码",
        "silent": "文章未提及它（已查 {} 个句段）。",
    },
}


class _Row(NamedTuple):
    """A row of a table, and what it rests on."""

    cells: list[str]
    evidence: tuple[Evidence, ...]
    untraced: tuple[str, ...] = ()


class _Section(NamedTuple):
    """A heading, and a table whose rows rest on something each."""

    title: str
    header: list[str]
    rows: list[_Row]


def show_known(known: Known, form: str, language: Language, *, width: int, styled: bool) -> str:
    """Return what is known as text that ends in a newline.

    Args:
        known: what to show.
        form: one of `SHOW_FORMATS`.
        language: of the words around the data.
        width: of the terminal, in columns of a Latin letter; only a table minds it.
        styled: whether headings may be bold.
    """
    if form == "json":
        return f"{json.dumps(known.as_dict(), ensure_ascii=False, indent=2)}\n"
    sections = [*_number(_sections(known, language))]
    rows = [row for section in sections for row in section.rows]
    evidence, untraced = [_grounds(row) for row in rows], [row.untraced for row in rows]
    if form == "md":
        notes = list_footnotes(evidence, untraced, language)
        return _write_markdown(known, sections, notes, language)
    lines = [*_draw(known, sections, language, width, styled=styled)]
    lines += draw_footnotes(evidence, untraced, language, width)
    return "\n".join([*lines, ""])


def _draw(
    known: Known, sections: Sequence[_Section], language: Language, width: int, *, styled: bool
) -> Iterator[str]:
    """Yield the lines before the evidence."""
    for line in wrap(_headline(known, language), width):
        yield bold(line, styled=styled)
    for text in _remarks(known, language):
        yield from wrap(text, width)
    for section in sections:
        yield from ("", bold(section.title, styled=styled))
        yield from draw_table(section.header, [row.cells for row in section.rows], width)
    yield from ("", bold(WORDS[language]["why"], styled=styled))


def _write_markdown(
    known: Known,
    sections: Sequence[_Section],
    notes: Sequence[tuple[str, str]],
    language: Language,
) -> str:
    out = [f"## {escape(_headline(known, language))}", ""]
    for text in _remarks(known, language):
        out += [escape(text), ""]
    for section in sections:
        rows = write_rows(section.header, [row.cells for row in section.rows])
        out += [f"### {escape(section.title)}", "", *rows, ""]
    out += [f"### {WORDS[language]['why']}", ""]
    out += [line for mark, text in notes for line in write_item(text, mark)]
    return "\n".join([*out, ""])


def _headline(known: Known, language: Language) -> str:
    return _WORDS[language]["headline"].format(known.label, short_name(known.iri))


def _remarks(known: Known, language: Language) -> Iterator[str]:
    """Yield what stands below the headline: a passage's words, or that nothing is said."""
    if known.words is not None:
        yield known.words.text
        yield from tell_translation(known.words.translation, language)
    elif not known.said:
        yield _WORDS[language]["silent"].format(known.searched)


def _sections(known: Known, language: Language) -> Iterator[_Section]:
    words = _WORDS[language]
    fact, value, thing, rule = (words[key] for key in ("fact", "value", "thing", "rule"))
    yield _Section(words["what"], [fact, value, rule], [*_describe(known, language)])
    said = [_row(each, [each.subject, each.name, each.value], language) for each in known.says]
    yield _Section(words["says"], [thing, fact, value, rule], said)
    own = filter(_is_own, known.facts)
    facts = [_row(each, [each.name, each.value], language) for each in own]
    yield _Section(words["facts"], [fact, value, rule], facts)
    own = filter(_is_own, known.referred_by)
    refers = [_row(each, [each.value, each.name], language) for each in own]
    yield _Section(words["refers"], [thing, fact, rule], refers)


def _describe(known: Known, language: Language) -> Iterator[_Row]:
    """Yield a row for each class, name and code."""
    words = _WORDS[language]
    own = [each for each in known.classes if each.evidence and _is_own(each)]
    for each in own or known.classes:
        cells = [words["class"], show_cell(each.value, language), each.rule or ""]
        yield _Row(cells, each.evidence, each.untraced)
    for name in known.names:
        yield _Row([words[name.kind], name.name, ""], name.evidence)


def _row(fact: Fact, ends: Sequence[Cell], language: Language) -> _Row:
    cells = [*(show_cell(end, language) for end in ends), fact.rule or ""]
    return _Row(cells, fact.evidence, fact.untraced)


def _is_own(fact: Fact) -> bool:
    """Tell whether a fact is stated, or inferred in the words of this ontology."""
    term = fact.value if fact.name.iri == RDF_TYPE.value else fact.name
    return fact.rule is None or (isinstance(term, Thing) and term.iri.startswith(AID))


def _grounds(row: _Row) -> tuple[Evidence, ...]:
    """Return what a row rests on without its rule, which stands in a column of the table."""
    return tuple(each for each in row.evidence if each.kind != "inferred") or row.evidence


def _number(sections: Iterable[_Section]) -> Iterator[_Section]:
    """Yield the sections that have rows, with running numbers and without empty columns."""
    first = 1
    for section in sections:
        if not section.rows:
            continue
        kept = [i for i in range(len(section.header)) if any(row.cells[i] for row in section.rows)]
        header = ["#", *(section.header[i] for i in kept)]
        rows = [
            row._replace(cells=[str(number), *(row.cells[i] for i in kept)])
            for number, row in enumerate(section.rows, start=first)
        ]
        first += len(rows)
        yield section._replace(header=header, rows=rows)
