"""Text in XML 1.0, which cannot have every character, and reads some as others."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from aidgraph.errors import DataError
from aidgraph.terms import curie

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LINE_ENDS = {"\r": "&#13;"}  # readers would make it a newline


def escape_text(text: str, about: str) -> str:
    """Return `text` as the content of an element.

    Raises:
        DataError: XML cannot have one of its characters; the message names `about`, an IRI.
    """
    if _NOT_XML.search(text):
        en = f"A text of {curie(about)} has a character that XML cannot have: use another format."
        raise DataError(en, f"{curie(about)} 的文字含有 XML 不容的字符：请改用其他格式。")
    return escape(text, _LINE_ENDS)
