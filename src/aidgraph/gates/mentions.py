"""Where each passage names what its facts are about, so that a page can underline the words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.gates.reading import read_article
from aidgraph.names import Mention

if TYPE_CHECKING:
    from aidgraph.gates.reading import PassageReading
    from aidgraph.sources import ArticleSource, Sources


def mentions_of(article: ArticleSource, sources: Sources) -> dict[str, list[Mention]]:
    """Return for each passage (`p12.2`) where it names what its facts are about, in order.

    Names, the words of aid:calledHere, and the figures of quantities count. Positions are code
    points within the passage; a mention inside a longer name says so: see `Mention.inside`.
    """
    return {
        passage.passage.id: sorted(_find_mentions(passage), key=_place)
        for passage in read_article(article, sources).passages.values()
    }


def _find_mentions(passage: PassageReading) -> list[Mention]:
    written = {fact.subject: fact.object for fact in passage.facts if fact.name == "asWritten"}
    return [
        _narrow(mention, passage, written[entity]) if entity in written else mention
        for entity in passage.ends
        for mention in passage.mentions.get(entity, ())
    ]


def _narrow(mention: Mention, passage: PassageReading, figure: str) -> Mention:
    """Return where the figure stands within a quantity's phrase; the phrase if it does not."""
    at = passage.text.find(figure, mention.start, mention.end)
    return mention if at < 0 else Mention(mention.entity, ((at, at + len(figure)),))


def _place(mention: Mention) -> tuple[int, int, str]:
    return mention.start, -mention.end, mention.entity
