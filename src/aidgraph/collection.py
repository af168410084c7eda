"""The project's questions as RDF, so that other tools can list, show and run them.

Each is a `sh:SPARQLExecutable` with its title as `rdfs:comment` in both languages and its text,
header and all, as `sh:select`: what `ask` runs, and what pastes into any endpoint; its SHA-256 is
the `query_hash` of an answer. So SIB publishes its examples, and its editor reads them
(https://github.com/sib-swiss/sparql-examples). Parameters are `sh:Parameter`s; columns are
`csvw:Column`s, as the CSV of an answer has them. All stand in one graph, without blank nodes.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.errors import AidgraphError, UnreadableError
from aidgraph.questions import read_questions
from aidgraph.sparql.parser import parse_query
from aidgraph.sparql.tree import columns_of
from aidgraph.terms import AID, GRAPH, QUERY, RDF_TYPE, RDFS, RDFS_LABEL, SKOS, XSD

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aidgraph.headers import Bilingual
    from aidgraph.project import Project
    from aidgraph.questions import Parameter, Question

COLLECTION = ox.NamedNode(f"{GRAPH}queries")
"""The collection of questions; it also names the graph that they stand in."""

_SH = "http://www.w3.org/ns/shacl#"
_CSVW = "http://www.w3.org/ns/csvw#"
_SCHEMA = "https://schema.org/"
_DESCRIPTION = "http://purl.org/dc/terms/description"
_EXECUTABLE = (f"{_SH}SPARQLExecutable", f"{_SH}SPARQLSelectExecutable", f"{_CSVW}Schema")
_LABEL: Bilingual = {"en": "Questions that can be asked", "zh": "可提的问题"}
_DATATYPES = {"choice": "string", "flag": "boolean", "number": "decimal", "text": "string"}


def read_collection(project: Project) -> list[Question]:
    """Return the questions of `project` that can be asked, by name.

    A file that is none is left out, and a project may have none: no answer of another question
    depends on it. `aidgraph check` says what is wrong with it.
    """
    try:
        questions, _ = read_questions(project)
    except UnreadableError:
        return []
    return [question for question in questions if _can_be_asked(question)]


def describe_questions(
    questions: Iterable[Question], prefixes: Mapping[str, str]
) -> Iterator[ox.Quad]:
    """Yield `questions` as RDF, with the `prefixes` that their texts go by."""
    statements = chain(_describe_collection(prefixes), *map(_describe_question, questions))
    for subject, predicate, value in statements:
        yield ox.Quad(subject, ox.NamedNode(predicate), value, COLLECTION)


def _can_be_asked(question: Question) -> bool:
    """Tell whether the text is a SELECT, of columns that have labels."""
    try:
        query = parse_query(question.sparql)
    except AidgraphError:
        return False
    labelled = [f"?{name}" for name in question.columns]
    return query.form == "SELECT" and sorted(labelled) == sorted(columns_of(query))


_Statement = tuple[ox.NamedNode, str, ox.NamedNode | ox.Literal]


def _describe_collection(prefixes: Mapping[str, str]) -> Iterator[_Statement]:
    yield COLLECTION, RDF_TYPE.value, ox.NamedNode("http://rdfs.org/ns/void#Dataset")
    yield from _tell(COLLECTION, RDFS_LABEL.value, _LABEL)
    for name, space in prefixes.items():
        declaration = ox.NamedNode(f"{QUERY}prefix/{name}")
        namespace = ox.Literal(space, datatype=ox.NamedNode(f"{XSD}anyURI"))
        yield COLLECTION, f"{_SH}declare", declaration
        yield declaration, RDF_TYPE.value, ox.NamedNode(f"{_SH}PrefixDeclaration")
        yield declaration, f"{_SH}prefix", ox.Literal(name)
        yield declaration, f"{_SH}namespace", namespace


def _describe_question(question: Question) -> Iterator[_Statement]:
    iri = ox.NamedNode(QUERY + question.name)
    for kind in _EXECUTABLE:
        yield iri, RDF_TYPE.value, ox.NamedNode(kind)
    yield from _tell(iri, f"{RDFS}comment", question.title)
    yield from _tell(iri, _DESCRIPTION, question.description)
    for language, phrases in question.asked.items():
        for phrase in phrases:
            yield iri, f"{_SCHEMA}alternateName", ox.Literal(phrase, language=language)
    for tag in question.tags:
        yield iri, f"{_SCHEMA}keywords", ox.Literal(tag)
    yield iri, f"{_SH}select", ox.Literal(question.sparql)
    yield iri, f"{_SH}prefixes", COLLECTION
    for order, parameter in enumerate(question.parameters, start=1):
        yield from _describe_parameter(iri, parameter, order)
    for order, (name, label) in enumerate(question.columns.items(), start=1):
        column = ox.NamedNode(f"{iri.value}/column/{name}")
        yield iri, f"{_CSVW}column", column
        yield column, RDF_TYPE.value, ox.NamedNode(f"{_CSVW}Column")
        yield column, f"{_CSVW}name", ox.Literal(name)
        yield from _tell(column, f"{_CSVW}titles", label)
        yield column, f"{_SH}order", ox.Literal(order)


def _describe_parameter(
    question: ox.NamedNode, parameter: Parameter, order: int
) -> Iterator[_Statement]:
    iri = ox.NamedNode(f"{question.value}/parameter/{parameter.name}")
    yield question, f"{_SH}parameter", iri
    yield iri, RDF_TYPE.value, ox.NamedNode(f"{_SH}Parameter")
    # SHACL: the variable is the local name of the path.
    yield iri, f"{_SH}path", ox.NamedNode(f"{QUERY}parameter/{parameter.name}")
    yield from _tell(iri, f"{_SH}name", parameter.label)
    yield iri, f"{_SH}optional", ox.Literal(parameter.optional)
    yield iri, f"{_SH}order", ox.Literal(order)
    if parameter.example:
        yield iri, f"{SKOS}example", ox.Literal(parameter.example)
    if parameter.type in _DATATYPES:
        yield iri, f"{_SH}datatype", ox.NamedNode(XSD + _DATATYPES[parameter.type])
    else:
        concept = parameter.type == "concept"
        kind = f"{SKOS}Concept" if concept else AID + parameter.type.removeprefix("aid:")
        yield iri, f"{_SH}class", ox.NamedNode(kind)
    for value, label in parameter.values.items():  # sh:in is a list, and lists have blank nodes
        shown: Bilingual = {"en": f"{value}: {label['en']}", "zh": f"{value}：{label['zh']}"}
        yield from _tell(iri, f"{_SH}description", shown)


def _tell(subject: ox.NamedNode, predicate: str, texts: Bilingual) -> Iterator[_Statement]:
    for language, text in texts.items():
        yield subject, predicate, ox.Literal(text, language=language)
