"""A store that a dataset was loaded into answers as the embedded one does, evidence included.

Each store that there is, with each layout: its sentences' graphs (quads), or all in one graph with
nodes that tell of them (triples).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aidgraph.answers.ask import ask_query, ask_question
from aidgraph.answers.naming import find_thing
from aidgraph.answers.show import read_known
from aidgraph.answers.why import read_rules
from aidgraph.dataset import open_endpoint
from aidgraph.errors import NotFoundError, RemoteError
from aidgraph.parts import merge_lines
from aidgraph.project import find_project
from aidgraph.questions import question_names, read_question
from aidgraph.store import Layout
from aidgraph.transfer.download import download
from aidgraph.transfer.merged import merge
from running import run_aidgraph
from servers.loads import have_loaded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aidgraph.dataset import Dataset, OpenDataset
    from aidgraph.project import Project
    from servers.server import Server

PROJECT = find_project(Path(__file__).parents[1])
RULES = read_rules(PROJECT)
TIMEOUT_S = 60
SHOWN = ("喀什地区", "粤伽新梅产业园", "article:xinjiang-daily-shared-purpose/p15.2", "aid:by")
TYPED = (
    "ASK { ?park a aid:IndustrialPark }",
    "SELECT (COUNT(DISTINCT ?x) AS ?n) { ?x a aid:Helper FILTER NOT EXISTS { ?work aid:by ?x } }",
    "SELECT DISTINCT ?x ?y { ?x aid:partOf/aid:partOf ?y } ORDER BY ?x ?y",
    "SELECT ?x ?name { ?x a aid:Batch ; rdfs:label ?name } ORDER BY ?x ?name",
)


@cache
def read_lines(dataset: Dataset) -> list[bytes]:
    """Return the dataset's N-Quads."""
    return [*merge_lines(path.read_bytes().splitlines(keepends=True) for path in dataset.parts())]


@pytest.fixture(scope="session", params=Layout)
def layout(request: pytest.FixtureRequest) -> Layout:
    """Each layout in turn, of each store: all tests of one, then those of the next."""
    found: Layout = request.param
    return found


@pytest.fixture
def loaded(any_store: Server, built: Dataset, layout: Layout, tmp_path: Path) -> OpenDataset:
    """Each store with the repository's dataset in each layout, as a load leaves it."""
    have_loaded(any_store, built, layout, tmp_path)
    dataset = open_endpoint(PROJECT, any_store.query_url, TIMEOUT_S)
    assert dataset.store.layout is layout
    return dataset


@pytest.fixture(scope="module")
def here(built: Dataset) -> Mapping[str, Mapping[str, object]]:
    """What the embedded store answers."""
    return dict(answers(built))


def merged(dataset: Dataset) -> set[bytes]:
    """Return the merged layout of what has no blank node, whose names change."""
    return set(merge(line for line in read_lines(dataset) if b"_:" not in line))


def differ(here: Mapping[str, object], there: Mapping[str, object]) -> list[str]:
    """Return in which members the answers differ."""
    return [name for name in here if here[name] != there[name]]


def answers(dataset: OpenDataset) -> Iterator[tuple[str, Mapping[str, object]]]:
    """Yield what each canned question and typed query answers, with evidence."""
    for name in question_names(PROJECT):
        question = read_question(PROJECT, name)
        given = {p.name: p.example for p in question.parameters if p.example}
        yield name, ask_question(dataset, question, given, "en", rules=RULES).as_dict()
    for sparql in TYPED:
        yield sparql, ask_query(dataset, sparql, "zh", rules=RULES).as_dict()


def test_every_question_has_the_same_rows_and_evidence_there(
    here: Mapping[str, Mapping[str, object]], loaded: OpenDataset
) -> None:
    """As JSON, member by member, for the example of every canned question and typed queries.

    So is the snapshot, by which the store says which dataset it holds.
    """
    differing = {
        name: members for name, answer in answers(loaded) if (members := differ(here[name], answer))
    }

    assert not differing
    assert len(here) == len(question_names(PROJECT)) + len(TYPED)
    assert all(answer["snapshot"] for answer in here.values())


def test_what_is_known_of_a_thing_is_the_same_there(built: Dataset, loaded: OpenDataset) -> None:
    """A place, a park, a passage with what it says, and a term of the ontology."""
    for name in SHOWN:
        ours, theirs = (
            read_known(dataset, find_thing(dataset.store, name, "zh"), "zh", RULES).as_dict()
            for dataset in (built, loaded)
        )
        assert not differ(ours, theirs), name


def test_what_was_loaded_comes_back(built: Dataset, loaded: OpenDataset, tmp_path: Path) -> None:
    """In quads its hash is the snapshot; in triples, laid out so again, it is what was loaded."""
    back = download(loaded, tmp_path)

    assert back.snapshot == built.snapshot
    if loaded.store.layout is Layout.QUADS:
        assert read_lines(back) == read_lines(built)
    assert merged(built) == merged(back)


@pytest.mark.oxigraph
def test_a_store_with_other_data_only_has_no_dataset(oxigraph: Server) -> None:
    """It is said so, instead of that nothing was found."""
    oxigraph.clear()
    oxigraph.put("urn:g", "<urn:s> <urn:p> 1 .")

    with pytest.raises(NotFoundError, match="No dataset of aidgraph"):
        open_endpoint(PROJECT, oxigraph.query_url, TIMEOUT_S)


@pytest.mark.oxigraph
def test_neither_a_build_nor_a_dataset_is_needed(
    oxigraph: Server, built: Dataset, small_project: Project, tmp_path: Path
) -> None:
    """Of the project only questions, ontology and rules are read: the data is the store's."""
    have_loaded(oxigraph, built, Layout.QUADS, tmp_path)
    endpoint = f"--endpoint={oxigraph.query_url}"

    asked = run_aidgraph(small_project, "ask", "helpers-of-area", "--area", "疏勒县", endpoint)
    shown = run_aidgraph(small_project, "show", "疏勒县", endpoint, "-f", "json")
    typed = run_aidgraph(small_project, "query", "-e", "SELECT (1 AS ?x) {}", endpoint)

    assert (asked.returncode, asked.stderr) == (0, "")
    assert "Shandong Province" in asked.stdout
    assert '"xinjiang-daily-shared-purpose"' in shown.stdout
    assert typed.returncode == 0
    assert not (small_project.root / ".aidgraph").exists()


@pytest.mark.oxigraph
def test_a_default_graph_without_the_others_is_an_error(
    oxigraph: Server, built: Dataset, tmp_path: Path
) -> None:
    """Else each answer would be that the articles do not say."""
    have_loaded(oxigraph, built, Layout.QUADS, tmp_path)
    apart = f"{oxigraph.query_url}?default-graph-uri=urn:none&named-graph-uri={{}}"
    url = apart.format("https://w3id.org/aidgraph/graph/dataset")

    with pytest.raises(RemoteError, match="not the union"):
        open_endpoint(PROJECT, url, TIMEOUT_S)
