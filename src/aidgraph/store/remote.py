"""A remote store: any SPARQL 1.1 endpoint that a dataset was loaded into.

What stores do each in its own way is undone here, so that nobody else need know: Virtuoso gives
an ASK as a row, and some give only the first so many rows of an answer and do not say so. Such
a limit is a round number, or Virtuoso names it; an answer of that length is counted by the store.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import pyoxigraph as ox

from aidgraph.errors import LimitError, NotFoundError, RemoteError, UsageError
from aidgraph.store.faults import broken_off, name_place, not_results
from aidgraph.store.interface import Layout
from aidgraph.store.loaded import FINDING
from aidgraph.store.solutions import Solutions
from aidgraph.store.virtuoso import adapt, is_virtuoso, restore
from aidgraph.store.web import Endpoint
from aidgraph.terms import GRAPH, RDF_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aidgraph.sparql.tree import Query
    from aidgraph.store.credentials import Credentials
    from aidgraph.store.solutions import Term
    from aidgraph.store.web import Reply

_DATASET = ox.NamedNode(f"{GRAPH}dataset")
_OF_DATASETS = ox.NamedNode("http://rdfs.org/ns/void#Dataset")
_PROBE = f"""SELECT DISTINCT ?graph ?snapshot WHERE {{
  {{ GRAPH ?graph {{ {_DATASET} {RDF_TYPE} {_OF_DATASETS} }} }}
  UNION {{ {_DATASET} {RDF_TYPE} {_OF_DATASETS} }}
  UNION {{ {FINDING} }}
}}"""
_BLANK = "urn:aidgraph:blank:"
_ROUND = 100
"""What every limit on rows that a store has by itself is a multiple of."""
_LEAST_LIMIT = 1_000
"""No store limits descriptions to fewer triples by itself."""
_VIRTUOSO_ASK = "__ASK_RETVAL"
_VIRTUOSO_LIMIT = "X-SPARQL-MaxRows"
_VIRTUOSO_BLANK = re.compile(rb'("type":\s*"bnode",\s*"value":\s*")nodeID://')
_VIRTUOSO_CUT = "X-SQL-State"  # S1TAT: what was found until the time was over

_IRI = r"<[^<>\"{}|^`\\\s]*>"
_PROLOGUE = re.compile(
    rf"(?:\s+|\#[^\r\n]*|BASE\s*{_IRI}|PREFIX\s*(?P<name>[^\s:<]*):\s*{_IRI})*", re.IGNORECASE
)
_DECLARED = re.compile(rf"PREFIX\s*([^\s:<]*):\s*{_IRI}", re.IGNORECASE)
_FROM = re.compile(rf"\bFROM\s+(?:NAMED\s+)?(?:{_IRI}|[^\s{{]*:[^\s{{]*)", re.IGNORECASE)

AnyTerm = TypeVar("AnyTerm")


class Place(NamedTuple):
    """Where a dataset lies: its layout, the graph of all triples, if there is one, and in what.

    `snapshot` says which dataset it is, if a load has told the store (`loaded`), else it is "".
    """

    layout: Layout
    graph: ox.NamedNode | None
    in_virtuoso: bool
    snapshot: str


class RemoteStore:
    """A dataset to be asked in SPARQL 1.1, behind an address.

    What it raises beside what `Store` names: `NotFoundError` where the store holds no dataset.
    """

    def __init__(self, url: str, credentials: Credentials | None, timeout_s: float) -> None:
        """Ask the endpoint at `url`; each answer may take `timeout_s`. Nothing is sent yet."""
        self.url = url
        self._endpoint = Endpoint(url, credentials, timeout_s)

    @property
    def layout(self) -> Layout:
        """How the dataset lies in the store; asked for once."""
        return self.place.layout

    @cached_property
    def place(self) -> Place:
        """Where the dataset lies in the store; asked for once.

        Raises:
            NotFoundError: it holds none.
            RemoteError: its default graph is not the union of all graphs.
        """
        reply = self._endpoint.ask(_PROBE, "SELECT")
        found = self._read_rows(reply, "SELECT")
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
        snapshots = {row["snapshot"] for row in rows if row.get("snapshot")}
        graphs = {row["graph"] for row in rows if not row.get("snapshot")}
        place = name_place(self.url)
        if not graphs:
            en = f"No dataset of aidgraph is at {place}: load one (aidgraph load), or mend it."
            zh = f"{place} 处没有 aidgraph 的数据集：请载入（aidgraph load）或改正地址。"
            raise NotFoundError(en, zh)
        if None not in graphs:
            raise _no_union(place)
        named = [graph for graph in graphs if isinstance(graph, ox.NamedNode)]
        layout = Layout.QUADS if _DATASET in graphs else Layout.TRIPLES
        return Place(
            layout,
            named[0] if named and layout is Layout.TRIPLES else None,
            is_virtuoso(reply.body),
            next((said.value for said in snapshots if isinstance(said, ox.Literal)), ""),
        )

    def select(self, text: str, prefixes: Mapping[str, str] | None = None) -> Solutions:
        """Return the rows of a SELECT query, all of them.

        Raises:
            LimitError: the store gives only some of them.
        """
        query = declare(text, prefixes or {})
        reply = self._ask(query, "SELECT")
        found = self._read_rows(reply, "SELECT")
        rows = len(found.rows)
        may_be_cut = rows and (rows % _ROUND == 0 or _VIRTUOSO_LIMIT in reply.headers)
        if may_be_cut and (there := self._count(query)) > rows:
            raise _cut(name_place(self.url), rows, there)
        if self.place.in_virtuoso:
            return found._replace(rows=[tuple(map(restore, row)) for row in found.rows])
        return found

    def ask(self, text: str, prefixes: Mapping[str, str] | None = None) -> bool:
        """Return the answer of an ASK query."""
        reply = self._ask(declare(text, prefixes or {}), "ASK")
        answer = self._read(reply)
        if isinstance(answer, bool):
            return answer
        if answer.columns != (_VIRTUOSO_ASK,):
            raise not_results(self.url)
        return any(isinstance(said, ox.Literal) and said.value == "1" for (said,) in answer.rows)

    def construct(
        self, text: str, prefixes: Mapping[str, str] | None = None
    ) -> Iterator[ox.Triple]:
        """Return the triples of a CONSTRUCT or DESCRIBE query, all of them.

        A CONSTRUCT is made here, from the rows that its WHERE has there: of triples nobody could
        tell whether some are lacking. A description is as the store makes it.

        Raises:
            LimitError: the store does not give all of them, or may not have.
        """
        from aidgraph.sparql.parser import parse_query

        query = declare(text, prefixes or {})
        parsed = parse_query(query)
        if parsed.form == "CONSTRUCT":
            solved = parsed._replace(form="SELECT", head="*", items=(), template=())
            return iter([*_fill(parsed, self.select(str(solved)))])
        return iter(self._describe(query))

    def _describe(self, query: str) -> list[ox.Triple]:
        reply = self._ask(query, "DESCRIBE")
        kind = ox.RdfFormat.from_media_type(reply.headers.get_content_type())
        if kind is None:
            raise not_results(self.url)
        try:
            triples = [quad.triple for quad in ox.parse(reply.body, format=kind)]
        except (SyntaxError, ValueError) as error:
            raise not_results(self.url, str(error)) from error
        if len(triples) >= _LEAST_LIMIT and len(triples) % _ROUND == 0:
            raise _cut(name_place(self.url), len(triples), None)
        if not self.place.in_virtuoso:
            return triples
        return [ox.Triple(each.subject, each.predicate, restore(each.object)) for each in triples]

    def _ask(self, query: str, form: str) -> Reply:
        # The place first: without a dataset, or with half of one in sight, no answer is right.
        reply = self._endpoint.ask(adapt(query) if self.place.in_virtuoso else query, form)
        if _VIRTUOSO_CUT in reply.headers:
            place = name_place(self.url)
            en = f"The store at {place} ran out of time and gave part of an answer: ask for less."
            raise LimitError(en, f"{place} 处的存储超时，只给出部分答案：请缩小查询范围。")
        return reply

    def _count(self, query: str) -> int:
        """Return how many rows a SELECT query has, by the store's own count."""
        prologue = _PROLOGUE.match(query)
        start = prologue.end() if prologue else 0
        head, brace, body = query[start:].partition("{")
        clauses = " ".join(_FROM.findall(head))
        counting = (
            f"{query[:start]} SELECT (COUNT(*) AS ?rows) {clauses} WHERE "
            f"{{ {{ {_FROM.sub(' ', head)}{brace}{body}\n}} }}"
        )
        ((number,),) = self._read_rows(self._ask(counting, "SELECT"), "SELECT").rows
        return int(number.value) if isinstance(number, ox.Literal) else 0

    def _read_rows(self, reply: Reply, form: str) -> Solutions:
        answer = self._read(reply)
        if not isinstance(answer, bool):
            return answer
        if form != "SELECT":
            raise not_results(self.url)
        en = "The query is not a SELECT: give a SELECT query."
        raise UsageError(en, "该查询不是 SELECT：请给出 SELECT 查询。")

    def _read(self, reply: Reply) -> Solutions | bool:
        if reply.headers.get_content_type() == "text/html" or reply.body.lstrip()[:1] != b"{":
            raise not_results(self.url)
        try:
            return _parse(_VIRTUOSO_BLANK.sub(rb"\1", reply.body))
        except (SyntaxError, ValueError) as error:
            reason = str(error)
        # Not above: pyoxigraph's iterator, which the first error holds, may change no thread.
        raise self._unreadable(reply, reason)

    def _unreadable(self, reply: Reply, reason: str) -> RemoteError:
        """Return the error of results that cannot be read; cut ones lack their end."""
        is_whole = reply.body.rstrip().endswith(b"}")
        return not_results(self.url, reason) if is_whole else broken_off(self.url)


