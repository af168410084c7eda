"""What the service says of itself: a SPARQL Service Description, and VoID.

Sources: https://www.w3.org/TR/sparql11-service-description/, https://www.w3.org/TR/void/
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.answers.triples import write_triples
from aidgraph.description import DATASET
from aidgraph.server.formats import TRIPLES
from aidgraph.terms import RDF_TYPE, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RESULTS = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV")
_GRAPHS = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")


def describe_service(endpoint: str, quads: int) -> Iterator[ox.Triple]:
    """Yield the description of the service at `endpoint`, an absolute address."""
    service = ox.NamedNode(endpoint)
    default = ox.NamedNode(f"{endpoint}#default-graph")
    yield _said(service, RDF_TYPE.value, f"{_SD}Service")
    yield _said(service, f"{_SD}endpoint", endpoint)
    yield _said(service, f"{_SD}supportedLanguage", f"{_SD}SPARQL11Query")
    yield _said(service, f"{_SD}feature", f"{_SD}UnionDefaultGraph")
    for name in (*_RESULTS, *_GRAPHS):
        yield _said(service, f"{_SD}resultFormat", f"{_FORMATS}{name}")
    yield _said(service, f"{_SD}defaultDataset", DATASET.value)
    yield _said(DATASET, RDF_TYPE.value, f"{_SD}Dataset")
    yield _said(DATASET, f"{_SD}defaultGraph", default.value)
    yield _said(default, RDF_TYPE.value, f"{_SD}Graph")
    yield ox.Triple(default, ox.NamedNode(f"{_VOID}triples"), _count(quads))


def describe_dataset(root: str, quads: int) -> Iterator[ox.Triple]:
    """Yield where the dataset is to be had, in VoID; `root` is the server's address and a slash."""
    yield _said(DATASET, RDF_TYPE.value, f"{_VOID}Dataset")
    yield _said(DATASET, f"{_VOID}sparqlEndpoint", f"{root}sparql")
    for suffix in ("nq", "ttl"):
        yield _said(DATASET, f"{_VOID}dataDump", f"{root}dump/aidgraph.{suffix}")
    yield _said(DATASET, f"{_VOID}uriLookupEndpoint", f"{root}search?q=")
    yield ox.Triple(DATASET, ox.NamedNode(f"{_VOID}triples"), _count(quads))


def write_description(triples: Iterable[ox.Triple], media_type: str) -> bytes:
    """Return triples in a format of `formats.TRIPLES`; Turtle with the project's prefixes."""
    form = TRIPLES[media_type]
    if form is ox.RdfFormat.TURTLE:
        return write_triples(triples, "turtle")
    if form is ox.RdfFormat.JSON_LD:
        return write_triples(triples, "jsonld")
    return ox.serialize(triples, format=form) or b""


def _said(subject: ox.NamedNode, predicate: str, value: str) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(predicate), ox.NamedNode(value))


def _count(quads: int) -> ox.Literal:
    return ox.Literal(str(quads), datatype=ox.NamedNode(f"{XSD}integer"))
