"""The parser of what stands between braces: patterns, paths, terms, spliced expressions.

Source: https://www.w3.org/TR/sparql11-query/#sparqlGrammar, whose production names are used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.sparql import tree
from aidgraph.sparql.tokens import Cursor
from aidgraph.sparql.tree import Expression, Group, Path, Triple, Values

if TYPE_CHECKING:
    from collections.abc import Callable

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_TYPE, _FIRST, _REST, _NIL = (f"<{_RDF}{name}>" for name in ("type", "first", "rest", "nil"))


class PatternParser(Cursor):
    """Recursive descent; its depth is bounded by `tokens.MAX_DEPTH`."""

    def sub_select(self) -> tree.Query:
        """Read a sub-select, its keyword taken before."""
        raise NotImplementedError

    def group(self) -> Group:
        """GroupGraphPattern ::= '{' ( SubSelect | GroupGraphPatternSub ) '}'."""
        self._expect("{")
        elements: list[tree.Element] = []
        if self._accept("SELECT"):
            elements.append(self.sub_select())
            self._expect("}")
            return Group(tuple(elements))
        while not self._accept("}"):
            self._element(elements)
        return Group(tuple(elements))

    def _element(self, elements: list[tree.Element]) -> None:
        word = self._accept("OPTIONAL", "MINUS", "GRAPH", "FILTER", "BIND", "VALUES")
        match word or self._peek():
            case "OPTIONAL":
                elements.append(tree.Optional(self.group()))
            case "MINUS":
                elements.append(tree.Minus(self.group()))
            case "GRAPH":
                name = self._variable() if self._peek() == "variable" else self._iri()
                elements.append(tree.InGraph(name, self.group()))
            case "FILTER":
                elements.append(tree.Filter(self._constraint()))
            case "BIND":
                self._expect("(")
                elements.append(tree.Bind(*self._expression_as()))
            case "VALUES":
                elements.append(self._values())
            case "{":
                elements.append(self._group_or_union())
            case _:
                self._triples(elements)
                return
        self._accept(".")

    def _group_or_union(self) -> tree.Element:
        branches = [self.group()]
        while self._accept("UNION"):
            branches.append(self.group())
        return tree.Union(tuple(branches)) if len(branches) > 1 else branches[0]

    def _triples(self, elements: list[tree.Element]) -> None:
        triples: list[Triple] = []
        self._subject_triples(triples, paths=True)
        elements += triples
        starts = ("}", "{", "OPTIONAL", "MINUS", "GRAPH", "FILTER", "BIND", "VALUES")
        if not self._accept(".") and self._peek() not in starts:
            self._fail(". or }", "“.”或“}”")

    def _subject_triples(self, triples: list[Triple], *, paths: bool = False) -> None:
        """TriplesSameSubject: a node made of triples may stand alone."""
        alone = self._peek() in ("[", "(")
        before = len(triples)
        subject = self._node(triples, paths=paths)
        if alone and len(triples) > before and self._peek() in (".", "}"):
            return
        self._property_list(subject, triples, paths=paths)

    def _property_list(self, subject: str, triples: list[Triple], *, paths: bool) -> None:
        while True:
            verb = self._verb(paths=paths)
            while True:
                # The node's own triples follow the triple that names it.
                at = len(triples)
                triples.insert(at, Triple(subject, verb, self._node(triples, paths=paths)))
                if not self._accept(","):
                    break
            if not self._accept(";"):
                return
            while self._accept(";"):
                pass
            if self._peek() in (".", "}", "]"):
                return

    def _verb(self, *, paths: bool) -> str | Path:
        if self._peek() == "variable":
            return self._variable()
        return self._path() if paths else self._link()

    def _node(self, triples: list[Triple], *, paths: bool) -> str:
        """GraphNodePath: a term, a list, or a node in square brackets."""
        if self._accept("["):
            node = self._blank()
            if not self._accept("]"):
                self._property_list(node, triples, paths=paths)
                self._expect("]")
            return node
        if not self._accept("("):
            return self._term()
        if self._accept(")"):
            return _NIL
        node = first = self._blank()
        while True:
            triples.append(Triple(node, _FIRST, self._node(triples, paths=paths)))
            if self._accept(")"):
                triples.append(Triple(node, _REST, _NIL))
                return first
            triples.append(Triple(node, _REST, following := self._blank()))
            node = following

    # Paths

    def _path(self) -> str | Path:
        return self._chain("|", lambda: self._chain("/", self._path_step))

    def _chain(self, mark: str, read: Callable[[], str | Path]) -> str | Path:
        parts = [read()]
        while self._accept(mark):
            parts.append(read())
        return Path(mark, tuple(parts)) if len(parts) > 1 else parts[0]

    def _path_step(self) -> str | Path:
        """PathEltOrInverse ::= '^'? PathPrimary PathMod?."""
        if self._accept("^"):
            return Path("^", (self._path_step(),))
        if self._accept("("):
            step = self._path()
            self._expect(")")
        elif self._accept("!"):
            step = self._negated()
        else:
            step = self._link()
        mod = self._accept("*", "+", "?")
        return Path(mod, (step,)) if mod else step

    def _negated(self) -> Path:
        if not self._accept("("):
            return Path("!", (self._negated_link(),))
        parts: list[str | Path] = []
        while not self._accept(")"):
            parts.append(self._negated_link())
            if self._peek() != ")":
                self._expect("|")
        return Path("!", tuple(parts))

    def _negated_link(self) -> str | Path:
        return Path("^", (self._link(),)) if self._accept("^") else self._link()

    def _link(self) -> str:
        """Read a predicate; `a` is the only word in SPARQL that minds its case."""
        token = self._tokens[self._at]
        if token.kind == "word" and token.text == "a":
            self._take()
            return RDF_TYPE
        return self._iri()

    # Terms and expressions

    def _iri(self) -> str:
        if self._peek() not in ("iri", "name"):
            self._fail("an IRI", " IRI")
        return self._take().text

    def _term(self) -> str:
        match self._peek():
            case "variable":
                return self._variable()
            case "blank":
                return self._take().text
            case _:
                return self._constant()

    def _constant(self) -> str:
        """Read an IRI or a literal."""
        match self._peek():
            case "string":
                text = self._take().text
                if self._peek() == "language":
                    return text + self._take().text
                return f"{text}^^{self._iri()}" if self._accept("^^") else text
            case "+" | "-":
                return self._take().text + self._expect("number")
            case "number" | "TRUE" | "FALSE":
                return self._take().text
            case _:
                return self._iri()

    def _is_call(self) -> bool:
        token = self._tokens[self._at]
        following = self._tokens[min(self._at + 1, len(self._tokens) - 1)].text
        word = token.text.upper()
        called = following == "(" and word not in ("HAVING", "VALUES")
        return token.kind == "word" and (called or word in ("NOT", "EXISTS"))

    def _constraint(self) -> Expression:
        """Constraint ::= BrackettedExpression | BuiltInCall | FunctionCall."""
        if self._peek() not in ("(", "iri", "name") and not self._is_call():
            self._fail("an expression", "表达式")
        return self._expression(until="")

    def _expression(self, until: str) -> Expression:
        """Splice one expression: up to the word `until`, or else one bracket or call.

        A bracket that closes more than was opened ends it too, and is left.
        """
        parts: list[str | tree.Exists] = []
        words: list[str] = []
        opened: list[str] = []
        raw = self._tokens[self._at].start
        while (word := self._peek()) != "end" and (opened or word not in (until, ")")):
            token = self._tokens[self._at]
            if word in ("variable", "EXISTS") or self._is_not_exists():
                parts.append(self._text[raw : token.start])
                parts.append(self._variable() if word == "variable" else self._exists())
                raw = self._tokens[self._at - 1].end
            elif word in ("{", "}", ".", "[") or (word == ";" and not opened):
                self._fail("an expression", "表达式")
            else:
                self._take()
                if token.kind == "word":
                    words.append(word)
                if word == "(":
                    opened.append(word)
                elif word == ")":
                    opened.pop()
            if not until and not opened and (word == ")" or word in ("EXISTS", "NOT")):
                break
        parts.append(self._text[raw : self._tokens[self._at - 1].end])
        if opened:
            self._fail(")", "“)”")
        kept = tuple(part for part in parts if part != "")
        if not kept:
            self._fail("an expression", "表达式")
        return Expression(kept, tuple(words))

    def _expression_as(self) -> tuple[Expression, str]:
        """Read `Expression AS Var )`, the bracket that opens it taken before."""
        expression = self._expression(until="AS")
        self._expect("AS")
        variable = self._variable()
        self._expect(")")
        return expression, variable

    def _is_not_exists(self) -> bool:
        return self._peek() == "NOT" and self._tokens[self._at + 1].text.upper() == "EXISTS"

    def _exists(self) -> tree.Exists:
        negated = bool(self._accept("NOT"))
        self._expect("EXISTS")
        return tree.Exists(self.group(), negated)

    def _values(self) -> Values:
        """DataBlock, the keyword taken before."""
        single = self._peek() == "variable"
        names = [self._variable()] if single else self._bracketed(self._variable)
        self._expect("{")
        rows = []
        while not self._accept("}"):
            row = [self._datum()] if single else self._bracketed(self._datum)
            if len(row) != len(names):
                number = len(names)
                self._fail(f"{number} values a row in VALUES", f" VALUES 每行 {number} 个值")
            rows.append(tuple(row))
        return Values(tuple(names), tuple(rows))

    def _bracketed(self, read: Callable[[], str]) -> list[str]:
        self._expect("(")
        found = []
        while not self._accept(")"):
            found.append(read())
        return found

    def _datum(self) -> str:
        return self._accept("UNDEF") or self._constant()
