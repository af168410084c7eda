"""How fast N-Quads leave, beside pyoxigraph's own dump of the same quads, and how much memory.

    python benchmarks/export.py [QUADS]

The articles are repeated as in `corpus.py` to QUADS quads (a million), in a dataset and in a
store on disk. The table gives seconds, the median of several runs each into a file, quads a
second, and the ratio of pyoxigraph's time to ours: 0.8 or more is wanted of N-Quads. Of the other
forms the table gives the same, beside what pyoxigraph has for it.
"""

from __future__ import annotations

import resource
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.dataset import open_dataset
from aidgraph.parts import part_of
from aidgraph.project import find_project
from aidgraph.transfer.export import read_material, write_export
from aidgraph.transfer.formats import ExportFormat, choose_layout
from aidgraph.transfer.merged import split_line
from corpus import repeat

if TYPE_CHECKING:
    from collections.abc import Callable

    from aidgraph.dataset import Dataset

QUADS = 1_000_000
RUNS = 3
FORMS = {
    ExportFormat.NQUADS: ox.RdfFormat.N_QUADS,
    ExportFormat.TRIG: ox.RdfFormat.TRIG,
    ExportFormat.NTRIPLES: None,
    ExportFormat.TURTLE: None,
}
"""What is measured, and the format in which pyoxigraph writes the same; None where it cannot."""


def make_dataset(quads: int, folder: Path) -> Dataset:
    """Write a large dataset's parts into `folder`, as a build would, and return it."""
    dataset = open_dataset(find_project(None))
    parts: dict[str, set[bytes]] = {}
    for line in repeat(dataset, quads):
        quad = line.encode()
        parts.setdefault(part_of(split_line(quad)[1]), set()).add(quad)
    for name, lines in parts.items():
        path = folder / "parts" / f"{name}.nq"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"".join(sorted(lines)))
    counts: dict[str, dict[str, int | str]] = {
        name: {"quads": len(lines), "sha256": ""} for name, lines in parts.items()
    }
    return replace(dataset, folder=folder, manifest=dataset.manifest._replace(parts=counts))


def make_store(dataset: Dataset, folder: Path) -> ox.Store:
    """Load the parts of `dataset` into a store on disk."""
    store = ox.Store(str(folder))
    for path in dataset.parts():
        store.bulk_load(path=path, format=ox.RdfFormat.N_QUADS)
    store.optimize()
    return store


def write_ours(dataset: Dataset, form: ExportFormat, path: Path) -> None:
    """Write the whole dataset as `aidgraph export` does."""
    with path.open("wb") as stream:
        material = read_material(dataset, "all", form)
        write_export(material, form, stream, layout=choose_layout(None, form))


def measure(work: Callable[[], object]) -> float:
    """Return the median seconds that `work` takes, after a first run that does not count."""
    work()
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def compare(name: str, quads: int, ours: Callable[[], None], theirs: float | None) -> str:
    """Return a line of the table."""
    taken = measure(ours)
    ratio = f"{theirs / taken:6.2f}" if theirs else "     –"
    shown = f"{theirs:8.2f}" if theirs else "       –"
    return f"{name:<6} {shown} {taken:8.2f} {quads / taken:12,.0f} {ratio}"


def main() -> None:
    """Print the table."""
    quads = int(sys.argv[1]) if len(sys.argv) > 1 else QUADS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        dataset = make_dataset(quads, folder / "dataset")
        store = make_store(dataset, folder / "store")
        number, out = len(store), folder / "out"
        print(f"{number:,} quads; s: pyoxigraph, ours; quads a second; ratio", flush=True)
        for form, own in FORMS.items():
            theirs = measure(partial(store.dump, str(out), own)) if own else None
            ours = partial(write_ours, dataset, form, out)
            print(compare(form.value, number, ours, theirs), flush=True)
        size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"greatest memory {size:,.0f} MB, most of it the making of the corpus")


if __name__ == "__main__":
    main()
