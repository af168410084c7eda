"""The command line: arguments in, library called, text out."""

from __future__ import annotations

import sys

from aidgraph.errors import INTERRUPTED


def main() -> None:
    """Run `aidgraph` with the arguments of this process, and exit with its status."""
    try:
        from aidgraph.cli.app import run
    except KeyboardInterrupt:  # nobody sees a traceback, however early they change their mind
        sys.stderr.write(f"{INTERRUPTED}\n")
        sys.exit(130)
    sys.exit(run(sys.argv[1:]))
