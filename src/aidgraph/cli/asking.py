"""`aidgraph ask`: each canned question a command, each of its parameters an option.

A sentence may stand in the place of a name: what has a space or a letter that is not ASCII, or
ends in a question mark, and names no question.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from aidgraph.cli.answering import (
    ANSWER_FORMATS,
    SOLUTION_FORMATS,
    Wish,
    answer_options,
    write_answer,
)
from aidgraph.cli.output import write_bytes, write_text
from aidgraph.cli.session import Session, read_typed
from aidgraph.errors import UsageError
from aidgraph.headers import LANGUAGES
from aidgraph.questions import question_names, read_question
from aidgraph.store.deadline import run_within

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from click.shell_completion import CompletionItem

    from aidgraph.dataset import OpenDataset
    from aidgraph.questions import Language, Parameter, Question

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {"example": "Example:", "parameter": "{}, e.g. {}.", "flag": "{}."},
    "zh": {"example": "示例：", "parameter": "{}，如 {}。", "flag": "{}。"},
}
_QUESTION_MARKS = ("?", "？")


class _Questions(click.Group):
    """The questions of the project, as commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the questions."""
        return question_names(_session(ctx).project())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return the question as a command, or one that answers a sentence.

        Raises `NotFoundError` with names like it.
        """
        session = _session(ctx)
        name = read_typed(cmd_name)
        if _is_sentence(name) and name not in question_names(session.project()):
            command = _sentence_command(name)
        else:
            command = _command(read_question(session.project(), name), session.language)
        if session.language == "en":
            return command
        from aidgraph.cli.chinese import in_chinese

        return in_chinese(command)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Return the names of questions that begin so; options, where one is begun."""
        from aidgraph.cli.completion import offer_questions

        session = _session(ctx)
        if incomplete.startswith("-"):
            return super().shell_complete(ctx, incomplete)
        return offer_questions(session.project(), session.language, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each question with its parameters."""
        from aidgraph.cli.reading import list_questions, show_questions

        session = _session(ctx)
        questions = list_questions(session)
        with formatter.section("Questions"):
            formatter.write(show_questions(questions, session.language, indent="  "))


@click.group(
    epilog="Example: aidgraph ask totals-of-aid --why",
    cls=_Questions,
    invoke_without_command=True,
    subcommand_metavar="[QUESTION]...",
)
@click.pass_context
def ask(context: click.Context) -> None:
    """Ask one of the project's questions, by its name or in a sentence of your own.

    A sentence goes in quotation marks: aidgraph ask "What does Guangdong do in Kashgar?" Without
    either: list the questions.
    """
    if context.invoked_subcommand is None:
        from aidgraph.cli.reading import list_questions, show_questions

        session = _session(context)
        questions = list_questions(session)
        write_text(show_questions(questions, session.language), None)


def _command(question: Question, language: Language) -> click.Command:
    @click.pass_context
    def answer(context: click.Context, /, *, wish: Wish, **given: Sequence[str] | int) -> None:
        from aidgraph.answers.ask import check_given

        session = _session(context)
        values = _read_given(given)
        check_given(question, values)  # before a build is begun
        _answer(session, wish, lambda _: (question, values))

    command = click.command(
        question.name, help=_help(question, language), short_help=question.title[language]
    )(answer_options(ANSWER_FORMATS, "table")(answer))
    command.params[:0] = [_option(parameter, language) for parameter in question.parameters]
    return command


def _sentence_command(sentence: str) -> click.Command:
    @click.pass_context
    def answer(context: click.Context, /, *, wish: Wish) -> None:
        from aidgraph.answers.understand import Interpreter
        from aidgraph.answers.wording import show_passage
        from aidgraph.cli.reading import list_questions

        session = _session(context)
        questions = list_questions(session)

        def read(dataset: OpenDataset) -> tuple[Question, Mapping[str, str]]:
            reading = Interpreter(dataset.store, questions).understand(sentence, session.language)
            session.say(f"Understood as: {reading.en}", f"理解为：{reading.zh}")
            for other in reading.others:
                session.say(f"Or is it: {other.en}", f"或者是：{other.zh}")
            for each in reading.nearest:
                en, zh = ("\n  ".join(show_passage(each, language)) for language in LANGUAGES)
                session.say(f"Near to it, {en}", f"相近的原文，{zh}")
            return reading.question, reading.given

        _answer(session, wish, read)

    text = "Find the question that a sentence asks, say which it is, and answer it."
    return click.command(sentence, help=text)(answer_options(ANSWER_FORMATS, "table")(answer))


