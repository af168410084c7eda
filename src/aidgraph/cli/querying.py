"""`aidgraph query`: a query typed in or read from a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aidgraph.answers.ask import ask_query, construct_triples
from aidgraph.answers.triples import TRIPLE_FORMATS, write_triples
from aidgraph.cli.answering import (
    ANSWER_FORMATS,
    SOLUTION_FORMATS,
    Wish,
    answer_options,
    write_answer,
)
from aidgraph.cli.output import write_bytes
from aidgraph.cli.session import Session, read_typed
from aidgraph.errors import DataError, UnreadableError, UsageError
from aidgraph.files import read_text, unreadable
from aidgraph.store.deadline import run_within

if TYPE_CHECKING:
    import pyoxigraph as ox

    from aidgraph.dataset import OpenDataset

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
@answer_options([*ANSWER_FORMATS, *TRIPLE_FORMATS], _ANY)
@click.pass_obj
def query(session: Session, file: Path | None, execute: str | None, *, wish: Wish) -> None:
    """Answer a SPARQL 1.1 query from FILE, from standard input (-) or given with -e.

    SELECT and ASK give a table, CONSTRUCT and DESCRIBE give Turtle or JSON-LD. Updates and
    SERVICE are refused.
    """
    sparql = _read(file, execute)
    dataset = session.open(wish.endpoint, wish.timeout_s)
    rules = session.rules(why=wish.evidence)

    def find() -> bytes:
        triples = _read_triples(dataset, sparql)
        if triples is not None:
            return write_triples(triples, _choose_triple_format(wish))
        if wish.form in SOLUTION_FORMATS:
            return _write_solutions(dataset, sparql, wish.form)
        answer = ask_query(dataset, sparql, session.language, rules=rules, whole=wish.all_evidence)
        return write_answer(answer, _for_rows(wish), session)

    write_bytes(run_within(wish.timeout_s, find), wish.output)


def _read_triples(dataset: OpenDataset, sparql: str) -> list[ox.Triple] | None:
    """Return what a CONSTRUCT or DESCRIBE gives, all of it.

    pyoxigraph lets nobody drop its iterator in another thread, as an error raised here would.
    """
    triples = construct_triples(dataset, sparql)
    return None if triples is None else [*triples]


def _write_solutions(dataset: OpenDataset, sparql: str, form: str) -> bytes:
    from aidgraph.answers.solving import solve_query
    from aidgraph.answers.sparql_results import write_results

    return write_results(solve_query(dataset, sparql), form).encode()


def _choose_triple_format(wish: Wish) -> str:
    if wish.why or wish.all_evidence or wish.form not in (*TRIPLE_FORMATS, _ANY):
        en = "CONSTRUCT and DESCRIBE give turtle or jsonld, without evidence: mend -f, -o or --why."
        zh = "CONSTRUCT 与 DESCRIBE 只给出 turtle 或 jsonld，不带依据：请改正 -f、-o 或 --why。"
        raise UsageError(en, zh)
    return "turtle" if wish.form == _ANY else wish.form


def _for_rows(wish: Wish) -> Wish:
    if wish.form in TRIPLE_FORMATS:
        en = f"A SELECT or ASK gives no triples: leave {wish.form} out."
        raise UsageError(en, f"SELECT 或 ASK 得不出三元组：请去掉 {wish.form}。")
    return wish._replace(form="table") if wish.form == _ANY else wish


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
