"""What the routes give: the command line's answers, things, names, discovery; to any client."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import warnings
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from aidgraph.answers.ask import ask_question
from aidgraph.answers.render import write_answer
from aidgraph.project import find_project
from aidgraph.questions import read_questions
from conftest import REPOSITORY
from running import run_aidgraph
from serving import serve

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from aidgraph.dataset import Dataset
    from aidgraph.questions import Question
    from serving import Served

QUESTIONS, _ = read_questions(find_project(REPOSITORY))
KASHGAR = "https://w3id.org/aidgraph/id/place/653100"
HELPERS = "SELECT DISTINCT ?h { ?h a aid:Helper } ORDER BY ?h"


@pytest.fixture(scope="module")
def server(built_root: Path) -> Generator[Served]:
    """A server of the repository's own data."""
    with serve(built_root, "--workers", "2", "--timeout", "60") as served:
        yield served


def example_of(question: Question) -> dict[str, str]:
    """Return the parameters that a question needs, each with its example."""
    return {each.name: each.example for each in question.parameters if not each.optional}


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.name)
def test_a_route_answers_as_the_library_does(
    server: Served, built: Dataset, question: Question
) -> None:
    """The JSON of each question is that of `ask -f json`, to the byte."""
    given = example_of(question)
    expected = write_answer(ask_question(built, question, given, "zh"), "json", "zh")

    response = server.get(f"/q/{question.name}.json", _lang="zh", **given)

    assert response.status_code == 200
    assert expected == response.content


def test_an_answer_is_the_command_lines(server: Served, built_root: Path) -> None:
    """With evidence, in each format that a program can read again."""
    for form in ("json", "csv", "tsv", "md"):
        given = ("ask", "helpers-of-area", "--area", "喀什", "--why", "--lang", "en", "-f", form)
        expected = run_aidgraph(find_project(built_root), *given)
        response = server.get(f"/q/helpers-of-area.{form}", area="喀什", _why="1", _lang="en")

        assert expected.returncode == 0
        assert expected.stdout.replace("\r\n", "\n") == response.text.replace("\r\n", "\n")


def test_every_format_is_what_it_says(server: Served) -> None:
    """Each suffix has its media type and content; XLSX and the mark for Excel among them."""
    types = {
        "json": "application/json",
        "csv": "text/csv; charset=utf-8",
        "srj": "application/sparql-results+json",
        "srx": "application/sparql-results+xml",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }
    for form, media_type in types.items():
        response = server.get(f"/q/helpers-of-area.{form}", area="653100")
        assert response.headers["content-type"] == media_type
    assert response.content.startswith(b"PK")
    marked = server.get("/q/helpers-of-area.csv", area="653100", _bom="1")
    assert marked.content.startswith(b"\xef\xbb\xbf")
    for form in ("json", "srj", "md"):
        unmarked = server.get(f"/q/helpers-of-area.{form}", area="653100", _bom="1")
        assert not unmarked.content.startswith(b"\xef\xbb\xbf"), form


def test_what_a_form_leaves_empty_is_not_given(server: Served) -> None:
    """A browser sends every field: an empty one asks for every value."""
    plain = server.get("/q/helpers-of-area.json", area="喀什")
    filled = server.client.get("/q/helpers-of-area.json?area=%E5%96%80%E4%BB%80&_view=&_lang=")

    assert plain.json() == filled.json()


def test_a_long_answer_has_pages(built_root: Path) -> None:
    """Each page says where the next is, in its JSON and in Link; together they have every row."""
    with serve(built_root, "--workers", "1", "--rows", "7") as served:
        path, rows = "/q/helpers-of-area.json?area=653100", []
        while path:
            response = served.client.get(path)
            page = response.json()
            rows += page["rows"]
            path = page.get("next", "")
            assert path in response.headers.get("link", "")
            assert page["complete"] is False
        assert len(rows) == page["row_count"] > 7
        assert len({json.dumps(row) for row in rows}) == len(rows)


def test_an_unchanged_answer_is_not_sent_again(server: Served) -> None:
    """The ETag of each cacheable route brings 304; another language or format does not."""
    for path in (
        "/q/helpers-of-area.json?area=653100",
        "/sparql?query=ASK%20%7B%7D",
        "/data/id/place/653100.ttl",
        "/graphs?graph=https://w3id.org/aidgraph/graph/dataset",
        "/complete?q=k",
        "/.well-known/void",
        "/dump/aidgraph.nq",
    ):
        tag = server.client.head(path).headers["etag"]
        again = server.client.get(path, headers={"If-None-Match": f'"x", {tag}'})
        assert (again.status_code, again.content) == (304, b"")
    chinese = server.client.get(
        "/q/helpers-of-area.json?area=653100",
        headers={
            "If-None-Match": server.get("/q/helpers-of-area.json", area="653100").headers["etag"],
            "Accept-Language": "zh",
        },
    )
    assert chinese.status_code == 200


