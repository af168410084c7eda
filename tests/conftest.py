"""Projects to work on: the repository's own data, and an article of three passages."""

from __future__ import annotations

import gc
import os
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from aidgraph.build import build_dataset
from aidgraph.dataset import open_dataset
from aidgraph.locks import hold_lock
from aidgraph.project import Project, find_project

if TYPE_CHECKING:
    from collections.abc import Generator

    from aidgraph.dataset import Dataset

pytest_plugins = ("servers.plugin",)

# The 6,000 tests live to the end: not to look through them for garbage saves a fifth of collecting.
gc.disable()
# A shell tells its background jobs, and so their children, not to hear Ctrl-C: hear it again.
signal.signal(signal.SIGINT, signal.default_int_handler)
# How long an example takes says how busy the machine is, not whether a claim holds.
settings.register_profile("usual", deadline=None)
settings.register_profile("soak", max_examples=20_000, deadline=None)
settings.load_profile("usual")

REPOSITORY = Path(__file__).parents[1]
SMALL = Path(__file__).parent / "data" / "small"
# The files that take longest, in order (10 to 40 s of CPU each).
LONG = (
    "test_mutations",
    "test_soundness",
    "test_interruptions",
    "test_export_parsers",
    "test_server_limits",
    "test_build",
    "test_messages",
    "test_faults",
    "test_pages",
    "test_mcp",
    "test_export",
    "test_server_fuzz",
    "test_collection",
    "test_understand",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long files, so that no worker is left with one when the others are done."""
    places = {name: place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONG)))


def pytest_collection_finish() -> None:
    """Collect garbage again, of what the tests make."""
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a skipped test where AIDGRAPH_NO_SKIPS is set: there everything is at hand."""
    report = yield
    if report.skipped and os.environ.get("AIDGRAPH_NO_SKIPS"):
        report.outcome = "failed"
    return report


@pytest.fixture
def project_copy(tmp_path: Path) -> Project:
    """The repository's ontology, data and queries in a folder of the test's own."""
    root = tmp_path / "project"
    for folder in ("ontology", "data", "queries"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    return find_project(root)


@pytest.fixture
def built_copy(project_copy: Project, built: Dataset) -> Project:
    """The same, built."""
    shutil.copytree(built.folder.parents[1], project_copy.output)
    return project_copy


@pytest.fixture
def small_project(tmp_path: Path) -> Project:
    """A project with one article of a heading, a fact-bearing sentence and a flourish."""
    return make_small_project(tmp_path / "small")


@pytest.fixture
def built_small_project(built_small: Project, tmp_path: Path) -> Project:
    """The small project, built, in a folder of the test's own."""
    return find_project(shutil.copytree(built_small.root, tmp_path / "small"))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of this run, the same for all processes that share in the tests."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def built(shared: Path) -> Dataset:
    """The dataset of the repository's own data, built once a run; to be read only."""
    return open_dataset(Project(REPOSITORY, shared / "built"))


@pytest.fixture(scope="session")
def built_root(built: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a project that is built: links to the repository's own data and to `built`."""
    root = tmp_path_factory.mktemp("linked")
    for name in ("ontology", "data", "queries"):
        (root / name).symlink_to(REPOSITORY / name)
    (root / ".aidgraph").symlink_to(built.folder.parents[1])
    return root


@pytest.fixture(scope="session")
def built_small(shared: Path) -> Project:
    """The small project, built once a run; to be read only."""
    root = shared / "small"
    with hold_lock(shared / "small.lock", lambda _en, _zh: None):
        if not root.exists():
            build_dataset(make_small_project(root))
    return find_project(root)


@pytest.fixture
def small_dataset(built_small: Project) -> Dataset:
    """The dataset of the small project; to be read only."""
    return open_dataset(built_small)


def make_small_project(root: Path) -> Project:
    """Make the small project in the folder `root`, which does not exist yet."""
    for folder in ("ontology", "queries", "data/reference"):
        shutil.copytree(REPOSITORY / folder, root / folder)
    shutil.copytree(SMALL, root / "data" / "articles" / "small")
    return find_project(root)