def _answer(
    session: Session,
    wish: Wish,
    read: Callable[[OpenDataset], tuple[Question, Mapping[str, str]]],
) -> None:
    """Answer the question that `read` gives, and write it where it is wanted."""
    from aidgraph.answers.ask import ask_question

    dataset = session.open(wish.endpoint, wish.timeout_s)
    rules = session.rules(why=wish.evidence)

    def find() -> bytes:
        question, given = read(dataset)
        if wish.form in SOLUTION_FORMATS:
            from aidgraph.answers.solving import solve_question
            from aidgraph.answers.sparql_results import write_results

            return write_results(solve_question(dataset, question, given), wish.form).encode()
        found = ask_question(
            dataset,
            question,
            given,
            session.language,
            rules=rules,
            whole=wish.all_evidence,
        )
        return write_answer(found, wish, session)

    write_bytes(run_within(wish.timeout_s, find), wish.output)


def _is_sentence(text: str) -> bool:
    """Tell whether what stands in the place of a question's name is a sentence."""
    is_foreign = any(letter.isalpha() and not letter.isascii() for letter in text)
    return " " in text.strip() or is_foreign or text.endswith(_QUESTION_MARKS)


def _read_given(given: Mapping[str, Sequence[str] | int]) -> dict[str, str]:
    """Return the values that were given; of a flag, click has counted how often it was.

    Raises:
        UsageError: one was given more than once.
    """
    values: dict[str, str] = {}
    for name, value in given.items():
        if isinstance(value, int):
            times, shown = value, "true"
        else:
            times, shown = len(value), next(iter(value), "")
        if times > 1:
            option = name.replace("_", "-")
            en = f"--{option} is given {times} times: give it once, and ask again for the others."
            raise UsageError(en, f"--{option} 给出了 {times} 次：请只给一次，其余另行提问。")
        if times:
            values[name] = shown
    return values


def _option(parameter: Parameter, language: Language) -> click.Option:
    label = parameter.label[language]
    is_flag = parameter.type == "flag"
    # None is required here: the library says what is missing, with the whole form.
    return click.Option(
        [f"--{parameter.name.replace('_', '-')}", parameter.name],
        type=None if is_flag else read_typed,
        metavar=None if is_flag else _metavar(parameter),
        count=is_flag,
        multiple=not is_flag,
        shell_complete=partial(_complete_value, parameter),
        help=_WORDS[language]["flag" if is_flag else "parameter"].format(
            f"{label[0].upper()}{label[1:]}", parameter.example
        ),
    )


def _metavar(parameter: Parameter) -> str:
    if parameter.type == "choice":
        return f"[{'|'.join(parameter.values)}]"
    return parameter.type.removeprefix("aid:").upper()


def _complete_value(
    parameter: Parameter, context: click.Context, option: click.Parameter, begun: str
) -> list[CompletionItem[str]]:
    del option
    from aidgraph.cli.completion import offer_values

    session = _session(context)
    return offer_values(session.project(), parameter, session.language, begun)


def _help(question: Question, language: Language) -> str:
    from aidgraph.answers.ask import show_form

    example = f"\b\n{_WORDS[language]['example']}\n  {show_form(question)}"
    return f"{question.title[language]}\n\n{question.description[language]}\n\n{example}"


def _session(context: click.Context) -> Session:
    session = context.ensure_object(Session)
    if context.resilient_parsing:  # completion runs no command: nobody has told the project
        session.folder = context.find_root().params.get("project")
    return session
