"""The parameters of a request: decoded exactly once, strictly, each key at most once."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from starlette.requests import ClientDisconnect

from aidgraph.server.limits import BODY_BYTES, IDLE_S
from aidgraph.server.problems import Problem, left

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.requests import Request

_MOST_FIELDS = 100
_CLOSE = {"Connection": "close"}  # what is still to come of a body is not read
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class Parameters:
    """Keys and values, in their order. A key begins with `_` where it controls the answer."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        """Hold `pairs` of key and value."""
        self.pairs = pairs

    def all(self, key: str) -> list[str]:
        """Return every value of `key`."""
        return [value for name, value in self.pairs if name == key]

    def one(self, key: str) -> str | None:
        """Return the value of `key`, None if it is not given. Raises `Problem` if it is twice."""
        found = self.all(key)
        if len(found) > 1:
            en = f"{key} is given {len(found)} times: give it once."
            raise Problem(400, en, f"{key} 给出了 {len(found)} 次：请只给一次。")
        return found[0] if found else None

    def check(self, known: Collection[str]) -> None:
        """Check that there are no other keys than those `known`. Raises `Problem`."""
        for key, _ in self.pairs:
            if key not in known:
                listed = ", ".join(sorted(known))
                en = f"There is no parameter {key}; there are: {listed}."
                raise Problem(400, en, f"没有参数 {key}；现有：{listed}。")

    def __add__(self, other: Parameters) -> Parameters:
        """Return these parameters, then those of `other`."""
        return Parameters(self.pairs + other.pairs)


def read_query(request: Request) -> Parameters:
    """Return the parameters in the request's address. Raises `Problem`."""
    return decode(request.scope["query_string"])


def decode(text: bytes) -> Parameters:
    """Return the parameters in a query string or a form.

    >>> decode(b"area=%E5%96%80+%2B&_lang=").pairs
    [('area', '喀 +'), ('_lang', '')]

    Raises:
        Problem: 400, it has an escape that is none, bytes that are no UTF-8, or too many fields.
    """
    fields = [field for field in text.split(b"&") if field]
    if len(fields) > _MOST_FIELDS:
        en = f"There are more than {_MOST_FIELDS} parameters: leave some out."
        raise Problem(400, en, f"参数超过 {_MOST_FIELDS} 个：请减少。")
    return Parameters([_decode_field(field) for field in fields])


def _decode_field(field: bytes) -> tuple[str, str]:
    if _BAD_ESCAPE.search(field):
        en = "A percent sign begins no escape: write it as %25."
        raise Problem(400, en, "百分号后不是转义：请写作 %25。")
    key, _, value = field.replace(b"+", b" ").partition(b"=")
    try:
        return unquote_to_bytes(key).decode("utf-8"), unquote_to_bytes(value).decode("utf-8")
    except UnicodeDecodeError as error:
        en = "A parameter is not UTF-8: encode it in UTF-8."
        raise Problem(400, en, "某参数不是 UTF-8：请用 UTF-8 编码。") from error


async def read_body(request: Request) -> bytes:
    """Return the body of a request.

    Raises:
        Problem: 408, it comes too slowly; 413, it is too long; 415, it is packed: what it would
            unfold to, nobody knows; 503, the client has left.
    """
    packed = request.headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("", "identity"):
        en = f"The body is packed by {packed}: send it as it is."
        zh = f"请求体以 {packed} 压缩：请原样发送。"
        raise Problem(415, en, zh, headers={"Accept-Encoding": "identity", **_CLOSE})
    try:
        async with asyncio.timeout(IDLE_S):
            return await _read_parts(request)
    except TimeoutError:
        en = f"The body did not come within {IDLE_S:g} s: send it again."
        zh = f"请求体在 {IDLE_S:g} 秒内没有到达：请重新发送。"
        raise Problem(408, en, zh, headers=_CLOSE) from None
    except ClientDisconnect:
        raise left() from None


async def _read_parts(request: Request) -> bytes:
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > BODY_BYTES:
            limit = f"{BODY_BYTES // 1000} kB"
            en = f"The body is longer than {limit}: shorten it."
            raise Problem(413, en, f"请求体长于 {limit}：请缩短。", headers=_CLOSE)
        parts.append(part)
    return b"".join(parts)
