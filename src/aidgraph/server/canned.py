"""A task of the workers: an answer to a canned question, as the command line gives it."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from aidgraph.answers.ask import ask_question
from aidgraph.answers.lookup import find_things
from aidgraph.answers.render import write_answer
from aidgraph.answers.results import read_labels
from aidgraph.answers.solving import solve_question
from aidgraph.answers.sparql_results import write_results
from aidgraph.errors import AidgraphError, AmbiguousError, UsageError
from aidgraph.questions import PLAIN_TYPES
from aidgraph.server.formats import ANSWERS
from aidgraph.server.problems import Problem
from aidgraph.server.typed import check_size
from aidgraph.store.worker import Reply
from aidgraph.terms import curie

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from aidgraph.answers.results import Answer
    from aidgraph.questions import Language, Parameter, Question
    from aidgraph.server.desk import Desk

_EXACT = ("srj", "srx")
_TABLES = ("csv", "tsv")


def answer(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Answer a question.

    `args`: `name` of the question; `given`, its parameters as typed; `language`; `form`, a key of
    `ANSWERS`; `why` and `bom`, whether evidence is wanted, and a mark for Excel; `page`, from 1,
    of `rows` rows; `next`, the address of the page after it; `bytes`, the most that are given.

    Raises:
        Problem: a parameter is at fault; 409 has the candidates; 422, the answer is too large.
        NotFoundError: there is no such question, or page.
    """
    question = desk.question(args["name"])
    check_given(question, args["given"])
    with speaking(desk, question, args["given"], args["language"]):
        body, has_more = _write(desk, question, args)
    check_size(body, args["bytes"])
    return Reply({"status": 200, "type": ANSWERS[args["form"]], "more": has_more}, body)


def read_answer(
    desk: Desk, question: Question, given: Mapping[str, str], language: Language, *, why: bool
) -> Answer:
    """Return an answer as an object, for pages. Raises as `ask_question` does."""
    rules = desk.rules if why else None
    return ask_question(desk.dataset, question, given, language, rules=rules)


def check_given(question: Question, given: Mapping[str, str]) -> None:
    """Check that the question has each given parameter, and that none it needs is missing.

    Raises:
        Problem: 400; the message gives an example, `parameters` the form.
    """
    known = {parameter.name: parameter for parameter in question.parameters}
    for name in given:
        if name not in known:
            listed = ", ".join(known)
            en = f"{question.name} has no parameter {name}; it has: {listed or 'none'}."
            raise Problem(400, en, f"{question.name} 没有参数 {name}；其参数：{listed or '无'}。")
    missing = [p for p in question.parameters if not p.optional and p.name not in given]
    if missing:
        example = "&".join(f"{p.name}={p.example}" for p in missing)
        en = ", ".join(f"{p.name} ({p.label['en']})" for p in missing)
        zh = "、".join(f"{p.name}（{p.label['zh']}）" for p in missing)
        raise Problem(
            400,
            f"{question.name} needs {en}. For example: ?{example}",
            f"{question.name} 需要 {zh}。例如：?{example}",
            more={"parameters": [each.name for each in missing]},
        )


@contextmanager
def speaking(
    desk: Desk, question: Question, given: Mapping[str, str], language: Language
) -> Generator[None]:
    """Tell of a fault in a parameter as `spoken` does, with candidates where a name is ambiguous.

    Raises:
        Problem: the fault.
    """
    try:
        yield
    except AmbiguousError as error:
        more = {"candidates": find_candidates(desk, question, given, language)}
        raise spoken(error, question, more) from error
    except AidgraphError as error:
        raise spoken(error, question, {}) from error


def spoken(error: AidgraphError, question: Question, more: Mapping[str, Any]) -> Problem:
    """Return a fault of a parameter as who has no command line is told of it."""
    en, zh = error.en, error.zh
    for parameter in question.parameters:
        en = en.replace(f"--{parameter.name}", parameter.name)
        zh = zh.replace(f"--{parameter.name}", parameter.name)
    return Problem(error.http_status, en, zh, more=more)


def find_candidates(
    desk: Desk, question: Question, given: Mapping[str, str], language: Language
) -> list[dict[str, str]]:
    """Return what the values that fit several things may be: parameter, IRI, CURIE and label."""
    found: list[dict[str, str]] = []
    for parameter in question.parameters:
        if parameter.name in given and _is_thing(parameter):
            iris = find_things(desk.dataset.store, parameter, given[parameter.name])
            labels = read_labels(desk.dataset.store, iris, language) if len(iris) > 1 else {}
            found += [
                {"parameter": parameter.name, "iri": iri, "curie": curie(iri), "label": label}
                for iri, label in sorted(labels.items())
            ]
    return found


def _is_thing(parameter: Parameter) -> bool:
    return parameter.type not in PLAIN_TYPES or parameter.type == "concept"


def _write(desk: Desk, question: Question, args: Mapping[str, Any]) -> tuple[bytes, bool]:
    """Return the page of an answer that is asked for, and whether there are more rows."""
    form, language, given = args["form"], args["language"], args["given"]
    bom = args["bom"] and form in _TABLES  # elsewhere it would be a fault: RFC 8259, 8.1
    start, rows = (args["page"] - 1) * args["rows"], args["rows"]
    if form in _EXACT:
        solved = solve_question(desk.dataset, question, given)
        total = len(solved.rows)
        _check_page(start, total)
        solved = solved._replace(rows=solved.rows[start : start + rows])
        return write_results(solved, form).encode(), start + rows < total
    found = read_answer(desk, question, given, language, why=args["why"] or form == "xlsx")
    total = len(found.rows)
    _check_page(start, total)
    if not start and total <= rows:
        return write_answer(found, form, language, bom=bom), False
    page = _cut(found, start, start + rows)
    has_more = start + rows < total
    if form != "json":
        return write_answer(page, form, language, bom=bom), has_more
    shown = page.as_dict() | {"row_count": total, "complete": False}
    shown |= {"next": args["next"]} if has_more else {}
    return f"{json.dumps(shown, ensure_ascii=False, indent=2)}\n".encode(), has_more


def _cut(found: Answer, start: int, end: int) -> Answer:
    evidence = None if found.evidence is None else found.evidence[start:end]
    return found._replace(
        rows=found.rows[start:end], evidence=evidence, untraced=found.untraced[start:end]
    )


def _check_page(start: int, total: int) -> None:
    if start and start >= total:
        en = "The answer has no such page: leave _page out."
        raise UsageError(en, "答案没有该页：请去掉 _page。")
