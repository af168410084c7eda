"""The names of things: prefixes, IRIs, and how both are shown to people."""

from __future__ import annotations

import re
from functools import cache

import pyoxigraph as ox

from aidgraph.project import installed_root

BASE = "https://w3id.org/aidgraph/"
AID = f"{BASE}ont#"
AIDSH = f"{BASE}shapes#"
ARTICLE = f"{BASE}article/"
GRAPH = f"{BASE}graph/"
REFERENCE = f"{GRAPH}reference/"
QUERY = f"{BASE}query/"
RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
RDFS_LABEL = ox.NamedNode(f"{RDFS}label")
SKOS = "http://www.w3.org/2004/02/skos/core#"
SKOS_ALT_LABEL = ox.NamedNode(f"{SKOS}altLabel")
XSD = "http://www.w3.org/2001/XMLSchema#"

_PASSAGE = re.compile(
    rf"{re.escape(ARTICLE)}(?P<article>[^/]+)/(?P<passage>p\d+\.\d+)(?P<node>-.+)?"
)
_LOCAL_NAME = re.compile(r"[\w][\w.-]*(?<!\.)", re.ASCII)


def aid(name: str) -> ox.NamedNode:
    """Return the IRI of the ontology's term `name`, without its prefix."""
    return ox.NamedNode(AID + name)


def article_iri(article_id: str) -> ox.NamedNode:
    """Return the IRI of an article; it also names the graph of its record."""
    return ox.NamedNode(ARTICLE + article_id)


def passage_iri(article_id: str, passage_id: str) -> ox.NamedNode:
    """Return the IRI of a passage (`p12.2`); it also names the graph of what it says."""
    return ox.NamedNode(f"{ARTICLE}{article_id}/{passage_id}")


def split_passage(iri: str) -> tuple[str, str, str] | None:
    """Return (article id, passage id, node name or "") of an IRI at or under a passage.

    >>> split_passage("https://w3id.org/aidgraph/article/a/p15.2-money")
    ('a', 'p15.2', 'money')
    >>> split_passage("https://w3id.org/aidgraph/article/a") is None
    True
    """
    found = _PASSAGE.fullmatch(iri)
    if found is None:
        return None
    return found["article"], found["passage"], (found["node"] or "")[1:]


@cache
def prefixes() -> dict[str, str]:
    """Return the project's prefixes, name to namespace, as `ontology/prefixes.ttl` has them."""
    parser = ox.parse(path=installed_root() / "ontology" / "prefixes.ttl")
    list(parser)
    return dict(parser.prefixes)


def curie(iri: str) -> str:
    """Return the short name of an IRI for people: a CURIE, or `<iri>` where no prefix fits.

    >>> curie("https://w3id.org/aidgraph/ont#status")
    'aid:status'
    >>> curie("https://w3id.org/aidgraph/article/a/p15.2-money")
    'p15.2-money'
    """
    if (passage := split_passage(iri)) is not None:
        _, identifier, node = passage
        return f"{identifier}-{node}" if node else identifier
    if iri.startswith(ARTICLE):  # an article's graphs: people need no escape for the slash
        return f"article:{iri.removeprefix(ARTICLE)}"
    fits = ((name, space) for name, space in prefixes().items() if iri.startswith(space))
    name, space = max(fits, key=lambda pair: len(pair[1]), default=("", ""))
    local = iri[len(space) :]
    return f"{name}:{local}" if name and _LOCAL_NAME.fullmatch(local) else f"<{iri}>"


def show_term(term: object) -> str:
    """Return a term for people: CURIEs for IRIs, N-Triples for the rest, "" for None."""
    if isinstance(term, ox.NamedNode):
        return curie(term.value)
    return "" if term is None else str(term)
