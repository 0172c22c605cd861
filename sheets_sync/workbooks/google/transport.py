"""One request to Google and what came of it. The only module that imports gspread, whose HTTPClient carries requests;
google-auth's own session does it as well.

Not here: trying again (retry.py), quotas (pace.py), what an error means (troubles.py).
"""

import json
from collections.abc import Mapping
from concurrent.futures import Future
from threading import Thread
from typing import Any, NamedTuple, Protocol

from sheets_sync.workbooks.google.calls import Json
from sheets_sync.workbooks.google.retry import Outcome, outcome_of

TIMEOUTS = (10.0, 190.0)
"""Seconds to connect, and to wait for the next bytes of an answer: the API itself gives a request up after 180 s."""
LONGEST = 300.0
"""Seconds in which an answer must have come whole. Bytes that drip, or a name that nobody resolves, meet no timeout."""


class Client(Protocol):
    """What carries requests: gspread's HTTPClient, or `SessionClient`."""

    def set_timeout(self, timeout: tuple[float, float]) -> None:
        """Set the seconds to connect and to wait."""

    def request(
        self,
        method: str,
        endpoint: str,
        params: Any = None,  # noqa: ANN401 (as gspread has it)
        data: bytes | None = None,
        json: Json | None = None,
    ) -> Any:  # noqa: ANN401 (a requests.Response)
        """Send a request. An answer that is an error may be raised as an exception that has it as `response`."""


class Request(NamedTuple):
    """One HTTP request; a body is sent as JSON."""

    method: str
    url: str
    params: Mapping[str, str]
    body: Json | None = None


class Answer(NamedTuple):
    """What came of a request. `status` 0: there was no answer, and `error` tells why; `json` is empty where the answer
    was none."""

    outcome: Outcome
    status: int = 0
    json: Json = {}
    retry_after: float | None = None
    error: Exception | None = None


class SessionClient:
    """Carries requests over google-auth's AuthorizedSession, without gspread."""

    def __init__(self, session: Any) -> None:  # noqa: ANN401 (an AuthorizedSession)
        self._session = session
        self._timeout: tuple[float, float] = TIMEOUTS

    def set_timeout(self, timeout: tuple[float, float]) -> None:
        """Set the seconds to connect and to wait."""
        self._timeout = timeout

    def request(
        self,
        method: str,
        endpoint: str,
        params: Any = None,  # noqa: ANN401 (as gspread has it)
        data: bytes | None = None,
        json: Json | None = None,
    ) -> Any:  # noqa: ANN401 (a requests.Response)
        """Send a request; every answer is returned."""
        return self._session.request(method, endpoint, params=params, data=data, json=json, timeout=self._timeout)


def client_for(credentials: Any) -> Client:  # noqa: ANN401 (google-auth credentials)
    """The client for these credentials: gspread's, or google-auth's session where gspread is not installed."""
    try:
        from gspread.http_client import HTTPClient
    except ImportError:
        from google.auth.transport.requests import AuthorizedSession

        session: Any = AuthorizedSession
        return SessionClient(session(credentials))
    client: Client = HTTPClient(credentials)
    return client


def ask(client: Client, request: Request, longest: float = LONGEST) -> Answer:
    """Send the request once. What went wrong is in the answer; only what is no trouble of the network is raised.

    After `longest` seconds there is no answer, whatever may still come.
    """
    from google.auth.exceptions import GoogleAuthError
    from requests.exceptions import RequestException

    try:
        response = _in_time(client, request, longest)
    except GoogleAuthError as error:
        return Answer(_sign_in_outcome(error), error=error)
    except RequestException as error:
        return Answer(_network_outcome(error), error=error)
    except (KeyError, TypeError) as error:
        return Answer(Outcome.UNKNOWN, error=error)  # gspread stumbles over an error reply that has not Google's form
    except Exception as error:
        response = getattr(error, "response", None)
        if response is None:
            raise
    return _read(response)


def _in_time(client: Client, request: Request, longest: float) -> Any:  # noqa: ANN401 (a requests.Response)
    """The response, asked for in a thread that is left alone when it takes too long."""
    from requests.exceptions import ReadTimeout

    found: Future[Any] = Future()

    def send() -> None:
        try:
            found.set_result(
                client.request(request.method, request.url, params=dict(request.params), json=request.body)
            )
        except BaseException as error:
            found.set_exception(error)

    Thread(target=send, daemon=True).start()
    try:
        return found.result(longest)
    except TimeoutError:
        if found.done():
            raise
        raise ReadTimeout(f"no whole answer within {longest:.0f} s") from None


def _read(response: Any) -> Answer:  # noqa: ANN401 (a requests.Response)
    status: int = response.status_code
    try:
        found = json.loads(response.content)
    except ValueError:
        found = None
    is_json = isinstance(found, Mapping)
    body: Json = found if is_json else {}
    outcome = outcome_of(status, is_json=is_json, limited=_tells_of_quota(body))
    return Answer(outcome, status, body, _seconds(response.headers.get("Retry-After")))


def _tells_of_quota(body: Json) -> bool:
    """Whether Drive says so, which it does with 403 and one of these reasons."""
    error = body.get("error")
    errors = error.get("errors", ()) if isinstance(error, Mapping) else ()
    reasons = {one.get("reason") for one in errors if isinstance(one, Mapping)}
    return bool(reasons & {"rateLimitExceeded", "userRateLimitExceeded", "sharingRateLimitExceeded"})


def _seconds(text: str | None) -> float | None:
    """Retry-After in seconds; its other form, a date, is not read: our own waits are as good."""
    return float(text) if text is not None and text.isdecimal() and text.isascii() else None


def _sign_in_outcome(error: Any) -> Outcome:  # noqa: ANN401 (a GoogleAuthError)
    """Tokens are fetched before the request is sent, so nothing was done."""
    from google.auth.exceptions import TransportError

    return Outcome.UNREACHED if isinstance(error, TransportError) or error.retryable else Outcome.FINAL


def _network_outcome(error: Exception) -> Outcome:
    from requests import exceptions
    from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProxyError

    if untrusted(error):
        return Outcome.FINAL
    if isinstance(error, exceptions.ConnectTimeout | exceptions.ProxyError):
        return Outcome.UNREACHED
    cause = getattr(error.args[0], "reason", None) if error.args else None
    never_left = isinstance(cause, ConnectTimeoutError | NewConnectionError | ProxyError)
    return Outcome.UNREACHED if never_left else Outcome.UNKNOWN


def untrusted(error: BaseException | None) -> bool:
    """Whether the certificate of whoever answered is not trusted, as behind some company proxies."""
    import ssl

    seen = 0
    pending: list[object] = [error]
    while pending and seen < 20:
        current = pending.pop()
        seen += 1
        if isinstance(current, ssl.SSLCertVerificationError):
            return True
        if isinstance(current, BaseException):
            pending += [current.__cause__, current.__context__, getattr(current, "reason", None), *current.args]
    return False
