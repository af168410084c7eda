"""What stops a build halfway leaves the last dataset: full disks, signals, a second build."""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import time
from typing import TYPE_CHECKING

import pytest

from aidgraph.build import build_dataset
from aidgraph.dataset import open_dataset
from aidgraph.errors import UnreadableError
from aidgraph.locks import hold_lock
from aidgraph.shelf import find_current
from running import run_aidgraph, start_aidgraph

if TYPE_CHECKING:
    from pathlib import Path

    from aidgraph.project import Project

FACTS = "data/articles/small/facts.trig"
KILLS = int(os.environ.get("AIDGRAPH_KILLS", "3"))
DEADLINE_S = 60.0
DROP_FROM_BOUNDING_SET, CAP_DAC_OVERRIDE = 24, 1  # of Linux: prctl(2), capabilities(7)


def change_facts(project: Project) -> None:
    """Change what is said, so that the next build has another snapshot."""
    path = project.root / FACTS
    text = path.read_text("utf-8")
    here, there = "aid:carriesNoFact aid:Rhetoric", "aid:carriesNoFact aid:Background"
    path.write_text(text.replace(here, there) if here in text else text.replace(there, here))


def read_snapshot(project: Project) -> str:
    """Read the current dataset's snapshot; its store must open and hold all that it should."""
    dataset = open_dataset(project, build_if_needed=False)
    rows = dataset.store.select("SELECT ?s ?p ?o ?g WHERE { GRAPH ?g { ?s ?p ?o } }").rows
    assert dataset.manifest.counts["quads"] == len(rows)
    return dataset.snapshot


def wait_until_writing(project: Project) -> None:
    """Wait until a build has begun to write."""
    deadline = time.monotonic() + DEADLINE_S
    while not list(project.output.glob("datasets/.unfinished-*")):
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.mark.parametrize("limit", [0, 4096, 200_000])
def test_a_full_disk_leaves_the_last_dataset(built_small_project: Project, limit: int) -> None:
    """No space for a pointer, a part or the store: status 3, one sentence, nothing lost."""
    before = build_dataset(built_small_project).built.manifest.snapshot
    change_facts(built_small_project)

    process = run_aidgraph(
        built_small_project,
        "build",
        before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )

    assert process.returncode == 3, process.stderr
    assert process.stderr.count("\n") == 1
    assert f"{built_small_project.output}" in process.stderr
    assert "File too large" in process.stderr
    assert "space" in process.stderr
    assert before == read_snapshot(built_small_project)


def test_a_folder_that_cannot_be_written_is_named(small_project: Project) -> None:
    """A file where the datasets should go: status 3, its name, and what to do."""
    small_project.output.write_text("in the way")

    process = run_aidgraph(small_project, "build")

    assert process.returncode == 3
    assert process.stderr.count("\n") == 1
    assert f"{small_project.output} cannot be written: File exists." in process.stderr


def give_up_override() -> None:
    """Let root be refused what any other user is; called in a new process, before its program."""
    ctypes.CDLL(None).prctl(DROP_FROM_BOUNDING_SET, CAP_DAC_OVERRIDE, 0, 0, 0)


def test_a_read_only_folder_answers_and_does_not_build(built_small_project: Project) -> None:
    """From a dataset that may not be written one asks; a build says why it cannot."""
    before = build_dataset(built_small_project).built.manifest.snapshot
    for path in (built_small_project.output, *built_small_project.output.rglob("*")):
        path.chmod(path.stat().st_mode & 0o555)
    try:
        asked = run_aidgraph(
            built_small_project,
            "query",
            "-e",
            "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1",
            before=give_up_override,
        )
        change_facts(built_small_project)
        built = run_aidgraph(built_small_project, "build", before=give_up_override)
    finally:
        for path in (built_small_project.output, *built_small_project.output.rglob("*")):
            path.chmod(path.stat().st_mode | 0o700)

    assert asked.returncode == 0
    assert built.returncode == 3
    assert "Permission denied" in built.stderr
    assert before == read_snapshot(built_small_project)


