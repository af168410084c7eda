"""What the tables and networks need beside the facts: names, classes, and the sentences."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.terms import AID, RDF_TYPE, RDFS_LABEL, aid, article_iri, split_passage
from aidgraph.transfer.merged import is_evidence
from aidgraph.transfer.things import graph_of, read_quads

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OA = "http://www.w3.org/ns/oa#"
_RIGHTS = "http://purl.org/dc/terms/rights"
_QUOTE, _POSITION = "-quote", "-position"  # how the IRIs of a passage's selectors end
_AS_WRITTEN = aid("asWritten")


class Sentence(NamedTuple):
    """The words of a passage, and where they stand: code points of the article's text."""

    text: str
    start: int
    end: int


class Background:
    """Names, classes, sentences and rights, each by IRI.

    `labels` has a thing's name by language; of a quantity, which has none, the words as written.
    `classes` has what articles and sources call a thing, not what is inferred from that.
    """

    def __init__(self, lines: Iterable[bytes]) -> None:
        """Read them from N-Quads, in any order."""
        self.labels: defaultdict[str, dict[str, str]] = defaultdict(dict)
        self.classes: defaultdict[str, set[str]] = defaultdict(set)
        self.words: dict[str, str] = {}
        self._places: defaultdict[str, dict[str, int]] = defaultdict(dict)
        self._rights: defaultdict[str, dict[str, str]] = defaultdict(dict)
        for _, quad in read_quads(lines):
            if isinstance(quad.subject, ox.NamedNode):
                self._note(quad.subject.value, quad)

    def label(self, iri: str, language: str) -> str:
        """Return what a thing is called in `language`, or ""."""
        return self.labels[iri].get(language, "") if iri in self.labels else ""

    def sentence(self, passage: str) -> Sentence:
        """Return the words of a passage and where they stand; they are known of every one."""
        place = self._places[passage]
        return Sentence(self.words[passage], place["start"], place["end"])

    def rights(self, article: str) -> str:
        """Return whose the text of the article with this id is, in both languages."""
        said = self._rights.get(article_iri(article).value, {})
        return " ".join(said[language] for language in ("en", "zh") if language in said)

    def _note(self, subject: str, quad: ox.Quad) -> None:
        value = quad.object
        if isinstance(value, ox.Literal):
            self._note_literal(subject, quad.predicate, value)
        elif quad.predicate == RDF_TYPE and is_evidence(graph_of(quad)):
            self.classes[subject].add(str(value)[1:-1])

    def _note_literal(self, subject: str, predicate: ox.NamedNode, value: ox.Literal) -> None:
        name = predicate.value
        if predicate == RDFS_LABEL:
            self.labels[subject].setdefault(value.language or "", value.value)
        elif predicate == _AS_WRITTEN:
            self.labels[subject].setdefault(value.language or "zh", value.value)
        elif name == f"{_OA}exact":
            self.words[subject.removesuffix(_QUOTE)] = value.value
        elif name in (f"{_OA}start", f"{_OA}end"):
            self._places[subject.removesuffix(_POSITION)][name.removeprefix(_OA)] = int(value.value)
        elif name == _RIGHTS:
            self._rights[subject].setdefault(value.language or "", value.value)


class Fact(NamedTuple):
    """A triple that a passage says."""

    triple: ox.Triple
    passage: str
    article: str


def read_facts(lines: Iterable[bytes]) -> Iterator[Fact]:
    """Yield what passages say, of N-Quads, in their order."""
    for _, quad in read_quads(lines):
        found = split_passage(graph_of(quad))
        if found is not None:
            yield Fact(quad.triple, graph_of(quad), found[0])


def is_term(iri: str) -> bool:
    """Tell whether an IRI is a term of the ontology, no thing that articles speak of."""
    return iri.startswith(AID)
