"""`aidgraph query`: a query typed in or read from a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import pyoxigraph as ox

from aidgraph.answers.ask import ask_query, construct_triples
from aidgraph.answers.render import FORMATS
from aidgraph.cli.asking import write_answer
from aidgraph.cli.session import Session, open_output, output_options
from aidgraph.errors import UsageError
from aidgraph.files import read_text
from aidgraph.terms import prefixes

_ANY = "auto"  # a table, or Turtle where the query gives triples


@click.command(
    epilog="Example: aidgraph query -e 'SELECT ?helper { ?helper a aid:Helper } ORDER BY ?helper'"
)
@click.argument("file", required=False, type=click.Path(path_type=Path, allow_dash=True))
@click.option("-e", "--execute", metavar="SPARQL", help="The query itself, in place of a file.")
@click.option("--why", is_flag=True, help="Show the evidence of each row.")
@output_options([*FORMATS, "turtle"], _ANY)
@click.pass_obj
def query(  # noqa: PLR0913  # one argument an option
    session: Session,
    file: Path | None,
    execute: str | None,
    *,
    why: bool,
    form: str,
    output: Path | None,
) -> None:
    """Answer a SPARQL 1.1 query from FILE, from standard input (-) or given with -e.

    SELECT and ASK give a table, CONSTRUCT and DESCRIBE give Turtle. Updates and SERVICE are
    refused.
    """
    sparql = _with_prefixes(_read(file, execute))
    dataset = session.dataset()
    triples = construct_triples(dataset, sparql)
    if triples is None:
        if form == "turtle":
            en = "A SELECT or ASK gives no triples: leave -f turtle out."
            raise UsageError(en, "SELECT 或 ASK 得不出三元组：请去掉 -f turtle。")
        answer = ask_query(dataset, sparql, session.language, rules=session.rules(why=why))
        write_answer(answer, "table" if form == _ANY else form, output, session.language)
        return
    if why or form not in ("turtle", _ANY):
        en = "CONSTRUCT and DESCRIBE give Turtle, without evidence: leave -f and --why out."
        zh = "CONSTRUCT 与 DESCRIBE 只给出 Turtle，不带依据：请去掉 -f 与 --why。"
        raise UsageError(en, zh)
    with open_output(output) as stream:
        ox.serialize(triples, stream, format=ox.RdfFormat.TURTLE, prefixes=prefixes())


def _read(file: Path | None, execute: str | None) -> str:
    if (file is None) == (execute is None):
        en = "Give a query: a file, - for standard input, or -e SPARQL."
        raise UsageError(en, "请给出查询：文件、-（标准输入）或 -e SPARQL。")
    if execute is not None:
        return execute
    if str(file) == "-":
        return sys.stdin.read()
    return read_text(Path(str(file)))


def _with_prefixes(sparql: str) -> str:
    """Return the query with the project's prefixes that it uses and does not declare.

    They stand on its first line, so that the lines that errors name stay right.
    """
    missing = (
        f"PREFIX {name}: <{space}> "
        for name, space in prefixes().items()
        if f"{name}:" in sparql and f"PREFIX {name}:" not in sparql
    )
    return "".join(missing) + sparql
