"""Turns gspread's addresses to the local server: the one supported hook, an HTTPClient with another `request`."""

from typing import Any

import requests
from gspread import Client
from gspread.http_client import HTTPClient

from .server import DRIVE_ADDRESS, SHEETS_ADDRESS


def local_http_client(url: str) -> type[HTTPClient]:
    """An HTTPClient class that asks the server at `url` instead of Google."""

    class LocalHTTPClient(HTTPClient):
        def request(self, method: str, endpoint: str, *args: Any, **options: Any) -> requests.Response:
            return super().request(method, local_address(url, endpoint), *args, **options)

    return LocalHTTPClient


def local_address(url: str, endpoint: str) -> str:
    """The server's address for one of Google's."""
    return endpoint.replace(SHEETS_ADDRESS, url, 1).replace(DRIVE_ADDRESS, url, 1)


def local_client(url: str) -> Client:
    """A gspread client without credentials."""
    return Client(auth=None, session=requests.Session(), http_client=local_http_client(url))
