"""An answer as text: a table for the terminal, JSON, CSV, TSV or Markdown."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

from aidgraph.answers.results import Answer, Cell, Evidence, Thing, Value
from aidgraph.answers.table import draw_table, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aidgraph.questions import Language

FORMATS = ("table", "json", "csv", "tsv", "md")

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "silent": "The articles do not say (searched: {} passages).",
        "article": "{article} {passage}, characters {start}–{end}: “{text}”",
        "reference": "reference data: {source}",
        "inferred": "inferred by rule {rule}: {text}",
        "absence": "{text}",
        "bare": "No evidence: the row rests on no sentence.",
        "untraced": "Not traced: {}",
        "why": "Rests on",
        "searched": "Searched",
        "aid:Exactly": "{} {}",
        "aid:MoreThan": "more than {} {}",
        "aid:Nearly": "nearly {} {}",
        "aid:About": "about {} {}",
        "aid:AtLeast": "at least {} {}",
    },
    "zh": {
        "silent": "文章未提及（已查 {} 个句段）。",
        "article": "{article} {passage}，第 {start}–{end} 字：“{text}”",
        "reference": "参考数据：{source}",
        "inferred": "据规则 {rule} 推得：{text}",
        "absence": "{text}",
        "bare": "无证据：该行不依据任何句子。",
        "untraced": "未能追溯：{}",
        "why": "依据",
        "searched": "已查",
        "aid:Exactly": "{} {}",
        "aid:MoreThan": "多于 {} {}",
        "aid:Nearly": "近 {} {}",
        "aid:About": "约 {} {}",
        "aid:AtLeast": "至少 {} {}",
    },
}
_UNITS: Mapping[Language, Mapping[str, str]] = {
    "en": {"unit:CCY_CNY": "CNY", "unit:YR": "years", "unit:NUM": "", "unit:PERCENT": "%"},
    "zh": {"unit:CCY_CNY": "元", "unit:YR": "年", "unit:NUM": "", "unit:PERCENT": "%"},
}
_LONGEST_MARK = 12  # columns for the numbers of rows before their evidence
_ORDER = ("article", "reference", "inferred", "absence")
_INFERRED = _ORDER.index("inferred")
_STOP: Mapping[Language, str] = {"en": "; ", "zh": "；"}
_PARTS = ("value", "unit", "bound", "as_written", "scope", "period")


def render(answer: Answer, form: str, language: Language, *, width: int, styled: bool) -> str:
    """Return `answer` as text that ends in a newline.

    Args:
        answer: what to show.
        form: one of `FORMATS`.
        language: of the words around the data.
        width: of the terminal, in columns of a Latin letter; only a table minds it.
        styled: whether a title may be bold.
    """
    if form == "table":
        return _table(answer, language, width, styled=styled)
    plain: Mapping[str, Callable[[], str]] = {
        "json": lambda: f"{json.dumps(answer.as_dict(), ensure_ascii=False, indent=2)}\n",
        "csv": lambda: _separated(answer, language, ","),
        "tsv": lambda: _separated(answer, language, "\t"),
        "md": lambda: _markdown(answer, language),
    }
    return plain[form]()


def show_cell(cell: Cell, language: Language) -> str:
    """Return a cell for people: a label, a value, or a quantity with bound, unit and words.

    >>> show_cell(Value(19000000000, "unit:CCY_CNY", "aid:MoreThan", "190多亿元"), "en")
    'more than 19,000,000,000 CNY (190多亿元)'
    """
    if cell is None:
        return ""
    if isinstance(cell, Thing):
        return cell.label
    if cell.bound is None:
        return str(cell.value)
    unit = _UNITS[language].get(cell.unit or "", cell.unit or "")
    figure = _WORDS[language][cell.bound].format(f"{cell.value:,}", unit).strip()
    notes = filter(None, (cell.as_written, cell.scope, cell.period))
    return (
        f"{figure} ({', '.join(notes)})" if language == "en" else f"{figure}（{'；'.join(notes)}）"
    )


def show_evidence(evidence: Evidence, language: Language) -> str:
    """Return a piece of evidence for people, on one line."""
    fields = evidence.as_dict()
    if evidence.text is not None:
        fields["text"] = " ".join(evidence.text.split())
    return _WORDS[language][evidence.kind].format(**fields)


def _table(answer: Answer, language: Language, width: int, *, styled: bool) -> str:
    lines = [_bold(answer.title, styled=styled)] if answer.title else []
    if answer.rows:
        lines += draw_table(*_numbered(answer, language), width)
    else:
        lines.append(_silence(answer, language))
    if answer.evidence is not None:
        why = _WORDS[language]["why" if answer.rows else "searched"]
        lines += ["", _bold(why, styled=styled), *_footnotes(answer, language, width)]
    return "\n".join([*lines, ""])


def _numbered(answer: Answer, language: Language) -> tuple[list[str], list[list[str]]]:
    """Return header and rows as people see them.

    Rows have numbers where their evidence names them, or where they have nothing else.
    """
    header = _titles(answer)
    rows = [[show_cell(cell, language) for cell in row] for row in answer.rows]
    if answer.evidence is None and header:
        return header, rows
    return ["#", *header], [[str(number), *row] for number, row in enumerate(rows, start=1)]


def _footnotes(answer: Answer, language: Language, width: int) -> list[str]:
    """Return each piece of evidence once, behind the numbers of the rows that rest on it.

    Sentences come first, then cited sources, inferences by rule, and searches.
    """
    notes = sorted(_gather(answer, language).items(), key=lambda note: note[0][0])
    marks = [_ranges(sorted(numbers)) if answer.rows else "" for _, numbers in notes]
    indent = min(max(map(len, marks), default=0), _LONGEST_MARK) + 2
    lines = []
    for mark, ((_, text), _) in zip(marks, notes, strict=True):
        first, *others = wrap(text, max(width - indent, _LONGEST_MARK))
        head = f"{mark:<{indent}}"
        if len(head) > indent:
            lines.append(head)
            head = " " * indent
        lines.append(head + first)
        lines += [" " * indent + other for other in others]
    return lines


def _gather(answer: Answer, language: Language) -> dict[tuple[int, str], set[int]]:
    """Return each piece of evidence by rank, with its rows; what one rule gives is one piece."""
    rows: dict[tuple[int, str], set[int]] = {}
    inferred: dict[str, dict[str, None]] = {}
    inferring: dict[str, set[int]] = {}
    for number, row in enumerate(answer.evidence or (), start=1):
        for each in row:
            if each.rule is not None:
                inferred.setdefault(each.rule, {})[each.text or ""] = None
                inferring.setdefault(each.rule, set()).add(number)
    for number, reasons in enumerate(_explain(answer, language), start=1):
        for rank, text in reasons:
            if rank != _INFERRED:
                rows.setdefault((rank, text), set()).add(number)
    for rule, texts in inferred.items():
        text = _WORDS[language]["inferred"].format(text=_STOP[language].join(texts), rule=rule)
        rows[_INFERRED, text] = inferring[rule]
    return rows


def _ranges(numbers: list[int]) -> str:
    """Return rising numbers for people.

    >>> _ranges([1, 2, 3, 7])
    '1–3, 7'
    """
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)


def _bold(text: str, *, styled: bool) -> str:
    return f"\x1b[1m{text}\x1b[0m" if styled else text


def _markdown(answer: Answer, language: Language) -> str:
    out = [f"## {_escape(answer.title)}\n"] if answer.title else []
    words = _WORDS[language]
    if answer.rows:
        header, rows = _numbered(answer, language)
        out += map(_line, [header, ["---"] * len(header), *rows])
    else:
        out.append(_silence(answer, language))
    for number, lines in enumerate(_explain(answer, language), start=1):
        out.append(f"\n{words['why']} {number}\n" if answer.rows else f"\n{words['searched']}\n")
        out += [f"- {_escape(line)}" for _, line in lines]
    return "\n".join([*out, ""])


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(map(_escape, cells))} |"


def _escape(text: str) -> str:
    """Return `text` so that Markdown shows it as it is, in one line."""
    for mark in ("\\", "|", "<", "*", "_", "`", "["):
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def _separated(answer: Answer, language: Language, separator: str) -> str:
    """Return the answer with a header line; what a cell is made of has columns of its own."""
    import csv  # only this format needs it

    columns = [_spread(answer, index) for index in range(len(answer.columns))]
    header = [name for names, _ in columns for name in names]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow([*header, "evidence"] if answer.evidence is not None else header)
    reasons = iter(_explain(answer, language))
    for row in answer.rows:
        cells = [
            text for cell, (_, split) in zip(row, columns, strict=True) for text in split(cell)
        ]
        writer.writerow(
            [*cells, "\n".join(line for _, line in next(reasons))]
            if answer.evidence is not None
            else cells
        )
    return out.getvalue()


def _spread(answer: Answer, index: int) -> tuple[list[str], Callable[[Cell], list[str]]]:
    """Return the columns of a file that one column of the answer becomes, and how to fill them.

    Things give label and IRI, quantities all their parts, other columns only their value.
    """
    name = answer.columns[index]
    cells = [row[index] for row in answer.rows]
    if any(isinstance(cell, Value) and cell.bound for cell in cells):
        return [name, *(f"{name}_{part}" for part in _PARTS[1:])], _parts
    if any(isinstance(cell, Thing) for cell in cells):
        return [name, f"{name}_iri"], _label_and_iri
    return [name], lambda cell: _parts(cell)[:1]


def _parts(cell: Cell) -> list[str]:
    if isinstance(cell, Thing):
        return [cell.label, *[""] * (len(_PARTS) - 1)]
    values = (None if cell is None else getattr(cell, part) for part in _PARTS)
    return ["" if value is None else str(value) for value in values]


def _label_and_iri(cell: Cell) -> list[str]:
    return [cell.label, cell.iri] if isinstance(cell, Thing) else [_parts(cell)[0], ""]


def _explain(answer: Answer, language: Language) -> list[list[tuple[int, str]]]:
    """Return the evidence of each row, each with its rank; no rows where nobody asked why."""
    words = _WORDS[language]
    return [
        [
            *((_ORDER.index(each.kind), show_evidence(each, language)) for each in row),
            *((len(_ORDER), words["untraced"].format(part)) for part in untraced),
        ]
        or [(len(_ORDER), words["bare"])]
        for row, untraced in zip(answer.evidence or (), answer.untraced, strict=True)
    ]


def _titles(answer: Answer) -> list[str]:
    return [answer.titles.get(column, column) for column in answer.columns]


def _silence(answer: Answer, language: Language) -> str:
    return _WORDS[language]["silent"].format(answer.searched)
