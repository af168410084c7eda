"""A SPARQL query as a tree; `str` of any node writes it back as SPARQL 1.1.

Terms are the query's own text (`aid:by`, `"x"@en`, `?area`, `_:b`), and so are expressions,
in parts: nothing is understood that need not be, and what is written back is what was read.
A part that is a variable begins with `?`, a blank node with `_:`; no other text does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

AnyNode = TypeVar("AnyNode")


class Path(NamedTuple):
    """A property path: `kind` is one of `/ | ^ ! * + ?`, each of `parts` a predicate or a path."""

    kind: str
    parts: tuple[str | Path, ...]

    def __str__(self) -> str:
        """Write the path so that it can stand anywhere in another."""
        if self.kind in "/|":
            return f"({self.kind.join(map(str, self.parts))})"
        if self.kind == "^":
            return f"(^{self.parts[0]})"
        if self.kind == "!":
            links = (f"^{p.parts[0]}" if isinstance(p, Path) else p for p in self.parts)
            return f"!({'|'.join(links)})"
        return f"({self.parts[0]}){self.kind}"


class Triple(NamedTuple):
    """A triple pattern."""

    subject: str
    predicate: str | Path
    object: str

    def __str__(self) -> str:
        """Write it with its full stop."""
        return f"{self.subject} {self.predicate} {self.object} ."


class Exists(NamedTuple):
    """`EXISTS { … }` in an expression, or `NOT EXISTS`."""

    group: Group
    negated: bool

    def __str__(self) -> str:
        """Write it with its keyword."""
        return f"{'NOT ' if self.negated else ''}EXISTS {self.group}"


class Expression(NamedTuple):
    """An expression: text, variables apart; `words` are its names and keywords, upper case."""

    parts: tuple[str | Exists, ...]
    words: tuple[str, ...]

    def __str__(self) -> str:
        """Write it as it was read."""
        return "".join(map(str, self.parts))


class Filter(NamedTuple):
    """`FILTER condition`."""

    condition: Expression

    def __str__(self) -> str:
        """Write it."""
        return f"FILTER {self.condition}"


class Bind(NamedTuple):
    """`BIND(expression AS ?variable)`."""

    expression: Expression
    variable: str

    def __str__(self) -> str:
        """Write it."""
        return f"BIND({self.expression} AS {self.variable})"


class Values(NamedTuple):
    """`VALUES`; a value is a term's text or `UNDEF`."""

    variables: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def __str__(self) -> str:
        """Write it in the form for several variables."""
        rows = " ".join(f"({' '.join(row)})" for row in self.rows)
        return f"VALUES ({' '.join(self.variables)}) {{ {rows} }}"


class Group(NamedTuple):
    """`{ … }`; a sub-select is a `Query` among the elements."""

    elements: tuple[Element, ...]

    def __str__(self) -> str:
        """Write it with its braces."""
        if len(self.elements) == 1:
            return f"{{ {self.elements[0]} }}"
        texts = (f"{{ {e} }}" if isinstance(e, Query) else str(e) for e in self.elements)
        return f"{{ {' '.join(texts)} }}"


class Optional(NamedTuple):
    """`OPTIONAL { … }`."""

    group: Group

    def __str__(self) -> str:
        """Write it."""
        return f"OPTIONAL {self.group}"


class Minus(NamedTuple):
    """`MINUS { … }`."""

    group: Group

    def __str__(self) -> str:
        """Write it."""
        return f"MINUS {self.group}"


class InGraph(NamedTuple):
    """`GRAPH name { … }`."""

    name: str
    group: Group

    def __str__(self) -> str:
        """Write it."""
        return f"GRAPH {self.name} {self.group}"


class Union(NamedTuple):
    """`{ … } UNION { … }`, two branches or more."""

    branches: tuple[Group, ...]

    def __str__(self) -> str:
        """Write it."""
        return " UNION ".join(map(str, self.branches))


class Item(NamedTuple):
    """A column of SELECT, a target of DESCRIBE or a key of GROUP BY.

    `expression` is None for a plain variable; a key may have one and no `variable` (empty).
    """

    variable: str
    expression: Expression | None = None

    def __str__(self) -> str:
        """Write it."""
        if self.expression is None:
            return self.variable
        if not self.variable:
            return str(self.expression)
        return f"({self.expression} AS {self.variable})"


