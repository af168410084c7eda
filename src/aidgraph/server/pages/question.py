"""The page of a question: a form, its answer as a table and a picture, and how to take it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode

import pyoxigraph as ox

from aidgraph.answers.lookup import find_things, read_value
from aidgraph.answers.results import read_labels
from aidgraph.answers.wording import show_silence, show_titles
from aidgraph.errors import AidgraphError, AmbiguousError
from aidgraph.questions import fill_title
from aidgraph.server.canned import check_given, find_candidates, spoken
from aidgraph.server.pages import answering, cells
from aidgraph.server.pages.answering import ROWS, find_answer, find_why
from aidgraph.server.pages.blanks import read_blanks, read_title
from aidgraph.server.pages.frame import Frame, render
from aidgraph.server.pages.pictures import draw, find_asked
from aidgraph.server.pages.samples import write_samples
from aidgraph.server.pages.texts import say
from aidgraph.terms import curie

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aidgraph.questions import Question
    from aidgraph.server.desk import Desk
    from aidgraph.store.worker import Reply

_DOWNLOADS = ("csv", "xlsx", "json", "tsv", "md")


class Understood(NamedTuple):
    """A sentence that was understood as a question; if that is doubtful, what else it may be.

    `others` are other questions, and `nearest` passages of the articles, as the page shows them.
    """

    sentence: str
    others: Sequence[Mapping[str, str]] = ()
    nearest: Sequence[Mapping[str, Any]] = ()


class Asked(NamedTuple):
    """A question with what was given, the page's frame, and the sentence that asked it, if any."""

    question: Question
    given: Mapping[str, str]
    frame: Frame
    understood: Understood | None = None

    def url(self, suffix: str = "", **controls: object) -> str:
        """Return the address of the answer, in the format of `suffix`."""
        return self.frame.url(f"/q/{self.question.name}{suffix}", {**self.given, **controls})


def show(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Show a question: its form alone where a parameter is missing, else the answer too.

    `args`: as `pagehooks` gives them, with `name` and `given`, and `understood`, if it was a
    sentence. A fault in a parameter is shown
    with the form, under the status that it has everywhere.

    Raises:
        NotFoundError: there is no such question.
    """
    frame = Frame(args)
    asked = Asked(desk.question(args["name"]), args["given"], frame, args.get("understood"))
    missing = [
        each
        for each in asked.question.parameters
        if not each.optional and each.name not in asked.given
    ]
    if missing:
        return _render(desk, asked, {}, 200)
    try:
        check_given(asked.question, asked.given)
        return _render(desk, asked, _read_answer(desk, asked, args), 200)
    except AidgraphError as error:
        is_ambiguous = isinstance(error, AmbiguousError)
        found = find_candidates(desk, asked.question, asked.given, frame.language)
        candidates = [
            {
                "label": each["label"],
                "curie": each["curie"],
                "url": frame.again({each["parameter"]: each["curie"], "_why": "", "_page": ""}),
            }
            for each in (found if is_ambiguous else [])
        ]
        if candidates:
            fault = say("which_one", frame.language, text=asked.given[found[0]["parameter"]])
        else:
            fault = spoken(error, asked.question, {}).text(frame.language)
        return _render(desk, asked, {"fault": fault, "candidates": candidates}, error.http_status)


def _render(desk: Desk, asked: Asked, values: Mapping[str, Any], status: int) -> Reply:
    question, frame = asked.question, asked.frame
    named = _name(desk, asked)
    blanks = read_blanks(desk, question, named, frame.language)
    title = [*read_title(question, frame.language)]
    placed = {name for kind, name in title if kind == "blank"}
    shown = {
        "fault": "",
        "candidates": [],
        "understood": asked.understood,
        "answer": None,
        "heading": fill_title(question, _read_values(question, named, frame), frame.language),
        **values,
    }
    return render(
        desk,
        frame,
        "question",
        status,
        question=question,
        asked=asked,
        title=title,
        blanks=blanks,
        others=[blank for name, blank in blanks.items() if name not in placed],
        example=frame.url(
            f"/q/{question.name}",
            {n: b.example for n, b in blanks.items() if not b.is_optional},
        ),
        **shown,
    )


def _read_values(question: Question, named: Mapping[str, str], frame: Frame) -> dict[str, str]:
    """Return what fills the blanks of a title: the value of a choice goes by its label."""
    values = {each.name: each.values for each in question.parameters}
    return {
        name: values[name][value][frame.language] if value in values.get(name, ()) else value
        for name, value in named.items()
    }


def _name(desk: Desk, asked: Asked) -> dict[str, str]:
    """Return what was given, things by their label: 653100 reads as 喀什地区 in the blank."""
    store, shown = desk.dataset.store, dict(asked.given)
    for parameter in asked.question.parameters:
        try:
            term = read_value(store, parameter, asked.given[parameter.name])
            if isinstance(term, ox.NamedNode):
                label = read_labels(store, [term.value], asked.frame.language)[term.value]
                is_own = find_things(store, parameter, label) == [term.value]
                shown[parameter.name] = label if is_own else curie(term.value)
        except (AidgraphError, KeyError):
            continue
    return shown


def _read_answer(desk: Desk, asked: Asked, args: Mapping[str, Any]) -> dict[str, Any]:
    question, frame = asked.question, asked.frame
    page = _read_number(frame.control("_page"), 1) - 1
    why = _read_number(frame.control("_why"), 0) - 1
    found = find_answer(desk, answering.Asked(question, asked.given, frame.language), page)
    about = find_asked(desk, question, asked.given, frame)
    shown, total = found.answer, len(found.solutions.rows)
    root = args.get("root", "").rstrip("/")
    address = f"{root}/q/{question.name}.csv?{urlencode(asked.given)}".rstrip("?")
    return {
        "answer": shown,
        "total": total,
        "titles": show_titles(shown),
        "first": found.first,
        "rows": [[cells.show(cell, frame.language) for cell in row] for row in shown.rows],
        "next_page": found.first // ROWS + 2 if found.first + ROWS < total else 0,
        "previous_page": found.first // ROWS,
        "silence": "" if total else show_silence(shown.searched, frame.language),
        "why": find_why(desk, found, why, about),
        "picture": draw(desk, question, asked.given, found.drawn, frame) if found.drawn else None,
        "downloads": [(form, asked.url(f".{form}")) for form in _DOWNLOADS],
        "share": f"{root}{asked.url()}",
        "samples": write_samples(address),
        "bound": found.bound,
    }


def _read_number(text: str, otherwise: int) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) <= len("100000")
    return int(text) if is_number else otherwise
