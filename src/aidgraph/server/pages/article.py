"""The page of an article: its text, and beside each sentence every fact that it states."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pyoxigraph as ox

from aidgraph.answers.passages import read_passages
from aidgraph.answers.results import read_cells
from aidgraph.errors import NotFoundError
from aidgraph.server.pages import cells
from aidgraph.server.pages.frame import Frame, render
from aidgraph.server.pages.marking import mark_names, read_words
from aidgraph.store import Solutions
from aidgraph.terms import ARTICLE, RDF_TYPE, aid, article_iri, passage_iri, split_passage

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aidgraph.answers.passages import PassageFacts
    from aidgraph.server.desk import Desk
    from aidgraph.server.pages.marking import Piece
    from aidgraph.store import Term
    from aidgraph.store.worker import Reply

_IN_FIGURE = frozenset(
    aid(name).value
    for name in ("value", "unit", "bound", "asWritten", "inPhrase", "scope", "scopeBasis", "period")
)
"""What a figure shows already, wherever it stands."""

_REMARKS = ("saidBy", "saidOn", "manner")
_HEADING = "#"


class Fact(NamedTuple):
    """A property and its value, with the keys of the things at both ends."""

    label: str
    value: cells.Shown
    url: str
    keys: str


class Subject(NamedTuple):
    """A thing that a sentence speaks of, and what the sentence says of it."""

    shown: cells.Shown
    url: str
    facts: tuple[Fact, ...]


class Passage(NamedTuple):
    """A sentence, heading or byline with all that it says; `level` is a heading's, 0 otherwise.

    `triples` counts what its graph has, `listed` what is shown: a figure shows its own parts.
    `translation` is our own, into English, where there is one.
    """

    id: str
    start: int
    length: int
    level: int
    pieces: tuple[Piece, ...]
    translation: str | None
    subjects: tuple[Subject, ...]
    triples: int
    listed: int
    reason: str
    remarks: tuple[Fact, ...]


def show(desk: Desk, frame: Frame, path: str) -> Reply:
    """Show the article whose path is `article/ID`, or `article/ID/pN.M`, which is then marked.

    Raises:
        NotFoundError: there is no such article.
    """
    article, _, focus = path.removeprefix("article/").partition("/")
    record = _read_record(desk, article, frame)
    listed = read_passages(desk.dataset.store, article, frame.language)
    passages = [*_read_all(desk, article, listed, frame)]
    paragraphs: dict[str, list[Passage]] = {}
    for passage in passages:
        paragraphs.setdefault(passage.id.partition(".")[0], []).append(passage)
    with_facts = sum(1 for each in passages if each.triples)
    without = sum(1 for each in passages if each.reason)
    return render(
        desk,
        frame,
        "article",
        record=record,
        paragraphs=paragraphs,
        passages=passages,
        focus=focus,
        length=max((each.start + each.length for each in passages), default=1),
        coverage={
            "all": len(passages),
            "with_facts": with_facts,
            "facts": sum(each.triples for each in passages),
            "without": without,
        },
        left=len(passages) - with_facts - without,
    )


def _read_record(desk: Desk, article: str, frame: Frame) -> dict[str, Any]:
    """Return the article's record: titles by language, author, publisher, rights.

    Raises:
        NotFoundError: there is no such article.
    """
    try:
        node = article_iri(article)
    except ValueError:
        node = None
    rows = desk.dataset.store.select(f"SELECT ?p ?o WHERE {{ {node} ?p ?o }}").rows if node else []
    if (RDF_TYPE, aid("Article")) not in {(p, o) for p, o in rows}:
        en = f"There is no article “{article}”: the home page lists them."
        raise NotFoundError(en, f"没有名为“{article}”的文章：首页列有全部文章。")
    found: dict[str, Any] = {"iri": ARTICLE + article, "label": {}, "id": article}
    for how, value in rows:
        if isinstance(how, ox.NamedNode) and isinstance(value, ox.Literal):
            name = how.value.rpartition("/")[2].rpartition("#")[2]
            if name in ("label", "rights"):
                found.setdefault(name, {})[value.language] = value.value
            else:
                found.setdefault(name, value.value)
    found["title"] = found["label"].get("zh") or next(iter(found["label"].values()), article)
    found["translated"] = found["label"].get(frame.language, "")
    return found


def _read_all(
    desk: Desk, article: str, listed: Sequence[PassageFacts], frame: Frame
) -> Iterator[Passage]:
    """Yield the passages of an article with their facts."""
    facts = _read_facts(desk, article)
    remarks = _read_remarks(desk, article)
    shown = _show_all([*facts, *remarks], desk, frame)
    things = {term.value for row in facts for term in row[1:] if isinstance(term, ox.NamedNode)}
    words = read_words(desk.dataset.store, things)
    levels = _read_levels(desk, article, listed)
    for each in listed:
        iri = passage_iri(article, each.id).value
        own = [row for row in facts if row[0] == ox.NamedNode(iri)]
        keys = _number([term for row in own for term in (row[1], row[3])])
        named = {keys[thing]: names for thing, names in words.items() if thing in keys}
        yield Passage(
            each.id,
            each.start,
            each.end - each.start,
            levels.get(each.id, 0),
            tuple(mark_names(each.text, named)),
            each.translation,
            tuple(_group(own, shown, keys, frame)),
            each.facts,
            len(own),
            each.reason or "",
            tuple(_fact(row, shown, keys, frame) for row in remarks if row[0] == ox.NamedNode(iri)),
        )


_Row = tuple["Term", "Term", "Term", "Term"]


def _read_facts(desk: Desk, article: str) -> list[_Row]:
    """Return what each passage states: passage, subject, property, value."""
    query = f"""SELECT DISTINCT ?passage ?s ?p ?o WHERE {{
  ?passage <http://www.w3.org/ns/oa#hasSource> {article_iri(article)} .
  GRAPH ?passage {{ ?s ?p ?o }}
}} ORDER BY ?passage ?s ?p ?o"""
    return [row for row in _select(desk, query) if _tells(row)]


def _tells(row: _Row) -> bool:
    """Tell whether a triple is more than a part of a figure, which the figure shows."""
    _, subject, how, value = row
    if not (isinstance(subject, ox.NamedNode) and isinstance(how, ox.NamedNode)):
        return False
    split = split_passage(subject.value)
    is_type = how == RDF_TYPE and isinstance(value, ox.NamedNode)
    return not (split and split[2] and (is_type or how.value in _IN_FIGURE))


def _read_remarks(desk: Desk, article: str) -> list[_Row]:
    properties = " ".join(str(aid(name)) for name in _REMARKS)
    query = f"""SELECT DISTINCT ?s ?s2 ?p ?o WHERE {{
  VALUES ?p {{ {properties} }}
  GRAPH {article_iri(article)} {{ ?s ?p ?o }} BIND(?s AS ?s2)
}} ORDER BY ?s ?p ?o"""
    return _select(desk, query)


def _select(desk: Desk, query: str) -> list[_Row]:
    """Return the rows of a query of four variables, all of them bound."""
    return [
        (passage, subject, how, value)
        for passage, subject, how, value in desk.dataset.store.select(query).rows
        if passage is not None and subject is not None and how is not None and value is not None
    ]


def _show_all(rows: Sequence[_Row], desk: Desk, frame: Frame) -> dict[Term, cells.Shown]:
    terms = [*dict.fromkeys(term for row in rows for term in row[1:])]
    read = read_cells(desk.dataset.store, Solutions(("t",), [(t,) for t in terms]), frame.language)
    return {
        term: cells.show(cell, frame.language) for term, (cell,) in zip(terms, read, strict=True)
    }


def _number(terms: Sequence[Term]) -> dict[str, str]:
    """Return a short key for each thing, to find its words and its facts by."""
    iris = dict.fromkeys(term.value for term in terms if isinstance(term, ox.NamedNode))
    return {iri: f"t{number}" for number, iri in enumerate(iris)}


def _group(
    rows: Sequence[_Row], shown: Mapping[Term, cells.Shown], keys: Mapping[str, str], frame: Frame
) -> Iterator[Subject]:
    grouped: dict[Term, list[Fact]] = {}
    for row in rows:
        grouped.setdefault(row[1], []).append(_fact(row, shown, keys, frame))
    for subject, facts in grouped.items():
        yield Subject(shown[subject], _url(subject, frame), tuple(facts))


def _fact(
    row: _Row, shown: Mapping[Term, cells.Shown], keys: Mapping[str, str], frame: Frame
) -> Fact:
    ends = (term.value for term in (row[1], row[3]) if isinstance(term, ox.NamedNode))
    joined = " ".join(keys[end] for end in ends if end in keys)
    return Fact(shown[row[2]].text, shown[row[3]], _url(row[3], frame), joined)


def _url(term: Term, frame: Frame) -> str:
    return frame.page_of(term.value) if isinstance(term, ox.NamedNode) else ""


def _read_levels(desk: Desk, article: str, listed: Sequence[PassageFacts]) -> dict[str, int]:
    """Return the levels of the headings: the text before each, in the article's file, says it."""
    query = f"""PREFIX oa: <http://www.w3.org/ns/oa#>
SELECT ?passage ?prefix WHERE {{
  ?passage oa:hasSource {article_iri(article)} ; oa:hasSelector/oa:prefix ?prefix .
}}"""
    found: dict[str, int] = {}
    for passage, prefix in desk.dataset.store.select(query).rows:
        if isinstance(passage, ox.NamedNode) and isinstance(prefix, ox.Literal):
            before = prefix.value.rpartition("\n")[2].strip()
            if before and not before.strip(_HEADING):
                found[passage.value.rpartition("/")[2]] = len(before)
    return {each.id: found[each.id] for each in listed if each.id in found}
