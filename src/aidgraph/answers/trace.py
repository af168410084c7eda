"""Why: the triples, and the graphs they stand in, that each row of an answer rests on.

Three steps, each plain SPARQL 1.1, whichever store answers: the query's WHERE is solved again,
rewritten and restricted to the rows (`trace_body`, `trace_plan`), the triples are read from the
solutions (`trace_solve`), and their graphs are looked up. Solving pattern by pattern instead
would be unsound: it cites facts that hold, but not together.

What may be claimed: the cited facts suffice for the row. Where `exact` is set, the row also
falls without them. Minimum, maximum and sample rest on all members of their group, as a count
does. Nothing is claimed of a row's rank under LIMIT, of the order inside GROUP_CONCAT, or
of what `untraced` names. The default graph is taken to be the union of all named graphs.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.answers.standing import stands_in, unstated_graph
from aidgraph.answers.trace_plan import Plan, constants_of, plan_of, plan_of_text
from aidgraph.answers.trace_proof import Search, without_rest
from aidgraph.answers.trace_solve import Asked, Solver
from aidgraph.answers.trace_sparql import batches, values_of
from aidgraph.answers.untraced import Untraced, without_graph
from aidgraph.errors import UsageError
from aidgraph.sparql.parser import parse_query
from aidgraph.sparql.tree import Item, variables
from aidgraph.store import Layout

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aidgraph.answers.trace_proof import Proof
    from aidgraph.answers.trace_solve import FactKey
    from aidgraph.answers.trace_sparql import Row
    from aidgraph.sparql.tree import Triple
    from aidgraph.store import Solutions, Term

__all__ = ["Fact", "RowEvidence", "Search", "explain", "find_witnesses"]


class Fact(NamedTuple):
    """A triple and the graphs that hold it, by IRI: each alone is enough."""

    subject: Term
    predicate: Term
    object: Term
    graphs: tuple[ox.NamedNode, ...]


class RowEvidence(NamedTuple):
    """What a row rests on.

    Attributes:
        facts: all facts of all witnesses, also of those left out.
        witnesses: sets of facts of which each suffices alone, none containing another.
        capped: whether there are more witnesses than are listed.
        exact: whether the row falls when all `facts` are taken away.
        untraced: what else the row may rest on; then `facts` may not suffice.
        searched: patterns that had to be, and were, searched in vain.
    """

    facts: tuple[Fact, ...]
    witnesses: tuple[frozenset[Fact], ...]
    capped: bool
    exact: bool
    untraced: tuple[Untraced, ...]
    searched: tuple[Search, ...]

    def kept(self) -> tuple[Fact, ...]:
        """Return the facts of the witnesses that are listed; of a row without any, all."""
        if not self.capped or not self.witnesses:
            return self.facts
        kept = frozenset[Fact]().union(*self.witnesses)
        return tuple(fact for fact in self.facts if fact in kept)


def explain(
    store: Asked, query_text: str, solutions: Solutions, *, whole: bool = False
) -> list[RowEvidence]:
    """Return the evidence of each row of a SELECT query, in the order of the rows.

    Args:
        store: what gave the rows; it is asked a few SELECT queries for the whole table.
        query_text: the query, its parameters bound.
        solutions: its rows; for an ASK query that is true one row without columns, for one
            that is false none.
        whole: read all members of every group and all ways to every row; else a sample, and say
            so, where they are thousands.

    Raises:
        UsageError: the query cannot be read, or the rows are not its rows.
    """
    plan = plan_of_text(query_text)
    names = tuple(f"?{column}" for column in solutions.columns)
    if sorted(names) != sorted(plan.columns):
        given, wanted = ", ".join(names), ", ".join(plan.columns)
        en = f"The rows have {given}, the query {wanted}: give the query's own rows."
        raise UsageError(en, f"各行的列为 {given}，查询的列为 {wanted}：请给出该查询自己的行。")
    places = [names.index(column) for column in plan.columns]
    rows = [tuple(row[place] for place in places) for row in solutions.rows]
    return _evidence(store, plan, rows, whole=whole)


def find_witnesses(
    store: Asked, rules: Mapping[str, str], triples: Iterable[ox.Triple]
) -> dict[ox.Triple, list[tuple[str, frozenset[Fact]]]]:
    """Return, for each of `triples`, the rules that infer it, each with a set of its premises.

    A rule's head is bound to the triples, its WHERE traced once for all of them. A premise may
    itself be inferred, by the same rule too: who follows premises further must remember where
    they have been.

    Args:
        store: holds premises and conclusions.
        rules: CONSTRUCT queries, by name.
        triples: what they may have produced; those that they did not have no witness.

    Raises:
        UsageError: a rule cannot be read, or is not a CONSTRUCT.
    """
    found: dict[ox.Triple, dict[tuple[str, frozenset[Fact]], None]] = {t: {} for t in triples}
    solver = Solver(store)
    proven: list[tuple[str, ox.Triple, Proof]] = []
    for name, text in rules.items():
        for head, constants, plan in _heads(text):
            rows = {
                triple: row
                for triple in found
                if (row := _row_of(plan, head, constants, triple)) is not None
            }
            proofs = solver.prove_whole(plan, [*rows.values()]) if rows else []
            kept = map(without_rest, proofs)
            proven += ((name, *pair) for pair in zip(rows, kept, strict=True))
    facts = _with_graphs(store, None, solver.facts, [proof for *_, proof in proven])
    for name, triple, proof in proven:
        ways = _row_evidence(proof, facts).witnesses
        found[triple] |= dict.fromkeys((name, witness) for witness in ways)
    return {triple: [*ways] for triple, ways in found.items()}


@lru_cache(maxsize=64)
def _heads(rule_text: str) -> list[tuple[Triple, dict[str, Term], Plan]]:
    """Return each triple of a rule's head, its constants, and the plan of its premises."""
    rule = parse_query(rule_text)
    if rule.form != "CONSTRUCT":
        en = f"The rule is {rule.form}: give a CONSTRUCT query."
        raise UsageError(en, f"该规则是 {rule.form}：请给出 CONSTRUCT 查询。")
    found = []
    for head in rule.template:
        items = tuple(Item(name) for name in sorted(variables(head)))
        query = rule._replace(form="SELECT", template=(), items=items, order_by=())
        ends = (head.subject, str(head.predicate), head.object)
        if any(end.startswith("_:") for end in ends):
            continue  # it makes a new node each time: no triple can be asked for
        found.append((head, constants_of(rule.prologue, ends), plan_of(query)))
    return found


