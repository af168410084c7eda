"""Bases: a statement stands where what vouches for it stands, and nowhere else.

Grounding looks at the graphs of passages. A fact in any other graph would be answered like a true
one, and no sentence would say it. So the ontology lists what descriptions, records and cited
sources may state (`aid:basis`); all else needs a sentence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aidgraph.gates.faults import Both, Fault, fault_in_file, show_fact
from aidgraph.gates.reading import read_fact
from aidgraph.gates.vocabulary import read_vocabulary
from aidgraph.terms import ARTICLE, BASE, REFERENCE, aid, article_iri, curie, split_passage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aidgraph.findings import Finding
    from aidgraph.gates.reading import Fact
    from aidgraph.gates.vocabulary import Vocabulary
    from aidgraph.sources import ArticleSource, Source, Sources

_SENTENCE = aid("Sentence").value


class _Place(NamedTuple):
    """Where statements stand: what vouches for them there, and what they may be about."""

    basis: str
    may_describe: Callable[[str], bool]
    about: Both


def check_bases(sources: Sources) -> Iterator[Finding]:
    """Yield the statements that stand where nothing vouches for them."""
    vocabulary = read_vocabulary(sources)
    for source in (*sources.ontology, *sources.shapes):
        for fact in map(read_fact, source.quads):
            if _is_ours(fact.subject):
                yield _misplaced_subject(source, fact, Both("terms", "术语"))
    for source, place in _list_places(sources):
        for fact in map(read_fact, source.quads):
            yield from _check_fact(vocabulary, source, fact, place)
    for article in sources.articles:
        yield from _check_facts(vocabulary, article)


def _list_places(sources: Sources) -> Iterator[tuple[Source, _Place]]:
    """Yield each file whose statements are all of one sort, with where they stand."""
    named = Both("named things", "有名称的事物")
    for source in sources.reference:
        yield source, _Place(aid("Citation").value, _is_named_or_source, named)
    for source in sources.entities:
        yield source, _Place(aid("Description").value, _is_named, named)
    for article in sources.articles:
        iri = article_iri(article.id).value
        own = Both("this article", "本篇报道")
        yield article.record, _Place(aid("ArticleRecord").value, iri.__eq__, own)
        yield article.entities, _Place(aid("Description").value, _is_named_or_node, named)
        if article.review is not None:
            yield article.review, _Place(aid("Reading").value, _is_passage, _PASSAGES)
        if article.translation is not None:
            yield article.translation, _Place(aid("Rendering").value, _is_passage, _PASSAGES)


def _check_facts(vocabulary: Vocabulary, article: ArticleSource) -> Iterator[Finding]:
    """Yield what stands in facts.trig, in a passage's graph or outside any, and should not."""
    record = article_iri(article.id).value
    remarks = _Place(aid("Remark").value, _is_passage, _PASSAGES)
    facts = _Place(_SENTENCE, _is_any, Both("", ""))
    for fact in map(read_fact, article.facts.quads):
        place = remarks if fact.graph == record else facts
        yield from _check_fact(vocabulary, article.facts, fact, place)


def _check_fact(
    vocabulary: Vocabulary, source: Source, fact: Fact, place: _Place
) -> Iterator[Finding]:
    bases = vocabulary.bases.get(fact.predicate, frozenset({_SENTENCE}))
    if place.basis not in bases:
        yield _misplaced(source, fact, bases)
    elif not place.may_describe(fact.subject):
        yield _misplaced_subject(source, fact, place.about)


_PASSAGES = Both("passages", "句段")


def _is_any(_: str) -> bool:
    return True


def _is_named(iri: str) -> bool:
    return iri.startswith(f"{BASE}id/")


def _is_named_or_source(iri: str) -> bool:
    return _is_named(iri) or iri.startswith(REFERENCE)


def _is_named_or_node(iri: str) -> bool:
    split = split_passage(iri)
    return _is_named(iri) or (split is not None and bool(split[2]))


def _is_passage(iri: str) -> bool:
    split = split_passage(iri)
    return split is not None and not split[2]


def _is_ours(iri: str) -> bool:
    return _is_named(iri) or iri.startswith(ARTICLE)


def _misplaced(source: Source, fact: Fact, bases: frozenset[str]) -> Finding:
    name = curie(fact.predicate)
    remedy = Both(
        "Move the triple into the graph of the sentence that says it.",
        "请将该三元组移入述说它的句子之图。",
    )
    if _SENTENCE not in bases:
        allowed = ", ".join(sorted(map(curie, bases)))
        remedy = Both(
            f"Move the triple to where {allowed} vouches for it: see ontology/grounding.ttl.",
            f"请将该三元组移至以 {allowed} 为据之处：见 ontology/grounding.ttl。",
        )
    return fault_in_file(
        Fault(
            "statement-without-basis",
            Both(
                f"{name} is stated where nothing vouches for it.",
                f"{name} 写在无所依据之处。",
            ),
            remedy,
        ),
        source.file,
        fact.graph,
        show_fact(fact),
    )


def _misplaced_subject(source: Source, fact: Fact, about: Both) -> Finding:
    return fault_in_file(
        Fault(
            "statement-about-another",
            Both(
                f"{curie(fact.subject)} is described in a file about {about.en}.",
                f"此文件只述{about.zh}，却描述了 {curie(fact.subject)}。",
            ),
            Both(
                "Move the triple to the file that describes it.",
                "请将该三元组移至描述它的文件。",
            ),
        ),
        source.file,
        fact.graph,
        show_fact(fact),
    )
