"""Loading into real servers: what arrives is what left, and nothing else is touched."""

from __future__ import annotations

import gc
import hashlib
import tracemalloc
from typing import TYPE_CHECKING

import pytest

from aidgraph.cli.app import run
from aidgraph.dataset import open_dataset
from aidgraph.terms import BASE
from aidgraph.transfer.connection import Connection, Request
from aidgraph.transfer.content import Content
from aidgraph.transfer.delta import compare
from aidgraph.transfer.merged import ALL, merge
from aidgraph.transfer.readback import count_graphs, read_back
from aidgraph.transfer.sorting import canonicalize, has_blank_node, sort_canonically
from aidgraph.transfer.stores import STORES, open_store
from servers.loads import connect

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aidgraph.project import Project
    from servers.server import Server

    Loading = Callable[..., tuple[int, str, str]]

OTHERS = "urn:others:graph"
NQUADS = "application/n-quads"
FACTS = "data/articles/small/facts.trig"


@pytest.fixture
def load(
    load_project: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Loading:
    """Run `aidgraph load` here; give exit status, standard output and standard error."""

    def loading(server: Server, *arguments: str) -> tuple[int, str, str]:
        if server.user:
            monkeypatch.setenv("AIDGRAPH_USER", server.user)
            monkeypatch.setenv("AIDGRAPH_PASSWORD", server.password)
        command = ["--project", str(load_project.root), "load", server.address]
        status = run([*command, "--store", server.name, *arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return loading


def read_ours(project: Project, layout: str) -> list[bytes]:
    """Return the canonical lines that a target should have, all at once in memory."""
    lines = sorted(
        line
        for part in open_dataset(project).parts()
        for line in part.read_bytes().splitlines(keepends=True)
    )
    if layout == "triples":
        lines = [line[:-3] + f" <{ALL}> .\n".encode() for line in merge(lines)]
    blank = canonicalize(line for line in lines if has_blank_node(line))
    return sorted({*blank, *(line for line in lines if not has_blank_node(line))})


def read_there(server: Server, folder: Path) -> list[bytes]:
    """Return the canonical lines of ours that a server has."""
    folder.mkdir(exist_ok=True)
    with connect(server) as store:
        lines = read_back(store, count_graphs(store, folder), folder)
        return list(sort_canonically(lines, folder / "sorted").lines())


@pytest.mark.parametrize("layout", ["quads", "triples"])
def test_what_comes_back_is_what_was_sent(
    any_store: Server, load: Loading, load_project: Project, tmp_path: Path, layout: str
) -> None:
    """In each store and layout: the hash told is that of our canonical lines, and they are there.

    Loading again sends nothing.
    """
    any_store.clear()

    first = load(any_store, "--layout", layout)
    second = load(any_store, "--layout", layout)

    ours = read_ours(load_project, layout)
    snapshot = hashlib.sha256(b"".join(ours)).hexdigest()
    assert (first[0], second[0]) == (0, 0), (first, second)
    assert snapshot in first[1]
    assert f"{len(ours):,} quads were sent" in first[1]
    assert first[1].endswith(f" --endpoint {any_store.query_url}\n")
    assert snapshot in second[1]
    assert "0 quads were sent" in second[1]
    assert ours == read_there(any_store, tmp_path / "there")
    if layout == "quads":
        assert snapshot == open_dataset(load_project).snapshot


def test_other_data_is_untouched(
    any_store: Server, load: Loading, load_project: Project, tmp_path: Path
) -> None:
    """A graph of others stays, of ours goes what is no longer said, and a changed fact changes."""
    any_store.clear()
    any_store.put(OTHERS, '<urn:s> <urn:p> [ <urn:q> "1" ] .')
    assert load(any_store)[0] == 0
    any_store.put(f"{BASE}article/gone/p1.1", "<urn:s> <urn:p> <urn:o> .")
    path = load_project.root / FACTS
    path.write_text(path.read_text("utf-8").replace("aid:Rhetoric", "aid:Background"), "utf-8")

    status, out, err = load(any_store)

    assert status == 0, err
    assert read_ours(load_project, "quads") == read_there(any_store, tmp_path / "there")
    assert open_dataset(load_project).snapshot in out
    assert len(any_store.select(f"SELECT * {{ GRAPH <{OTHERS}> {{ ?s ?p ?o }} }}")) == 2


def test_adding_leaves_what_stands_there(any_store: Server, load: Loading) -> None:
    """--mode add keeps a triple of others in a graph of ours, blank nodes too, and doubles none."""
    any_store.clear()
    any_store.put(f"{BASE}graph/ontology", "<urn:s> <urn:p> [ <urn:q> <urn:o> ] .")
    first = load(any_store, "--mode", "add")
    counting = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{BASE}graph/ontology> {{ ?s ?p ?o }} }}"
    before = any_store.select(counting)

    second = load(any_store, "--mode", "add")

    assert (first[0], second[0]) == (0, 0), (first, second)
    assert "0 quads were sent" in second[1]
    assert before == any_store.select(counting)
    assert any_store.select(f"SELECT * {{ GRAPH <{BASE}graph/ontology> {{ ?s <urn:q> ?o }} }}")


def test_a_dry_run_writes_nothing(oxigraph: Server, load: Loading, load_project: Project) -> None:
    """--dry-run names each graph with its triples and the target, and sends nothing."""
    oxigraph.clear()

    status, out, _ = load(oxigraph, "--dry-run")

    ours = read_ours(load_project, "quads")
    assert status == 0
    assert f"Would add {len(ours):,} and remove 0 quads in {oxigraph.address}" in out
    assert "p2.1\n" in out
    assert not oxigraph.graphs()


@pytest.mark.parametrize("check", ["count", "queries"])
def test_a_load_can_be_verified_otherwise(oxigraph: Server, load: Loading, check: str) -> None:
    """By the numbers of triples a graph, or by the rows of every question."""
    oxigraph.clear()

    status, _, err = load(oxigraph, "--verify", check)

    assert status == 0, err
    assert ("questions give the same rows" in err) == (check == "queries")


def test_a_store_is_recognised(any_store: Server) -> None:
    """Without --store the server says what it is."""
    connection = Connection(None, lambda _en, _zh: None)

    assert any_store.name.partition("_")[0] == open_store(connection, any_store.address, None).name
    connection.close()


def test_a_store_tells_which_dataset_it_holds_while_it_does(
    oxigraph: Server, load: Loading, load_project: Project
) -> None:
    """Once it was verified; not where what another load left stands beside it."""
    oxigraph.clear()
    naming = "SELECT ?said { GRAPH <urn:x-aidgraph:loaded> { ?dataset ?property ?said } }"
    assert load(oxigraph)[0] == 0
    first = open_dataset(load_project).snapshot
    assert [{"said": first}] == oxigraph.select(naming)
    path = load_project.root / FACTS
    path.write_text(path.read_text("utf-8").replace("aid:Rhetoric", "aid:Background"), "utf-8")

    assert load(oxigraph, "--mode", "add")[0] == 0
    assert not oxigraph.select(naming)

    assert load(oxigraph)[0] == 0
    second = open_dataset(load_project).snapshot
    assert first != second
    assert [{"said": second}] == oxigraph.select(naming)


def test_a_store_that_cuts_its_answers_is_read_whole(
    oxigraph: Server,
    load: Loading,
    load_project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where a store gives 700 rows and no more, graphs and subjects are asked for apart."""
    oxigraph.clear()
    assert load(oxigraph)[0] == 0
    kind = STORES["oxigraph"]
    whole = kind.select

    def cut(store: object, query: str, path: Path) -> None:
        whole(store, query, path)  # type: ignore[arg-type]  # the class's own function
        path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:701]))

    monkeypatch.setattr(kind, "select", cut)

    ground = [line for line in read_there(oxigraph, tmp_path / "there") if not has_blank_node(line)]

    ours = [line for line in read_ours(load_project, "quads") if not has_blank_node(line)]
    assert ours == ground


@pytest.mark.parametrize("adds", [False, True])
def test_a_delta_is_what_is_missing_and_what_is_too_much(tmp_path: Path, *, adds: bool) -> None:
    """Blank nodes are compared by what hangs together, whatever they are called."""
    graph = b"<urn:g> .\n"
    same = [b"_:x <urn:p> _:y " + graph, b"_:y <urn:p> <urn:o> " + graph]
    renamed = [b"_:b <urn:p> _:a " + graph, b"_:a <urn:p> <urn:o> " + graph]
    other = [b"_:o <urn:p> <urn:other> " + graph]
    a, b, c = (b"<urn:%s> <urn:p> <urn:o> " % name + graph for name in (b"a", b"b", b"c"))

    delta = compare(
        Content("", lambda: iter(sorted([a, b, *same]))),
        iter(sorted([b, c, *renamed, *other])),
        tmp_path,
        adds=adds,
    )

    assert [a] == list(delta.inserts.lines())
    assert ([] if adds else [c]) == list(delta.deletes.lines())
    assert ([] if adds else sorted(same)) == delta.blank
    assert ([] if adds else ["urn:g"]) == delta.clears


def test_what_was_sent_is_let_go(oxigraph: Server) -> None:
    """After many requests no more is held than after one, whether or not garbage is collected."""
    body = b"\n" + b"# nothing\n" * 100_000
    request = Request("POST", f"{oxigraph.address}/store", body, {"Content-Type": NQUADS})
    connection = Connection(None, print)
    gc.collect()
    gc.disable()
    tracemalloc.start()
    try:
        for _ in range(5):
            connection.send(request._replace(body=body[1:]))
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
        gc.enable()
        connection.close()

    assert held < len(body)
