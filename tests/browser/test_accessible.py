"""Every kind of page passes axe: keyboards and screen readers are served, in light and dark."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from browser.conftest import Reader

if TYPE_CHECKING:
    from browser.conftest import Visit

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/q/money-of-helper",
    "/q/helpers-of-area?area=喀什地区&_why=1",
    "/q/sums-of-aid",
    "/q/projects-of-helper?helper=山东",
    "/q/works-of-period?period=3年来",
    "/q/helpers-of-area?area=和田",
    "/q/none",
    "/search?q=冰雪",
    "/sparql",
    "/page/article/xinjiang-daily-every-blade",
    "/page/id/place/440000",
    "/page/ont",
)


SLOW = ("/page/ont", "/sparql", "/search?q=冰雪", "/q/none", "/q/works-of-period?period=3年来")
"""Looked at once only."""

READERS = (Reader("en", "desktop", "light"), Reader("zh", "phone", "dark"))
CASES = [(READERS[0], address) for address in PAGES]
CASES += [(READERS[1], address) for address in PAGES if address not in SLOW]


@pytest.mark.parametrize(("visit", "address"), CASES, indirect=["visit"], ids=str)
def test_axe_finds_no_violation(visit: Visit, address: str) -> None:
    """Names, roles, contrast, order: axe-core finds nothing wrong."""
    page = visit.go(address)
    page.wait_for_load_state("networkidle")
    visit.faults.clear()  # a page of a fault has a status that the console tells of

    found = Axe().run(page)

    assert not [
        (each["id"], each["help"], [node["target"] for node in each["nodes"]][:5])
        for each in found.response["violations"]
    ]
