"""What a store's refusal means, and what to do about it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

import httpx

from aidgraph.errors import RemoteError
from aidgraph.files import name_cause
from aidgraph.store.faults import explain_connection, name_place

if TYPE_CHECKING:
    from collections.abc import Mapping

_Refusal = TypeVar("_Refusal", bound=RemoteError)
_CAUSES_ZH: Mapping[type[Exception], str] = {
    httpx.ReadTimeout: "等待应答超时",
    httpx.WriteTimeout: "发送超时",
    httpx.ConnectTimeout: "连接超时",
    httpx.RemoteProtocolError: "连接中断，或应答不合 HTTP 规范",
}
_LONGEST_QUOTE = 200  # characters of the store's own words


def say(kind: type[_Refusal], en: str, zh: str) -> _Refusal:
    """Return a refusal of a `kind`."""
    return kind(en, zh)


def unreachable(url: str, error: Exception) -> RemoteError:
    """Return what is raised where there is no answer from `url`, or half of one."""
    cause: BaseException = error
    while not isinstance(cause, OSError) and cause.__context__ is not None:
        cause = cause.__context__
    if isinstance(error, httpx.ConnectError) and isinstance(cause, OSError):
        return explain_connection(cause, name_place(url))
    reason = str(error).rstrip(".") or type(error).__name__
    of_it = name_cause(cause)[1] if isinstance(cause, OSError) else _CAUSES_ZH.get(type(error))
    en = f"No whole answer from {url}: {reason}. Is the store running, and the address right?"
    zh = f"{url} 没有完整应答：{of_it or reason}。请确认存储正在运行、地址无误。"
    return RemoteError(en, zh)


def no_store(url: str) -> RemoteError:
    """Return what is raised where a page for people comes back from `url`."""
    en = f"{url} answers with a web page, as no store does: give the store's own address."
    return RemoteError(en, f"{url} 返回的是网页，而非存储的应答：请给出存储自身的地址。")


def too_large(url: str, size: int) -> tuple[str, str]:
    """Return what is said where `url` takes no request of `size` bytes."""
    return (
        f"{url} takes no request of {size:,} bytes: raise its limit, or that of a proxy before it.",
        f"{url} 不接受 {size:,} 字节的请求：请调高它或其前置代理的上限。",
    )


def refused(url: str, status: int, text: str, headers: Mapping[str, str]) -> RemoteError:
    """Return what is raised for a `status` that is no success, and an answer of `text`."""
    words = _quote(text, headers.get("Content-Type", ""))
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        en = (
            f"{url} lets this user not in, or not write (status {status}): set AIDGRAPH_USER and "
            "AIDGRAPH_PASSWORD, or AIDGRAPH_TOKEN, to one who may."
        )
        zh = (
            f"{url} 拒绝此用户访问或写入（状态 {status}）：请将 AIDGRAPH_USER 与 "
            "AIDGRAPH_PASSWORD 或 AIDGRAPH_TOKEN 设为有权者。"
        )
    elif status == HTTPStatus.NOT_FOUND:
        en = f"There is nothing at {url} (status 404): check the address and the dataset's name."
        zh = f"{url} 处什么也没有（状态 404）：请检查地址与数据集名称。"
    elif status in (HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED):
        en = f"{url} may only be read (status {status}): allow updates there, or name another."
        zh = f"{url} 只可读取（状态 {status}）：请在该处允许更新，或另选一处。"
    elif status in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        later = headers.get("Retry-After")
        en = f"{url} is busy (status {status}{f', for {later} s' if later else ''}): come later."
        zh = f"{url} 正忙（状态 {status}{f'，还需 {later} 秒' if later else ''}）：请稍后再试。"
    elif 300 <= status < 400:  # noqa: PLR2004  # redirections, as HTTP numbers them
        en = f"{url} has moved to {headers.get('Location', '?')}: give that address."
        zh = f"{url} 已移至 {headers.get('Location', '?')}：请改用该地址。"
    else:
        en = f"{url} refused (status {status}): {words} See the store's log."
        zh = f"{url} 拒绝了请求（状态 {status}）：{words} 请查看存储的日志。"
    return RemoteError(en, zh)


def _quote(text: str, media: str) -> str:
    """Return the first words of a store's answer, on one line; a page for people has none."""
    if "html" in media.lower():
        return "…"
    words = "".join(each if each.isprintable() else " " for each in text)
    return " ".join(words.split())[:_LONGEST_QUOTE] or "…"
