"""Descriptions: each term is known, each thing is described, and the text prints its names."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from aidgraph.gates.faults import Both, Fault, Triple, fault_in_file, show_fact
from aidgraph.gates.reading import read_article, read_fact
from aidgraph.gates.vocabulary import CLASS
from aidgraph.names import is_under_passage, join_lines, read_names
from aidgraph.terms import AID, BASE, RDF_TYPE, RDFS_LABEL, curie

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aidgraph.findings import Finding
    from aidgraph.gates.reading import ArticleReading, Fact, PassageReading
    from aidgraph.names import Name
    from aidgraph.sources import Source, Sources

_BUILT_IN = frozenset({RDF_TYPE.value, RDFS_LABEL.value})
_LANGUAGES = frozenset({"en", "zh"})
_NEAR = 0.75  # how alike two terms are, of 1, that one may be a slip for the other


def check_descriptions(article: ArticleReading) -> Iterator[Finding]:
    """Yield unknown terms, things without a description, and names that the text does not print."""
    yield from _check_terms(article, article.source.facts)
    yield from _check_terms(article, article.source.entities)
    yield from _check_described(article)
    passages = list(article.passages.values())
    for name in read_names(article.source.entities.quads):
        own = passages
        if is_under_passage(name.entity):
            own = [passage for passage in passages if name.entity.startswith(f"{passage.iri}-")]
        if not any(_is_printed(name, passage) for passage in own):
            yield _not_printed("name-not-in-article", name, article.source.entities)


def check_shared_names(sources: Sources) -> list[Finding]:
    """Find the Chinese names of the shared entities that no article prints."""
    passages = [
        passage
        for article in sources.articles
        for passage in read_article(article, sources).passages.values()
    ]
    return [
        _not_printed("name-not-in-any-article", name, source)
        for source in sources.entities
        for name in read_names(source.quads)
        if not any(_is_printed(name, passage) for passage in passages)
    ]


def _check_terms(article: ArticleReading, source: Source) -> Iterator[Finding]:
    """Yield undeclared properties, classes that are none, and terms that our ontology lacks."""
    vocabulary = article.vocabulary
    for fact in map(read_fact, source.quads):
        if fact.predicate not in _BUILT_IN and not vocabulary.is_property(fact.predicate):
            yield _unknown(article, fact.predicate, fact, source)
        is_class = CLASS in vocabulary.types.get(fact.object, ())
        is_lacking = fact.object.startswith(AID) and fact.object not in vocabulary.types
        is_misused = fact.predicate == RDF_TYPE.value and not is_class
        if not fact.is_literal and (is_lacking or is_misused):
            yield _unknown(article, fact.object, fact, source)


def _check_described(article: ArticleReading) -> Iterator[Finding]:
    """Yield the things of ours that have no class, or no name in both languages."""
    entities = article.entities
    seen: dict[str, tuple[Source, Fact]] = {}
    for source in (article.source.facts, article.source.entities):
        for fact in map(read_fact, source.quads):
            for term in (fact.subject, fact.object)[: 1 if fact.is_literal else 2]:
                seen.setdefault(term, (source, fact))
    for term, (source, fact) in seen.items():
        if not term.startswith(f"{BASE}id/") and not is_under_passage(term):
            continue
        is_named = entities.languages.get(term, frozenset()) >= _LANGUAGES
        if term not in article.classes or not (is_named or article.is_a(term, "Quantity")):
            yield _not_described(article, term, fact, source)


def _is_printed(name: Name, passage: PassageReading) -> bool:
    """Tell whether a passage prints a name whole, or its parts as a mention needs them."""
    if len(name.parts) == 1:
        return name.text in passage.flat_text
    return any(
        name.parts == tuple(join_lines(passage.text[start:end]) for start, end in mention.spans)
        for mention in passage.named
        if mention.entity == name.entity
    )


def _unknown(article: ArticleReading, term: str, fact: Fact, source: Source) -> Finding:
    meant = _suggest(term, article.vocabulary.types)
    sort = Both("property", "属性") if term == fact.predicate else Both("class", "类")
    if fact.predicate != RDF_TYPE.value and term == fact.object:
        sort = Both("term", "术语")
    return fault_in_file(
        Fault(
            "unknown-term",
            Both(
                f"The ontology has no {sort.en} {curie(term)}." + meant.en,
                f"本体中没有{sort.zh} {curie(term)}。" + meant.zh,
            ),
            Both(
                "Correct the spelling, or declare the term in ontology/.",
                "请改正拼写，或在 ontology/ 中声明该术语。",
            ),
        ),
        source.file,
        fact.graph,
        show_fact(fact),
    )


def _not_described(article: ArticleReading, term: str, fact: Fact, source: Source) -> Finding:
    meant = Both("", "")
    if term not in article.classes:
        meant = _suggest(term, article.classes)
    return fault_in_file(
        Fault(
            "entity-not-described",
            Both(
                f"{curie(term)} has no class, or no name in Chinese and English." + meant.en,
                f"{curie(term)} 没有类，或缺中文或英文名称。" + meant.zh,
            ),
            Both(
                "Describe it in entities.ttl: its class, and rdfs:label in both languages.",
                "请在 entities.ttl 中描述它：类，以及中英文 rdfs:label。",
            ),
        ),
        source.file,
        fact.graph,
        show_fact(fact),
    )


def _not_printed(rule: str, name: Name, source: Source) -> Finding:
    words, thing = "|".join(name.parts), curie(name.entity)
    where = Both("The text", "原文")
    if is_under_passage(name.entity):
        where = Both("The passage under which it sits", "其所属句段")
    return fault_in_file(
        Fault(
            rule,
            Both(
                f"{where.en} does not print “{words}”, a name of {thing}.",
                f"{where.zh}中没有 {thing} 的名称“{words}”。",
            ),
            Both(
                "Copy the name from the text; give aid:nameParts if its parts are printed apart.",
                "请照录原文中的名称；若其各部分分开印出，请给出 aid:nameParts。",
            ),
        ),
        source.file,
        read_fact(source.quads[0]).graph,
        Triple(subject=thing, object=f'"{words}"@zh'),
    )


def _suggest(term: str, known: Iterable[str]) -> Both:
    """Ask whether a known term of nearly the same spelling was meant, if there is one."""
    others = [curie(each) for each in known if each != term]
    near = get_close_matches(curie(term), others, n=1, cutoff=_NEAR)
    return Both(f" Did you mean {near[0]}?", f"是否应为 {near[0]}？") if near else Both("", "")
