"""An article as the gates read it: each passage, what its graph says, and what its text names."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.articles import PassageKind, clauses, comma_clauses
from aidgraph.gates.vocabulary import read_vocabulary
from aidgraph.names import Lexicon, Mention, find_all, join_lines, read_names
from aidgraph.quantities import find_quantities
from aidgraph.terms import (
    AID,
    RDF_TYPE,
    RDFS_LABEL,
    SKOS_ALT_LABEL,
    article_iri,
    curie,
    passage_iri,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aidgraph.articles import Passage
    from aidgraph.gates.vocabulary import Vocabulary
    from aidgraph.names import Span
    from aidgraph.quantities import Figure
    from aidgraph.sources import ArticleSource, Source, Sources

NOTES = frozenset({f"{AID}carriedFrom", f"{AID}calledHere"})
"""Properties that say how a passage's graph is to be read, and state nothing about the world."""

_DESCRIBING = frozenset({RDF_TYPE, RDFS_LABEL, SKOS_ALT_LABEL})
_GENERIC = tuple(AID + name for name in ("Function", "Industry", "Kind", "Product", "Technique"))


@dataclass(frozen=True, slots=True)
class Fact:
    """One triple of a graph: IRIs, and as `object` an IRI or the words of a literal, the `term`."""

    graph: str
    subject: str
    predicate: str
    object: str
    term: ox.NamedNode | ox.Literal | ox.BlankNode | ox.Triple

    @property
    def is_literal(self) -> bool:
        """Whether the object is a literal."""
        return isinstance(self.term, ox.Literal)

    @property
    def name(self) -> str:
        """The predicate without our ontology's namespace."""
        return self.predicate.removeprefix(AID)


@dataclass(frozen=True, slots=True)
class Entities:
    """What things are and are called; entities and classes are IRIs.

    `names` has the Chinese labels and short names, a label first; `languages` those of labels.
    """

    classes: Mapping[str, frozenset[str]]
    names: Mapping[str, tuple[str, ...]]
    languages: Mapping[str, frozenset[str]]

    def show(self, entity: str) -> str:
        """Return an entity's first Chinese name and CURIE, for a message."""
        names = self.names.get(entity)
        return f"“{names[0]}” ({curie(entity)})" if names else curie(entity)


@dataclass(frozen=True)
class PassageReading:
    """A passage, the facts of its graph (`iri`) in `file`, and the names in its text.

    `named` has every mention of a known name, hidden in longer ones or not.
    """

    passage: Passage
    iri: str
    file: str
    facts: tuple[Fact, ...]
    named: tuple[Mention, ...]
    article: str

    @property
    def text(self) -> str:
        """The passage's text; all positions are within it."""
        return self.passage.text

    @cached_property
    def flat_text(self) -> str:
        """The text without the line breaks of a page break."""
        return join_lines(self.text)

    @cached_property
    def clauses(self) -> list[Span]:
        """The stretches between semicolons."""
        return clauses(self.text)

    @cached_property
    def comma_clauses(self) -> list[Span]:
        """The stretches between commas, semicolons, colons and ends of sentences."""
        return comma_clauses(self.text)

    @cached_property
    def figures(self) -> list[Figure]:
        """The figures in the text."""
        return find_quantities(self.text)

    @cached_property
    def carried(self) -> frozenset[str]:
        """The entities that this passage understands from an earlier one."""
        return frozenset(fact.subject for fact in self.facts if fact.name == "carriedFrom")

    @cached_property
    def ends(self) -> frozenset[str]:
        """The things that the passage's facts are about; its notes are no facts."""
        facts = [fact for fact in self.facts if fact.predicate not in NOTES]
        objects = {fact.object for fact in facts if not fact.is_literal}
        return frozenset(objects | {fact.subject for fact in facts})

    @cached_property
    def mentions(self) -> Mapping[str, list[Mention]]:
        """The mentions of each thing: by name, by its words here, as a quantity's phrase.

        Headings and bylines speak of the article itself.
        """
        found: dict[str, list[Mention]] = defaultdict(list)
        for mention in self.named:
            found[mention.entity].append(mention)
        for fact in self.facts:
            if fact.name == "calledHere":
                spans = self.find_words(fact.object)
            elif fact.name == "inPhrase":
                spans = self.find_phrase(fact.object)
            else:
                continue
            found[fact.subject] += [Mention(fact.subject, (span,)) for span in spans]
        if self.passage.kind is not PassageKind.SENTENCE:
            found[self.article].append(Mention(self.article, ((0, len(self.text)),)))
        return dict(found)

    def find_spans(self, entity: str) -> list[Span]:
        """Return the spans of a thing's mentions, hidden ones too."""
        return [span for mention in self.mentions.get(entity, ()) for span in mention.spans]

    def find_words(self, words: str) -> list[Span]:
        """Return where the words of a literal stand in the text, to the character."""
        return [(at, at + len(words)) for at in find_all(self.text, words)] if words else []

    def find_phrase(self, phrase: str) -> list[Span]:
        """Return where a quantity's phrase stands in the text and cuts no figure in two."""
        return [
            (start, end)
            for start, end in self.find_words(phrase)
            if not any(
                figure.start < edge < figure.end for figure in self.figures for edge in (start, end)
            )
        ]


