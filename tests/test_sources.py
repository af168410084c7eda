"""Which files a project is read from, and what is said of those that cannot be used."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from aidgraph.build import build_dataset, check_data
from aidgraph.dataset import open_dataset
from aidgraph.errors import AidgraphError, DataError, UnreadableError
from aidgraph.inputs import find_inputs, is_fresh
from aidgraph.sources import read_sources
from aidgraph.terms import curie
from running import run_aidgraph

if TYPE_CHECKING:
    from aidgraph.project import Project

ARTICLE = "data/articles/small"
FOLDERS = [
    "data/articles",
    "data/reference",
    "ontology",
    "ontology/rules",
    "ontology/shapes",
    "queries/checks",
]
LITTER = [".#facts", "._geonames", ".facts.swp"]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_missing_folder_is_no_empty_one(built_small_project: Project, folder: str) -> None:
    """Without its shapes, rules or checks a project would pass: neither reading nor asking does."""
    shutil.rmtree(built_small_project.root / folder)

    for work in (read_sources, open_dataset):
        with pytest.raises(UnreadableError) as caught:
            work(built_small_project)
        path = built_small_project.root / folder
        assert caught.value.en.startswith(f"{path} cannot be read: No such file or directory.")
        assert caught.value.zh.startswith(f"无法读取 {path}：")


@pytest.mark.parametrize("folder", FOLDERS)
def test_an_empty_folder_is_told(small_project: Project, folder: str) -> None:
    """Nothing is there, or only what editors leave: the sentence names the folder."""
    path = small_project.root / folder
    shutil.rmtree(path)
    path.mkdir()
    (path / ".DS_Store").touch()

    with pytest.raises(UnreadableError) as caught:
        read_sources(small_project)

    assert caught.value.en.startswith(f"{path} has no ")
    assert caught.value.zh.startswith(f"{path} 中没有")


def test_an_unreadable_folder_is_told(small_project: Project) -> None:
    """A link that leads to itself: the system's reason is passed on."""
    shutil.rmtree(small_project.reference)
    small_project.reference.symlink_to(small_project.reference)

    with pytest.raises(UnreadableError, match="reference cannot be read: Too many levels"):
        read_sources(small_project)


def test_check_without_shapes_fails(small_project: Project) -> None:
    """As people meet it: status 3 and one sentence, in their language."""
    shutil.rmtree(small_project.ontology / "shapes")

    process = run_aidgraph(small_project, "check", "--lang", "zh")

    assert process.returncode == 3
    assert process.stdout == ""
    folder = small_project.ontology / "shapes"
    expected = f"aidgraph: 无法读取 {folder}：没有这个文件或文件夹。请恢复它或其权限。\n"
    assert expected == process.stderr


def test_shared_entities_may_be_missing(small_project: Project) -> None:
    """A project whose articles share no names needs no file for them."""
    assert not small_project.entities.exists()

    assert not read_sources(small_project).entities


def test_what_editors_leave_is_not_read(built_small_project: Project) -> None:
    """Names that begin with a dot are neither read, nor inputs, nor questions, nor articles."""
    before = build_dataset(built_small_project).built
    names = find_inputs(built_small_project)
    for folder in (*FOLDERS, ARTICLE, "queries"):
        for name in LITTER:
            for suffix in (".ttl", ".trig", ".rq"):  # Emacs locks a file by a link to nowhere
                (built_small_project.root / folder / f"{name}{suffix}").symlink_to(
                    "nobody@nowhere:1"
                )
    (built_small_project.articles / ".idea").mkdir()

    assert names == find_inputs(built_small_project)
    assert is_fresh(built_small_project, before)
    assert not check_data(built_small_project).violations
    assert run_aidgraph(built_small_project, "queries").stderr == ""
    asked = run_aidgraph(built_small_project, "ask", "zzz")
    assert asked.stderr == (
        "aidgraph: There is no question “zzz”. “aidgraph queries” lists them.\n"
    )


def test_a_folder_without_a_text_is_no_article(built_small_project: Project) -> None:
    """Check and ask agree: both say which folder, and what to do with it."""
    (built_small_project.articles / "drafts").mkdir()

    for command in (["check"], ["ask", "totals-of-aid"]):
        process = run_aidgraph(built_small_project, *command)

        folder = built_small_project.articles / "drafts"
        assert process.returncode == 3
        expected = (
            f"aidgraph: {folder} is no article: add its article.txt, or move the folder away.\n"
        )
        assert expected == process.stderr


