"""What a remote store or the way to it does wrong, as one sentence that says what to do."""

from __future__ import annotations

import re
import socket
import ssl
from http import HTTPStatus
from http.client import HTTPException, IncompleteRead
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit

from aidgraph.errors import AidgraphError, LimitError, RemoteError
from aidgraph.files import name_cause

if TYPE_CHECKING:
    from collections.abc import Iterable

_MARKUP = re.compile(r"<(script|style|head)\b.*?</\1>|<[^<>]*>", re.DOTALL | re.IGNORECASE)
_MOST_SHOWN = 200
_BY_STATUS = {
    HTTPStatus.NOT_FOUND: (
        "There is no SPARQL endpoint at {place} (404): give the address that its queries go to.",
        "{place} 处没有 SPARQL 端点（404）：请给出接收查询的地址。",
    ),
    HTTPStatus.BAD_REQUEST: (
        "The store at {place} refuses the query (400){said}.",
        "{place} 处的存储拒绝该查询（400）{said}。",
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        "The store at {place} takes no more questions now (429){said}: ask again later.",
        "{place} 处的存储暂不接受更多查询（429）{said}：请稍后再试。",
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "The store at {place} is overloaded or closed (503){said}: ask again later.",
        "{place} 处的存储过载或已关闭（503）{said}：请稍后再试。",
    ),
}
_REFUSED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
_OTHER = (
    "The store at {place} answers with an error ({status}){said}.",
    "{place} 处的存储回复错误（{status}）{said}。",
)
_TOLD = "AIDGRAPH_USER, AIDGRAPH_PASSWORD, AIDGRAPH_TOKEN"


def name_place(url: str) -> str:
    """Return an address as people may see it: without what follows the path.

    >>> name_place("https://store.example:8443/ds/sparql?key=secret")
    'https://store.example:8443/ds/sparql'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


def explain_fault(
    error: Exception, url: str, timeout_s: float, secrets: Iterable[str] = ()
) -> AidgraphError:
    """Return what a person is told of an error that urllib or http.client raised.

    Args:
        error: the error.
        url: where the request went.
        timeout_s: how long it was waited for, in seconds.
        secrets: what no message may hold, even where the store says it back.
    """
    place = name_place(url)
    if isinstance(error, HTTPError):
        return _explain_status(error, place, [each for each in secrets if each])
    cause = error.reason if isinstance(error, URLError) else error
    if isinstance(cause, IncompleteRead | ConnectionResetError):  # RemoteDisconnected, too
        return broken_off(url)
    if isinstance(cause, TimeoutError):
        en = f"The store at {place} gave no answer within {timeout_s:g} s: ask for less, or give "
        zh = f"{place} 处的存储在 {timeout_s:g} 秒内没有回答：请缩小查询范围，或用 --timeout "
        return LimitError(f"{en}more time with --timeout.", f"{zh}给更多时间。")
    return explain_connection(cause, place)


def explain_connection(cause: object, place: str) -> RemoteError:
    """Return what a person is told where no connection to `place` comes about, for this `cause`."""
    if isinstance(cause, ssl.SSLError):
        reason = getattr(cause, "verify_message", "") or cause.reason or str(cause)
        en = f"{place} cannot be trusted or does not speak TLS: {reason}. Mend its certificate, or "
        zh = f"{place} 不可信或不使用 TLS：{reason}。请修正其证书，或用 SSL_CERT_FILE 指定签发它的 "
        return RemoteError(f"{en}name its authority with SSL_CERT_FILE.", f"{zh}CA 证书。")
    if isinstance(cause, socket.gaierror):
        en = f"The host of {place} is not known: is the address right, and the network there?"
        return RemoteError(en, f"找不到 {place} 的主机：地址是否正确、网络是否连通？")
    if isinstance(cause, ConnectionRefusedError):
        en = f"Nothing listens at {place}: start the store, or mend the address."
        return RemoteError(en, f"{place} 处没有服务：请启动存储，或改正地址。")
    if isinstance(cause, HTTPException):
        en = f"What listens at {place} does not speak HTTP as it should: mend the address."
        return RemoteError(en, f"{place} 处的服务不按规范使用 HTTP：请改正地址。")
    reason, of_it = name_cause(cause) if isinstance(cause, OSError) else (str(cause), str(cause))
    en = f"{place} cannot be reached: {reason}."
    return RemoteError(en, f"无法连接 {place}：{of_it}。")


def broken_off(url: str) -> RemoteError:
    """Return the error that a store makes that ends in the middle of an answer."""
    place = name_place(url)
    en = f"The store at {place} broke off its answer: nothing of it is used. Ask again."
    return RemoteError(en, f"{place} 处的存储中断了回答：其内容未被采用。请重试。")


def not_results(url: str, reason: str = "") -> RemoteError:
    """Return the error that status 200 makes with a web page, or with nothing of SPARQL."""
    place, shown = name_place(url), _fit(reason)
    what, of_what = (f" ({shown})", f"（{shown}）") if shown else ("", "")
    en = f"What is at {place} answers, but not with SPARQL results{what}: give a SPARQL endpoint."
    zh = f"{place} 有回答，但不是 SPARQL 结果{of_what}：请给出 SPARQL 端点的地址。"
    return RemoteError(en, zh)


def _explain_status(error: HTTPError, place: str, secrets: list[str]) -> AidgraphError:
    status = error.code
    if status in _REFUSED:
        return _refused(place, status, given=bool(secrets))
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        there = name_place(error.headers.get("Location", ""))
        there = there if there.isprintable() else "?"
        en = f"The store has moved from {place} to {there}: give that address if you trust it."
        return RemoteError(en, f"存储已从 {place} 迁至 {there}：若信任该地址，请改用它。")
    said = _first_line(error, secrets)
    if status == HTTPStatus.GATEWAY_TIMEOUT:
        en = f"The store at {place} gave up for lack of time (504){said}: ask for less."
        return LimitError(en, f"{place} 处的存储超时放弃（504）{said}：请缩小查询范围。")
    for_status = {int(known): texts for known, texts in _BY_STATUS.items()}
    en, zh = for_status.get(status, _OTHER)
    return RemoteError(
        en.format(place=place, status=status, said=said and f": {said}"),
        zh.format(place=place, status=status, said=said and f"：{said}"),
    )


def _refused(place: str, status: int, *, given: bool) -> RemoteError:
    if given:
        en = f"The store at {place} does not let this user or token in ({status}): check {_TOLD}."
        zh = f"{place} 处的存储不接受该用户或令牌（{status}）：请检查 {_TOLD}。"
    else:
        en = f"The store at {place} asks who you are ({status}): set {_TOLD}, or ~/.netrc."
        zh = f"{place} 处的存储要求验证身份（{status}）：请设置 {_TOLD} 或 ~/.netrc。"
    return RemoteError(en, zh)


def _first_line(error: HTTPError, secrets: list[str]) -> str:
    """Return the first words of what came with an error, fit for one line of a terminal."""
    body = error.read().decode("utf-8", "replace")
    lines = (line.strip() for line in _MARKUP.sub("\n", body).splitlines())
    line = next(filter(None, lines), "")
    if any(secret in line for secret in secrets):
        return ""
    return _fit(line)


def _fit(text: str) -> str:
    """Return a text of others as it may stand within a sentence on a terminal."""
    shown = "".join(letter for letter in text if letter.isprintable())
    cut = f"{shown[:_MOST_SHOWN]}…" if len(shown) > _MOST_SHOWN else shown
    return cut.rstrip(".。")
