"""The dataset that questions are put to: mended by itself where it is damaged."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aidgraph.build import build_dataset
from aidgraph.dataset import open_dataset
from aidgraph.errors import UnreadableError
from running import run_aidgraph

if TYPE_CHECKING:
    from pathlib import Path

    from aidgraph.project import Project

SAID = "The dataset is damaged: building it anew.\n"


def lose_tables(store: Path) -> None:
    """Remove what the store has written."""
    for path in store.glob("*.sst"):
        path.unlink()


def lose_pointer(store: Path) -> None:
    """Remove the file that names the others."""
    (store / "CURRENT").unlink()


def garble(store: Path) -> None:
    """Turn over the bits at the end of each table."""
    for path in store.glob("*.sst"):
        content = path.read_bytes()
        half = len(content) // 2
        path.write_bytes(content[:half] + bytes(255 - byte for byte in content[half:]))


@pytest.mark.parametrize("damage", [lose_tables, lose_pointer, garble])
def test_a_damaged_store_is_mended_by_asking(built_small_project: Project, damage: object) -> None:
    """As where there is none yet: one line says why it takes longer, and the answer comes."""
    built = build_dataset(built_small_project).built
    assert callable(damage)
    damage(built.folder / "store")

    mended = run_aidgraph(built_small_project, "query", "-e", "ASK { ?s ?p ?o }", "-f", "json")
    after = run_aidgraph(built_small_project, "query", "-e", "ASK { ?s ?p ?o }", "-f", "json")

    assert (mended.returncode, mended.stderr) == (0, SAID)
    assert (after.returncode, after.stderr) == (0, "")
    assert mended.stdout == after.stdout
    assert built.manifest.snapshot == open_dataset(built_small_project).snapshot


def test_who_must_not_build_is_told_of_the_damage(built_small_project: Project) -> None:
    """The error says what to run."""
    lose_pointer(build_dataset(built_small_project).built.folder / "store")

    with pytest.raises(UnreadableError, match="Run “aidgraph build”"):
        open_dataset(built_small_project, build_if_needed=False)
