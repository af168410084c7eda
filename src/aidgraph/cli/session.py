"""What every command shares: the project, its dataset, the language, and where text goes."""

from __future__ import annotations

import os
import re
import sys
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

import click

from aidgraph.files import unwritable
from aidgraph.project import find_project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from aidgraph.dataset import Dataset
    from aidgraph.project import Project
    from aidgraph.questions import Language

_AnyCallable = TypeVar("_AnyCallable", bound="Callable[..., Any]")
_FILE_WIDTH = 100  # columns of a table that goes to a file or a pipe
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")


class Session:
    """The global options, and what they lead to."""

    def __init__(self, folder: Path | None, language: Language) -> None:
        """Work on the project in `folder`, or the nearest if None, and speak `language`."""
        self.folder = folder
        self.language: Language = language

    def project(self) -> Project:
        """Return the project to work on. Raises `NotFoundError`."""
        return find_project(self.folder)

    def dataset(self) -> Dataset:
        """Return the project's dataset, built first where none is there or it is stale.

        Raises: as `open_dataset` does.
        """
        from aidgraph.dataset import open_dataset

        return open_dataset(self.project(), say=self.say)

    def say(self, en: str, zh: str) -> None:
        """Write a sentence to standard error, in the session's language."""
        click.echo(zh if self.language == "zh" else en, err=True)

    def rules(self, *, why: bool) -> dict[str, str] | None:
        """Return the inference rules, to find evidence with, if somebody asked why."""
        if not why:
            return None
        from aidgraph.answers.why import read_rules

        return read_rules(self.project())


def choose_language(arguments: Sequence[str], environment: Mapping[str, str]) -> Language:
    """Return the language: by --lang, else by AIDGRAPH_LANG, else by the locale, else English.

    The whole command line is looked through for --lang, and the last one counts: what is wrong
    with its beginning is told in the language that its end asks for.

    >>> choose_language(["--lang=en", "ask", "--lang", "zh"], {"LANG": "en_US.UTF-8"})
    'zh'
    >>> choose_language(["ask"], {"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"})
    'zh'
    """
    words = [w for each in arguments for w in re.split(r"(?<=^--lang)=", each, maxsplit=1)]
    given = [value for option, value in pairwise(words) if option == "--lang"]
    names = ("AIDGRAPH_LANG", *_LOCALE)
    said = [environment[name] for name in names if environment.get(name)]
    wanted = given[-1] if given else next(iter(said), "")
    return "zh" if wanted.lower().startswith("zh") else "en"


# `choose_language` has read it before: the session speaks it already.
language_option = click.option(
    "--lang",
    type=click.Choice(["en", "zh"]),
    expose_value=False,
    help="Language of labels and messages; else AIDGRAPH_LANG, else the locale's.",
)


def output_options(formats: Sequence[str], default: str) -> Callable[[_AnyCallable], _AnyCallable]:
    """Give a command the options -f, -o and --lang.

    A format that is not given is guessed from the file's suffix, else it is `default`.
    """

    def choose(context: click.Context, option: click.Parameter, value: str | None) -> str:
        del option
        path = context.params.get("output")
        suffix = path.suffix.removeprefix(".") if path else ""
        return value or (suffix if suffix in formats else default)

    def decorate(command: _AnyCallable) -> _AnyCallable:
        for option in (
            click.option(
                "-f",
                "--format",
                "form",
                type=click.Choice(list(formats)),
                callback=choose,
                help=f"Format; else by the suffix of -o, else {default}.",
            ),
            click.option(
                "-o",
                "--output",
                type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
                is_eager=True,
                help="File to write, whole or not at all; else standard output.",
            ),
            language_option,
        ):
            command = option(command)
        return command

    return decorate


@contextmanager
def open_output(path: Path | None) -> Iterator[BinaryIO]:
    """Open standard output, or a file that appears only when all of it is written.

    Raises:
        UnreadableError: it cannot be written; of a file, what stood there before still does.
        BrokenPipeError: the reader of standard output went away.
    """
    if path is None or str(path) == "-":
        try:
            yield sys.stdout.buffer
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            drop_stdout()
            raise unwritable(Path("/dev/stdout"), error) from error
        return
    import tempfile  # slow to import, and an answer on the terminal needs none

    draft: Path | None = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        draft = Path(name)
        with os.fdopen(handle, "wb") as file:
            yield file
        draft.chmod(0o666 & ~_umask())
        draft.replace(path)
    except OSError as error:
        raise unwritable(path, error) from error
    finally:
        if draft is not None:
            draft.unlink(missing_ok=True)


def drop_stdout() -> None:
    """Have standard output lead nowhere: Python flushes it at exit, and would complain again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_text(text: str, path: Path | None) -> None:
    """Write `text` in UTF-8 as `open_output` does."""
    with open_output(path) as file:
        file.write(text.encode("utf-8"))


def terminal_width(path: Path | None) -> int:
    """Return how many columns a table may take where it goes."""
    if path is None and sys.stdout.isatty():
        return os.get_terminal_size(sys.stdout.fileno()).columns
    return int(os.environ["COLUMNS"]) if os.environ.get("COLUMNS", "").isdigit() else _FILE_WIDTH


def is_styled(path: Path | None) -> bool:
    """Tell whether text may have colours where it goes."""
    return path is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
