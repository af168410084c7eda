"""What follows from the facts: CONSTRUCT rules, run to a fixpoint, so that queries stay plain.

A rule is a file of `ontology/rules/` with one triple in its head. Its WHERE clause, the head
bound to an inferred triple, gives that triple's premises: the rule is its own explanation.

What follows from ontology, reference data and shared entities alone goes into
`graph:inferred`; what needs an article's own triples into `article:<id>/inferred`. An article
is reasoned about with the shared triples only, so that articles can be built apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.errors import DataError
from aidgraph.findings import Finding
from aidgraph.gates.headers import read_header
from aidgraph.terms import GRAPH, RDF_TYPE, article_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aidgraph.sources import Sources
    from aidgraph.store import EmbeddedStore

SHARED_GRAPH = ox.NamedNode(f"{GRAPH}inferred")

_RULE = re.compile(
    r"(?P<prologue>.*)\bCONSTRUCT\s*\{(?P<head>[^{}]*)\}\s*WHERE\s*(?P<where>\{.*\})\s*", re.DOTALL
)
_PREFIX = re.compile(r"PREFIX\s+(?P<name>[\w-]*):\s*<(?P<space>[^>]*)>")
_HEAD_SIZE = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, what it says in both languages, and its CONSTRUCT in parts.

    `head` holds three terms of SPARQL: a variable (`?place`), or an IRI in full.
    """

    name: str
    title_en: str
    title_zh: str
    construct: str
    prologue: str
    head: tuple[str, ...]
    where: str

    def premises(self, triple: ox.Triple) -> str | None:
        """Return the SELECT whose rows are the ways in which the rule gives `triple`.

        Its columns are all variables of the rule; None where the head is of another form.
        """
        terms = [str(term) for term in (triple.subject, triple.predicate, triple.object)]
        bound: dict[str, str] = {}
        for place, term in zip(self.head, terms, strict=True):
            known = bound.setdefault(place, term) if place.startswith("?") else place
            if known != term:
                return None
        values = f"VALUES ({' '.join(bound)}) {{ ({' '.join(bound.values())}) }}"
        return f"{self.prologue}SELECT * WHERE {{ {values} {self.where} }}"


def read_rules(texts: Mapping[str, str]) -> list[Rule]:
    """Read the rules, file name (without suffix) to text, in the order of their names.

    Raises:
        DataError: a rule is no CONSTRUCT with one triple in its head, or has no title.
    """
    return [_read_rule(name, texts[name]) for name in sorted(texts)]


def infer(sources: Sources) -> dict[ox.Quad, str]:
    """Return what follows from `sources`, each quad with the name of the rule that gave it.

    The quads are new (none stands in the article or the shared data), sorted, and each is in
    the graph of inferred triples that it belongs to.

    Raises:
        DataError: a rule is not valid.
    """
    rules = read_rules(sources.rules)
    vocabulary = [quad.triple for quad in sources.vocabulary()]
    shared = infer_triples(vocabulary, rules)
    inferred = {_in_graph(triple, SHARED_GRAPH): name for triple, name in shared.items()}
    for article in sources.articles:
        own = [quad.triple for source in article.sources() for quad in source.quads]
        graph = ox.NamedNode(f"{article_iri(article.id).value}/inferred")
        derived = infer_triples([*vocabulary, *shared, *own], rules)
        inferred |= {_in_graph(triple, graph): name for triple, name in derived.items()}
    return dict(sorted(inferred.items(), key=lambda item: str(item[0])))


def infer_triples(known: Iterable[ox.Triple], rules: Iterable[Rule]) -> dict[ox.Triple, str]:
    """Return every triple that `rules` add to `known`, with the name of the rule that gave it.

    Raises:
        DataError: a rule is not valid SPARQL.
    """
    rules = list(rules)
    store = ox.Store()
    store.bulk_extend(ox.Quad(*triple) for triple in known)
    derived: dict[ox.Triple, str] = {}
    grown = True
    while grown:
        before = len(derived)
        for rule in rules:
            new = [triple for triple in _apply(store, rule) if ox.Quad(*triple) not in store]
            store.extend(ox.Quad(*triple) for triple in new)
            derived |= dict.fromkeys(new, rule.name)
        grown = len(derived) > before
    return derived


def find_rule(store: EmbeddedStore, rules: Iterable[Rule], triple: ox.Triple) -> Rule | None:
    """Return the first rule that gives `triple` from what is in `store`, or None."""
    for rule in rules:
        query = rule.premises(triple)
        if query is not None and store.select(f"{query} LIMIT 1").rows:
            return rule
    return None


def _apply(store: ox.Store, rule: Rule) -> ox.QueryTriples:
    try:
        answer = store.query(rule.construct)
    except SyntaxError as error:
        en, zh = f"is not valid SPARQL: {error}", f"不是有效的 SPARQL：{error}"
        raise _bad_rule(rule.name, en, zh) from error
    if not isinstance(answer, ox.QueryTriples):
        raise _bad_rule(rule.name, "gives no triples", "得不出三元组")
    return answer


def _in_graph(triple: ox.Triple, graph: ox.NamedNode) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _read_rule(name: str, text: str) -> Rule:
    header = read_header(f"ontology/rules/{name}.rq", text)
    parts = _RULE.fullmatch("\n".join(x for x in text.splitlines() if not x.startswith("#")))
    terms = parts["head"].removesuffix(".").split() if parts else []
    if parts is None or len(terms) != _HEAD_SIZE:
        en = "is no CONSTRUCT with exactly one triple in its head"
        zh = "不是头部恰有一个三元组的 CONSTRUCT"
        raise _bad_rule(name, en, zh)
    prefixes = {found["name"]: found["space"] for found in _PREFIX.finditer(parts["prologue"])}
    return Rule(
        name=name,
        title_en=header.title_en,
        title_zh=header.title_zh,
        construct=text,
        prologue=parts["prologue"],
        head=tuple(_expand(term, prefixes) for term in terms),
        where=parts["where"],
    )


def _expand(term: str, prefixes: Mapping[str, str]) -> str:
    """Return a term of a head as N-Triples has it, variables as they are."""
    if term == "a":
        return str(RDF_TYPE)
    name, colon, local = term.partition(":")
    return f"<{prefixes[name]}{local}>" if colon and name in prefixes else term


def _bad_rule(name: str, en: str, zh: str) -> DataError:
    finding = Finding(
        rule="inference-rule",
        file=f"ontology/rules/{name}.rq",
        message_en=f"The rule {en}.",
        message_zh=f"推理规则{zh}。",
        remedy_en="Write CONSTRUCT { one triple } WHERE { its premises }.",
        remedy_zh="请写作 CONSTRUCT { 一个三元组 } WHERE { 其前提 }。",
    )
    return DataError.about(finding)
