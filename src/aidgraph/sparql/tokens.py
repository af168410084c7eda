r"""The tokens of a SPARQL 1.1 query, and the limits that hold before anything recursive reads it.

pyoxigraph ends the process on a deep query (a few thousand brackets, or links of one chain),
so depth and chains are counted here, on the tokens.
"""

from __future__ import annotations

import re
from typing import NamedTuple, NoReturn

from aidgraph.errors import AidgraphError, LimitError, UsageError

MAX_BYTES = 64_000
MAX_DEPTH = 64
MAX_LINKS = 500
"""Operators and joins in one query: pyoxigraph 0.5.13 overflows its stack at about 3,000."""

_LOCAL = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_CODE = r"\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8}"
_ESCAPE = rf"\\[tbnrf\\\"']|{_CODE}"
_PREFIX = r"(?:[^\W\d_](?:[\w.\-·]*[\w\-·])?)?"
_STRING = (
    rf'"""(?:[^"\\]|"(?!"")|{_ESCAPE})*"""|'
    rf"'''(?:[^'\\]|'(?!'')|{_ESCAPE})*'''|"
    rf'"(?:[^"\\\r\n]|{_ESCAPE})*"|'
    rf"'(?:[^'\\\r\n]|{_ESCAPE})*'"
)
_GRAMMAR = (
    ("skip", r"[ \t\r\n]+|\#[^\r\n]*"),
    ("iri", rf'<(?:[^<>"{{}}|^`\\\x00-\x20]|{_CODE})*>'),
    ("blank", r"_:\w(?:[\w.\-·]*[\w\-·])?"),
    (
        "name",
        rf"{_PREFIX}:(?:(?:[\w:]|{_LOCAL})(?:(?:[\w:.\-·]|{_LOCAL})*(?:[\w:\-·]|{_LOCAL}))?)?",
    ),
    ("variable", r"[?$][\w·]+"),
    ("string", _STRING),
    ("language", r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*"),
    ("number", r"(?:\d+\.?\d*|\.\d+)[eE][+-]?\d+|\d*\.\d+|\d+"),
    ("word", r"[A-Za-z_]\w*"),
    ("mark", r"\^\^|&&|\|\||!=|<=|>=|[{}()\[\].;,*/|^?!+\-=<>]"),
)
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _GRAMMAR))
_OPERATORS = ("!", "+", "-", "*", "/", "|", "||", "&&", "^")
_LINKS = frozenset((*_OPERATORS, "UNION", "OPTIONAL", "MINUS", "BIND", "AS", "FILTER"))
_KINDS = {"variable": "变量", "iri": " IRI", "name": "前缀名", "number": "数"}
_ASCII_CODE = re.compile(r"\\u00[0-7]|\\U000000[0-7]")


class Token(NamedTuple):
    """A token: its kind, its text, and where it stands; the last of a query is an empty `end`."""

    kind: str
    text: str
    start: int
    end: int


def refuse(
    text: str, position: int, en: str, zh: str, error: type[AidgraphError] = UsageError
) -> NoReturn:
    """Raise `error` with the reason and the line and column of `position` in `text`."""
    line = text.count("\n", 0, position) + 1
    column = position - text.rfind("\n", 0, position)
    en = f"The query cannot be read at line {line}, column {column}: {en}."
    zh = f"查询第 {line} 行第 {column} 列无法读取：{zh}。"
    raise error(en, zh)


def read_tokens(text: str) -> list[Token]:
    """Return the tokens of `text`, an `end` token last.

    Raises:
        LimitError: the text is over 64 kB or nested over 64 deep, or chains over 500 operators.
        UsageError: it has a character that no token begins with, uses SERVICE, or writes an
            ASCII character as a code point: some engines decode these before they look for
            the closing quotation mark.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        limit = f"{MAX_BYTES // 1000} kB"
        en = f"it is longer than {limit}; shorten it"
        refuse(text, 0, en, f"长于 {limit}；请缩短", error=LimitError)
    tokens, position = [], 0
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if match.start() != position:
            break
        position = match.end()
        if kind != "skip":
            tokens.append(Token(kind, match.group(), match.start(), position))
    if position != len(text):
        found = f"“{text[position]}”"
        refuse(text, position, f"{found} cannot stand here", f"此处不能出现{found}")
    tokens.append(Token("end", "", position, position))
    _check(text, tokens)
    return tokens


def _check(text: str, tokens: list[Token]) -> None:
    depth = links = 0
    for kind, word, start, _ in tokens:
        if kind == "mark":
            depth += (word in "{([") - (word in "})]")
            links += word in _LINKS
        elif kind == "word":
            links += word.upper() in _LINKS
            if word.upper() == "SERVICE":
                en = "SERVICE is not allowed; ask the other endpoint itself"
                refuse(text, start, en, "不允许使用 SERVICE；请直接查询另一端点")
        elif kind in ("string", "iri") and "\\" in word and _ASCII_CODE.search(word):
            en = "write an ASCII character as itself, not as a code point"
            refuse(text, start, en, "ASCII 字符请直接书写，不要写成码点")
        if depth > MAX_DEPTH:
            en = f"it is nested more than {MAX_DEPTH} deep; take it apart"
            refuse(text, start, en, f"嵌套超过 {MAX_DEPTH} 层；请拆分", error=LimitError)
        if links > MAX_LINKS:
            en = f"it has more than {MAX_LINKS} operators; take it apart"
            refuse(text, start, en, f"运算符超过 {MAX_LINKS} 个；请拆分", error=LimitError)


class Cursor:
    """A place among the tokens of a query; the parsers are built on it."""

    def __init__(self, text: str) -> None:
        """Stand before the first token of `text`. Raises as `read_tokens` does."""
        self._text = text
        self._tokens = read_tokens(text)
        self._at = 0
        self._fresh = 0
        self._label = "_:why"
        while self._label in text:
            self._label += "y"

    def _peek(self) -> str:
        """Return the next token as it is compared: words in upper case, kinds for the rest."""
        token = self._tokens[self._at]
        if token.kind == "word":
            return token.text.upper()
        return token.text if token.kind == "mark" else token.kind

    def _take(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _accept(self, *wanted: str) -> str:
        """Take the next token if it is one of `wanted`; return what it was, else empty."""
        found = self._peek()
        if found not in wanted:
            return ""
        self._at += 1
        return found

    def _expect(self, wanted: str) -> str:
        if self._peek() != wanted:
            self._fail(wanted, _KINDS.get(wanted, f"“{wanted}”"))
        return self._take().text

    def _fail(self, en: str, zh: str) -> NoReturn:
        """Refuse the next token: something else was expected."""
        token = self._tokens[self._at]
        en += f", found “{token.text}”" if token.text else ", the query ends"
        zh += f"，实为“{token.text}”" if token.text else "，而查询已结束"
        refuse(self._text, token.start, f"expected {en}", f"此处应为{zh}")

    def _blank(self) -> str:
        self._fresh += 1
        return f"{self._label}{self._fresh - 1}"

    def _variable(self) -> str:
        return "?" + self._expect("variable")[1:]
