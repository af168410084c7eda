"""Load a dataset into a store, by what the store has and what it should have.

What stands in the target is read back and compared with the dataset; the difference is sent;
what then stands there is read back again: that is the verification. So loading twice changes
nothing, a load that was stopped goes on, what a store lost is found and sent again, and other
data is never touched.
"""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aidgraph.errors import RemoteError, UsageError
from aidgraph.files import unwritable
from aidgraph.store.loaded import write_name
from aidgraph.transfer.content import Content, open_content
from aidgraph.transfer.delta import Delta, compare, from_nothing, open_pile
from aidgraph.transfer.journal import Entry, Journal, Plan
from aidgraph.transfer.readback import STAGING, count_graphs, read_back, read_name
from aidgraph.transfer.sending import Sender, write_drop
from aidgraph.transfer.sorting import sort_canonically
from aidgraph.transfer.verify import Outcome, check_counts, describe_delta

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from aidgraph.dataset import Dataset
    from aidgraph.transfer.stores.update import UpdateStore

    Progress = Callable[[int], AbstractContextManager[Callable[[int], None]]]

_ROUNDS = 2  # the second sends what the store lost in the first


class Wish(NamedTuple):
    """What is asked of a load."""

    target: str
    layout: str = "quads"
    mode: str = "replace"
    verify: str = "hash"
    resume: bool = False


