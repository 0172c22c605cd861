"""Keeps what was asked of Google and what it answered, in the form of VCR cassettes, so that it can be played again.

Tokens are never kept. What stands in the sheet is: use a sheet made for this.
"""

import json
from pathlib import Path
from typing import Any

import requests

KEPT_HEADERS = ("Content-Type", "Date", "Server", "Retry-After", "WWW-Authenticate", "Cache-Control", "Vary")


class RecordingClient:
    """Passes requests on to another client and remembers them. Fulfils `transport.Client`."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.interactions: list[dict[str, Any]] = []

    @property
    def session(self) -> requests.Session:
        """The other client's session."""
        session: requests.Session = self._client.session
        return session

    def set_timeout(self, timeout: tuple[float, float]) -> None:
        self._client.set_timeout(timeout)

    def request(
        self,
        method: str,
        endpoint: str,
        params: Any = None,
        data: bytes | None = None,
        json: Any = None,
    ) -> Any:
        try:
            response = self._client.request(method, endpoint, params=params, data=data, json=json)
        except Exception as error:
            self._keep(getattr(error, "response", None))
            raise
        self._keep(response)
        return response

    def save(self, file: Path) -> None:
        """Write the cassette."""
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"version": 1, "interactions": self.interactions}, indent=4), encoding="utf-8")

    def _keep(self, response: requests.Response | None) -> None:
        if response is None:
            return
        sent = response.request
        body = sent.body.decode() if isinstance(sent.body, bytes) else sent.body
        self.interactions.append(
            {
                "request": {
                    "method": sent.method,
                    "uri": sent.url,
                    "body": body,
                    "headers": {"authorization": ["<ACCESS_TOKEN>"], "Content-Type": ["application/json"]},
                },
                "response": {
                    "status": {"code": response.status_code, "message": response.reason},
                    "headers": {name: [response.headers[name]] for name in KEPT_HEADERS if name in response.headers},
                    "body": {"string": response.text},
                },
            }
        )
