"""How a query is to be traced: its rewritten WHERE, and how its rows relate to solutions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.answers.trace_body import rewrite, with_columns
from aidgraph.answers.trace_keys import bound_early, with_slots
from aidgraph.answers.trace_parts import NOTHING_GIVEN, Given
from aidgraph.answers.untraced import chance, cut
from aidgraph.errors import UsageError
from aidgraph.sparql.parser import parse_query
from aidgraph.sparql.tree import (
    Bind,
    Element,
    Expression,
    Group,
    Item,
    Query,
    aggregations,
    bound,
    columns_of,
    is_grouped,
    nodes,
    variables,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aidgraph.answers.trace_parts import Body
    from aidgraph.answers.untraced import Untraced
    from aidgraph.store import Term

_CHANCE = frozenset({"RAND", "UUID", "STRUUID", "NOW", "BNODE"})
_BY_MULTIPLICITY = frozenset({"COUNT", "SUM", "AVG", "GROUP_CONCAT"})


@dataclass(frozen=True)
class Plan:
    """A query, ready to be traced.

    Attributes:
        query: with the prologue and dataset that it is asked under.
        body: its WHERE, rewritten.
        columns: the variables of its rows.
        keys: the variables that tell its rows, or its groups, apart.
        early: the keys that VALUES may bind before the body and leave its meaning as it is.
        members: of a grouped query, the variables that tell a group's members apart.
        widened: the query that adds the keys to the columns; empty where these have them all.
        exact: whether a row must fall when all its facts are taken away.
        doubts: what cannot be traced of any row.
        constants: the terms of the constants in patterns and walks, by their text.
        steps: the plans of the walks' steps, in the order of `body.walks`.
        inner: the plans of the sub-selects, in the order of `body.nested`.
    """

    query: Query
    body: Body
    columns: tuple[str, ...]
    keys: tuple[str, ...]
    early: frozenset[str]
    members: tuple[str, ...] | None
    widened: str
    exact: bool
    doubts: tuple[Untraced, ...]
    constants: dict[str, Term]
    steps: tuple[Plan, ...]
    inner: tuple[Plan, ...]


@lru_cache(maxsize=256)
def plan_of_text(text: str) -> Plan:
    """Return the plan of a SELECT or ASK query. Raises as `parse_query` does.

    Raises:
        UsageError: the query is not a SELECT or ASK, or a term in it is not one.
    """
    query = parse_query(text)
    if query.form not in ("SELECT", "ASK"):
        en = f"A {query.form} has no rows to trace: give a SELECT or ASK query."
        raise UsageError(en, f"{query.form} 没有可追溯的行：请给出 SELECT 或 ASK 查询。")
    return plan_of(query)


def plan_of(query: Query, given: Given = NOTHING_GIVEN) -> Plan:
    """Return the plan of `query`, which has a WHERE; the rows of an ASK are what it is `given`.

    Raises:
        UsageError: a term is not one.
    """
    prefix = _unused(str(query))
    grouped = is_grouped(query)
    columns = columns_of(query) if query.form == "SELECT" else given.names
    keys = _group_keys(query, prefix) if grouped else _row_keys(query, columns)
    elements = _with_keys(query, keys) if grouped else with_columns(query)
    names = tuple(key.variable for key in keys)
    early = bound_early(elements) & frozenset(names) | frozenset(given.names)
    body = rewrite(Group(with_slots(elements, early)), f"{prefix}_", given.known)
    body.names |= dict.fromkeys(names)
    hidden = [key for key in keys if key.variable not in _plain_columns(query, columns)]
    widened = _widened(query, hidden) if grouped and hidden else ""
    return Plan(
        query=query,
        body=body,
        columns=columns,
        keys=names,
        early=early,
        members=_members(query, body, names) if grouped else None,
        widened=widened,
        exact=body.monotone and not query.slice and not widened and _has_plain_inner(body),
        doubts=_doubts(query),
        constants=_constants(query.prologue, body),
        steps=tuple(plan_of(_under(query, walk.step)) for walk in body.walks),
        inner=tuple(
            plan_of(_under(query, nested.query), nested.given or NOTHING_GIVEN)
            for nested in body.nested
        ),
    )


def _under(outer: Query, inner: Query) -> Query:
    return inner._replace(prologue=outer.prologue, dataset=outer.dataset)


def _unused(text: str) -> str:
    prefix = "why"
    while prefix in text:
        prefix += "y"
    return prefix


def _row_keys(query: Query, columns: tuple[str, ...]) -> tuple[Item, ...]:
    """Return the columns that come out the same each time."""
    chance = {i.variable for i in query.items if i.expression and _is_chance(i.expression)}
    return tuple(Item(column) for column in columns if column not in chance)


def _group_keys(query: Query, prefix: str) -> tuple[Item, ...]:
    """Return the keys of GROUP BY, each with a variable."""
    named = enumerate(query.group_by)
    return tuple(
        key if key.variable else key._replace(variable=f"?{prefix}k{i}") for i, key in named
    )


def _with_keys(query: Query, keys: tuple[Item, ...]) -> tuple[Element, ...]:
    computed = (Bind(key.expression, key.variable) for key in keys if key.expression)
    return (*(query.where.elements if query.where else ()), *computed)


def _plain_columns(query: Query, columns: tuple[str, ...]) -> frozenset[str]:
    """Return the columns that are variables of the pattern."""
    return frozenset(columns) - {item.variable for item in query.items if item.expression}


def _widened(query: Query, hidden: list[Item]) -> str:
    """Write `query` with the `hidden` keys after its columns, all rows in any order."""
    known = {key.variable for key in query.group_by}
    added = tuple(key for key in hidden if key.variable not in known)
    wider = query._replace(
        form="SELECT",
        distinct="",
        items=(*query.items, *(Item(key.variable) for key in hidden)),
        group_by=(*query.group_by, *added),
        order_by=(),
        slice="",
    )
    return str(wider)


def _members(query: Query, body: Body, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return what tells members apart: what is aggregated, if doubles do not matter; else all."""
    used = aggregations(query)
    words = [word for expression in used for word in expression.words]
    doubling = sum(word in _BY_MULTIPLICITY for word in words)
    text = "".join(str(expression) for expression in used)
    names = variables(used) & body.names.keys()
    if doubling <= words.count("DISTINCT") and "*" not in text and names == variables(used):
        return tuple(sorted(names))
    return tuple(name for name in body.names if name not in keys)


