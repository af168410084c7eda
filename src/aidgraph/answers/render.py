"""An answer as text: a table for the terminal, JSON, CSV, TSV or Markdown; or as a workbook."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from aidgraph.answers.terminal import draw_answer

if TYPE_CHECKING:
    from aidgraph.answers.results import Answer
    from aidgraph.questions import Language

FORMATS = ("table", "json", "csv", "tsv", "md")
_BOM = "\ufeff"
_WIDTH = 100


def render(answer: Answer, form: str, language: Language, *, width: int, styled: bool) -> str:
    """Return `answer` as text that ends in a newline.

    Args:
        answer: what to show.
        form: one of `FORMATS`.
        language: of the words around the data.
        width: of the terminal, in columns of a Latin letter; only a table minds it.
        styled: whether a title may be bold.
    """
    if form == "json":
        return f"{json.dumps(answer.as_dict(), ensure_ascii=False, indent=2)}\n"
    if form in ("csv", "tsv"):
        from aidgraph.answers.separated import write_separated

        return write_separated(answer, language, "," if form == "csv" else "\t")
    if form == "md":
        from aidgraph.answers.markdown import write_markdown

        return write_markdown(answer, language)
    return draw_answer(answer, language, width, styled=styled)


def write_answer(  # noqa: PLR0913  # how it is to look, all of it with a default
    answer: Answer,
    form: str,
    language: Language,
    *,
    bom: bool = False,
    width: int = _WIDTH,
    styled: bool = False,
) -> bytes:
    """Return `answer` as the bytes of a file: one of `FORMATS`, or `xlsx`.

    `bom` puts a mark before the text by which Excel knows UTF-8; for the others see `render`.
    """
    if form == "xlsx":
        from aidgraph.answers.spreadsheet import write_spreadsheet

        return write_spreadsheet(answer, language)
    text = render(answer, form, language, width=width, styled=styled)
    return f"{_BOM if bom else ''}{text}".encode()
