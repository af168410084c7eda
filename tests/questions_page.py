"""Write docs/questions.md: every question, and how its example is answered.

Run it by `make docs` after a change to questions or facts; a test compares the page with what
this would write. Both languages stand side by side, since the evidence is in one.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from aidgraph.answers.ask import ask_question, show_form
from aidgraph.answers.markdown import escape, write_rows
from aidgraph.answers.results import Thing
from aidgraph.answers.why import read_rules
from aidgraph.answers.wording import show_cell, show_evidence, show_silence
from aidgraph.dataset import open_dataset
from aidgraph.headers import LANGUAGES
from aidgraph.project import find_project
from aidgraph.questions import read_questions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aidgraph.answers.results import Answer
    from aidgraph.dataset import Dataset
    from aidgraph.project import Project
    from aidgraph.questions import Question

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "questions.md"
_MOST_ROWS = 3
_HEAD = """\
# Questions · 问题

Each question with the answer to its example: the first rows, and for each one of the sentences
that it rests on (`--why` shows all). Written by `make docs` from `queries/` and the data; a test
holds it to both.

每个问题附其示例的答案：列前几行，每行附其所依据的一句原文（`--why` 列出全部）。本页由 `make docs`
据 `queries/` 与数据生成，并由测试保证与之一致。
"""
_PARAMETERS = ("parameter · 参数", "type · 类型", "meaning · 含义", "example · 示例")
_EVIDENCE = "a sentence it rests on · 所据原文之一"


def write_page(project: Project, dataset: Dataset) -> str:
    """Return the page as Markdown, of all questions of `project`, answered from `dataset`."""
    questions, _ = read_questions(project)
    lines = [_HEAD, f"{len(questions)} questions · 共 {len(questions)} 个问题\n"]
    for question in questions:
        titles = f"{escape(question.title['en'])} · {escape(question.title['zh'])}"
        lines.append(f"- [`{question.name}`](#{question.name}): {titles}")
    for question in questions:
        lines += _write_question(project, dataset, question)
    return "\n".join([*lines, ""])


def _write_question(project: Project, dataset: Dataset, question: Question) -> Iterator[str]:
    yield f"\n## {question.name}\n"
    for language in LANGUAGES:
        yield f"**{escape(question.title[language])}**\n"
        yield f"{escape(question.description[language])}\n"
    if question.parameters:
        yield from write_rows(_PARAMETERS, _list_parameters(question))
        yield ""
    given = {p.name: p.example for p in question.parameters if not p.optional}
    yield f"```sh\n{show_form(question)} --why\n```\n"
    rules = read_rules(project)
    english, chinese = (
        ask_question(dataset, question, given, language, rules=rules) for language in LANGUAGES
    )
    yield from _write_answer(question, english, chinese)


def _list_parameters(question: Question) -> Iterator[list[str]]:
    for parameter in question.parameters:
        optional = " (optional · 可省)" if parameter.optional else ""
        meaning = f"{_both(parameter.label['en'], parameter.label['zh'])}{optional}"
        values = ", ".join(parameter.values)
        kind = f"{parameter.type}: {values}" if values else parameter.type
        yield [f"--{parameter.name.replace('_', '-')}", kind, meaning, parameter.example]


def _write_answer(question: Question, english: Answer, chinese: Answer) -> Iterator[str]:
    if not english.rows:
        yield _both(show_silence(english.searched, "en"), show_silence(chinese.searched, "zh"))
        return
    labels = (question.columns[column] for column in english.columns)
    header = [*(_both(label["en"], label["zh"]) for label in labels), _EVIDENCE]
    yield from write_rows(header, _list_rows(english, chinese))
    if len(english.rows) > _MOST_ROWS:
        number = len(english.rows)
        yield f"\nThe first {_MOST_ROWS} of {number} rows · 共 {number} 行，列前 {_MOST_ROWS} 行"


def _list_rows(english: Answer, chinese: Answer) -> Iterator[list[str]]:
    for number in range(min(len(english.rows), _MOST_ROWS)):
        pairs = zip(english.rows[number], chinese.rows[number], strict=True)
        cells = [_both(show_cell(cell, "en"), show_cell(other, "zh")) for cell, other in pairs]
        yield [*cells, _find_evidence(english, chinese, number)]


def _find_evidence(english: Answer, chinese: Answer, number: int) -> str:
    """Return the sentence that names most of a row; where it rests on none, what else it has."""
    found, other = (answer.evidence[number] for answer in (english, chinese) if answer.evidence)
    names = [cell.label for cell in chinese.rows[number] if isinstance(cell, Thing)]
    sentences = [(each.passage, each.text or "") for each in found if each.kind == "article"]
    if not sentences:
        return _both(show_evidence(found[0], "en"), show_evidence(other[0], "zh"))
    passage, text = max(sentences, key=lambda each: sum(name in each[1] for name in names))
    return f"{passage}: “{text}”"


def _both(english: str, chinese: str) -> str:
    return english if english == chinese else f"{english} · {chinese}"


if __name__ == "__main__":
    here = find_project(ROOT)
    PAGE.write_text(write_page(here, open_dataset(here)), encoding="utf-8")
    sys.stdout.write(f"{PAGE.relative_to(ROOT)}\n")
