"""The evidence of each row of an answer: sentences, cited sources, rules, and what was not found.

`trace` gives the triples that a row rests on and the graphs that hold them; here the graphs are
told apart. A passage's graph gives its exact words; a source's graph, its citation; an inferred
triple, the rule that gives it and whatever its premises rest on, down to passages. Names and
classes of things and the ontology are descriptions, not facts: they are cited only where a row
has nothing else. Whatever else no sentence says is cited by the graph that has it, never left out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.answers.passages import read_quotes
from aidgraph.answers.results import Evidence, read_labels
from aidgraph.answers.trace import explain, find_witnesses
from aidgraph.files import list_files, read_text
from aidgraph.terms import (
    ARTICLE,
    GRAPH,
    RDF_TYPE,
    RDFS,
    RDFS_LABEL,
    REFERENCE,
    SKOS,
    SKOS_ALT_LABEL,
    split_passage,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from aidgraph.answers.passages import Quote
    from aidgraph.answers.trace import Fact, RowEvidence
    from aidgraph.project import Project
    from aidgraph.questions import Language
    from aidgraph.store import EmbeddedStore, Solutions

# How the IRIs of graphs end that hold inferred triples, and what articles' things are called.
_INFERRED, _ENTITIES = "/inferred", "/entities"
_DESCRIBING = frozenset({RDF_TYPE, RDFS_LABEL, SKOS_ALT_LABEL, ox.NamedNode(f"{SKOS}prefLabel")})
_ONTOLOGY = f"{GRAPH}ontology"
_NARROWER = ox.NamedNode(f"{RDFS}subClassOf")
_BATCH = 1000  # rows in one VALUES
_MANY_WAYS = 8  # ways to infer one triple
_WORDS = {
    "en": {"absent": "not found in {} passages: {}", "is a": "is a"},
    "zh": {"absent": "在 {} 个句段中未找到：{}", "is a": "属于"},
}


class RowReasons(NamedTuple):
    """The evidence of a row, and in words what of it could not be traced."""

    evidence: tuple[Evidence, ...]
    untraced: tuple[str, ...]


@dataclass(slots=True)
class _Grounds:
    """What facts come down to: passages, graphs of sources, graphs that only describe."""

    passages: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)
    descriptions: set[str] = field(default_factory=set)

    def add(self, other: _Grounds) -> None:
        self.passages |= other.passages
        self.sources |= other.sources
        self.descriptions |= other.descriptions

    def __bool__(self) -> bool:
        return bool(self.passages or self.sources)


class _Inference(NamedTuple):
    """A triple, the rule that gives it, and what that rests on."""

    rule: str
    triple: ox.Triple
    grounds: _Grounds


@dataclass(slots=True)
class _Row:
    """A row's grounds: its own facts', and one inference for each inferred fact."""

    grounds: _Grounds
    inferences: list[_Inference]
    searched: tuple[str, ...]
    untraced: tuple[str, ...]

    def all_grounds(self) -> Iterator[_Grounds]:
        yield self.grounds
        for inference in self.inferences:
            yield inference.grounds


def read_rules(project: Project) -> dict[str, str]:
    """Return the texts of the project's inference rules, by name.

    Raises:
        UnreadableError: the folder or a file cannot be read.
    """
    return {path.stem: read_text(path) for path in list_files(project.ontology / "rules", ".rq")}


def find_reasons(  # noqa: PLR0913  # each says another thing about one table
    store: EmbeddedStore,
    sparql: str,
    solutions: Solutions,
    *,
    rules: Mapping[str, str],
    searched: int,
    language: Language,
) -> list[RowReasons]:
    """Return what each row of `solutions` rests on, in their order.

    Args:
        store: what gave the rows.
        sparql: the query that they answer, its parameters bound.
        solutions: the rows; see `trace.explain` for an ASK query.
        rules: the inference rules, by name.
        searched: how many passages the articles have.
        language: of labels.

    Raises:
        UsageError: the query cannot be traced at all.
    """
    explained = explain(store, sparql, solutions)
    tracer = _Tracer(store, rules, _find_described(store, explained))
    tracer.look_up(_triple(fact) for row in explained for fact in row.facts if _is_inferred(fact))
    rows = [tracer.read_row(evidence) for evidence in explained]
    return _Writer(store, rows, searched, language).write()


class _Tracer:
    """Follows facts down to what they rest on; premises of a triple are looked up once."""

    def __init__(
        self, store: EmbeddedStore, rules: Mapping[str, str], described: frozenset[ox.Triple]
    ) -> None:
        self._store = store
        self._rules = rules
        self._described = described
        self._premises: dict[ox.Triple, list[tuple[str, list[Fact]]]] = {}

    def look_up(self, triples: Iterable[ox.Triple]) -> None:
        """Look up the premises of `triples`, and of those in turn, all together at each step.

        What has many ways is followed only as far as `read_row` needs it.
        """
        wanted = {*triples}.difference(self._described)
        while wanted := wanted.difference(self._premises):
            ways = find_witnesses(self._store, self._rules, wanted)
            for triple, each in ways.items():
                listed = [(name, sorted(facts, key=str)) for name, facts in each]
                self._premises[triple] = sorted(listed, key=lambda way: _effort(way[1]))
            wanted = {
                _triple(fact)
                for each in ways.values()
                if len(each) <= _MANY_WAYS
                for _, facts in each
                for fact in facts
                if _is_inferred(fact)
            }

    def read_row(self, evidence: RowEvidence) -> _Row:
        grounds = _Grounds()
        inferred = []
        for fact in evidence.facts:
            if not _is_inferred(fact):
                grounds.add(_direct_grounds(fact))
            elif (triple := _triple(fact)) not in self._described:
                inferred.append(triple)
        return _Row(
            grounds,
            list(self._infer_all(inferred, set(grounds.passages))),
            tuple(search.pattern for search in evidence.searched),
            evidence.untraced,
        )

    def _infer_all(self, triples: list[ox.Triple], cited: set[str]) -> Iterator[_Inference]:
        """Yield an inference for each triple that rests on something.

        Those with few ways come first: the others then have more that is cited to choose from.
        """
        for triple in sorted(triples, key=lambda each: (len(self._read_premises(each)), str(each))):
            inference = self._infer(triple, cited, frozenset())
            if inference is not None and inference.grounds:
                cited |= inference.grounds.passages
                yield inference

    def _infer(
        self, triple: ox.Triple, cited: set[str], above: frozenset[ox.Triple]
    ) -> _Inference | None:
        """Return one way to infer `triple`; of several, the one that needs fewest sentences more.

        So a row about one helper does not cite what another does, where both prove the same.
        `above` are the triples that are being inferred: none may be a premise of itself.
        """
        best: _Inference | None = None
        for rule, facts in self._read_premises(triple):
            grounds = self._gather(facts, cited, above | {triple})
            if grounds is None:
                continue
            if grounds.passages <= cited:
                return _Inference(rule, triple, grounds)
            if best is None or len(grounds.passages) < len(best.grounds.passages):
                best = _Inference(rule, triple, grounds)
        return best

    def _gather(
        self, facts: Iterable[Fact], cited: set[str], above: frozenset[ox.Triple]
    ) -> _Grounds | None:
        """Return what all of `facts` rest on; None if one rests on a triple in `above`."""
        grounds = _Grounds()
        for fact in facts:
            if not _is_inferred(fact):
                grounds.add(_direct_grounds(fact, cited))
                continue
            premise = _triple(fact)
            deeper = None if premise in above else self._infer(premise, cited, above)
            if deeper is None:
                return None
            grounds.add(deeper.grounds)
        return grounds

    def _read_premises(self, triple: ox.Triple) -> list[tuple[str, list[Fact]]]:
        if triple not in self._premises:
            self.look_up([triple])
        return self._premises[triple]


class _Writer:
    """Writes grounds as evidence, with words and labels read for the whole table at once."""

    def __init__(
        self, store: EmbeddedStore, rows: Sequence[_Row], searched: int, language: Language
    ) -> None:
        grounds = [each for row in rows for each in row.all_grounds()]
        self._rows = rows
        self._searched = searched
        self._words = _WORDS[language]
        self._quotes = read_quotes(store, {p for each in grounds for p in each.passages})
        named = {iri for each in grounds for iri in (*each.sources, *each.descriptions)}
        named.update(
            term.value
            for row in rows
            for inference in row.inferences
            for term in _ends(inference.triple)
            if isinstance(term, ox.NamedNode)
        )
        self._labels = read_labels(store, named, language)

    def write(self) -> list[RowReasons]:
        return [RowReasons(tuple(self._write_row(row)), row.untraced) for row in self._rows]

    def _write_row(self, row: _Row) -> list[Evidence]:
        """Return the row's own grounds, then each inference and what it adds to them."""
        found = dict.fromkeys(self._write_grounds(row.grounds))
        for inference in sorted(row.inferences, key=lambda each: (each.rule, str(each.triple))):
            found[self._write_inference(inference)] = None
            found |= dict.fromkeys(self._write_grounds(inference.grounds))
        for pattern in row.searched:
            readable = pattern.replace(str(RDF_TYPE), "a")
            text = self._words["absent"].format(self._searched, readable)
            found[Evidence(kind="absence", text=text)] = None
        if not found:
            found = dict.fromkeys(self._write_sources(row.grounds.descriptions))
        return list(found)

    def _write_grounds(self, grounds: _Grounds) -> Iterator[Evidence]:
        quotes = (self._quotes[iri] for iri in grounds.passages if iri in self._quotes)
        for quote in sorted(quotes, key=lambda quote: (quote.article, quote.start)):
            yield _write_quote(quote)
        yield from self._write_sources(grounds.sources)

    def _write_sources(self, graphs: Iterable[str]) -> Iterator[Evidence]:
        for graph in sorted(graphs):
            yield Evidence(kind="reference", source=self._labels[graph])

    def _write_inference(self, inference: _Inference) -> Evidence:
        subject, predicate, value = (
            self._labels[term.value] if isinstance(term, ox.NamedNode) else str(term)
            for term in _ends(inference.triple)
        )
        verb = self._words["is a"] if inference.triple.predicate == RDF_TYPE else predicate
        # A Chinese label has a blank where its object goes: 由…实施.
        said = verb.replace("…", value) if "…" in verb else f" {verb} {value}"
        text = f"{subject}{said}"
        return Evidence(kind="inferred", text=text, rule=inference.rule)


