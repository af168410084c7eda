"""`aidgraph mcp`: the questions as tools of an agent, over the Model Context Protocol."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import click

from aidgraph.cli.session import language_option, timeout_option
from aidgraph.errors import UsageError

if TYPE_CHECKING:
    from aidgraph.cli.session import Session

_NEEDED = ("mcp", "starlette")


@click.command(epilog="Example: aidgraph mcp --lang en")
@timeout_option
@language_option
@click.pass_obj
def mcp(session: Session, *, timeout: float) -> None:
    """Answer an agent over standard input and output: the Model Context Protocol (MCP).

    Its tools find a question and ask it, show the sentences behind an answer, describe a thing,
    and answer SPARQL. Only reading is allowed. docs/agents.md says how a client is told.
    """
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        listed = ", ".join(missing)
        en = f"mcp needs {listed}: pip install 'aidgraph[mcp]'."
        raise UsageError(en, f"mcp 需要 {listed}：pip install 'aidgraph[mcp]'。")
    from aidgraph.server.agents.serving import serve_stdio
    from aidgraph.server.limits import Limits

    session.dataset()
    limits = Limits(query_s=timeout, canned_s=timeout)
    serve_stdio(session.project(), limits, session.language)