def test_control_c_leaves_the_last_dataset(built_small_project: Project) -> None:
    """An interrupted build exits 130 without a traceback, and cleans up after itself."""
    before = build_dataset(built_small_project).built.manifest.snapshot
    change_facts(built_small_project)

    process = start_aidgraph(built_small_project, "build")
    wait_until_writing(built_small_project)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=DEADLINE_S)

    assert process.returncode == 130
    assert "Traceback" not in said
    assert not list(built_small_project.output.glob("datasets/.*"))
    assert before == read_snapshot(built_small_project)


def test_a_killed_build_leaves_a_whole_dataset(built_small_project: Project) -> None:
    """Killed at any moment, the old dataset or the new one is there, whole; the next one builds."""
    old = build_dataset(built_small_project).built.manifest.snapshot
    start = time.monotonic()
    change_facts(built_small_project)
    new = build_dataset(built_small_project).built.manifest.snapshot
    duration_s = time.monotonic() - start
    for moment in range(KILLS):
        change_facts(built_small_project)
        process = start_aidgraph(built_small_project, "build")
        time.sleep(1.5 * duration_s * (moment + 1) / (KILLS + 1))
        process.kill()
        process.communicate(timeout=DEADLINE_S)
        assert read_snapshot(built_small_project) in {old, new}
        built = build_dataset(built_small_project).built.manifest.snapshot
        assert built == read_snapshot(built_small_project)
        assert not list(built_small_project.output.glob("datasets/.*"))


def test_what_a_killed_build_wrote_is_removed_by_the_next(built_small_project: Project) -> None:
    """A build that died while it wrote costs no space for ever."""
    before = build_dataset(built_small_project).built
    change_facts(built_small_project)
    process = start_aidgraph(built_small_project, "build")
    wait_until_writing(built_small_project)
    process.kill()
    process.communicate(timeout=DEADLINE_S)
    assert list(built_small_project.output.glob("datasets/.unfinished-*"))

    change_facts(built_small_project)  # back to what was built before the kill
    after = build_dataset(built_small_project)

    assert before.folder == after.built.folder
    assert after.checked is None

    assert not list(built_small_project.output.glob("datasets/.*"))


def test_two_builds_at_once_give_one_dataset(small_project: Project) -> None:
    """The second waits, says for whom, and then finds the work done."""
    output = small_project.output
    output.mkdir()
    with hold_lock(output / "lock", lambda _en, _zh: None):
        processes = [start_aidgraph(small_project, "build") for _ in range(2)]
        waiting = [process.stderr.readline() for process in processes if process.stderr]
    answers = [process.communicate(timeout=DEADLINE_S)[0] for process in processes]

    assert all(f"(process {os.getpid()})" in sentence for sentence in waiting)
    assert all(process.returncode == 0 for process in processes)
    assert sum("Nothing has changed" in answer for answer in answers) == 1
    assert len(list(output.glob("datasets/*"))) == 1


def test_a_lock_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """A lock needs a folder."""
    path = tmp_path / "none" / "lock"

    with pytest.raises(UnreadableError, match=r"lock cannot be locked: No such file"):
        hold_lock(path, lambda _en, _zh: None).__enter__()


def test_a_dataset_replaced_meanwhile_stays_readable(built_small_project: Project) -> None:
    """Who opened a dataset goes on reading it while others build twice."""
    reader = open_dataset(built_small_project)
    expected = reader.store.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o").rows
    for number in range(2):
        with (built_small_project.root / FACTS).open("a", encoding="utf-8") as file:
            file.write(f"# {number}\n")
        build_dataset(built_small_project)

    rows = reader.store.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o").rows

    assert expected == rows
    current = find_current(built_small_project.output)
    assert current is not None
    assert reader.folder != current.folder