def _write_quote(quote: Quote) -> Evidence:
    return Evidence(
        kind="article",
        passage=quote.passage,
        text=quote.text,
        start=quote.start,
        end=quote.end,
        article=quote.article,
    )


def _find_described(store: EmbeddedStore, rows: Iterable[RowEvidence]) -> frozenset[ox.Triple]:
    """Return the inferred classes in `rows` that only widen the class that a description gives.

    They rest on no sentence; asked for all at once, since most rows have some.
    """
    inferred = (fact for row in rows for fact in row.facts if _is_inferred(fact))
    classes = sorted({_triple(fact) for fact in inferred if fact.predicate == RDF_TYPE}, key=str)
    described: set[ox.Triple] = set()
    for first in range(0, len(classes), _BATCH):
        pairs = " ".join(f"({c.subject} {c.object})" for c in classes[first : first + _BATCH])
        query = f"""SELECT DISTINCT ?thing ?class WHERE {{
  VALUES (?thing ?class) {{ {pairs} }}
  GRAPH ?graph {{ ?thing a ?narrower }}
  ?narrower {_NARROWER}* ?class .
  FILTER(STRENDS(STR(?graph), "{_ENTITIES}"))
}}"""
        for thing, kind in store.select(query).rows:
            if isinstance(thing, ox.NamedNode) and kind is not None:
                described.add(ox.Triple(thing, RDF_TYPE, kind))
    return frozenset(described)


