"""An answer as a picture: what its query's `view` says, made of the same rows as the table.

Bars and the timeline are drawn on the server; flow, network and map are data for the front-end's
charts, and the table says the same without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from aidgraph.answers.lookup import read_value
from aidgraph.answers.results import Thing, read_labels
from aidgraph.server.pages.bars import draw_bars
from aidgraph.server.pages.maps import draw_map
from aidgraph.terms import AID

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aidgraph.answers.results import Answer, Cell
    from aidgraph.questions import Question
    from aidgraph.server.desk import Desk
    from aidgraph.server.pages.frame import Frame

_LEAST_ROWS = 2  # a picture of less says no more than the table


def draw(
    desk: Desk, question: Question, given: Mapping[str, str], answer: Answer, frame: Frame
) -> dict[str, Any] | None:
    """Return the picture of an answer: its `view` and what that needs; None if it has none."""
    if not answer.rows:
        return None
    if question.view == "bar":
        return draw_bars(answer, frame)
    if question.view == "timeline":
        return draw_steps(answer, frame, find_asked(desk, question, given, frame))
    if question.view == "map":
        return draw_map(desk, question, given, answer, frame)
    if question.view in ("flow", "network") and len(answer.rows) >= _LEAST_ROWS:
        asked = find_asked(desk, question, given, frame)
        return draw_links(answer, frame, question.view, asked)
    return None


def draw_links(
    answer: Answer, frame: Frame, view: str, asked: Sequence[Thing] = ()
) -> dict[str, Any]:
    """Return nodes and links: each row is a path through the things in its columns.

    A property in a column names the link between its neighbours; a row that begins or ends with
    one is a path from the first, or to the last, of the things `asked` about. In a flow a thing is
    a node of its column, so that nothing flows in a circle.
    """
    nodes: dict[str, dict[str, Any]] = {}
    links: dict[tuple[str, str], dict[str, Any]] = {}
    titles = ["", *(answer.titles.get(column, "") for column in answer.columns), ""]
    for row in answer.rows:
        previous, label = "", ""
        for column, cell in enumerate(_complete(row, asked)):
            if not isinstance(cell, Thing):
                continue
            if _is_property(cell.iri):
                label = cell.label
                continue
            key = f"{column} {cell.iri}" if view == "flow" else cell.iri
            nodes.setdefault(key, _node(key, cell, column, titles[column], frame))
            if previous and previous != key:
                link = links.setdefault(
                    (previous, key), {"source": previous, "target": key, "label": label, "value": 0}
                )
                link["value"] += 1
            previous, label = key, ""
    return {"view": view, "data": {"nodes": [*nodes.values()], "links": [*links.values()]}}


def draw_steps(answer: Answer, frame: Frame, asked: Sequence[Thing]) -> dict[str, Any]:
    """Return a timeline of one period: the articles date nothing, so its things have no order."""
    steps: dict[Thing, list[str]] = {}
    for row in answer.rows:
        things = [cell for cell in row if isinstance(cell, Thing)]
        if things:
            steps.setdefault(things[0], []).extend(thing.label for thing in things[1:])
    shown = [
        {"label": thing.label, "url": frame.page_of(thing.iri), "by": [*dict.fromkeys(labels)]}
        for thing, labels in steps.items()
    ]
    return {
        "view": "timeline",
        "period": " · ".join(thing.label for thing in asked),
        "steps": shown,
    }


def _node(key: str, cell: Thing, column: int, title: str, frame: Frame) -> dict[str, Any]:
    url = frame.page_of(cell.iri)
    return {"id": key, "label": cell.label, "kind": column, "title": title, "url": url}


def find_asked(
    desk: Desk, question: Question, given: Mapping[str, str], frame: Frame
) -> list[Thing]:
    """Return the things that a question is asked about, in the order of its parameters."""
    store = desk.dataset.store
    terms = [
        read_value(store, parameter, given[parameter.name])
        for parameter in question.parameters
        if parameter.name in given
    ]
    iris = [term.value for term in terms if isinstance(term, ox.NamedNode)]
    labels = read_labels(store, iris, frame.language) if iris else {}
    return [Thing(iri, labels[iri]) for iri in iris]


def _complete(row: Sequence[Cell], asked: Sequence[Thing]) -> list[Cell]:
    """Return a row with what its first link leads from, and its last to."""
    links = [cell for cell in row if isinstance(cell, Thing)]
    first = asked[0] if asked and links and _is_property(links[0].iri) else None
    last = asked[-1] if asked and links and _is_property(links[-1].iri) else None
    return [first, *row, last]


def _is_property(iri: str) -> bool:
    return iri.startswith(AID) and iri.removeprefix(AID)[:1].islower()
