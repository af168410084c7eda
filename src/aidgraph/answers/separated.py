"""An answer as CSV or TSV: what a cell is made of has columns of its own.

A thing becomes label and IRI, a quantity its figure, unit, bound, words, scope and period, so
that no program has to take a cell apart. These are files for people's tools; SPARQL's own CSV
and TSV, without labels and bounds, are not written: its JSON and XML are (`sparql_results`).
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from aidgraph.answers.results import Thing, Value
from aidgraph.answers.wording import explain_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from aidgraph.answers.results import Answer, Cell
    from aidgraph.questions import Language

QUANTITY_PARTS = ("value", "unit", "bound", "as_written", "scope", "period")
"""What a quantity is spread over, in this order."""


def write_separated(answer: Answer, language: Language, separator: str) -> str:
    """Return the answer with a header line, lines ending as RFC 4180 has it."""
    import csv  # only these formats need it

    columns = [_spread(answer, index) for index in range(len(answer.columns))]
    header = [name for names, _ in columns for name in names]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator="\r\n")
    writer.writerow([*header, "evidence"] if answer.evidence is not None else header)
    reasons = iter(explain_answer(answer, language))
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


def has_quantities(answer: Answer, index: int) -> bool:
    """Tell whether a column holds a quantity in any row."""
    cells = (row[index] for row in answer.rows)
    return any(isinstance(cell, Value) and cell.bound for cell in cells)


def has_things(answer: Answer, index: int) -> bool:
    """Tell whether a column holds a thing in any row."""
    return any(isinstance(row[index], Thing) for row in answer.rows)


def _spread(answer: Answer, index: int) -> tuple[list[str], Callable[[Cell], list[str]]]:
    """Return the columns of a file that one column of the answer becomes, and how to fill them."""
    name = answer.columns[index]
    if has_quantities(answer, index):
        return [name, *(f"{name}_{part}" for part in QUANTITY_PARTS[1:])], _parts
    if has_things(answer, index):
        return [name, f"{name}_iri"], _label_and_iri
    return [name], lambda cell: _parts(cell)[:1]


def _parts(cell: Cell) -> list[str]:
    if isinstance(cell, Thing):
        return [cell.label, *[""] * (len(QUANTITY_PARTS) - 1)]
    values = (None if cell is None else getattr(cell, part) for part in QUANTITY_PARTS)
    return ["" if value is None else str(value) for value in values]


def _label_and_iri(cell: Cell) -> list[str]:
    return [cell.label, cell.iri] if isinstance(cell, Thing) else [_parts(cell)[0], ""]
