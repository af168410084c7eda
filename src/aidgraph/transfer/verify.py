"""Whether what stands in a store is what was sent."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from aidgraph.errors import DifferenceError
from aidgraph.terms import curie
from aidgraph.transfer.merged import split_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aidgraph.transfer.content import Content
    from aidgraph.transfer.delta import Delta

_SHOWN = 2


class Outcome(NamedTuple):
    """How a load ended: lines sent, and the SHA-256 of what came back ("" if only counted)."""

    sent: int
    found_hash: str


def count_lines(content: Content) -> Counter[str]:
    """Return how many quads each graph of the content has."""
    return Counter(split_line(line)[1] for line in content.lines())


def check_counts(content: Content, found: Mapping[str, int], sent: int, *, adds: bool) -> Outcome:
    """Compare the number of triples in each graph; with `adds` more may stand there.

    Raises:
        DifferenceError: a graph has another number; the text names some.
    """
    expected = count_lines(content)
    names = expected.keys() if adds else expected.keys() | found.keys()
    wrong = [
        f"{curie(name)} {found.get(name, 0):,} ≠ {expected[name]:,}"
        for name in sorted(names)
        if found.get(name, 0) < expected[name] or (not adds and found.get(name, 0) > expected[name])
    ]
    if wrong:
        shown = "; ".join(wrong[:_SHOWN])
        en = f"{len(wrong):,} graphs have other numbers of triples: {shown}. Load again."
        raise DifferenceError(en, f"{len(wrong):,} 个图的三元组数不符：{shown}。请重新加载。")
    return Outcome(sent, "")


def describe_delta(delta: Delta, target: str) -> DifferenceError:
    """Return what is raised where `target` does not hold what was sent, with examples."""
    missing, extra = delta.inserts.number + len(delta.blank), delta.deletes.number
    lines = [*islice(delta.inserts.lines(), _SHOWN), *islice(delta.deletes.lines(), _SHOWN)]
    shown = " ".join(line.decode().strip()[:200] for line in [*lines, *delta.blank][:_SHOWN])
    return DifferenceError(
        f"{target} does not hold what was sent: {missing:,} quads are missing, {extra:,} too many, "
        f"such as {shown} Load again; if it stays so, the store changes what it is given.",
        f"{target} 所存与所发不符：缺 {missing:,} 条，多 {extra:,} 条，"
        f"如 {shown} 请重新加载；若仍如此，则是该存储改动了所收内容。",
    )
