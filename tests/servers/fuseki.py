"""Apache Jena Fuseki, from Maven Central: the server with its own Jetty, a TDB2 store on disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from servers.jars import FUSEKI, find_jar, java
from servers.process import ServerProcess, find_free_port
from servers.server import Server

if TYPE_CHECKING:
    from pathlib import Path

_USER, _PASSWORD = "aid", "only on loopback"
_CONFIG = """\
PREFIX fuseki: <http://jena.apache.org/fuseki#>
PREFIX tdb2:   <http://jena.apache.org/2016/tdb#>
{authentication}
[] a fuseki:Service ;
    fuseki:name "aidgraph" ;
    fuseki:endpoint [ fuseki:operation fuseki:query ] ,
        [ fuseki:operation fuseki:update ] ,
        [ fuseki:operation fuseki:gsp-rw ] ,
        [ fuseki:operation fuseki:query ; fuseki:name "query" ] ,
        [ fuseki:operation fuseki:update ; fuseki:name "update" ] ,
        [ fuseki:operation fuseki:gsp-rw ; fuseki:name "data" ] ;
    fuseki:dataset [
        a tdb2:DatasetTDB2 ; tdb2:location "tdb2" ; tdb2:unionDefaultGraph true
    ] .
"""
BASIC = """\
[] a fuseki:Server ;
    fuseki:passwd "passwords" ; fuseki:auth "basic" ; fuseki:allowedUsers "*" .
"""


def configure(authentication: str = "") -> str:
    """Return its `config.ttl`, with `BASIC` or without."""
    return _CONFIG.format(authentication=authentication)


def start_fuseki(folder: Path) -> Server:
    """Start it on a new store in `folder`, open to all.

    Raises:
        UnavailableError: Java is not here, or the server was not fetched.
    """
    return _start(folder, "fuseki", "")


def start_fuseki_basic(folder: Path) -> Server:
    """Start it on a new store in `folder`; reading and writing need Basic.

    Raises:
        UnavailableError: Java is not here, or the server was not fetched.
    """
    (folder / "passwords").write_text(f"{_USER}: {_PASSWORD}\n", encoding="utf-8")
    return _start(folder, "fuseki_basic", BASIC, _USER, _PASSWORD)


def _start(
    folder: Path, name: str, authentication: str, user: str = "", password: str = ""
) -> Server:
    (folder / "config.ttl").write_text(configure(authentication), encoding="utf-8")
    port = find_free_port()
    command = java("-jar", str(find_jar(FUSEKI)), "--config=config.ttl", "--localhost")
    command += ["--port", str(port)]
    address = f"http://127.0.0.1:{port}/aidgraph"
    server = Server(
        name, address, f"{address}/query", f"{address}/update", f"{address}/data", user, password
    )
    environment = {**os.environ, "FUSEKI_BASE": str(folder / "run")}
    server.start(ServerProcess(command, folder, server.is_ready, environment))
    return server
