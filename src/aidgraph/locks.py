"""One build at a time: a lock that the operating system lets go when its holder dies."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aidgraph.errors import UnreadableError
from aidgraph.files import name_cause

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@contextmanager
def hold_lock(path: Path, say: Callable[[str, str], None]) -> Iterator[None]:
    """Hold the lock file `path`; while another process holds it, `say` so and wait.

    `say` takes the sentence in English and in Chinese.

    The file stays when the lock is let go: removing it would let two builds hold
    two files of one name.

    Raises:
        UnreadableError: the file cannot be made or locked.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    except OSError as error:
        raise _unlockable(path, error) from error
    try:
        _lock(handle, path, say)
        yield
    finally:
        os.close(handle)


def _lock(handle: int, path: Path, say: Callable[[str, str], None]) -> None:
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 20, 0).decode("ascii", "replace").strip() or "?"
            say(
                f"Another build is under way (process {holder}): waiting for it to end.",
                f"另一个构建正在进行（进程 {holder}）：等待其结束。",
            )
            fcntl.flock(handle, fcntl.LOCK_EX)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode("ascii"), 0)
    except OSError as error:
        raise _unlockable(path, error) from error


def _unlockable(path: Path, error: OSError) -> UnreadableError:
    en, zh = name_cause(error)
    return UnreadableError(
        f"{path} cannot be locked: {en}. Make its folder writable, and free space on its disk.",
        f"无法锁定 {path}：{zh}。请使其文件夹可写，并释放磁盘空间。",
    )
