"""Oxigraph's own server, from its package on PyPI (`oxigraph`, in the extra `dev`)."""

from __future__ import annotations

import sys
from pathlib import Path

from servers.process import ServerProcess, find_free_port, find_program
from servers.server import Server


def start_oxigraph(folder: Path) -> Server:
    """Start it on a new store in `folder`.

    Raises:
        UnavailableError: the package is not installed.
    """
    beside = Path(sys.executable).with_name("oxigraph")  # the environment may not be activated
    program = str(beside) if beside.exists() else find_program("oxigraph", "pip install oxigraph")
    port = find_free_port()
    address = f"http://127.0.0.1:{port}"
    server = Server(
        "oxigraph", address, f"{address}/query", f"{address}/update", f"{address}/store"
    )
    command = [program, "serve", "--location", "store", "--bind", f"127.0.0.1:{port}"]
    command.append("--union-default-graph")
    server.start(ServerProcess(command, folder, server.is_ready))
    return server