def _parse(body: bytes) -> Solutions | bool:
    answer = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(answer, ox.QueryBoolean):
        return bool(answer)
    columns = tuple(variable.value for variable in answer.variables)
    return Solutions(columns, [tuple(solution) for solution in answer])


def declare(text: str, prefixes: Mapping[str, str]) -> str:
    """Return the query with those of `prefixes` declared that it may use and does not declare.

    All stands in the first line, so that the store tells lines as they were typed.

    >>> declare("PREFIX a: <urn:a> SELECT * { a:x b:y ?z }", {"a": "urn:1", "b": "urn:2"})
    'PREFIX b: <urn:2> PREFIX a: <urn:a> SELECT * { a:x b:y ?z }'
    """
    prologue = _PROLOGUE.match(text)
    declared = set(_DECLARED.findall(prologue[0])) if prologue else set()
    used = (
        f"PREFIX {name}: <{space}> "
        for name, space in prefixes.items()
        if f"{name}:" in text and name not in declared
    )
    return "".join(used) + text


def _fill(query: Query, found: Solutions) -> Iterator[ox.Triple]:
    """Return the triples that a CONSTRUCT makes of its solutions; by an empty store in memory.

    Blank nodes cannot stand in VALUES: there they are IRIs.
    """
    rows = (" ".join(map(_as_value, row)) for row in found.rows)
    names = " ".join(f"?{column}" for column in found.columns)
    template = " ".join(map(str, query.template))
    values = f"VALUES ({names}) {{ {' '.join(f'({row})' for row in rows)} }}"
    text = f"{query.prologue} CONSTRUCT {{ {template} }} WHERE {{ {values} }}"
    answer = ox.Store().query(text)
    if isinstance(answer, ox.QueryTriples):
        for triple in answer:
            yield ox.Triple(_as_node(triple.subject), triple.predicate, _as_node(triple.object))