def _row_of(plan: Plan, head: Triple, constants: dict[str, Term], triple: ox.Triple) -> Row | None:
    """Return the row of `plan` that makes `head` the triple; None if none does."""
    values = dict(constants)
    terms = (triple.subject, triple.predicate, triple.object)
    for text, term in zip((head.subject, str(head.predicate), head.object), terms, strict=True):
        if values.setdefault(text, term) != term:
            return None
    return tuple(values[column] for column in plan.columns)


def _evidence(store: Asked, plan: Plan, rows: Sequence[Row], *, whole: bool) -> list[RowEvidence]:
    solver = Solver(store, sampled=True, whole=whole)
    proofs = solver.prove_whole(plan, rows)
    facts = _with_graphs(store, _default_graphs(plan), solver.facts, proofs)
    made = {id(proof): _row_evidence(proof, facts) for proof in proofs}
    return [made[id(proof)] for proof in proofs]


def _row_evidence(proof: Proof, facts: dict[int, Fact]) -> RowEvidence:
    cited = tuple(facts[number] for number in sorted(proof.facts))
    lost = [f for f in cited if not f.graphs]
    untraced = proof.untraced.union(without_graph(fact[:3]) for fact in lost)
    return RowEvidence(
        facts=cited,
        witnesses=tuple(frozenset(facts[n] for n in way) for way in proof.ways),
        capped=proof.capped,
        exact=proof.exact and bool(cited) and not lost,
        untraced=tuple(sorted(untraced)),
        searched=tuple(sorted(proof.searched, key=str)),
    )


def _with_graphs(
    store: Asked,
    allowed: frozenset[Term] | None,
    keys: Iterable[FactKey],
    proofs: Iterable[Proof],
) -> dict[int, Fact]:
    """Return the facts of `proofs` by number, each with its graphs, those `allowed` if given."""
    used = frozenset[int]().union(*(proof.facts for proof in proofs))
    keyed = {number: key for number, key in enumerate(keys) if number in used}
    anywhere = dict.fromkeys(key[:3] for key in keyed.values() if key[3] is None)
    graphs = _graphs_of(store, list(anywhere))
    found = {}
    for number, (subject, predicate, obj, graph) in keyed.items():
        held = [graph] if graph else graphs.get((subject, predicate, obj), [])
        if allowed is not None and not graph:
            held = [g for g in held if g in allowed]
        named = sorted((g for g in held if isinstance(g, ox.NamedNode)), key=lambda g: g.value)
        found[number] = Fact(subject, predicate, obj, tuple(named))
    return found


def _graphs_of(store: Asked, triples: list[tuple[Term, ...]]) -> dict[tuple[Term, ...], list[Term]]:
    """Look up the graphs of `triples`; those with blank nodes cannot be asked for."""
    holds = stands_in(store.layout, "?g", "?s ?p ?o")
    askable = [t for t in triples if not any(isinstance(end, ox.BlankNode) for end in t)]
    # A literal is compared here: Virtuoso does not find all that stand in one VALUES.
    literal = [isinstance(triple[2], ox.Literal) for triple in askable]
    whole = [triple for triple, is_literal in zip(askable, literal, strict=True) if not is_literal]
    starts = dict.fromkeys(
        t[:2] for t, is_literal in zip(askable, literal, strict=True) if is_literal
    )
    found: dict[tuple[Term, ...], list[Term]] = {triple: [] for triple in askable}
    named: dict[tuple[Term | None, ...], tuple[Term, ...]] = {t: t for t in askable}
    for names, rows in ((("?s", "?p", "?o"), whole), (("?s", "?p"), [*starts])):
        for batch in batches(rows) if rows else ():
            values = values_of(names, batch)
            for row in store.select(f"SELECT ?s ?p ?o ?g {{ {values} {holds} }}").rows:
                if row[3] is not None and row[:3] in named:
                    found[named[row[:3]]].append(row[3])
    if store.layout is Layout.TRIPLES:
        found |= {t: [unstated_graph(t[0])] for t in askable if not found[t]}
    return found


def _default_graphs(plan: Plan) -> frozenset[Term] | None:
    """Return the graphs that FROM makes the default graph; None where all are."""
    query = plan.query
    if not query.dataset:
        return None
    names = [clause.removeprefix("FROM ") for clause in query.dataset if "FROM NAMED" not in clause]
    return frozenset(constants_of(query.prologue, names).values())
