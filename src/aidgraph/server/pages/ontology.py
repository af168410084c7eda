"""The page of the ontology: each term with its label and definition, by topic, with a diagram."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from aidgraph.server.pages.frame import Frame, render
from aidgraph.server.pages.hierarchy import draw_hierarchy
from aidgraph.terms import AID, RDF_TYPE, RDFS, RDFS_LABEL, SKOS, curie

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aidgraph.questions import Language
    from aidgraph.server.desk import Desk
    from aidgraph.store.worker import Reply

_OWL = "http://www.w3.org/2002/07/owl#"
_KINDS = (
    ("classes", (f"{_OWL}Class",)),
    ("properties", (f"{_OWL}ObjectProperty", f"{_OWL}DatatypeProperty")),
)
_DEFINED_BY = ox.NamedNode(f"{RDFS}isDefinedBy")
_WIDER = (f"{RDFS}subClassOf", f"{RDFS}subPropertyOf")


class Link(NamedTuple):
    """Another term: how it is called, and where on the page, or elsewhere, it is."""

    label: str
    url: str


class Term(NamedTuple):
    """A term of the ontology; `labels` in both languages, the page's first."""

    key: str
    curie: str
    labels: tuple[tuple[str, str], ...]
    definition: str
    notes: tuple[str, ...]
    examples: tuple[str, ...]
    wider: tuple[Link, ...]
    domain: tuple[Link, ...]
    range: tuple[Link, ...]


_Facts = dict[str, list["ox.NamedNode | ox.Literal"]]


def show(desk: Desk, frame: Frame) -> Reply:
    """Show the ontology in the page's language; its terms are anchors of the same names."""
    terms = _read_terms(desk)
    topics = _read_topics(desk, frame.language)
    shown: dict[str, dict[str, list[Term]]] = {topic: {} for topic in topics}
    for iri, facts in sorted(terms.items(), key=lambda each: _label(each[1], frame.language)):
        topic = facts[_DEFINED_BY.value][0].value
        shown.setdefault(topic, {}).setdefault(_kind(facts), []).append(
            _show(iri, facts, terms, frame)
        )
    classes = {
        iri: _label(facts, frame.language)
        for iri, facts in terms.items()
        if _kind(facts) == "classes"
    }
    parents = {
        iri: [
            wide.value for wide in terms[iri].get(_WIDER[0], []) if isinstance(wide, ox.NamedNode)
        ]
        for iri in classes
    }
    return render(
        desk,
        frame,
        "ontology",
        topics=[
            (topic.rpartition("/")[2], topics.get(topic, curie(topic)), kinds)
            for topic, kinds in shown.items()
            if kinds
        ],
        kinds=[*(kind for kind, _ in _KINDS), "individuals"],
        diagram=draw_hierarchy(classes, parents),
        keys={iri: iri.removeprefix(AID) for iri in classes},
    )


def _read_terms(desk: Desk) -> dict[str, _Facts]:
    """Return what is said of each term of ours, by property; read once a dataset."""
    if "terms" not in desk.kept:
        query = f"""SELECT ?term ?p ?o WHERE {{
  ?term {_DEFINED_BY} ?topic ; ?p ?o .
}} ORDER BY ?term ?p ?o"""
        found: dict[str, _Facts] = {}
        for term, how, value in desk.dataset.store.select(query).rows:
            if (
                isinstance(term, ox.NamedNode)
                and isinstance(how, ox.NamedNode)
                and isinstance(value, ox.NamedNode | ox.Literal)
                and term.value.startswith(AID)
            ):
                values = found.setdefault(term.value, {}).setdefault(how.value, [])
                values += [value] if value not in values else []
        desk.kept["terms"] = found
    terms: dict[str, _Facts] = desk.kept["terms"]
    return terms


def _read_topics(desk: Desk, language: Language) -> dict[str, str]:
    query = f"""SELECT DISTINCT ?topic ?label WHERE {{
  ?term {_DEFINED_BY} ?topic . ?topic {RDFS_LABEL} ?label . FILTER(LANG(?label) = "{language}")
}} ORDER BY ?topic"""
    return {
        topic.value: label.value
        for topic, label in desk.dataset.store.select(query).rows
        if isinstance(topic, ox.NamedNode) and isinstance(label, ox.Literal)
    }


def _kind(facts: _Facts) -> str:
    types = {value.value for value in facts.get(RDF_TYPE.value, [])}
    return next((kind for kind, iris in _KINDS if types & {*iris}), "individuals")


def _show(iri: str, facts: _Facts, terms: Mapping[str, _Facts], frame: Frame) -> Term:
    language = frame.language
    labels = sorted(
        (
            (value.language or "", value.value)
            for value in facts.get(RDFS_LABEL.value, [])
            if isinstance(value, ox.Literal)
        ),
        key=lambda label: label[0] != language,
    )

    def links(*properties: str) -> tuple[Link, ...]:
        return tuple(
            _link(value.value, terms, frame)
            for name in properties
            for value in facts.get(name, [])
            if isinstance(value, ox.NamedNode)
        )

    return Term(
        iri.removeprefix(AID),
        curie(iri),
        tuple(labels),
        " ".join(_texts(facts, f"{SKOS}definition", language)),
        _texts(facts, f"{SKOS}scopeNote", language),
        _texts(facts, f"{SKOS}example", language),
        links(*_WIDER, f"{SKOS}broader"),
        links(f"{RDFS}domain"),
        links(f"{RDFS}range"),
    )


def _link(iri: str, terms: Mapping[str, _Facts], frame: Frame) -> Link:
    if iri in terms:
        return Link(_label(terms[iri], frame.language), f"#{iri.removeprefix(AID)}")
    return Link(curie(iri), "")


def _label(facts: _Facts, language: Language) -> str:
    return next(iter(_texts(facts, RDFS_LABEL.value, language)), "")


def _texts(facts: _Facts, name: str, language: Language) -> tuple[str, ...]:
    found: Sequence[ox.NamedNode | ox.Literal] = facts.get(name, [])
    return tuple(
        value.value
        for value in found
        if isinstance(value, ox.Literal) and value.language == language
    )


def list_terms(desk: Desk, language: Language) -> list[dict[str, str]]:
    """Return the terms for an editor's completion: IRI, CURIE, kind and label."""
    return [
        {"iri": iri, "curie": curie(iri), "kind": _kind(facts), "label": _label(facts, language)}
        for iri, facts in sorted(_read_terms(desk).items())
    ]
