"""`aidgraph ask`: each canned question a command, each of its parameters an option."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aidgraph.answers.render import FORMATS, render
from aidgraph.cli.reading import show_questions
from aidgraph.cli.session import (
    Session,
    is_styled,
    output_options,
    terminal_width,
    write_text,
)
from aidgraph.questions import question_names, read_question, read_questions

if TYPE_CHECKING:
    from pathlib import Path

    from aidgraph.answers.results import Answer
    from aidgraph.questions import Language, Parameter, Question


class _Questions(click.Group):
    """The questions of the project, as commands."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the questions."""
        return question_names(_session(ctx).project())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command:
        """Return the question as a command. Raises `NotFoundError` with names like it."""
        session = _session(ctx)
        return _command(read_question(session.project(), cmd_name), session.language)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write each question with its parameters."""
        session = _session(ctx)
        questions = read_questions(session.project())
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
        questions = read_questions(session.project())
        write_text(show_questions(questions, session.language), None)


def write_answer(answer: Answer, form: str, output: Path | None, language: Language) -> None:
    """Write an answer in the format asked for, fitted to where it goes."""
    width = terminal_width(output)
    write_text(render(answer, form, language, width=width, styled=is_styled(output)), output)


def _command(question: Question, language: Language) -> click.Command:
    @click.pass_context
    def answer(
        context: click.Context, /, *, why: bool, form: str, output: Path | None, **given: str | None
    ) -> None:
        from aidgraph.answers.ask import ask_question, check_given

        session = _session(context)
        values = {name: value for name, value in given.items() if value is not None}
        check_given(question, values)  # before a build is begun
        found = ask_question(
            session.dataset(), question, values, session.language, rules=session.rules(why=why)
        )
        write_answer(found, form, output, session.language)

    command = click.command(
        question.name, help=_help(question, language), short_help=question.title[language]
    )(
        output_options(FORMATS, "table")(
            click.option("--why", is_flag=True, help="Show the evidence of each row.")(answer)
        )
    )
    command.params[:0] = [_option(parameter, language) for parameter in question.parameters]
    return command


def _option(parameter: Parameter, language: Language) -> click.Option:
    label = parameter.label[language]
    # None is required here: the library says what is missing, with the whole form.
    return click.Option(
        [f"--{parameter.name.replace('_', '-')}", parameter.name],
        metavar=parameter.type.removeprefix("aid:").upper(),
        help=f"{label[0].upper()}{label[1:]}, e.g. {parameter.example}.",
    )


def _help(question: Question, language: Language) -> str:
    from aidgraph.answers.ask import show_form

    example = f"\b\nExample:\n  {show_form(question)}"
    return f"{question.title[language]}\n\n{question.description[language]}\n\n{example}"


def _session(context: click.Context) -> Session:
    return context.ensure_object(Session)
