"""The names of things: prefixes, IRIs, and how both are shown to people."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.errors import DataError
from aidgraph.files import read_text
from aidgraph.project import installed_root

if TYPE_CHECKING:
    from pathlib import Path

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


def prefixes() -> dict[str, str]:
    """Return the prefixes, name to namespace, of the project that was opened last.

    Before one was, those of the installed project.
    """
    return _opened or _installed_prefixes()


def use_prefixes(ontology: Path) -> None:
    """Have everything show and read names with the prefixes of `ontology`, a project's folder.

    One process works on one project: so no function that shows a name has to be told which.

    Raises:
        UnreadableError: the folder has no `prefixes.ttl` that can be read.
        DataError: it is not Turtle.
    """
    found = _read_prefixes(ontology)
    _opened.clear()
    _opened.update(found)


@cache
def _installed_prefixes() -> dict[str, str]:
    return _read_prefixes(installed_root() / "ontology")


def _read_prefixes(ontology: Path) -> dict[str, str]:
    path = ontology / "prefixes.ttl"
    parser = ox.parse(read_text(path), format=ox.RdfFormat.TURTLE)
    try:
        list(parser)
    except SyntaxError as error:
        en = f"{path} is not valid Turtle: {error.msg}. Mend its syntax."
        raise DataError(en, f"{path} 不是有效的 Turtle：{error.msg}。请改正其语法。") from error
    return dict(parser.prefixes)


_opened: dict[str, str] = {}


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
