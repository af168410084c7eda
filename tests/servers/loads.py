"""What the tests load into the servers: a small project of their own, or any dataset."""

from __future__ import annotations

import shutil
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

import pytest

from aidgraph.dataset import open_dataset
from aidgraph.project import find_project
from aidgraph.store.credentials import Credentials
from aidgraph.transfer.connection import Connection
from aidgraph.transfer.journal import open_journal
from aidgraph.transfer.load import Loader, Wish
from aidgraph.transfer.stores import STORES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from aidgraph.dataset import Dataset
    from aidgraph.project import Project
    from aidgraph.store import Layout
    from aidgraph.transfer.stores.update import UpdateStore
    from servers.server import Server

_QUESTIONS = ("helpers-of-area", "parks-of-area", "place-chain", "totals-of-aid")


@pytest.fixture(scope="session")
def built_load_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The small project with four questions, built: to be read only."""
    from conftest import make_small_project

    project = make_small_project(tmp_path_factory.mktemp("load") / "project")
    for path in (project.root / "queries").glob("*.rq"):
        if path.stem not in _QUESTIONS:
            path.unlink()
    open_dataset(project)
    return project


@pytest.fixture
def load_project(built_load_project: Project, tmp_path: Path) -> Project:
    """The small project with four questions, built, in a folder of the test's own."""
    return find_project(shutil.copytree(built_load_project.root, tmp_path / "project"))


@contextmanager
def connect(server: Server) -> Iterator[UpdateStore]:
    """Give the store as a load speaks to it."""
    credentials = Credentials(server.user, server.password) if server.user else None
    connection = Connection(credentials, lambda _en, _zh: None)
    try:
        yield STORES[server.name](connection, server.address)
    finally:
        connection.close()


def have_loaded(server: Server, dataset: Dataset, layout: Layout, folder: Path) -> None:
    """Have the server hold `dataset` and no more, verified by hash; at once if it does already.

    `folder` takes what the load writes.
    """
    holds = f"{dataset.snapshot} {layout.value}"
    if server.holds == holds:
        return
    server.clear()
    wish = Wish(server.address, layout.value)
    with connect(server) as store, open_journal(folder, server.address) as journal:
        Loader(store, journal, wish, _ignore, _ignore_progress).load(dataset)
    server.holds = holds


def _ignore(_en: str, _zh: str) -> None:
    """Hear what a load says."""


def _ignore_progress(_total: int) -> AbstractContextManager[Callable[[int], None]]:
    return nullcontext(lambda _lines: None)
