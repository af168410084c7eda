"""Grounding: one clause of the sentence behind a triple names both its ends.

It proves names and numbers, not relations: those a person reads (`aidgraph.gates.review`).
The figures, notes and statuses of a passage, what it leaves out, and the article's record have
modules of their own; `check_article` runs them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.gates.completeness import check_completeness
from aidgraph.gates.descriptions import check_descriptions
from aidgraph.gates.faults import Both, Fault, fault_in_passage
from aidgraph.gates.figures import FIGURE_PROPERTIES, check_figures
from aidgraph.gates.notes import check_notes, no_words
from aidgraph.gates.reading import NOTES, read_article, touch
from aidgraph.gates.records import check_record
from aidgraph.gates.statuses import check_statuses
from aidgraph.terms import AID, RDF_TYPE, curie

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aidgraph.findings import Finding
    from aidgraph.gates.reading import ArticleReading, Fact, PassageReading
    from aidgraph.names import Mention
    from aidgraph.sources import ArticleSource, Sources

_CHECKED_APART = FIGURE_PROPERTIES | NOTES | {f"{AID}openList", f"{AID}status"}


def check_article(article: ArticleSource, sources: Sources) -> list[Finding]:
    """Check what people wrote about an article against its text and the ontology.

    Returns:
        The faults in the order of files, graphs and triples; each names the text searched.
    """
    return check_reading(read_article(article, sources))


def check_reading(reading: ArticleReading) -> list[Finding]:
    """Check an article that is read already, as `check_article` does."""
    findings = [*check_record(reading), *check_descriptions(reading)]
    for passage in reading.passages.values():
        findings += check_figures(reading, passage)
        findings += check_notes(reading, passage)
        findings += check_statuses(reading, passage)
        findings += check_ends(reading, passage)
        findings += check_completeness(reading, passage)
    return sorted(findings, key=lambda finding: finding.sort_key())


def check_ends(article: ArticleReading, passage: PassageReading) -> Iterator[Finding]:
    """Yield the facts of which no clause of the passage names both ends."""
    for fact in passage.facts:
        if fact.predicate == RDF_TYPE.value:
            if not article.is_a(fact.subject, "Quantity"):
                yield _described_here(passage, fact)
        elif fact.predicate not in _CHECKED_APART:
            yield from _check_fact(article, passage, fact)


def _check_fact(article: ArticleReading, passage: PassageReading, fact: Fact) -> Iterator[Finding]:
    subject = _find_clauses(article, passage, fact, fact.subject)
    value = _find_clauses(article, passage, fact, fact.object)
    if not subject:
        yield _not_mentioned(article, passage, fact, fact.subject)
    if not value and fact.is_literal:
        yield no_words(passage, fact)
    elif not value:
        yield _not_mentioned(article, passage, fact, fact.object)
    if not subject or not value or subject & value:
        return
    ends = ((fact.subject, subject, value), (fact.object, value, subject))
    if not any(min(own) < max(other) and _acts(article, fact, end) for end, own, other in ends):
        yield _apart(article, passage, fact)


def _find_clauses(
    article: ArticleReading, passage: PassageReading, fact: Fact, end: str
) -> frozenset[int]:
    """Return the numbers of the clauses in which an end of a fact is mentioned."""
    if end == fact.object and fact.is_literal:
        return touch(passage.find_words(end), passage.clauses)
    if end in passage.carried:
        return frozenset(range(len(passage.clauses)))
    other = fact.object if end == fact.subject else fact.subject
    spans = [
        span
        for mention in passage.mentions.get(end, ())
        if not mention.inside or _is_named_in(article, passage, fact, mention, other)
        for span in mention.spans
    ]
    return touch(spans, passage.clauses)


def _is_named_in(
    article: ArticleReading, passage: PassageReading, fact: Fact, mention: Mention, other: str
) -> bool:
    """Tell whether a mention inside a longer name counts: where the fact is about that name.

    The longer name must be the other end's, or that of a sort of thing that the graph relates
    to the other end: what makes 家纺坯布 is in 家纺.
    """
    if fact.predicate not in article.vocabulary.naming:
        return False
    related = {each.object for each in passage.facts if each.subject == other}
    return other in mention.inside or any(
        article.is_generic(each) for each in mention.inside & related
    )


def _acts(article: ArticleReading, fact: Fact, end: str) -> bool:
    """Tell whether an end acts in the fact, so that an earlier clause may name it."""
    if article.is_a(end, "Party"):
        return True
    is_doing = article.vocabulary.is_kind_of(fact.predicate, f"{AID}by")
    return is_doing and end == fact.object and article.is_a(end, "AdministrativeArea")


def _not_mentioned(
    article: ArticleReading, passage: PassageReading, fact: Fact, end: str
) -> Finding:
    name = article.entities.show(end)
    hiding = {each for mention in passage.mentions.get(end, ()) for each in mention.inside}
    longer = sorted(article.entities.show(each) for each in hiding)
    message = Both(f"The sentence does not name {name}.", f"句中没有提到 {name}。")
    if longer:
        message = Both(
            f"The sentence names {name} only inside {', '.join(longer)}.",
            f"句中 {name} 只见于 {'、'.join(longer)} 的名称之内。",
        )
    return fault_in_passage(
        Fault(
            "end-not-mentioned",
            message,
            Both(
                "Name what the sentence names, or say in this graph how it is understood: "
                "aid:carriedFrom, aid:calledHere.",
                "请改为句中所称之物，或在本图中说明如何理解：aid:carriedFrom、aid:calledHere。",
            ),
        ),
        passage,
        fact,
    )


def _apart(article: ArticleReading, passage: PassageReading, fact: Fact) -> Finding:
    subject = article.entities.show(fact.subject)
    value = f"“{fact.object}”" if fact.is_literal else article.entities.show(fact.object)
    return fault_in_passage(
        Fault(
            "ends-in-different-clauses",
            Both(
                f"No clause between semicolons names both {subject} and {value}.",
                f"没有一个以分号隔开的分句同时提到 {subject} 与 {value}。",
            ),
            Both(
                "Relate what one clause names; only one that acts may stand in an earlier clause.",
                "请连接同一分句所称之物；只有行为主体可见于前面的分句。",
            ),
        ),
        passage,
        fact,
    )


def _described_here(passage: PassageReading, fact: Fact) -> Finding:
    return fault_in_passage(
        Fault(
            "class-among-facts",
            Both(
                f"{curie(fact.subject)} has its class in the graph of a sentence.",
                f"{curie(fact.subject)} 的类写在了句子的图中。",
            ),
            Both(
                "Move the triple to entities.ttl: only a quantity has its class here.",
                "请将该三元组移至 entities.ttl：只有数量的类写在此处。",
            ),
        ),
        passage,
        fact,
    )
