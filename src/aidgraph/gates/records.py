"""The record: the text is the one recorded, and each passage and fact stands there once.

A fact that a graph has twice does no harm to the graph. But one of the two was meant to say
something else: the slip of who copies a line and forgets to change a name.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from aidgraph.gates.faults import Both, Fault, fault_in_file, fault_in_passage, show_fact
from aidgraph.gates.reading import NOTES, read_fact
from aidgraph.terms import article_iri, curie, split_passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aidgraph.findings import Finding
    from aidgraph.gates.reading import ArticleReading, Fact, PassageReading


def check_record(article: ArticleReading) -> Iterator[Finding]:
    """Yield a changed text, passages covered not at all or twice, and facts stated twice."""
    record = map(read_fact, article.source.record.quads)
    recorded = [fact.object for fact in record if fact.name == "sha256"]
    if recorded != [article.source.sha256]:
        yield _text_changed(article, recorded)
    excused = {fact.subject for fact in article.record if fact.name == "carriesNoFact"}
    for passage in article.passages.values():
        has_facts = any(fact.predicate not in NOTES for fact in passage.facts)
        if has_facts and passage.iri in excused:
            yield _covered_twice(passage)
        elif not has_facts and passage.iri not in excused:
            yield _not_covered(passage)
        for fact, times in Counter(passage.facts).items():
            if times > 1:
                yield _stated_twice(passage, fact)
    for fact in article.record:
        if split_passage(fact.subject) and fact.subject not in article.passages:
            yield _unknown_passage(article, fact.subject, fact)
    for graph, facts in article.strays.items():
        yield _unknown_passage(article, graph, facts[0])


def _text_changed(article: ArticleReading, recorded: list[str]) -> Finding:
    source = article.source
    was = ", ".join(recorded) or "none"
    return fault_in_file(
        Fault(
            "text-changed",
            Both(
                f"article.txt is not the text on record: its SHA-256 is {source.sha256}, "
                f"aid:sha256 is {was}.",
                f"article.txt 与记录不符：其 SHA-256 为 {source.sha256}，aid:sha256 为 {was}。",
            ),
            Both(
                "Restore article.txt; if the new text is right, read its facts again first and "
                "then change aid:sha256.",
                "请恢复 article.txt；若新文本无误，请先重新核对事实，再修改 aid:sha256。",
            ),
        ),
        source.record.file,
        article_iri(source.id).value,
    )


def _covered_twice(passage: PassageReading) -> Finding:
    name = curie(passage.iri)
    return fault_in_passage(
        Fault(
            "facts-and-reason",
            Both(
                f"{name} has facts, and a reason for having none.",
                f"{name} 既有事实，又注明了无事实的缘由。",
            ),
            Both(
                "Delete aid:carriesNoFact, or move the facts to the sentence that says them.",
                "请删去 aid:carriesNoFact，或将事实移至述说它们的句子。",
            ),
        ),
        passage,
    )


def _not_covered(passage: PassageReading) -> Finding:
    name = curie(passage.iri)
    return fault_in_passage(
        Fault(
            "passage-without-facts-or-reason",
            Both(
                f"{name} has neither facts nor a reason for having none.",
                f"{name} 既无事实，也未注明缘由。",
            ),
            Both(
                "State in its graph what the sentence says, or give the passage "
                "aid:carriesNoFact and a reason.",
                "请在其图中写出句中事实，或以 aid:carriesNoFact 注明缘由。",
            ),
        ),
        passage,
    )


def _stated_twice(passage: PassageReading, fact: Fact) -> Finding:
    triple = " ".join(show_fact(fact))
    return fault_in_passage(
        Fault(
            "fact-stated-twice",
            Both(f"The graph has {triple} twice.", f"图中两次写有 {triple}。"),
            Both(
                "Delete one, or correct the one that was meant to say something else.",
                "请删去其一，或改正本应另有所指的那一条。",
            ),
        ),
        passage,
        fact,
    )


def _unknown_passage(article: ArticleReading, graph: str, fact: Fact) -> Finding:
    source, name = article.source, curie(graph)
    return fault_in_file(
        Fault(
            "passage-unknown",
            Both(
                f"{name} is none of the {len(article.passages)} passages of {source.id}.",
                f"{name} 不在 {source.id} 的 {len(article.passages)} 个句段之中。",
            ),
            Both(
                "Count paragraphs and sentences from 1, headings included.",
                "段与句均自 1 数起，标题计入。",
            ),
        ),
        source.facts.file,
        graph,
        show_fact(fact),
    )
