"""The folder that is worked on, and where what is built from it goes."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from aidgraph.errors import NotFoundError

PARTS = ("ontology", "data/articles", "queries")


def installed_root() -> Path:
    """Return the folder with the ontology, data and queries that aidgraph was installed with.

    In a wheel that is `aidgraph/project`; in a checkout, the checkout itself.
    """
    package = Path(__file__).resolve().parent
    carried = package / "project"
    return carried if carried.is_dir() else package.parents[1]


class Project(NamedTuple):
    """A folder with `ontology/`, `data/articles/` and `queries/`, and where it builds to."""

    root: Path
    output: Path

    @property
    def ontology(self) -> Path:
        """The folder of the ontology, with `shapes/` and `rules/` in it."""
        return self.root / "ontology"

    @property
    def articles(self) -> Path:
        """The folder with one folder an article."""
        return self.root / "data" / "articles"

    @property
    def reference(self) -> Path:
        """The folder with one Turtle file a source of reference data."""
        return self.root / "data" / "reference"

    @property
    def entities(self) -> Path:
        """The folder with the things that several articles name, one Turtle file a kind."""
        return self.root / "data" / "entities"

    @property
    def queries(self) -> Path:
        """The folder of the canned queries, with `checks/` in it."""
        return self.root / "queries"

    def relative(self, path: Path) -> str:
        """Return `path` as people see it: from the project's folder down, with slashes.

        Bytes of a name that are no UTF-8 are written out, so that it can be shown.
        """
        shown = path.relative_to(self.root).as_posix()
        return shown.encode("utf-8", "backslashreplace").decode("utf-8")


def is_project(folder: Path) -> bool:
    """Tell whether `folder` has the three folders that make a project, and they can be seen."""
    try:
        return all((folder / part).is_dir() for part in PARTS)
    except OSError:  # a folder above it that may not be entered, say
        return False


def find_project(folder: Path | None = None, *, start: Path | None = None) -> Project:
    """Return the project to work on.

    Args:
        folder: the project's folder as the user named it (`--project`), if any.
        start: where to look for one at or above when `folder` is None; else the current folder.

    Returns:
        The named project, or the nearest at or above `start`, or the installed one, which
        builds into the user's cache folder.

    Raises:
        NotFoundError: `folder` is no project.
    """
    if folder is not None:
        if not is_project(folder):
            parts = ", ".join(f"{part}/" for part in PARTS)
            en = f"{folder} is no aidgraph project: name a folder that has {parts}."
            zh = f"{folder} 不是 aidgraph 项目：请指定含有 {parts} 的文件夹。"
            raise NotFoundError(en, zh)
        return _in_place(folder.resolve())
    here = (start or Path.cwd()).resolve()
    for candidate in (here, *here.parents):
        if is_project(candidate):
            return _in_place(candidate)
    from platformdirs import user_cache_path  # only the installed project needs it

    return Project(installed_root(), user_cache_path("aidgraph"))


def _in_place(root: Path) -> Project:
    return Project(root, root / ".aidgraph")
