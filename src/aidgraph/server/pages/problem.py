"""A fault as a page, for browsers: what is wrong, and where to go from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aidgraph.server.pages.frame import Frame, write_page

if TYPE_CHECKING:
    from collections.abc import Mapping


def write_problem(problem: Mapping[str, Any], args: Mapping[str, Any]) -> str:
    """Return the page of a fault; it needs no dataset, so a busy server can still show it.

    Args:
        problem: as `problems.describe` gives it, in the page's language.
        args: `language`, `path` and `query`, as `pagehooks` gives them.
    """
    frame = Frame(args)
    candidates = [
        {**each, "url": frame.again({each["parameter"]: each["curie"]})}
        for each in problem.get("candidates", [])
    ]
    return write_page(frame, "problem", problem=problem, candidates=candidates)
