"""The translation: what `translation.ttl` gives to read belongs to a passage, and to each.

Nothing proves that a translation says what its passage says; no fact rests on one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.findings import Severity
from aidgraph.gates.faults import Both, Fault, fault_in_file, show_fact
from aidgraph.gates.reading import read_fact
from aidgraph.terms import ARTICLE, article_iri, curie, passage_iri, split_passage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aidgraph.articles import Passage
    from aidgraph.findings import Finding
    from aidgraph.sources import ArticleSource, Source


def check_translation(article: ArticleSource) -> Iterator[Finding]:
    """Yield what is translated and is no passage of the article, and the passages left out.

    An article without a translation lacks nothing.
    """
    source = article.translation
    if source is None:
        return
    passages = {passage_iri(article.id, each.id): each for each in article.passages}
    for quad in source.quads:
        if isinstance(quad.subject, ox.NamedNode) and quad.subject not in passages:
            split = split_passage(quad.subject.value)
            if split and not split[2]:  # what is no passage at all `gates.bases` tells
                yield _no_passage(article, source, quad)
    translated = {quad.subject for quad in source.quads}
    for iri, passage in passages.items():
        if iri not in translated:
            yield _left_out(source, iri.value, passage)


def _no_passage(article: ArticleSource, source: Source, quad: ox.Quad) -> Finding:
    """Return the finding of a translation of nothing, with the line in which its words stand."""
    fact = read_fact(quad)
    name = fact.subject.removeprefix(ARTICLE).removeprefix(f"{article.id}/")
    fault = Fault(
        "translation-of-no-passage",
        Both(
            f"{name} is translated, and the article {article.id} has no such passage.",
            f"译有 {name}，而文章 {article.id} 没有这一句段。",
        ),
        Both(
            "Name the passage that it translates: “aidgraph passages” lists them.",
            "请写明所译的句段：“aidgraph passages” 列有全部句段。",
        ),
    )
    found = fault_in_file(fault, source.file, article_iri(article.id).value, show_fact(fact))
    before, words, _ = source.text.partition(fact.object)
    return replace(found, line=before.count("\n") + 1 if words else None)


def _left_out(source: Source, iri: str, passage: Passage) -> Finding:
    name = curie(iri)
    fault = Fault(
        "passage-without-translation",
        Both(
            f"{name} has no translation, though others of the article have one.",
            f"{name} 没有译文，而文章的其他句段有。",
        ),
        Both(
            "Translate it with aid:translation.",
            "请用 aid:translation 补上译文。",
        ),
        Severity.WARNING,
    )
    return fault_in_file(fault, source.file, iri, searched=passage.text)
