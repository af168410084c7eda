"""Chinese names as they are spelled in Latin letters (Hanyu Pinyin), by the library pypinyin.

It takes a third of a second to import: imported where nothing else fits. Every reading of a
character counts, so that 乌什 is found by wushi and 重庆 by chongqing, whichever the library
holds for the likely one.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from aidgraph.answers.lookup_names import drop_accents

if TYPE_CHECKING:
    from collections.abc import Sequence

_LATIN = re.compile(r"[a-z]+")
_SYLLABLE = (
    "(?:[zcs]h?|[bpmfdtnlgkhjqxrwy])?"
    "(?:[iu]?ang?|[iu]?eng?|ing?|ong|iong|[iu]?ai|[iu]?ao|ei|[iu]?ou|ui|iu|[iu]?[aeo]|er|[iu])"
)
_SPELLED = re.compile(f"(?:{_SYLLABLE}){{2,}}")


def read_spelling(text: str) -> str | None:
    """Return what may be pinyin without tones, spaces and marks; None if it is no such thing.

    >>> read_spelling("Kā shí"), read_spelling("lü4 zhou1"), read_spelling("textile")
    ('kashi', 'luzhou', None)
    """
    plain = drop_accents(text).casefold().replace("v", "u")
    letters = re.sub(r"[\s'’\-·1-5]", "", plain)
    return letters if _SPELLED.fullmatch(letters) else None


def spell(name: str) -> str:
    """Return the likeliest spelling of a Chinese name, in one word.

    >>> spell("重庆市")
    'chongqingshi'
    """
    return "".join(readings[0] for readings in _read(name))


def is_spelled(name: str, spelling: str, *, is_part: bool = False) -> bool:
    """Tell whether `spelling` (see `read_spelling`) is one of the Chinese `name`, or of a part.

    >>> is_spelled("乌什", "wushi"), is_spelled("重庆", "chongqing")
    (True, True)
    >>> is_spelled("粤伽新梅产业园", "xinmei"), is_spelled("粤伽新梅产业园", "xinmei", is_part=True)
    (False, True)
    """
    ends = {0}
    for readings in _read(name):
        ends = {end + len(r) for end in ends for r in readings if spelling.startswith(r, end)}
        if is_part:
            if len(spelling) in ends:
                return True
            ends.add(0)
    return len(spelling) in ends


@cache
def _read(name: str) -> Sequence[Sequence[str]]:
    from pypinyin import Style, pinyin

    plainly = pinyin(name, style=Style.NORMAL, v_to_u=True)
    every = pinyin(name, style=Style.NORMAL, v_to_u=True, heteronym=True)
    return [
        list(dict.fromkeys(_write(reading) for reading in (*likely, *all_of)))
        for likely, all_of in zip(plainly, every, strict=True)
    ]


def _write(reading: str) -> str:
    return "".join(_LATIN.findall(drop_accents(reading).casefold()))
