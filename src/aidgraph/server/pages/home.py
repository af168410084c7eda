"""The home page: the questions as sentences with blanks, by topic, and what is in the graph."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from aidgraph.answers.lookup import read_value
from aidgraph.answers.results import read_labels
from aidgraph.collection import read_collection
from aidgraph.errors import AidgraphError
from aidgraph.questions import fill_title
from aidgraph.server.pages.blanks import read_title
from aidgraph.server.pages.frame import Frame, render
from aidgraph.terms import ARTICLE, aid

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aidgraph.questions import Language, Question
    from aidgraph.server.desk import Desk
    from aidgraph.store.worker import Reply

TOPICS: Mapping[str, tuple[str, ...]] = {
    "helpers": ("helper", "command", "pairing", "strategy", "programme", "field"),
    "areas": ("area", "place", "strength"),
    "money": ("money", "number", "total"),
    "works": ("project", "park", "event", "service", "agreement", "status", "aim", "period"),
    "industries": ("industry", "company", "product", "method"),
    "people": ("person", "statement", "batch", "party"),
    "limits": ("silence", "passage", "article"),
}
"""The topics of the home page: a question stands under that of its first tag; `limits` first."""

_STARTERS: tuple[tuple[str, dict[str, str]], ...] = (
    ("works-of-helper", {"helper": "广东省"}),
    ("helpers-compared", {"one": "北京市", "other": "江苏省"}),
    ("projects-of-helper", {"helper": "山东省"}),
    ("sums-of-aid", {}),
    ("goods-on-the-move", {}),
    ("who-helps-whom", {}),
)
"""Questions that are answered at a click, where the graph knows the things."""

_COUNTED = ("Helper", "RecipientArea", "Undertaking", "Site", "Company", "Agreement")


class Listed(NamedTuple):
    """A question in the list: its title in parts, and where it is asked."""

    name: str
    view: str
    title: Sequence[tuple[str, str]]
    url: str
    search: str


def show(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Show the home page; `args` as `pagehooks` gives them."""
    frame = Frame(args)
    listed = list_questions(desk, frame)
    by_name = {each.name: each for group in listed.values() for each in group}
    return render(
        desk,
        frame,
        "home",
        topics=listed,
        starters=_read_starters(desk, by_name, frame),
        counts=_count(desk),
        articles=_read_articles(desk, frame),
        total=len(by_name),
    )


def _read_starters(
    desk: Desk, by_name: Mapping[str, Listed], frame: Frame
) -> list[tuple[str, str]]:
    """Return sentence and address of the questions that one may begin with."""
    found = []
    questions = {each.name: each for each in read_questions(desk) if each.name in by_name}
    for name, given in _STARTERS:
        question = questions.get(name)
        if question is None:
            continue
        try:
            named = {
                key: _name(desk, question, key, value, frame.language)
                for key, value in given.items()
            }
        except AidgraphError:  # another project's graph knows other things
            continue
        title = fill_title(question, named, frame.language)
        found.append((title, frame.url(f"/q/{name}", named)))
    return found


def _name(desk: Desk, question: Question, name: str, value: str, language: Language) -> str:
    (parameter,) = (each for each in question.parameters if each.name == name)
    term = read_value(desk.dataset.store, parameter, value)
    return read_labels(desk.dataset.store, [term.value], language)[term.value]


def list_questions(desk: Desk, frame: Frame) -> dict[str, list[Listed]]:
    """Return the questions that can be asked, by topic."""
    found: dict[str, list[Listed]] = {topic: [] for topic in TOPICS}
    for question in read_questions(desk):
        found[find_topic(question)].append(_list(question, frame))
    return {topic: questions for topic, questions in found.items() if questions}


def find_topic(question: Question) -> str:
    """Return the topic that a question stands under."""
    if "silence" in question.tags:
        return "limits"
    for tag in question.tags:
        for topic, tags in TOPICS.items():
            if tag in tags:
                return topic
    return "works"


def read_questions(desk: Desk) -> list[Question]:
    """Return the questions, read once a dataset: each file is parsed."""
    if "questions" not in desk.kept:
        desk.kept["questions"] = read_collection(desk.project)
    questions: list[Question] = desk.kept["questions"]
    return questions


def _list(question: Question, frame: Frame) -> Listed:
    language = frame.language
    labels = {each.name: each.label[language] for each in question.parameters}
    title = [
        (kind, labels[part] if kind == "blank" else part)
        for kind, part in read_title(question, language)
    ]
    words = " ".join((*question.title.values(), *question.tags)).casefold()
    return Listed(question.name, question.view, title, frame.url(f"/q/{question.name}"), words)


def _count(desk: Desk) -> dict[str, int]:
    if "counts" not in desk.kept:
        counts = dict(desk.dataset.manifest.counts) if desk.dataset.manifest else {}
        for name in _COUNTED:
            query = f"SELECT (COUNT(DISTINCT ?thing) AS ?n) WHERE {{ ?thing a {aid(name)} }}"
            ((number,),) = desk.dataset.store.select(query).rows
            counts[name] = int(number.value) if isinstance(number, ox.Literal) else 0
        desk.kept["counts"] = counts
    found: dict[str, int] = desk.kept["counts"]
    return found


def _read_articles(desk: Desk, frame: Frame) -> list[dict[str, Any]]:
    """Return the first articles with their address, read once a dataset."""
    key = ("articles", frame.language)
    if key not in desk.kept:
        desk.kept[key] = _list_articles(desk, frame)
    listed: list[dict[str, Any]] = desk.kept[key]
    return [{**each, "url": frame.url(f"/page/article/{each['id']}")} for each in listed]


def _list_articles(desk: Desk, frame: Frame) -> list[dict[str, Any]]:
    """Return the longest articles, with their title, publisher and number of passages."""
    query = f"""PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?article ?publisher (COUNT(DISTINCT ?passage) AS ?passages) WHERE {{
  ?article a {aid("Article")} . OPTIONAL {{ ?article dcterms:publisher ?publisher }}
  ?passage oa:hasSource ?article .
}} GROUP BY ?article ?publisher ORDER BY DESC(?passages) LIMIT 12"""
    rows = desk.dataset.store.select(query).rows
    iris = [row[0].value for row in rows if isinstance(row[0], ox.NamedNode)]
    return [
        {
            "title": _title(desk, iri, frame.language),
            "original": _title(desk, iri, "zh"),
            "id": iri.removeprefix(ARTICLE),
            "publisher": row[1].value if isinstance(row[1], ox.Literal) else "",
            "passages": row[2].value if isinstance(row[2], ox.Literal) else "",
        }
        for iri, row in zip(iris, rows, strict=True)
    ]


def _title(desk: Desk, iri: str, language: Language) -> str:
    return read_labels(desk.dataset.store, [iri], language)[iri]
