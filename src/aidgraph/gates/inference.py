"""What follows from the facts: CONSTRUCT rules, run to a fixpoint, so that queries stay plain.

A rule is a file of `ontology/rules/` with one triple in its head. Its WHERE clause, the head
bound to an inferred triple, gives that triple's premises: the rule is its own explanation
(`aidgraph.answers.trace.find_witnesses`).

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
from aidgraph.terms import GRAPH, article_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aidgraph.sources import Sources

SHARED_GRAPH = ox.NamedNode(f"{GRAPH}inferred")

_HEAD = re.compile(r"\bCONSTRUCT\s*\{(?P<triple>[^{}]*)\}\s*WHERE\b")
_HEAD_SIZE = 3


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its name, what it says in both languages, and its CONSTRUCT query."""

    name: str
    title_en: str
    title_zh: str
    construct: str


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
    head = _HEAD.search("\n".join(x for x in text.splitlines() if not x.startswith("#")))
    if head is None or len(head["triple"].removesuffix(".").split()) != _HEAD_SIZE:
        en = "is no CONSTRUCT with exactly one triple in its head"
        zh = "不是头部恰有一个三元组的 CONSTRUCT"
        raise _bad_rule(name, en, zh)
    return Rule(name, header.title_en, header.title_zh, text)


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
