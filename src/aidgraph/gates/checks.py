"""Checks: queries that give no rows, or each row is a fault.

For what shapes cannot say, or say slowly: the ends of every property, the consistency of what
OWL RL can contradict, names that two things share. A check is a file of `queries/checks/`. Its
columns `subject`, `predicate`, `object` and `graph` say where the fault is; the others what
else belongs to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aidgraph.errors import DataError, UsageError
from aidgraph.findings import Finding
from aidgraph.gates.headers import read_header
from aidgraph.gates.standings import Standings
from aidgraph.terms import show_term

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aidgraph.gates.headers import Header
    from aidgraph.sources import Source
    from aidgraph.store import EmbeddedStore, Solutions, Term

_PLACES = ("subject", "predicate", "object", "graph")


def run_checks(
    store: EmbeddedStore, checks: Mapping[str, str], sources: Iterable[Source] = ()
) -> list[Finding]:
    """Run every check on `store` and return one finding a row, in the order of their files.

    Args:
        store: the whole dataset, inferred triples included.
        checks: file name (without suffix) to text.
        sources: the files that the dataset was read from, to say where a fault stands.

    Raises:
        DataError: a check has no header, or is no SPARQL SELECT.
    """
    answers = {name: (_header(name, checks[name]), _select(store, name, checks)) for name in checks}
    if not any(answer.rows for _, answer in answers.values()):
        return []
    standings = Standings(sources)
    findings = [
        _finding(name, header, dict(zip(answer.columns, row, strict=True)), standings)
        for name, (header, answer) in answers.items()
        for row in answer.rows
    ]
    return sorted(findings, key=Finding.sort_key)


def _header(name: str, text: str) -> Header:
    return read_header(_file(name), text)


def _select(store: EmbeddedStore, name: str, checks: Mapping[str, str]) -> Solutions:
    try:
        return store.select(checks[name])
    except UsageError as error:
        en, zh = f"{_file(name)}: {error.en}", f"{_file(name)}：{error.zh}"
        raise DataError(en, zh) from error


def _file(name: str) -> str:
    return f"queries/checks/{name}.rq"


def _finding(
    name: str, header: Header, row: Mapping[str, Term | None], standings: Standings
) -> Finding:
    triple = [row.get(column) for column in _PLACES[:3]]
    shown = " ".join(show_term(term) for term in triple if term is not None)
    others = "".join(
        f", {show_term(term)}"
        for column, term in row.items()
        if column not in _PLACES and term is not None
    )
    standing = standings.find(*triple)
    return Finding(
        rule=name,
        message_en=f"{header.title_en}: {shown}{others}.",
        message_zh=f"{header.title_zh}：{shown}{others}。",
        remedy_en=header.remedy_en,
        remedy_zh=header.remedy_zh,
        severity=header.severity,
        file=standing.file,
        graph=show_term(row.get("graph")) or standing.graph,
        subject=show_term(triple[0]),
        predicate=show_term(triple[1]),
        object=show_term(triple[2]),
    )
