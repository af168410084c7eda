"""Questions: whether each file of `queries/` can be asked, and asks for what there is.

A dataset holds those that can be asked (`collection`): they are looked at by `check`, and stop
no build.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.errors import AidgraphError, DataError
from aidgraph.findings import Finding, Severity
from aidgraph.gates.faults import Both
from aidgraph.gates.vocabulary import CLASS, read_vocabulary
from aidgraph.questions import PLAIN_TYPES, read_questions
from aidgraph.sparql.parser import parse_query
from aidgraph.sparql.tokens import read_tokens
from aidgraph.sparql.tree import is_grouped
from aidgraph.terms import AID, BASE, curie

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from aidgraph.project import Project
    from aidgraph.questions import Question
    from aidgraph.sources import Sources
    from aidgraph.sparql.tokens import Token
    from aidgraph.sparql.tree import Query

_PLACE = re.compile(r"error at (?P<line>\d+):\d+: (?P<reason>.*)", re.DOTALL)
_LONGEST_REASON = 120
_CORRECT = Both(
    "Correct the spelling, or describe it in ontology/ or data/.",
    "请改正拼写，或在 ontology/ 或 data/ 中描述之。",
)


def check_questions(project: Project, sources: Sources) -> list[Finding]:
    """Check each question of `project`: its header, its SPARQL, its columns, order and terms.

    Raises:
        UnreadableError: the folder of questions is missing, empty or cannot be read.
    """
    known = _find_known(sources)
    classes = {term for term, types in read_vocabulary(sources).types.items() if CLASS in types}
    questions, faults = read_questions(project)
    findings = [each for file, error in faults.items() for each in _tell(file, error)]
    for question in questions:
        query = _Query(f"queries/{question.name}.rq", question.sparql)
        query.check_types(question, classes)
        query.check_terms(known)
        query.check_select(question)
        findings += query.findings
    return findings


def check_query_terms(sources: Sources) -> list[Finding]:
    """Check that rules and checks ask for terms that there are: others would never be found."""
    known, findings = _find_known(sources), []
    for folder, texts in {
        "ontology/rules": sources.rules,
        "queries/checks": sources.checks,
    }.items():
        for name, text in texts.items():
            query = _Query(f"{folder}/{name}.rq", text)
            query.check_terms(known)
            findings += query.findings
    return findings


class _Query:
    """The text of a query, and what is wrong with it."""

    def __init__(self, file: str, sparql: str) -> None:
        self.findings: list[Finding] = []
        self._file = file
        self._sparql = sparql
        self._tokens = _cut(sparql)

    def check_types(self, question: Question, classes: Collection[str]) -> None:
        """Check that the class of each parameter is one of the ontology."""
        for name, kind in ((each.name, each.type) for each in question.parameters):
            if kind not in PLAIN_TYPES and AID + kind.removeprefix("aid:") not in classes:
                message = Both(
                    f"The parameter {name} is of a class that there is not: {kind}.",
                    f"参数 {name} 的类 {kind} 并不存在。",
                )
                self._say("unknown-term", message, _CORRECT)

    def check_terms(self, known: Collection[str]) -> None:
        """Check that the query's terms of ours are known; a thing, an article may yet name."""
        for iri, line in self._find_iris():
            message = Both(f"There is no {curie(iri)}.", f"没有 {curie(iri)}。")
            if iri.startswith(AID) and iri not in known:
                self._say("unknown-term", message, _CORRECT, line)
            elif iri.startswith(f"{BASE}id/") and iri not in known:
                self._say("unknown-thing", message, _CORRECT, line, Severity.WARNING)

    def check_select(self, question: Question) -> None:
        """Check that the query is a SELECT in SPARQL that does what the header says."""
        try:
            answer = ox.Store().query(self._sparql)  # of nothing: it is only parsed
        except (SyntaxError, RuntimeError) as error:  # the last, of an unknown function
            self._say_syntax(str(error))
            return
        if not isinstance(answer, ox.QuerySolutions):
            message = Both("The query is not a SELECT.", "该查询不是 SELECT。")
            self._say("question-not-select", message, Both("Write a SELECT.", "请写成 SELECT。"))
            return
        self._check_columns(question, [variable.value for variable in answer.variables])
        self._check_parameters(question)
        if not _has_order(parse_query(self._sparql)):
            message = Both("The rows come in no order.", "各行没有次序。")
            remedy = Both("End it with ORDER BY all columns.", "请在末尾按各列 ORDER BY。")
            self._say("question-without-order", message, remedy)

    def _find_iris(self) -> Iterator[tuple[str, int]]:
        """Yield each IRI, prefixed or not, that is no prefix's own, with its line."""
        spaces: dict[str, str] = {}
        for two_before, before, token in zip(
            [None, None, *self._tokens], [None, *self._tokens], self._tokens, strict=False
        ):
            line = self._sparql.count("\n", 0, token.start) + 1
            if token.kind == "iri" and two_before and two_before.text.upper() == "PREFIX":
                spaces[before.text if before else ""] = token.text[1:-1]
            elif token.kind == "iri":
                yield token.text[1:-1], line
            elif token.kind == "name":
                prefix, colon, local = token.text.partition(":")
                if local and prefix + colon in spaces:
                    yield spaces[prefix + colon] + local, line

    def _check_columns(self, question: Question, selected: Sequence[str]) -> None:
        for column in question.columns:
            if column not in selected:
                message = Both(f"The query selects no ?{column}.", f"查询未选取 ?{column}。")
                remedy = Both("Select it, or drop its label.", "请选取之，或删去其标签。")
                self._say("question-columns", message, remedy)
        for column in selected:
            if column not in question.columns:
                message = Both(f"The column {column} has no label.", f"列 {column} 没有标签。")
                remedy = Both("Label it in [columns].", "请在 [columns] 中给出其标签。")
                self._say("question-columns", message, remedy)

    def _check_parameters(self, question: Question) -> None:
        used = {token.text[1:] for token in self._tokens if token.kind == "variable"}
        for name in (each.name for each in question.parameters if each.name not in used):
            message = Both(
                f"The query does not use its parameter {name}.", f"查询未使用其参数 {name}。"
            )
            remedy = Both(
                f"Use ?{name}, or drop [params.{name}].", f"请使用 ?{name}，或删去该参数。"
            )
            self._say("question-parameter-unused", message, remedy)

    def _say_syntax(self, error: str) -> None:
        place = _PLACE.fullmatch(error)
        reason = textwrap.shorten(place["reason"] if place else error, _LONGEST_REASON)
        message = Both(
            f"The query is not valid SPARQL: {reason}.", f"查询不是有效的 SPARQL：{reason}。"
        )
        remedy = Both("Mend it at this line.", "请在该行改正。")
        self._say("question-not-sparql", message, remedy, int(place["line"]) if place else 1)

    def _say(
        self,
        rule: str,
        message: Both,
        remedy: Both,
        line: int = 1,
        severity: Severity = Severity.VIOLATION,
    ) -> None:
        finding = Finding(
            rule=rule,
            message_en=message.en,
            message_zh=message.zh,
            remedy_en=remedy.en,
            remedy_zh=remedy.zh,
            severity=severity,
            file=self._file,
            line=line,
        )
        self.findings.append(finding)


def _cut(sparql: str) -> list[Token]:
    """Return the tokens of a query; none where it is no SPARQL, which others tell."""
    try:
        return read_tokens(sparql)
    except AidgraphError:
        return []


def _has_order(query: Query) -> bool:
    """Tell whether a SELECT says in which order its rows come, or can give one row only."""
    is_one_group = is_grouped(query) and not query.group_by
    return bool(query.order_by) or is_one_group or query.slice == "LIMIT 1"


def _find_known(sources: Sources) -> frozenset[str]:
    """Return the IRIs that the project describes: terms of the ontology, things of the data."""
    return frozenset(
        quad.subject.value
        for source in sources.all()
        for quad in source.quads
        if isinstance(quad.subject, ox.NamedNode)
    )


def _tell(file: str, error: AidgraphError) -> Sequence[Finding]:
    """Return the findings that an error has; else the one that it is."""
    if isinstance(error, DataError) and error.findings:
        return error.findings
    return [Finding(rule="unreadable", file=file, message_en=error.en, message_zh=error.zh)]
