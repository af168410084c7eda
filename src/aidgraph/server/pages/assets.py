"""The addresses of what pages are dressed with: `/static` as it is, `/built` by `make web`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from aidgraph.server.pages.frame import BUILT, STATIC

if TYPE_CHECKING:
    import os

    from starlette.responses import Response
    from starlette.types import Scope

_FOREVER = "public, max-age=31536000, immutable"
_A_WHILE = "public, max-age=300"


class _Files(StaticFiles):
    """Files that a browser may keep; those in `/built` have their hash in their name."""

    def __init__(self, directory: os.PathLike[str], keep: str) -> None:
        super().__init__(directory=directory)
        self._keep = keep

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = self._keep
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response


def asset_routes() -> list[Mount]:
    """Return the routes of the assets; where nothing is built, there is no `/built`."""
    static = Mount("/static", _Files(STATIC, _A_WHILE))
    return [static, Mount("/built", _Files(BUILT, _FOREVER))] if BUILT.is_dir() else [static]
