"""Evidence is sound: without the cited sentences a row is gone, with them alone it stays.

What is tried here is what docs/evidence.md promises of queries without negation. Every time some
sentences are taken away, all is inferred again from what is left.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter, defaultdict
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from aidgraph.answers.ask import bind
from aidgraph.answers.lookup import read_value
from aidgraph.build import with_passages
from aidgraph.project import find_project
from aidgraph.questions import read_questions
from aidgraph.sources import read_sources
from aidgraph.terms import AID, BASE, RDF_TYPE, split_passage
from grounded import Sample
from soundness import find_passages, gives, keep_passages, only, read_supports, without

if TYPE_CHECKING:
    from aidgraph.questions import Question
    from aidgraph.sources import Sources
    from aidgraph.store import EmbeddedStore, Term
    from soundness import RowSupports

REPOSITORY = Path(__file__).parents[1]
ROWS = int(os.environ.get("AIDGRAPH_ROWS", "1"))  # rows of each question; more in CI and a soak
QUESTIONS = {each.name: each for each in read_questions(find_project(REPOSITORY))[0]}

UNSAID = {"helpers-not-described"}
"""Questions about what no passage says: no passage is cited."""

PARTLY_REPORTED = {"reported-pairings"}
"""Questions whose rows rest on passages, on what others say, or on both."""

ABOUT_PASSAGES = {"coverage-of-articles"}
"""Questions that count sentences: these stand, whether or not what they say is taken away."""


@cache
def sources() -> Sources:
    """The repository's own data."""
    return with_passages(read_sources(find_project(REPOSITORY)))


@cache
def whole() -> EmbeddedStore:
    """The repository's graph."""
    return without(sources(), ())


@lru_cache(maxsize=64)
def without_these(passages: frozenset[str]) -> EmbeddedStore:
    """The repository's graph but for some passages; many questions cite the same."""
    return without(sources(), passages)


@lru_cache(maxsize=64)
def only_these(graphs: frozenset[str]) -> EmbeddedStore:
    """What some passages and cited sources say, alone."""
    return only(sources(), graphs, graphs)


def ask(question: Question) -> tuple[str, list[RowSupports]]:
    """Return a question about its example, and some of its rows, the same each time.

    Not those about passages themselves: they rest on the text and on remarks, not on facts.
    """
    given = {each.name: each for each in question.parameters if not each.optional}
    terms = {name: read_value(whole(), each, each.example) for name, each in given.items()}
    sparql = bind(question.sparql, terms)
    rows = read_supports(whole(), sparql, sources().rules)
    rows = [row for row in rows if not any(map(is_passage, row.row))]
    rows.sort(key=lambda row: hashlib.sha256(str(row.row).encode()).digest())
    return sparql, rows[:ROWS]


def is_passage(term: Term | None) -> bool:
    """Tell whether a cell is a sentence."""
    split = split_passage(term.value) if isinstance(term, ox.NamedNode) else None
    return split is not None and not split[2]


@pytest.mark.parametrize("name", sorted(QUESTIONS.keys() - ABOUT_PASSAGES))
def test_a_row_falls_without_its_evidence_and_stands_on_it_alone(name: str) -> None:
    """Of every canned question: all cited passages away; each of its supports alone, and less."""
    sparql, rows = ask(QUESTIONS[name])

    for row, supports in rows:
        cited = frozenset(filter(split_passage, frozenset().union(*supports)))
        assert name in PARTLY_REPORTED or bool(cited) is (name not in UNSAID), row
        assert not cited or not gives(without_these(cited), sparql, row)
        for support in supports:
            assert gives(only_these(support), sparql, row)
            for graph in filter(split_passage, support):
                assert not gives(only_these(support - {graph}), sparql, row)


# Random queries over the vocabulary, about six sentences of the report: few enough to try all.


