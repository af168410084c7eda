"""`aidgraph show`: everything known of one thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from aidgraph.answers.show_text import SHOW_FORMATS, show_known
from aidgraph.cli.output import is_styled, terminal_width, write_text
from aidgraph.cli.session import (
    Session,
    endpoint_option,
    output_options,
    read_typed,
    timeout_option,
)
from aidgraph.store.deadline import run_within

if TYPE_CHECKING:
    from pathlib import Path


@click.command(epilog="Example: aidgraph show 粤伽新梅产业园")
@click.argument("name", type=read_typed)
@timeout_option
@endpoint_option
@output_options(SHOW_FORMATS, "table")
@click.pass_obj
def show(  # noqa: PLR0913  # click gives each option as an argument
    session: Session,
    name: str,
    *,
    timeout: float,
    endpoint: str | None,
    form: str,
    output: Path | None,
) -> None:
    """Show everything known of NAME (a name, code, CURIE or IRI), each fact with its sentence.

    A name that fits several things lists them; a passage is written p12.2 or
    article:ARTICLE/p12.2.
    """
    from aidgraph.answers.naming import find_thing
    from aidgraph.answers.show import read_known

    dataset, rules = session.open(endpoint, timeout), session.rules(why=True) or {}
    language = session.language

    def find() -> str:
        thing = find_thing(dataset.store, name, language)
        known = read_known(dataset, thing, language, rules)
        width, styled = terminal_width(output), is_styled(output)
        return show_known(known, form, language, width=width, styled=styled)

    write_text(run_within(timeout, find), output)