class Loader:
    """Loads one dataset into one store; the journal's lock is held."""

    def __init__(
        self,
        store: UpdateStore,
        journal: Journal,
        wish: Wish,
        say: Callable[[str, str], None],
        progress: Progress,
    ) -> None:
        """Load as `wish` says; `say` is told how it goes, `progress` of lines acknowledged."""
        self._store, self._journal, self._wish = store, journal, wish
        self._say, self._progress = say, progress
        self._work = journal.work

    def load(self, dataset: Dataset) -> Outcome:
        """Make the target hold the dataset, and return what was found there in the end.

        Raises:
            UsageError: the load to go on with was another one.
            RemoteError: the store refused, or cannot be reached; the text says what is there.
            DifferenceError: what came back is not what was sent.
            UnreadableError: a file of ours cannot be read or written.
        """
        with self._disk_faults():
            return self._load(dataset)

    @contextmanager
    def plan(self, dataset: Dataset) -> Iterator[Delta]:
        """Give what a load would do, without doing it. Raises: as `load` does."""
        import tempfile  # slow to import, and only a dry run needs it

        with self._disk_faults(), tempfile.TemporaryDirectory() as folder:
            self._work = Path(folder)  # what an unfinished load left is not touched
            yield self._compare(self._open(dataset))

    def _load(self, dataset: Dataset) -> Outcome:
        entry = self._find_unfinished(dataset)
        if entry is None:
            self._journal.begin()
            self._drop_staged()
        content = self._open(dataset)
        delta = self._compare(content) if entry is None else self._reopen(entry, content)
        sent = 0
        for _ in range(_ROUNDS):
            if delta.is_empty():
                break
            sent += delta.inserts.number + delta.deletes.number + len(delta.blank)
            self._send(delta, entry or self._make_entry(delta, dataset))
            entry = None
            self._journal.forget()
            if self._wish.verify == "count":
                counts = count_graphs(self._store, self._work)
                outcome = check_counts(content, counts, sent, adds=self._adds)
                return self._end(outcome, dataset)
            delta = self._compare(content)
        if not delta.is_empty():
            raise describe_delta(delta, self._wish.target)
        return self._end(Outcome(sent, delta.found_hash), dataset)

    def _end(self, outcome: Outcome, dataset: Dataset) -> Outcome:
        """Have the store say which dataset it holds, if it holds no more than that."""
        if not self._adds and read_name(self._store, self._work) != dataset.snapshot:
            try:
                self._store.update(write_name(dataset.snapshot))
            except RemoteError as error:
                en = f"{error.en} All of the dataset is there, but not its name: load again."
                zh = f"{error.zh}数据集已全部在该处，只缺其名称：请重新加载。"
                raise RemoteError(en, zh) from error
        self._journal.end()
        return outcome

    @property
    def _adds(self) -> bool:
        return self._wish.mode == "add"

    def _open(self, dataset: Dataset) -> Content:
        return open_content(dataset, self._wish.layout, self._work / "merged")

    def _compare(self, content: Content) -> Delta:
        work = self._work
        counts = count_graphs(self._store, work)
        if not counts:
            return from_nothing(content)
        lines = read_back(self._store, counts, work)
        found = sort_canonically(lines, work / "found")
        return compare(content, found.lines(), work, adds=self._adds)

    def _drop_staged(self) -> None:
        if count_graphs(self._store, self._work, STAGING):
            self._store.update(write_drop())

    def _find_unfinished(self, dataset: Dataset) -> Entry | None:
        if not self._wish.resume:
            return None
        entry = self._journal.read()
        if entry is None:
            en = "No load into this target stopped halfway: it is compared, and the rest is sent."
            self._say(en, "没有中途停下的加载：将比对目标并发送其余内容。")
        elif entry.plan != self._plan(dataset):
            en = "What stopped halfway was another load (dataset, layout or mode): leave --resume."
            raise UsageError(
                en, "中途停下的是另一次加载（数据集、布局或模式不同）：请去掉 --resume。"
            )
        return entry

    def _plan(self, dataset: Dataset) -> Plan:
        return Plan(self._wish.target, self._wish.layout, self._wish.mode, dataset.snapshot)

    def _make_entry(self, delta: Delta, dataset: Dataset) -> Entry:
        return Entry(
            self._plan(dataset),
            whole=delta.whole,
            staged=self._store.is_atomic and delta.deletes.number > 0,
            counts=(delta.inserts.number, delta.deletes.number),
            blank=[line.decode() for line in delta.blank],
            clears=delta.clears,
        )

    def _reopen(self, entry: Entry, content: Content) -> Delta:
        """Return the delta of an unfinished load."""
        work, (inserts, deletes) = self._work, entry.counts
        if entry.whole:
            return from_nothing(content)
        return Delta(
            open_pile(work / "inserts.nq", inserts),
            open_pile(work / "deletes.nq", deletes),
            [line.encode() for line in entry.blank],
            entry.clears,
            "",
        )

    def _send(self, delta: Delta, entry: Entry) -> None:
        total = delta.inserts.number + delta.deletes.number
        with self._progress(total) as tell:
            tell(entry.sent)
            sender = Sender(self._store, self._journal, entry, tell)
            try:
                sender.send(delta)
            except RemoteError as error:
                en, zh = _describe(sender.entry, total)
                en, zh = f"{error.en} {en}", f"{error.zh}{zh}"
                raise RemoteError(en, zh) from error
            except KeyboardInterrupt:
                self._say(*_describe(sender.entry, total))
                raise

    @contextmanager
    def _disk_faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise unwritable(self._work, error) from error


def _describe(entry: Entry, total: int) -> tuple[str, str]:
    """Return what is there now, and how to go on."""
    go_on = "Go on with the same command and --resume."
    go_on_zh = "请在同一命令后加 --resume 继续。"
    if entry.staged and entry.sent:
        en = f"What stood there stands; {entry.sent:,} of {total:,} quads wait in staging graphs."
        return (
            f"{en} {go_on}",
            f"原有数据未变；{total:,} 条中有 {entry.sent:,} 条在暂存图中。{go_on_zh}",
        )
    if entry.sent:
        en = f"{entry.sent:,} of {total:,} quads are there for sure."
        return f"{en} {go_on}", f"{total:,} 条四元组中，确有 {entry.sent:,} 条已在该处。{go_on_zh}"
    en = "The store has acknowledged nothing."
    return f"{en} {go_on}", f"存储尚未确认任何内容。{go_on_zh}"
