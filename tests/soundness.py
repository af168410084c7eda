"""What evidence claims, tried out: some sentences are taken away and all is inferred again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from aidgraph.answers.why import find_supports
from aidgraph.gates.inference import infer
from aidgraph.gates.reading import read_fact
from aidgraph.sources import Source
from aidgraph.store import EmbeddedStore
from aidgraph.terms import split_passage

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from aidgraph.sources import Sources
    from aidgraph.store import Term


class RowSupports(NamedTuple):
    """A row, and the sets of passages and sources of which each is said to suffice for it."""

    row: tuple[Term | None, ...]
    supports: tuple[frozenset[str], ...]


def find_passages(sources: Sources) -> list[str]:
    """Return the passages that have facts, by IRI."""
    facts = (read_fact(quad) for article in sources.articles for quad in article.facts.quads)
    return [graph for graph in dict.fromkeys(f.graph for f in facts) if split_passage(graph)]


def keep_passages(sources: Sources, passages: Collection[str]) -> Sources:
    """Return `sources` without what other passages say."""
    articles = []
    for article in sources.articles:
        quads = (
            quad
            for quad in article.facts.quads
            if not split_passage(graph := read_fact(quad).graph) or graph in passages
        )
        articles.append(replace(article, facts=Source(article.facts.file, tuple(quads))))
    return replace(sources, articles=tuple(articles))


def without(sources: Sources, passages: Collection[str]) -> EmbeddedStore:
    """Return a store without what `passages` say and what follows from it."""
    kept = set(find_passages(sources)).difference(passages)
    return _store_of(keep_passages(sources, kept))


def only(
    sources: Sources, passages: Collection[str], cited: Collection[str] | None = None
) -> EmbeddedStore:
    """Return a store of what `passages` say alone, and what follows from it.

    Of the reference data it has the `cited` graphs, all if None.
    """
    kept = keep_passages(sources, passages)
    if cited is not None:
        reference = (s for s in kept.reference if read_fact(s.quads[0]).graph in cited)
        kept = replace(kept, reference=tuple(reference))
    return _store_of(kept)


def read_supports(store: EmbeddedStore, sparql: str, rules: Mapping[str, str]) -> list[RowSupports]:
    """Return the rows of a query with their supports."""
    solutions = store.select(sparql)
    found = find_supports(store, sparql, solutions, rules)
    return [RowSupports(row, each) for row, each in zip(solutions.rows, found, strict=True)]


def gives(store: EmbeddedStore, sparql: str, row: tuple[Term | None, ...]) -> bool:
    """Tell whether a query has the row."""
    return row in store.select(sparql).rows


def _store_of(sources: Sources) -> EmbeddedStore:
    stated = (quad for source in sources.all() for quad in source.quads)
    return EmbeddedStore.of([*stated, *infer(sources)])
