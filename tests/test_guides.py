"""The guides to stores are true: they start what the tests start, and their commands answer."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from servers import fuseki, jars, rdf4j, virtuoso

if TYPE_CHECKING:
    from aidgraph.dataset import Dataset
    from aidgraph.project import Project
    from servers.server import Server

GUIDES = Path(__file__).parents[1] / "docs" / "stores"
SESSION = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
LINK = re.compile(r"\[[^\]]*\]\(([^)]+)\)")
# What only a test needs: less memory, haste, and a folder that is gone after it.
OF_THE_TEST = ("-Xmx", "-XX:", "-Djava.io.tmpdir=")
AIDGRAPH = f"""
set -e
aidgraph() {{ '{sys.executable}' -c 'from aidgraph.cli import main; main()' "$@"; }}
"""


def read_guide(store: str) -> str:
    """Return the page on a store."""
    return (GUIDES / f"{store}.md").read_text(encoding="utf-8")


def find_address(guide: str) -> str:
    """Return the one address that a guide's server has."""
    [address] = {match[0] for match in ADDRESS.finditer(guide)}
    return address


def read_session(server: Server) -> tuple[str, str]:
    """Return the commands of a store's guide, for our server, and a pattern of what they print.

    In it `…` stands for anything in a line, and alone in a line for any lines.
    """
    guide = read_guide(server.name)
    ours = f"http://{urlsplit(server.query_url).netloc}"
    session = "".join(SESSION.findall(guide)).replace(find_address(guide), ours)
    lines = session.splitlines(keepends=True)
    commands = "".join(line.removeprefix("$ ") for line in lines if line.startswith("$ "))
    output = "".join(line for line in lines if not line.startswith("$ "))
    pattern = re.escape(output).replace("\\\n…\\\n", "\\\n(?:.*\\\n)+").replace("…", ".+")
    return commands, pattern


def test_a_guide_starts_what_the_tests_start(any_store: Server) -> None:
    """A reader's server runs with the options of ours: the same command, but for the port."""
    guide = read_guide(any_store.name)
    ours, theirs = urlsplit(any_store.query_url).port, urlsplit(find_address(guide)).port

    command = " ".join(
        Path(argument).name if Path(argument).exists() else argument
        for argument in any_store.process.command
        if not argument.startswith(OF_THE_TEST)
    )

    assert f"\n{command.replace(str(ours), str(theirs))}\n" in guide


@pytest.mark.parametrize(
    ("store", "text"),
    [
        ("virtuoso", virtuoso.configure(8890, virtuoso.SQL_PORT)),
        ("fuseki", fuseki.configure()),
        ("fuseki", fuseki.BASIC),
        ("fuseki", f"-Dartifact={jars.FUSEKI} "),
        ("rdf4j", rdf4j.REPOSITORY),
        ("rdf4j", f"-Dartifact={jars.RDF4J} "),
        ("rdf4j", f"-Dartifact={jars.JETTY} "),
    ],
    ids=["ini", "dataset", "passwords", "fuseki.jar", "repository", "rdf4j.war", "jetty.jar"],
)
def test_a_guide_configures_what_the_tests_configure(store: str, text: str) -> None:
    """The files that a reader makes, and the versions fetched, are those that are tested."""
    assert text in read_guide(store)


def test_the_commands_of_a_guide_give_its_answer(
    any_store: Server, project_copy: Project, built: Dataset
) -> None:
    """What a reader pastes prints what the guide shows, on a store that was empty."""
    del built  # only so that one build serves all
    any_store.clear()
    if any_store.name == "rdf4j":
        rdf4j.drop_repository(any_store)
        (project_copy.root / "repository.ttl").write_text(rdf4j.REPOSITORY, encoding="utf-8")
    commands, output = read_session(any_store)

    process = subprocess.run(
        ["/bin/bash", "-c", AIDGRAPH + commands],
        cwd=project_copy.root,
        env={**os.environ, "COLUMNS": "92", "LC_ALL": "C.UTF-8", "AIDGRAPH_LANG": "en"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )

    assert process.returncode == 0, process.stderr
    assert re.fullmatch(output, process.stdout), process.stdout


@pytest.mark.parametrize("guide", sorted(GUIDES.glob("*.md")), ids=lambda path: path.stem)
def test_links_of_a_guide_lead_to_files(guide: Path) -> None:
    """A link inside the repository leads to a page that is there."""
    links = [link for link in LINK.findall(guide.read_text("utf-8")) if "://" not in link]

    assert not [link for link in links if not (guide.parent / link).exists()]
