"""The notes: what a sentence leaves unspoken, whose words it gives, what it says in passing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.gates.faults import Both, Fault, fault_in_passage
from aidgraph.gates.reading import touch
from aidgraph.terms import curie

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aidgraph.findings import Finding
    from aidgraph.gates.reading import ArticleReading, Fact, PassageReading

_COPY_WORDS = Both("Copy the words of the sentence to the character.", "请逐字照录句中文字。")


def check_notes(article: ArticleReading, passage: PassageReading) -> Iterator[Finding]:
    """Yield the notes on a passage, in its graph and in the record, that its text belies."""
    for fact in passage.facts:
        if fact.name == "carriedFrom":
            yield from _check_carried(article, passage, fact)
        elif fact.name == "calledHere":
            yield from _check_called(article, passage, fact)
        elif fact.name == "openList":
            yield from _check_open_list(article, passage, fact)
    for fact in article.record:
        if fact.subject == passage.iri:
            yield from _check_remark(article, passage, fact)


def _check_carried(
    article: ArticleReading, passage: PassageReading, fact: Fact
) -> Iterator[Finding]:
    source = article.passages.get(fact.object)
    name = article.entities.show(fact.subject)
    if source is None or not _is_before(source, passage):
        what = Both("is no earlier passage of the paragraph", "不是同段前面的句子")
    elif fact.subject not in source.mentions and fact.subject not in source.ends:
        what = Both(f"does not name {name}", f"没有提到 {name}")
    else:
        return
    yield fault_in_passage(
        Fault(
            "carried-from-elsewhere",
            Both(
                f"{name} is carried from {curie(fact.object)}, which {what.en}.",
                f"{name} 承自 {curie(fact.object)}，而它{what.zh}。",
            ),
            Both(
                "Give the earlier passage of this paragraph that names it.",
                "请写明同段前文中点名它的句子。",
            ),
        ),
        passage,
        fact,
    )


def _check_called(
    article: ArticleReading, passage: PassageReading, fact: Fact
) -> Iterator[Finding]:
    name = article.entities.show(fact.subject)
    if not passage.find_words(fact.object):
        yield no_words(passage, fact)
    elif not any(
        mention.entity == fact.subject
        for each in article.passages.values()
        for mention in each.named
    ):
        yield fault_in_passage(
            Fault(
                "called-but-never-named",
                Both(
                    f"“{fact.object}” is said to be {name}, which the article names nowhere.",
                    f"“{fact.object}”被解作 {name}，而报道中从未点名它。",
                ),
                Both("Speak only of what the article names.", "请只述及报道中点过名的事物。"),
            ),
            passage,
            fact,
        )


def _check_open_list(
    article: ArticleReading, passage: PassageReading, fact: Fact
) -> Iterator[Finding]:
    name, listed = article.entities.show(fact.subject), curie(fact.object)
    own = touch(passage.find_spans(fact.subject), passage.clauses)
    if fact.subject in passage.carried:
        own = frozenset(range(len(passage.clauses)))
    if not any(
        each.predicate == fact.object and fact.subject in (each.subject, each.object)
        for each in passage.facts
    ):
        what = Both("nothing here is listed so", "此处没有这样的列举")
    elif not own & touch(passage.find_words("等"), passage.clauses):
        what = Both("no clause that names it has 等", "提到它的分句中没有“等”字")
    else:
        return
    yield fault_in_passage(
        Fault(
            "open-list-without-deng",
            Both(
                f"The list {listed} of {name} is marked open, but {what.en}.",
                f"{name} 的 {listed} 标为未尽列举，但{what.zh}。",
            ),
            Both(
                "Mark only a list that the text ends with 等, in the graph that has its members.",
                "请只标注原文以“等”结尾的列举，且与其成员同图。",
            ),
        ),
        passage,
        fact,
    )


def _check_remark(
    article: ArticleReading, passage: PassageReading, fact: Fact
) -> Iterator[Finding]:
    """Check what the record says of a passage: its speaker, its day, what it says in passing."""
    if fact.is_literal:
        if not passage.find_words(fact.object):
            yield no_words(passage, fact)
        return
    searched = {"inPassing": [passage], "saidBy": _find_up_to(article, passage)}.get(fact.name)
    if searched is None or any(fact.object in each.mentions for each in searched):
        return
    name = article.entities.show(fact.object)
    yield fault_in_passage(
        Fault(
            "end-not-mentioned",
            Both(
                f"{curie(fact.predicate)} has {name}, which is not named there.",
                f"{curie(fact.predicate)} 为 {name}，而其处没有提到。",
            ),
            Both("Name what the text names.", "请改为文中所称之物。"),
        ),
        passage,
        fact,
    )


def _find_up_to(article: ArticleReading, passage: PassageReading) -> list[PassageReading]:
    """Return a passage and those before it in its paragraph."""
    before = [each for each in article.passages.values() if _is_before(each, passage)]
    return [*before, passage]


def _is_before(one: PassageReading, other: PassageReading) -> bool:
    """Tell whether one passage comes before another in the same paragraph."""
    return (
        one.passage.paragraph == other.passage.paragraph
        and one.passage.number < other.passage.number
    )


def no_words(passage: PassageReading, fact: Fact) -> Finding:
    """Return the finding that a passage does not have the words of a literal."""
    return fault_in_passage(
        Fault(
            "words-not-in-passage",
            Both(
                f"The sentence does not have the words “{fact.object}” of {curie(fact.predicate)}.",
                f"句中没有 {curie(fact.predicate)} 的字句“{fact.object}”。",
            ),
            _COPY_WORDS,
        ),
        passage,
        fact,
    )
