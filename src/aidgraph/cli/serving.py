"""`aidgraph serve`: the dataset over HTTP."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import click

from aidgraph.cli.session import language_option
from aidgraph.errors import UsageError

if TYPE_CHECKING:
    from aidgraph.cli.session import Session

_NEEDED = ("starlette", "uvicorn", "httptools", "jinja2")
_MOST_PORT = 65_535


@click.command(epilog="Example: aidgraph serve --port 8000")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, _MOST_PORT),
    default=8000,
    show_default=True,
    help="Port to listen at; 0 takes a free one.",
)
@click.option(
    "--allow-host",
    multiple=True,
    metavar="NAME",
    help="A name that the server goes by, beside localhost; may be given again.",
)
@click.option("--public", is_flag=True, help="Keep the limits for strangers on this machine, too.")
@click.option(
    "--timeout",
    metavar="SECONDS",
    type=click.FloatRange(0, min_open=True, max=3600),
    help="How long an answer may take.",
)
@click.option("--rows", type=click.IntRange(1), help="Most rows of an answer.")
@click.option("--memory", metavar="MB", type=click.IntRange(256), help="Memory of a worker.")
@click.option("--workers", type=click.IntRange(1, 256), help="How many; else one a core.")
@click.option("--log", is_flag=True, help="Write a line for each request to standard error.")
@language_option
@click.pass_obj
def serve(  # noqa: PLR0913  # one for each option
    session: Session,
    host: str,
    port: int,
    allow_host: tuple[str, ...],
    *,
    public: bool,
    timeout: float | None,
    rows: int | None,
    memory: int | None,
    workers: int | None,
    log: bool,
) -> None:
    """Answer over HTTP: questions, SPARQL, graphs, things and pages, until Ctrl-C.

    Only reading is allowed. Where strangers can reach it, each client has a share: /limits tells.
    """
    _check_libraries()
    from aidgraph.server.limits import Limits
    from aidgraph.server.running import Place
    from aidgraph.server.running import serve as run

    place = Place(host, port, allow_host)
    usual = Limits()
    limits = usual._replace(
        query_s=timeout or usual.query_s,
        canned_s=timeout or usual.canned_s,
        rows=rows or usual.rows,
        memory_bytes=memory * 2**20 if memory else usual.memory_bytes,
        workers=workers or usual.workers,
    )
    if public or not place.is_loopback:
        limits = limits.for_public()
    session.dataset()
    run(session.project(), place, limits, session.say, log=log)


def _check_libraries() -> None:
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        listed = ", ".join(missing)
        en = f"serve needs {listed}: pip install 'aidgraph[serve]'."
        raise UsageError(en, f"serve 需要 {listed}：pip install 'aidgraph[serve]'。")
