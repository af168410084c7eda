"""`aidgraph load`: the dataset in a store elsewhere, verified."""

from __future__ import annotations

import os
import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from aidgraph.cli.session import Session, language_option, read_typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aidgraph.dataset import Dataset
    from aidgraph.transfer.delta import Delta
    from aidgraph.transfer.load import Wish
    from aidgraph.transfer.verify import Outcome

_ANSWER_S = 60.0
_STORES = ("fuseki", "oxigraph", "rdf4j", "update", "virtuoso")


@click.command(epilog="Example: aidgraph load http://localhost:7878 --dry-run")
@click.argument("endpoint", type=read_typed)
@click.option("--store", type=click.Choice(_STORES), help="What the store is; else it is asked.")
@click.option(
    "--layout",
    type=click.Choice(["quads", "triples"]),
    default="quads",
    help="A graph a sentence (quads), or all in one graph with its evidence (triples).",
)
@click.option(
    "--mode",
    type=click.Choice(["replace", "add"]),
    default="replace",
    help="Replace what was loaded before (replace), or leave it beside (add).",
)
@click.option("--dry-run", is_flag=True, help="Only say what would be done; nothing is sent.")
@click.option(
    "--verify",
    type=click.Choice(["count", "hash", "queries"]),
    default="hash",
    help="How what arrived is checked.",
)
@click.option("--resume", is_flag=True, help="Go on where a load was stopped.")
@language_option
@click.pass_obj
def load(
    session: Session,
    /,
    endpoint: str,
    store: str | None,
    *,
    dry_run: bool,
    **wishes: Any,  # noqa: ANN401  # the fields of a wish, each of its own type
) -> None:
    """Load the dataset into the store at ENDPOINT, and verify that it arrived.

    Only graphs below https://w3id.org/aidgraph/ are touched, and urn:x-aidgraph:loaded, which
    says which dataset is there. The user is read from AIDGRAPH_USER
    and AIDGRAPH_PASSWORD, AIDGRAPH_TOKEN, or ~/.netrc.
    """
    from aidgraph.store.credentials import read_credentials
    from aidgraph.transfer.connection import Connection
    from aidgraph.transfer.journal import open_journal
    from aidgraph.transfer.load import Loader, Wish
    from aidgraph.transfer.stores import open_store

    wish = Wish(target=endpoint.rstrip("/"), **wishes)
    connection = Connection(read_credentials(endpoint, os.environ), session.say)
    try:
        dataset = session.dataset()
        project = session.project()
        with open_journal(project.output, wish.target) as journal:
            opened = open_store(connection, wish.target, store)
            loader = Loader(opened, journal, wish, session.say, _show_progress)
            if dry_run:
                with loader.plan(dataset) as delta:
                    _tell_plan(session, delta, wish)
            else:
                outcome = loader.load(dataset)
                if wish.verify == "queries":
                    _compare_answers(session, dataset, opened.query_url)
                _tell_outcome(session, outcome, wish, opened.query_url)
    finally:
        connection.close()


@contextmanager
def _show_progress(total: int) -> Iterator[Callable[[int], None]]:
    if not sys.stderr.isatty():
        yield lambda _lines: None
        return
    with click.progressbar(length=total, file=sys.stderr) as bar:
        yield bar.update


def _compare_answers(session: Session, dataset: Dataset, query_url: str) -> None:
    from aidgraph.store.credentials import read_credentials
    from aidgraph.store.remote import RemoteStore
    from aidgraph.transfer.answers import compare_answers

    remote = RemoteStore(query_url, read_credentials(query_url, os.environ), _ANSWER_S)
    number = compare_answers(session.project(), dataset, remote)
    session.say(
        f"{number} questions give the same rows there.", f"{number} 个问题在该处得出相同的行。"
    )


def _tell_plan(session: Session, delta: Delta, wish: Wish) -> None:
    from aidgraph.terms import curie
    from aidgraph.transfer.merged import split_line

    added = Counter(split_line(line)[1] for line in [*delta.inserts.lines(), *delta.blank])
    for graph, count in sorted(added.items()):
        click.echo(f"{count:>10,} {curie(graph)}")
    inserts, deletes = delta.inserts.number + len(delta.blank), delta.deletes.number
    en = f"Would add {inserts:,} and remove {deletes:,} quads in {wish.target}. Nothing was sent."
    zh = f"将在 {wish.target} 增加 {inserts:,} 条、删除 {deletes:,} 条四元组。未发送任何内容。"
    click.echo(zh if session.language == "zh" else en)


def _tell_outcome(session: Session, outcome: Outcome, wish: Wish, query_url: str) -> None:
    en = f"{wish.target} holds the dataset: {outcome.sent:,} quads were sent."
    zh = f"{wish.target} 已有此数据集：共发送 {outcome.sent:,} 条四元组。"
    if outcome.found_hash:
        en += f" SHA-256 of what came back: {outcome.found_hash}."
        zh += f"读回内容的 SHA-256：{outcome.found_hash}。"
    en += f"\nAsk it there: aidgraph ask QUESTION --endpoint {query_url}"
    zh += f"\n在该处提问：aidgraph ask QUESTION --endpoint {query_url}"
    click.echo(zh if session.language == "zh" else en)
