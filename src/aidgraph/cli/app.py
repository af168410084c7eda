"""The command `aidgraph`: its global options, its commands, and how it ends.

Commands are imported when they are called: an answer must not wait for the gates. Exit
statuses: 0 fine; 1 the data fails a check; 2 wrong use; 3 a file cannot be read or written;
4 not found, or a name that fits several things; 5 a limit; 6 a remote store refused; 7 it
holds something else than was sent; 130 Ctrl-C; 141 the reader of
standard output went away.
"""

from __future__ import annotations

import errno
import importlib
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aidgraph.cli.output import STDOUT, drop_stdout
from aidgraph.cli.session import Session, choose_language, language_option
from aidgraph.errors import INTERRUPTED, AidgraphError, DataError, UsageError
from aidgraph.files import unreadable, unwritable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aidgraph.questions import Language

_COMMANDS = {
    "ask": "asking",
    "build": "building",
    "check": "building",
    "export": "exporting",
    "load": "loading",
    "mcp": "agents",
    "passages": "reading",
    "queries": "reading",
    "query": "querying",
    "review": "reviewing",
    "serve": "serving",
    "show": "showing",
}
_INTERRUPTED = 130
_NO_READER = 141
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class _LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of the commands, sorted."""
        del ctx
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command `cmd_name`. Raises `UsageError` where there is none."""
        if cmd_name not in _COMMANDS:
            known = ", ".join(sorted(_COMMANDS))
            en = f"There is no command “{cmd_name}”; there are: {known}."
            raise UsageError(en, f"没有命令“{cmd_name}”；现有：{known}。")
        module = importlib.import_module(f"aidgraph.cli.{_COMMANDS[cmd_name]}")
        command = getattr(module, cmd_name)
        return _spoken(command, ctx.ensure_object(Session).language)


@click.group(
    epilog="Example: aidgraph ask helpers-of-area --area 喀什 --why",
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "--project",
    type=click.Path(path_type=Path, file_okay=False),
    help="Project folder; else the nearest at or above this one, else the installed data.",
)
@language_option
@click.version_option(package_name="aidgraph", message="%(prog)s %(version)s")
@click.pass_obj
def aidgraph(session: Session, project: Path | None) -> None:
    """Ask about pairing assistance to Xinjiang, and see the sentences behind each answer."""
    session.folder = project


def _spoken(command: click.Command, language: Language) -> click.Command:
    """Return the command with its help in `language`."""
    if language == "en":
        return command
    from aidgraph.cli.chinese import COMMANDS, in_chinese

    return in_chinese(command, COMMANDS.get(command.name or ""))


def run(arguments: Sequence[str]) -> int:
    """Run the command line; return the exit status. Nothing but text reaches the user."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a Latin locale could not print Chinese
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    session = Session(None, choose_language(arguments, os.environ))
    command = _spoken(aidgraph, session.language)
    try:
        with command.make_context("aidgraph", list(arguments), obj=session) as context:
            command.invoke(context)
        if sys.stdout is not None:  # closed by who called
            sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        return _show_mistake(error, session.language)
    except (KeyboardInterrupt, click.Abort):
        click.echo(INTERRUPTED, err=True)
        return _INTERRUPTED
    except BrokenPipeError:
        drop_stdout()
        return _NO_READER
    except (AidgraphError, OSError) as error:
        return _show(error, session.language)
    return 0


def _show_mistake(error: click.ClickException, language: Language) -> int:
    """Write what is wrong with the command line to standard error; return its exit status."""
    if language == "en":
        error.show()
    else:
        from aidgraph.cli.chinese import show_mistake

        click.echo(show_mistake(error), err=True)
    return error.exit_code


def _show(error: AidgraphError | OSError, language: Language) -> int:
    """Write an error for a person to standard error; return its exit status."""
    if isinstance(error, OSError) and error.errno in _NO_SPACE:  # while help was printed
        drop_stdout()
        error = unwritable(STDOUT, error)
    elif isinstance(error, OSError):  # the current folder went away, say
        error = unreadable(Path(error.filename or "."), error)
    if isinstance(error, DataError) and error.findings:
        from aidgraph.cli.faults import show_findings
        from aidgraph.findings import Severity

        stopping = [each for each in error.findings if each.severity is Severity.VIOLATION]
        click.echo(show_findings(stopping, language), err=True)
    click.echo(f"aidgraph: {error.text(language)}", err=True)
    return error.exit_code
