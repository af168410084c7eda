"""The dataset that questions are put to: the current one, or one built on the spot."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aidgraph.errors import NotFoundError, UnreadableError
from aidgraph.inputs import is_fresh
from aidgraph.shelf import find_current
from aidgraph.store.embedded import EmbeddedStore
from aidgraph.terms import use_prefixes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aidgraph.project import Project
    from aidgraph.shelf import Built, Manifest
    from aidgraph.store import Store


@dataclass(frozen=True, eq=False)
class OpenDataset:
    """A dataset open to questions, wherever it is.

    `snapshot` is the SHA-256 of its N-Quads, and names it in every answer; it is empty where
    the dataset came into a remote store by other ways than `aidgraph load`.
    """

    store: Store
    snapshot: str


@dataclass(frozen=True, eq=False)
class Dataset(OpenDataset):
    """A built dataset, open for reading."""

    folder: Path
    manifest: Manifest

    def parts(self) -> list[Path]:
        """Return the files of sorted N-Quads that make the dataset."""
        return [self.folder / "parts" / f"{name}.nq" for name in self.manifest.parts]


def open_dataset(
    project: Project,
    *,
    build_if_needed: bool = True,
    say: Callable[[str, str], None] = lambda _en, _zh: None,
) -> Dataset:
    """Open the project's current dataset.

    Args:
        project: whose dataset.
        build_if_needed: build first when there is none, it is damaged, or an input is newer
            than it; else what stands there is opened.
        say: is told, in English and in Chinese, that something is built and why.

    Raises:
        NotFoundError: there is none, and none is to be built.
        DataError: one is to be built, and the data fails a gate; the last one stays.
        UnreadableError: a file cannot be read or written.
    """
    built = find_current(project.output)
    if built is None and not build_if_needed:
        en = f"There is no dataset in {project.output}: run “aidgraph build”."
        zh = f"{project.output} 中没有数据集：请运行“aidgraph build”。"
        raise NotFoundError(en, zh)
    if built is None:
        say("No dataset yet: building it.", "尚无数据集：正在构建。")
    elif build_if_needed and not is_fresh(project, built):
        say("The data changed: building.", "数据有变化：正在重新构建。")
    else:
        try:
            return _open(project, built)
        except UnreadableError:
            if not build_if_needed:
                raise
            say("The dataset is damaged: building it anew.", "数据集已损坏：正在重新构建。")
    from aidgraph.build import build_dataset  # the gates are heavy; an answer needs none

    return _open(project, build_dataset(project, say=say).built)


def open_endpoint(project: Project, url: str, timeout_s: float) -> OpenDataset:
    """Return the dataset that was loaded into the store at `url`.

    Only the prefixes are the project's; nothing has to be built.

    Args:
        project: whose prefixes names are written with.
        url: the address of a SPARQL endpoint.
        timeout_s: how long each answer of the store may take.

    Raises:
        UsageError: `url` is no such address, or the credentials are half set.
        UnreadableError: the netrc file cannot be read.
        NotFoundError: the store holds no dataset.
        RemoteError: it cannot be reached, or refuses.
        LimitError: it took too long.
    """
    from aidgraph.store.credentials import read_credentials
    from aidgraph.store.remote import RemoteStore  # few commands need it, and it is slow to import

    use_prefixes(project.ontology)
    store = RemoteStore(url, read_credentials(url, os.environ), timeout_s)
    return OpenDataset(store, store.place.snapshot)


def _open(project: Project, built: Built) -> Dataset:
    store = EmbeddedStore.open(built.folder / "store")
    use_prefixes(project.ontology)
    return Dataset(store, built.manifest.snapshot, built.folder, built.manifest)
