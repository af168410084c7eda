"""The command line: arguments in, library called, text out."""

from __future__ import annotations

import sys


def main() -> None:
    """Run `aidgraph` with the arguments of this process, and exit with its status."""
    from aidgraph.cli.app import run

    sys.exit(run(sys.argv[1:]))
