"""`aidgraph review`: lock the passages that a second person has read against their facts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from aidgraph.cli.output import write_text
from aidgraph.cli.session import Session, output_options, read_typed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aidgraph.project import Project
    from aidgraph.questions import Language
    from aidgraph.sources import ArticleSource

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {"locked": "{}: locked {} passages.", "would": "{}: would lock {} passages."},
    "zh": {"locked": "{}：已锁定 {} 个句段。", "would": "{}：将锁定 {} 个句段。"},
}


@click.command(epilog="Example: aidgraph review shared-purpose p12.2 --reader Li")
@click.argument("article", type=read_typed)
@click.argument("passages", type=read_typed, nargs=-1, metavar="[PASSAGE]...")
@click.option("--reader", type=read_typed, metavar="NAME", required=True, help="Who read them.")
@click.option("--dry-run", is_flag=True, help="Say what would be locked; write nothing.")
@output_options(["text", "json"], "text")
@click.pass_obj
def review(  # noqa: PLR0913  # one argument an option
    session: Session,
    article: str,
    passages: tuple[str, ...],
    reader: str,
    *,
    dry_run: bool,
    form: str,
    output: Path | None,
) -> None:
    """Lock the named PASSAGEs of ARTICLE (its id or a part of it), or all that have facts.

    A lock is the hash of what the passage says in the graph, in the article's review.ttl; a
    change of its facts unlocks it.
    """
    from aidgraph.gates.review import choose_passages, write_locks

    project = session.project()
    source = _read_article(project, article)
    chosen = choose_passages(source, passages)
    if not dry_run:
        today = datetime.now(UTC).date()
        path = project.articles / source.id / "review.ttl"
        write_locks(path, source, reader=reader, day=today, passages=chosen)
    if form == "json":
        order = [each.id for each in source.passages if each.id in chosen]
        found = {"article": source.id, "reader": reader, "passages": order, "locked": not dry_run}
        done = json.dumps(found, ensure_ascii=False, indent=2)
    else:
        words = _WORDS[session.language]
        done = words["would" if dry_run else "locked"].format(source.id, len(chosen))
    write_text(f"{done}\n", output)


def _read_article(project: Project, name: str) -> ArticleSource:
    from aidgraph.answers.passages import choose_article
    from aidgraph.sources import read_sources

    articles = {each.id: each for each in read_sources(project).articles}
    return articles[choose_article(name, sorted(articles))]
