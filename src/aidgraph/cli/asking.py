"""`aidgraph ask`: each canned question a command, each of its parameters an option."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aidgraph.answers.render import FORMATS, render
from aidgraph.cli.output import is_styled, terminal_width, write_text
from aidgraph.cli.reading import list_questions, show_questions
from aidgraph.cli.session import Session, output_options, read_typed, timeout_option
from aidgraph.questions import question_names, read_question
from aidgraph.store.deadline import run_within

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from aidgraph.answers.results import Answer
    from aidgraph.questions import Language, Parameter, Question

_WORDS: Mapping[Language, Mapping[str, str]] = {
    "en": {"example": "Example:", "parameter": "{}, e.g. {}."},
    "zh": {"example": "示例：", "parameter": "{}，如 {}。"},
}


class _Questions(click.Group):
    """The questions of the project, as commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the questions."""
        return question_names(_session(ctx).project())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return the question as a command. Raises `NotFoundError` with names like it."""
        session = _session(ctx)
        command = _command(read_question(session.project(), cmd_name), session.language)
        if session.language == "en":
            return command
        from aidgraph.cli.chinese import in_chinese

        return in_chinese(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each question with its parameters."""
        session = _session(ctx)
        questions = list_questions(session)
        with formatter.section("Questions"):
            formatter.write(show_questions(questions, session.language, indent="  "))


@click.group(
    epilog="Example: aidgraph ask totals-of-aid --why", cls=_Questions, invoke_without_command=True
)
@click.pass_context
def ask(context: click.Context) -> None:
    """Ask one of the project's questions. Without a name: list them."""
    if context.invoked_subcommand is None:
        session = _session(context)
        questions = list_questions(session)
        write_text(show_questions(questions, session.language), None)


def show_answer(answer: Answer, form: str, output: Path | None, language: Language) -> str:
    """Return an answer in the format asked for, fitted to where it goes."""
    width = terminal_width(output)
    return render(answer, form, language, width=width, styled=is_styled(output))


def _command(question: Question, language: Language) -> click.Command:
    @click.pass_context
    def answer(
        context: click.Context,
        /,
        *,
        why: bool,
        timeout: float,
        form: str,
        output: Path | None,
        **given: str | None,
    ) -> None:
        from aidgraph.answers.ask import ask_question, check_given

        session = _session(context)
        values = {name: value for name, value in given.items() if value is not None}
        check_given(question, values)  # before a build is begun
        dataset, rules = session.dataset(), session.rules(why=why)

        def find() -> str:
            found = ask_question(dataset, question, values, session.language, rules=rules)
            return show_answer(found, form, output, session.language)

        write_text(run_within(timeout, find), output)

    command = click.command(
        question.name, help=_help(question, language), short_help=question.title[language]
    )(
        output_options(FORMATS, "table")(
            click.option("--why", is_flag=True, help="Show the evidence of each row.")(
                timeout_option(answer)
            )
        )
    )
    command.params[:0] = [_option(parameter, language) for parameter in question.parameters]
    return command


def _option(parameter: Parameter, language: Language) -> click.Option:
    label = parameter.label[language]
    # None is required here: the library says what is missing, with the whole form.
    return click.Option(
        [f"--{parameter.name.replace('_', '-')}", parameter.name],
        type=read_typed,
        metavar=parameter.type.removeprefix("aid:").upper(),
        help=_WORDS[language]["parameter"].format(
            f"{label[0].upper()}{label[1:]}", parameter.example
        ),
    )


def _help(question: Question, language: Language) -> str:
    from aidgraph.answers.ask import show_form

    example = f"\b\n{_WORDS[language]['example']}\n  {show_form(question)}"
    return f"{question.title[language]}\n\n{question.description[language]}\n\n{example}"


def _session(context: click.Context) -> Session:
    return context.ensure_object(Session)
