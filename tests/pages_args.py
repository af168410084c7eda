"""Pages as a test asks for them: rendered in this process, without a server."""

from __future__ import annotations

import importlib
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

from aidgraph.server.linked import find_term
from aidgraph.server.pages import PAGES

if TYPE_CHECKING:
    from aidgraph.server.desk import Desk
    from aidgraph.store.worker import Reply

_VOID = frozenset(("br", "hr", "img", "input", "link", "meta", "rect", "path"))


class Page(HTMLParser):
    """A page, read: its elements with attributes, and the text in each."""

    def __init__(self, html: str, status: int = 200) -> None:
        """Read `html`."""
        super().__init__(convert_charrefs=True)
        self.status = status
        self.html = html
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self._open: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.append("")
        if tag not in _VOID:
            self._open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element without an end."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        """Close the element."""
        while self._open and self.elements[self._open.pop()][0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Add text to every element around it."""
        for index in self._open:
            self.texts[index] += data

    def find(self, tag: str, kind: str = "") -> list[str]:
        """Return the texts of the elements `tag`, of class `kind`, with blanks made one."""
        return [
            " ".join(text.split())
            for (name, attributes), text in zip(self.elements, self.texts, strict=True)
            if name == tag and (not kind or kind in attributes.get("class", "").split())
        ]

    def attributes(self, tag: str, name: str) -> list[str]:
        """Return an attribute of each element `tag` that has it."""
        return [each[name] for found, each in self.elements if found == tag and name in each]


def get_page(desk: Desk, address: str, language: str = "en") -> Page:
    """Return the page at `address`, as a server would have it rendered; raises as its task does."""
    split = urlsplit(address)
    pairs = parse_qsl(split.query, keep_blank_values=True)
    path = unquote(split.path)
    name, more = _find_page(path)
    chosen = dict(pairs).get("_lang", language)
    args: dict[str, Any] = {
        "language": chosen,
        "path": path,
        "query": pairs,
        "rows": 10_000,
        "bytes": 2**26,
        "root": "http://localhost/",
        "given": {key: value for key, value in pairs if not key.startswith("_") and value.strip()},
        **more,
    }
    module, _, function = PAGES[f"page.{name}"].partition(":")
    reply: Reply = getattr(importlib.import_module(module), function)(desk, args)
    return Page(reply.body.decode(), reply.head["status"])


def _find_page(path: str) -> tuple[str, dict[str, str]]:
    head, _, rest = path.removeprefix("/").partition("/")
    if head == "q":
        return "question", {"name": rest}
    if head == "page":
        return "thing", {"path": find_term(rest)}
    return head or "home", {}
