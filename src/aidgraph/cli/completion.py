"""Completion in the shell: names of questions, their parameters, and the values of these.

`_AIDGRAPH_COMPLETE=bash_source aidgraph` prints what a shell needs (zsh and fish alike). What can
be offered comes from the dataset that is there: nothing is built, and what cannot be read offers
nothing, in silence, for nobody asked for an answer yet.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import click
from click.shell_completion import (
    BashComplete,
    CompletionItem,
    add_completion_class,
    shell_complete,
)

from aidgraph.answers.lookup import class_of
from aidgraph.answers.lookup_names import fold, read_names
from aidgraph.cli.app import aidgraph
from aidgraph.cli.session import Session, choose_language
from aidgraph.dataset import open_dataset
from aidgraph.errors import AidgraphError
from aidgraph.questions import PLAIN_TYPES, question_names, read_question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aidgraph.project import Project
    from aidgraph.questions import Language, Parameter

_SPECIAL = re.compile(r"[^\w@%+=:,./-]")  # what bash would not take for a part of a word
_PROGRAM = "aidgraph"

VARIABLE = f"_{_PROGRAM}_COMPLETE".upper()
"""The variable of the environment in which a shell asks for completion, as click names it."""


class _Bash(BashComplete):
    """Completion in bash, whose words end at spaces and brackets that names have."""

    def format_completion(self, item: CompletionItem[str]) -> str:
        # The script of click reads lines without -r: one backslash of two is lost there.
        escaped = _SPECIAL.sub(lambda found: rf"\\{found[0]}", item.value)
        return f"{item.type},{escaped}"


add_completion_class(_Bash, "bash")


def complete(instruction: str) -> int:
    """Do what a shell asks (`bash_source`, `zsh_complete` …); return the exit status.

    Nothing is said of what goes wrong: the line that is being typed must stay as it is.
    """
    session = Session(None, choose_language([], os.environ))
    try:
        return shell_complete(aidgraph, {"obj": session}, _PROGRAM, VARIABLE, instruction)
    except (AidgraphError, click.ClickException, OSError, ValueError):
        return 0


def offer_questions(project: Project, language: Language, begun: str) -> list[CompletionItem[str]]:
    """Return the names of questions that begin so, with their titles for shells that show them."""
    names = (name for name in question_names(project) if name.startswith(begun))
    return [CompletionItem(name, help=_title(project, name, language)) for name in names]


def offer_values(
    project: Project, parameter: Parameter, language: Language, begun: str
) -> list[CompletionItem[str]]:
    """Return the values of a parameter that begin so, in either language and by short names too.

    Before anything is typed, there are only the labels in `language`.
    """
    if parameter.type == "choice":
        labels = parameter.values.items()
        return [
            CompletionItem(v, help=label[language]) for v, label in labels if v.startswith(begun)
        ]
    if parameter.type in PLAIN_TYPES and parameter.type != "concept":
        return []
    return [CompletionItem(name) for name in _find_names(project, parameter, language, begun)]


def _title(project: Project, name: str, language: Language) -> str | None:
    try:
        return read_question(project, name).title[language]
    except AidgraphError:  # the header is at fault: who asks the question is told
        return None


def _find_names(
    project: Project, parameter: Parameter, language: Language, begun: str
) -> Iterator[str]:
    store = open_dataset(project, build_if_needed=False).store
    names = read_names(store, class_of(parameter))
    if not begun:
        return (name.text for name in names if name.rank == 0 and name.language == language)
    return (name.text for name in names if fold(name.text).startswith(fold(begun)))
