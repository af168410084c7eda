"""Read an article's text into passages: its headings, its byline and its sentences.

A file is read as blocks (lines between blank lines; a heading line is a block alone),
blocks as paragraphs, paragraphs as passages. Two habits of scanned newspapers matter:
a page break cuts a sentence into two blocks, and punctuation may be half-width (`,;!?`).
All positions count Unicode code points over the whole file, as `oa:TextPositionSelector` does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTEXT_LENGTH = 32  # code points on each side of a quotation
_LONGEST_BYLINE = 40  # code points
_NOT_IN_BYLINE = frozenset(",，;；。")
_END_MARKS = ("。", "！", "？", "!", "?", "……")
_CLOSING = "”’」』）)》】"

# A byte order mark is no text: else the first heading of a file made on Windows were none.
_INK = re.compile(r"[^\s\ufeff](?:.*[^\s\ufeff])?", re.DOTALL)
_HEADING_MARK = re.compile(r"#+")
# A quotation is one token, so that an end mark inside it ends no sentence; an opening mark
# that nothing closes is plain text, so that it does not swallow the rest of its paragraph.
_QUOTATION_OR_END = re.compile(
    rf"(?P<quotation>“[^“”]*”)|(?:[。！？!?]|…{{2,}})+[{re.escape(_CLOSING)}]*"
)
_SEMICOLON = re.compile(r"[；;]")
# Between digits, a comma groups thousands and a colon tells the time.
_PAUSE = re.compile(r"[；;，：。！？!?]|(?<![0-9])[,:]|[,:](?![0-9])")


class PassageKind(StrEnum):
    """What a passage is on the page."""

    HEADING = "heading"
    BYLINE = "byline"
    SENTENCE = "sentence"


@dataclass(frozen=True, slots=True)
class Passage:
    """One heading, byline or sentence: `text == article[start:end]`.

    `paragraph` and `number` (within the paragraph) count from 1, headings included.
    A sentence that the source breaks over two blocks keeps the newlines between them.
    """

    paragraph: int
    number: int
    kind: PassageKind
    text: str
    start: int
    end: int

    @property
    def id(self) -> str:
        """The last part of the passage's IRI, as `p12.2`."""
        return f"p{self.paragraph}.{self.number}"


class _Block(NamedTuple):
    kind: PassageKind
    start: int
    end: int


def read_passages(text: str) -> list[Passage]:
    r"""Read the passages of an article, in order; none overlap and none is empty.

    Between them stand only white space and the `#` of headings. Text without ink
    has no passages.

    >>> for passage in read_passages("# 综述\n\n记者 张治立\n\n产业兴。“好。”他说。\n"):
    ...     print(passage.id, passage.kind, passage.text)
    p1.1 heading 综述
    p2.1 byline 记者 张治立
    p3.1 sentence 产业兴。
    p3.2 sentence “好。”他说。
    """
    return [
        Passage(paragraph, number, block.kind, text[start:end], start, end)
        for paragraph, block in enumerate(_join_blocks(text), start=1)
        for number, (start, end) in enumerate(_find_sentences(text, block), start=1)
    ]


def read_context(text: str, start: int, end: int) -> tuple[str, str]:
    """Read what stands around `text[start:end]`: prefix and suffix of an `oa:TextQuoteSelector`.

    Each is at most 32 code points long, and shorter at either end of the file.

    >>> read_context("产业兴则百业兴。", 3, 4)
    ('产业兴', '百业兴。')
    """
    return text[max(0, start - _CONTEXT_LENGTH) : start], text[end : end + _CONTEXT_LENGTH]


def clauses(passage_text: str) -> list[tuple[int, int]]:
    """Find the stretches between semicolons (`；` and `;`), those in quotations too.

    Stretches without a letter or digit (a lone closing mark) are left out.

    >>> clauses("支持甲;引进乙。")
    [(0, 3), (4, 8)]
    """
    return _find_between(_SEMICOLON, passage_text)


def comma_clauses(passage_text: str) -> list[tuple[int, int]]:
    """Find the stretches between semicolons, commas, colons and ends of sentences.

    The comma of `、` joins a list and does not divide; nor does one between two digits.

    >>> comma_clauses("去年,广东:近亿元;引进乙。")
    [(0, 2), (3, 5), (6, 9), (10, 13)]
    """
    return _find_between(_PAUSE, passage_text)


def _join_blocks(text: str) -> list[_Block]:
    """Tell bylines from sentences, and join a block that has no end mark with the next."""
    paragraphs: list[_Block] = []
    for block in _find_blocks(text):
        last = paragraphs[-1] if paragraphs else None
        if block.kind is PassageKind.HEADING or last is None:
            paragraphs.append(block)
        elif last.kind is PassageKind.HEADING and _is_byline(text[block.start : block.end]):
            paragraphs.append(block._replace(kind=PassageKind.BYLINE))
        elif last.kind is PassageKind.SENTENCE and not _is_ended(text[last.start : last.end]):
            paragraphs[-1] = last._replace(end=block.end)
        else:
            paragraphs.append(block)
    return paragraphs


def _find_blocks(text: str) -> Iterator[_Block]:
    """Find headings and the stretches of other lines that no blank line interrupts."""
    start = end = position = 0  # of the open block; none is open while start == end
    for line in text.splitlines(keepends=True):
        ink = _INK.search(text, position, position + len(line))
        position += len(line)
        if ink and not ink[0].startswith("#"):
            start = start if start < end else ink.start()
            end = ink.end()
            continue
        if start < end:
            yield _Block(PassageKind.SENTENCE, start, end)
            start = end
        if ink and (title := _find_title(text, ink)):
            yield title
    if start < end:
        yield _Block(PassageKind.SENTENCE, start, end)


def _find_title(text: str, line: re.Match[str]) -> _Block | None:
    """Find the words of a heading line, if there are any after its `#`."""
    mark = _HEADING_MARK.match(text, line.start(), line.end())
    title = _INK.search(text, mark.end() if mark else line.start(), line.end())
    return _Block(PassageKind.HEADING, *title.span()) if title else None


def _is_byline(block: str) -> bool:
    """Tell whether a block straight after a heading names the writers."""
    return (
        len(block) <= _LONGEST_BYLINE and _NOT_IN_BYLINE.isdisjoint(block) and not _is_ended(block)
    )


def _is_ended(block: str) -> bool:
    """Tell whether a block ends with an end mark, be it inside a quotation."""
    return block.rstrip(_CLOSING).endswith(_END_MARKS)


def _find_sentences(text: str, block: _Block) -> Iterator[tuple[int, int]]:
    """Find where the sentences of a block start and end; other kinds are one passage."""
    start = block.start
    if block.kind is PassageKind.SENTENCE:
        for token in _QUOTATION_OR_END.finditer(text, block.start, block.end):
            if token["quotation"] is None and (ink := _INK.search(text, start, token.end())):
                yield ink.span()
                start = token.end()
    if ink := _INK.search(text, start, block.end):
        yield ink.span()


def _find_between(mark: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    """Find the stretches of `text` between marks that hold a letter or digit."""
    marks = [found.span() for found in mark.finditer(text)]
    starts = [0, *(end for _, end in marks)]
    ends = [*(start for start, _ in marks), len(text)]
    return [
        (start, end)
        for start, end in zip(starts, ends, strict=True)
        if any(map(str.isalnum, text[start:end]))
    ]
