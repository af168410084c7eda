"""How canned questions and their evidence fare when the articles are many.

    python benchmarks/corpus.py [QUADS]

The articles are repeated with their named things renamed, places and industries kept, to QUADS
quads (a million), on disk. Of each question about its example the table gives the rows, the time
of pyoxigraph with the finished SPARQL, that of the answer without and with the evidence of its
first row, as medians of several runs in one process, and the ratio of the first two.
"""

from __future__ import annotations

import re
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from aidgraph.answers.ask import bind
from aidgraph.answers.lookup import read_value
from aidgraph.answers.why import find_reasons, read_rules
from aidgraph.dataset import Dataset, open_dataset
from aidgraph.project import find_project
from aidgraph.questions import read_questions
from aidgraph.store import EmbeddedStore, Solutions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aidgraph.project import Project
    from aidgraph.questions import Question

QUADS = 1_000_000
RUNS = 5
LONGEST_S = 10.0  # of one answer; what takes longer is not run again
OWN = "article|id/(?:batch|party|product|project|site|strategy)"
NAME = re.compile(rf"<https://w3id\.org/aidgraph/(?:{OWN})/[^/>\-]+(?:-[a-z0-9]+)*")


def repeat(dataset: Dataset, quads: int) -> Iterator[str]:
    """Yield the lines of the dataset, the articles' as often as it takes to reach `quads`."""
    shared: list[list[str]] = []
    own: list[list[str]] = []
    for part in dataset.parts():
        lines = part.read_text("utf-8").splitlines(keepends=True)
        (own if part.parent.name == "article" else shared).append(lines)
    yield from (line for lines in shared for line in lines)
    lines = [line for part in own for line in part]
    for copy in range(max(1, (quads - sum(map(len, shared))) // len(lines))):
        suffix = f"-copy{copy}" if copy else ""
        yield from (NAME.sub(rf"\g<0>{suffix}", line) for line in lines)


def measure(work: Callable[[], object]) -> float:
    """Return the median seconds that `work` takes, after a first run that does not count."""
    start = time.perf_counter()
    work()
    if time.perf_counter() - start > LONGEST_S:
        return time.perf_counter() - start
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def ask_bare(store: ox.Store, sparql: str) -> list[tuple[object, ...]]:
    """Return the rows that pyoxigraph gives."""
    answer = cast("ox.QuerySolutions", store.query(sparql, use_default_graph_as_union=True))
    return [tuple(row) for row in answer]


def compare(backing: ox.Store, question: Question, sparql: str, rules: Mapping[str, str]) -> str:
    """Return a line of the table: one question, its finished SPARQL bare and as we ask it."""
    store = EmbeddedStore(backing)
    rows = store.select(sparql)
    first = Solutions(rows.columns, rows.rows[:1])

    def why() -> None:
        find_reasons(store, sparql, first, rules=rules, searched=0, language="en")

    bare = measure(lambda: ask_bare(backing, sparql))
    canned = measure(lambda: store.select(sparql))
    reasons = measure(why)
    times = f"{bare * 1000:9.2f} {canned * 1000:9.2f} {canned / bare:6.2f} {reasons * 1000:9.2f}"
    return f"{question.name:<34} {len(rows.rows):>6} {times}"


def main() -> None:
    """Print the table."""
    quads = int(sys.argv[1]) if len(sys.argv) > 1 else QUADS
    project: Project = find_project(None)
    rules = read_rules(project)
    dataset = open_dataset(project)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "corpus.nq"
        with file.open("w", encoding="utf-8") as out:
            out.writelines(repeat(dataset, quads))
        store = ox.Store(f"{folder}/store")
        store.bulk_load(path=file)
        store.optimize()
        print(f"{len(store):,} quads; ms: bare, canned, ratio, why (first row)")
        for question in read_questions(project)[0]:
            terms = {
                each.name: read_value(dataset.store, each, each.example)
                for each in question.parameters
                if not each.optional
            }
            print(compare(store, question, bind(question.sparql, terms), rules), flush=True)


if __name__ == "__main__":
    main()
