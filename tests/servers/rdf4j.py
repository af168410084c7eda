"""RDF4J Server, from Maven Central: its web application in Jetty, with one native store on disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from servers.jars import JETTY, RDF4J, find_jar, java
from servers.process import ServerProcess, find_free_port
from servers.server import Server
from servers.speaking import send

if TYPE_CHECKING:
    from pathlib import Path

REPOSITORY = """\
PREFIX rep:    <http://www.openrdf.org/config/repository#>
PREFIX sr:     <http://www.openrdf.org/config/repository/sail#>
PREFIX sail:   <http://www.openrdf.org/config/sail#>
PREFIX native: <http://www.openrdf.org/config/sail/native#>

[] a rep:Repository ;
    rep:repositoryID "aidgraph" ;
    rep:repositoryImpl [
        rep:repositoryType "openrdf:SailRepository" ;
        sr:sailImpl [ sail:sailType "openrdf:NativeStore" ; native:tripleIndexes "spoc,posc,cspo" ]
    ] .
"""


def start_rdf4j(folder: Path) -> Server:
    """Start it with an empty repository in `folder`, open to all.

    Raises:
        UnavailableError: Java is not here, or the server was not fetched.
    """
    config = folder / "data" / "server" / "repositories" / "aidgraph" / "config.ttl"
    config.parent.mkdir(parents=True)
    config.write_text(REPOSITORY, encoding="utf-8")
    (folder / "unpacked").mkdir()
    port = find_free_port()
    command = java(
        "-Dorg.eclipse.rdf4j.appdata.basedir=data",
        f"-Djava.io.tmpdir={folder / 'unpacked'}",
        "-jar",
        str(find_jar(JETTY)),
        *("--host", "127.0.0.1", "--port", str(port), "--path", "/rdf4j-server"),
        str(find_jar(RDF4J)),
    )
    address = f"http://127.0.0.1:{port}/rdf4j-server/repositories/aidgraph"
    server = Server(
        "rdf4j", address, address, f"{address}/statements", f"{address}/rdf-graphs/service"
    )
    server.start(ServerProcess(command, folder, server.is_ready))
    return server


def drop_repository(server: Server) -> None:
    """Take away the repository, so that a reader's steps can make it anew.

    Raises:
        OSError: there is none.
    """
    send("DELETE", server.address, b"", {}, ("", ""))
