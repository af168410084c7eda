"""Shapes: what the data must look like, in SHACL, checked by pySHACL.

The shapes are in `ontology/shapes/`, one file a topic; each has its message in both languages,
with the remedy. pySHACL and rdflib take a third of a second to import, so only a check of the
data does; terms go over to rdflib one by one, since parsing the files again would take longer.
"""

from __future__ import annotations

import gc
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.errors import DataError
from aidgraph.findings import Finding, Severity
from aidgraph.gates.standings import Standings
from aidgraph.terms import AID, AIDSH, GRAPH, show_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import rdflib
    from rdflib.term import Node

    from aidgraph.sources import Source, Sources
    from aidgraph.store import Term

_SH = "http://www.w3.org/ns/shacl#"
_SEVERITIES = {
    f"{_SH}Warning": Severity.WARNING,
    f"{_SH}Info": Severity.INFO,
}
_UNTOLD_EN = "this does not fit the shape, which has no message: read it, or give it an sh:message."
_UNTOLD_ZH = "不符合该形状约束，而该约束没有说明：请查阅之，或为其补写 sh:message。"
_NO_DATA = frozenset(ox.NamedNode(f"{GRAPH}{name}") for name in ("ontology", "shapes"))


def check_shapes(quads: Iterable[ox.Quad], sources: Sources) -> list[Finding]:
    """Check the whole dataset, inferred triples included, against the shapes of `sources`.

    The ontology is passed in beside the data, so that a subclass has its parents' shapes.
    Findings have the shape's name as rule (`aidsh:Money-bound`), and the file and graph where
    the node at fault stands.
    """
    data = [quad.triple for quad in quads if quad.graph_name not in _NO_DATA]
    try:
        results = validate(data, _triples(sources.ontology), _triples(sources.shapes))
    except DataError as error:
        return [_find_fault(data, sources) or _ill_formed(error)]
    if not results:
        return []
    standings, messages = Standings(sources.all()), _read_messages(sources)
    findings = {_finding(result, standings, messages) for result in results}
    return sorted(findings, key=Finding.sort_key)


def check_shape_terms(sources: Sources) -> list[Finding]:
    """Check that shapes are made of terms that there are: pySHACL passes over a misspelt one."""
    from rdflib import SH

    known = {quad.subject for source in sources.all() for quad in source.quads}
    return [
        Finding(
            rule="unknown-term",
            message_en=f"There is no {show_term(term)}: the shape asks for less than it says.",
            message_zh=f"没有 {show_term(term)}：该约束未能起到应有的作用。",
            remedy_en="Correct the spelling.",
            remedy_zh="请改正拼写。",
            file=source.file,
            graph=show_term(quad.graph_name),
            subject="" if isinstance(quad.subject, ox.BlankNode) else show_term(quad.subject),
            predicate=show_term(quad.predicate),
            object="" if isinstance(quad.object, ox.BlankNode) else show_term(quad.object),
        )
        for source in sources.shapes
        for quad in source.quads
        for term in (quad.predicate, quad.object)
        if (_iri(term).startswith(_SH) and _iri(term).removeprefix(_SH) not in SH)
        or (_iri(term).startswith((AID, AIDSH)) and term not in known)
    ]


def validate(
    data: Iterable[ox.Triple], ontology: Iterable[ox.Triple], shapes: Iterable[ox.Triple]
) -> list[dict[str, Term]]:
    """Return the results of a SHACL validation: each with its values by local name of property.

    Messages are left out, since there are several; the rest of a result is single-valued.

    Raises:
        DataError: a shape is ill-formed.
    """
    with _no_search_for_garbage():
        return _run(_to_rdflib(data), _to_rdflib(shapes), _to_rdflib(ontology))


def _run(
    data: rdflib.Graph, shapes: rdflib.Graph, ontology: rdflib.Graph | None = None
) -> list[dict[str, Term]]:
    import pyshacl  # slow to import, and only a check of the data needs it
    from rdflib import Graph

    logging.getLogger("pyshacl-validate").disabled = True  # it would write to standard error
    try:
        _, report, _ = pyshacl.validate(data, ont_graph=ontology, shacl_graph=shapes, inplace=True)
    except Exception as error:  # noqa: BLE001  # what its parts raise has no class in common
        report = error
    if not isinstance(report, Graph):
        reason = str(report).partition("\n")[0]
        en, zh = f"The shapes cannot be applied: {reason}.", f"无法应用这些约束：{reason}。"
        raise DataError(en, zh)
    return list(_read_results(report))


