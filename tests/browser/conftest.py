"""Chromium, driven by Playwright, and a site for it to look at."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Literal, NamedTuple

import pytest

from browser.site import Site, serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
LOCALES = {"en": "en-GB", "zh": "zh-CN"}

_FLAGS = (
    "--no-sandbox",  # it may run as root in a container, on pages of our own only
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="package")
def site(built_root: Path) -> Iterator[Site]:
    """The site over the repository's own data."""
    served = serve(built_root)
    yield served
    served.end()


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; a test is skipped where there is none.

    It ends with the tests in this folder: Playwright's event loop lets no other run beside it.
    """
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium: on Debian or Ubuntu, install the package chromium")
    from playwright.sync_api import sync_playwright  # slow to import, and every worker reads this

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*_FLAGS])
        yield browser
        browser.close()


class Reader(NamedTuple):
    """Who visits: in which language, on what, in which light, and whether scripts run."""

    language: Literal["en", "zh"] = "en"
    device: str = "desktop"
    scheme: Literal["light", "dark"] = "light"
    has_scripts: bool = True

    def __str__(self) -> str:
        """Return the reader's name in test ids."""
        parts = (self.language, self.device, self.scheme, "" if self.has_scripts else "bare")
        return "-".join(filter(None, parts))


class Visit:
    """A reader at the site: a page, and what must not happen on it."""

    def __init__(self, context: BrowserContext, site: Site, reader: Reader) -> None:
        """Open an empty page in `context`."""
        self.language = reader.language
        self.site = site
        self.page: Page = context.new_page()
        self.faults: list[str] = []
        self.elsewhere: list[str] = []
        self.page.on("console", lambda m: self.faults.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if not url.startswith((self.site.address, "data:", "blob:")):
            self.elsewhere.append(url)

    def go(self, path: str) -> Page:
        """Open the page at `path`."""
        self.page.goto(self.site.address + path)
        return self.page

    def check(self) -> None:
        """Check that nothing failed, nothing was asked of elsewhere, and nothing sticks out."""
        assert not self.faults
        assert not self.elsewhere
        wide = "document.documentElement.scrollWidth > window.innerWidth"
        assert not self.page.evaluate(wide), "the page scrolls sideways"


@pytest.fixture
def visit(request: pytest.FixtureRequest, chromium: Browser, site: Site) -> Iterator[Visit]:
    """A visit of the reader that is the fixture's parameter, checked at its end."""
    reader: Reader = getattr(request, "param", Reader())
    width, height = SIZES[reader.device]
    context = chromium.new_context(
        viewport={"width": width, "height": height},
        locale=LOCALES[reader.language],
        color_scheme=reader.scheme,
        java_script_enabled=reader.has_scripts,
        reduced_motion="reduce",
    )
    visited = Visit(context, site, reader)
    yield visited
    visited.check()
    context.close()
