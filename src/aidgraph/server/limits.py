"""What a request may cost. Shown at `/limits`; a server on the loopback interface is looser."""

from __future__ import annotations

import os
from typing import NamedTuple

from aidgraph.sparql.tokens import MAX_BYTES, MAX_DEPTH, MAX_LINKS


class Limits(NamedTuple):
    """Times in seconds, sizes in bytes; `None` where there is no limit."""

    query_s: float = 10.0
    canned_s: float = 10.0
    rows: int = 10_000
    query_bytes: int = MAX_BYTES
    nesting: int = MAX_DEPTH
    operators: int = MAX_LINKS
    answer_bytes: int = 64 * 2**20
    memory_bytes: int = 2**30
    workers: int = os.cpu_count() or 1
    queue: int = 32
    requests_per_minute: int | None = None
    query_s_per_minute: float | None = None

    def for_public(self) -> Limits:
        """Return the limits for strangers: canned questions in 2 s, and a share for each client."""
        return self._replace(
            canned_s=min(self.query_s, 2.0), requests_per_minute=60, query_s_per_minute=30.0
        )


IDLE_S = 15.0
"""How long a client may keep a connection waiting: for a head, a body, or to read its answer."""

BODY_BYTES = 4 * MAX_BYTES
"""The longest body of a request: a query, each byte of it written %XX, and a graph or two."""
