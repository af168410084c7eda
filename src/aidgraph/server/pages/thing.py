"""The page of a thing: everything known of it by the sentences that say it, and its neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from aidgraph.answers.passages import read_quotes
from aidgraph.answers.results import Thing
from aidgraph.answers.show import read_known
from aidgraph.answers.wording import WORDS
from aidgraph.server.pages import article, cells, ontology
from aidgraph.server.pages.frame import Frame, render
from aidgraph.server.pages.marking import mark_names, read_words
from aidgraph.server.things import find_node
from aidgraph.terms import AID, BASE, RDF_TYPE, passage_iri, split_passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aidgraph.answers.results import Evidence
    from aidgraph.answers.show import Fact, Known
    from aidgraph.server.desk import Desk
    from aidgraph.server.pages.marking import Piece
    from aidgraph.store.worker import Reply

_MOST_NEIGHBOURS = 60
_MOST_WAYS = 400  # facts on a page


class Line(NamedTuple):
    """A fact in words: `subject` property `value`; None at an end stands for the page's thing."""

    subject: cells.Shown | None
    label: str
    value: cells.Shown | None
    rules: tuple[str, ...]


class Sentence(NamedTuple):
    """A passage: its IRI, its id in its article, and its words in pieces.

    `translation` is our own, into English, where there is one.
    """

    iri: str
    passage: str
    pieces: tuple[Piece, ...]
    translation: str | None


class Dossier(NamedTuple):
    """Facts that rest on the same: sentences, with the names marked, or cited sources."""

    sentences: tuple[Sentence, ...]
    sources: tuple[str, ...]
    lines: tuple[Line, ...]


def show(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Show the page of a thing, of an article or of the ontology, as `args["path"]` ends its IRI.

    Raises:
        NotFoundError: the graph says nothing of it.
    """
    path: str = args["path"].removeprefix("/").removeprefix("page/")
    frame = Frame({**args, "path": f"/page/{path.replace('#', '/')}"})
    head = path.partition("#")[0].split("/")[0]
    if head == "ont":
        return ontology.show(desk, frame)
    if head == "article" and "-" not in path.rpartition("/")[2].lstrip("p0123456789."):
        return article.show(desk, frame, path)
    if head == "article" and path.count("/") == 1:
        return article.show(desk, frame, path)
    node = find_node(desk, path)
    known = read_known(desk.dataset, node, frame.language, desk.rules)
    stated, sourced, ruled = _sort([*_read_lines(known, frame)], desk, known)
    return render(
        desk,
        frame,
        "thing",
        known=known,
        kinds=_read_kinds(known),
        stated=stated,
        sourced=sourced,
        ruled=ruled[:_MOST_WAYS],
        silence="" if known.said else WORDS[frame.language]["silent"].format(known.searched),
        picture=_draw(known, frame),
        path=path,
    )


def _read_kinds(known: Known) -> list[Thing]:
    """Return the classes of our ontology that are stated of the thing, else all that follow."""
    ours = [
        fact
        for fact in known.classes
        if isinstance(fact.value, Thing) and fact.value.iri.startswith(AID)
    ]
    stated = [fact for fact in ours if fact.rule is None] or ours
    return [*dict.fromkeys(fact.value for fact in stated if isinstance(fact.value, Thing))]


def _read_lines(known: Known, frame: Frame) -> Iterator[tuple[Line, Fact]]:
    for fact in known.facts:
        if fact.name.iri != RDF_TYPE.value:
            yield (
                Line(None, fact.name.label, cells.show(fact.value, frame.language), _rules(fact)),
                fact,
            )
    for fact in known.referred_by:
        yield (
            Line(cells.show(fact.value, frame.language), fact.name.label, None, _rules(fact)),
            fact,
        )


def _rules(fact: Fact) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.rule for each in fact.evidence if each.rule))


def _sort(
    told: Sequence[tuple[Line, Fact]], desk: Desk, known: Known
) -> tuple[list[Dossier], list[Dossier], list[Dossier]]:
    """Return what sentences state, what only sources and descriptions do, and what follows."""
    groups: dict[tuple[bool, tuple[str, ...], tuple[str, ...]], list[Line]] = {}
    for line, fact in told:
        passages = _passages(fact.evidence)
        sources = (
            ()
            if passages
            else tuple(dict.fromkeys(each.source for each in fact.evidence if each.source))
        )
        groups.setdefault((bool(line.rules), passages, sources), []).append(line)
    quotes = read_quotes(desk.dataset.store, {iri for _, iris, _ in groups for iri in iris})
    words = read_words(desk.dataset.store, {known.iri})
    found: tuple[list[Dossier], list[Dossier], list[Dossier]] = ([], [], [])
    for (is_ruled, passages, sources), lines in sorted(groups.items(), key=_order):
        sentences = tuple(
            Sentence(iri, quote.passage, tuple(mark_names(quote.text, words)), quote.translation)
            for iri in passages
            if (quote := quotes.get(iri))
        )
        place = 2 if is_ruled else 0 if passages else 1
        found[place].append(Dossier(sentences, sources, tuple(lines)))
    return found


def _order(
    group: tuple[tuple[bool, tuple[str, ...], tuple[str, ...]], list[Line]],
) -> tuple[bool, list[tuple[str, list[int]]], tuple[str, ...]]:
    (is_ruled, passages, sources), _ = group
    return is_ruled, [_place(iri) for iri in passages], sources


def _place(iri: str) -> tuple[str, list[int]]:
    """Return where a passage stands: the tenth paragraph comes after the second."""
    head, _, name = iri.rpartition("/")
    return head, [int(part) for part in name.removeprefix("p").split(".")]


def _passages(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    found = {
        passage_iri(each.article, each.passage).value
        for each in evidence
        if each.article and each.passage
    }
    return tuple(sorted(found, key=_place))


def _is_neighbour(fact: Fact) -> bool:
    """Tell whether a fact is stated, by a property of ours, and leads to a thing with a page."""
    if fact.rule is not None or not isinstance(fact.value, Thing):
        return False
    split = split_passage(fact.value.iri)
    is_passage = split is not None and not split[2]
    return fact.name.iri.startswith(AID) and fact.value.iri.startswith(BASE) and not is_passage


def _draw(known: Known, frame: Frame) -> dict[str, Any] | None:
    """Return the thing and its neighbours, by facts that are stated, as a network."""
    centre = {"id": known.iri, "label": known.label, "kind": 0, "title": "", "url": ""}
    nodes, links = {known.iri: centre}, []
    for facts, is_own in ((known.facts, True), (known.referred_by, False)):
        for fact in facts:
            cell = fact.value
            if not _is_neighbour(fact) or not isinstance(cell, Thing):
                continue
            if len(nodes) >= _MOST_NEIGHBOURS and cell.iri not in nodes:
                continue
            nodes.setdefault(
                cell.iri,
                {
                    "id": cell.iri,
                    "label": cell.label,
                    "kind": 1 if is_own else 2,
                    "title": fact.name.label,
                    "url": frame.page_of(cell.iri),
                },
            )
            ends = (known.iri, cell.iri) if is_own else (cell.iri, known.iri)
            links.append(
                {"source": ends[0], "target": ends[1], "label": fact.name.label, "value": 1}
            )
    if not links:
        return None
    return {"view": "network", "data": {"nodes": [*nodes.values()], "links": links}}