class Parts:
    """The sample, and a store for each set of its sentences.

    It prints as a word: Hypothesis prints what a failing test was given, and gives up, with
    another error in the failure's place, where that is long.
    """

    def __init__(self, sample: Sources) -> None:
        """Infer from each set of the sentences."""
        passages = find_passages(sample)
        sets = (s for n in range(len(passages) + 1) for s in combinations(passages, n))
        self.sample = sample
        self.passages = frozenset(passages)
        self.stores = {frozenset(each): only(sample, each) for each in sets}
        self.whole = self.stores[self.passages]

    def __repr__(self) -> str:
        """Return the word."""
        return "Parts"

    def try_all(self, sparql: str) -> dict[tuple[Term | None, ...], set[frozenset[str]]]:
        """Return for each row the least sets of sentences of which each gives it."""
        least: dict[tuple[Term | None, ...], set[frozenset[str]]] = defaultdict(set)
        for passages in sorted(self.stores, key=len):
            for row in self.stores[passages].select(sparql).rows:
                if not any(fewer <= passages for fewer in least[row]):
                    least[row].add(passages)
        return least


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """Of the six sentences with most facts, in a project of their own."""
    sample = Sample(tmp_path_factory.mktemp("sample")).read()
    said = Counter(str(quad.graph_name)[1:-1] for quad in sample.articles[0].facts.quads)
    passages = sorted(find_passages(sample), key=lambda each: -said[each])[:6]
    return Parts(keep_passages(sample, passages))


@cache
def _facts(store: EmbeddedStore) -> list[ox.Triple]:
    """Return what the store has about things: relations and classes, stated or inferred.

    Not what remarks say of passages: that stands whether or not they say anything.
    """
    query = "SELECT DISTINCT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o"
    return [
        ox.Triple(s, p, o)
        for s, p, o in store.select(query).rows
        if isinstance(s, ox.NamedNode)
        and not is_passage(s)
        and isinstance(p, ox.NamedNode)
        and o is not None
        and s.value.startswith((f"{BASE}id/", f"{BASE}article/"))
        and (p.value.startswith(AID) or p == RDF_TYPE)
    ]


@st.composite
def queries(draw: st.DrawFn, store: EmbeddedStore) -> str:
    """Draw a query that has a row: facts that hang together, one or two ends left open."""
    facts = [draw(st.sampled_from(_facts(store)))]
    for _ in range(draw(st.integers(0, 2))):
        known = {end for fact in facts for end in (fact.subject, fact.object)}
        near = [f for f in _facts(store) if not known.isdisjoint((f.subject, f.object))]
        facts.append(draw(st.sampled_from(near)))
    ends = list(dict.fromkeys(end for fact in facts for end in (fact.subject, fact.object)))
    opened = draw(st.lists(st.sampled_from(ends), min_size=1, max_size=2, unique=True))
    names = {end: f"?x{ends.index(end)}" if end in opened else str(end) for end in ends}
    patterns = [f"{names[f.subject]} {draw(paths(f, store))} {names[f.object]} ." for f in facts]
    shown = sorted({names[end] for end in opened})
    body = " ".join(patterns)
    if len(patterns) > 1 and draw(st.booleans()):
        body = f"{{ {patterns[0]} }} UNION {{ {' '.join(patterns[1:])} }}"
    return f"SELECT DISTINCT {' '.join(shown)} WHERE {{ {body} }}"


@st.composite
def paths(draw: st.DrawFn, fact: ox.Triple, store: EmbeddedStore) -> str:
    """Draw a way to say the property of a fact: plain, or as a path that it is one way through."""
    plain = str(fact.predicate)
    other = str(draw(st.sampled_from(_facts(store))).predicate)
    return draw(st.sampled_from([plain, plain, f"({plain}|{other})", f"(^(^{plain}))"]))


@settings(
    max_examples=settings().max_examples * 6 // 10,  # each asks 64 stores
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),  # each try asks many stores: shrinking takes minutes
)
@given(data=st.data())
def test_supports_are_what_trying_all_sentences_finds(parts: Parts, data: st.DataObject) -> None:
    """Every support of every row of a random query, no more and no fewer."""
    sparql = data.draw(queries(parts.whole))

    tried = parts.try_all(sparql)
    for row, supports in read_supports(parts.whole, sparql, parts.sample.rules):
        found = {frozenset(filter(split_passage, support)) for support in supports}
        least = {each for each in found if not any(less < each for less in found)}
        assert least == tried[row], sparql


def test_citing_everything_would_not_pass(parts: Parts) -> None:
    """The test above can tell evidence from a list of all sentences."""
    sparql = f"SELECT ?x ?y {{ ?x <{AID}by> ?y }} ORDER BY ?x ?y"

    rows = read_supports(parts.whole, sparql, parts.sample.rules)

    assert rows
    tried = parts.try_all(sparql)
    assert all(tried[row.row] != {parts.passages} for row in rows)