@dataclass(frozen=True, slots=True)
class ArticleReading:
    """An article with all that its facts are judged by.

    `classes` has those of the entities as described and of the quantities as stated; `passages`
    are keyed by the IRI of their graph; `record` has the facts of the article's own graph, and
    `strays` those in graphs that are neither.
    """

    source: ArticleSource
    vocabulary: Vocabulary
    entities: Entities
    classes: Mapping[str, frozenset[str]]
    passages: Mapping[str, PassageReading]
    record: tuple[Fact, ...]
    strays: Mapping[str, tuple[Fact, ...]]

    def is_a(self, entity: str, *above: str) -> bool:
        """Tell whether an entity is of one of our ontology's classes, named without prefix."""
        classes = self.classes.get(entity, frozenset())
        return self.vocabulary.is_a(classes, *(AID + name for name in above))

    def is_generic(self, entity: str) -> bool:
        """Tell whether an entity is a sort of thing, not one that has a name of its own."""
        return self.vocabulary.is_a(self.classes.get(entity, frozenset()), *_GENERIC)


def touch(spans: Iterable[Span], stretches: list[Span]) -> frozenset[int]:
    """Return the numbers of the `stretches` of a text (its clauses, say) that a span touches."""
    return frozenset(
        number
        for start, end in spans
        for number, (left, right) in enumerate(stretches)
        if start < right and left < end
    )


def read_article(article: ArticleSource, sources: Sources) -> ArticleReading:
    """Read an article's passages and facts against the ontology and all names it may use."""
    vocabulary = read_vocabulary(sources)
    described = [
        *article.entities.quads,
        *(quad for source in (*sources.entities, *sources.reference) for quad in source.quads),
    ]
    entities = read_entities(described)
    lexicon = Lexicon(
        read_names(described),
        text=article.text,
        places=_find_of(entities, vocabulary, f"{AID}Place"),
        generic=_find_of(entities, vocabulary, *_GENERIC),
    )
    iri, file = article_iri(article.id).value, article.facts.file
    passages = {}
    for passage in article.passages:
        graph = passage_iri(article.id, passage.id).value
        named = tuple(lexicon.find(passage.text))
        passages[graph] = PassageReading(passage, graph, file, (), named, iri)
    reading = ArticleReading(article, vocabulary, entities, {}, passages, (), {})
    return read_facts(reading, article.facts)


def read_facts(reading: ArticleReading, facts: Source) -> ArticleReading:
    """Return an article with other facts in the stead of its own, as if they were in its file."""
    classes = dict(reading.entities.classes)
    stated: dict[str, list[Fact]] = defaultdict(list)
    for fact in map(read_fact, facts.quads):
        stated[fact.graph].append(fact)
        if fact.predicate == RDF_TYPE.value:
            classes[fact.subject] = classes.get(fact.subject, frozenset()) | {fact.object}
    record = tuple(stated.pop(article_iri(reading.source.id).value, ()))
    passages = {
        graph: replace(passage, facts=tuple(stated.pop(graph, ())))
        for graph, passage in reading.passages.items()
    }
    return replace(
        reading,
        source=replace(reading.source, facts=facts),
        classes=classes,
        passages=passages,
        record=record,
        strays={graph: tuple(each) for graph, each in stated.items()},
    )


def read_entities(quads: Iterable[ox.Quad]) -> Entities:
    """Read the classes and names that `quads` give."""
    classes: dict[str, set[str]] = defaultdict(set)
    labels: dict[str, list[str]] = defaultdict(list)
    short: dict[str, list[str]] = defaultdict(list)
    languages: dict[str, set[str]] = defaultdict(set)
    for fact in (read_fact(quad) for quad in quads if quad.predicate in _DESCRIBING):
        if not isinstance(fact.term, ox.Literal):
            classes[fact.subject].add(fact.object)
            continue
        is_label = fact.predicate == RDFS_LABEL.value
        if is_label:
            languages[fact.subject].add(fact.term.language or "")
        if fact.term.language == "zh":
            (labels if is_label else short)[fact.subject].append(fact.object)
    return Entities(
        {entity: frozenset(each) for entity, each in classes.items()},
        {entity: (*labels[entity], *short[entity]) for entity in {**labels, **short}},
        {entity: frozenset(each) for entity, each in languages.items()},
    )


@lru_cache(maxsize=1 << 16)  # one gate after the other reads the same quads
def read_fact(quad: ox.Quad) -> Fact:
    """Read a quad; a triple term is written out, and the default graph has no name."""
    graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else quad.graph_name.value
    subject, value = (
        str(term) if isinstance(term, ox.Triple) else term.value
        for term in (quad.subject, quad.object)
    )
    return Fact(graph, subject, quad.predicate.value, value, quad.object)


def _find_of(entities: Entities, vocabulary: Vocabulary, *above: str) -> frozenset[str]:
    """Return the entities of one of the classes `above`, or of one under it."""
    return frozenset(
        entity for entity, classes in entities.classes.items() if vocabulary.is_a(classes, *above)
    )
