"""An article's passages as RDF, by the W3C Web Annotation vocabulary.

A passage is a specific resource: a part of its article, picked out by two selectors.
`oa:start` counts code points from 0 and `oa:end` is the first one after, both over the
whole file. They are `xsd:integer`, not `xsd:nonNegativeInteger`, which some stores rewrite.

Source: https://www.w3.org/TR/annotation-model/#specific-resources, sections 4.2.4 and 4.2.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.articles import read_context
from aidgraph.terms import RDF_TYPE, XSD, aid, article_iri, passage_iri

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aidgraph.articles import Passage
    from aidgraph.sources import ArticleSource

    _Pair = tuple[ox.NamedNode, ox.NamedNode | ox.Literal]

_OA = "http://www.w3.org/ns/oa#"
_INTEGER = ox.NamedNode(f"{XSD}integer")


def describe_passages(article: ArticleSource) -> Iterator[ox.Quad]:
    """Yield what is known of each passage of `article`, in the graph of its record."""
    record = article_iri(article.id)
    for passage in article.passages:
        iri = passage_iri(article.id, passage.id)
        position = ox.NamedNode(f"{iri.value}-position")
        quote = ox.NamedNode(f"{iri.value}-quote")
        for subject, pairs in (
            (iri, _passage(record, passage, position, quote)),
            (position, _position(passage)),
            (quote, _quote(article.text, passage)),
        ):
            for predicate, value in pairs:
                yield ox.Quad(subject, predicate, value, record)


def _passage(
    record: ox.NamedNode, passage: Passage, position: ox.NamedNode, quote: ox.NamedNode
) -> Iterator[_Pair]:
    yield RDF_TYPE, aid("Passage")
    yield aid("paragraph"), _integer(passage.paragraph)
    yield aid("sentence"), _integer(passage.number)
    yield _oa("hasSource"), record
    yield _oa("hasSelector"), position
    yield _oa("hasSelector"), quote


def _position(passage: Passage) -> Iterator[_Pair]:
    yield RDF_TYPE, _oa("TextPositionSelector")
    yield _oa("start"), _integer(passage.start)
    yield _oa("end"), _integer(passage.end)


def _quote(text: str, passage: Passage) -> Iterator[_Pair]:
    prefix, suffix = read_context(text, passage.start, passage.end)
    yield RDF_TYPE, _oa("TextQuoteSelector")
    yield _oa("exact"), ox.Literal(passage.text)
    yield _oa("prefix"), ox.Literal(prefix)
    yield _oa("suffix"), ox.Literal(suffix)


def _oa(name: str) -> ox.NamedNode:
    return ox.NamedNode(_OA + name)


def _integer(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=_INTEGER)
