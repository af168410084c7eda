"""The passages of the articles, as the graph has them: words, place, how many facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.answers.results import Evidence, read_labels
from aidgraph.errors import AmbiguousError, NotFoundError
from aidgraph.terms import ARTICLE, aid, article_iri, split_passage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aidgraph.questions import Language
    from aidgraph.store import Store

_OA = "PREFIX oa: <http://www.w3.org/ns/oa#>"
_PASSAGE = aid("Passage")
_BATCH = 1000  # passages in one VALUES


class Quote(NamedTuple):
    """The exact words of a passage, and where they stand: code points of the article's file.

    `translation` is our own, into English, where there is one.
    """

    iri: str
    text: str
    start: int
    end: int
    translation: str | None = None

    @property
    def article(self) -> str:
        """The id of the article."""
        return self.iri.removeprefix(ARTICLE).partition("/")[0]

    @property
    def passage(self) -> str:
        """The id of the passage in its article, as `p12.2`."""
        return self.iri.rpartition("/")[2]


def cite(quote: Quote) -> Evidence:
    """Return a passage's words as evidence."""
    return Evidence(
        kind="article",
        passage=quote.passage,
        text=quote.text,
        start=quote.start,
        end=quote.end,
        article=quote.article,
        translation=quote.translation,
    )


class PassageFacts(NamedTuple):
    """A passage, how many triples it carries, and if none, why: a label in the language asked.

    `translation` is our own, into English, where there is one.
    """

    id: str
    text: str
    start: int
    end: int
    facts: int
    reason: str | None
    translation: str | None

    def as_dict(self) -> dict[str, object]:
        """Return the passage as a JSON object."""
        return self._asdict()


def count_passages(store: Store) -> int:
    """Return how many passages the articles have."""
    query = f"SELECT (COUNT(DISTINCT ?passage) AS ?number) WHERE {{ ?passage a {_PASSAGE} }}"
    ((number,),) = store.select(query).rows
    return int(number.value) if isinstance(number, ox.Literal) else 0


def read_quotes(store: Store, passages: Iterable[str]) -> dict[str, Quote]:
    """Return the words of each of `passages` (IRIs) that the graph knows."""
    wanted = sorted(set(passages))
    batches = (wanted[first : first + _BATCH] for first in range(0, len(wanted), _BATCH))
    quotes = (
        quote
        for batch in batches
        for quote in _select_quotes(
            store, f"VALUES ?passage {{ {' '.join(str(ox.NamedNode(iri)) for iri in batch)} }}"
        )
    )
    return {quote.iri: quote for quote in quotes}


def find_article(store: Store, name: str) -> str:
    """Return the id of the article that `name` is, or is the only one to be part of.

    Raises:
        NotFoundError: no article's id has `name` in it; the message lists them.
        AmbiguousError: several have.
    """
    rows = store.select(f"SELECT DISTINCT ?a WHERE {{ ?a a {aid('Article')} }} ORDER BY ?a").rows
    known = [t.value.removeprefix(ARTICLE) for (t,) in rows if isinstance(t, ox.NamedNode)]
    return choose_article(name, known)


def choose_article(name: str, known: Sequence[str]) -> str:
    """Return which of the ids `known` is meant by `name`. Raises as `find_article` does."""
    if name in known:
        return name
    fitting = [each for each in known if name and name in each]
    if not fitting:
        listed = ", ".join(known)
        en = f"There is no article “{name}”. There are: {listed}."
        zh = f"没有名为“{name}”的文章。现有：{listed}。"
        raise NotFoundError(en, zh)
    if len(fitting) > 1:
        listed = ", ".join(fitting)
        en = f"“{name}” is part of several articles' names: {listed}. Give more of one."
        zh = f"“{name}”是多篇文章名称的一部分：{listed}。请写得更全。"
        raise AmbiguousError(en, zh)
    return fitting[0]


def read_passages(store: Store, article: str, language: Language) -> list[PassageFacts]:
    """Return every passage of the article with this id, in its order."""
    record = article_iri(article)
    quotes = _select_quotes(store, f"?passage oa:hasSource {record} .")
    counts = _read_counts(store, article)
    reasons = _read_reasons(store, record)
    labels = read_labels(store, reasons.values(), language)
    return [
        PassageFacts(
            quote.passage,
            quote.text,
            quote.start,
            quote.end,
            counts.get(quote.iri, 0),
            labels[reasons[quote.iri]] if quote.iri in reasons else None,
            quote.translation,
        )
        for quote in sorted(quotes, key=lambda quote: quote.start)
    ]


def _select_quotes(store: Store, which: str) -> list[Quote]:
    query = f"""{_OA}
SELECT DISTINCT ?passage ?text ?start ?end ?translation WHERE {{
  {which}
  ?passage a {_PASSAGE} ; oa:hasSelector ?quote , ?position .
  ?quote oa:exact ?text .
  ?position oa:start ?start ; oa:end ?end .
  OPTIONAL {{ ?passage {aid("translation")} ?translation . FILTER(LANG(?translation) = "en") }}
}}"""
    return [
        Quote(
            passage.value,
            text.value,
            int(start.value),
            int(end.value),
            translation.value if isinstance(translation, ox.Literal) else None,
        )
        for passage, text, start, end, translation in store.select(query).rows
        if isinstance(passage, ox.NamedNode)
        and isinstance(text, ox.Literal)
        and isinstance(start, ox.Literal)
        and isinstance(end, ox.Literal)
    ]


def _read_counts(store: Store, article: str) -> dict[str, int]:
    """Return how many triples stand in the graph of each passage of the article."""
    query = f"""SELECT ?graph (COUNT(*) AS ?number) WHERE {{
  GRAPH ?graph {{ ?subject ?property ?object }}
  FILTER(STRSTARTS(STR(?graph), "{ARTICLE}{article}/"))
}} GROUP BY ?graph"""
    return {
        graph.value: int(number.value)
        for graph, number in store.select(query).rows
        if isinstance(graph, ox.NamedNode)
        and isinstance(number, ox.Literal)
        and split_passage(graph.value)
    }


def _read_reasons(store: Store, record: ox.NamedNode) -> dict[str, str]:
    query = f"""SELECT DISTINCT ?passage ?reason WHERE {{
  GRAPH {record} {{ ?passage {aid("carriesNoFact")} ?reason }}
}} ORDER BY ?passage DESC(?reason)"""
    return {
        passage.value: reason.value
        for passage, reason in store.select(query).rows
        if isinstance(passage, ox.NamedNode) and isinstance(reason, ox.NamedNode)
    }
