"""A time limit on what runs in native code, which has none and hears no Ctrl-C.

pyoxigraph lets other threads run while it answers, so the work is done in a thread of its own
while the caller's, which hears signals, waits for it.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, TypeVar

from aidgraph.errors import LimitError

if TYPE_CHECKING:
    from collections.abc import Callable

_Result = TypeVar("_Result")
_STACK_BYTES = 16 * 2**20  # as much on every system: pyoxigraph 0.5.13 needs 1.5 MB at the limits


def run_within(seconds: float, work: Callable[[], _Result]) -> _Result:
    """Return what `work` returns; raise what it raises.

    After a time-out or Ctrl-C the work still runs, in a daemon thread that nothing can stop:
    the process should then end by `os._exit`, which does not wait for it or tear Python down
    under it.

    Raises:
        LimitError: it took longer than `seconds`.
        KeyboardInterrupt: at once, whatever the work is at.
    """
    done: list[_Result] = []
    failed: list[BaseException] = []

    def attempt() -> None:
        try:
            done.append(work())
        except BaseException as error:  # noqa: BLE001  # raised again below, where it is awaited
            failed.append(error)

    threading.stack_size(_STACK_BYTES)
    thread = threading.Thread(target=attempt, daemon=True)
    began = time.monotonic()
    thread.start()
    thread.join(min(seconds, threading.TIMEOUT_MAX))
    if failed:
        raise failed[0]
    if not done or time.monotonic() - began > seconds:  # not by chance, where both are moments
        en = f"No answer within {seconds:g} s: ask for less, or give more time with --timeout."
        zh = f"{seconds:g} 秒内没有得出答案：请缩小查询范围，或用 --timeout 给更多时间。"
        raise LimitError(en, zh)
    return done[0]
