"""The page of a search: the question that a sentence asks, things called so, and sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aidgraph.answers.understand import LEAST_SCORE, Interpreter
from aidgraph.errors import AidgraphError
from aidgraph.questions import fill_title
from aidgraph.server.naming import read_names
from aidgraph.server.pages import question
from aidgraph.server.pages.frame import Frame, render
from aidgraph.server.pages.home import read_questions
from aidgraph.server.pages.marking import mark_names
from aidgraph.server.suggesting import find_sentences
from aidgraph.terms import passage_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aidgraph.answers.results import Evidence
    from aidgraph.answers.understand import Reading
    from aidgraph.server.desk import Desk
    from aidgraph.store.worker import Reply

_MOST = 12
_NEAREST = 3
_LONGEST = 200  # characters of a sentence that is read as a question


def show(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Show the answer, where `q` of the address is understood as a question, else what was found.

    With `_view=all`, show what was found in any case.
    """
    frame = Frame(args)
    text = frame.control("q").strip()
    reading, nearest = _understand(desk, text, frame) if text else (None, [])
    if reading and frame.control("_view") != "all":
        return question.show(desk, _ask(reading, text, frame, args))
    store = desk.dataset.store
    sentences = find_sentences(store, text, _MOST) if text else []
    near = read_interpreter(desk).find_passages(text[:_LONGEST]) if text and not sentences else []
    return render(
        desk,
        frame,
        "search",
        text=text,
        reading=_link(reading, frame) if reading else None,
        nearest=nearest,
        things=read_names(desk, "").suggest(text, frame.language, _MOST) if text else [],
        sentences=_quote(sentences, frame, text),
        near=_quote(near, frame),
    )


def read_interpreter(desk: Desk) -> Interpreter:
    """Return what understands sentences, made once a dataset."""
    if "interpreter" not in desk.kept:
        desk.kept["interpreter"] = Interpreter(desk.dataset.store, read_questions(desk))
    interpreter: Interpreter = desk.kept["interpreter"]
    return interpreter


def _understand(desk: Desk, text: str, frame: Frame) -> tuple[Reading | None, list[dict[str, str]]]:
    """Return the question that a sentence asks, or else the nearest ones."""
    interpreter = read_interpreter(desk)
    try:
        return interpreter.understand(text[:_LONGEST], frame.language), []
    except AidgraphError:
        fits = interpreter.rank(text[:_LONGEST])
    return None, [
        {"title": fit.question.title[frame.language], "url": frame.url(f"/q/{fit.question.name}")}
        for fit in fits[:_NEAREST]
        if fit.score >= LEAST_SCORE / 2
    ]


def _ask(reading: Reading, text: str, frame: Frame, args: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page of the question takes, as if its own address had been opened."""
    name, kept = reading.question.name, [pair for pair in args["query"] if pair[0] == "_lang"]
    others = [_link(other, frame) for other in reading.others]
    return {
        **args,
        "path": f"/q/{name}",
        "query": [*reading.given.items(), *kept],
        "name": name,
        "given": dict(reading.given),
        "understood": question.Understood(text, others, _quote(reading.nearest, frame)),
    }


def _quote(found: Iterable[Evidence], frame: Frame, words: str = "") -> list[dict[str, Any]]:
    """Return passages as a page shows them, `words` marked in them."""
    return [
        {
            "pieces": [*mark_names(each.text or "", {"q": [words]} if words else {})],
            "translation": each.translation,
            "url": frame.page_of(passage_iri(each.article or "", each.passage or "").value),
            "place": f"{each.article} {each.passage}",
        }
        for each in found
    ]


def _link(reading: Reading, frame: Frame) -> dict[str, str]:
    title = fill_title(reading.question, reading.given, frame.language)
    return {"title": title, "url": frame.url(f"/q/{reading.question.name}", reading.given)}
