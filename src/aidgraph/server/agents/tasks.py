"""Tasks of the workers: what a tool gives, as text to be read and as data, of one solution.

A reply's body is a JSON object of `text` and `data`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from aidgraph.answers.naming import find_thing
from aidgraph.answers.render import render
from aidgraph.answers.show import read_known
from aidgraph.answers.show_text import show_known
from aidgraph.answers.why import find_reasons
from aidgraph.answers.wording import show_passage
from aidgraph.errors import AmbiguousError, NotFoundError, UsageError
from aidgraph.questions import fill_title
from aidgraph.server.agents.tools import describe_parameters
from aidgraph.server.canned import check_given, speaking
from aidgraph.server.pages.answering import ROWS, Asked, find_answer
from aidgraph.server.pages.search import read_interpreter
from aidgraph.server.typed import check_size
from aidgraph.store.worker import Reply

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aidgraph.answers.results import Answer
    from aidgraph.questions import Language, Question
    from aidgraph.server.desk import Desk
    from aidgraph.server.pages.answering import Found
    from aidgraph.store import Solutions

_OFFERED = 5
_LONGEST = 300  # characters of a sentence: what is longer is a text, not a question
_FACTS = 100  # of a thing, in each direction
_WIDTH = 10_000  # columns: a model reads lines of any length


def find_questions(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Return the questions and passages nearest to `words`, best first.

    `language` is that of the questions' titles.

    Raises:
        UsageError: there are no words.
    """
    language: Language = args["language"]
    words = args["words"].strip()[:_LONGEST]
    if not words:
        en = "words is empty: give a sentence such as “Who helps Kashgar?”."
        raise UsageError(en, "words 为空：请给出一句话，如“谁在帮助喀什？”。")
    interpreter = read_interpreter(desk)
    found: dict[str, dict[str, Any]] = {}
    try:
        reading = interpreter.understand(words, language)
    except AmbiguousError:
        pass
    else:
        found[reading.question.name] = _offer(reading.question, reading.given, language)
    for fit in interpreter.rank(words):
        if len(found) < _OFFERED:
            found.setdefault(fit.question.name, _offer(fit.question, None, language))
    listed = [*found.values()]
    passages = interpreter.find_passages(words)
    lines = [f"{each['question']} {_dump(each['parameters'])}: {each['title']}" for each in listed]
    lines += [line for each in passages for line in show_passage(each, language)]
    data = {"questions": listed, "passages": [each.as_dict() for each in passages]}
    return _reply("\n".join(lines), data, args)


def ask(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Answer the question `name` about what is `given`: the rows of a `page`, from 1.

    Raises:
        NotFoundError: there is no such page; and as `canned.answer` does.
    """
    found = _find(desk, args, args["page"] - 1)
    pages = max(1, -(-len(found.solutions.rows) // ROWS))
    if args["page"] > pages:
        en = f"The answer has no page {args['page']}: it has {pages}."
        raise NotFoundError(en, f"答案没有第 {args['page']} 页：共 {pages} 页。")
    return _show(found, found.answer, found.first, args)


def explain(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Answer as `ask` does, with evidence: of the row number `row`, or, of None, of the first page.

    Raises:
        NotFoundError: there is no such row; and as `canned.answer` does.
    """
    row: int | None = args["row"]
    found = _find(desk, args, 0 if row is None else (row - 1) // ROWS)
    total = len(found.solutions.rows)
    if row is not None and row > total:
        en = f"The answer has no row {row}: it has {total}."
        raise NotFoundError(en, f"答案没有第 {row} 行：共 {total} 行。")
    first, end = (0, total) if row is None else (row - 1 - found.first, row - found.first)
    answer = found.answer._replace(rows=found.answer.rows[first:end])
    start = found.first + first
    part = found.solutions._replace(rows=found.solutions.rows[start : start + len(answer.rows)])
    return _show(found, _with_evidence(desk, found, answer, part), start, args)


def describe(desk: Desk, args: Mapping[str, Any]) -> Reply:
    """Return what is known of a `thing`, by any name: a hundred facts in each direction.

    Raises: as `naming.find_thing` does.
    """
    language: Language = args["language"]
    node = find_thing(desk.dataset.store, args["thing"], language)
    known = read_known(desk.dataset, node, language, desk.rules)
    counts = {"fact_count": len(known.facts), "referring_count": len(known.referred_by)}
    shown = known._replace(facts=known.facts[:_FACTS], referred_by=known.referred_by[:_FACTS])
    is_whole = max(counts.values()) <= _FACTS
    text = show_known(shown, "table", language, width=_WIDTH, styled=False)
    if not is_whole:
        facts, referring = counts.values()
        said = {
            "en": f"It has {facts} facts, and {referring} refer to it: at most {_FACTS} are shown.",
            "zh": f"它有 {facts} 条事实，另有 {referring} 条提及它：各至多列出 {_FACTS} 条。",
        }
        text += f"{said[language]}\n"
    return _reply(text, shown.as_dict() | counts | {"complete": is_whole}, args)


def _find(desk: Desk, args: Mapping[str, Any], page: int) -> Found:
    question: Question = desk.question(args["name"])
    given, language = args["given"], args["language"]
    check_given(question, given)
    with speaking(desk, question, given, language):
        found = find_answer(desk, Asked(question, given, language), page)
    title = fill_title(question, given, language)
    return found._replace(answer=found.answer._replace(title=title))


def _with_evidence(desk: Desk, found: Found, answer: Answer, part: Solutions) -> Answer:
    store, language = desk.dataset.store, found.asked.language
    if not part.rows:
        from aidgraph.answers.absence import find_absence

        return answer._replace(evidence=(find_absence(store, language),), untraced=((),))
    reasons = find_reasons(
        store, found.bound, part, rules=desk.rules, searched=answer.searched, language=language
    )
    return answer._replace(
        evidence=tuple(each.evidence for each in reasons),
        untraced=tuple(each.untraced for each in reasons),
    )


def _show(found: Found, answer: Answer, start: int, args: Mapping[str, Any]) -> Reply:
    """Return an answer with the rows found from `start` on, and say which they are."""
    total, language = len(found.solutions.rows), found.asked.language
    first, last = start + 1, start + len(answer.rows)
    is_whole = len(answer.rows) == total
    text = render(answer, "table", language, width=_WIDTH, styled=False)
    if not is_whole:
        which = f"{first}" if first == last else f"{first}–{last}"
        said = {
            "en": f"Of {total} rows, this is {which}.",
            "zh": f"共 {total} 行，此为第 {which} 行。",
        }
        text += f"{said[language]}\n"
    data = answer.as_dict() | {"row_count": total, "first": first, "complete": is_whole}
    return _reply(text, data, args)


def _offer(
    question: Question, given: Mapping[str, str] | None, language: Language
) -> dict[str, Any]:
    """Return a question with parameters to ask it with: what was understood, or examples."""
    needed = {each.name: each.example for each in question.parameters if not each.optional}
    parameters = dict(needed if given is None else given)
    return {
        "question": question.name,
        "title": fill_title(question, given or {}, language),
        "description": question.description[language],
        "understood": given is not None,
        "parameters": parameters,
        "schema": describe_parameters(question, language),
        "columns": {name: label[language] for name, label in question.columns.items()},
    }


def _reply(text: str, data: Mapping[str, Any], args: Mapping[str, Any]) -> Reply:
    body = _dump({"text": text, "data": data}).encode()
    check_size(body, args["bytes"])
    return Reply({"status": 200, "type": "application/json"}, body)


def _dump(found: object) -> str:
    return json.dumps(found, ensure_ascii=False)
