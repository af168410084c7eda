"""HTTP to a server of the tests: the standard library's client, so that ours is not in play."""

from __future__ import annotations

import urllib.request
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_TIMEOUT_S = 60


def send(
    method: str, url: str, body: bytes, headers: Mapping[str, str], credentials: tuple[str, str]
) -> bytes:
    """Send a request and return the body of the answer; Digest or Basic, as the server asks.

    Raises:
        OSError: there is no answer, or its status is not one of success (`HTTPError`).
    """
    passwords = urllib.request.HTTPPasswordMgrWithDefaultRealm()
    passwords.add_password(None, url, *credentials)
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPDigestAuthHandler(passwords),
        urllib.request.HTTPBasicAuthHandler(passwords),
    )
    request = urllib.request.Request(  # noqa: S310  # the address of a server that we started
        url, body, dict(headers), method=method
    )
    with opener.open(request, timeout=_TIMEOUT_S) as answer:
        content: bytes = answer.read()
        return content
