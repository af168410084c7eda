"""All gates together, in the order in which data meets them.

Kept apart from the package's own module, so that what needs one gate loads one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.gates.bases import check_bases
from aidgraph.gates.checks import run_checks
from aidgraph.gates.descriptions import check_shared_names
from aidgraph.gates.forms import check_forms
from aidgraph.gates.grounding import check_article
from aidgraph.gates.questions import check_query_terms
from aidgraph.gates.review import check_review
from aidgraph.gates.shapes import check_shape_terms, check_shapes
from aidgraph.gates.translation import check_translation
from aidgraph.store import EmbeddedStore

if TYPE_CHECKING:
    from collections.abc import Collection

    import pyoxigraph as ox

    from aidgraph.findings import Finding
    from aidgraph.sources import Sources


_EMPTY = "passage-without-facts-or-reason"
_ECHOES = frozenset({"figure-without-triple", "name-without-triple"})


def check_authored(sources: Sources) -> list[Finding]:
    """Check what people wrote: forms and names, each fact against its passage, who read it.

    First of all that rules, checks and shapes ask for what there is, or they would be blind.
    """
    findings = [*check_query_terms(sources), *check_shape_terms(sources)]
    findings += [*check_forms(sources), *check_bases(sources), *check_shared_names(sources)]
    for article in sources.articles:
        findings += [*check_article(article, sources), *check_review(article)]
        findings += check_translation(article)
    return _drop_echoes(findings)


def check_derived(quads: Collection[ox.Quad], sources: Sources) -> list[Finding]:
    """Check the whole dataset, inferred triples included: zero-row checks, then shapes."""
    checks = run_checks(EmbeddedStore.of(quads), sources.checks, sources.all())
    return checks + check_shapes(quads, sources)


def _drop_echoes(findings: list[Finding]) -> list[Finding]:
    """Leave one finding of a passage that has no facts at all, not one a name in it."""
    empty = {(finding.file, finding.graph) for finding in findings if finding.rule == _EMPTY}
    return [
        finding
        for finding in findings
        if finding.rule not in _ECHOES or (finding.file, finding.graph) not in empty
    ]
