"""How far a load has come: a small file that outlives the process, and a lock a target.

::

    .aidgraph/loads/5c1e…/     a folder a target, named by the SHA-256 of its address
    ├── lock                   held by a load
    ├── journal.json           what was begun, and how many lines the store acknowledged
    └── work/                  lines sorted and compared; kept only while a load is unfinished

The journal never holds a password: an address with one in it is refused before.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

from aidgraph.errors import UnreadableError
from aidgraph.files import unwritable
from aidgraph.locks import hold_lock
from aidgraph.shelf import make_output

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Plan(NamedTuple):
    """What a load was begun with; only one of the same plan may go on where another stopped."""

    target: str
    layout: str
    mode: str
    snapshot: str


class Entry(NamedTuple):
    """Where an unfinished load stands."""

    plan: Plan
    whole: bool
    """Whether everything is sent, rather than the lines kept in `work/`."""
    staged: bool
    counts: tuple[int, int]
    blank: list[str]
    clears: list[str]
    sent: int = 0
    """Lines that the store acknowledged, from the first."""


class Journal:
    """The journal of one target."""

    def __init__(self, folder: Path) -> None:
        """Keep it in `folder`, which exists and is locked."""
        self.work = folder / "work"
        self._path = folder / "journal.json"

    def read(self) -> Entry | None:
        """Return where the last load stopped; None where it ended, or nothing can be read."""
        try:
            found = json.loads(self._path.read_bytes())
            plan, counts = Plan(*found.pop("plan")), tuple(found.pop("counts"))
            return Entry(plan=plan, counts=counts, **found)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def write(self, entry: Entry) -> None:
        """Put `entry` in the place of the last one, in one step, safe from a loss of power.

        Raises:
            OSError: the disk is full, or may not be written.
        """
        draft = self._path.with_suffix(".new")
        with draft.open("wb") as file:
            file.write(json.dumps(entry._asdict()).encode())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._path)

    def forget(self) -> None:
        """Note that all was sent: there is nothing left to go on with. Raises `OSError`."""
        self._path.unlink(missing_ok=True)

    def begin(self) -> None:
        """Forget the last load, and empty the folder of work. Raises `OSError`."""
        self.end()
        self.work.mkdir(parents=True)

    def end(self) -> None:
        """Forget the load, and remove what it left. Raises `OSError`."""
        self.forget()
        shutil.rmtree(self.work, ignore_errors=True)


@contextmanager
def open_journal(output: Path, target: str) -> Iterator[Journal]:
    """Open and lock the journal of `target` below `output`, the project's folder of built things.

    Raises:
        UnreadableError: another load into this target is under way, or the disk cannot be written.
    """
    folder = output / "loads" / hashlib.sha256(target.encode()).hexdigest()[:16]
    make_output(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error

    def refuse(_en: str, _zh: str) -> None:
        en = f"Another load into {target} is under way: wait for it to end. Nothing was sent."
        zh = f"另一个加载正在写入 {target}：请等待其结束。未发送任何内容。"
        raise UnreadableError(en, zh)

    with hold_lock(folder / "lock", refuse):
        yield Journal(folder)
