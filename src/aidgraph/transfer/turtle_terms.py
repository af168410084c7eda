"""Terms as Turtle writes them (https://www.w3.org/TR/turtle/#sec-grammar), the short way first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.terms import RDF_TYPE, XSD

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# PN_LOCAL without percent signs, in ASCII; of what needs a backslash there, the slash only.
_LOCAL = re.compile(r"(?:[A-Za-z0-9_]|/(?=.))(?:[A-Za-z0-9_/-]|\.(?=[A-Za-z0-9_-]))*", re.ASCII)
_SHORT = {
    f"{XSD}integer": re.compile(r"[+-]?[0-9]+", re.ASCII),
    f"{XSD}decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+", re.ASCII),
    f"{XSD}boolean": re.compile(r"true|false"),
}
_STRING = f"{XSD}string"
_WIDTH = 100  # columns of a line with several values
_REMEMBERED = 100_000  # IRIs whose short form is kept at hand
_ESCAPES = {"\\": r"\\", '"': r"\"", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
# Of what else does not show: controls, and what turns or joins the text around it.
_UNSEEN = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff"
)
_TO_ESCAPE = re.compile(rf'[\\"\n\r\t{_UNSEEN}]')
_TO_ESCAPE_LONG = re.compile(rf'\\|"(?="|$)|[\r{_UNSEEN}]')
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')


class TurtleTerms:
    """Writes terms with a set of prefixes."""

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Abbreviate with `prefixes`, name to namespace."""
        self._prefixes = dict(sorted(prefixes.items()))
        self._spaces = sorted(self._prefixes.items(), key=lambda pair: (-len(pair[1]), pair[0]))
        self._known: dict[str, str] = {}

    def header(self) -> str:
        """Return the declarations of the prefixes, a line each, aligned."""
        width = max((len(name) for name in self._prefixes), default=0) + 1
        return "".join(
            f"@prefix {name + ':':<{width}} <{space}> .\n" for name, space in self._prefixes.items()
        )

    def term(self, term: object) -> str:
        """Return an IRI, a literal or a blank node."""
        if isinstance(term, ox.NamedNode):
            return self.iri(term.value)
        return self._literal(term) if isinstance(term, ox.Literal) else str(term)

    def predicate(self, predicate: ox.NamedNode) -> str:
        """Return a property: `a` for the class of a thing."""
        return "a" if predicate == RDF_TYPE else self.iri(predicate.value)

    def iri(self, iri: str) -> str:
        """Return an IRI, as a prefixed name where one fits."""
        found = self._known.get(iri)
        if found is None:
            found = self._known[iri] = self._shorten(iri)
            if len(self._known) > _REMEMBERED:
                self._known.clear()
        return found

    def _shorten(self, iri: str) -> str:
        for name, space in self._spaces:
            local = iri.removeprefix(space)
            if local != iri and _LOCAL.fullmatch(local):
                return f"{name}:{local.replace('/', chr(92) + '/')}"
        return f"<{_NOT_IN_IRI.sub(_escape_point, iri)}>"

    def _literal(self, literal: ox.Literal) -> str:
        kind = literal.datatype.value
        if kind in _SHORT and _SHORT[kind].fullmatch(literal.value):
            return literal.value
        text = quote(literal.value)
        if literal.language:
            return f"{text}@{literal.language}"
        return text if kind == _STRING else f"{text}^^{self.iri(kind)}"


def write_block(subject: str, pairs: Sequence[tuple[str, Sequence[str]]], indent: str = "") -> str:
    """Return what is said of `subject`: a line a property, or a line a value where it is long."""
    said = [f"{indent}    {_write_pair(pair, indent)}" for pair in pairs]
    return f"{indent}{subject}\n" + " ;\n".join(said) + " .\n"


def _write_pair(pair: tuple[str, Sequence[str]], indent: str) -> str:
    name, values = pair
    line = f"{name} {' , '.join(values)}"
    if len(values) == 1 or len(indent) + len(line) + 6 <= _WIDTH:  # 6: its own indent and end
        return line
    return f"{name}\n" + " ,\n".join(f"{indent}        {value}" for value in values)


def quote(text: str) -> str:
    r"""Return a string in quotation marks: three each side where it has several lines.

    >>> print(quote('He said "yes".'))
    "He said \"yes\"."
    """
    if "\n" in text.strip():
        return f'"""{_TO_ESCAPE_LONG.sub(_escape, text)}"""'
    return f'"{_TO_ESCAPE.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0]) or _escape_point(found)


def _escape_point(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04X}"
