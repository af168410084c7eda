"""A typed query, looked at before anything reads it: what it may not be, and what it is.

Tokens are enough for this: the engine's own parser then says what else is wrong with the query.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aidgraph.errors import LimitError, UsageError
from aidgraph.server.problems import Problem, find_place
from aidgraph.sparql.tokens import MAX_BYTES, read_tokens

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aidgraph.sparql.tokens import Token

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
_UPDATES = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
)


class Scanned(NamedTuple):
    """A query's form ("" where it has none), and whether it says FROM which graphs."""

    form: str
    has_dataset: bool
    tokens: Sequence[Token]


def scan(text: str) -> Scanned:
    """Look at the tokens of `text`.

    Raises:
        Problem: 413, it is too long; 422, nested too deep or with too many operators; 403, an
            update, or one that uses SERVICE.
        UsageError: it has a character that no token begins with.
    """
    check_length(text)
    try:
        tokens = read_tokens(text)
    except LimitError as error:
        raise Problem(422, error.en, error.zh) from error
    except UsageError as error:
        if _is_service(text, error):
            raise Problem(403, error.en, error.zh) from error
        raise
    words = [token.text.upper() for token in tokens if token.kind == "word"]
    form = next((word for word in words if word not in ("PREFIX", "BASE")), "")
    if form in _UPDATES:
        en = f"{form} is an update, and only reading is allowed: send a query."
        raise Problem(403, en, f"{form} 是更新，而这里只允许读取：请发送查询。")
    return Scanned(form if form in FORMS else "", "FROM" in words, tokens)


def check_length(text: str) -> None:
    """Check the length of a query. Raises `Problem`, 413."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1000} kB"
        en = f"The query is longer than {limit}: shorten it."
        raise Problem(413, en, f"查询长于 {limit}：请缩短。")


def cap_rows(text: str, tokens: Sequence[Token], most: int) -> str:
    r"""Return a SELECT that gives at most `most` rows, otherwise what `text` gives.

    >>> query = "SELECT * { ?s ?p ?o } OFFSET 5 VALUES ?s { 1 }"
    >>> cap_rows(query, read_tokens(query), 100)
    'SELECT * { ?s ?p ?o } OFFSET 5 \nLIMIT 100\nVALUES ?s { 1 }'
    """
    depth, place = 0, len(text)
    for index, token in enumerate(tokens):
        if token.kind == "mark":
            depth += (token.text in "{([") - (token.text in "})]")
        elif depth == 0 and token.kind == "word":
            if token.text.upper() == "VALUES":
                place = token.start
            elif token.text.upper() == "LIMIT" and tokens[index + 1].kind == "number":
                number = tokens[index + 1]
                kept = _lower(number.text, most)
                return f"{text[: number.start]}{kept}{text[number.end :]}"
    return f"{text[:place]}\nLIMIT {most}\n{text[place:]}"


def _lower(number: str, most: int) -> str:
    is_lower = number.isdecimal() and len(number.lstrip("0")) <= len(str(most))
    return number if is_lower and int(number) <= most else str(most)


def _is_service(text: str, error: UsageError) -> bool:
    """Tell whether the word where the reading of `text` stopped is SERVICE."""
    place = find_place(error)
    if place is None:
        return False
    line, column = place
    return text.split("\n")[line - 1][column - 1 :].upper().startswith("SERVICE")