@pytest.mark.parametrize("name", ["my article", "a>b", "Small", "新疆日报", "a_b", "small.ttl"])
def test_an_article_has_a_name_for_iris(small_project: Project, name: str) -> None:
    """Another name is a fault in the data, not a crash."""
    (small_project.root / ARTICLE).rename(small_project.articles / name)

    with pytest.raises(DataError) as caught:
        read_sources(small_project)

    [finding] = caught.value.findings
    assert (finding.rule, finding.file) == ("file-name", f"data/articles/{name}")


def test_a_name_that_is_no_utf8_can_be_told(small_project: Project) -> None:
    """A file from another system: its name is shown byte by byte."""
    (small_project.reference / "caf\udce9.ttl").write_text("", "utf-8")

    process = run_aidgraph(small_project, "check")

    assert process.returncode == 1
    assert process.stdout.startswith("data/reference/caf\\udce9.ttl: The name has more than")


def test_the_faults_of_all_files_are_told_at_once(small_project: Project) -> None:
    """One for each file that cannot be parsed; how many facts there are, nobody knows."""
    files = [f"{ARTICLE}/entities.ttl", f"{ARTICLE}/facts.trig", "ontology/place.ttl"]
    for file in files:
        (small_project.root / file).write_text("\n\noops", "utf-8")
    (small_project.root / ARTICLE / "article.txt").write_bytes(b"\xff")

    checked = run_aidgraph(small_project, "check")
    listed = run_aidgraph(small_project, "check", "-f", "json")
    built = run_aidgraph(small_project, "build")

    told = [line.partition(": ")[0] for line in checked.stdout.splitlines() if "not" in line]
    assert [f"{ARTICLE}/article.txt:1", *(f"{file}:3" for file in files)] == told[:4]
    assert checked.stdout.endswith("\n4 faults. Nothing was built.\n")
    assert json.loads(listed.stdout)["facts"] is None
    assert built.stderr.endswith(
        "aidgraph: 4 files cannot be used as they are. Nothing was built.\n"
    )
    assert {1} == {process.returncode for process in (checked, listed, built)}


def test_a_byte_order_mark_changes_nothing(built_small_project: Project) -> None:
    """Editors on Windows write one: all files but the text are read all the same."""
    before = build_dataset(built_small_project).built.manifest.snapshot
    for path in built_small_project.root.rglob("*"):
        if path.suffix in {".ttl", ".trig", ".rq"} and ".aidgraph" not in path.parts:
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    after = build_dataset(built_small_project)

    assert after.checked is not None
    assert before == after.built.manifest.snapshot
    process = run_aidgraph(built_small_project, "queries")
    assert (process.returncode, process.stderr) == (0, "")
    assert "totals-of-aid" in process.stdout


def test_the_text_of_an_article_is_read_to_the_character(small_project: Project) -> None:
    """There a byte order mark counts: evidence is quoted by position, and the record has a hash."""
    path = small_project.root / ARTICLE / "article.txt"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())

    assert "text-changed" in {finding.rule for finding in check_data(small_project).violations}


def test_names_are_shown_with_the_prefixes_of_the_project(small_project: Project) -> None:
    """Its own prefixes.ttl counts: in messages, in queries, and for names that are typed."""
    path = small_project.ontology / "prefixes.ttl"
    space = "https://example.org/mine#"
    path.write_text(f"{path.read_text('utf-8')}@prefix mine: <{space}> .\n", "utf-8")
    query = f"SELECT ?x {{ VALUES ?x {{ mine:thing }} FILTER(STR(?x) = '{space}thing') }}"

    for _ in ("built first", "built already"):
        process = run_aidgraph(small_project, "query", "-f", "csv", "-e", query)

        assert process.returncode == 0, process.stderr
        assert "thing" in process.stdout
    try:
        read_sources(small_project)
        assert curie(f"{space}thing") == "mine:thing"
    finally:
        path.write_text(path.read_text("utf-8").replace(f"@prefix mine: <{space}> .\n", ""))
        read_sources(small_project)
    assert curie(f"{space}thing") == f"<{space}thing>"


def test_prefixes_that_are_missing_are_told(small_project: Project) -> None:
    """A project has its own, and does not borrow those of another."""
    (small_project.ontology / "prefixes.ttl").unlink()

    with pytest.raises(AidgraphError, match=r"ontology/prefixes\.ttl cannot be read"):
        read_sources(small_project)
