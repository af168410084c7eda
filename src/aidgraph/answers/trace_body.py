"""A query's WHERE, rewritten so that one solution of it tells every triple behind a row.

Paths are expanded into triples, blank nodes become variables, each OPTIONAL and UNION branch
ends with `BIND(true AS ?marker)` that tells whether it took part, and plain sub-selects are put in
place. EXISTS stays, to be traced by itself for the values that it is given. What cannot be
rewritten or traced without changing what the query means stays, with a doubt that says so.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from aidgraph.answers.trace_keys import NO_VARIABLES, without_slots
from aidgraph.answers.trace_parts import (
    Absence,
    Body,
    Doubt,
    Given,
    Nested,
    Pattern,
    Walk,
)
from aidgraph.answers.untraced import (
    NESTED_IN_GRAPH,
    exists_inside,
    nested_negation,
    open_exists,
)
from aidgraph.sparql.tree import (
    Bind,
    Element,
    Exists,
    Expression,
    Filter,
    Group,
    InGraph,
    Item,
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
    leaves,
    nodes,
    rename,
    variables,
    visible,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aidgraph.answers.untraced import Untraced


class _Place(NamedTuple):
    """Where an element stands: in which branch and graph."""

    guard: str = ""
    graph: str = ""


def rewrite(group: Group, prefix: str, known: frozenset[str] = NO_VARIABLES) -> Body:
    """Return `group` rewritten; new variables begin with `prefix`, which no other does.

    `known` are terms that triple patterns around EXISTS name, if the group is that of one.
    A walk is free, where no triple pattern names an end of it: then a path of length zero may
    rest on any triple with that node, by SPARQL on none, if the end is a constant; but Oxigraph
    wants the node to be there.
    """
    rewriter = _Rewriter(visible(group), prefix)
    body = rewriter.body
    body.text = rewriter.elements(group.elements, _Place())
    named = partial(_named_at, [*body.patterns], [*body.nested], known)
    body.walks = [
        walk._replace(free=named(walk.guard).isdisjoint(walk.ends[:2])) for walk in body.walks
    ]
    body.nested = [
        each._replace(given=each.given._replace(known=named(each.guard))) if each.given else each
        for each in body.nested
    ]
    return body


def _named_at(
    patterns: list[Pattern], nested: list[Nested], known: frozenset[str], guard: str
) -> frozenset[str]:
    """Return the terms that triple patterns name, where `guard` takes part, and the `known`."""
    named = {term for p in patterns if p.guard in ("", guard) for term in p.ends}
    for each in nested:
        named.update(_named(each.query.where) if each.given else columns_of(each.query))
    return known.union(named)


def _named(group: Group | None) -> frozenset[str]:
    """Return the terms that plain triple patterns of EXISTS name."""
    triples = [e for e in group.elements if isinstance(e, Triple)] if group else []
    plain = [triple for triple in triples if isinstance(triple.predicate, str)]
    return frozenset(term for triple in plain for term in leaves(triple))


class _Rewriter:
    """Writes the text of a body while it notes what to read."""

    def __init__(self, visible_names: frozenset[str], prefix: str) -> None:
        self.body = Body()
        self._prefix = prefix
        self._count = 0
        self._blanks: dict[str, str] = {}
        self._visible = visible_names

    def elements(
        self, elements: tuple[Element, ...], at: _Place, outer: frozenset[str] = NO_VARIABLES
    ) -> str:
        """Return the text of a group's elements; those around it surely bind `outer`."""
        sure = outer | bound(Group(elements))
        return " ".join(self._element(element, at, sure) for element in elements)

    # Names

    def _fresh(self) -> str:
        name = f"?{self._prefix}{self._count}"
        self._count += 1
        self.body.names[name] = None
        return name

    def _node(self, term: str) -> str:
        """Return `term`, noted if it is a variable, replaced by one if it is a blank node."""
        if term.startswith("_:"):
            if term not in self._blanks:
                self._blanks[term] = self._fresh()
            return self._blanks[term]
        if term.startswith("?"):
            self.body.names[term] = None
        return term

    def _doubt(self, at: _Place, reason: Untraced) -> None:
        self.body.doubts.append(Doubt(at.guard, reason))

    # Elements

    def _element(self, element: Element, at: _Place, sure: frozenset[str]) -> str:
        text = str(element)
        match element:
            case Triple(subject, predicate, obj):
                text = self._path(self._node(subject), predicate, self._node(obj), at)
            case Filter() | Bind():
                self._expression(element, at, sure)
            case Group(elements):
                text = f"{{ {self.elements(elements, at)} }}"
            case Optional(group):
                self.body.monotone = False
                text = f"OPTIONAL {self._branch(self._group_writer(group), at)}"
            case Minus(group):
                self._absence(group, at)
            case InGraph(name, group):
                inner = self.elements(group.elements, at._replace(graph=self._node(name)))
                text = f"GRAPH {name} {{ {inner} }}"
            case Union(branches):
                text = self._union([self._group_writer(branch) for branch in branches], at)
            case Query():
                text = self._sub_select(element, at)
        return text

    def _group_writer(self, group: Group) -> Callable[[_Place], str]:
        return lambda place: self.elements(group.elements, place)

    def _branch(self, write: Callable[[_Place], str], at: _Place) -> str:
        marker = self._fresh()
        return f"{{ {write(at._replace(guard=marker))} BIND(true AS {marker}) }}"

    def _union(self, branches: list[Callable[[_Place], str]], at: _Place) -> str:
        return " UNION ".join(self._branch(write, at) for write in branches)

    def _expression(self, element: Filter | Bind, at: _Place, sure: frozenset[str]) -> None:
        """Note what an expression that stays as it is rests on beside its variables."""
        exists = [node for node in nodes(element) if isinstance(node, Exists)]
        if not exists:
            return
        sole = _sole_exists(element)
        if sole and sole.negated:
            self._absence(sole.group, at)
        elif sole:
            self._exists(sole, at, sure)
        else:
            self.body.monotone = False
            self._doubt(at, exists_inside(element))

    def _absence(self, group: Group, at: _Place) -> None:
        names = tuple(sorted(variables(group) & self._visible))
        self.body.names |= dict.fromkeys(names)
        self.body.absences.append(Absence(at.guard, str(group), names))
        self.body.monotone = False
        if not _is_monotone(group):
            self._doubt(at, nested_negation(group))

    def _exists(self, exists: Exists, at: _Place, sure: frozenset[str]) -> None:
        """Note what EXISTS is to be traced with: what it shares, if that is always bound.

        Its values stand before its pattern, which finds the same as putting them into it does.
        """
        shared = variables(exists.group) & self._visible
        if not shared <= sure or not _is_joinable(exists.group):
            self._doubt(at, open_exists(exists))
            return
        where = Group((InGraph(at.graph, exists.group),)) if at.graph else exists.group
        names = tuple(sorted(shared | variables(at.graph)))
        self.body.nested.append(Nested(at.guard, Query("ASK", where), Given(names)))
        self.body.names |= dict.fromkeys(names)

    # Sub-selects

    def _sub_select(self, query: Query, at: _Place) -> str:
        if not (query.distinct or query.slice or is_grouped(query)):
            return self._in_place(query, at)
        if at.graph.startswith("?"):
            self._doubt(at, NESTED_IN_GRAPH)
        else:
            inner = without_slots(query)
            if at.graph and inner.where:
                inner = inner._replace(where=Group((InGraph(at.graph, inner.where),)))
            self.body.nested.append(Nested(at.guard, inner))
            self.body.names |= dict.fromkeys(columns_of(query))
        return f"{{ {query} }}"

    def _in_place(self, query: Query, at: _Place) -> str:
        """Write a plain sub-select as a group, with what it hides renamed."""
        own = variables(query) - frozenset(columns_of(query))
        names = {name: self._fresh() for name in sorted(own)}
        group = rename(Group(with_columns(query)), names)
        self._visible |= visible(group)
        return f"{{ {self.elements(group.elements, at)} }}"

    # Paths

    def _path(self, start: str, path: str | Path, end: str, at: _Place) -> str:
        if isinstance(path, str):
            self.body.patterns.append(Pattern(at.guard, (start, self._node(path), end), at.graph))
            return f"{start} {path} {end} ."
        match path.kind:
            case "^":
                return self._path(end, path.parts[0], start, at)
            case "/":
                stops = [start, *(self._fresh() for _ in path.parts[1:]), end]
                steps = zip(stops, path.parts, stops[1:], strict=False)
                return " ".join(self._path(a, part, b, at) for a, part, b in steps)
            case "|":
                return self._choice(start, path, end, at)
            case "!":
                return self._negated(start, path, end, at)
            case _:
                return self._walk(start, path, end, at)

    def _choice(self, start: str, path: Path, end: str, at: _Place) -> str:
        links = [part for part in path.parts if isinstance(part, str)]
        if len(links) == len(path.parts):
            return self._link(start, end, f"IN ({', '.join(links)})", at)
        return self._union([self._path_writer(start, part, end) for part in path.parts], at)

    def _path_writer(self, start: str, path: str | Path, end: str) -> Callable[[_Place], str]:
        return lambda place: self._path(start, path, end, place)

    def _link(self, start: str, end: str, test: str, at: _Place) -> str:
        # A filter, as VALUES was 60 times slower over 10^6 triples (pyoxigraph 0.5.13).
        link = self._fresh()
        return f"{self._path(start, link, end, at)} FILTER({link} {test})"

    def _negated(self, start: str, path: Path, end: str, at: _Place) -> str:
        ahead = [part for part in path.parts if isinstance(part, str)]
        back = [str(part.parts[0]) for part in path.parts if isinstance(part, Path)]
        tests = [f"NOT IN ({', '.join(links)})" for links in (ahead, back)]
        if not back:
            return self._link(start, end, tests[0], at)
        if not ahead:
            return self._link(end, start, tests[1], at)
        return self._union(
            [
                lambda place: self._link(start, end, tests[0], place),
                lambda place: self._link(end, start, tests[1], place),
            ],
            at,
        )

    def _walk(self, start: str, path: Path, end: str, at: _Place) -> str:
        pattern: Element = Triple("?from", path.parts[0], "?to")
        ends: tuple[str, ...] = (start, end)
        items = (Item("?from"), Item("?to"), Item("?graph"))
        if at.graph:
            pattern, ends = InGraph("?graph", Group((pattern,))), (start, end, at.graph)
        step = Query("SELECT", Group((pattern,)), distinct="DISTINCT", items=items[: len(ends)])
        self.body.walks.append(Walk(at.guard, ends, path.kind, step))
        return f"{start} {path} {end} ."


