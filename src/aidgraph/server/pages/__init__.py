"""The pages: what people see in a browser, rendered by the workers, without any script.

Each page is a task (`aidgraph.server.desk.TASKS`): it takes the desk and `args`, and replies with
HTML. `pagehooks` says what `args` hold. Built assets (`server/built`, made by `make web`) only add
to what already works: without them the same pages come bare.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGES: Mapping[str, str] = {
    f"page.{name}": f"{__name__}.{module}:show"
    for name, module in (
        ("home", "home"),
        ("question", "question"),
        ("questions", "home"),
        ("search", "search"),
        ("sparql", "sparql"),
        ("thing", "thing"),
    )
}
"""The tasks that render pages. `page.thing` shows articles and the ontology as well."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""The Content-Security-Policy of every page: nothing from elsewhere, and nothing inline."""
