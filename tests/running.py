"""The program as its users run it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from aidgraph.project import Project

COMMAND = (sys.executable, "-c", "from aidgraph.cli import main; main()")
"""What starts the program, as an installed `aidgraph` does."""


def run_aidgraph(
    project: Project, *arguments: str, hash_seed: int = 0, before: Callable[[], None] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `aidgraph` in the project's folder to its end; `before` runs in the new process."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=project.root,
        env=_environment(hash_seed),
        preexec_fn=before,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def start_aidgraph(project: Project, *arguments: str) -> subprocess.Popen[str]:
    """Start `aidgraph` in the project's folder."""
    return subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=project.root,
        env=_environment(0),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def _environment(hash_seed: int) -> dict[str, str]:
    return {**os.environ, "PYTHONHASHSEED": str(hash_seed), "PYTHONUTF8": "1"}
