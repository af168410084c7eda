"""OpenLink Virtuoso, from Debian's package `virtuoso-opensource-7-bin`.

The default graph is the union of all; everybody may read, and `dba` write, by Digest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from servers.process import ServerProcess, find_free_port, find_program
from servers.server import Server

if TYPE_CHECKING:
    from pathlib import Path

SQL_PORT = 1111
"""Where `isql-vt` finds a Virtuoso unless told otherwise."""

# Paths are relative to the server's folder. 30,000 buffers are 240 MB. Rows are cut silently at
# ResultSetMaxRows, 10,000 unless raised.
_INI = """\
[Database]
DatabaseFile = virtuoso.db
TransactionFile = virtuoso.trx
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
xa_persistent_file = virtuoso.pxa
[TempDatabase]
DatabaseFile = temp.db
TransactionFile = temp.trx
[Parameters]
ServerPort = 127.0.0.1:{sql_port}
DirsAllowed = .
NumberOfBuffers = 30000
MaxDirtyBuffers = 20000
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerRoot = .
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000000
"""


def configure(port: int, sql_port: int) -> str:
    """Return its `virtuoso.ini` for these ports."""
    return _INI.format(port=port, sql_port=sql_port)


def start_virtuoso(folder: Path) -> Server:
    """Start it on a new database in `folder`.

    Raises:
        UnavailableError: the package is not installed.
    """
    program = find_program("virtuoso-t", "apt-get install virtuoso-opensource-7-bin")
    port = find_free_port()
    ini = configure(port, find_free_port())
    (folder / "virtuoso.ini").write_text(ini, encoding="utf-8")
    address = f"http://127.0.0.1:{port}"
    server = Server(
        "virtuoso",
        f"{address}/sparql",
        f"{address}/sparql",
        f"{address}/sparql-auth",
        f"{address}/sparql-graph-crud-auth",
        *("dba", "dba"),  # a new database's
    )
    command = [program, "-f", "-c", "virtuoso.ini"]
    server.start(ServerProcess(command, folder, server.is_ready))
    return server