@contextmanager
def _no_search_for_garbage() -> Iterator[None]:
    """Leave cycles to be found later: a validation makes a million objects, and hardly any cycle.

    To look through them again and again takes a tenth of its time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _read_results(report: rdflib.Graph) -> Iterator[dict[str, Term]]:
    from rdflib import URIRef

    for node in report.objects(None, URIRef(f"{_SH}result")):
        yield {
            str(predicate).removeprefix(_SH): _to_oxigraph(value)
            for predicate, value in report.predicate_objects(node)
            if predicate != URIRef(f"{_SH}resultMessage")
        }


def _find_fault(data: Iterable[ox.Triple], sources: Sources) -> Finding | None:
    """Try each shape by itself; return the finding of the first that is ill-formed."""
    graph = _to_rdflib((*data, *_triples(sources.ontology)))
    about: dict[object, list[ox.Triple]] = {}
    for triple in _triples(sources.shapes):
        about.setdefault(triple.subject, []).append(triple)
    for source in sources.shapes:
        for shape in dict.fromkeys(quad.subject for quad in source.quads):
            if isinstance(shape, ox.NamedNode):
                try:
                    _run(graph, _to_rdflib(_find_parts(shape, about)))
                except DataError as error:
                    return _ill_formed(error, source.file, show_term(shape))
    return None


def _find_parts(
    shape: ox.NamedNode, about: Mapping[object, Iterable[ox.Triple]]
) -> Iterator[ox.Triple]:
    """Yield what is said of a shape and of all that it leads to."""
    seen: set[Term] = {shape}
    ahead: list[Term] = [shape]
    while ahead:
        for triple in about.get(ahead.pop(), ()):
            yield triple
            if triple.object not in seen:
                seen.add(triple.object)
                ahead.append(triple.object)


def _ill_formed(error: DataError, file: str = "ontology/shapes", shape: str = "") -> Finding:
    return Finding(
        rule="shape-ill-formed",
        message_en=f"{shape}: {error.en}" if shape else error.en,
        message_zh=f"{shape}：{error.zh}" if shape else error.zh,
        remedy_en="Mend the shape.",
        remedy_zh="请改正该约束。",
        file=file,
        subject=shape,
    )


def _read_messages(sources: Sources) -> dict[tuple[Term | None, str], str]:
    """Return the message of each shape in each language; pySHACL loses some languages."""
    return {
        (triple.subject, triple.object.language or ""): triple.object.value
        for triple in _triples(sources.shapes)
        if triple.predicate.value == f"{_SH}message" and isinstance(triple.object, ox.Literal)
    }


def _finding(
    result: Mapping[str, Term],
    standings: Standings,
    messages: Mapping[tuple[Term | None, str], str],
) -> Finding:
    shape, focus, value, path = (
        result.get(name) for name in ("sourceShape", "focusNode", "value", "resultPath")
    )
    if _is_term_of_ours(focus) and value is not None:  # a constraint that starts from the class
        focus, value = value, None
    if value == focus:
        value = None
    predicate = path if isinstance(path, ox.NamedNode) else None  # a blank node is an inverse path
    shown = " ".join(show_term(term) for term in (focus, predicate, value) if term is not None)
    standing = standings.find(focus, predicate, value)
    return Finding(
        rule=show_term(shape),
        message_en=f"{shown}: {messages.get((shape, 'en'), _UNTOLD_EN)}",
        message_zh=f"{shown}：{messages.get((shape, 'zh'), _UNTOLD_ZH)}",
        severity=_SEVERITIES.get(_iri(result.get("resultSeverity")), Severity.VIOLATION),
        file=standing.file,
        graph=standing.graph,
        subject=show_term(focus),
        predicate=show_term(predicate),
        object=show_term(value),
    )


def _iri(term: Term | None) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _is_term_of_ours(term: Term | None) -> bool:
    return _iri(term).startswith(AID)


def _triples(sources: Iterable[Source]) -> Iterator[ox.Triple]:
    return (quad.triple for source in sources for quad in source.quads)


def _to_rdflib(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """Return an rdflib graph of the triples; a term that recurs is converted once."""
    from rdflib import BNode, Graph, Literal, URIRef

    seen: dict[object, Node] = {}

    def convert(term: Term) -> Node:
        node = seen.get(term)
        if node is None:
            if isinstance(term, ox.NamedNode):
                node = URIRef(term.value)
            elif isinstance(term, ox.Literal):
                datatype = None if term.language else URIRef(term.datatype.value)
                node = Literal(term.value, lang=term.language, datatype=datatype, normalize=False)
            else:
                node = BNode(str(term)[2:])
            seen[term] = node
        return node

    graph = Graph(bind_namespaces="none")
    for subject, predicate, value in triples:
        graph.add((convert(subject), convert(predicate), convert(value)))
    return graph


def _to_oxigraph(node: Node) -> Term:
    """Return a term of a validation report as pyoxigraph has it."""
    from rdflib import Literal, URIRef

    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        datatype = ox.NamedNode(str(node.datatype)) if node.datatype else None
        return ox.Literal(str(node), datatype=datatype)
    return ox.BlankNode()
