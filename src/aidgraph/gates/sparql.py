"""SPARQL cut into words, as far as a gate needs it: which terms, variables and clauses stand where.

What is cut is known to be SPARQL: an engine has read it.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_TOKEN = re.compile(
    r"""
    \#[^\n]*
  | "{3} (?: [^"\\] | \\. | "{1,2}(?!") )* "{3}
  | '{3} (?: [^'\\] | \\. | '{1,2}(?!') )* '{3}
  | " (?: [^"\\\n] | \\. )* "
  | ' (?: [^'\\\n] | \\. )* '
  | _:[\w.-]+
  | (?P<iri> < [^\s<>"{}|^`\\]* > )
  | (?P<variable> [?$]\w+ )
  | (?P<name> (?: [^\W\d_][\w.-]* )? : [\w:.%-]* )
  | (?P<word> [^\W\d]\w* )
  | (?P<number> \d+ )
  | (?P<brace> [{}] )
    """,
    re.DOTALL | re.VERBOSE,
)
_AGGREGATES = {"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"}


class Token(NamedTuple):
    """One word: its kind (a group of the pattern above), its text, its line counted from 1."""

    kind: str
    text: str
    line: int


def read_tokens(sparql: str) -> list[Token]:
    """Return the words of a query; comments, strings and other marks are left out.

    >>> [token.text for token in read_tokens('SELECT ?x { ?x a aid:Place } # "{"')]
    ['SELECT', '?x', '{', '?x', 'a', 'aid:Place', '}']
    """
    return [
        Token(found.lastgroup, found[0], sparql.count("\n", 0, found.start()) + 1)
        for found in _TOKEN.finditer(sparql)
        if found.lastgroup
    ]


def find_iris(tokens: Iterable[Token]) -> Iterator[tuple[str, Token]]:
    """Yield each IRI of a query, prefixed or not, with where it stands."""
    spaces: dict[str, str] = {}
    last = before = Token("", "", 0)
    for token in tokens:
        if token.kind == "iri" and before.text.upper() == "PREFIX":
            spaces[last.text] = token.text[1:-1]
        elif token.kind == "iri":
            yield token.text[1:-1], token
        elif token.kind == "name":
            prefix, colon, local = token.text.partition(":")
            if local and prefix + colon in spaces:
                yield spaces[prefix + colon] + local.rstrip("."), token
        before, last = last, token


def has_order(tokens: Sequence[Token]) -> bool:
    """Tell whether a SELECT says in which order its rows come, or can give one row only."""
    opened = next(n for n, token in enumerate(tokens) if token.text == "{")
    closed = max(n for n, token in enumerate(tokens) if token.text == "}")
    head = {token.text.upper() for token in tokens[:opened]}
    tail = [token.text.upper() for token in tokens[closed:]]
    single = not _AGGREGATES.isdisjoint(head) and "GROUP" not in tail
    return single or "ORDER" in tail or ("LIMIT", "1") in pairwise(tail)
