"""What every command shares: the project, its dataset, the language, and common options."""

from __future__ import annotations

import os
import re
import unicodedata
from itertools import pairwise
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from aidgraph.errors import UsageError
from aidgraph.project import find_project

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aidgraph.dataset import Dataset, OpenDataset
    from aidgraph.project import Project
    from aidgraph.questions import Language

_AnyCallable = TypeVar("_AnyCallable", bound="Callable[..., Any]")
_TIMEOUT_S = 10.0
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

    def open(self, endpoint: str | None, timeout_s: float) -> OpenDataset:
        """Return what questions are put to: what `endpoint` has, or the project's dataset.

        Raises: as `open_endpoint` and `open_dataset` do.
        """
        if endpoint is None:
            return self.dataset()
        from aidgraph.dataset import open_endpoint

        return open_endpoint(self.project(), endpoint, timeout_s)

    def download(self, endpoint: str | None, timeout_s: float) -> Dataset:
        """Return the whole dataset as files: the project's, or what `endpoint` has.

        Those of an endpoint are gone when the command ends.

        Raises: as `open` and `transfer.download.download` do.
        """
        if endpoint is None:
            return self.dataset()
        from tempfile import TemporaryDirectory

        from aidgraph.transfer.download import download

        folder = click.get_current_context().with_resource(TemporaryDirectory())
        return download(self.open(endpoint, timeout_s), Path(folder))

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


def read_typed(text: str) -> str:
    """Return what a person typed as an argument: UTF-8, whatever the locale makes of its bytes.

    Raises:
        UsageError: it is not UTF-8, or has control characters other than white space, which
            a terminal would obey where a message shows them.
    """
    read = _decode(text)
    if any(unicodedata.category(each) == "Cc" and not each.isspace() for each in read):
        shown = ascii(read)
        en = f"{shown} has a control character: remove it."
        raise UsageError(en, f"{shown} 含有控制字符：请删去。")
    return read


def _decode(text: str) -> str:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # Python keeps in it the bytes that the locale cannot read
        typed = os.fsencode(text)
    else:
        return text
    try:
        return typed.decode("utf-8")
    except UnicodeDecodeError as error:
        shown = typed.decode("utf-8", "backslashreplace")
        en = f"“{shown}” is not UTF-8: type it in UTF-8."
        raise UsageError(en, f"“{shown}”不是 UTF-8：请用 UTF-8 输入。") from error


def _check_timeout(context: click.Context, option: click.Parameter, seconds: float) -> float:
    del context, option
    if not 0 < seconds < inf:
        en = f"--timeout {seconds:g} is no time: give seconds, such as {_TIMEOUT_S:g}."
        zh = f"--timeout {seconds:g} 不是时长：请给出秒数，如 {_TIMEOUT_S:g}。"
        raise UsageError(en, zh)
    return seconds


timeout_option = click.option(
    "--timeout",
    metavar="SECONDS",
    type=float,
    default=_TIMEOUT_S,
    show_default=True,
    callback=_check_timeout,
    help="How long an answer may take.",
)


endpoint_option = click.option(
    "--endpoint",
    metavar="URL",
    type=read_typed,
    help="SPARQL endpoint of a store that has the dataset, in place of the project's own.",
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
