"""What the workers of test_worker are told to do."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from aidgraph.store.worker import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def make(given: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Reply]:
    """Return a handler that does what a request says."""

    def handle(request: Mapping[str, Any]) -> Reply:
        if "sleep" in request:
            time.sleep(request["sleep"])
        if "exit" in request:
            os._exit(request["exit"])
        if "bytes" in request:
            return Reply({"length": request["bytes"]}, b"x" * request["bytes"])
        return Reply({"given": given, "request": dict(request), "pid": os.getpid()}, b"\x00\xff")

    return handle


def fail(given: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], Reply]:
    """Fail before anything is asked."""
    raise SystemExit(given["status"])
