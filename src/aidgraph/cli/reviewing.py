"""`aidgraph review`: lock the passages that a second person has read against their facts."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from aidgraph.cli.session import language_option, write_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aidgraph.cli.session import Session
    from aidgraph.project import Project
    from aidgraph.questions import Language
    from aidgraph.sources import ArticleSource

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {"locked": "{}: locked {} passages.", "would": "{}: would lock {} passages."},
    "zh": {"locked": "{}：已锁定 {} 个句段。", "would": "{}：将锁定 {} 个句段。"},
}


@click.command(epilog="Example: aidgraph review xinjiang-daily-shared-purpose p12.2 --reader Li")
@click.argument("article")
@click.argument("passages", nargs=-1, metavar="[PASSAGE]...")
@click.option("--reader", required=True, help="Who read them.")
@click.option("--dry-run", is_flag=True, help="Say what would be locked; write nothing.")
@language_option
@click.pass_obj
def review(
    session: Session, article: str, passages: tuple[str, ...], reader: str, *, dry_run: bool
) -> None:
    """Lock the named PASSAGEs of ARTICLE as read, or all that have facts.

    A lock is the hash of what the passage says in the graph, in the article's review.ttl; a
    change of its facts unlocks it.
    """
    from aidgraph.gates.review import choose_passages, write_locks

    project = session.project()
    source = _read_article(project, article)
    chosen = choose_passages(source, passages)
    if not dry_run:
        today = datetime.now(UTC).date()
        path = project.articles / article / "review.ttl"
        write_locks(path, source, reader=reader, day=today, passages=chosen)
    words = _WORDS[session.language]
    done = words["would" if dry_run else "locked"].format(article, len(chosen))
    write_text(f"{done}\n", None)


def _read_article(project: Project, identifier: str) -> ArticleSource:
    from aidgraph.answers.passages import no_article
    from aidgraph.sources import read_sources

    articles = {each.id: each for each in read_sources(project).articles}
    if identifier not in articles:
        raise no_article(identifier, sorted(articles))
    return articles[identifier]
