"""Which folder is worked on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aidgraph.errors import NotFoundError
from aidgraph.project import find_project, installed_root, is_project

if TYPE_CHECKING:
    from pathlib import Path


def test_a_folder_that_cannot_be_looked_at_is_no_project(tmp_path: Path) -> None:
    """The system refuses: that is a no, and no crash."""
    hidden = tmp_path / ("x" * 300)
    with pytest.raises(OSError, match="too long"):
        (hidden / "ontology").is_dir()

    assert not is_project(hidden)
    with pytest.raises(NotFoundError, match="is no aidgraph project"):
        find_project(hidden)


def test_the_nearest_project_above_is_worked_on(tmp_path: Path) -> None:
    """A folder deep in a project belongs to it; elsewhere the installed project answers."""
    for part in ("ontology", "data/articles", "queries"):
        (tmp_path / "one" / part).mkdir(parents=True)

    assert (tmp_path / "one").resolve() == find_project(start=tmp_path / "one/data/articles").root
    assert installed_root() == find_project(start=tmp_path).root
