"""Every proper name and figure of the articles stands in the graph.

`named-in-the-articles.tsv` was made by reading the articles, by somebody who had not seen the
facts. Where the words name nothing of which a sentence says something, its last column says why.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

from aidgraph.project import find_project
from aidgraph.sources import ArticleSource, Sources, read_sources
from aidgraph.terms import RDFS_LABEL, SKOS_ALT_LABEL, aid, article_iri

TABLE = Path(__file__).parent / "data" / "named-in-the-articles.tsv"
NAMING = {RDFS_LABEL, SKOS_ALT_LABEL, aid("nameParts")}
# What may stand between two names that the table gives as one stretch of text.
JOINS = re.compile(r"及所属|项目|县|[、的“”《》]")


class Row(NamedTuple):
    """One line of the table."""

    article: str
    words: str
    kind: str
    note: str
    left_out: str


@cache
def read_rows() -> list[Row]:
    """Return the lines of the table."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        lines = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        next(lines)
        return [Row(*line) for line in lines]


@cache
def sources() -> Sources:
    """Return the files of this project."""
    return read_sources(find_project(Path(__file__).parents[1]))


@cache
def names() -> dict[str, set[str]]:
    """Return the Chinese names of each thing, the parts of a composed one apart."""
    found: dict[str, set[str]] = defaultdict(set)
    for source in sources().all():
        for quad in source.quads:
            if quad.predicate in NAMING and (name := read_chinese(quad.object)):
                found[str(quad.subject)].update(name.split("|"))
    return found


def read_chinese(term: object) -> str:
    """Return the text of a Chinese literal, "" of any other term."""
    return term.value if isinstance(term, ox.Literal) and term.language == "zh" else ""


def get_article(identifier: str) -> ArticleSource:
    """Return the article of that id."""
    return next(article for article in sources().articles if article.id == identifier)


@cache
def words_of_facts(identifier: str) -> frozenset[str]:
    """Return the names of what an article's facts are about, and the words they quote."""
    record = article_iri(identifier)
    words: set[str] = set()
    for quad in get_article(identifier).facts.quads:
        excuse = quad.graph_name == record and quad.predicate == aid("inPassing")
        for term in (quad.subject, quad.object):
            words |= names().get(str(term), set())
            if not excuse:
                words.add(read_chinese(term))
    return frozenset(word.replace("\n", "") for word in words if word)


def find_unsaid(words: str, known: frozenset[str]) -> str:
    """Return what is left of `words` when every known name and quoted word is taken out."""
    if any(words in name for name in known):
        return ""
    for name in sorted(known, key=len, reverse=True):
        words = words.replace(name, "、")
    return JOINS.sub("", words)


@pytest.mark.parametrize("row", [row for row in read_rows() if not row.left_out], ids=str)
def test_what_the_article_names_stands_in_the_graph(row: Row) -> None:
    """The words are the name of an end of a fact of that article, or stand in its quoted words."""
    unsaid = find_unsaid(row.words.replace("\n", ""), words_of_facts(row.article))

    assert unsaid == ""


@pytest.mark.parametrize("row", read_rows(), ids=str)
def test_the_table_quotes_the_article(row: Row) -> None:
    """Each row's words stand in its article, so that the table cannot drift from the text."""
    assert row.words in get_article(row.article).text
