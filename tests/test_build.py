"""The pipeline: the same inputs give the same bytes, and a dataset is replaced whole or not."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

import aidgraph.build
from aidgraph.build import build_dataset, check_data
from aidgraph.dataset import open_dataset
from aidgraph.errors import DataError, NotFoundError, UnreadableError
from aidgraph.shelf import find_current
from conftest import make_small_project
from running import run_aidgraph

if TYPE_CHECKING:
    from pathlib import Path

    from aidgraph.build import Checked
    from aidgraph.dataset import Dataset
    from aidgraph.project import Project

FACTS = "data/articles/small/facts.trig"
# Counted by hand in tests/data/small: what stands before the sentence, and its own length.
SENTENCE = "去年,广东省投入援疆资金近亿元,与伽师县打造粤伽新梅产业园。"
SENTENCE_START, SENTENCE_END = 8, 38


def change(project: Project, file: str, old: str, new: str) -> None:
    """Replace `old`, which stands in the file once, by `new`."""
    path = project.root / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} stands in {file} {text.count(old)} times"
    path.write_text(text.replace(old, new), "utf-8")


def read_parts(folder: Path) -> dict[str, bytes]:
    """Read a dataset's manifest and parts, by name."""
    paths = [folder / "manifest.json", *folder.glob("parts/**/*.nq")]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def read_names(folder: Path) -> set[str]:
    """Read the names in a folder."""
    return {path.name for path in folder.iterdir()}


def test_another_folder_and_hash_seed_give_the_same_bytes(
    built: Dataset, project_copy: Project
) -> None:
    """Where, and in which order sets are walked, a dataset is built leaves no trace in it."""
    process = run_aidgraph(project_copy, "build", "-f", "json", hash_seed=4711)

    assert not process.returncode, process.stderr
    copy = open_dataset(project_copy, build_if_needed=False)
    assert copy.folder != built.folder
    assert read_parts(built.folder) == read_parts(copy.folder)


def test_the_snapshot_is_the_hash_of_the_canonical_form(built: Dataset) -> None:
    """RDFC-1.0 over all parts, made anew from what they say, has the SHA-256 that is printed."""
    quads = [
        quad
        for path in built.parts()
        for quad in ox.parse(path=path, format=ox.RdfFormat.N_QUADS, rename_blank_nodes=False)
    ]
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    written = ox.serialize(dataset, format=ox.RdfFormat.N_QUADS)
    assert written is not None
    lines = sorted(written.removesuffix(b"\n").split(b"\n"))

    expected = hashlib.sha256(b"\n".join(lines) + b"\n").hexdigest()

    assert expected == built.snapshot
    assert len(lines) == built.manifest.counts["quads"]


def test_the_store_holds_what_the_parts_say(built: Dataset) -> None:
    """No literal is rewritten and no quad lost on the way into the store."""
    quads = {quad for path in built.parts() for quad in ox.parse(path=path)}

    assert quads == set(ox.Store.read_only(str(built.folder / "store")))


def test_counts_are_those_of_the_files(built_small_project: Project) -> None:
    """The manifest counts articles, passages and facts as a reader of the files does."""
    expected = {"articles": 1, "passages": 3, "facts": 11}

    counts = build_dataset(built_small_project).built.manifest.counts

    assert expected == {name: counts[name] for name in expected}


def test_a_passage_is_described_by_its_selectors(built_small_project: Project) -> None:
    """Text, position and surroundings of a passage stand in the graph of its article's record."""
    rows = (
        open_dataset(built_small_project)
        .store.select(
            """
        PREFIX aid: <https://w3id.org/aidgraph/ont#>
        PREFIX oa: <http://www.w3.org/ns/oa#>
        SELECT ?paragraph ?sentence ?start ?end ?exact ?prefix ?suffix WHERE {
          GRAPH <https://w3id.org/aidgraph/article/small> {
            <https://w3id.org/aidgraph/article/small/p2.1>
                a aid:Passage ; aid:paragraph ?paragraph ; aid:sentence ?sentence ;
                oa:hasSource <https://w3id.org/aidgraph/article/small> ;
                oa:hasSelector ?position , ?quote .
            ?position a oa:TextPositionSelector ; oa:start ?start ; oa:end ?end .
            ?quote a oa:TextQuoteSelector ;
                oa:exact ?exact ; oa:prefix ?prefix ; oa:suffix ?suffix .
          }
        }
        """
        )
        .rows
    )

    values = [getattr(term, "value", None) for term in rows[0]]
    expected = [SENTENCE, "# 援疆小记\n\n", "携手促发展。\n"]
    assert [["2", "1", str(SENTENCE_START), str(SENTENCE_END), *expected]] == [values]
    assert len(rows) == 1


