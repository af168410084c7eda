"""Completeness: what a passage names and counts is in its graph, or is excused.

A name needs a triple of its own even within the words of a measure. A sort of thing (a kind,
an industry, a product) needs none there: it belongs to those words.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from aidgraph.gates.faults import Both, Fault, fault_in_passage
from aidgraph.names import is_under_passage
from aidgraph.terms import AID

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aidgraph.findings import Finding
    from aidgraph.gates.reading import ArticleReading, PassageReading
    from aidgraph.names import Mention, Span

_REMEDY = Both(
    "State what the sentence says of it, or excuse it with aid:inPassing on the passage.",
    "请写出句中关于它的事实，或在该句段上用 aid:inPassing 注明只是顺带提及。",
)


def check_completeness(article: ArticleReading, passage: PassageReading) -> Iterator[Finding]:
    """Yield the names and figures of a passage that its graph leaves out, each once."""
    used = passage.ends | {fact.object for fact in article.record if fact.subject == passage.iri}
    excused = [
        span
        for fact in article.record
        if fact.subject == passage.iri and fact.is_literal
        for span in passage.find_words(fact.object)
    ]
    stated = _find_stated(passage, used)
    yield from _check_names(article, passage, used, excused, stated)
    names = [span for mention in passage.named for span in mention.spans]
    for figure in passage.figures:
        if not _lie_in([(figure.start, figure.end)], [*names, *excused, *stated]):
            yield _figure_left_out(passage, figure.text)


def _check_names(
    article: ArticleReading,
    passage: PassageReading,
    used: frozenset[str],
    excused: list[Span],
    stated: list[Span],
) -> Iterator[Finding]:
    told: set[str] = set()
    outermost = [mention for mention in passage.named if not mention.inside]
    for spans, group in groupby(outermost, key=lambda mention: mention.spans):
        entities = [each.entity for each in group if not _is_from_elsewhere(each, passage)]
        if not entities or not told.isdisjoint(entities) or not used.isdisjoint(entities):
            continue
        is_part = all(article.is_generic(each) for each in entities) and _lie_in(spans, stated)
        if not is_part and not _lie_in(spans, excused):
            told.update(entities)
            yield _name_left_out(article, passage, entities, spans)


def _find_stated(passage: PassageReading, used: Iterable[str]) -> list[Span]:
    """Return the spans of what the facts are about, and of the words that they quote."""
    mentioned = [span for entity in used for span in passage.find_spans(entity)]
    quoted = [
        span
        for fact in passage.facts
        if fact.is_literal and fact.predicate != f"{AID}calledHere"
        for span in passage.find_words(fact.object)
    ]
    return mentioned + quoted


def _is_from_elsewhere(mention: Mention, passage: PassageReading) -> bool:
    """Tell whether the words of a passage's nameless thing happen to stand in another passage."""
    return is_under_passage(mention.entity) and not mention.entity.startswith(f"{passage.iri}-")


def _lie_in(spans: Iterable[Span], known: list[Span]) -> bool:
    """Tell whether each of the spans lies within one that is known."""
    return all(any(left <= start and end <= right for left, right in known) for start, end in spans)


def _name_left_out(
    article: ArticleReading, passage: PassageReading, entities: list[str], spans: tuple[Span, ...]
) -> Finding:
    words = "…".join(passage.text[start:end] for start, end in spans)
    names = [article.entities.show(entity) for entity in entities]
    return fault_in_passage(
        Fault(
            "name-without-triple",
            Both(
                f"The sentence prints “{words}”, which is {' or '.join(names)}, and its graph "
                "says nothing of it.",
                f"句中印有“{words}”，即 {'或 '.join(names)}，而其图中没有关于它的事实。",
            ),
            _REMEDY,
        ),
        passage,
    )


def _figure_left_out(passage: PassageReading, words: str) -> Finding:
    return fault_in_passage(
        Fault(
            "figure-without-triple",
            Both(
                f"The sentence prints the figure “{words}”, and no quantity of its graph has it.",
                f"句中印有数字“{words}”，而其图中没有对应的数量。",
            ),
            _REMEDY,
        ),
        passage,
    )