def _as_value(term: Term | None) -> str:
    if term is None:
        return "UNDEF"
    return f"<{_BLANK}{term.value}>" if isinstance(term, ox.BlankNode) else str(term)


def _as_node(term: AnyTerm) -> AnyTerm | ox.BlankNode:
    if isinstance(term, ox.NamedNode) and term.value.startswith(_BLANK):
        return ox.BlankNode(term.value.removeprefix(_BLANK))
    return term


def _cut(place: str, rows: int, there: int | None) -> LimitError:
    en, zh = (f"of {there:,}", f"{there:,} 行中的") if there else ("or more", "（或更多）")
    en = (
        f"The store at {place} gives only {rows:,} {en} rows: raise its limit "
        "(Virtuoso: ResultSetMaxRows), or ask for less."
    )
    zh = (
        f"{place} 处的存储只给出{zh} {rows:,} 行：请提高其上限"
        "（Virtuoso：ResultSetMaxRows），或缩小查询范围。"
    )
    return LimitError(en, zh)


def _no_union(place: str) -> RemoteError:
    en = (
        f"The default graph of {place} is not the union of its graphs: set it so (Fuseki: "
        "tdb2:unionDefaultGraph true; Oxigraph: --union-default-graph), or load with "
        "“--layout triples”."
    )
    zh = (
        f"{place} 的默认图不是各图的并集：请设为并集（Fuseki：tdb2:unionDefaultGraph true；"
        "Oxigraph：--union-default-graph），或用“--layout triples”载入。"
    )
    return RemoteError(en, zh)
