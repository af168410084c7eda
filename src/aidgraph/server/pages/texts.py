"""The words of the pages, in both languages: `texts.toml` beside this module has them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aidgraph.questions import Language


@cache
def read_texts() -> Mapping[str, Mapping[str, str]]:
    """Return every text by its key, in `en` and `zh`."""
    path = Path(__file__).with_name("texts.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def say(key: str, language: Language, **values: object) -> str:
    """Return the text `key` with its blanks filled.

    >>> say("rows", "en", count=12)
    '12 rows'
    """
    return read_texts()[key][language].format(**values)