class Query(NamedTuple):
    """A query or a sub-select, clause by clause.

    `prologue`, `dataset` and `slice` (LIMIT and OFFSET) are text; `head` is `*` or empty;
    `items` are the columns, or the targets of DESCRIBE. `where` is None only for a DESCRIBE
    without pattern.
    """

    form: str
    where: Group | None
    prologue: str = ""
    distinct: str = ""
    items: tuple[Item, ...] = ()
    head: str = ""
    template: tuple[Triple, ...] = ()
    dataset: tuple[str, ...] = ()
    group_by: tuple[Item, ...] = ()
    having: tuple[Expression, ...] = ()
    order_by: tuple[Expression, ...] = ()
    slice: str = ""
    values: Values | None = None

    def __str__(self) -> str:
        """Write the whole query."""
        template = f"{{ {' '.join(map(str, self.template))} }}" if self.form == "CONSTRUCT" else ""
        texts = [self.prologue, self.form, self.distinct, self.head, *map(str, self.items)]
        texts += [template, *self.dataset, f"WHERE {self.where}" if self.where else ""]
        for keyword, clause in (
            ("GROUP BY", self.group_by),
            ("HAVING", self.having),
            ("ORDER BY", self.order_by),
        ):
            texts += [keyword, *map(str, clause)] if clause else []
        texts += [self.slice, str(self.values) if self.values else ""]
        return " ".join(filter(None, texts))


Element: TypeAlias = (
    Triple | Filter | Bind | Values | Group | Optional | Minus | InGraph | Union | Query
)


def leaves(node: object) -> Iterator[str]:
    """Yield every text in `node`, at any depth."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        for part in node:
            yield from leaves(part)


def nodes(node: object) -> Iterator[object]:
    """Yield `node` and every node in it, at any depth."""
    if isinstance(node, tuple):
        if hasattr(node, "_fields"):
            yield node
        for part in node:
            yield from nodes(part)


def variables(node: object) -> frozenset[str]:
    """Return the variables in `node`, at any depth, local ones of sub-selects too."""
    return frozenset(text for text in leaves(node) if text.startswith("?") and len(text) > 1)


def with_parts(node: AnyNode, change: Callable[[object], object]) -> AnyNode:
    """Return `node` with `change` done to each of its direct parts; a text has none."""
    if not isinstance(node, tuple):
        return node
    parts = tuple(change(part) for part in node)
    make = getattr(node, "_make", tuple)
    return cast("AnyNode", make(parts))


def rename(node: AnyNode, names: Mapping[str, str]) -> AnyNode:
    """Return `node` with each text that `names` lists replaced, at any depth."""

    def change(part: object) -> object:
        return names.get(part, part) if isinstance(part, str) else with_parts(part, change)

    return with_parts(node, change)


def bound(node: Element) -> frozenset[str]:
    """Return the variables (and blank nodes) that each solution of `node` surely binds."""
    names: frozenset[str] = frozenset()
    match node:
        case Triple(subject, predicate, obj):
            ends = (subject, obj) if isinstance(predicate, Path) else (subject, predicate, obj)
            names = frozenset(end for end in ends if end.startswith(("?", "_:")))
        case Values(columns, rows):
            sure = (n for i, n in enumerate(columns) if all(row[i] != "UNDEF" for row in rows))
            names = frozenset(sure)
        case Group(elements):
            names = names.union(*map(bound, elements))
            copies = (e for e in elements if isinstance(e, Bind) and str(e.expression) in names)
            names |= {copy.variable for copy in copies}
        case Union(branches):
            names = frozenset.intersection(*map(bound, branches))
        case InGraph(name, group):
            names = bound(group) | variables(name)
        case Query(where=Group() as where):
            names = bound(where) & frozenset(columns_of(node))
            if is_grouped(node):
                names &= {key.variable for key in node.group_by}
    return names


def columns_of(query: Query) -> tuple[str, ...]:
    """Return the variables that a SELECT gives, in order; those of `*` by name."""
    if query.head != "*":
        return tuple(item.variable for item in query.items)
    given = visible(query.where) | variables(query.values)
    return tuple(sorted(given))


def visible(node: object) -> frozenset[str]:
    """Return the variables that a solution of `node` may bind."""
    names: frozenset[str] = frozenset()
    match node:
        case Triple() | Values():
            names = variables(node)
        case Bind(variable=name):
            names = frozenset({name})
        case Group(parts) | Union(parts):
            names = names.union(*map(visible, parts))
        case Optional(group):
            names = visible(group)
        case InGraph(name, group):
            names = visible(group) | variables(name)
        case Query():
            names = frozenset(columns_of(node))
    return names


AGGREGATES = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})


def aggregations(query: Query) -> tuple[Expression, ...]:
    """Return the expressions of SELECT, HAVING and ORDER BY that aggregate."""
    given = [item.expression for item in query.items if item.expression]
    used = (*given, *query.having, *query.order_by)
    return tuple(e for e in used if not AGGREGATES.isdisjoint(e.words))


def is_grouped(query: Query) -> bool:
    """Say whether a row of `query` stands for a group of solutions."""
    return bool(query.group_by or query.having or aggregations(query))
