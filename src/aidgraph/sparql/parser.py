"""A splicing parser of SPARQL 1.1 queries: patterns become a tree, expressions stay text.

It is written because the tracer must take queries apart and put them together again, for any
engine, in a fraction of the time that rdflib's parser takes. What an engine checks anyway
(arity, scope of names) is left to the engine.

Source: https://www.w3.org/TR/sparql11-query/#sparqlGrammar, production names in comments.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyoxigraph import NamedNode

from aidgraph.errors import UsageError
from aidgraph.sparql.patterns import PatternParser
from aidgraph.sparql.tree import (
    AnyNode,
    Bind,
    Expression,
    Filter,
    Group,
    Item,
    Query,
    Triple,
    Values,
    bound,
    variables,
    with_parts,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aidgraph.store import Term

__all__ = ["Query", "bind_parameters", "parse_query"]

_WEB_IRI = re.compile(r"https?://[^\x00-\x20\x7f-\x9f<>\"{}|^`\\]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def parse_query(text: str) -> Query:
    """Return the tree of a SELECT, ASK, CONSTRUCT or DESCRIBE query.

    >>> str(parse_query("SELECT ?x { ?x a [] }"))
    'SELECT ?x WHERE { ?x <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> _:why0 . }'

    Raises:
        UsageError: `text` is not such a query.
        LimitError: it crosses a limit of `sparql.tokens`.
    """
    return _Parser(text).query()


def bind_parameters(query: str | Query, terms: Mapping[str, Term]) -> str:
    """Return the query with each variable that `terms` names bound to its term.

    A parameter means the same wherever its name stands, also inside sub-selects, where SPARQL
    would take it for another variable. The outermost WHERE begins with VALUES of all
    parameters; so does the WHERE of each sub-select, of those that it names itself; and so
    does each group whose own FILTER or BIND names one that its patterns do not bind: there
    SPARQL, which evaluates groups from the inside, would find it unbound. Joining the same
    one row again changes nothing elsewhere.

    >>> from pyoxigraph import NamedNode
    >>> bind_parameters("ASK { ?x ?p ?area }", {"area": NamedNode("https://example.org/a")})
    'ASK WHERE { VALUES (?area) { (<https://example.org/a>) } ?x ?p ?area . }'

    Args:
        query: a query or its text.
        terms: names without `?`; http(s) IRIs or literals, without control characters.

    Raises:
        UsageError: the query cannot be read or lacks a variable; a term is not such a one.
    """
    tree = parse_query(query) if isinstance(query, str) else query
    texts = {f"?{name}": _written(name, term) for name, term in terms.items()}
    if missing := sorted(texts.keys() - variables(tree.where)):
        listed = ", ".join(missing)
        en = f"The query has no variable {listed} in its WHERE: see its text."
        raise UsageError(en, f"该查询的 WHERE 中没有变量 {listed}：请看其文本。")
    where = _restricted(tree.where, texts, frozenset(texts))
    return str(tree._replace(where=where))


def _written(name: str, term: Term) -> str:
    """Return `term` as N-Triples write it."""
    kind = term if isinstance(term, NamedNode) else getattr(term, "datatype", None)
    if not isinstance(kind, NamedNode):
        en = f"The parameter {name} is {term}: give an IRI or a literal."
        raise UsageError(en, f"参数 {name} 为 {term}：请给出 IRI 或字面量。")
    if not _WEB_IRI.fullmatch(kind.value):
        en = f"The parameter {name} has the IRI {kind.value!r}: give one of http or https."
        zh = f"参数 {name} 的 IRI 为 {kind.value!r}：请给出 http 或 https 的 IRI。"
        raise UsageError(en, zh)
    if _CONTROL.search(str(getattr(term, "value", ""))):
        en = f"The parameter {name} has a control character: remove it."
        raise UsageError(en, f"参数 {name} 含有控制字符：请删去。")
    return str(term)


def _restricted(node: AnyNode, texts: Mapping[str, str], names: frozenset[str]) -> AnyNode:
    """Return `node` with VALUES at the start of the groups in it; of `names` if it is one."""

    def change(part: object) -> object:
        if isinstance(part, Query):
            own = _own_variables(part) & texts.keys()
            return part._replace(where=_restricted(part.where, texts, own))
        if isinstance(part, Group):
            said = (e for e in part.elements if isinstance(e, Filter | Bind))
            unbound = variables(tuple(said)) & texts.keys() - bound(part)
            return _restricted(part, texts, unbound)
        return with_parts(part, change)

    found = with_parts(node, change)
    if not isinstance(found, Group) or not names:
        return found
    columns = tuple(sorted(names))
    row = Values(columns, (tuple(texts[name] for name in columns),))
    return found._replace(elements=(row, *found.elements))


def _own_variables(query: Query) -> frozenset[str]:
    """Return the variables that `query` names outside the sub-selects in it."""

    def without(part: object) -> object:
        return "" if isinstance(part, Query) else with_parts(part, without)

    return variables(with_parts(query, without))


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
