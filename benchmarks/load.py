"""How fast a load is, against one request of the whole file by curl, on an Oxigraph of its own.

    python benchmarks/load.py [QUADS]

The corpus of `benchmarks/corpus.py`, QUADS quads (a million), goes into a new server each time:
by `curl --data-binary`-like streaming of one file, and by us, without and with verification by
hash. Prints seconds, the ratio of rates (above 1: we are faster), and our process's peak memory.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, cast

import httpx

from aidgraph.dataset import Dataset, open_dataset
from aidgraph.parts import hash_lines
from aidgraph.project import find_project
from aidgraph.shelf import Manifest
from aidgraph.transfer.connection import Connection
from aidgraph.transfer.journal import open_journal
from aidgraph.transfer.load import Loader, Wish
from aidgraph.transfer.sorting import sort_canonically
from aidgraph.transfer.stores import open_store
from corpus import repeat

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aidgraph.store import EmbeddedStore

QUADS = 1_000_000
PORT = 17_979
ADDRESS = f"http://127.0.0.1:{PORT}"
READY_S = 0.1


@contextmanager
def serve(folder: Path) -> Iterator[None]:
    """Run a new Oxigraph server on disk."""
    program = Path(sys.executable).with_name("oxigraph")
    command = [str(program), "serve", "--location", str(folder), "--bind", ADDRESS[7:]]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        while True:
            try:
                httpx.get(f"{ADDRESS}/query")
                break
            except httpx.ConnectError:
                time.sleep(READY_S)
        try:
            yield
        finally:
            process.terminate()


def write_corpus(folder: Path, quads: int) -> None:
    """Write the corpus as the only part of a dataset."""
    lines = (line.encode() for line in repeat(open_dataset(find_project(None)), quads))
    part = folder / "parts" / "corpus.nq"
    part.parent.mkdir()
    with part.open("wb") as file:
        file.writelines(sort_canonically(lines, folder / "sorting").lines())


def load_ours(folder: Path, verify: str) -> None:
    """Load the corpus in `folder`; run in a process of its own, whose memory is measured."""
    part = folder / "parts" / "corpus.nq"
    with part.open("rb") as file:
        snapshot = hash_lines(file)
    manifest = Manifest(snapshot, {}, {}, {}, {"corpus": {}})
    dataset = Dataset(cast("EmbeddedStore", None), snapshot, folder, manifest)
    connection = Connection(None, lambda _en, zh: print(zh))
    with open_journal(folder / "output", ADDRESS) as journal:
        store = open_store(connection, ADDRESS, None)
        wish = Wish(ADDRESS, verify=verify)
        Loader(store, journal, wish, print, lambda _n: nullcontext(lambda _m: None)).load(dataset)
    connection.close()


def measure(command: list[str]) -> tuple[float, float]:
    """Run a command; return its wall time in seconds and its peak memory in MB."""
    start = time.perf_counter()
    process = subprocess.Popen(command)
    _, status, usage = os.wait4(process.pid, 0)
    taken = time.perf_counter() - start
    if status:
        message = f"{command} failed"
        raise SystemExit(message)
    return taken, usage.ru_maxrss / 1024


def main() -> None:
    """Print the table."""
    quads = int(sys.argv[1]) if len(sys.argv) > 1 else QUADS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_corpus(folder, quads)
        part = f"{folder}/parts/corpus.nq"
        ours = [sys.executable, __file__, "ours", name]
        header = "Content-Type: application/n-quads"
        commands = {
            "curl, one request": ["curl", "-sfT", part, "-XPOST", "-H", header, f"{ADDRESS}/store"],
            "ours, counted": [*ours, "count"],
            "ours, hash verified": [*ours, "hash"],
        }
        base = 0.0
        for label, command in commands.items():
            with serve(folder / label):
                taken, memory = measure(command)
            base = base or taken
            print(
                f"{label:<20} {taken:7.1f} s  {base / taken:5.2f} x  {memory:5.0f} MB", flush=True
            )


if __name__ == "__main__":
    if sys.argv[1:2] == ["ours"]:
        load_ours(Path(sys.argv[2]), sys.argv[3])
    else:
        main()