def with_columns(query: Query) -> tuple[Element, ...]:
    """Return the elements of WHERE, then the columns that are computed, then VALUES."""
    computed = (Bind(i.expression, i.variable) for i in query.items if i.expression)
    elements = query.where.elements if query.where else ()
    return (*elements, *computed, *([query.values] if query.values else []))


def _sole_exists(element: Element) -> Exists | None:
    """Return the EXISTS that is all there is to a FILTER, brackets aside."""
    if not isinstance(element, Filter):
        return None
    parts = element.condition.parts
    exists = [part for part in parts if isinstance(part, Exists)]
    around = "".join(part for part in parts if isinstance(part, str))
    return exists[0] if len(exists) == 1 and not around.strip("() \t\r\n") else None


def _is_joinable(group: Group, *, inner: bool = False) -> bool:
    """Say whether joining `group` finds what EXISTS finds by putting values into it.

    Only a FILTER in an inner group could tell the two apart, by a variable from outside.
    """
    for element in group.elements:
        match element:
            case Triple() | Values():
                fits = True
            case Filter():
                fits = not inner or variables(element) <= bound(group)
            case Group():
                fits = _is_joinable(element, inner=True)
            case Union(branches):
                fits = all(_is_joinable(branch, inner=True) for branch in branches)
            case InGraph(group=within):
                fits = _is_joinable(within, inner=True)
            case _:
                fits = False
        if not fits:
            return False
    return True


def _is_monotone(group: Group) -> bool:
    """Say whether more facts can only give more solutions."""
    for node in nodes(group):
        match node:
            case Optional() | Minus() | Exists(negated=True):
                return False
            case Query() if node.slice or is_grouped(node):
                return False
            case Expression(parts=parts) if len(parts) > 1 and any(
                isinstance(part, Exists) for part in parts
            ):
                return False
    return True
