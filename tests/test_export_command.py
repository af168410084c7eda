"""`aidgraph export` as people run it: files that are whole or not there, mistakes that are told."""

from __future__ import annotations

import hashlib
import json
import resource
import signal
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest

from running import run_aidgraph

if TYPE_CHECKING:
    from pathlib import Path

    from aidgraph.project import Project

FILES = ["a.ttl", "a.trig", "a.jsonld", "a.rdf", "a.nt.gz", "a.zip", "a.graphml", "a.parquet"]


def test_two_runs_give_the_same_bytes(built_small: Project, tmp_path: Path) -> None:
    """Also where Python walks its sets in another order."""
    for name in FILES:
        written = []
        for seed in (1, 2):
            path = tmp_path / name
            process = run_aidgraph(built_small, "export", "-o", str(path), hash_seed=seed)
            assert process.returncode == 0, process.stderr
            written.append(path.read_bytes())

        assert written[0] == written[1], name


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["-f", "ttl", "-o", "a.nq"], 2, {"en": "change one of them", "zh": "请改其一"}),
        (["-o", "a.pdf"], 2, {"en": "names no format", "zh": "不是任何格式"}),
        (
            ["--layout", "quads", "-o", "a.ttl"],
            2,
            {"en": "cannot have the layout", "zh": "不能用 quads 布局"},
        ),
        (
            ["--scope", "article:smal"],
            4,
            {"en": "The nearest: small.", "zh": "最接近的有：small。"},
        ),
        (["--scope", "some"], 2, {"en": "There is no scope “some”", "zh": "没有范围“some”"}),
        (
            ["-o", "no/such/a.ttl"],
            3,
            {"en": "No such file or directory", "zh": "没有这个文件或文件夹"},
        ),
        (["-f", "ttl", "-o", "data"], 3, {"en": "Is a directory", "zh": "它是文件夹"}),
        (["-f", "csv", "-o", "data"], 2, {"en": "data is not empty", "zh": "不是空文件夹"}),
    ],
)
def test_a_mistake_is_one_sentence(
    built_small: Project, arguments: list[str], status: int, said: dict[str, str]
) -> None:
    """In either language, with its status, and no file begun."""
    before = sorted(path.name for path in built_small.root.iterdir())
    for language, words in said.items():
        process = run_aidgraph(built_small, "export", *arguments, "--lang", language)

        assert process.returncode == status
        assert words in process.stderr
        assert process.stderr.count("\n") == 1
        assert not process.stdout
    assert before == sorted(path.name for path in built_small.root.iterdir())


def test_a_disk_that_fills_up_leaves_the_file_as_it_was(
    built_small: Project, tmp_path: Path
) -> None:
    """Status 3; what stood there stands there still, and no draft beside it."""
    path = tmp_path / "a.nq"
    path.write_text("before", "utf-8")

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    process = run_aidgraph(built_small, "export", "-o", str(path), before=limit)

    assert process.returncode == 3
    assert "cannot be written: File too large." in process.stderr
    assert path.read_text("utf-8") == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["a.nq"]


@pytest.mark.parametrize(
    ("module", "file"),
    [("pyarrow", "a.parquet"), ("zstandard", "a.nq.zst")],
)
def test_a_library_that_is_missing_is_named(
    built_small: Project, tmp_path: Path, module: str, file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 2; the sentence says what to install, and no file is left."""
    hidden = tmp_path / "hidden"
    hidden.mkdir()
    (hidden / f"{module}.py").write_text("raise ImportError\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(hidden))

    process = run_aidgraph(built_small, "export", "-o", str(tmp_path / file))

    assert process.returncode == 2
    extra = {"pyarrow": "parquet", "zstandard": "zstd"}[module]
    assert f"pip install 'aidgraph[{extra}]'." in process.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["hidden"]


def test_the_manifest_tells_what_the_file_holds(built_small: Project, tmp_path: Path) -> None:
    """Its hashes are those that other programs compute, and its counts those of the graphs."""
    path, manifest = tmp_path / "a.trig.gz", tmp_path / "a.json"

    process = run_aidgraph(built_small, "export", "-o", str(path), "--manifest", str(manifest))

    assert process.returncode == 0, process.stderr
    told = json.loads(manifest.read_bytes())
    content = path.read_bytes()
    assert told["file"] == "a.trig.gz"
    assert told["bytes"] == len(content)
    assert told["sha256"] == hashlib.sha256(content).hexdigest()
    assert told["rdfc10"] == told["snapshot"]  # in quads and whole, one is the other
    assert told["graphs"]["https://w3id.org/aidgraph/article/small/p2.1"] == 11
    assert told["quads"] == sum(told["graphs"].values())
    assert told["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert "https://w3id.org/aidgraph/" in told["citation"]


def test_the_manifest_of_a_folder_tells_of_each_file(built_small: Project, tmp_path: Path) -> None:
    """Name, bytes and SHA-256, as `sha256sum` gives it, of all that the folder has."""
    folder, manifest = tmp_path / "tables", tmp_path / "a.json"

    process = run_aidgraph(
        built_small, "export", "-f", "csv", "-o", str(folder), "--manifest", str(manifest)
    )

    assert process.returncode == 0, process.stderr
    expected = [
        {
            "file": path.name,
            "bytes": path.stat().st_size,
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(folder.iterdir())
    ]
    told = json.loads(manifest.read_bytes())
    assert expected == sorted(told["files"], key=lambda file: str(file["file"]))


def test_the_manifest_of_turtle_has_its_canonical_hash(
    built_small: Project, tmp_path: Path
) -> None:
    """Who reads the Turtle and names its blank nodes by RDFC-1.0 gets that hash."""
    path, manifest = tmp_path / "a.ttl", tmp_path / "a.json"

    process = run_aidgraph(built_small, "export", "-o", str(path), "--manifest", str(manifest))

    assert process.returncode == 0, process.stderr
    read = ox.Dataset(ox.parse(path=path))
    read.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    written = ox.serialize(read, format=ox.RdfFormat.N_QUADS) or b""
    lines = sorted(written.splitlines(keepends=True))
    assert (
        json.loads(manifest.read_bytes())["rdfc10"] == hashlib.sha256(b"".join(lines)).hexdigest()
    )


def test_tables_go_to_standard_output_as_facts(built_small: Project) -> None:
    """`aidgraph export -f csv | …` gives one table."""
    process = run_aidgraph(built_small, "export", "-f", "csv")

    assert process.returncode == 0
    assert process.stdout.startswith("subject,subject_en,subject_zh,property,")
