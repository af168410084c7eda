"""What a command costs: a whole process, from its start to its end."""

from __future__ import annotations

import os
import subprocess
import time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Cost(NamedTuple):
    """Wall time and processor time in seconds, and peak memory in MB."""

    wall_s: float
    cpu_s: float
    memory_mb: float


def measure(command: Sequence[str]) -> Cost:
    """Run a command, whose output is dropped, and return what it cost.

    Raises:
        SystemExit: it failed.
    """
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    cost = wait_for(process, start)
    if process.returncode:
        message = f"{command} failed"
        raise SystemExit(message)
    return cost


def wait_for(process: subprocess.Popen[bytes], start: float) -> Cost:
    """Return what a process cost that began at `start` (`perf_counter`), once it has ended."""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    taken = time.perf_counter() - start
    return Cost(taken, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
