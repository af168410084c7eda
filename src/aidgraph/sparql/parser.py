"""A splicing parser of SPARQL 1.1 queries: patterns become a tree, expressions stay text.

It is written because the tracer must take queries apart and put them together again, for any
engine, in a fraction of the time that rdflib's parser takes. What an engine checks anyway
(arity, scope of names) is left to the engine.

Source: https://www.w3.org/TR/sparql11-query/#sparqlGrammar, production names in comments.
"""

from __future__ import annotations

from aidgraph.sparql.patterns import PatternParser
from aidgraph.sparql.tree import (
    Expression,
    Item,
    Query,
    Triple,
)

__all__ = ["Query", "parse_query"]


def parse_query(text: str) -> Query:
    """Return the tree of a SELECT, ASK, CONSTRUCT or DESCRIBE query.

    >>> str(parse_query("SELECT ?x { ?x a [] }"))
    'SELECT ?x WHERE { ?x <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> _:why0 . }'

    Raises:
        UsageError: `text` is not such a query.
        LimitError: it crosses a limit of `sparql.tokens`.
    """
    return _Parser(text).query()


class _Parser(PatternParser):
    """The clauses of a query around its patterns."""

    def sub_select(self) -> Query:
        """SubSelect ::= SelectClause WhereClause SolutionModifier ValuesClause."""
        return self._query("SELECT")

    def query(self) -> Query:
        """Query ::= Prologue ( Select | Construct | Describe | Ask ) ValuesClause."""
        while word := self._accept("BASE", "PREFIX"):
            if word == "PREFIX":
                self._expect("name")
            self._expect("iri")
        prologue = " ".join(token.text for token in self._tokens[: self._at])
        form = self._accept("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
        if not form:
            forms = "SELECT, ASK, CONSTRUCT or DESCRIBE"
            self._fail(forms, " SELECT、ASK、CONSTRUCT 或 DESCRIBE")
        found = self._query(form, prologue)
        if self._peek() != "end":
            self._fail("the end of the query", "查询的结尾")
        return found

    def _query(self, form: str, prologue: str = "") -> Query:
        distinct = self._accept("DISTINCT", "REDUCED") if form == "SELECT" else ""
        items: tuple[Item, ...] = ()
        head, template = "", None
        if form == "SELECT":
            items, head = self._select_items()
        elif form == "DESCRIBE":
            items, head = self._described()
        elif form == "CONSTRUCT" and self._peek() == "{":
            template = self._template()
        dataset = self._dataset()
        explicit = bool(self._accept("WHERE"))
        bare = form == "DESCRIBE" and not explicit and self._peek() != "{"
        where = None if bare else self.group()
        if form == "CONSTRUCT" and template is None and where:
            template = tuple(e for e in where.elements if isinstance(e, Triple))
        return Query(
            form=form,
            where=where,
            prologue=prologue,
            distinct=distinct,
            items=items,
            head=head,
            template=template or (),
            dataset=dataset,
            group_by=self._group_by(),
            having=self._conditions("HAVING"),
            order_by=self._order_by(),
            slice=self._slice(),
            values=self._values() if self._accept("VALUES") else None,
        )

    def _select_items(self) -> tuple[tuple[Item, ...], str]:
        if self._accept("*"):
            return (), "*"
        items = []
        while self._peek() in ("variable", "("):
            items.append(self._item())
        if not items:
            self._fail("the columns of SELECT, or *", " SELECT 的各列或“*”")
        return tuple(items), ""

    def _item(self) -> Item:
        if self._peek() == "variable":
            return Item(self._variable())
        self._expect("(")
        expression, variable = self._expression_as()
        return Item(variable, expression)

    def _described(self) -> tuple[tuple[Item, ...], str]:
        if self._accept("*"):
            return (), "*"
        targets = []
        while self._peek() in ("variable", "iri", "name"):
            targets.append(Item(self._term()))
        if not targets:
            self._fail("what to describe, or *", "要描述的事物或“*”")
        return tuple(targets), ""

    def _template(self) -> tuple[Triple, ...]:
        triples: list[Triple] = []
        self._expect("{")
        while not self._accept("}"):
            self._subject_triples(triples)
            if not self._accept(".") and self._peek() != "}":
                self._fail(". or }", "“.”或“}”")
        return tuple(triples)

    def _dataset(self) -> tuple[str, ...]:
        clauses = []
        while self._accept("FROM"):
            named = "NAMED " if self._accept("NAMED") else ""
            clauses.append(f"FROM {named}{self._iri()}")
        return tuple(clauses)

    def _group_by(self) -> tuple[Item, ...]:
        if not self._accept("GROUP"):
            return ()
        self._expect("BY")
        keys: list[Item] = []
        while not keys or self._peek() in ("variable", "(", "iri", "name") or self._is_call():
            keys.append(self._key())
        return tuple(keys)

    def _key(self) -> Item:
        """GroupCondition ::= Constraint | '(' Expression 'AS' Var ')' | Var."""
        if self._peek() == "variable":
            return Item(self._variable())
        if self._peek() != "(":
            return Item("", self._constraint())
        start = self._at
        self._take()
        expression = self._expression(until="AS")
        if self._peek() == "AS":
            self._at = start + 1
            expression, variable = self._expression_as()
            return Item(variable, expression)
        self._at = start
        return Item("", self._constraint())

    def _conditions(self, keyword: str) -> tuple[Expression, ...]:
        found: list[Expression] = []
        if self._accept(keyword):
            while not found or self._peek() in ("(", "iri", "name") or self._is_call():
                found.append(self._constraint())
        return tuple(found)

    def _order_by(self) -> tuple[Expression, ...]:
        if not self._accept("ORDER"):
            return ()
        self._expect("BY")
        found: list[Expression] = []
        starts = ("variable", "(", "iri", "name", "ASC", "DESC")
        while not found or self._peek() in starts or self._is_call():
            if self._peek() == "variable":
                name = self._variable()
                found.append(Expression((name,), ()))
            else:
                found.append(self._constraint())
        return tuple(found)

    def _slice(self) -> str:
        found = []
        while word := self._accept("LIMIT", "OFFSET"):
            found.append(f"{word} {self._expect('number')}")
        return " ".join(found)
