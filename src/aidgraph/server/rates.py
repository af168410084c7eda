"""How much a client may ask for: buckets that fill again as time goes by."""

from __future__ import annotations

import ipaddress
import math
import time
from typing import TYPE_CHECKING

from aidgraph.server.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from aidgraph.server.limits import Limits

_MINUTE_S = 60.0
_MOST_CLIENTS = 10_000
_NETWORK_BITS = 64  # an IPv6 user has a whole network


class Rates:
    """The requests and the query time that each client has left."""

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        """Grant each client what `limits` says a minute; nothing is counted where that is None."""
        self._most = (limits.requests_per_minute, limits.query_s_per_minute)
        self._clock = clock
        self._left: dict[str, tuple[float, list[float]]] = {}

    def admit(self, client: str) -> None:
        """Count a request. Raises `Problem`, 429, if the client has none or no time left."""
        requests, seconds = self._most
        if requests is None or seconds is None:
            return
        left = self._fill(client, requests, seconds)
        waits = ((1 - left[0]) / requests, -left[1] / seconds)
        wait_s = max(math.ceil(max(waits) * _MINUTE_S), 1)
        if left[0] < 1 or left[1] <= 0:
            en = (
                f"More than {requests} requests or {seconds:g} s of queries in a minute: "
                f"come back in {wait_s} s."
            )
            zh = f"一分钟内超过 {requests} 次请求或 {seconds:g} 秒查询：请 {wait_s} 秒后再来。"
            raise Problem(429, en, zh, headers={"Retry-After": str(wait_s)})
        left[0] -= 1

    def charge(self, client: str, seconds: float) -> None:
        """Count the time that a client's query took, in seconds."""
        if client in self._left:
            self._left[client][1][1] -= seconds

    def _fill(self, client: str, requests: int, seconds: float) -> list[float]:
        now = self._clock()
        then, left = self._left.pop(client, (now, [float(requests), seconds]))
        grown = (now - then) / _MINUTE_S
        left[0] = min(requests, left[0] + grown * requests)
        left[1] = min(seconds, left[1] + grown * seconds)
        self._left[client] = (now, left)  # the latest is the last
        while len(self._left) > _MOST_CLIENTS:
            del self._left[next(iter(self._left))]
        return left


def name_client(host: str) -> str:
    """Return what a client is counted by: its address, of IPv6 its network.

    >>> name_client("192.0.2.7"), name_client("2001:db8::7")
    ('192.0.2.7', '2001:db8::/64')
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 4:  # noqa: PLR2004  # the name of the protocol
        return host
    return str(ipaddress.ip_network((address, _NETWORK_BITS), strict=False))
