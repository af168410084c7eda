"""The queries that the tracer asks, written as SPARQL."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

import pyoxigraph as ox

from aidgraph.sparql.tree import Values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aidgraph.answers.trace_plan import Plan
    from aidgraph.store import Term

    Row: TypeAlias = tuple[Term | None, ...]

AnyRow = TypeVar("AnyRow")

BATCH = 1_000
"""Rows of VALUES in one query."""


def select_of(plan: Plan, columns: Sequence[str], pattern: str) -> str:
    """Write a query for `columns` of `pattern`, under the prologue and dataset of `plan`."""
    head = f"{plan.query.prologue} SELECT DISTINCT {' '.join(columns)}"
    return f"{head} {' '.join(plan.query.dataset)} WHERE {{ {pattern} }}"


def values_of(names: Sequence[str], rows: Iterable[Row]) -> str:
    """Write VALUES; what cannot be written (unbound, a blank node) is left open."""
    return str(Values(tuple(names), tuple(tuple(map(_written, row)) for row in rows)))


def _written(term: Term | None) -> str:
    return "UNDEF" if term is None or isinstance(term, ox.BlankNode) else str(term)


def batches(rows: list[AnyRow]) -> Iterator[list[AnyRow]]:
    """Yield `rows` in lists of at most `BATCH`; one empty list if there are none."""
    for start in range(0, max(len(rows), 1), BATCH):
        yield rows[start : start + BATCH]