def test_a_things_address_leads_to_data(server: Served) -> None:
    """303 by Accept, and the document has the thing's label and facts in that format."""
    for media_type, suffix in {
        "text/turtle": "ttl",
        "application/ld+json": "jsonld",
        "application/n-triples": "nt",
        "application/json": "json",
    }.items():
        response = server.get("/id/place/653100", media_type)
        assert response.status_code == 303
        assert response.headers["location"] == f"/data/id/place/653100.{suffix}"
        document = server.get(response.headers["location"])
        assert document.headers["content-type"].partition(";")[0] == media_type
        assert "喀什地区" in document.text or "\\u5580" in document.text
    known = server.get("/data/id/place/653100.json", _lang="zh").json()
    assert known["label"] == "喀什地区"
    assert any(fact["evidence"] for fact in known["referred_by"])
    assert server.get("/id/place/653100", "text/html").headers["location"].startswith("/page/")


def test_terms_and_sentences_have_addresses(server: Served) -> None:
    """The ontology, a term of it, an article and a sentence: each says what it is."""
    ontology = server.get("/data/ont.ttl").text
    term = server.get("/data/ont/Helper.ttl").text
    sentence = server.get("/data/article/xinjiang-daily-shared-purpose/p2.1.ttl").text

    assert "Ontology" in ontology
    assert "owl:Class" in term
    assert "Passage" in sentence


@pytest.mark.parametrize("typed", ["喀什", "kashi", "Kashgar", "653100", "KASHGAR"])
def test_a_name_begun_is_completed(server: Served, typed: str) -> None:
    """By hanzi, pinyin, English and code, the area comes first among those of its kind."""
    found = server.get("/complete", q=typed, type="aid:RecipientArea", _lang="zh").json()

    assert found[0]["iri"] == KASHGAR
    assert found[0]["label"] == "喀什地区"


def test_search_finds_things_and_sentences(server: Served) -> None:
    """A park by a part of its name, and each sentence that has the words."""
    found = server.get("/search", "application/json", q="新梅").json()

    assert "粤伽新梅产业园" in [each["name"] for each in found["things"]]
    assert found["sentences"]
    assert all("新梅" in each["text"] for each in found["sentences"])


@pytest.mark.parametrize(
    ("language", "heading", "other"),
    [
        ("zh", "与您的话最相近的原文", "或者是"),
        ("en", "Sentences of the articles nearest to your words", "Or is it"),
    ],
)
def test_a_doubtful_answer_shows_the_nearest_sentences(
    server: Served, language: str, heading: str, other: str
) -> None:
    """What no question asks for is read in the article; each links to its place there."""
    page = server.get("/search", "text/html", q="园区合作里谁尝到了甜头?", _lang=language).text

    assert heading in page
    assert other in page
    assert "尝到了协同发展、互利共赢的甜头" in page.partition(heading)[2]
    link = f'"/page/article/xinjiang-daily-shared-purpose?_lang={language}#p27.2"'
    assert link in page.partition(heading)[2]


def test_the_dump_is_the_dataset(server: Served, built: Dataset) -> None:
    """Its N-Quads hash to the snapshot; Turtle has every triple of them."""
    import hashlib

    quads = server.get("/dump/aidgraph.nq").content
    assert hashlib.sha256(quads).hexdigest() == built.snapshot
    turtle = server.get("/dump/aidgraph.ttl").content
    triples = read_triples(quads, ox.RdfFormat.N_QUADS)
    assert len(triples) > 10_000
    assert triples <= read_triples(turtle, ox.RdfFormat.TURTLE)


def read_triples(text: bytes, form: ox.RdfFormat) -> set[ox.Triple]:
    """Return the triples whose ends have names."""
    triples = {quad.triple for quad in ox.parse(text, format=form)}
    return {t for t in triples if "_:" not in (str(t.subject)[:2], str(t.object)[:2])}


