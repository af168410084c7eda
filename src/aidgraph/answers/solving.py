"""The solutions of a question or a query as the store has them: exact terms, without labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from aidgraph.answers.ask import bind_question
from aidgraph.terms import prefixes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aidgraph.dataset import OpenDataset
    from aidgraph.questions import Question
    from aidgraph.store import Solutions

Found: TypeAlias = "Solutions | bool"
"""The solutions of a SELECT, or what an ASK says."""


def solve_question(dataset: OpenDataset, question: Question, given: Mapping[str, str]) -> Solutions:
    """Return the solutions of a canned question. Takes and raises what `ask_question` does."""
    return dataset.store.select(bind_question(dataset, question, given))


def solve_query(dataset: OpenDataset, sparql: str) -> Found:
    """Return the solutions of a SELECT, or what an ASK says.

    Takes and raises what `ask_query` does.
    """
    from aidgraph.sparql.parser import parse_query

    if parse_query(sparql).form == "ASK":
        return dataset.store.ask(sparql, prefixes())
    return dataset.store.select(sparql, prefixes())
