"""Phrasings: how people put their questions, and whether a sentence is answered right.

A list has a line for each phrasing: id, language, question, the names in it, what a right answer
must show (`-` where the articles do not say it), and where the article says so. It was written by
a reader who knew the article and not the questions of this project.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, NamedTuple

from aidgraph.answers.ask import ask_question
from aidgraph.answers.results import Answer, Thing, Value
from aidgraph.answers.understand import Interpreter
from aidgraph.errors import AidgraphError
from aidgraph.terms import RDFS_LABEL, SKOS_ALT_LABEL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from aidgraph.dataset import Dataset
    from aidgraph.questions import Language, Question

NOT_SAID = "-"
MOST_READ = 10
"""Sentences that somebody reads to find an answer in them."""


class Phrasing(NamedTuple):
    """A question as somebody put it; `expected` is what a right answer shows, () for nothing."""

    id: str
    language: Language
    question: str
    expected: tuple[str, ...]


class Outcome(NamedTuple):
    """What became of a phrasing: how it was understood, and what its answer lacks."""

    phrasing: Phrasing
    understood: str
    fault: str | None


def read_phrasings(path: Path) -> list[Phrasing]:
    """Read a list of phrasings."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [
        Phrasing(
            row["id"],
            "zh" if row["lang"] == "zh" else "en",
            row["question"],
            () if row["expected"] == NOT_SAID else tuple(row["expected"].split("|")),
        )
        for row in rows
    ]


def score(
    dataset: Dataset,
    questions: Sequence[Question],
    rules: Mapping[str, str],
    phrasings: Iterable[Phrasing],
) -> list[Outcome]:
    """Put each phrasing, and judge what comes of it."""
    interpreter = Interpreter(dataset.store, questions)
    names = read_all_names(dataset)
    return [put(dataset, interpreter, rules, phrasing, names) for phrasing in phrasings]


def put(
    dataset: Dataset,
    interpreter: Interpreter,
    rules: Mapping[str, str],
    phrasing: Phrasing,
    names: Mapping[str, Sequence[str]],
) -> Outcome:
    """Put a phrasing: it is right if it is answered, and the answer shows what is expected.

    What is expected is in Chinese, whatever the language of the question.
    """
    try:
        reading = interpreter.understand(phrasing.question, phrasing.language)
        answer = ask_question(dataset, reading.question, reading.given, "zh", rules=rules)
    except AidgraphError as error:
        return Outcome(phrasing, "", f"asks back: {error}")
    understood = reading.zh if phrasing.language == "zh" else reading.en
    return Outcome(phrasing, understood, find_fault(phrasing, answer, names))


def find_fault(
    phrasing: Phrasing, answer: Answer, names: Mapping[str, Sequence[str]]
) -> str | None:
    """Return what is wrong with the answer to a phrasing; None if nothing."""
    if not phrasing.expected:
        return "says something" if answer.said else None
    shown = read_shown(answer, names) | read_cited(answer)
    missing = [words for words in phrasing.expected if not any(stands(words, t) for t in shown)]
    return f"lacks {', '.join(missing)}" if missing else None


def read_shown(answer: Answer, names: Mapping[str, Sequence[str]]) -> set[str]:
    """Return every text that the cells of an answer show: labels, other names, figures, words."""
    shown: set[str] = set()
    for cell in (cell for row in answer.rows for cell in row):
        if isinstance(cell, Thing):
            shown |= {cell.label, *names.get(cell.iri, ())}
        elif isinstance(cell, Value):
            shown |= {str(part) for part in cell if part is not None}
    return shown


def read_cited(answer: Answer) -> set[str]:
    """Return the sentences that an answer rests on; none if they are more than anybody reads."""
    cited = {each.text or "" for row in answer.evidence or () for each in row}
    return cited if len(cited) <= MOST_READ else set()


def stands(words: str, text: str) -> bool:
    """Tell whether `words` stand in a text that is shown; a number, as a whole number."""
    at = text.find(words)
    while at >= 0:
        around = text[at - 1 : at] + text[at + len(words) : at + len(words) + 1]
        if not words.isdigit() or not any(letter.isdigit() for letter in around):
            return True
        at = text.find(words, at + 1)
    return False


def read_all_names(dataset: Dataset) -> dict[str, list[str]]:
    """Return all names of each thing, labels and short names, by IRI."""
    names: dict[str, list[str]] = {}
    query = f"SELECT ?thing ?name WHERE {{ ?thing {RDFS_LABEL}|{SKOS_ALT_LABEL} ?name }}"
    for thing, name in dataset.store.select(query).rows:
        names.setdefault(str(thing)[1:-1], []).append(getattr(name, "value", ""))
    return names
