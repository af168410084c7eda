"""Which format and which language a client wants: Accept and Accept-Language (RFC 9110, 12.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aidgraph.server.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aidgraph.questions import Language

_MOST_RANGES = 100
_CHINESE = ("zh", "cmn")


class _Range(NamedTuple):
    """One range of an Accept header: type, subtype, how much it is wanted."""

    type: str
    subtype: str
    quality: float


def choose_type(accept: str, offers: Sequence[str]) -> str:
    """Return the offer that is wanted most; of those wanted alike, the first.

    >>> choose_type("text/*;q=0.5, application/json", ["text/csv", "application/json"])
    'application/json'

    Raises:
        Problem: 406, none is wanted; the message lists the offers.
    """
    ranges = [*_read_ranges(accept)] or [_Range("*", "*", 1.0)]
    wanted = {offer: _quality(ranges, offer) for offer in offers}
    best = max(wanted, key=lambda offer: wanted[offer])  # the first of equals
    if wanted[best] > 0:
        return best
    listed = ", ".join(offers)
    en = f"None of the formats in Accept can be given: ask for one of {listed}."
    zh = f"Accept 中的格式均无法给出：请取其一：{listed}。"
    raise Problem(406, en, zh, more={"offers": [*offers]})


def choose_language(given: str | None, accept: str) -> Language:
    """Return the language: `given` by `_lang`, else the one that Accept-Language wants more.

    >>> choose_language(None, "fr, zh-CN;q=0.8, en;q=0.5"), choose_language("en", "zh")
    ('zh', 'en')
    """
    if given:
        return "zh" if given.lower().startswith(_CHINESE) else "en"
    best = {"zh": 0.0, "en": 0.0}
    for tag, quality in _read_list(accept):
        language = "zh" if tag.startswith(_CHINESE) else "en" if tag.startswith("en") else ""
        if language:
            best[language] = max(best[language], quality)
    return "zh" if best["zh"] > best["en"] else "en"


def accepts(header: str, name: str) -> bool:
    """Tell whether a header such as Accept-Encoding takes `name`, by itself or as anything.

    >>> accepts("br, GZIP;q=0.5", "gzip"), accepts("gzip;q=0, *", "gzip"), accepts("", "gzip")
    (True, False, False)
    """
    wanted = dict(_read_list(header))
    return wanted.get(name, wanted.get("*", 0.0)) > 0


def _read_ranges(accept: str) -> Iterator[_Range]:
    for name, quality in _read_list(accept):
        kind, _, subtype = name.partition("/")
        yield _Range(kind.strip() or "*", subtype.strip() or "*", quality)


def _read_list(header: str) -> Iterator[tuple[str, float]]:
    """Yield the entries of a header, in lower case, with their quality, 1 where none is told."""
    for entry in header.split(",")[:_MOST_RANGES]:
        name, *parameters = (part.strip() for part in entry.lower().split(";"))
        if not name:
            continue
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip() == "q":
                quality = _read_quality(value)
        yield name, quality


def _read_quality(text: str) -> float:
    try:
        quality = float(text)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0


def _quality(ranges: Sequence[_Range], offer: str) -> float:
    """Return how much `offer` is wanted: the most specific range that it is in tells."""
    kind, _, subtype = offer.partition(";")[0].partition("/")
    for span in ((kind, subtype), (kind, "*"), ("*", "*")):
        found = [each.quality for each in ranges if each[:2] == span]
        if found:
            return max(found)
    return 0.0
