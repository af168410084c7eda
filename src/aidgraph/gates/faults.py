"""How a fault becomes a finding: with its file, graph, triple and the text that was searched."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aidgraph.findings import Finding, Severity
from aidgraph.terms import curie, show_term

if TYPE_CHECKING:
    from aidgraph.gates.reading import Fact, PassageReading


class Both(NamedTuple):
    """A sentence in both languages."""

    en: str
    zh: str


class Fault(NamedTuple):
    """What is wrong, and how to mend it; `rule` names the check."""

    rule: str
    message: Both
    remedy: Both
    severity: Severity = Severity.VIOLATION


class Triple(NamedTuple):
    """The triple at fault as people see it; parts that do not matter are empty."""

    subject: str = ""
    predicate: str = ""
    object: str = ""


NO_TRIPLE = Triple()


def show_fact(fact: Fact) -> Triple:
    """Return a fact as people see it."""
    return Triple(curie(fact.subject), curie(fact.predicate), show_term(fact.term))


def fault_in_passage(fault: Fault, passage: PassageReading, fact: Fact | None = None) -> Finding:
    """Return the finding of a fault in a passage's graph, or in one fact of it."""
    triple = show_fact(fact) if fact else NO_TRIPLE
    return fault_in_file(fault, passage.file, passage.iri, triple, searched=passage.text)


def fault_in_file(
    fault: Fault, file: str, graph: str, triple: Triple = NO_TRIPLE, *, searched: str = ""
) -> Finding:
    """Return the finding of a fault in a graph (its IRI) of a file, or in one triple of it."""
    return Finding(
        rule=fault.rule,
        message_en=fault.message.en,
        message_zh=fault.message.zh,
        remedy_en=fault.remedy.en,
        remedy_zh=fault.remedy.zh,
        severity=fault.severity,
        file=file,
        graph=curie(graph),
        subject=triple.subject,
        predicate=triple.predicate,
        object=triple.object,
        searched=searched,
    )
