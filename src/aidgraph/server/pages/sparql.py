"""The page of `/sparql`: a query in a plain field, its result as a table, and examples.

With the front-end built, the editor takes the field's place.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from aidgraph.answers.ask import ask_query, construct_triples
from aidgraph.answers.wording import show_silence
from aidgraph.errors import AidgraphError
from aidgraph.server.pages import cells, evidence
from aidgraph.server.pages.frame import Frame, render
from aidgraph.server.pages.home import list_questions, read_questions
from aidgraph.server.scanning import cap_rows, scan
from aidgraph.terms import prefixes, show_term

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aidgraph.server.desk import Desk
    from aidgraph.store.worker import Reply

_ROWS = 500
"""Rows on the page; who wants more asks for JSON or CSV."""

_EXPLAINED = 50
_FIRST = """SELECT ?helper ?area WHERE {
  ?helper a aid:Helper ;
          aid:pairedWith ?area .
}
ORDER BY ?helper ?area
LIMIT 20"""


def show(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Show the field for a query, and, where the address has one, its result or its fault."""
    frame = Frame(args)
    query = frame.control("query")
    result: dict[str, Any] = {}
    status = 200
    if query.strip():
        try:
            result = _ask(desk, query, frame)
        except AidgraphError as error:
            result, status = {"fault": error.text(frame.language)}, error.http_status
    return render(
        desk,
        frame,
        "sparql",
        status,
        query=query or _FIRST,
        result=result,
        prefixes=prefixes(),
        topics=list_questions(desk, frame),
        texts={each.name: _strip(each.sparql) for each in read_questions(desk)},
        vocabulary=_read_vocabulary(desk, frame),
    )


def _ask(desk: Desk, query: str, frame: Frame) -> dict[str, Any]:
    """Return the result of a query: columns and rows, or triples.

    Raises: as `scan` and `ask_query` do.
    """
    scanned = scan(query)
    if scanned.form in ("CONSTRUCT", "DESCRIBE"):
        triples = construct_triples(desk.dataset, query)
        listed = [*islice(triples or (), _ROWS + 1)]
        rows = [[cells.Shown(show_term(t), "", iri=_iri(t)) for t in triple] for triple in listed]
        return {"columns": ["subject", "predicate", "object"], **_cut(rows)}
    is_select = scanned.form == "SELECT"
    text = cap_rows(query, scanned.tokens, _ROWS + 1) if is_select else query
    is_explained = bool(frame.control("_why"))
    found = ask_query(desk.dataset, text, frame.language)
    if is_explained and len(found.rows) <= _EXPLAINED:
        # As it was typed: of a LIMIT put in here each row would say that it cannot be traced.
        found = ask_query(desk.dataset, query, frame.language, rules=desk.rules)
    rows = [[cells.show(cell, frame.language) for cell in row] for row in found.rows]
    reasons = [
        evidence.show(desk.dataset.store, each, untraced, row, frame.language)
        for each, untraced, row in zip(
            found.evidence or (), found.untraced, found.rows or ((),), strict=False
        )
    ]
    return {
        "columns": [*found.columns],
        "reasons": reasons,
        "silence": "" if found.rows else show_silence(found.searched, frame.language),
        **_cut(rows),
    }


def _cut(rows: list[list[cells.Shown]]) -> dict[str, Any]:
    return {"rows": rows[:_ROWS], "is_cut": len(rows) > _ROWS, "most": _ROWS}


def _iri(term: object) -> str:
    return str(getattr(term, "value", "")) if show_term(term)[:1] not in ('"', "") else ""


def _strip(sparql: str) -> str:
    """Return a question's query without its header."""
    lines = sparql.splitlines()
    return "\n".join(line for line in lines if not line.startswith("#+")).strip()


def _read_vocabulary(desk: Desk, frame: Frame) -> list[dict[str, str]]:
    """Return the ontology's terms for completion: CURIE, label, and whether it is a class."""
    from aidgraph.server.pages.ontology import list_terms

    return list_terms(desk, frame.language)
