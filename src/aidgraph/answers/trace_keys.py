"""Where the keys of the rows stand in a query's WHERE, so that an engine can begin with them.

They stand before the pattern, and again in each branch of a UNION and in each sub-select that
surely binds them: engines that solve such a part by itself would solve it for everything. Joining
VALUES twice changes nothing, since a solution with another value is lost at the first anyway. An
OPTIONAL or MINUS is left alone: what is not found there decides, too.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aidgraph.answers.trace_sparql import values_of
from aidgraph.sparql.tree import (
    Bind,
    Element,
    Group,
    InGraph,
    Minus,
    Optional,
    Query,
    Union,
    Values,
    bound,
    columns_of,
    is_grouped,
    variables,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aidgraph.answers.trace_sparql import Row

_HERE = "\0"  # no query has it
_SLOT = re.compile(rf"VALUES \(([^()]*)\) {{ \({_HERE}[ {_HERE}]*\) }}")


def bound_early(elements: Iterable[Element]) -> frozenset[str]:
    """Return what is bound before any element with it to which it matters what is bound.

    These VALUES may bind before all elements, and leave their meaning as it is.
    """
    names: frozenset[str] = frozenset()
    late: frozenset[str] = frozenset()
    for element in elements:
        if isinstance(element, Optional | Minus | Bind):
            late |= variables(element)
        else:
            names |= bound(element) - late
    return names


def with_slots(elements: tuple[Element, ...], keys: frozenset[str]) -> tuple[Element, ...]:
    """Return the elements of WHERE with places for `keys`, which may be bound early.

    The first stands behind the parameters: engines begin with what comes first, and the
    parameters are one row, where the keys may be a thousand.
    """
    lead = elements[:1] if elements and isinstance(elements[0], Values) else ()
    inside = (_with_slots_inside(element, keys) for element in elements[len(lead) :])
    return (*lead, *_slot(keys), *inside)


def fill_slots(text: str, names: Sequence[str], rows: Sequence[Row]) -> str:
    """Return `text`, which has slots, with those `names` that one has bound by `rows`."""
    place = {name: i for i, name in enumerate(names)}

    def fill(slot: re.Match[str]) -> str:
        wanted = [name for name in slot.group(1).split() if name in place]
        known = dict.fromkeys(tuple(row[place[name]] for name in wanted) for row in rows)
        return values_of(wanted, known) if wanted else ""

    return _SLOT.sub(fill, text)


def without_slot(group: Group) -> Group:
    """Return the pattern of a sub-select without its slot."""
    first, *others = group.elements
    return Group(tuple(others)) if _SLOT.fullmatch(str(first)) else group


def _slot(names: Iterable[str]) -> tuple[Element, ...]:
    ordered = tuple(sorted(names))
    return (Values(ordered, ((_HERE,) * len(ordered),)),) if ordered else ()


def _with_slots_inside(element: Element, keys: frozenset[str]) -> Element:
    match element:
        case Union(branches):
            return Union(tuple(_begin(branch, keys) for branch in branches))
        case Group(elements):
            return Group(tuple(_with_slots_inside(each, keys) for each in elements))
        case InGraph(name, group):
            return InGraph(name, Group(tuple(_with_slots_inside(e, keys) for e in group.elements)))
        case Query(where=Group(elements)) if element.distinct:
            if element.slice or is_grouped(element):
                return element
            early = keys & bound_early(elements) & frozenset(columns_of(element))
            return element._replace(where=Group((*_slot(early), *elements)))
    return element


def _begin(branch: Group, keys: frozenset[str]) -> Group:
    inside = (_with_slots_inside(element, keys) for element in branch.elements)
    return Group((*_slot(keys & bound_early(branch.elements)), *inside))
