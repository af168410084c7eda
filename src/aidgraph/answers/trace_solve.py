"""The tracer's first two steps: solve the rewritten WHERE for all rows, and read the triples."""

from __future__ import annotations

from collections import defaultdict
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Protocol, TypeAlias

import pyoxigraph as ox

from aidgraph.answers.trace_keys import fill_slots
from aidgraph.answers.trace_proof import (
    NOTHING_NEEDED,
    Proof,
    Search,
    all_of,
    any_of,
    fact_proof,
    noted,
    without_implied,
)
from aidgraph.answers.trace_sparql import batches, select_of
from aidgraph.answers.trace_walks import walk_proofs
from aidgraph.answers.untraced import CUT_GROUP, CUT_ROW, FREE_START, NOT_FOUND, sampled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from aidgraph.answers.trace_plan import Plan
    from aidgraph.answers.trace_sparql import Row
    from aidgraph.answers.trace_walks import Edge, Node
    from aidgraph.answers.untraced import Untraced
    from aidgraph.store import Layout, Solutions, Term

    FactKey: TypeAlias = tuple[Term, Term, Term, Term | None]
    """A triple and the graph that it has to stand in, None for any."""

MAX_SOLUTIONS = 10_000
"""Solutions read of one query; rows that need more are marked."""
MAX_TOGETHER = 2_000
"""Solutions read of a whole table, or of a group; where there are more, each has a sample."""
SAMPLE = 100
"""Solutions read of a group where all are too many."""


class Asked(Protocol):
    """A store, as far as the tracer asks it."""

    @property
    def layout(self) -> Layout:
        """How the dataset lies in the store."""

    def select(self, text: str) -> Solutions:
        """Return the rows of a SELECT query over the union of all graphs."""


