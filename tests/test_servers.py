"""The real servers that other tests rely on do what those tests take for granted."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.error import HTTPError

import pytest

from servers import jars
from servers.process import ServerProcess, StartError, UnavailableError

if TYPE_CHECKING:
    from pathlib import Path

    from servers.server import Server

THREE = '<http://example.org/a> <http://example.org/says> "一", "二", "三" .'
GRAPH = "http://example.org/graph"
WORDS = "SELECT DISTINCT ?word { ?s <http://example.org/says> ?word } ORDER BY ?word"


def words_of(server: Server) -> set[str]:
    """Return what the thing says, over all graphs."""
    return {row["word"] for row in server.select(WORDS)}


def test_a_graph_that_is_put_is_there(any_store: Server) -> None:
    """The Graph Store Protocol replaces a graph, and the default graph is the union of all."""
    any_store.clear()
    any_store.put(GRAPH, '<http://example.org/a> <http://example.org/says> "零" .')

    any_store.put(GRAPH, THREE)

    assert {GRAPH} == any_store.graphs() - any_store.own_graphs
    assert {"一", "二", "三"} == words_of(any_store)


def test_an_update_changes_the_data(any_store: Server) -> None:
    """SPARQL Update inserts into the graphs that it names, and deletes from them."""
    any_store.clear()
    any_store.update(f"INSERT DATA {{ GRAPH <{GRAPH}> {{ {THREE} }} }}")

    any_store.update(f'DELETE WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p "二" }} }}')

    assert {"一", "三"} == words_of(any_store)


def test_a_cleared_store_is_empty(any_store: Server) -> None:
    """No test sees what another left, in few graphs or many."""
    any_store.update(
        "".join(f"INSERT DATA {{ GRAPH <{GRAPH}/{n}> {{ {THREE} }} }} ;\n" for n in range(120))
    )

    any_store.clear()

    assert any_store.own_graphs == any_store.graphs()
    assert set() == words_of(any_store)


def test_a_killed_server_comes_back_with_its_data(any_store: Server) -> None:
    """What was acknowledged outlives SIGKILL: same address, same data, another process."""
    any_store.clear()
    any_store.put(GRAPH, THREE)
    before = any_store.process.pid

    any_store.kill()
    dead = any_store.is_ready()
    any_store.restart()

    assert not dead
    assert before != any_store.process.pid
    assert {"一", "二", "三"} == words_of(any_store)


def test_a_stopped_server_comes_back_with_its_data(any_store: Server) -> None:
    """An orderly stop loses nothing either."""
    any_store.clear()
    any_store.put(GRAPH, THREE)

    any_store.restart()

    assert {"一", "二", "三"} == words_of(any_store)


@pytest.mark.parametrize(
    "store",
    [
        pytest.param("virtuoso", marks=pytest.mark.virtuoso),
        pytest.param("fuseki_basic", marks=pytest.mark.fuseki_basic),
    ],
)
def test_a_wrong_password_writes_nothing(store: str, request: pytest.FixtureRequest) -> None:
    """A store with passwords takes the right one, and refuses any other with 401."""
    server: Server = request.getfixturevalue(store)
    server.clear()
    server.put(GRAPH, THREE)

    with pytest.raises(HTTPError, match="401"):
        replace(server, password=server.user[::-1]).update(f"CLEAR GRAPH <{GRAPH}>")

    assert {"一", "二", "三"} == words_of(server)


def test_a_server_that_does_not_come_up_shows_its_log(tmp_path: Path) -> None:
    """Whoever reads the failure sees what the server said, at once."""
    command = [sys.executable, "-c", "raise SystemExit('the option --moon is not known')"]

    with pytest.raises(StartError, match=r"ended at once(?s:.*)\n.*--moon is not known"):
        ServerProcess(command, tmp_path, lambda: False).start()


def test_a_server_that_was_not_fetched_says_how(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason for which a test is skipped names the remedy."""
    monkeypatch.setattr(jars, "FOLDER", tmp_path)

    with pytest.raises(UnavailableError, match=r"\.ci/fetch_servers"):
        jars.find_jar(jars.FUSEKI)
