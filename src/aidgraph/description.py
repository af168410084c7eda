"""The dataset's description of itself: what it is, from which sources, under which licence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.collection import COLLECTION
from aidgraph.terms import AID, BASE, GRAPH, RDF_TYPE, RDFS_LABEL, REFERENCE, article_iri

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aidgraph.sources import ArticleSource, Sources

DATASET = ox.NamedNode(f"{GRAPH}dataset")
"""The dataset; it also names the graph of its description."""

_DCTERMS = "http://purl.org/dc/terms/"
_VOID = "http://rdfs.org/ns/void#"
_CLASSES = (f"{_VOID}Dataset", "http://www.w3.org/ns/dcat#Dataset")
_NAMES_IN = {"en": "Names in “{}”", "zh": "《{}》所及名称"}
_SHARED_NAMES = {"en": "Names that several articles share", "zh": "多篇报道共有的名称"}
_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_TEXTS = {
    RDFS_LABEL.value: ("aidgraph: pairing assistance to Xinjiang", "对口援疆知识图谱"),
    f"{_DCTERMS}description": (
        "Newspaper articles on pairing assistance: each fact in the graph of its sentence.",
        "对口援疆的新闻报道：每条事实存于说出它的句子之图中。",
    ),
    f"{_DCTERMS}rights": (
        "The articles' own words, quoted as evidence, belong to their publishers; all else: CC BY.",
        "引作证据的报道原文，版权归其发布单位所有；其余均依 CC BY 授权。",
    ),
    f"{_DCTERMS}bibliographicCitation": (
        f"aidgraph: pairing assistance to Xinjiang, as newspapers report it. {BASE} (CC BY 4.0).",
        f"aidgraph：对口援疆知识图谱，据新闻报道。{BASE}（CC BY 4.0）。",
    ),
}


def describe_dataset(sources: Sources) -> Iterator[ox.Quad]:
    """Yield the description of the dataset built from `sources`, in its own graph.

    Its questions are a part of it, described in theirs.

    The graphs that say only what things are called are labelled, so that evidence can name them;
    an article's, in its record.
    """
    for iri in _CLASSES:
        yield _quad(RDF_TYPE.value, ox.NamedNode(iri))
    for predicate, (english, chinese) in _TEXTS.items():
        yield _quad(predicate, ox.Literal(english, language="en"))
        yield _quad(predicate, ox.Literal(chinese, language="zh"))
    yield _quad(f"{_DCTERMS}license", ox.NamedNode(_LICENCE))
    for language in ("en", "zh"):
        yield _quad(f"{_DCTERMS}language", ox.Literal(language))
    yield _quad(f"{_VOID}uriSpace", ox.Literal(BASE))
    yield _quad(f"{_VOID}vocabulary", ox.NamedNode(AID))
    yield _quad(f"{_VOID}subset", COLLECTION)
    for article in sources.articles:
        record = article_iri(article.id)
        yield _quad(f"{_DCTERMS}source", record)
        for title in _read_titles(article, record):
            named = ox.NamedNode(f"{record.value}/entities")
            yield ox.Quad(named, RDFS_LABEL, title, record)
    for language, text in _SHARED_NAMES.items():
        named = ox.NamedNode(f"{GRAPH}entities")
        yield ox.Quad(named, RDFS_LABEL, ox.Literal(text, language=language), DATASET)
    for source in sources.reference:
        stem = source.file.rpartition("/")[2].removesuffix(".ttl")
        yield _quad(f"{_DCTERMS}source", ox.NamedNode(REFERENCE + stem))


def _read_titles(article: ArticleSource, iri: ox.NamedNode) -> Iterator[ox.Literal]:
    """Yield how the graph of an article's names is called, after the title in its record."""
    for quad in article.record.quads:
        title = quad.object
        if quad.subject == iri and quad.predicate == RDFS_LABEL and isinstance(title, ox.Literal):
            text = _NAMES_IN[title.language or "en"].format(title.value)
            yield ox.Literal(text, language=title.language)


def _quad(predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
    return ox.Quad(DATASET, ox.NamedNode(predicate), value, DATASET)
