"""The folder of built datasets: what stands there, and how a new one takes the old one's place.

::

    .aidgraph/
    ├── current                 which dataset is the current one, and how its inputs looked
    ├── lock                    held by a build
    └── datasets/
        └── 3f0a…/              named by the SHA-256 of its manifest
            ├── manifest.json
            ├── parts/article/….nq
            └── store/          pyoxigraph's files

A dataset is written under another name beside the others, then renamed; `current` is
replaced last, in one step. Whatever stops a build, `current` names a whole dataset.
The one before stays too: a reader may just have read its name.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.errors import UnreadableError
from aidgraph.files import name_cause
from aidgraph.parts import merge_lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aidgraph.inputs import Stamps
    from aidgraph.parts import Parts

_UNFINISHED = ".unfinished-"


class Manifest(NamedTuple):
    """What a dataset holds and what it was made from: the same inputs give the same bytes."""

    snapshot: str
    made_with: dict[str, str]
    counts: dict[str, int]
    inputs: dict[str, str]
    parts: dict[str, dict[str, int | str]]

    def to_bytes(self) -> bytes:
        """Return the manifest as JSON."""
        text = json.dumps(self._asdict(), ensure_ascii=False, indent=2)
        return f"{text}\n".encode()

    @classmethod
    def from_bytes(cls, content: bytes) -> Manifest:
        """Read a manifest from JSON. Raises `ValueError` or `TypeError` if it is none."""
        return cls(**json.loads(content))


class Built(NamedTuple):
    """A dataset on disk: its folder, its manifest, and how its inputs looked when it was built."""

    folder: Path
    manifest: Manifest
    stamps: Stamps


def find_current(output: Path) -> Built | None:
    """Return the current dataset under `output`, or None if there is none, or no whole one."""
    try:
        pointer = json.loads((output / "current").read_bytes())
        folder = output / "datasets" / pointer["dataset"]
        stamps = {name: (size, changed) for name, (size, changed) in pointer["stamps"].items()}
        manifest = Manifest.from_bytes((folder / "manifest.json").read_bytes())
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return Built(folder, manifest, stamps)


def is_whole(built: Built) -> bool:
    """Tell whether the store of `built` opens and holds as many quads as were put in."""
    try:
        store = ox.Store.read_only(str(built.folder / "store"))
        return len(store) == built.manifest.counts["quads"]
    except (OSError, RuntimeError, KeyError):  # a RuntimeError is RocksDB’s “corruption”
        return False


def put_dataset(output: Path, parts: Parts, manifest: Manifest, stamps: Stamps) -> Built:
    """Write a dataset under `output`, make it the current one, and remove what is not needed.

    The caller holds the lock.

    Raises:
        UnreadableError: something cannot be written; what stood there before still does.
    """
    content = manifest.to_bytes()
    folder = output / "datasets" / hashlib.sha256(content).hexdigest()[:16]
    before = find_current(output)
    with _disk_faults(output):
        unfinished = folder.with_name(f"{_UNFINISHED}{folder.name}")
        try:
            _write_dataset(unfinished, parts, content)
            _take_place(unfinished, folder)
        finally:
            _remove(unfinished, ignore_errors=True)
        _point_to(output, folder.name, stamps)
    _remove_others(folder, before.folder if before else folder)
    return Built(folder, manifest, stamps)


def make_output(output: Path) -> None:
    """Make the folder that datasets go to, kept out of version control by itself.

    Raises:
        UnreadableError: it cannot be made.
    """
    with _disk_faults(output):
        output.mkdir(parents=True, exist_ok=True)
        ignore = output / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")


def remove_unfinished(output: Path) -> None:
    """Remove what a killed build left. The caller holds the lock. Raises `UnreadableError`."""
    with _disk_faults(output):
        for folder in output.glob(f"datasets/{_UNFINISHED}*"):
            _remove(folder)


def _point_to(output: Path, name: str, stamps: Stamps) -> None:
    """Make the dataset `name` the current one, in one step."""
    pointer = json.dumps({"dataset": name, "stamps": stamps}, ensure_ascii=False)
    draft = output / "current.new"
    _write_file(draft, pointer.encode())
    draft.replace(output / "current")
    _sync_folder(output)


def _write_dataset(folder: Path, parts: Parts, manifest: bytes) -> None:
    for name, lines in parts.items():
        path = folder / "parts" / f"{name}.nq"
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_file(path, b"".join(lines))
    _write_store(folder / "store", b"".join(merge_lines(parts.values())))
    _write_file(folder / "manifest.json", manifest)
    _sync_folder(folder)


def _write_store(folder: Path, quads: bytes) -> None:
    store = ox.Store(str(folder))
    # Not bulk_load(quads), which gives blank nodes other names each time.
    store.bulk_extend(ox.parse(quads, format=ox.RdfFormat.N_QUADS))
    store.flush()
    store.optimize()


def _write_file(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Have the disk keep the names in `folder`, too, if power fails."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _take_place(unfinished: Path, folder: Path) -> None:
    """Rename; what has the name already is damaged, or was current before the last one."""
    if folder.exists():
        _remove(folder)
    unfinished.rename(folder)
    _sync_folder(folder.parent)


def _remove_others(*kept: Path) -> None:
    for folder in kept[0].parent.iterdir():
        if folder not in kept:
            _remove(folder, ignore_errors=True)


@contextmanager
def _disk_faults(output: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why, why_zh = name_cause(error)
        en = (
            f"{output} cannot be written: {why}. Free space on its disk or make it "
            "writable, and build again; the last dataset is as it was."
        )
        zh = f"无法写入 {output}：{why_zh}。请释放磁盘空间或使其可写，再重新构建；原有数据集未变。"
        raise UnreadableError(en, zh) from error


def _remove(folder: Path, *, ignore_errors: bool = False) -> None:
    import shutil  # slow to import, and only a build removes anything

    shutil.rmtree(folder, ignore_errors=ignore_errors)
