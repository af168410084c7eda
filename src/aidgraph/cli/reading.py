"""`aidgraph queries` and `aidgraph passages`: what can be asked, and what is asked about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from aidgraph.cli.output import write_text
from aidgraph.cli.session import Session, output_options, read_typed
from aidgraph.questions import read_questions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from aidgraph.answers.passages import PassageFacts
    from aidgraph.questions import Language, Question

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {
        "example": "e.g.",
        "facts": "{} facts",
        "fact": "{} fact",
        "none": "no fact: {}",
        "coverage": "{} passages: {} with facts ({} triples), {} marked as carrying none.",
    },
    "zh": {
        "example": "例如",
        "facts": "{} 条事实",
        "fact": "{} 条事实",
        "none": "无事实：{}",
        "coverage": "{} 个句段：{} 个有事实（{} 条三元组），{} 个标明无事实。",
    },
}


@click.command(epilog="Example: aidgraph queries -f json")
@output_options(["text", "json"], "text")
@click.pass_obj
def queries(session: Session, form: str, output: Path | None) -> None:
    """List the questions that can be asked, with their parameters."""
    questions = list_questions(session)
    if form == "json":
        found = [
            {
                "name": question.name,
                "title": question.title[session.language],
                "params": [
                    {"name": each.name, "type": each.type, "example": each.example}
                    for each in question.parameters
                ],
            }
            for question in questions
        ]
        text = f"{json.dumps(found, ensure_ascii=False, indent=2)}\n"
    else:
        text = show_questions(questions, session.language)
    write_text(text, output)


@click.command(epilog="Example: aidgraph passages shared-purpose")
@click.argument("article", type=read_typed)
@output_options(["text", "json"], "text")
@click.pass_obj
def passages(session: Session, article: str, form: str, output: Path | None) -> None:
    """List the passages of ARTICLE (its id or a part of it), and what each carries."""
    from aidgraph.answers.passages import find_article, read_passages

    store = session.dataset().store
    found = read_passages(store, find_article(store, article), session.language)
    if form == "json":
        listed = [passage.as_dict() for passage in found]
        text = f"{json.dumps(listed, ensure_ascii=False, indent=2)}\n"
    else:
        text = _show_passages(found, session.language)
    write_text(text, output)


def list_questions(session: Session) -> list[Question]:
    """Return the project's questions; say on standard error which files are none, and why."""
    questions, faults = read_questions(session.project())
    for error in faults.values():
        session.say(f"aidgraph: {error.en}", f"aidgraph: {error.zh}")
    return questions


def show_questions(questions: Iterable[Question], language: Language, indent: str = "") -> str:
    """Return the questions as text: name, title, and a line for each parameter."""
    lines = []
    for question in questions:
        lines.append(f"{indent}{question.name}")
        lines.append(f"{indent}    {question.title[language]}")
        lines += [
            f"{indent}    --{each.name.replace('_', '-')}  {each.label[language]}, "
            f"{_WORDS[language]['example']} {each.example}"
            for each in question.parameters
        ]
    return "".join(f"{line}\n" for line in lines)


def _show_passages(found: list[PassageFacts], language: Language) -> str:
    from aidgraph.answers.wording import tell_translation

    words = _WORDS[language]
    lines = []
    for passage in found:
        if passage.reason is None:
            carried = words["fact" if passage.facts == 1 else "facts"].format(passage.facts)
        else:
            carried = words["none"].format(passage.reason)
        lines.append(f"{passage.id} [{passage.start}-{passage.end}] {carried}")
        lines.append(f"    {' '.join(passage.text.split())}")
        lines += [f"    {each}" for each in tell_translation(passage.translation, language)]
    stated = [passage for passage in found if passage.facts]
    excused = sum(passage.reason is not None for passage in found)
    triples = sum(passage.facts for passage in stated)
    lines.append(words["coverage"].format(len(found), len(stated), triples, excused))
    return "".join(f"{line}\n" for line in lines)
