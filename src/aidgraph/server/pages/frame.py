"""The frame of every page: its templates, addresses that keep the language, and its assets."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from aidgraph.server.pages.texts import say
from aidgraph.store.worker import Reply
from aidgraph.terms import BASE, split_passage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aidgraph.questions import Language
    from aidgraph.server.desk import Desk

SERVER = Path(__file__).parents[1]
BUILT = SERVER / "built"
"""Where `make web` puts what it makes; not there without Node."""

STATIC = SERVER / "static"


class Frame:
    """One request's language and addresses."""

    def __init__(self, args: Mapping[str, Any]) -> None:
        """Take what `pagehooks` tells: `language`, `path` and `query`."""
        self.language: Language = args["language"]
        self.path: str = args["path"]
        self.pairs: list[tuple[str, str]] = [(key, value) for key, value in args["query"]]
        self._chosen = [pair for pair in self.pairs if pair[0] == "_lang"][:1]

    @property
    def chosen(self) -> str:
        """The language that the address asks for, "" if it is left to the browser."""
        return self._chosen[0][1] if self._chosen else ""

    def say(self, key: str, **values: object) -> str:
        """Return a text of `texts.toml` in the request's language."""
        return say(key, self.language, **values)

    def control(self, key: str) -> str:
        """Return the value of a control key such as `_page`, "" if it is not given."""
        return next((value for name, value in self.pairs if name == key), "")

    def url(self, path: str, given: Mapping[str, object] | None = None, fragment: str = "") -> str:
        """Return an address on this server; it keeps a language that was chosen."""
        pairs = [*(given or {}).items(), *self._chosen]
        query = f"?{urlencode(pairs)}" if pairs else ""
        return f"{quote(path)}{query}{'#' + quote(fragment) if fragment else ''}"

    def again(self, changed: Mapping[str, object], fragment: str = "") -> str:
        """Return this page's address with some keys changed; a value of "" leaves one out."""
        pairs = [pair for pair in self.pairs if pair[0] not in changed]
        pairs += [(key, str(value)) for key, value in changed.items() if value != ""]
        query = f"?{urlencode(pairs)}" if pairs else ""
        return f"{quote(self.path)}{query}{'#' + quote(fragment) if fragment else ''}"

    def page_of(self, iri: str) -> str:
        """Return the address of the page of a thing, "" of what is none of ours.

        A passage is a place on its article's page, a term one on the ontology's.
        """
        if not iri.startswith(BASE):
            return ""
        if (passage := split_passage(iri)) is not None and not passage[2]:
            return self.url(f"/page/article/{passage[0]}", fragment=passage[1])
        path, _, fragment = iri.removeprefix(BASE).partition("#")
        return self.url(f"/page/{path}", fragment=fragment)


def render(desk: Desk, frame: Frame, template: str, status: int = 200, **values: object) -> Reply:
    """Return a page as a reply of a worker; `values` are what the template shows."""
    snapshot = desk.dataset.snapshot
    html = write_page(frame, template, snapshot=snapshot, **values)
    return Reply({"status": status}, html.encode())


def write_page(frame: Frame, template: str, **values: object) -> str:
    """Return a page's HTML."""
    shown = {"snapshot": "", **values}
    page = _environment().get_template(f"{template}.html")
    return page.render(frame=frame, t=frame.say, language=frame.language, asset=find_asset, **shown)


def find_asset(name: str) -> dict[str, Any]:
    """Return the addresses of what an entry of the front-end needs: `script`, `styles`.

    Both are empty where nothing is built.
    """
    entry = _manifest().get(f"src/{name}.ts")
    if entry is None:
        return {"script": "", "styles": []}
    return {
        "script": f"/built/{entry['file']}",
        "styles": [f"/built/{style}" for style in entry.get("css", [])],
    }


@cache
def _manifest() -> Mapping[str, Any]:
    path = BUILT / "manifest.json"
    found: Mapping[str, Any] = json.loads(path.read_bytes()) if path.is_file() else {}
    return found


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(SERVER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