def test_the_dataset_says_its_licence_and_whose_the_text_is(built: Dataset) -> None:
    """A dump tells anyone who has nothing else what may be done with it."""
    rights = """
        PREFIX dcterms: <http://purl.org/dc/terms/>
        ASK {
          GRAPH ?graph {
            ?graph dcterms:license <https://creativecommons.org/licenses/by/4.0/> ;
                   dcterms:rights ?rights .
            FILTER(LANG(?rights) = "%s" && CONTAINS(?rights, "%s"))
          }
        }"""

    assert built.store.ask(rights % ("en", "belong to their publishers"))
    assert built.store.ask(rights % ("zh", "版权归其发布单位所有"))


def test_nothing_is_built_when_nothing_changed(built_small_project: Project) -> None:
    """A second build writes nothing, also where only the time of a file is another."""
    first = open_current(built_small_project)
    (built_small_project.root / FACTS).touch()

    second = build_dataset(built_small_project)

    assert second.checked is None
    assert first.folder == second.built.folder


def test_a_comment_gives_the_same_snapshot(built_small_project: Project) -> None:
    """The snapshot names what is said, not how the files say it."""
    before = build_dataset(built_small_project)
    with (built_small_project.root / FACTS).open("a", encoding="utf-8") as file:
        file.write("# no fact\n")

    after = build_dataset(built_small_project)

    assert after.checked is not None
    assert before.built.manifest.snapshot == after.built.manifest.snapshot


def test_the_dataset_before_stays_and_older_ones_go(built_small_project: Project) -> None:
    """A reader that has just read the pointer still finds what it names."""
    folders = [build_dataset(built_small_project).built.folder.name]
    for number in range(2):
        with (built_small_project.root / FACTS).open("a", encoding="utf-8") as file:
            file.write(f"# {number}\n")
        folders.append(build_dataset(built_small_project).built.folder.name)

    assert {folders[1], folders[2]} == read_names(built_small_project.output / "datasets")


def test_a_fault_leaves_the_last_dataset(built_small_project: Project) -> None:
    """Data that fails a gate changes nothing of what was built."""
    before = build_dataset(built_small_project).built
    change(built_small_project, FACTS, "aid:value 100000000", "aid:value 100000001")

    with pytest.raises(DataError, match="1 fault in 11 facts") as caught:
        build_dataset(built_small_project)

    expected = ["quantity-not-as-written"]
    assert expected == [finding.rule for finding in caught.value.findings]
    assert before.manifest.snapshot == open_current(built_small_project).snapshot


def test_the_dataset_is_built_when_there_is_none_or_a_newer_input(small_project: Project) -> None:
    """Who asks gets the answer of the data as it is now, and is told why it takes longer."""
    expected = [
        ("No dataset yet: building it.", "尚无数据集：正在构建。"),
        ("The data changed: building.", "数据有变化：正在重新构建。"),
    ]
    said: list[tuple[str, str]] = []

    def say(en: str, zh: str) -> None:
        said.append((en, zh))

    first = open_dataset(small_project, say=say).snapshot
    again = open_dataset(small_project, say=say).snapshot
    change(small_project, FACTS, " , place:653129", "")
    change(small_project, FACTS, "psg:p1.1", 'psg:p2.1 aid:inPassing "伽师县"@zh .\npsg:p1.1')
    last = open_dataset(small_project, say=say).snapshot

    assert first == again
    assert first != last
    assert expected == said


def test_asking_with_broken_sources_is_refused(built_small_project: Project) -> None:
    """An answer from a dataset that is not the data's would mislead."""
    change(built_small_project, FACTS, "psg:p2.1 {", "psg:p2.1 {{")

    with pytest.raises(DataError, match=r"facts\.trig"):
        open_dataset(built_small_project)

    open_current(built_small_project)


