"""GraphML (http://graphml.graphdrawing.org/specification.html) for Gephi, Cytoscape and yEd.

A node is a thing that facts tell of, an edge a fact between two of them, with its sentence.
Figures' units, statuses and grounding notes are no things, and texts no nodes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

import pyoxigraph as ox

from aidgraph.terms import GRAPH, RDF_TYPE, curie
from aidgraph.transfer.background import Background, is_term, read_facts
from aidgraph.transfer.xml_text import escape_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aidgraph.transfer.background import Fact

_SPACE = "http://graphml.graphdrawing.org/xmlns"
_KEYS = {
    "graph": ("license", "rights", "citation"),
    "node": ("label", "label_en", "label_zh", "class", "iri"),
    "edge": ("label", "label_en", "label_zh", "property", "article", "passage", "sentence"),
}


def write_graphml(
    lines: Iterable[bytes], background: Background, rights: Mapping[str, str]
) -> Iterator[str]:
    """Yield a network of the facts in N-Quads.

    Args:
        lines: N-Quads, sorted.
        background: names and sentences.
        rights: `license`, `rights` and `citation` of the whole, which the file says.
    """
    edges = [fact for fact in read_facts(lines) if _is_edge(fact, background)]
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{_SPACE}">\n'
    for kind, names in _KEYS.items():
        for name in names:
            yield (
                f'  <key id="{kind}_{name}" for="{kind}" attr.name="{name}" attr.type="string"/>\n'
            )
    yield '  <graph id="aidgraph" edgedefault="directed">\n'
    yield _write_data("graph", f"{GRAPH}dataset", rights)
    ends = {end.value for fact in edges for end in _ends(fact)}
    for iri in sorted(ends):
        yield f"    <node id={quoteattr(iri)}>\n{_describe(iri, background)}    </node>\n"
    for number, fact in enumerate(edges):
        source, target = (quoteattr(end.value) for end in _ends(fact))
        yield f'    <edge id="e{number}" source={source} target={target}>\n'
        yield f"{_tell(fact, background)}    </edge>\n"
    yield "  </graph>\n</graphml>\n"


def _ends(fact: Fact) -> list[ox.NamedNode]:
    ends = (fact.triple.subject, fact.triple.object)
    return [end for end in ends if isinstance(end, ox.NamedNode)]


def _is_edge(fact: Fact, background: Background) -> bool:
    ends = _ends(fact)
    is_between = ends == [fact.triple.subject, fact.triple.object]
    named = all(end.value in background.labels and not is_term(end.value) for end in ends)
    return is_between and named and fact.triple.predicate != RDF_TYPE


def _describe(iri: str, background: Background) -> str:
    classes = background.classes.get(iri, ())
    return _write_data(
        "node",
        iri,
        {
            **_name(iri, background),
            "class": " ".join(sorted(curie(kind).removeprefix("aid:") for kind in classes)),
            "iri": iri,
        },
    )


def _tell(fact: Fact, background: Background) -> str:
    name = fact.triple.predicate.value
    return _write_data(
        "edge",
        fact.passage,
        {
            **_name(name, background),
            "property": curie(name),
            "article": fact.article,
            "passage": fact.passage.rpartition("/")[2],
            "sentence": background.sentence(fact.passage).text,
        },
    )


def _name(iri: str, background: Background) -> dict[str, str]:
    """Return a thing's names; `label`, which programs show at once, is both."""
    english, chinese = (background.label(iri, language) for language in ("en", "zh"))
    both = " ".join(name for name in (english, chinese) if name)
    return {"label": both, "label_en": english, "label_zh": chinese}


def _write_data(kind: str, about: str, values: Mapping[str, str]) -> str:
    return "".join(
        f'      <data key="{kind}_{name}">{escape_text(value, about)}</data>\n'
        for name, value in values.items()
        if value
    )
