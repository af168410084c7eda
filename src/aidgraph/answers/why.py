"""The evidence of each row of an answer: sentences, cited sources, rules, and what was not found.

`trace` gives the triples that a row rests on, `supports` the passages and sources that suffice for
them; here they are put into words. A passage gives its exact words; a source's graph, its citation;
an inferred triple, the rule that gives it and what its premises rest on, down to passages. Names
and classes of things and the ontology are descriptions, not facts: they are cited only where a row
has nothing else. Whatever else no sentence says is cited by the graph that has it, never left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.answers.classes import Classes
from aidgraph.answers.passages import cite, read_quotes
from aidgraph.answers.results import Evidence, read_labels
from aidgraph.answers.supports import (
    Supports,
    is_described,
    is_inferred,
    stating_graphs,
    triple_of,
)
from aidgraph.answers.trace import explain
from aidgraph.files import list_files, read_text
from aidgraph.terms import RDF_TYPE, split_passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aidgraph.answers.supports import Inference, Support
    from aidgraph.answers.trace import RowEvidence
    from aidgraph.answers.untraced import Untraced
    from aidgraph.project import Project
    from aidgraph.questions import Language
    from aidgraph.store import Solutions, Store

_ENTITIES = "/entities"  # how the IRIs of graphs end that say what articles' things are called
_WORDS = {
    "en": {"absent": "not found in {} passages: {}", "is a": "is a"},
    "zh": {"absent": "在 {} 个句段中未找到：{}", "is a": "属于"},
}


class RowReasons(NamedTuple):
    """The evidence of a row, and in words what of it could not be traced.

    `is_sample` where there is more evidence, which is had by asking for the whole.
    """

    evidence: tuple[Evidence, ...]
    untraced: tuple[str, ...]
    is_sample: bool


class _Row(NamedTuple):
    """What a row rests on: graphs that state its facts, inferences, and what else suffices.

    Graphs are passages and cited sources; `descriptions` are the graphs of names and classes.
    """

    stated: frozenset[str]
    inferences: tuple[Inference, ...]
    others: frozenset[str]
    descriptions: frozenset[str]
    searched: tuple[str, ...]
    untraced: tuple[Untraced, ...]

    def graphs(self) -> frozenset[str]:
        """Return the passages and sources that are cited."""
        return self.stated.union(self.others, *(each.support for each in self.inferences))


def read_rules(project: Project) -> dict[str, str]:
    """Return the texts of the project's inference rules, by name.

    Raises:
        UnreadableError: the folder or a file cannot be read.
    """
    return {path.stem: read_text(path) for path in list_files(project.ontology / "rules", ".rq")}


def find_reasons(  # noqa: PLR0913  # each says another thing about one table
    store: Store,
    sparql: str,
    solutions: Solutions,
    *,
    rules: Mapping[str, str],
    searched: int,
    language: Language,
    whole: bool = False,
) -> list[RowReasons]:
    """Return what each row of `solutions` rests on, in their order.

    Args:
        store: what gave the rows.
        sparql: the query that they answer, its parameters bound.
        solutions: the rows; see `trace.explain` for an ASK query.
        rules: the inference rules, by name.
        searched: how many passages the articles have.
        language: of labels.
        whole: all evidence, however much; see `trace.explain`.

    Raises:
        UsageError: the query cannot be traced at all.
    """
    explained = explain(store, sparql, solutions, whole=whole)
    supports = _read_supports(store, rules, explained)
    rows = [_read_row(supports, evidence) for evidence in explained]
    return _Writer(store, rows, searched, language).write()


def find_supports(
    store: Store, sparql: str, solutions: Solutions, rules: Mapping[str, str]
) -> list[tuple[Support, ...]]:
    """Return for each row of `solutions` the least sets of passages and sources that suffice.

    Takes and raises what `find_reasons` does.
    """
    explained = explain(store, sparql, solutions)
    supports = _read_supports(store, rules, explained)
    return [supports.of_row(evidence) for evidence in explained]


def _read_supports(store: Store, rules: Mapping[str, str], rows: Sequence[RowEvidence]) -> Supports:
    classes = Classes(store)
    supports = Supports(store, rules, classes, _find_described(classes, rows))
    supports.read(fact for row in rows for fact in row.kept())
    return supports


def _read_row(supports: Supports, row: RowEvidence) -> _Row:
    """Return what a row rests on: all that one of its supports needs, and how it follows."""
    cited = frozenset[str]().union(*supports.of_row(row))
    facts = row.kept()
    direct = [fact for fact in facts if not is_inferred(fact)]
    stated = cited.intersection(graph for fact in direct for graph in stating_graphs(fact))
    shown, inferences = set(stated), []
    for fact in sorted(filter(is_inferred, facts), key=str):
        inference = supports.infer(fact, cited, shown)
        if inference is not None:
            inferences.append(inference)
            shown |= inference.support
    described = (fact for fact in facts if is_described(fact))
    return _Row(
        stated=stated,
        inferences=tuple(sorted(inferences, key=lambda each: (each.rule, str(each.triple)))),
        others=cited - shown,
        descriptions=frozenset(graph for fact in described for graph in stating_graphs(fact)),
        searched=tuple(search.pattern for search in row.searched),
        untraced=row.untraced,
    )


class _Writer:
    """Writes grounds as evidence, with words and labels read for the whole table at once."""

    def __init__(
        self, store: Store, rows: Sequence[_Row], searched: int, language: Language
    ) -> None:
        graphs = frozenset[str]().union(*(row.graphs() | row.descriptions for row in rows))
        self._rows = rows
        self._searched = searched
        self._language: Language = language
        self._words = _WORDS[language]
        self._quotes = read_quotes(store, filter(split_passage, graphs))
        named = {graph for graph in graphs if not split_passage(graph)}
        named.update(
            term.value
            for row in rows
            for inference in row.inferences
            for term in _ends(inference.triple)
            if isinstance(term, ox.NamedNode)
        )
        self._labels = read_labels(store, named, language)

    def write(self) -> list[RowReasons]:
        return [
            RowReasons(
                tuple(self._write_row(row)),
                tuple(each.text(self._language) for each in row.untraced),
                any(each.is_sample for each in row.untraced),
            )
            for row in self._rows
        ]

    def _write_row(self, row: _Row) -> list[Evidence]:
        """Return what states the row's facts, then how the rest follows, then what else does."""
        found = dict.fromkeys(self._write_graphs(row.stated))
        for inference in row.inferences:
            found[self._write_inference(inference)] = None
            found |= dict.fromkeys(self._write_graphs(inference.support))
        found |= dict.fromkeys(self._write_graphs(row.others))
        for pattern in row.searched:
            readable = pattern.replace(str(RDF_TYPE), "a")
            text = self._words["absent"].format(self._searched, readable)
            found[Evidence(kind="absence", text=text)] = None
        if not found:
            found = dict.fromkeys(self._write_graphs(row.descriptions))
        return list(found)

    def _write_graphs(self, graphs: Iterable[str]) -> Iterator[Evidence]:
        """Yield the passages in the order of their texts, then the sources by name."""
        passages, sources = [], []
        for graph in graphs:
            if graph in self._quotes:
                passages.append(self._quotes[graph])
            elif not split_passage(graph):
                sources.append(graph)
        for quote in sorted(passages, key=lambda quote: (quote.article, quote.start)):
            yield cite(quote)
        for graph in sorted(sources):
            yield Evidence(kind="reference", source=self._labels[graph])

    def _write_inference(self, inference: Inference) -> Evidence:
        subject, predicate, value = (
            self._labels[term.value] if isinstance(term, ox.NamedNode) else str(term)
            for term in _ends(inference.triple)
        )
        verb = self._words["is a"] if inference.triple.predicate == RDF_TYPE else predicate
        # A Chinese label has a blank where its object goes: 由…实施.
        said = verb.replace("…", value) if "…" in verb else f" {verb} {value}"
        text = f"{subject}{said}"
        return Evidence(kind="inferred", text=text, rule=inference.rule)


def _find_described(classes: Classes, rows: Iterable[RowEvidence]) -> frozenset[ox.Triple]:
    """Return the inferred classes in `rows` that only widen the class that a description gives.

    They rest on no sentence; asked for all at once, since most rows have some.
    """
    inferred = (fact for row in rows for fact in row.kept() if is_inferred(fact))
    wanted = {triple_of(fact) for fact in inferred if fact.predicate == RDF_TYPE}
    return frozenset(
        triple
        for triple, fact in classes.find_narrower(wanted)
        if fact.graphs[0].value.endswith(_ENTITIES)
    )


def _ends(triple: ox.Triple) -> tuple[object, object, object]:
    return triple.subject, triple.predicate, triple.object
