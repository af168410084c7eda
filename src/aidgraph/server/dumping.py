"""The program of a process that writes a dump to standard output, for as long as it is read."""

from __future__ import annotations

import sys
from pathlib import Path

from aidgraph.dataset import Dataset
from aidgraph.shelf import Manifest
from aidgraph.store import EmbeddedStore
from aidgraph.store.worker import end_with_parent
from aidgraph.terms import use_prefixes
from aidgraph.transfer.export import read_material, write_export
from aidgraph.transfer.formats import ExportFormat


def dump() -> None:
    """Write the dataset in a folder; arguments: project, folder, format, id of the parent."""
    root, name, suffix, parent = sys.argv[1:]
    end_with_parent(int(parent))
    folder = Path(name)
    manifest = Manifest.from_bytes((folder / "manifest.json").read_bytes())
    use_prefixes(Path(root) / "ontology")
    store = EmbeddedStore.open(folder / "store")
    dataset = Dataset(store, manifest.snapshot, folder, manifest)
    form = ExportFormat(suffix)
    write_export(read_material(dataset, "all", form), form, sys.stdout.buffer)
    sys.stdout.buffer.flush()