class Solver:
    """Proves rows; numbers the facts that it meets."""

    def __init__(self, store: Asked, *, sampled: bool = False, whole: bool = False) -> None:
        """Ask `store`: for a sample of solutions, if `sampled`; for all, if `whole`."""
        self._store = store
        self._sampled = sampled
        self._whole = whole
        self.facts: dict[FactKey, int] = {}

    def prove(self, plan: Plan, rows: Sequence[Row]) -> list[Proof]:
        """Return the proof of each of `rows`, whose terms stand as in `plan.columns`."""
        keys_of = self._keys_of(plan, rows)
        keys = list(dict.fromkeys(key for row in rows for key in keys_of(row)))
        solutions, cut = self._solve(plan, keys)
        flat = [solution for key in keys for solution in solutions[key]]
        grounded = iter(self._ground(plan, flat))
        proofs = {}
        for key in keys:
            found = [next(grounded) for _ in solutions[key]]
            proofs[key] = _key_proof(plan, solutions[key], found, cut.get(key))
        rows_proofs = {row: any_of([proofs[key] for key in keys_of(row)]) for row in set(rows)}
        finished = {row: _finished(plan, proof) for row, proof in rows_proofs.items()}
        return [finished[row] for row in rows]

    def prove_whole(self, plan: Plan, rows: Sequence[Row]) -> list[Proof]:
        """Do as `prove`, and leave out “in any graph” where “in this graph” is needed too."""
        proofs = self.prove(plan, rows)
        implied = {
            n: self.facts.get((*key[:3], None), -1) for key, n in self.facts.items() if key[3]
        }
        if not implied:
            return proofs
        made = {id(proof): without_implied(proof, implied) for proof in proofs}
        return [made[id(proof)] for proof in proofs]

    def _keys_of(self, plan: Plan, rows: Sequence[Row]) -> Callable[[Row], list[Row]]:
        """Return what gives a row's keys: one, or those of all groups that look like it."""
        if not plan.widened:
            places = [plan.columns.index(key) for key in plan.keys]
            return lambda row: [tuple(row[place] for place in places)]
        wide = self._store.select(plan.widened)
        places = [wide.columns.index(key[1:]) for key in plan.keys]
        groups: dict[Row, list[Row]] = {row: [] for row in rows}
        for row in wide.rows:
            if (shown := row[: len(plan.columns)]) in groups:
                groups[shown].append(tuple(row[place] for place in places))
        return groups.__getitem__

    # Solving

    def _solve(
        self, plan: Plan, keys: list[Row]
    ) -> tuple[dict[Row, list[Row]], dict[Row, Untraced]]:
        """Return the solutions of each key; of the keys that have more, what is left out."""
        found: dict[Row, list[Row]] = defaultdict(list)
        cut: dict[Row, Untraced] = {}
        is_grouped = plan.members is not None
        again = self._read_samples if is_grouped else self._read_lost
        for chunk in batches(keys) if plan.early else [keys]:
            many = self._sampled and (is_grouped or len(chunk) > 1)
            part, has_more = self._read(plan, chunk, MAX_TOGETHER if many else MAX_SOLUTIONS)
            if has_more:
                cut |= again(plan, chunk, part)
            found |= part
        return found, cut

    def _read_lost(
        self, plan: Plan, keys: list[Row], found: dict[Row, list[Row]]
    ) -> dict[Row, Untraced]:
        """Ask alone for each key of which a cut left nothing in `found`; say which are cut."""
        lost = [key for key in keys if plan.early and len(keys) > 1 and key not in found]
        cut = dict.fromkeys(set(keys).difference(lost), CUT_ROW)
        for key in lost:
            part, has_more = self._read(plan, [key], MAX_SOLUTIONS)
            found |= part
            cut |= {key: CUT_ROW} if has_more else {}
        return cut

    def _read_samples(
        self, plan: Plan, keys: list[Row], found: dict[Row, list[Row]]
    ) -> dict[Row, Untraced]:
        """Ask alone for some members of each group; say of how many they are."""
        if not plan.early >= set(plan.keys):  # then no query asks for one group alone
            return dict.fromkeys(keys, CUT_GROUP)
        cut = {}
        for key in keys:
            part, has_more = self._read(plan, [key], SAMPLE)
            found |= part
            if has_more:
                shown = len(set(_members(plan, part[key])))
                cut[key] = sampled(shown, self._count_members(plan, key))
        return cut

    def _count_members(self, plan: Plan, key: Row) -> int | None:
        names = plan.members or plan.keys
        number = max(names, key=len, default="?") + "n"
        pattern = fill_slots(plan.body.text, plan.keys, [key])
        members = f"SELECT DISTINCT {' '.join(names)} WHERE {{ {pattern} }}"
        text = select_of(plan, [f"(COUNT(*) AS {number})"], f"{{ {members} }}")
        (counted,) = self._store.select(text).rows[0]
        return int(counted.value) if isinstance(counted, ox.Literal) else None

    def _read(self, plan: Plan, keys: list[Row], limit: int) -> tuple[dict[Row, list[Row]], bool]:
        """Return the solutions of each of `keys` that has any; whether there are more."""
        places = [list(plan.body.names).index(key) for key in plan.keys]
        found: dict[Row, list[Row]] = {}
        wanted = set(keys)
        text = select_of(
            plan,
            tuple(plan.body.names) or ("(true AS ?why)",),
            fill_slots(plan.body.text, plan.keys, keys),
        )
        rows = self._store.select(text if self._whole else f"{text} LIMIT {limit + 1}").rows
        has_more = len(rows) > limit and not self._whole
        for row in rows[:limit] if has_more else rows:
            if (key := tuple(row[place] for place in places)) in wanted:
                found.setdefault(key, []).append(row[: len(plan.body.names)])
        return found, has_more

    # Reading

    def _ground(self, plan: Plan, solutions: list[Row]) -> list[Proof]:
        """Return the proof of each solution.

        Each is read as a row: its terms, None for “no guard” and “no graph”, the constants.
        """
        texts = (*plan.body.names, "", *plan.constants)
        place = {text: i for i, text in enumerate(texts)}
        rows = [(*solution, None, *plan.constants.values()) for solution in solutions]
        proofs = self._read_facts(plan, rows, place)
        parts = [*self._read_walks(plan, rows, place), *self._read_inner(plan, rows, place)]
        for part in parts:
            proofs = [all_of([p, part[i]]) if i in part else p for i, p in enumerate(proofs)]
        return _with_notes(plan, rows, place, proofs)

    def _read_facts(self, plan: Plan, rows: list[Row], place: dict[str, int]) -> list[Proof]:
        readers = [
            (place[p.guard], itemgetter(*(place[text] for text in (*p.ends, p.graph))))
            for p in plan.body.patterns
        ]
        always, number, proofs = place[""], self.facts, []
        for row in rows:
            met = [read(row) for guard, read in readers if guard == always or row[guard]]
            facts = frozenset([number.setdefault(fact, len(number)) for fact in met])
            proofs.append(fact_proof(facts))
        return proofs

    def _read_walks(
        self, plan: Plan, rows: list[Row], place: dict[str, int]
    ) -> Iterator[dict[int, Proof]]:
        for walk, step in zip(plan.body.walks, plan.steps, strict=True):
            ends: dict[int, Edge] = {}
            for i, row in _taking_part(walk.guard, rows, place):
                start, end, *graph = (row[place[text]] for text in walk.ends)
                ends[i] = ((start, *graph), (end, *graph))
            ask, prove = partial(self._steps, step), partial(self._prove_steps, step)
            proofs = walk_proofs(list(dict.fromkeys(ends.values())), walk.kind, ask, prove)
            if walk.free:
                for pair, proof in proofs.items():
                    if proof.ways == NOTHING_NEEDED.ways:
                        proofs[pair] = noted(proof, [FREE_START])
            yield {i: proofs[pair] for i, pair in ends.items()}

    def _steps(self, step: Plan, side: str, nodes: set[Node]) -> set[Edge]:
        found: set[Edge] = set()
        for chunk in batches(list(nodes)):
            pattern = fill_slots(step.body.text, (side, *step.columns[2:]), chunk)
            text = select_of(step, step.columns, pattern)
            for start, end, *graph in self._store.select(text).rows:
                found.add(((start, *graph), (end, *graph)))
        return found

    def _prove_steps(self, step: Plan, edges: list[Edge]) -> list[Proof]:
        return self.prove(step, [(start[0], *end) for start, end in edges])

    def _read_inner(
        self, plan: Plan, rows: list[Row], place: dict[str, int]
    ) -> Iterator[dict[int, Proof]]:
        for nested, inner in zip(plan.body.nested, plan.inner, strict=True):
            columns = [place[column] for column in inner.columns]
            taking_part = _taking_part(nested.guard, rows, place)
            shown = {i: tuple(row[column] for column in columns) for i, row in taking_part}
            unique = list(dict.fromkeys(shown.values()))
            proofs = dict(zip(unique, self.prove(inner, unique), strict=True))
            yield {i: proofs[row] for i, row in shown.items()}