def test_without_a_dataset_and_without_building_one_says_so(small_project: Project) -> None:
    """Who must not build is told what to run."""
    with pytest.raises(NotFoundError, match="aidgraph build"):
        open_dataset(small_project, build_if_needed=False)


def test_a_new_file_and_a_removed_file_are_seen(built_small_project: Project) -> None:
    """Not only changes within a file make a dataset stale."""
    extra = built_small_project.reference / "extra.ttl"

    extra.write_text("# nothing\n", "utf-8")
    with_extra = build_dataset(built_small_project)
    extra.unlink()
    without = build_dataset(built_small_project)

    assert with_extra.checked is not None
    assert without.checked is not None


def test_a_damaged_store_is_built_anew(built_small_project: Project) -> None:
    """`build` mends what someone deleted by mistake, though no input changed."""
    before = build_dataset(built_small_project).built
    for path in (before.folder / "store").glob("*.sst"):
        path.unlink()

    assert build_dataset(built_small_project).checked is not None
    assert open_current(built_small_project).store.ask("ASK { ?s ?p ?o }")


def test_a_damaged_pointer_is_no_dataset(built_small_project: Project) -> None:
    """A pointer that names nothing leads to a build, not to a crash."""
    for content in ("", "{", "[]", '{"dataset": "none", "stamps": {}}'):
        (built_small_project.output / "current").write_text(content, "utf-8")
        assert find_current(built_small_project.output) is None, content

    assert build_dataset(built_small_project).checked is not None


def test_a_file_that_changes_during_a_build_is_refused(
    small_project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A manifest never lists the hash of another text than the one that was built."""

    def check_slowly(project: Project) -> Checked:
        checked = check_data(project)
        with (project.root / FACTS).open("a", encoding="utf-8") as file:
            file.write("# saved by an editor meanwhile\n")
        return checked

    monkeypatch.setattr(aidgraph.build, "check_data", check_slowly)

    with pytest.raises(UnreadableError, match="changed while it was built"):
        build_dataset(small_project)


def test_opening_reads_only(built_small_project: Project) -> None:
    """Asking leaves no trace: it works from a disk that cannot be written."""
    before = {path: path.stat().st_mtime_ns for path in built_small_project.output.rglob("*")}

    assert open_dataset(built_small_project).store.ask("ASK { ?s ?p ?o }")

    assert before == {
        path: path.stat().st_mtime_ns for path in built_small_project.output.rglob("*")
    }


def test_asking_loads_no_gate(built_small_project: Project) -> None:
    """From a built dataset an answer needs neither rdflib nor pySHACL nor the gates."""
    program = (
        "import sys; from aidgraph.project import find_project;"
        "from aidgraph.dataset import open_dataset; open_dataset(find_project());"
        "print(sorted({'rdflib', 'pyshacl', 'aidgraph.gates'} & set(sys.modules)))"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", program],
        cwd=built_small_project.root,
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout

    assert loaded == "[]\n"


def test_output_keeps_itself_out_of_version_control(built_small_project: Project) -> None:
    """What is built is never committed by accident."""
    assert (built_small_project.output / ".gitignore").read_text("utf-8") == "*\n"


def test_the_manifest_lists_inputs_and_parts_by_hash(built_small_project: Project) -> None:
    """Anyone can check with sha256sum what a dataset was made from, and that it is whole."""
    folder = build_dataset(built_small_project).built.folder
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))

    facts = hashlib.sha256((built_small_project.root / FACTS).read_bytes()).hexdigest()
    assert facts == manifest["inputs"][FACTS]
    for name, part in manifest["parts"].items():
        content = (folder / "parts" / f"{name}.nq").read_bytes()
        assert hashlib.sha256(content).hexdigest() == part["sha256"]
        assert content.count(b"\n") == part["quads"]


def test_times_and_folder_names_are_no_inputs(built_small: Project, tmp_path: Path) -> None:
    """A checkout of another day, elsewhere, gives the same manifest."""
    other = make_small_project(tmp_path / "elsewhere")
    for path in other.root.rglob("*"):
        os.utime(path, (0, 0))

    one, two = open_current(built_small).folder, build_dataset(other).built.folder

    assert read_parts(one) == read_parts(two)


def open_current(project: Project) -> Dataset:
    """Open what the pointer names, whatever the inputs are now."""
    return open_dataset(project, build_if_needed=False)
