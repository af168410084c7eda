"""`aidgraph review`: a reader locks what was read, and nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from running import run_aidgraph

if TYPE_CHECKING:
    from aidgraph.project import Project

COMMENTARY = "xinjiang-daily-every-blade"


def test_a_dry_run_says_what_would_be_locked(project_copy: Project) -> None:
    """The thirteen passages of the commentary with facts are counted, and no file is touched."""
    path = project_copy.articles / COMMENTARY / "review.ttl"
    path.unlink()

    process = run_aidgraph(project_copy, "review", COMMENTARY, "--reader", "李", "--dry-run")

    assert (0, f"{COMMENTARY}: would lock 13 passages.\n") == (process.returncode, process.stdout)
    assert not path.exists()


def test_an_article_is_found_by_a_part_of_its_name(project_copy: Project) -> None:
    """As `passages` finds it; as JSON the reader's passages are data, in the article's order."""
    path = project_copy.articles / COMMENTARY / "review.ttl"
    path.unlink()
    passages = ["p4.2", "p4.1"]

    process = run_aidgraph(
        project_copy, "review", "every-blade", *passages, "--reader", "李", "-f", "json"
    )

    assert json.loads(process.stdout) == {
        "article": COMMENTARY,
        "reader": "李",
        "passages": ["p4.1", "p4.2"],
        "locked": True,
    }
    assert path.is_file()


def test_what_is_locked_is_read(project_copy: Project) -> None:
    """A passage that a reader locks is no longer named by `check`; the others still are."""
    path = project_copy.articles / COMMENTARY / "review.ttl"
    path.unlink()

    locked = run_aidgraph(project_copy, "review", COMMENTARY, "p4.1", "--reader", "李")
    checked = run_aidgraph(project_copy, "check")

    assert locked.returncode == 0
    unread = next(line for line in checked.stdout.splitlines() if "second person" in line)
    assert "p4.2" in unread
    assert "p4.1" not in unread


def test_a_passage_without_facts_cannot_be_locked(project_copy: Project) -> None:
    """Status 4 and one sentence that names it."""
    process = run_aidgraph(project_copy, "review", COMMENTARY, "p9.9", "--reader", "李")

    assert process.returncode == 4
    assert f"{COMMENTARY} has no passage with facts named p9.9" in process.stderr


def test_an_unknown_article_is_answered_with_the_known(project_copy: Project) -> None:
    """Status 4, and the articles that there are."""
    process = run_aidgraph(project_copy, "review", "nobody", "--reader", "李")

    assert process.returncode == 4
    assert COMMENTARY in process.stderr
