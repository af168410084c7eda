"""An answer as a workbook for Excel and its like: the answer, and on a second sheet its evidence.

The library openpyxl is an extra (`aidgraph[xlsx]`), imported here alone. Every text is text: one
that begins as a formula does stays inert, also when somebody edits the cell. A figure is a number
whose format shows its bound, and the bound has a column beside it too. The same answer gives the
same bytes.
"""

from __future__ import annotations

import io
import re
import zipfile
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from aidgraph.answers.results import Thing, Value
from aidgraph.answers.separated import QUANTITY_PARTS, has_quantities, has_things
from aidgraph.answers.table import measure
from aidgraph.answers.wording import UNITS, WORDS, show_silence, show_titles
from aidgraph.errors import LimitError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from openpyxl.cell.cell import Cell as SheetCell
    from openpyxl.worksheet.worksheet import Worksheet

    from aidgraph.answers.results import Answer, Cell, Plain
    from aidgraph.questions import Language

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "answer": "Answer",
        "evidence": "Evidence",
        "snapshot": "dataset",
        "unit": "unit",
        "bound": "bound",
        "as_written": "as written",
        "scope": "scope",
        "period": "period",
        "article": "article",
        "reference": "reference data",
        "inferred": "inferred",
        "absence": "searched",
        "untraced": "not traced",
        "aid:Exactly": "exactly",
    },
    "zh": {
        "answer": "答案",
        "evidence": "依据",
        "snapshot": "数据集",
        "unit": "单位",
        "bound": "界限",
        "as_written": "原文",
        "scope": "范围",
        "period": "时期",
        "article": "文章",
        "reference": "参考数据",
        "inferred": "推得",
        "absence": "已查",
        "untraced": "未能追溯",
        "aid:Exactly": "确数",
    },
}
_EVIDENCE_HEADER: Mapping[Language, Sequence[str]] = {
    "en": (
        *("row", "kind", "passage", "sentence", "our translation"),
        *("from", "to", "article", "source", "rule"),
    ),
    "zh": ("行", "种类", "句段", "原句", "起", "止", "文章", "来源", "规则"),
}
_MOST_ROWS, _LONGEST_TEXT = 2**20, 32_767  # Excel's own limits
_MOST_EXACT = 2**53  # spreadsheets count in doubles
_NARROWEST, _WIDEST = 8, 60  # columns of a Latin letter
_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML 1.0 has no place for them
_DATES = re.compile(rb"<dcterms:(created|modified)\b.*?</dcterms:\1>")
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can say


class _Figure(NamedTuple):
    """A number, and the format that shows it with its bound: "more than "#,##0."""

    number: Plain
    form: str


_Content: TypeAlias = "str | int | float | bool | _Figure | None"


class _Column(NamedTuple):
    """What one column of the answer becomes here, as in CSV, and how to fill it."""

    names: list[str]
    split: Callable[[Cell], list[_Content]]


def write_spreadsheet(answer: Answer, language: Language) -> bytes:
    """Return the answer as an XLSX file; the evidence is there where somebody asked why.

    Raises:
        UsageError: openpyxl is not installed.
        LimitError: the answer has more rows, or a longer text, than a sheet can hold.
    """
    try:
        from openpyxl import Workbook
    except ImportError as error:
        en = "Excel files need openpyxl: pip install 'aidgraph[xlsx]'."
        raise UsageError(en, "Excel 文件需要 openpyxl：pip install 'aidgraph[xlsx]'。") from error
    book = Workbook()
    book.properties.title, book.properties.creator = answer.title, "aidgraph"
    sheet = book.worksheets[0]
    sheet.title = _WORDS[language]["answer"]
    _fill_answer(sheet, answer, language)
    if answer.evidence is not None:
        evidence = book.create_sheet(_WORDS[language]["evidence"])
        _fill_table(evidence, _EVIDENCE_HEADER[language], [*_list_evidence(answer, language)])
    written = io.BytesIO()
    book.save(written)
    return _without_dates(written)


def _fill_answer(sheet: Worksheet, answer: Answer, language: Language) -> None:
    """Write title, parameters and snapshot, then the rows; numbered where evidence names them."""
    if answer.title:
        _append(sheet, [answer.title], bold=True)
    for name, given in answer.params.items():
        _append(sheet, [name, given])
    _append(sheet, [_WORDS[language]["snapshot"], answer.snapshot])
    _append(sheet, [])
    if not answer.rows:
        _append(sheet, [show_silence(answer.searched, language)])
        return
    columns = [_spread(answer, index, language) for index in range(len(answer.columns))]
    header = [name for column in columns for name in column.names]
    rows = [
        [part for cell, column in zip(row, columns, strict=True) for part in column.split(cell)]
        for row in answer.rows
    ]
    if answer.evidence is not None:
        header, rows = ["#", *header], [[number, *row] for number, row in enumerate(rows, start=1)]
    _fill_table(sheet, header, rows)


