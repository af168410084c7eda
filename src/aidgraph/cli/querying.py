"""`aidgraph query`: a query typed in or read from a file."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pyoxigraph as ox

from aidgraph.answers.ask import ask_query, construct_triples
from aidgraph.answers.render import FORMATS
from aidgraph.cli.asking import show_answer
from aidgraph.cli.output import open_output
from aidgraph.cli.session import Session, output_options, read_typed, timeout_option
from aidgraph.errors import DataError, UnreadableError, UsageError
from aidgraph.files import read_text, unreadable
from aidgraph.store.deadline import run_within
from aidgraph.terms import prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANY = "auto"  # a table, or Turtle where the query gives triples


@click.command(
    epilog="Example: aidgraph query -e 'SELECT ?helper { ?helper a aid:Helper } ORDER BY ?helper'"
)
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "-e",
    "--execute",
    type=read_typed,
    metavar="SPARQL",
    help="The query itself, in place of a file.",
)
@click.option("--why", is_flag=True, help="Show the evidence of each row.")
@timeout_option
@output_options([*FORMATS, "turtle"], _ANY)
@click.pass_obj
def query(  # noqa: PLR0913  # one argument an option
    session: Session,
    file: Path | None,
    execute: str | None,
    *,
    why: bool,
    timeout: float,
    form: str,
    output: Path | None,
) -> None:
    """Answer a SPARQL 1.1 query from FILE, from standard input (-) or given with -e.

    SELECT and ASK give a table, CONSTRUCT and DESCRIBE give Turtle. Updates and SERVICE are
    refused.
    """
    sparql = _read(file, execute)
    dataset, rules = session.dataset(), session.rules(why=why)

    def find() -> bytes:
        triples = construct_triples(dataset, sparql)
        if triples is not None:
            return _write_turtle(triples, form, why=why)
        if form == "turtle":
            en = "A SELECT or ASK gives no triples: leave -f turtle out."
            raise UsageError(en, "SELECT 或 ASK 得不出三元组：请去掉 -f turtle。")
        answer = ask_query(dataset, sparql, session.language, rules=rules)
        shown = show_answer(answer, "table" if form == _ANY else form, output, session.language)
        return shown.encode("utf-8")

    found = run_within(timeout, find)
    with open_output(output) as stream:
        stream.write(found)


def _write_turtle(triples: Iterator[ox.Triple], form: str, *, why: bool) -> bytes:
    if why or form not in ("turtle", _ANY):
        en = "CONSTRUCT and DESCRIBE give Turtle, without evidence: leave -f and --why out."
        zh = "CONSTRUCT 与 DESCRIBE 只给出 Turtle，不带依据：请去掉 -f 与 --why。"
        raise UsageError(en, zh)
    turtle = io.BytesIO()
    ox.serialize(triples, turtle, format=ox.RdfFormat.TURTLE, prefixes=prefixes())
    return turtle.getvalue()


def _read(file: Path | None, execute: str | None) -> str:
    if (file is None) == (execute is None):
        en = "Give a query: a file, - for standard input, or -e SPARQL."
        raise UsageError(en, "请给出查询：文件、-（标准输入）或 -e SPARQL。")
    if execute is not None:
        return execute
    return _read_stdin() if str(file) == "-" else read_text(Path(str(file)))


def _read_stdin() -> str:
    if sys.stdin is None:  # closed by who called
        en = "Standard input is closed: give a file, or -e SPARQL."
        raise UnreadableError(en, "标准输入已关闭：请给出文件或 -e SPARQL。")
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except OSError as error:
        raise unreadable(Path("/dev/stdin"), error) from error
    except UnicodeDecodeError as error:
        en = f"Standard input is not UTF-8 at byte {error.start}: give the query in UTF-8."
        zh = f"标准输入第 {error.start} 字节处不是 UTF-8：请用 UTF-8 给出查询。"
        raise DataError(en, zh) from error
