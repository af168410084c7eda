"""How canned questions and their evidence fare when the articles are many.

    python benchmarks/corpus.py [QUADS]

The articles are repeated to QUADS quads (a million), on disk, each time with new names for all
that they describe; reference data stays one. Of each question about its example the table gives
the rows, the time of pyoxigraph with the finished SPARQL, that of the answer without evidence and
the ratio of the two, then the time of the evidence of its first row and of its first hundred rows.
Times are processor time, which other work on the machine leaves alone: medians of several runs
in one process. The last line has the medians of the columns.
"""

from __future__ import annotations

import multiprocessing
import re
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

import pyoxigraph as ox

from aidgraph.answers.ask import bind
from aidgraph.answers.lookup import read_value
from aidgraph.answers.why import find_reasons, read_rules
from aidgraph.dataset import Dataset, open_dataset
from aidgraph.project import find_project
from aidgraph.questions import read_questions
from aidgraph.store import EmbeddedStore, Solutions
from aidgraph.terms import ARTICLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
    from multiprocessing.connection import Connection
    from typing import TypeAlias

    from aidgraph.project import Project

    Work: TypeAlias = Callable[[], Sized]
    """What is timed, and gives rows."""
    Preparation: TypeAlias = Callable[[ox.Store], Work]

QUADS = 1_000_000
TABLE = 100  # rows of a table whose evidence is asked for at once
RUNS = 3
LONGEST_S = 10.0  # of one run; longer ones are stopped from outside, for pyoxigraph cannot
IRI = re.compile(r"<[^>]*>")
OF_ARTICLE = re.compile(rf"<{re.escape(ARTICLE)}[^/>]+")
MARK = "\0"  # where the suffix of a copy goes
FORK = multiprocessing.get_context("fork")


class Times(NamedTuple):
    """The rows of a question, and the seconds of each way to answer; None if too long."""

    rows: int
    bare: float | None
    canned: float | None
    why: float | None
    table: float | None

    @property
    def ratio(self) -> float | None:
        """How many times longer it takes our way, without evidence."""
        return self.canned / self.bare if self.canned and self.bare else None


def repeat(dataset: Dataset, quads: int) -> Iterator[str]:
    """Yield the lines of the dataset, the articles' as often as it takes to reach `quads`."""
    shared: list[str] = []
    own: list[str] = []
    for part in dataset.parts():
        lines = part.read_text("utf-8").splitlines(keepends=True)
        (own if part.parent.name == "article" else shared).extend(lines)
    yield from shared
    described = find_subjects(line for line in own if line.endswith("/entities> .\n"))
    names = described - find_subjects(shared)
    marked = [IRI.sub(lambda iri: mark(iri.group(), names), line) for line in own]
    for copy in range(max(1, (quads - len(shared)) // len(own))):
        suffix = f"-copy{copy}" if copy else ""
        yield from (line.replace(MARK, suffix) for line in marked)


def find_subjects(lines: Iterable[str]) -> set[str]:
    """Return the subjects of N-Quads."""
    return {line.partition(" ")[0] for line in lines}


def mark(iri: str, names: set[str]) -> str:
    """Put the mark behind one of `names`, or behind the article in the IRI of it or its part."""
    if article := OF_ARTICLE.match(iri):
        return f"{article.group()}{MARK}{iri[article.end() :]}"
    return f"{iri[:-1]}{MARK}>" if iri in names else iri


def run(folder: str, prepare: Preparation, told: Connection) -> None:
    """Tell the rows, then the seconds of each run on the store in `folder`, after a warm-up."""
    work = prepare(ox.Store.read_only(folder))
    told.send(len(work()))
    for _ in range(RUNS):
        start = time.process_time()
        work()
        told.send(time.process_time() - start)


def measure(folder: str, prepare: Preparation) -> tuple[int, float | None]:
    """Return the rows and the median seconds of the work; 0 and None if a run is stopped."""
    heard, told = FORK.Pipe(duplex=False)
    process = FORK.Process(target=run, args=(folder, prepare, told))
    process.start()
    told.close()
    answers: list[float] = []
    while len(answers) <= RUNS and heard.poll(LONGEST_S):
        answers.append(heard.recv())
    process.kill()
    process.join()
    if len(answers) <= RUNS:
        return 0, None
    return int(answers[0]), statistics.median(answers[1:])


def compare(folder: str, sparql: str, rules: Mapping[str, str]) -> Times:
    """Return the times of one question's finished SPARQL on the store in `folder`."""

    def ask_bare(store: ox.Store) -> Work:
        def work() -> list[ox.QuerySolution]:
            answer = store.query(sparql, use_default_graph_as_union=True)
            return list(cast("ox.QuerySolutions", answer))

        return work

    def ask_canned(store: ox.Store) -> Work:
        return lambda: EmbeddedStore(store).select(sparql).rows

    def ask_why(store: ox.Store, number: int) -> Work:
        asked = EmbeddedStore(store)
        columns, rows = asked.select(sparql)
        first = Solutions(columns, rows[:number])
        return lambda: find_reasons(asked, sparql, first, rules=rules, searched=0, language="en")

    rows, bare = measure(folder, ask_bare)
    ways = (ask_canned, partial(ask_why, number=1), partial(ask_why, number=TABLE))
    return Times(rows, bare, *(measure(folder, way)[1] for way in ways))


def write(name: str, times: Times) -> str:
    """Return a line of the table, in milliseconds."""
    bare, canned, why, table = (
        f"{'> ' + format(LONGEST_S, '.0f') + ' s':>9}" if each is None else f"{each * 1000:9.2f}"
        for each in (times.bare, times.canned, times.why, times.table)
    )
    ratio = f"{times.ratio:6.2f}" if times.ratio else f"{'':6}"
    return f"{name:<34} {times.rows:>6} {bare} {canned} {ratio} {why} {table}"


def write_medians(table: list[Times]) -> str:
    """Return the last line; what took too long counts as the most."""
    rows, *seconds = (
        statistics.median(LONGEST_S if each is None else each for each in column)
        for column in zip(*table, strict=True)
    )
    return write("median", Times(round(rows), *seconds))


def fill(folder: str, dataset: Dataset, quads: int) -> int:
    """Make a store in `folder`; return its size."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".nq") as out:
        out.writelines(repeat(dataset, quads))
        out.flush()
        store = ox.Store(folder)
        store.bulk_load(path=out.name)
    store.optimize()
    store.flush()
    return len(store)


def main() -> None:
    """Print the table."""
    quads = int(sys.argv[1]) if len(sys.argv) > 1 else QUADS
    project: Project = find_project(None)
    rules = read_rules(project)
    dataset = open_dataset(project)
    with tempfile.TemporaryDirectory() as parent:
        folder = str(Path(parent) / "store")
        size = fill(folder, dataset, quads)
        print(
            f"{size:,} quads; ms: bare, canned, ratio, why (a row), why ({TABLE} rows)", flush=True
        )
        table = []
        for question in read_questions(project)[0]:
            terms = {
                each.name: read_value(dataset.store, each, each.example)
                for each in question.parameters
                if not each.optional
            }
            table.append(compare(folder, bind(question.sparql, terms), rules))
            print(write(question.name, table[-1]), flush=True)
        print(write_medians(table))


if __name__ == "__main__":
    main()
