"""How long a question's page takes the server when the articles are many, and how soon it starts.

    python benchmarks/pages.py [QUADS]

The dataset is repeated to QUADS quads (a million) on disk; the page of each question about its
example, named by its CURIE, is asked for once, and then RUNS times. So is one about a name that
every copy has, which answers 409 with all of them. The table has those that miss the goal of
100 ms, the slowest first, with the rows of the answer and the medians of wall time and of the CPU
time of all the server's processes, which is steadier where much else runs; 504 is a page that the
limit on questions ended. Then the medians over all questions, and of STARTS starts the time until
the server answers, of which 1 s is the goal.

A question without a parameter, or about what most articles tell of, finds and sorts rows
of every article before its page can say how many there are and show the first hundred: it takes
longer the more articles there are. At a million quads the goal for such a page is 1 s.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx
import pyoxigraph as ox

from aidgraph.answers.lookup import read_value
from aidgraph.dataset import open_dataset
from aidgraph.project import find_project
from aidgraph.questions import read_questions
from aidgraph.terms import curie
from corpus import QUADS
from endpoint import START_S, answers, make_project

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aidgraph.dataset import Dataset
    from aidgraph.questions import Question

RUNS, STARTS = 3, 5
GOAL_MS, WHOLE_GOAL_MS, START_GOAL_S = 100.0, 1000.0, 1.0
MANY_CALLED_SO = "place-chain"  # a question whose example is a village that the article names
ADDRESS = "http://127.0.0.1:7983"
SERVE = "from aidgraph.cli import main; main()"


class Taken(NamedTuple):
    """The rows of a page's answer, and its milliseconds: on the clock, and of the processors."""

    name: str
    status: int
    rows: str
    wall: float
    cpu: float


def start(root: str) -> tuple[subprocess.Popen[bytes], float]:
    """Start a server of the project in the folder `root`; return it, and the seconds it took."""
    options = ("--project", root, "serve", "--port", "7983", "--workers", "1")
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, "-c", SERVE, *options], stderr=subprocess.DEVNULL)
    while not answers(f"{ADDRESS}/sparql"):
        if process.poll() is not None or time.monotonic() - began > START_S:
            sys.exit("the server does not answer")
        time.sleep(0.01)
    return process, time.monotonic() - began


def read_cpu(pid: int) -> float:
    """Return the milliseconds that the threads of a process and of its children have run for."""
    tasks = [*Path(f"/proc/{pid}/task").iterdir()]
    own = sum(int((task / "schedstat").read_text("ascii").split()[0]) for task in tasks) / 1e6
    children = [child for task in tasks for child in (task / "children").read_text("ascii").split()]
    return own + sum(read_cpu(int(child)) for child in children)


def ask(client: httpx.Client, pid: int, name: str, given: Mapping[str, str]) -> Taken:
    """Ask for the page of a question again and again."""
    walls, cpus = [], []
    for _ in range(RUNS + 1):
        before, began = read_cpu(pid), time.perf_counter()
        page = client.get(f"/q/{name}", params=given)
        walls.append((time.perf_counter() - began) * 1000)
        cpus.append(read_cpu(pid) - before)
    rows = re.search(r"<strong>([0-9,]+) ", page.text)
    times = map(statistics.median, (walls[1:], cpus[1:]))
    return Taken(name, page.status_code, rows[1] if rows else "", *times)


def read_examples(dataset: Dataset, question: Question) -> dict[str, str]:
    """Return what a question is asked about: things by their CURIEs, as copies share the names."""
    examples = {}
    for each in question.parameters:
        if not each.optional:
            term = read_value(dataset.store, each, each.example)
            is_thing = isinstance(term, ox.NamedNode)
            examples[each.name] = curie(term.value) if is_thing else each.example
    return examples


def main() -> None:
    """Print the table."""
    quads = int(sys.argv[1]) if len(sys.argv) > 1 else QUADS
    origin = open_dataset(find_project(None))
    questions, _ = read_questions(find_project(None))
    asked = [(each.name, read_examples(origin, each)) for each in questions]
    asked += [
        (each.name, {p.name: p.example for p in each.parameters})
        for each in questions
        if each.name == MANY_CALLED_SO
    ]
    with tempfile.TemporaryDirectory() as root:
        make_project(Path(root), quads)
        starts = []
        for _ in range(STARTS):
            process, taken_s = start(root)
            starts.append(taken_s)
            process.terminate()
            process.wait()
        process, _ = start(root)
        headers = {"Accept": "text/html", "Accept-Language": "en"}
        try:
            with httpx.Client(base_url=ADDRESS, headers=headers, timeout=START_S) as client:
                taken = [ask(client, process.pid, *each) for each in asked]
        finally:
            process.terminate()
            process.wait()
    print("question                            status    rows   wall ms    CPU ms")
    for each in sorted(taken, key=lambda each: -each.cpu):
        if min(each.wall, each.cpu) > GOAL_MS or each.status != httpx.codes.OK:
            rows = f"{each.name:<36}{each.status:>6}{each.rows:>8}"
            print(f"{rows}{each.wall:10.0f}{each.cpu:10.0f}")
    wall, cpu = (statistics.median(times) for times in zip(*(t[3:] for t in taken), strict=True))
    for goal in (GOAL_MS, WHOLE_GOAL_MS):
        within = sum(each.cpu <= goal for each in taken)
        print(f"{within} of {len(taken)} within {goal:.0f} ms of CPU")
    print(f"medians {wall:.0f}, {cpu:.0f}")
    print(f"start {statistics.median(starts):.2f} s of {START_GOAL_S:.0f}")


if __name__ == "__main__":
    main()
