"""Where the keys of the rows stand in a query's WHERE, so that an engine can begin with them.

They stand before the pattern, and again in each branch of a UNION and in each sub-select that
surely binds them: engines that solve such a part by itself would solve it for everything. Joining
VALUES twice changes nothing, since a solution with another value is lost at the first anyway. In an
OPTIONAL this holds of what is surely bound before it: a solution with another value does not fit.
MINUS is left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from aidgraph.answers.trace_sparql import values_of
from aidgraph.sparql.tree import (
    Bind,
    Element,
    Group,
    InGraph,
    Minus,
    Optional,
    Path,
    Query,
    Triple,
    Union,
    Values,
    bound,
    columns_of,
    is_grouped,
    variables,
    with_parts,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aidgraph.answers.trace_sparql import Row
    from aidgraph.sparql.tree import AnyNode

NO_VARIABLES: frozenset[str] = frozenset()
_HERE, _AGAIN = "\0", "\1"  # no query has them
_SLOT = re.compile(rf"VALUES \(([^()]*)\) {{ \(([{_HERE}{_AGAIN}])[ {_HERE}{_AGAIN}]*\) }}")


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
    return (*lead, *_slot(keys, _HERE), *_all_inside(elements[len(lead) :], keys, keys))


def fill_slots(text: str, names: Sequence[str], rows: Sequence[Row]) -> str:
    """Return `text`, which has slots, with those `names` that one has bound by `rows`."""
    place = {name: i for i, name in enumerate(names)}

    def fill(slot: re.Match[str]) -> str:
        wanted = [name for name in slot.group(1).split() if name in place]
        known = dict.fromkeys(tuple(row[place[name]] for name in wanted) for row in rows)
        values = values_of(wanted, known) if wanted else ""
        # The comment tells those that may be left out (`store.virtuoso`).
        return values if slot.group(2) == _HERE else values.replace(" (", " #again\n(", 1)

    return _SLOT.sub(fill, text)


def without_slots(node: AnyNode) -> AnyNode:
    """Return `node` without the slots in it, at any depth."""
    cleared: object = with_parts(node, without_slots)
    if isinstance(cleared, Group):
        kept = (each for each in cleared.elements if not _SLOT.fullmatch(str(each)))
        cleared = Group(tuple(kept))
    return cast("AnyNode", cleared)


def _slot(names: Iterable[str], sign: str) -> tuple[Element, ...]:
    ordered = tuple(sorted(names))
    return (Values(ordered, ((sign,) * len(ordered),)),) if ordered else ()


def _all_inside(
    elements: Iterable[Element], keys: frozenset[str], sure: frozenset[str] = NO_VARIABLES
) -> Iterator[Element]:
    """Yield elements with slots inside; what is around them surely binds `sure` of the keys."""
    so_far = sure
    for element in elements:
        yield _inside(element, keys & so_far if isinstance(element, Optional) else keys)
        so_far |= bound(element)


def _inside(element: Element, keys: frozenset[str]) -> Element:
    found = element
    match element:
        case Triple(subject, Path("|", parts), obj) if any(isinstance(p, Path) for p in parts):
            found = _inside(Union(tuple(Group((Triple(subject, p, obj),)) for p in parts)), keys)
        case Union(branches):
            found = Union(tuple(_begin(branch, keys) for branch in branches))
        case Group():
            found = _within(element, keys)
        case Optional(group):
            found = Optional(_within(group, keys))
        case InGraph(name, group):
            found = InGraph(name, _within(group, keys))
        case Query(where=Group() as where) if element.distinct:
            if not element.slice and not is_grouped(element):
                shown = keys & frozenset(columns_of(element))
                found = element._replace(where=_begin(where, shown))
    return found


def _within(group: Group, keys: frozenset[str]) -> Group:
    return Group(tuple(_all_inside(group.elements, keys)))


def _begin(group: Group, keys: frozenset[str]) -> Group:
    early = keys & bound_early(group.elements)
    return Group((*_slot(early, _AGAIN), *_all_inside(group.elements, keys, early)))
