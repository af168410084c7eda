"""How long a question's page takes the server when the articles are many, and how soon it starts.

    python benchmarks/pages.py [QUADS]

The dataset is repeated to QUADS quads (a million) on disk; the page of each question about its
example is asked for once, and then RUNS times. The table has those that miss the goal of 100 ms,
the slowest first, with the medians of wall time and of the CPU time of all the server's
processes, which is steadier where much else runs; 504 is a page that the limit on questions ended.
Then the medians over all questions, and of
STARTS starts the time until the server answers, of which 1 s is the goal.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import httpx

from aidgraph.project import find_project
from aidgraph.questions import read_questions
from corpus import QUADS
from endpoint import START_S, answers, make_project

if TYPE_CHECKING:
    from aidgraph.questions import Question

RUNS, STARTS = 3, 5
GOAL_MS, START_GOAL_S = 100.0, 1.0
ADDRESS = "http://127.0.0.1:7983"
SERVE = "from aidgraph.cli import main; main()"


class Taken(NamedTuple):
    """The milliseconds of a page: on the clock, and of the processors."""

    name: str
    status: int
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


def ask(client: httpx.Client, pid: int, question: Question) -> Taken:
    """Ask for the page of a question about its example, again and again."""
    given = {each.name: each.example for each in question.parameters if not each.optional}
    walls, cpus, status = [], [], 0
    for run in range(RUNS + 1):
        before, began = read_cpu(pid), time.perf_counter()
        status = client.get(f"/q/{question.name}", params=given).status_code
        if run:
            walls.append((time.perf_counter() - began) * 1000)
            cpus.append(read_cpu(pid) - before)
    return Taken(question.name, status, statistics.median(walls), statistics.median(cpus))


def main() -> None:
    """Print the table."""
    quads = int(sys.argv[1]) if len(sys.argv) > 1 else QUADS
    questions, _ = read_questions(find_project(None))
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
                taken = [ask(client, process.pid, question) for question in questions]
        finally:
            process.terminate()
            process.wait()
    print("question                            status   wall ms    CPU ms")
    for each in sorted(taken, key=lambda each: -each.cpu):
        if min(each.wall, each.cpu) > GOAL_MS or each.status != httpx.codes.OK:
            print(f"{each.name:<36}{each.status:>6}{each.wall:10.0f}{each.cpu:10.0f}")
    within = sum(each.cpu <= GOAL_MS for each in taken)
    wall, cpu = (statistics.median(times) for times in zip(*(t[2:] for t in taken), strict=True))
    print(f"{within} of {len(taken)} within {GOAL_MS:.0f} ms of CPU; medians {wall:.0f}, {cpu:.0f}")
    print(f"start {statistics.median(starts):.2f} s of {START_GOAL_S:.0f}")


if __name__ == "__main__":
    main()