def _is_inferred(fact: Fact) -> bool:
    """Tell whether a fact stands in graphs of inferred triples only."""
    return bool(fact.graphs) and all(graph.value.endswith(_INFERRED) for graph in fact.graphs)


def _direct_grounds(fact: Fact, cited: Iterable[str] = ()) -> _Grounds:
    """Return the passages that say a fact; if none does, the sources; of a name, who gives it.

    Of several passages those `cited` already suffice.
    """
    passages = {iri for graph in fact.graphs for iri in _passages_of(fact, graph.value)}
    if passages:
        return _Grounds(passages=passages.intersection(cited) or passages)
    graphs = {graph.value for graph in fact.graphs}
    cited_sources = {graph for graph in graphs if graph.startswith(REFERENCE)}
    is_description = fact.predicate in _DESCRIBING or _ONTOLOGY in graphs
    if cited_sources or not is_description:
        return _Grounds(sources=cited_sources or graphs)
    return _Grounds(descriptions=graphs)


def _passages_of(fact: Fact, graph: str) -> Iterator[str]:
    """Yield the passage that a graph is, or that a fact of an article's record is about."""
    if (split := split_passage(graph)) is not None:
        yield f"{ARTICLE}{split[0]}/{split[1]}"
    elif graph.startswith(ARTICLE) and "/" not in graph.removeprefix(ARTICLE):
        subject = fact.subject
        split = split_passage(subject.value) if isinstance(subject, ox.NamedNode) else None
        if split is not None:
            yield f"{ARTICLE}{split[0]}/{split[1]}"


def _effort(facts: list[Fact]) -> tuple[int, int, str]:
    """Return the order in which ways are tried: few inferred premises first."""
    return sum(map(_is_inferred, facts)), len(facts), str(facts)


def _triple(fact: Fact) -> ox.Triple:
    if isinstance(fact.subject, ox.Literal) or not isinstance(fact.predicate, ox.NamedNode):
        message = f"{fact} is no triple"
        raise TypeError(message)
    return ox.Triple(fact.subject, fact.predicate, fact.object)


def _ends(triple: ox.Triple) -> tuple[object, object, object]:
    return triple.subject, triple.predicate, triple.object
