"""HTTP to a store: who we are, patience with what passes, and a sentence for what does not.

What may pass is tried again, later and later: no connection, 429, 500, 502, 503, 504; a
`Retry-After` is heeded up to a minute. Proxies and certificates are those of the environment
(`HTTPS_PROXY`, `NO_PROXY`, `SSL_CERT_FILE`), as httpx reads them. A name and password are sent
only when the store asks for them, as Basic or Digest, whichever it asks for; a token always.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

import httpx
import tenacity

from aidgraph.errors import RemoteError
from aidgraph.transfer import refusals

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from pathlib import Path

    from aidgraph.store.credentials import Credentials

_TRIES = 6
_FIRST_WAIT_S, _LONGEST_WAIT_S, _LONGEST_ASKED_S = 0.2, 10.0, 60.0
_TIMES_S = httpx.Timeout(600.0, connect=10.0)  # a large transaction is acknowledged late
_PASSING = {429, 500, 502, 503, 504}
_NOT_DONE = {429, 503}  # what a store answers before it does anything
_HTML = ("text/html", "application/xhtml+xml")


class TooLargeError(RemoteError):
    """The store takes no request as large as this one (413)."""


class Request(NamedTuple):
    """What to send, and whether sending it twice does what sending it once does."""

    method: str
    url: str
    body: bytes
    headers: Mapping[str, str]
    repeatable: bool = True


class _Passing(Exception):  # noqa: N818  # never leaves this module
    def __init__(self, error: RemoteError, wait_s: float | None = None) -> None:
        super().__init__(error, wait_s)
        self.error = error
        self.wait_s = wait_s


class Connection:
    """A client of one store."""

    def __init__(
        self, credentials: Credentials | None, say: Callable[[str, str], None], tries: int = _TRIES
    ) -> None:
        """Send as the user of `credentials`; `say` is told, in both languages, of each wait."""
        self._client = httpx.Client(auth=_Auth(credentials), timeout=_TIMES_S)
        self._say = say
        self._tries = tries

    def close(self) -> None:
        """Close what is open to the store."""
        self._client.close()

    def send(self, request: Request) -> str:
        """Send a request; return the media type of the answer, which is read and dropped.

        Raises:
            TooLargeError: the store takes no request as large.
            RemoteError: it cannot be reached, or refuses; the text says which.
        """
        return self._patiently(request, None)

    def download(self, request: Request, path: Path) -> str:
        """Write the answer into the file `path`; return its media type.

        Raises:
            RemoteError: as `send` does.
            OSError: the file cannot be written.
        """
        return self._patiently(request, path)

    def peek(self, request: Request) -> httpx.Response | None:
        """Return the answer to a request without a body, whatever its status; None if none came."""
        try:
            return self._client.send(self._build(request))
        except httpx.HTTPError:
            return None

    def reach(self, url: str) -> None:
        """Look whether anything answers at `url`, and lets us in, whatever it answers.

        Raises:
            RemoteError: nothing does, or it does not know this user.
        """
        try:
            response = self._client.send(self._build(Request("GET", url, b"", {})))
        except (httpx.InvalidURL, httpx.TransportError) as error:
            raise refusals.unreachable(url, error) from error
        if response.status_code == HTTPStatus.UNAUTHORIZED:
            raise refusals.refused(url, response.status_code, "", response.headers)

    def _patiently(self, request: Request, path: Path | None) -> str:
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_Passing),
            stop=tenacity.stop_after_attempt(self._tries),
            wait=_wait,
            before_sleep=self._tell,
            reraise=True,
        )
        try:
            return retrying(self._once, request, path)
        except _Passing as last:
            raise last.error from last

    def _tell(self, state: tenacity.RetryCallState) -> None:
        failure = state.outcome.exception() if state.outcome else None
        if isinstance(failure, _Passing) and state.next_action is not None:
            wait_s = state.next_action.sleep
            self._say(
                f"{failure.error.en} Trying again in {wait_s:.1f} s.",
                f"{failure.error.zh}{wait_s:.1f} 秒后重试。",
            )

    def _once(self, request: Request, path: Path | None) -> str:
        body = [request.body] if request.body else []
        try:
            response = self._client.send(self._build(request, body), stream=True)
            try:
                self._check(response, request)
                if path is None:
                    response.read()
                else:
                    with path.open("wb") as file:
                        file.writelines(response.iter_bytes())
            finally:
                response.close()
        except httpx.InvalidURL as error:
            raise refusals.unreachable(request.url, error) from error
        except httpx.TransportError as error:
            fault = refusals.unreachable(request.url, error)
            unsent = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))
            if request.repeatable or unsent:
                raise _Passing(fault) from error
            raise fault from error
        finally:
            body.clear()  # what httpx has sent it holds in cycles until the garbage is collected
        return _media(response)

    def _build(self, request: Request, body: Sequence[bytes] = ()) -> httpx.Request:
        # None where there is no body: a GET with a length of nought is refused by some.
        length = {"Content-Length": str(len(request.body))} if body else {}
        headers = {**request.headers, **length}
        return self._client.build_request(
            request.method, request.url, content=body or None, headers=headers
        )

    def _check(self, response: httpx.Response, request: Request) -> None:
        status = response.status_code
        if response.is_success:
            if _media(response) in _HTML:
                raise refusals.no_store(request.url)
            return
        response.read()
        if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            raise refusals.say(TooLargeError, *refusals.too_large(request.url, len(request.body)))
        error = refusals.refused(request.url, status, response.text, response.headers)
        if status in _PASSING and (request.repeatable or status in _NOT_DONE):
            wait_s = _read_wait(response)
            if wait_s is None or wait_s <= _LONGEST_ASKED_S:
                raise _Passing(error, wait_s)
        raise error


class _Auth(httpx.Auth):
    """Answer the store's challenge, Digest before Basic, and remember which it was."""

    def __init__(self, credentials: Credentials | None) -> None:
        self._credentials = credentials
        self._scheme: httpx.Auth | None = None

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Yield the request as often as the store has to be answered."""
        known = self._credentials
        if known is not None and known.token:
            request.headers["Authorization"] = f"Bearer {known.token}"
            yield request
        elif self._scheme is not None or known is None:
            yield from (self._scheme or httpx.Auth()).auth_flow(request)
        else:
            response = yield request
            if response.status_code == HTTPStatus.UNAUTHORIZED:
                asked = response.headers.get("WWW-Authenticate", "").lower()
                kind = httpx.DigestAuth if "digest" in asked else httpx.BasicAuth
                self._scheme = kind(known.user, known.password)
                yield from self._scheme.auth_flow(request)


def _wait(state: tenacity.RetryCallState) -> float:
    failure = state.outcome.exception() if state.outcome else None
    if isinstance(failure, _Passing) and failure.wait_s is not None:
        return failure.wait_s
    return tenacity.wait_random_exponential(_FIRST_WAIT_S, _LONGEST_WAIT_S)(state)


def _read_wait(response: httpx.Response) -> float | None:
    """Return the seconds of `Retry-After`; None where there is none, or a date."""
    given = response.headers.get("Retry-After", "")
    return float(given) if given.isdecimal() else None


def _media(response: httpx.Response) -> str:
    media: str = response.headers.get("Content-Type", "")
    return media.partition(";")[0].strip().lower()
