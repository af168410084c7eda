"""What a rewritten query consists of, as far as evidence is read from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from aidgraph.answers.untraced import Untraced
    from aidgraph.sparql.tree import Query


class Pattern(NamedTuple):
    """A triple pattern in text; `graph` is empty outside GRAPH.

    The `guard` of a pattern (or another part) is the marker that is bound where it took part;
    empty: it always does.
    """

    guard: str
    ends: tuple[str, str, str]
    graph: str


class Walk(NamedTuple):
    """A path of any length: `kind` is `*`, `+` or `?`; a row of `step` is one step of it.

    `ends` are start, end, and the graph inside GRAPH; `free`: no triple pattern has either.
    """

    guard: str
    ends: tuple[str, ...]
    kind: str
    step: Query
    free: bool = False


class Given(NamedTuple):
    """Variables that are always bound; `known` are terms that triple patterns around name."""

    names: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()


NOTHING_GIVEN = Given()


class Nested(NamedTuple):
    """A sub-select, to be traced by its own rows; or EXISTS, by the values that it is `given`."""

    guard: str
    query: Query
    given: Given | None = None


class Absence(NamedTuple):
    """What NOT EXISTS or MINUS searched, and the variables that it shares."""

    guard: str
    pattern: str
    names: tuple[str, ...]


class Doubt(NamedTuple):
    """What cannot be traced."""

    guard: str
    reason: Untraced


@dataclass
class Body:
    """The rewritten pattern, without its braces, and what to read from its solutions.

    Attributes:
        text: SPARQL.
        names: the variables to solve for, in order.
        monotone: whether more facts can only give more solutions.
    """

    text: str = ""
    names: dict[str, None] = field(default_factory=dict)
    monotone: bool = True
    patterns: list[Pattern] = field(default_factory=list)
    walks: list[Walk] = field(default_factory=list)
    nested: list[Nested] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
