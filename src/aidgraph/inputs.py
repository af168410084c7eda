"""What a build depends on, and how to see cheaply that none of it has changed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import pyoxigraph as ox

from aidgraph.files import list_files, read_bytes, unreadable
from aidgraph.layout import find_layout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aidgraph.project import Project
    from aidgraph.shelf import Built

Stamps: TypeAlias = dict[str, tuple[int, int]]
"""Name of an input to its size in bytes and its time of change in nanoseconds."""

# A changed program may build something else from the same files; what only shows it cannot.
_PROGRAM = ("", "gates", "sparql", "store")


def made_with() -> dict[str, str]:
    """Return the version of what writes a dataset beside aidgraph, whose files are inputs."""
    return {"pyoxigraph": ox.__version__}


def find_inputs(project: Project) -> dict[str, Path]:
    """Return every file that the dataset of `project` depends on, by name, in order.

    A name is the path from the project's folder down, or `aidgraph/…` for the program's own.

    Raises: as `find_files` does.
    """
    package = Path(__file__).parent
    program = {
        f"aidgraph/{path.relative_to(package).as_posix()}": path
        for folder in _PROGRAM
        for path in list_files(package / folder, ".py")
    }
    return dict(sorted((find_files(project) | program).items()))


def find_files(project: Project) -> dict[str, Path]:
    """Return every file of `project` that its dataset depends on, by name.

    Raises:
        UnreadableError: a folder is missing, empty, cannot be read, or is no article.
    """
    return {project.relative(path): path for path in find_layout(project).files()}


def read_stamps(inputs: Mapping[str, Path]) -> Stamps:
    """Return size and time of change of each input, without reading any.

    Raises:
        UnreadableError: a file went away, or may not be looked at.
    """
    stamps = {}
    for name, path in inputs.items():
        try:
            state = path.stat()
        except OSError as error:
            raise unreadable(path, error) from error
        stamps[name] = (state.st_size, state.st_mtime_ns)
    return stamps


def read_hashes(inputs: Mapping[str, Path]) -> dict[str, str]:
    """Return the SHA-256 of each input, in hexadecimal.

    Raises:
        UnreadableError: a file is missing or cannot be read.
    """
    return {name: hashlib.sha256(read_bytes(path)).hexdigest() for name, path in inputs.items()}


def is_fresh(project: Project, built: Built) -> bool:
    """Tell whether a build would give `built` again.

    Sizes and times of change decide; only where one differs are the files read.

    Raises:
        UnreadableError: an input cannot be read.
    """
    if built.manifest.made_with != made_with():
        return False
    inputs = find_inputs(project)
    if read_stamps(inputs) == built.stamps:
        return True
    return read_hashes(inputs) == built.manifest.inputs
