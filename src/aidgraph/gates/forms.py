"""What a file may hold at all: forms of terms that every store keeps as they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph as ox

from aidgraph.findings import Finding
from aidgraph.terms import show_term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aidgraph.sources import Source, Sources


def check_forms(sources: Sources) -> Iterator[Finding]:
    """Find literals that a store would rewrite, and blank nodes.

    Blank nodes are for the lists and restrictions of the ontology and the shapes only.
    """
    nameless_allowed = {source.file for source in (*sources.ontology, *sources.shapes)}
    for source in sources.all():
        yield from _check_literals(source)
        if source.file not in nameless_allowed:
            yield from _check_blank_nodes(source)


def _check_literals(source: Source) -> Iterator[Finding]:
    """A store rewrites `1.50` to `1.5`: the snapshot would not be what is stored."""
    store = ox.Store()
    store.bulk_extend(source.quads)
    for quad in set(source.quads) - set(store):
        yield _finding(
            source,
            quad,
            rule="literal-not-canonical",
            message_en=f"{quad.object} is not in its shortest, canonical form.",
            message_zh=f"{quad.object} 不是规范的最简写法。",
            remedy_en="Write it as a store keeps it: 1.5 for 1.50, 7 for 007, 1000 for 1E3.",
            remedy_zh="请写成存储所保留的形式：1.50 写 1.5，007 写 7，1E3 写 1000。",
        )


def _check_blank_nodes(source: Source) -> Iterator[Finding]:
    for quad in source.quads:
        if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
            yield _finding(
                source,
                quad,
                rule="blank-node",
                message_en="A node without a name stands in data.",
                message_zh="数据中出现了没有名称的节点。",
                remedy_en="Give it an IRI: under its passage's, as psg:p15.2-money.",
                remedy_zh="请给它一个 IRI：置于其句段之下，如 psg:p15.2-money。",
            )


def _finding(source: Source, quad: ox.Quad, **words: str) -> Finding:
    return Finding(
        rule=words["rule"],
        message_en=words["message_en"],
        message_zh=words["message_zh"],
        remedy_en=words["remedy_en"],
        remedy_zh=words["remedy_zh"],
        file=source.file,
        graph=show_term(quad.graph_name),
        subject=show_term(quad.subject),
        predicate=show_term(quad.predicate),
        object=show_term(quad.object),
    )