def _taking_part(guard: str, rows: list[Row], place: dict[str, int]) -> Iterator[tuple[int, Row]]:
    at = place[guard]
    return ((i, row) for i, row in enumerate(rows) if not guard or row[at])


def _with_notes(
    plan: Plan, rows: list[Row], place: dict[str, int], proofs: list[Proof]
) -> list[Proof]:
    """Return `proofs` with what each solution adds in searches and doubts."""
    found = list(proofs)
    for absence in plan.body.absences:
        for i, row in _taking_part(absence.guard, rows, place):
            values = ((name[1:], row[place[name]]) for name in absence.names)
            bindings = tuple((name, value) for name, value in values if value is not None)
            found[i] = noted(found[i], searched=[Search(absence.pattern, bindings)])
    for doubt in plan.body.doubts:
        for i, _ in _taking_part(doubt.guard, rows, place):
            found[i] = noted(found[i], [doubt.reason])
    return found


def _key_proof(
    plan: Plan, solutions: list[Row], proofs: list[Proof], cut: Untraced | None
) -> Proof:
    """Return the proof of a row's key: any solution will do, but a group needs all members.

    `cut` says what was not read.
    """
    if plan.members is None:
        proof = any_of(proofs)
        return noted(proof._replace(capped=True), [cut], exact=False) if cut else proof
    members = _members(plan, solutions)
    ways: dict[Row, list[Proof]] = defaultdict(list)
    for member, proof in zip(members, proofs, strict=True):
        ways[member].append(proof)
    if not members and not plan.keys:
        return noted(NOTHING_NEEDED, searched=[Search(str(plan.query.where), ())], exact=False)
    if not members:
        return any_of([])
    proof = all_of([any_of(each) for each in ways.values()])
    return noted(proof, [cut], exact=False) if cut else proof


def _members(plan: Plan, solutions: list[Row]) -> list[Row]:
    """Return the member of its group that each solution tells of."""
    names = list(plan.body.names)
    places = [names.index(name) for name in plan.members or ()]
    return [tuple(solution[place] for place in places) for solution in solutions]


def _finished(plan: Plan, proof: Proof) -> Proof:
    lost = () if proof.ways else (NOT_FOUND,)
    untraced = proof.untraced.union(plan.doubts, lost)
    exact = plan.exact and proof.exact and not untraced
    return proof._replace(untraced=untraced, exact=exact)
