"""Who we are to a remote store: read from the environment or ~/.netrc, never given in a command.

`AIDGRAPH_TOKEN` (bearer) goes before `AIDGRAPH_USER` with `AIDGRAPH_PASSWORD`, these before the
entry of the host in the file that `NETRC` names, or else in ~/.netrc.
"""

from __future__ import annotations

import base64
import netrc
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aidgraph.errors import UnreadableError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Credentials:
    """A user with a password, or a token; neither is shown where this object is printed."""

    user: str = ""
    password: str = field(default="", repr=False)
    token: str = field(default="", repr=False)

    def header(self) -> str:
        """Return the value of HTTP's `Authorization`: Bearer, or Basic (RFC 6750, RFC 7617).

        >>> Credentials("Aladdin", "open sesame").header()
        'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=='
        """
        if self.token:
            return f"Bearer {self.token}"
        pair = f"{self.user}:{self.password}".encode()
        return f"Basic {base64.b64encode(pair).decode('ascii')}"


def read_credentials(url: str, environ: Mapping[str, str]) -> Credentials | None:
    """Return the credentials for the store at `url`; None where none are set.

    Raises:
        UsageError: the address itself holds some, they are half set, or hold a control character.
        UnreadableError: the netrc file is there, and cannot be read.
    """
    host = check_address(url)
    token = environ.get("AIDGRAPH_TOKEN", "")
    user, password = environ.get("AIDGRAPH_USER"), environ.get("AIDGRAPH_PASSWORD")
    if token:
        found = Credentials(token=token)
    elif user is not None and password is not None:
        found = Credentials(user, password)
    elif user is not None or password is not None:
        en = "Set both AIDGRAPH_USER and AIDGRAPH_PASSWORD, or neither."
        raise UsageError(en, "AIDGRAPH_USER 与 AIDGRAPH_PASSWORD 须同时设置，或都不设置。")
    else:
        return _read_netrc(host, environ)
    if not (found.user + found.password + found.token).isprintable():
        en = "AIDGRAPH_TOKEN, AIDGRAPH_USER or AIDGRAPH_PASSWORD holds a line break: set it anew."
        zh = "AIDGRAPH_TOKEN、AIDGRAPH_USER 或 AIDGRAPH_PASSWORD 含有换行等控制字符：请重新设置。"
        raise UsageError(en, zh)
    return found


def check_address(url: str) -> str:
    """Return the host of a store's address.

    Raises:
        UsageError: it is no http or https address, or holds a user or password.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port  # the port is only read here, and may be none
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in ("http", "https") or not host or not url.isprintable() or " " in url:
        en = f"{url!r} is no store's address: give one that begins with http:// or https://."
        raise UsageError(en, f"{url!r} 不是存储的地址：请给出以 http:// 或 https:// 开头的地址。")
    if "@" in parts.netloc:
        en = (
            f"The address of {host} holds a user or password, which others may read: set "
            "AIDGRAPH_USER and AIDGRAPH_PASSWORD, and leave them out of it."
        )
        zh = (
            f"{host} 的地址中含有用户名或密码，可能被他人看到：请改用环境变量 AIDGRAPH_USER 与 "
            "AIDGRAPH_PASSWORD，并从地址中去掉。"
        )
        raise UsageError(en, zh)
    return host


def _read_netrc(host: str, environ: Mapping[str, str]) -> Credentials | None:
    named = environ.get("NETRC")
    path = Path(named) if named else Path.home() / ".netrc"
    if not named and not path.is_file():
        return None
    try:
        entry = netrc.netrc(path).authenticators(host)
    except (OSError, UnicodeDecodeError, netrc.NetrcParseError) as error:
        # Only the line: the parser's own words may hold what stands there.
        line = getattr(error, "lineno", None)
        place = f"{path}:{line}" if line else str(path)
        en = f"{place} cannot be read as a netrc file: mend it, its owner and its mode (600)."
        zh = f"无法按 netrc 格式读取 {place}：请改正其内容、属主与权限（600）。"
        raise UnreadableError(en, zh) from None
    if entry is None:
        return None
    user, _, password = entry
    return Credentials(user or "", password or "")
