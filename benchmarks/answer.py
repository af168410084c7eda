"""How long an answer takes, and a build: whole processes, against a bare import of the store.

    python benchmarks/answer.py [RUNS]

Run by the Python that aidgraph is installed in. Prints the median wall time of each command, its
ratio to `python -c "import pyoxigraph"` in the same run, its processor time, which other work on
the machine leaves alone, and its peak memory; the commands take turns, so that a slow moment of the
machine falls on all of them.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
from pathlib import Path

import aidgraph.project
from measuring import Cost, measure

AIDGRAPH = (sys.executable, "-c", "from aidgraph.cli import main; main()")
QUESTION = ("ask", "helpers-of-area", "--area", "喀什")
COMMANDS = {
    "import pyoxigraph": (sys.executable, "-c", "import pyoxigraph"),
    "ask": (*AIDGRAPH, *QUESTION),
    "ask -f json": (*AIDGRAPH, *QUESTION, "-f", "json"),
    "ask --why": (*AIDGRAPH, *QUESTION, "--why"),
    "ask, a sentence": (*AIDGRAPH, "ask", "谁在帮助昌吉?"),
    "build, unchanged": (*AIDGRAPH, "build"),
}
RUNS = 15


def main() -> None:
    """Print the table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # else what was edited is compiled every time
    os.chdir(aidgraph.project.installed_root())
    measure(COMMANDS["build, unchanged"])
    measured: dict[str, list[Cost]] = {name: [] for name in COMMANDS}
    for _ in range(runs):
        for name, command in COMMANDS.items():
            measured[name].append(measure(command))
    with tempfile.TemporaryDirectory() as cache:
        os.environ["XDG_CACHE_HOME"] = cache
        os.chdir(Path(cache))  # no project here: the installed data is built into the cache
        measured["build, from nothing"] = [measure((*AIDGRAPH, "build"))]
    base = statistics.median(cost.wall_s for cost in measured["import pyoxigraph"])
    for name, costs in measured.items():
        taken = statistics.median(cost.wall_s for cost in costs)
        busy = statistics.median(cost.cpu_s for cost in costs)
        memory = max(cost.memory_mb for cost in costs)
        print(
            f"{name:<20} {taken * 1000:7.0f} ms  {taken / base:6.1f} x  "
            f"{busy * 1000:7.0f} ms of processor  {memory:5.0f} MB"
        )


if __name__ == "__main__":
    main()