def _list_evidence(answer: Answer, language: Language) -> Iterator[list[_Content]]:
    words = _WORDS[language]
    reasons = zip(answer.evidence or (), answer.untraced, strict=True)
    for number, (row, untraced) in enumerate(reasons, start=1):
        mark = number if answer.rows else None
        for each in row:
            translated = [each.translation] if language == "en" else []
            place = (each.start, each.end, each.article, each.source, each.rule)
            yield [mark, words[each.kind], each.passage, each.text, *translated, *place]
        for part in untraced:
            yield [mark, words["untraced"], None, part]
        if not row and not untraced:
            yield [mark, None, None, WORDS[language]["bare"]]


def _spread(answer: Answer, index: int, language: Language) -> _Column:
    title = show_titles(answer)[index]
    if has_quantities(answer, index):
        names = [title, *(f"{title}: {_WORDS[language][part]}" for part in QUANTITY_PARTS[1:])]
        return _Column(names, lambda cell: _split_quantity(cell, language))
    if has_things(answer, index):
        return _Column([title, f"{title} (IRI)"], _split_thing)
    return _Column([title], lambda cell: [_plain(cell)])


def _split_quantity(cell: Cell, language: Language) -> list[_Content]:
    if not isinstance(cell, Value) or cell.bound is None:
        return [_plain(cell), *[None] * (len(QUANTITY_PARTS) - 1)]
    bound = WORDS[language][cell.bound].format("", "").strip()
    _, _, decimals = str(cell.value).partition(".")
    form = f"#,##0.{'0' * len(decimals)}" if decimals else "#,##0"
    return [
        _Figure(cell.value, f'"{bound} "{form}' if bound else form),
        UNITS[language].get(cell.unit or "", cell.unit),
        bound or _WORDS[language][cell.bound],
        cell.as_written,
        cell.scope,
        cell.period,
    ]


def _split_thing(cell: Cell) -> list[_Content]:
    return [_plain(cell), cell.iri if isinstance(cell, Thing) else None]


def _plain(cell: Cell) -> Plain | None:
    if cell is None:
        return None
    return cell.label if isinstance(cell, Thing) else cell.value


def _fill_table(
    sheet: Worksheet, header: Sequence[str], rows: Sequence[Sequence[_Content]]
) -> None:
    """Write a table below what is there; its header stays in sight."""
    if sheet.max_row + len(rows) + 1 > _MOST_ROWS:
        en = f"There are {len(rows)} rows, a sheet has {_MOST_ROWS}: ask for less, or use -f csv."
        zh = f"共有 {len(rows)} 行，一张工作表至多 {_MOST_ROWS} 行：请缩小范围，或用 -f csv。"
        raise LimitError(en, zh)
    from openpyxl.utils import get_column_letter

    _append(sheet, header, bold=True)
    sheet.freeze_panes = f"A{sheet.max_row + 1}"
    for row in rows:
        _append(sheet, row)
    for number, column in enumerate(zip_longest(header, *rows), start=1):
        width = max(map(_measure, column)) + 2
        sized = sheet.column_dimensions[get_column_letter(number)]
        sized.width = min(max(width, _NARROWEST), _WIDEST)


def _append(sheet: Worksheet, row: Sequence[_Content], *, bold: bool = False) -> None:
    sheet.append([_make_cell(sheet, content, bold=bold) for content in row])


def _make_cell(sheet: Worksheet, content: _Content, *, bold: bool) -> SheetCell:
    """Make a cell: a number stays one while it is exact, everything else is text, and no more."""
    from openpyxl.cell import Cell as SheetCell
    from openpyxl.styles import Alignment, Font

    cell = SheetCell(sheet, row=1, column=1)  # the sheet moves it to where it goes
    value = content.number if isinstance(content, _Figure) else content
    if isinstance(value, str) or (value is not None and abs(value) > _MOST_EXACT):
        cell.value = _fit(str(value))
        cell.data_type = "s"  # a leading = would make it a formula, #N/A an error
        cell.quotePrefix = True  # and editing it in Excel, + - @ too
    else:
        cell.value = value
    if isinstance(content, _Figure):
        cell.number_format = content.form
    cell.alignment = Alignment(vertical="top", wrap_text=_measure(content) > _WIDEST)
    cell.font = Font(bold=bold)
    return cell


def _measure(content: _Content) -> int:
    if isinstance(content, _Figure):
        return measure(f"{content.number:,}") + len(content.form)
    return 0 if content is None else measure(str(content))


def _fit(text: str) -> str:
    """Return `text` as a cell can hold it. Raises `LimitError` where it is too long."""
    if len(text) > _LONGEST_TEXT:
        en = f"A text has {len(text)} characters, a cell holds {_LONGEST_TEXT}: use -f csv."
        zh = f"某文本长 {len(text)} 字，一个单元格至多 {_LONGEST_TEXT} 字：请用 -f csv。"
        raise LimitError(en, zh)
    return _UNFIT.sub("\ufffd", text)


def _without_dates(written: io.BytesIO) -> bytes:
    """Return a workbook without the times at which it and its parts were written."""
    out = io.BytesIO()
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(out, "w") as kept:
        for name in parts.namelist():
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, _DATES.sub(b"", parts.read(name)))
    return out.getvalue()
