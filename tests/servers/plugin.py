"""The fixtures: a server a store, started when a test first asks for it, ended with the session.

Each test carries the marker of the store that it uses, so that `-m virtuoso` runs those of one
store, and `-m "not virtuoso"` all others.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from servers.fuseki import start_fuseki, start_fuseki_basic
from servers.oxigraph import start_oxigraph
from servers.process import UnavailableError
from servers.rdf4j import start_rdf4j
from servers.virtuoso import start_virtuoso

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from servers.server import Server

pytest_plugins = ("servers.loads",)

STORES = ("oxigraph", "virtuoso", "fuseki", "rdf4j")
MARKED = {*STORES, "fuseki_basic"}


@pytest.hookimpl(tryfirst=True)  # pytest-xdist reads the groups when it is called
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test with the stores that it asks for, by fixture or as a parameter.

    With `--dist loadgroup`, all tests of a store, or of a file for the browser, are one worker's:
    each server is started once.
    """
    for item in items:
        cases = getattr(item, "callspec", None)
        asked = map(str, cases.params.values()) if cases else ()
        for store in MARKED & {*getattr(item, "fixturenames", ()), *asked}:
            item.add_marker(store)
        for group in MARKED:
            if item.get_closest_marker(group):
                item.add_marker(pytest.mark.xdist_group(group))
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@contextmanager
def _running(start: Callable[[Path], Server], folders: pytest.TempPathFactory) -> Generator[Server]:
    try:
        server = start(folders.mktemp(start.__name__))
    except UnavailableError as error:
        pytest.skip(str(error))
    try:
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """An Oxigraph server on disk; open to all."""
    with _running(start_oxigraph, tmp_path_factory) as server:
        yield server


@pytest.fixture(scope="session")
def virtuoso(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """A Virtuoso; writing needs Digest."""
    with _running(start_virtuoso, tmp_path_factory) as server:
        yield server


@pytest.fixture(scope="session")
def fuseki(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """A Fuseki; open to all."""
    with _running(start_fuseki, tmp_path_factory) as server:
        yield server


@pytest.fixture(scope="session")
def fuseki_basic(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """A Fuseki; reading and writing need Basic."""
    with _running(start_fuseki_basic, tmp_path_factory) as server:
        yield server


@pytest.fixture(scope="session")
def rdf4j(tmp_path_factory: pytest.TempPathFactory) -> Generator[Server]:
    """An RDF4J server with a native store; open to all."""
    with _running(start_rdf4j, tmp_path_factory) as server:
        yield server


@pytest.fixture(scope="session", params=STORES)
def any_store(request: pytest.FixtureRequest) -> Server:
    """Each store in turn: all tests of one, then those of the next."""
    server: Server = request.getfixturevalue(request.param)
    return server
