"""The command line: arguments in, library called, text out."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import NoReturn

from aidgraph.errors import INTERRUPTED


def main() -> None:
    """Run `aidgraph` with the arguments of this process, and exit with its status."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt)
    asked_by_shell = os.environ.get("_AIDGRAPH_COMPLETE")
    try:
        if asked_by_shell:
            from aidgraph.cli.completion import complete

            sys.exit(complete(asked_by_shell))
        from aidgraph.cli.app import run
    except KeyboardInterrupt:  # nobody sees a traceback, however early they change their mind
        sys.stderr.write(f"{INTERRUPTED}\n")
        sys.exit(130)
    status = run(sys.argv[1:])
    if threading.active_count() > 1:  # a query that nothing can stop: see `store.deadline`
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
        os._exit(status)
    sys.exit(status)


def _interrupt(number: int, frame: object) -> NoReturn:
    """End what is under way; whoever presses Ctrl-C again does not end the farewell too."""
    del number, frame
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt
