"""`aidgraph serve` as its users run it: a process, asked over HTTP; and datasets made for it."""

from __future__ import annotations

import hashlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx

from aidgraph.inputs import find_inputs, made_with, read_hashes, read_stamps
from aidgraph.shelf import Manifest, make_output, put_dataset

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping
    from pathlib import Path

    import pyoxigraph as ox

    from aidgraph.project import Project

_PROGRAM = (
    "import aidgraph.server.limits as l; l.IDLE_S = {}; from aidgraph.cli import main; main()"
)
_IDLE_S = 15.0
_PATIENCE_S = 60.0
_CHILDREN = "/proc/{0}/task/{0}/children"


class Served:
    """A server that runs: its address, its process, and a client that asks it."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        """Ask the server of `process` at `address`."""
        self.process = process
        self.address = address
        self.client = httpx.Client(base_url=address, timeout=_PATIENCE_S)

    def connect(self) -> socket.socket:
        """Return a connection to the server, to say to it what no client would."""
        host, _, port = self.address.removeprefix("http://").rpartition(":")
        return socket.create_connection((host, int(port)), timeout=_PATIENCE_S)

    def get(self, path: str, accept: str = "*/*", **params: str) -> httpx.Response:
        """Return the response to a GET."""
        return self.client.get(path, params=params or None, headers={"Accept": accept})

    def ask(self, sparql: str, accept: str = "*/*", **params: str) -> httpx.Response:
        """Return the response to a query."""
        return self.get("/sparql", accept, query=sparql, **params)

    def workers(self) -> set[int]:
        """Return the ids of the server's children."""
        with open(_CHILDREN.format(self.process.pid), encoding="ascii") as listed:  # noqa: PTH123
            return {int(each) for each in listed.read().split()}

    def state(self) -> dict[str, int]:
        """Return how many workers are idle and at work, and how many requests wait."""
        found: dict[str, int] = self.get("/health").json()["workers"]
        return found

    def wait_for(self, **wanted: int) -> float:
        """Wait until the workers are in a state; return how many seconds that took."""
        began = time.monotonic()
        while not wanted.items() <= self.state().items():
            assert time.monotonic() - began < _PATIENCE_S, self.state()
            time.sleep(0.02)
        return time.monotonic() - began


@contextmanager
def serve(root: Path, *options: str, idle_s: float = _IDLE_S) -> Generator[Served]:
    """Serve the project in the folder `root`; stop the server at the end.

    `idle_s` is how long a client may keep a connection waiting.
    """
    process = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM.format(idle_s), "serve", "--port", "0", *options],
        cwd=root,
        env={**os.environ, "PYTHONUTF8": "1", "AIDGRAPH_LANG": "en"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stderr is not None
    try:
        said = process.stderr.readline()
        found = re.fullmatch(r"Serving at (http://\S+)/\n", said)
        assert found, said + process.stderr.read()
        served = Served(process, found[1])
        with served.client:
            served.wait_for(working=0, waiting=0)
            yield served
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stderr.close()


def put_quads(
    project: Project, quads: Iterable[ox.Quad], counts: Mapping[str, int] | None = None
) -> str:
    """Make `quads` the project's current dataset, as a build would; return its snapshot.

    `counts` is what its manifest counts beside them.
    """
    make_output(project.output)
    lines = sorted(f"{quad} .\n".encode() for quad in quads)
    inputs = find_inputs(project)
    manifest = Manifest(
        snapshot=hashlib.sha256(b"".join(lines)).hexdigest(),
        made_with=made_with(),
        counts={**(counts or {}), "quads": len(lines)},
        inputs=read_hashes(inputs),
        parts={"dataset": {"quads": len(lines)}},
    )
    put_dataset(project.output, {"dataset": lines}, manifest, read_stamps(inputs))
    return manifest.snapshot
