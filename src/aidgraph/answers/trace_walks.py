"""Paths of any length: which steps a walk from one end to the other rests on."""

from __future__ import annotations

from collections import defaultdict, deque
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from aidgraph.answers.trace_proof import MAX_WAYS, NOTHING_NEEDED, Proof, all_of, any_of, noted
from aidgraph.answers.untraced import too_many_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aidgraph.store import Term

    Node: TypeAlias = tuple[Term | None, ...]
    """A term, and the graph that the walk stays in, if any."""
    Edge: TypeAlias = tuple[Node, Node]
    Ask: TypeAlias = Callable[[str, set[Node]], set[Edge]]
    """Gives the steps with one of these nodes at the side `?from` or `?to`."""

MAX_EDGES = 20_000
_MAX_TRIED = 2_000


def walk_proofs(
    pairs: Iterable[Edge], kind: str, ask: Ask, prove: Callable[[list[Edge]], list[Proof]]
) -> dict[Edge, Proof]:
    """Return the proof of each of `pairs`: one way for each walk that visits no node twice.

    Args:
        pairs: the ends of walks that are known to exist.
        kind: `*`, `+` or `?`.
        ask: finds steps.
        prove: proves steps.
    """
    found = {pair: noted(NOTHING_NEEDED, exact=False) for pair in pairs if _is_empty(pair, kind)}
    longer = [pair for pair in dict.fromkeys(pairs) if pair not in found]
    edges = _edges(longer, kind, ask)
    ahead, back = _neighbours(edges), _neighbours((b, a) for a, b in edges)
    walks = {pair: _walks(pair, kind, ahead, back) for pair in longer}
    needed = list(dict.fromkeys(edge for _, steps, _ in walks.values() for edge in steps))
    proofs = dict(zip(needed, prove(needed), strict=True))
    cut = [too_many_steps(MAX_EDGES)] if len(edges) > MAX_EDGES else []
    for pair, (ways, steps, complete) in walks.items():
        proof = any_of([all_of([proofs[edge] for edge in way]) for way in ways])
        if not complete:
            facts = frozenset[int]().union(*(proofs[edge].facts for edge in steps))
            proof = proof._replace(facts=facts, capped=True)
        found[pair] = noted(proof, cut)
    return found


def _is_empty(pair: Edge, kind: str) -> bool:
    return kind in "*?" and pair[0] == pair[1]


def _edges(pairs: list[Edge], kind: str, ask: Ask) -> set[Edge]:
    """Return the steps between the ends: the side with fewer nodes goes on, breadth first.

    Once either side has no new nodes, all walks between the ends are among the steps.
    """
    sides = ({pair[0] for pair in pairs}, {pair[1] for pair in pairs})
    if kind == "?":
        return ask("?from", sides[0]) if pairs else set()
    edges: set[Edge] = set()
    seen = (set(sides[0]), set(sides[1]))
    while all(sides) and len(edges) <= MAX_EDGES:
        side = 0 if len(sides[0]) <= len(sides[1]) else 1
        new = ask(("?from", "?to")[side], sides[side])
        edges |= new
        reached = {edge[1 - side] for edge in new} - seen[side]
        seen[side].update(reached)
        sides = (reached, sides[1]) if side == 0 else (sides[0], reached)
    return edges


def _neighbours(edges: Iterable[Edge]) -> dict[Node, list[Node]]:
    found: dict[Node, list[Node]] = defaultdict(list)
    for start, end in edges:
        found[start].append(end)
    return found


def _walks(
    pair: Edge, kind: str, ahead: dict[Node, list[Node]], back: dict[Node, list[Node]]
) -> tuple[list[list[Edge]], list[Edge], bool]:
    """Return the walks between a pair, short ones first; steps to prove; whether that is all.

    Where there are too many walks, the steps are those of any walk.
    """
    start, end = pair
    useful = _reached(end, back)
    ways: list[list[Edge]] = []
    queue, tried = deque([[start]]), 0
    while queue and len(ways) <= MAX_WAYS and tried < _MAX_TRIED:
        trail = queue.popleft()
        tried += 1
        for node in ahead.get(trail[-1], ()):
            if node == end:
                ways.append(list(pairwise([*trail, node])))
            elif kind != "?" and node in useful and node not in trail:
                queue.append([*trail, node])
    if not queue and len(ways) <= MAX_WAYS:
        return ways, [edge for way in ways for edge in way], True
    forward = _reached(start, ahead)
    around = [(a, b) for a in forward for b in ahead.get(a, ()) if b in useful]
    return ways[:MAX_WAYS] or [_shortest(start, end, ahead)], around, False


def _shortest(start: Node, end: Node, ahead: dict[Node, list[Node]]) -> list[Edge]:
    """Return one shortest walk between two nodes that some walk joins."""
    before: dict[Node, Node] = {}
    queue = deque([start])
    while end not in before:
        at = queue.popleft()
        for node in ahead.get(at, ()):
            if node not in before:
                before[node] = at
                queue.append(node)
    way = [(before[end], end)]
    while way[0][0] != start:
        way.insert(0, (before[way[0][0]], way[0][0]))
    return way


def _reached(start: Node, neighbours: dict[Node, list[Node]]) -> set[Node]:
    seen, queue = {start}, [start]
    while queue:
        for node in neighbours.get(queue.pop(), ()):
            if node not in seen:
                seen.add(node)
                queue.append(node)
    return seen
