"""Evidence as a page shows it: the sentence marked in its paragraph, and the names in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.answers.passages import read_quotes
from aidgraph.answers.results import Thing, Value, read_labels
from aidgraph.answers.wording import show_evidence
from aidgraph.server.pages.marking import mark_names, read_words
from aidgraph.terms import article_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aidgraph.answers.passages import Quote
    from aidgraph.answers.results import Cell, Evidence
    from aidgraph.questions import Language
    from aidgraph.server.pages.marking import Piece
    from aidgraph.store import Store

_SOURCE = "<http://www.w3.org/ns/oa#hasSource>"


class Sentence(NamedTuple):
    """A passage in a paragraph: whether the evidence cites it, and its text in pieces.

    `translation` is our own, into English, where there is one.
    """

    passage: str
    is_cited: bool
    pieces: tuple[Piece, ...]
    translation: str | None


class Paragraph(NamedTuple):
    """A paragraph of an article that has cited sentences; `title` is the article's."""

    article: str
    title: str
    iri: str
    cited: tuple[str, ...]
    start: int
    end: int
    sentences: tuple[Sentence, ...]


class Shown(NamedTuple):
    """The evidence of a row: paragraphs, and what else it rests on, in words and by kind."""

    paragraphs: tuple[Paragraph, ...]
    inferred: tuple[str, ...]
    sources: tuple[str, ...]
    others: tuple[str, ...]


def show(
    store: Store,
    evidence: Iterable[Evidence],
    untraced: Iterable[str],
    cells: Iterable[Cell],
    language: Language,
) -> Shown:
    """Return evidence as it is shown; the names of the things in `cells` are marked."""
    listed = [*dict.fromkeys(evidence)]
    return Shown(
        tuple(_read_paragraphs(store, listed, cells, language)),
        _tell(listed, "inferred", language),
        tuple(dict.fromkeys(each.source or "" for each in listed if each.kind == "reference")),
        (*_tell(listed, "absence", language), *untraced),
    )


def read_paragraph(store: Store, article: str, passage: str) -> list[Quote]:
    """Return the passages of the paragraph that `passage` (`p12.2`) is in, in their order."""
    rows = store.select(f"SELECT ?p WHERE {{ ?p {_SOURCE} {article_iri(article)} }}").rows
    head = f"{article_iri(article).value}/{passage.partition('.')[0]}."
    iris = {p.value for (p,) in rows if isinstance(p, ox.NamedNode) and p.value.startswith(head)}
    return sorted(read_quotes(store, iris).values(), key=lambda quote: quote.start)


def _tell(evidence: Sequence[Evidence], kind: str, language: Language) -> tuple[str, ...]:
    told = (each.text or "" for each in evidence if each.kind == kind)
    if kind == "inferred":
        told = (show_evidence(each, language) for each in evidence if each.kind == kind)
    return tuple(dict.fromkeys(told))


def _read_paragraphs(
    store: Store, evidence: Sequence[Evidence], cells: Iterable[Cell], language: Language
) -> Iterable[Paragraph]:
    """Yield the paragraphs of the cited passages, in the order of the articles."""
    cited: dict[tuple[str, str], list[str]] = {}
    first: dict[tuple[str, str], int] = {}
    for each in evidence:
        if each.kind == "article" and each.article and each.passage:
            key = each.article, each.passage.partition(".")[0]
            cited.setdefault(key, []).append(each.passage)
            first[key] = min(first.get(key, each.start or 0), each.start or 0)
    if not cited:
        return
    words = _words_of(store, cells)
    titles = read_labels(store, {article_iri(name).value for name, _ in cited}, language)
    for key in sorted(cited, key=lambda key: (key[0], first[key])):
        yield _paragraph(store, key[0], cited[key], words, titles)


def _paragraph(
    store: Store,
    article: str,
    cited: Sequence[str],
    words: Mapping[str, Sequence[str]],
    titles: Mapping[str, str],
) -> Paragraph:
    quotes = read_paragraph(store, article, cited[0])
    named = [quote for quote in quotes if quote.passage in cited]
    sentences = tuple(
        Sentence(
            quote.passage,
            quote.passage in cited,
            tuple(mark_names(quote.text, words if quote.passage in cited else {})),
            quote.translation,
        )
        for quote in quotes
    )
    return Paragraph(
        article,
        titles[article_iri(article).value],
        named[0].iri,
        tuple(quote.passage for quote in named),
        named[0].start,
        named[-1].end,
        sentences,
    )


def _words_of(store: Store, cells: Iterable[Cell]) -> dict[str, list[str]]:
    """Return the words that a row's things and figures go by in the article."""
    listed = [*cells]
    found = read_words(store, {cell.iri for cell in listed if isinstance(cell, Thing)})
    for cell in listed:
        if isinstance(cell, Value) and cell.as_written:
            found[cell.as_written] = [cell.as_written]
    return found
