"""Queries sent to a SPARQL endpoint over HTTP, and answers that came whole or not at all.

SPARQLWrapper makes the request. It is sent here: so that no redirect is followed (credentials
would go along), credentials are sent only in the way that the store asks for, and what passes is
tried again.
"""

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.client import HTTPException, HTTPResponse, IncompleteRead
from io import BytesIO
from typing import TYPE_CHECKING, NamedTuple, cast
from urllib.error import HTTPError, URLError
from urllib.request import (
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPRedirectHandler,
    build_opener,
)

from SPARQLWrapper import JSON, POST, TURTLE, SPARQLWrapper
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    stop_before_delay,
    wait_random_exponential,
)

from aidgraph.store.faults import explain_fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message
    from urllib.request import Request

    from aidgraph.store.credentials import Credentials

_AGENT = "aidgraph (+https://w3id.org/aidgraph/)"
_MOST_TRIES = 5
_MOST_READ = 20_000  # bytes of the page that comes with an error
_GROWING = wait_random_exponential(multiplier=0.4, max=5)  # seconds
_PASSING = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
_SELF_ENDING = ("application/sparql-results+json", "application/json")
"""What cannot be read where its end is missing."""


class Reply(NamedTuple):
    """An answer of status 200: its body, and its headers."""

    body: bytes
    headers: Message


class Endpoint:
    """A SPARQL endpoint, asked by POST in the manner of SPARQL 1.1 Protocol, section 2.1.2."""

    def __init__(self, url: str, credentials: Credentials | None, timeout_s: float) -> None:
        """Ask the endpoint at `url`, as who `credentials` say, each answer within `timeout_s`."""
        self.url = url
        self._credentials = credentials
        self._timeout_s = timeout_s
        self._opener = build_opener(_NoRedirect())
        self._header = credentials.header() if credentials and credentials.token else None
        self._is_challenged = False

    def ask(self, text: str, form: str) -> Reply:
        """Return the answer to a query of the form SELECT, ASK, CONSTRUCT or DESCRIBE.

        Raises:
            LimitError: it took too long.
            RemoteError: the store cannot be reached, refuses, or breaks off.
        """
        wrapper = SPARQLWrapper(
            self.url, returnFormat=JSON if form in ("SELECT", "ASK") else TURTLE, agent=_AGENT
        )
        wrapper.setMethod(POST)
        wrapper.setOnlyConneg(True)
        # Not setQuery, which looks for the form itself, and in comments too.
        wrapper.queryString, wrapper.queryType = text, form
        tries = Retrying(
            retry=retry_if_exception(_passes),
            stop=stop_after_attempt(_MOST_TRIES) | stop_before_delay(self._timeout_s),
            wait=_pause,
            reraise=True,
        )
        known = self._credentials
        secrets = (known.password, known.token, known.header()) if known else ()
        try:
            return tries(self._send, wrapper._createRequest)  # noqa: SLF001  # see above
        except (OSError, HTTPException, ValueError) as error:  # the last, of an unknown Digest
            raise explain_fault(error, self.url, self._timeout_s, secrets) from None

    def _send(self, make: Callable[[], Request]) -> Reply:
        request = make()
        if self._header is not None:
            request.add_unredirected_header("Authorization", self._header)
        try:
            response = cast("HTTPResponse", self._opener.open(request, timeout=self._timeout_s))
        except HTTPError as error:
            shut = _shut(error)
            if error.code == HTTPStatus.UNAUTHORIZED and self._answer_challenge(error.headers):
                return self._send(make)
            raise shut from None
        with response:
            is_framed = response.chunked or response.length is not None
            body = response.read()  # raises where less came than was announced
        if not is_framed and response.headers.get_content_type() not in _SELF_ENDING:
            raise _UnframedError
        return Reply(body, response.headers)

    def _answer_challenge(self, headers: Message) -> bool:
        """Tell whether the credentials can be, and from now on are, sent as the store asks."""
        known = self._credentials
        if known is None or known.token or self._is_challenged:
            return False
        self._is_challenged = True
        if headers.get("WWW-Authenticate", "").lower().startswith("digest"):
            passwords = HTTPPasswordMgrWithDefaultRealm()
            passwords.add_password(None, self.url, known.user, known.password)
            self._opener.add_handler(HTTPDigestAuthHandler(passwords))
        else:
            self._header = known.header()
        return True


class _NoRedirect(HTTPRedirectHandler):
    """Takes a redirect for the error that it then is."""

    def redirect_request(self, *_given: object, **_named: object) -> None:
        """Make no request."""


class _UnframedError(HTTPException):
    """An answer that would look whole wherever it was cut."""


def _shut(error: HTTPError) -> HTTPError:
    """Return the error with what came with it read, and its connection closed."""
    body = b""
    if error.fp is not None:
        with error:
            body = error.read(_MOST_READ)
    return HTTPError(error.url, error.code, error.reason, error.headers, BytesIO(body))


def _passes(error: BaseException) -> bool:
    """Tell whether what failed may well succeed a moment later."""
    if isinstance(error, HTTPError):
        return error.code in _PASSING
    cause = error.reason if isinstance(error, URLError) else error
    return isinstance(cause, ConnectionResetError | IncompleteRead)


def _pause(state: RetryCallState) -> float:
    """Return for how many seconds to wait: as the store says, else longer each time."""
    error = state.outcome.exception() if state.outcome else None
    wanted = error.headers.get("Retry-After", "") if isinstance(error, HTTPError) else ""
    if wanted.isdecimal():
        return float(wanted)
    try:
        return max(0.0, parsedate_to_datetime(wanted).timestamp() - time.time())
    except (TypeError, ValueError):
        return _GROWING(state)
