"""What a row rests on, as sets of facts: each way of a proof suffices alone.

A fact is a number here; `aidgraph.answers.trace` knows its triple.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from aidgraph.answers.untraced import Untraced

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aidgraph.store import Term

_Member = TypeVar("_Member")

MAX_WAYS = 32
"""Ways kept of one proof; of more, the facts are kept but not how they combine."""


class Search(NamedTuple):
    """A pattern that was searched, with these bindings, and not found."""

    pattern: str
    bindings: tuple[tuple[str, Term], ...]


class Proof(NamedTuple):
    """Ways to a row, none contained in another; no way at all means that none was found.

    Attributes:
        ways: the ways, at most `MAX_WAYS`.
        facts: the facts of all ways, also of those left out.
        capped: whether ways were left out.
        exact: whether the row falls when all `facts` are taken away.
        untraced: what else the row may rest on.
        searched: what was searched and not found.
    """

    ways: tuple[frozenset[int], ...]
    facts: frozenset[int]
    capped: bool = False
    exact: bool = True
    untraced: frozenset[Untraced] = frozenset()
    searched: frozenset[Search] = frozenset()


NOTHING_NEEDED = Proof((frozenset(),), frozenset())


def fact_proof(facts: frozenset[int]) -> Proof:
    """Return the proof that needs all `facts`."""
    return Proof((facts,), facts)


def any_of(proofs: Sequence[Proof]) -> Proof:
    """Return the proof of which each of `proofs` is a way."""
    if len(proofs) == 1:
        return proofs[0]
    ways = minimal(way for proof in proofs for way in proof.ways)
    return _combined(proofs, ways, capped=False)


def all_of(proofs: Sequence[Proof]) -> Proof:
    """Return the proof that needs all `proofs`; without any, nothing."""
    if len(proofs) == 1:
        return proofs[0]
    settled = (proof.ways[0] for proof in proofs if len(proof.ways) == 1)
    ways, capped = [frozenset[int]().union(*settled)], False
    for proof in proofs:
        if len(proof.ways) == 1:
            continue
        ways = minimal(way | more for way in ways for more in proof.ways)
        capped = capped or len(ways) > MAX_WAYS
        ways = ways[:MAX_WAYS]
    return _combined(proofs, ways, capped=capped)


def _combined(proofs: Sequence[Proof], ways: list[frozenset[int]], *, capped: bool) -> Proof:
    capped = capped or any(proof.capped for proof in proofs)
    known = (proof.facts for proof in proofs) if capped else ways
    return Proof(
        tuple(ways[:MAX_WAYS]),
        frozenset[int]().union(*known),
        capped or len(ways) > MAX_WAYS,
        all(proof.exact for proof in proofs),
        frozenset[Untraced]().union(*(proof.untraced for proof in proofs)),
        frozenset[Search]().union(*(proof.searched for proof in proofs)),
    )


def without_rest(proof: Proof) -> Proof:
    """Return `proof` with no facts but those of the ways that it has."""
    return proof._replace(facts=frozenset[int]().union(*proof.ways))


def without_implied(proof: Proof, implied_by: Mapping[int, int]) -> Proof:
    """Return `proof` less each fact of a way that another fact of the way implies."""
    implied = ({implied_by[f] for f in way if f in implied_by} for way in proof.ways)
    ways = minimal(way - less for way, less in zip(proof.ways, implied, strict=True))
    facts = proof.facts if proof.capped else frozenset[int]().union(*ways)
    return proof._replace(ways=tuple(ways), facts=facts)


def noted(
    proof: Proof,
    untraced: Iterable[Untraced] = (),
    searched: Iterable[Search] = (),
    *,
    exact: bool = True,
) -> Proof:
    """Return `proof` with more said about it; `exact` False takes that claim back."""
    return proof._replace(
        exact=proof.exact and exact,
        untraced=proof.untraced.union(untraced),
        searched=proof.searched.union(searched),
    )


def minimal(ways: Iterable[frozenset[_Member]]) -> list[frozenset[_Member]]:
    """Return the ways that contain no other, shorter ones first."""
    given = sorted(dict.fromkeys(ways), key=len)
    if not given or not given[0]:
        return given[:1]
    if len(given[0]) == len(given[-1]):
        return given
    number = Counter(member for way in given for member in way)
    kept: list[frozenset[_Member]] = []
    by_rarest: dict[_Member, list[frozenset[_Member]]] = {}  # one that all have finds them all
    for way in given:
        if any(less <= way for member in way for less in by_rarest.get(member, ())):
            continue
        kept.append(way)
        by_rarest.setdefault(min(way, key=number.__getitem__), []).append(way)
    return kept