def _has_plain_inner(body: Body) -> bool:
    """Say whether no sub-select counts, cuts, or leaves a column unbound."""
    inner = [nested.query for nested in body.nested if not nested.given]
    return all(
        not is_grouped(query) and not query.slice and bound(query) >= frozenset(columns_of(query))
        for query in inner
    )


def _doubts(query: Query) -> tuple[Untraced, ...]:
    expressions = [node for node in nodes(query) if isinstance(node, Expression)]
    found = [chance(e) for e in expressions if _is_chance(e)]
    if query.slice:
        found.append(cut(query.slice))
    return tuple(found)


def _is_chance(expression: Expression) -> bool:
    return not _CHANCE.isdisjoint(expression.words)


def _constants(prologue: str, body: Body) -> dict[str, Term]:
    used = [text for pattern in body.patterns for text in (*pattern.ends, pattern.graph)]
    used += [text for walk in body.walks for text in walk.ends]
    return constants_of(prologue, used)


def constants_of(prologue: str, texts: Iterable[str]) -> dict[str, Term]:
    """Return the terms of those `texts` that are IRIs or literals, under `prologue`.

    They are read as Turtle, which writes terms as SPARQL does.

    Raises:
        UsageError: one is not a term.
    """
    wanted = [text for text in dict.fromkeys(texts) if text and not text.startswith(("?", "_:"))]
    if not wanted:
        return {}
    document = prologue + "".join(f" <urn:x> <urn:x> {text} ." for text in wanted)
    try:
        quads = list(ox.parse(document.encode(), format=ox.RdfFormat.TURTLE))
    except (SyntaxError, ValueError) as error:
        en = f"A term of the query cannot be read: {error}."
        raise UsageError(en, f"查询中有一个项无法读取：{error}。") from error
    return {text: quad.object for text, quad in zip(wanted, quads, strict=True)}
