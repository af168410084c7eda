"""A task of the workers: SPARQL as anybody typed it, and graphs, in the W3C's formats."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NoReturn

import pyoxigraph as ox

from aidgraph.errors import NotFoundError, UsageError
from aidgraph.server.formats import SOLUTIONS, TRIPLES, with_charset
from aidgraph.server.negotiation import choose_type
from aidgraph.server.problems import Problem
from aidgraph.server.scanning import FORMS, cap_rows, scan
from aidgraph.store.worker import Reply
from aidgraph.terms import prefixes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aidgraph.server.desk import Desk
    from aidgraph.server.scanning import Scanned

_Found = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


def answer(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Answer a query.

    `args`: `sparql`; `base`, what relative IRIs are resolved against; `accept`, the header;
    `default` and `named`, graphs that go before FROM; `rows` and `bytes`, the most that are given.

    Raises:
        Problem: as `scan` does; 406, no such format; 422, too many rows or bytes.
        UsageError: the query is not SPARQL 1.1.
    """
    sparql: str = args["sparql"]
    scanned = scan(sparql)
    is_rows = scanned.form not in ("CONSTRUCT", "DESCRIBE")
    media_type = choose_type(args["accept"], [*(SOLUTIONS if is_rows else TRIPLES)])
    text = sparql
    if scanned.form == "SELECT":
        text = cap_rows(sparql, scanned.tokens, args["rows"] + 1)
    try:
        found = _ask(desk, text, scanned, args)
        if not scanned.form:  # the engine reads CONSTRUCTWHERE as two words
            raise _no_form()
        body = _write(found, media_type)
    except (SyntaxError, ValueError, RuntimeError, OSError) as error:
        _explain(desk, sparql, error)
    if scanned.form == "SELECT" and _has_more(body, media_type, args["rows"]):
        raise _too_many_rows(args["rows"])
    check_size(body, args["bytes"])
    return Reply({"status": 200, "type": with_charset(media_type)}, body)


def read_graph(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Return a graph: `graphs`, the IRIs that it may have, or None for the default graph.

    `args` also has `accept`, the header, and `bytes`, the most that are given.

    Raises:
        NotFoundError: there is no such graph.
        Problem: 406, no such format; 422, the graph is too large.
    """
    media_type = choose_type(args["accept"], [*TRIPLES])
    form = TRIPLES[media_type]
    if args["graphs"] is None:
        every = desk.backing.query(
            "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", use_default_graph_as_union=True
        )
        body = _write(every, media_type)
    else:
        found = next(filter(desk.backing.contains_named_graph, map(_node, args["graphs"])), None)
        if found is None:
            shown = args["graphs"][0]
            listing = "“SELECT DISTINCT ?g { GRAPH ?g {} }”"
            en = f"There is no graph <{shown}>: /sparql lists them with {listing}."
            zh = f"没有图 <{shown}>：在 /sparql 用 {listing} 可列出全部。"
            raise NotFoundError(en, zh)
        named = prefixes() if form is ox.RdfFormat.TURTLE else None
        body = desk.backing.dump(format=form, from_graph=found, prefixes=named) or b""
    check_size(body, args["bytes"])
    return Reply({"status": 200, "type": with_charset(media_type)}, body)


def check_size(body: bytes, most: int) -> None:
    """Check that an answer is not too large. Raises `Problem`, 422."""
    if len(body) > most:
        limit = f"{most // 2**20} MB" if most >= 2**20 else f"{most // 2**10} kB"
        en = f"The answer is larger than {limit}: ask for less, or take the whole at /dump."
        raise Problem(422, en, f"答案大于 {limit}：请缩小查询范围，或由 /dump 取得全部。")


def _ask(desk: Desk, text: str, scanned: Scanned, args: Mapping[str, Any]) -> _Found:
    default: Sequence[str] = args["default"]
    named: Sequence[str] = args["named"]
    if not default and not named:
        return desk.backing.query(
            text,
            base_iri=args["base"],
            prefixes=prefixes(),
            use_default_graph_as_union=not scanned.has_dataset,
        )
    return desk.backing.query(
        text,
        base_iri=args["base"],
        prefixes=prefixes(),
        default_graph=[*map(_node, default)],
        named_graphs=[*map(_node, named)],
    )


def _node(iri: str) -> ox.NamedNode:
    try:
        return ox.NamedNode(iri)
    except ValueError as error:
        en = f"“{iri}” is no absolute IRI: name a graph by its IRI."
        raise UsageError(en, f"“{iri}”不是绝对 IRI：请用 IRI 指明图。") from error


def _write(found: _Found, media_type: str) -> bytes:
    if isinstance(found, ox.QueryTriples):
        return found.serialize(format=TRIPLES[media_type]) or b""
    return found.serialize(format=SOLUTIONS[media_type]) or b""


def _explain(desk: Desk, sparql: str, error: Exception) -> NoReturn:
    """Raise what is wrong with a query, of the text as it was typed."""
    reason = error
    if isinstance(error, SyntaxError):
        try:
            desk.backing.query(sparql, prefixes=prefixes())
        except SyntaxError as own:
            reason = own
    said = str(reason)
    if "Prefix not found" in said:  # what else might stand there takes many lines
        said = f"{said.partition(': ')[0]}: Prefix not found"
    en = f"The query cannot be answered: {said}."
    raise UsageError(en, f"无法回答该查询：{said}。") from error


def _has_more(body: bytes, media_type: str, rows: int) -> bool:
    """Tell whether there are more than `rows` rows; they are only counted where there may be."""
    form = SOLUTIONS[media_type]
    if form is ox.QueryResultsFormat.XML:
        return body.count(b"<result>") > rows
    if form is ox.QueryResultsFormat.JSON:
        return body.count(b"},{") >= rows and len(json.loads(body)["results"]["bindings"]) > rows
    if form is ox.QueryResultsFormat.TSV:
        return body.count(b"\n") - 1 > rows
    return body.count(b"\n") - 1 > rows and _count_csv(body) > rows


def _count_csv(body: bytes) -> int:
    import csv

    return sum(1 for _ in csv.reader(body.decode().splitlines(keepends=True))) - 1


def _no_form() -> UsageError:
    listed = ", ".join(FORMS)
    en = f"The query is of no form: begin it with one of {listed}, and a blank."
    return UsageError(en, f"查询没有形式：请以 {listed} 之一开头，其后空格。")


def _too_many_rows(rows: int) -> Problem:
    en = f"There are more than {rows:,} rows: page through them with ORDER BY, LIMIT and OFFSET."
    zh = f"结果超过 {rows:,} 行：请用 ORDER BY、LIMIT 与 OFFSET 分页。"
    return Problem(422, en, zh, more={"rows": rows})