def test_void_says_where_the_data_is(server: Served) -> None:
    """Endpoint and dumps at this server's address, with licence and sources."""
    graph = rdflib.Graph().parse(data=server.get("/.well-known/void").text, format="turtle")
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    [dataset] = set(graph.subjects(void.sparqlEndpoint))

    assert rdflib.URIRef(f"{server.address}/sparql") == graph.value(dataset, void.sparqlEndpoint)
    assert len(set(graph.objects(dataset, void.dataDump))) == 2
    assert graph.value(dataset, rdflib.DCTERMS.license)


def test_openapi_has_every_question(server: Served) -> None:
    """A path for each question and format, with its parameters as its header has them."""
    described = server.get("/openapi.json").json()

    assert described["openapi"] == "3.1.0"
    for question in QUESTIONS:
        operation = described["paths"][f"/q/{question.name}.json"]["get"]
        named = {each["name"]: each.get("required", False) for each in operation["parameters"]}
        for parameter in question.parameters:
            assert named[parameter.name] is not parameter.optional
    operations = [o["operationId"] for path in described["paths"].values() for o in path.values()]
    assert len(operations) == len(set(operations))


def test_openapi_tells_of_evidence_as_it_is_given(server: Served) -> None:
    """Each field of it, in any language: a sentence's words and our translation of them."""
    schemas = server.get("/openapi.json").json()["components"]["schemas"]
    for language in ("en", "zh"):
        asked = {"helper": "北京", "_why": "1", "_lang": language}
        answer = server.get("/q/money-of-helper.json", **asked).json()
        evidence = [each for row in answer["evidence"] for each in row]

        assert {tuple(each) for each in evidence} == {tuple(schemas["Evidence"]["properties"])}
        (first, *_) = [each for each in evidence if each["passage"] == "p12.1"]
        assert "北京市共投入援疆资金5.25亿元" in first["text"]
        assert "525 million yuan" in first["translation"]


def test_a_question_without_values_is_a_form(server: Served) -> None:
    """Status 200: what it needs, and where each value is completed; its SPARQL beside it."""
    form = server.get("/q/helpers-of-area", "application/json")
    sparql = server.get("/q/helpers-of-area/query.rq")

    assert form.status_code == 200
    assert [each["name"] for each in form.json()["parameters"]] == ["area"]
    assert len(server.get("/q", "application/json").json()) == len(QUESTIONS)
    assert sparql.text == (REPOSITORY / "queries" / "helpers-of-area.rq").read_text("utf-8")


def test_sparqlwrapper_asks(server: Served) -> None:
    """SELECT in JSON and XML, ASK, and CONSTRUCT, by GET and by POST."""
    from SPARQLWrapper import GET, JSON, POST, TURTLE, XML, SPARQLWrapper

    wrapper = SPARQLWrapper(f"{server.address}/sparql")
    expected = len(server.ask(HELPERS).json()["results"]["bindings"])
    for method in (GET, POST):
        wrapper.setMethod(method)
        wrapper.setQuery(HELPERS)
        wrapper.setReturnFormat(JSON)
        found: Any = wrapper.queryAndConvert()
        assert len(found["results"]["bindings"]) == expected > 10
        wrapper.setReturnFormat(XML)
        found = wrapper.query().convert()
        assert len(found.getElementsByTagName("result")) == expected
    wrapper.setQuery("CONSTRUCT { ?s a aid:Helper } WHERE { ?s a aid:Helper }")
    wrapper.setReturnFormat(TURTLE)
    turtle: Any = wrapper.queryAndConvert()
    assert turtle.count(b"Helper") > 0


def test_rdflibs_store_reads(server: Served) -> None:
    """Triples by pattern, and queries, as from any store."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of rdflib itself
        graph = rdflib.Graph(SPARQLStore(f"{server.address}/sparql"))
        labels = {str(label) for label in graph.objects(rdflib.URIRef(KASHGAR), rdflib.RDFS.label)}
        rows = list(graph.query("SELECT ?l { ?s <urn:none> ?l }"))

    assert {"喀什地区", "Kashgar Prefecture"} <= labels
    assert rows == []


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_asks(server: Served) -> None:
    """The example that people type: a query in, CSV out."""
    command = ["curl", "-sfG", f"{server.address}/sparql", "-H", "Accept: text/csv"]
    done = subprocess.run(
        [*command, "--data-urlencode", f"query={HELPERS}"],
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    rows = list(csv.reader(io.StringIO(done.stdout)))

    assert rows[0] == ["h"]
    assert len(rows) > 10
