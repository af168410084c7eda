"""Completion in the shell: what it offers, and that it never builds and never complains."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.shell_completion import ShellComplete

from aidgraph.cli.app import aidgraph
from aidgraph.cli.completion import VARIABLE, complete
from aidgraph.cli.session import Session

if TYPE_CHECKING:
    from pathlib import Path

    from aidgraph.project import Project
    from aidgraph.questions import Language

QUESTION = ["ask", "helpers-of-area"]


def offer(root: Path, *words: str, language: Language = "zh") -> list[str]:
    """Return what click offers for the last of the words behind `aidgraph`."""
    session = Session(root, language)
    asked = ShellComplete(aidgraph, {"obj": session}, "aidgraph", VARIABLE)
    given = ["--project", str(root), *words[:-1]]
    return [item.value for item in asked.get_completions(given, words[-1])]


def test_names_of_questions_are_offered(built_root: Path) -> None:
    """Those that begin with what is typed, and no others."""
    offered = offer(built_root, "ask", "helpers-")

    assert "helpers-of-area" in offered
    assert all(name.startswith("helpers-") for name in offered)


def test_parameters_are_offered(built_root: Path) -> None:
    """Of the question that was named, beside the options that every question has."""
    assert {"--area", "--why"} <= set(offer(built_root, *QUESTION, "--"))


@pytest.mark.parametrize(
    ("begun", "expected"),
    [
        ("喀", ["喀什地区", "喀什"]),
        ("kashg", ["Kashgar Prefecture", "Kashgar"]),
        ("653129", ["653129"]),
        ("zzz", []),
    ],
)
def test_values_are_offered_in_any_language(
    built_root: Path, begun: str, expected: list[str]
) -> None:
    """Whatever the case: labels, short names, codes."""
    assert expected == offer(built_root, *QUESTION, "--area", begun)


@pytest.mark.parametrize(("language", "label"), [("zh", "克拉玛依市"), ("en", "Karamay City")])
def test_before_anything_is_typed_labels_are_offered(
    built_root: Path, language: Language, label: str
) -> None:
    """In the language of the session, one for each thing."""
    offered = offer(built_root, *QUESTION, "--area", "", language=language)

    assert label in offered
    assert len(offered) == len(set(offered))
    assert not any(text.isdigit() for text in offered)


def test_nothing_is_built_for_a_completion(
    small_project: Project, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Where no dataset is, there are no values, and not a word of it."""
    monkeypatch.chdir(small_project.root)
    monkeypatch.setenv("COMP_WORDS", "aidgraph ask helpers-of-area --area ")
    monkeypatch.setenv("COMP_CWORD", "4")

    status = complete("bash_complete")

    assert (status, *(text.strip() for text in capfd.readouterr())) == (0, "", "")
    assert not small_project.output.exists()


@pytest.mark.parametrize(
    "words", ["aidgraph ask no-such-question --area ", "aidgraph --project /nowhere ask h"]
)
def test_a_line_that_is_wrong_is_completed_by_nothing(
    words: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Nobody asked for an answer yet: no message breaks the line."""
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))

    status = complete("bash_complete")

    assert (status, *(text.strip() for text in capfd.readouterr())) == (0, "", "")


def test_bash_completes_a_line(built_root: Path, tmp_path: Path) -> None:
    """Bash loads the script that aidgraph prints, and gets words that it can put in the line."""
    program = tmp_path / "aidgraph"
    program.write_text(
        f"#!/bin/sh\nexec {sys.executable} -c 'from aidgraph.cli import main; main()' \"$@\"\n"
    )
    program.chmod(0o755)
    script = """
eval "$(_AIDGRAPH_COMPLETE=bash_source aidgraph)"
COMP_WORDS=(aidgraph ask helpers-of-area --area 'Kashgar\\ P'); COMP_CWORD=4
_aidgraph_completion aidgraph
printf '%s\\n' "${COMPREPLY[@]}"
"""
    ran = subprocess.run(
        ["bash", "--norc", "-c", script],  # noqa: S607  # the bash of whoever runs the test
        cwd=built_root,
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "AIDGRAPH_LANG": "en"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )

    assert ran.stderr == ""
    assert shlex.split(ran.stdout) == ["Kashgar Prefecture"]
