"""An answer, as much of it as a page shows: labels are read, and evidence sought, for that alone.

A question may have thousands of rows. All are found, to be counted and paged through; but a page
must not wait for what nobody reads on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aidgraph.answers.ask import bind_question
from aidgraph.answers.results import Answer, Thing, read_cells
from aidgraph.questions import hash_query
from aidgraph.server.pages import evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aidgraph.questions import Language, Question
    from aidgraph.server.desk import Desk
    from aidgraph.store import Solutions

ROWS = 100
"""Rows on a page."""

_WITHOUT_PICTURE = "table"  # the view
_MOST_DRAWN = 300  # rows of a picture: of more, a network is a ball of wool


class Asked(NamedTuple):
    """A question with its parameters as people typed them, and the language of labels."""

    question: Question
    given: Mapping[str, str]
    language: Language


class Found(NamedTuple):
    """What was found: the finished query, all its solutions, and the answer on the page.

    `answer` has the rows of the page, `first` the number of rows before them; `drawn` has every
    row, or is None where they are too many for a picture or the question has none.
    """

    asked: Asked
    bound: str
    solutions: Solutions
    answer: Answer
    drawn: Answer | None
    first: int


class Why(NamedTuple):
    """The evidence of a row, and the things in the row."""

    row: int
    things: tuple[Thing, ...]
    evidence: evidence.Shown


def find_answer(desk: Desk, asked: Asked, page: int) -> Found:
    """Answer a question; `page` counts from 0, and one that is not there is the first.

    Raises: as `bind_question` does.
    """
    bound = bind_question(desk.dataset, asked.question, asked.given)
    solutions = desk.select(bound)
    first = page * ROWS if page * ROWS < len(solutions.rows) else 0
    if asked.question.view != _WITHOUT_PICTURE and len(solutions.rows) <= _MOST_DRAWN:
        drawn = _read(desk, asked, solutions)
        shown = drawn._replace(rows=drawn.rows[first : first + ROWS])
        return Found(asked, bound, solutions, shown, drawn, first)
    part = solutions._replace(rows=solutions.rows[first : first + ROWS])
    return Found(asked, bound, solutions, _read(desk, asked, part), None, first)


def find_why(desk: Desk, found: Found, row: int, about: Iterable[Thing]) -> Why | None:
    """Return the evidence of a row, which counts from 0; None where there is no such row.

    Of no rows it is what was searched. The names of the things `about` are marked, too.
    """
    store, language = desk.dataset.store, found.asked.language
    if not found.solutions.rows and not row:
        from aidgraph.answers.absence import find_absence

        absence = find_absence(store, language)
        return Why(1, (), evidence.show(store, absence, (), (), language))
    if not 0 <= row < len(found.solutions.rows):
        return None
    from aidgraph.answers.why import find_reasons

    only = found.solutions._replace(rows=[found.solutions.rows[row]])
    (reasons,) = find_reasons(
        store,
        found.bound,
        only,
        rules=desk.rules,
        searched=found.answer.searched,
        language=language,
    )
    (cells,) = read_cells(store, only, language)
    things = tuple(dict.fromkeys(cell for cell in cells if isinstance(cell, Thing)))
    marked = (*cells, *about)
    shown = evidence.show(store, reasons.evidence, reasons.untraced, marked, language)
    return Why(row + 1, things, shown)


def _read(desk: Desk, asked: Asked, solutions: Solutions) -> Answer:
    question = asked.question
    return Answer(
        query=question.name,
        query_hash=hash_query(question.sparql),
        snapshot=desk.dataset.snapshot,
        params=dict(asked.given),
        columns=solutions.columns,
        rows=read_cells(desk.dataset.store, solutions, asked.language),
        searched=desk.dataset.manifest.counts["passages"],
        said=bool(solutions.rows),
        titles={name: label[asked.language] for name, label in question.columns.items()},
    )
