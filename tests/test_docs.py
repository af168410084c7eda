"""The documents are true: their commands print what they show, their links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aidgraph.project import find_project
from questions_page import PAGE, write_page
from running import run_aidgraph

if TYPE_CHECKING:
    from aidgraph.dataset import Dataset
    from aidgraph.project import Project

REPOSITORY = Path(__file__).parents[1]
DOCUMENTS = sorted(
    path for pattern in ("*.md", "docs/*.md", "data/**/*.md") for path in REPOSITORY.glob(pattern)
)
SESSION = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^\$ (aidgraph .*)\n((?:(?!\$ ).*\n)*)", re.MULTILINE)
LINK = re.compile(r"\[[^\]]*\]\(([^)#]+)(?:#[^)]*)?\)")


def find_examples() -> list[tuple[str, str]]:
    """Return each command that a document shows, with what it is said to print."""
    return [
        (command, output)
        for document in DOCUMENTS
        for session in SESSION.findall(document.read_text(encoding="utf-8"))
        for command, output in COMMAND.findall(session)
    ]


def test_the_readme_shows_answers() -> None:
    """There are examples to hold the documents to."""
    assert find_examples()


@pytest.mark.parametrize(("command", "output"), find_examples(), ids=lambda text: text[:60])
def test_a_command_prints_what_the_document_shows(
    command: str, output: str, built_copy: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a reader pastes gives what the document shows, to the character."""
    monkeypatch.setenv("COLUMNS", "92")
    monkeypatch.setenv("LANG", "C.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES", "AIDGRAPH_LANG"):
        monkeypatch.delenv(name, raising=False)

    process = run_aidgraph(built_copy, *shlex.split(command)[1:])

    assert (0, output) == (process.returncode, process.stdout)


def test_the_page_of_questions_is_what_make_docs_writes(built: Dataset) -> None:
    """Every question is on it, and its example's answer is what `ask` gives today."""
    assert write_page(find_project(REPOSITORY), built) == PAGE.read_text("utf-8"), "make docs"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_to_files(document: Path) -> None:
    """A link inside the repository leads to a file or folder that is there."""
    links = LINK.findall(document.read_text(encoding="utf-8"))
    inside = [document.parent / link for link in links if "://" not in link]

    assert not [path for path in inside if not path.exists()]
