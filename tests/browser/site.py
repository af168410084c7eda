"""The site that a browser looks at: `aidgraph serve`, as anybody starts it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


class Site(NamedTuple):
    """A running site: its address, and its process."""

    address: str
    process: subprocess.Popen[str]

    def end(self) -> None:
        """Stop serving."""
        self.process.terminate()
        self.process.communicate()


def serve(root: Path) -> Site:
    """Serve the project in the folder `root`, which is built, at a free port of this machine."""
    program = str(Path(sys.executable).with_name("aidgraph"))
    command = [program, "--project", str(root), "serve", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    said = []
    for line in process.stderr or ():
        said.append(line)
        if found := _ADDRESS.search(line):
            return Site(found[0], process)
    message = f"the server did not start: {''.join(said)}"
    raise RuntimeError(message)
