"""Bases: what no sentence says gets into the graph through no other file, either."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest

from aidgraph.gates.bases import check_bases
from aidgraph.project import find_project
from aidgraph.sources import Source, read_sources
from aidgraph.terms import GRAPH, aid, article_iri
from graphs import read_quads
from mutants import Mutator

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aidgraph.sources import ArticleSource, Sources

REPOSITORY = Path(__file__).parents[1]
SHARED = ("ontology", "shapes", "entities", "reference")
OF_ARTICLE = ("record", "entities", "review", "translation")


@cache
def sources() -> Sources:
    """The repository's own data."""
    return read_sources(find_project(REPOSITORY))


def rules(read: Sources) -> set[str]:
    """Return the faults that are found, by rule."""
    return {finding.rule for finding in check_bases(read)}


def add_shared(kind: str, quads: Iterable[ox.Quad]) -> Sources:
    """Return the data with `quads` at the end of the first file of a kind."""
    first, *others = getattr(sources(), kind)
    more: dict[str, Any] = {kind: (Source(first.file, (*first.quads, *quads)), *others)}
    return replace(sources(), **more)


def add_to_article(kind: str, quads: Iterable[ox.Quad]) -> Sources:
    """Return the data with `quads` at the end of a file of the first article."""
    article, *others = sources().articles
    source: Source = getattr(article, kind)
    more: dict[str, Any] = {kind: Source(source.file, (*source.quads, *quads))}
    changed = replace(article, **more)
    return replace(sources(), articles=(changed, *others))


def first_article() -> ArticleSource:
    """The article to which `add_to_article` adds."""
    return sources().articles[0]


@cache
def false_facts() -> tuple[ox.Triple, ...]:
    """Fifty relations of which the one end was exchanged for another thing of its class."""
    return tuple(mutant.quad.triple for mutant in Mutator(sources()).make("name"))


def put(triple: ox.Triple, graph: str) -> ox.Quad:
    """Return the triple in a graph."""
    return ox.Quad(triple.subject, triple.predicate, triple.object, ox.NamedNode(graph))


def test_every_statement_of_the_project_has_its_basis() -> None:
    """What the gate says of a changed project, it says because of the change."""
    assert rules(sources()) == set()


@pytest.mark.parametrize("kind", SHARED)
def test_a_false_fact_in_a_shared_file_is_stopped(kind: str) -> None:
    """Fifty false relations, each appended to the ontology, the shapes, names or reference data."""
    passed = [
        triple
        for triple in false_facts()
        if not rules(add_shared(kind, [put(triple, f"{GRAPH}{kind}")]))
        # A cited source may say what is part of what.
        and (kind, triple.predicate) != ("reference", aid("partOf"))
    ]

    assert len(false_facts()) == 50
    assert passed == []


@pytest.mark.parametrize("kind", [*OF_ARTICLE, "facts"])
def test_a_false_fact_outside_the_passages_is_stopped(kind: str) -> None:
    """The same in each other file of an article, and in facts.trig outside any graph."""
    record = article_iri(first_article().id).value
    graph = f"{record}/entities" if kind == "entities" else record
    passed = [
        triple for triple in false_facts() if not rules(add_to_article(kind, [put(triple, graph)]))
    ]

    assert passed == []


@pytest.mark.parametrize(
    ("kind", "turtle"),
    [
        ("record", 'place:653129 rdfs:label "喀什市"@zh .'),
        ("review", 'site:yue-jia-plum-park aid:reviewedBy "me" .'),
        ("translation", 'site:yue-jia-plum-park aid:translation "park"@en .'),
        ("entities", 'article:xinjiang-daily-every-blade rdfs:label "别题"@zh .'),
        ("facts", "site:yue-jia-plum-park aid:saidBy party:helpers ."),
    ],
)
def test_a_file_tells_of_what_it_is_for(kind: str, turtle: str) -> None:
    """A record is about its article, a remark or a reading about a passage, names about things."""
    record = first_article().id
    graph = f"article:{record}/entities" if kind == "entities" else f"article:{record}"

    assert rules(add_to_article(kind, read_quads(turtle, graph))) == {"statement-about-another"}


def test_a_translation_stands_in_its_own_file_only() -> None:
    """Among facts or remarks it would look like what a sentence says."""
    article = f"article:{first_article().id}"
    for kind, graph in (("facts", f"{article}/p2.1"), ("facts", article), ("review", article)):
        said = read_quads(f'{article}\\/p2.1 aid:translation "a"@en .', graph)
        assert rules(add_to_article(kind, said)) == {"statement-without-basis"}


def test_a_name_among_facts_is_stopped() -> None:
    """What a thing is called is told in its description, where the names are checked."""
    passage = f"article:{first_article().id}/p2.1"
    named = read_quads('place:653129 rdfs:label "喀什市"@zh .', passage)

    assert rules(add_to_article("facts", named)) == {"statement-without-basis"}
