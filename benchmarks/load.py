"""How fast a load is, against one request of the whole file by curl, on an Oxigraph of its own.

    python benchmarks/load.py [QUADS [RUNS]]

The corpus of `benchmarks/corpus.py`, QUADS quads (a million), goes into a new server each time:
by curl, one request of the whole file, and by us, without and with verification by hash; they take
turns. Prints the median of RUNS (1): seconds, the ratio of rates (above 1: we are faster); the
same of processor time, client and server together, which a busy machine changes less; and the
client's peak memory.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import nullcontext
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
from measuring import Cost, measure, wait_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aidgraph.store import EmbeddedStore

QUADS = 1_000_000
PORT = 17_979
ADDRESS = f"http://127.0.0.1:{PORT}"
READY_S = 0.1


def measure_into(folder: Path, command: Sequence[str]) -> Cost:
    """Run a command while a new Oxigraph server runs on disk; add the server's processor time."""
    program = Path(sys.executable).with_name("oxigraph")
    serving = [str(program), "serve", "--location", str(folder), "--bind", ADDRESS[7:]]
    server = subprocess.Popen(serving, stderr=subprocess.DEVNULL)
    while True:
        try:
            httpx.get(f"{ADDRESS}/query")
            break
        except httpx.ConnectError:
            time.sleep(READY_S)
    try:
        cost = measure(command)
    finally:
        server.terminate()
        spent = wait_for(server, 0).cpu_s
    return cost._replace(cpu_s=cost.cpu_s + spent)


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


def main() -> None:
    """Print the table."""
    given = [int(argument) for argument in sys.argv[1:]]
    quads, runs = given[0] if given else QUADS, given[1] if given[1:] else 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        # In a process of its own: the memory of one that made others is counted as theirs.
        subprocess.run([sys.executable, __file__, "corpus", name, str(quads)], check=True)
        part = f"{folder}/parts/corpus.nq"
        ours = [sys.executable, __file__, "ours", name]
        header = "Content-Type: application/n-quads"
        commands = {
            "curl, one request": ["curl", "-sfT", part, "-XPOST", "-H", header, f"{ADDRESS}/store"],
            "ours, counted": [*ours, "count"],
            "ours, hash verified": [*ours, "hash"],
        }
        costs: dict[str, list[Cost]] = {label: [] for label in commands}
        for number in range(runs):
            for label, command in commands.items():
                costs[label].append(measure_into(folder / f"{label} {number}", command))
    base, *_ = (find_median(each) for each in costs.values())
    for label, each in costs.items():
        wall_s, cpu_s, memory_mb = find_median(each)
        print(
            f"{label:<20} {wall_s:7.1f} s  {base.wall_s / wall_s:5.2f} x"
            f"  {cpu_s:7.1f} CPU s  {base.cpu_s / cpu_s:5.2f} x  {memory_mb:5.0f} MB"
        )


def find_median(costs: Sequence[Cost]) -> Cost:
    """Return the medians of what several runs cost, each by itself."""
    return Cost(*map(statistics.median, zip(*costs, strict=True)))


if __name__ == "__main__":
    if sys.argv[1:2] == ["ours"]:
        load_ours(Path(sys.argv[2]), sys.argv[3])
    elif sys.argv[1:2] == ["corpus"]:
        write_corpus(Path(sys.argv[2]), int(sys.argv[3]))
    else:
        main()
