"""Mutations: what the gates stop when one thing in true facts is changed, and what they let by."""

from __future__ import annotations

import csv
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from aidgraph.build import with_passages
from aidgraph.findings import Finding, Severity
from aidgraph.gates.checks import run_checks
from aidgraph.gates.grounding import check_article, check_reading
from aidgraph.gates.inference import infer
from aidgraph.gates.reading import ArticleReading, read_article, read_facts
from aidgraph.project import find_project
from aidgraph.sources import Sources, read_sources
from aidgraph.store import EmbeddedStore
from mutants import KINDS, WANTED, Mutant, Mutator

REPOSITORY = Path(__file__).parents[1]
SURVIVORS = Path(__file__).parent / "data" / "mutations" / "survivors.tsv"
LEAST = 48  # how many of fifty mutants the gates catch, at least
ALL = ("digit", "bound")  # the kinds of which they catch every one


@cache
def sources() -> Sources:
    """The repository's own data, each passage described as the build does it."""
    return with_passages(read_sources(find_project(REPOSITORY)))


@cache
def mutator() -> Mutator:
    """What makes mutants of the repository's facts."""
    return Mutator(sources())


def check_typed(read: Sources) -> list[Finding]:
    """Return the faults that the zero-row checks find in what the articles say."""
    quads = [quad for source in read.all() for quad in source.quads]
    return run_checks(EmbeddedStore.of([*quads, *infer(read)]), read.checks)


@cache
def readings() -> dict[str, ArticleReading]:
    """The articles as the gates read them, by id."""
    return {article.id: read_article(article, sources()) for article in sources().articles}


def is_caught(mutant: Mutant) -> bool:
    """Tell whether a gate stops a mutant: for what the text says, else for what the terms allow."""
    reading = readings()[mutant.article]
    mutated = read_facts(reading, mutant.write(reading.source.facts))
    if has_violation(check_reading(mutated)):
        return True
    return has_violation(check_typed(replace(sources(), articles=(mutated.source,))))


def has_violation(findings: list[Finding]) -> bool:
    """Tell whether one of the findings stops a build."""
    return any(finding.severity is Severity.VIOLATION for finding in findings)


def explained(kind: str) -> dict[str, str]:
    """Return the mutants of a kind that are known to survive, with the reason."""
    with SURVIVORS.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {row["mutant"]: row["why"] for row in rows if row["kind"] == kind}


def test_unchanged_facts_pass() -> None:
    """Whatever the gates say of a mutant, they say because of the mutation."""
    findings = check_typed(sources())
    for article in sources().articles:
        findings += check_article(article, sources())

    assert [finding.message_en for finding in findings] == []


@pytest.mark.parametrize("kind", KINDS)
def test_mutants_are_caught(kind: str) -> None:
    """Every figure and bound, and 95 in 100 of the others; who survives is explained."""
    mutants = mutator().make(kind)

    survivors = {str(mutant) for mutant in mutants if not is_caught(mutant)}

    assert len(mutants) == WANTED
    assert len(survivors) <= (0 if kind in ALL else WANTED - LEAST), survivors
    assert set(explained(kind)) == survivors
    assert all(explained(kind).values())
