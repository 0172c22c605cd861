"""`python -m tests.sheets_server serve`: the server by itself, for suites that run from outside."""

import subprocess
import sys
from pathlib import Path

import pytest
import requests
from sheets_server.gspread_client import local_client

ROOT = Path(__file__).parents[2]
WORDS = [sys.executable, "-m", "tests.sheets_server", "serve", "--port", "0"]


@pytest.fixture(scope="module")
def address():
    """The address a served process prints."""
    with subprocess.Popen(WORDS, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        yield process.stdout.readline().strip()
        process.terminate()


def test_it_prints_its_address_and_serves(address):
    """A client from outside makes a spreadsheet there."""
    client = local_client(address)
    made = client.create("From outside")
    made.share("ana@example.org", perm_type="user", role="reader", notify=False)
    roles = {one.get("emailAddress"): one["role"] for one in made.list_permissions()}
    assert roles["ana@example.org"] == "reader"
    made.remove_permissions("ana@example.org", "reader")
    assert "ana@example.org" not in {one.get("emailAddress") for one in made.list_permissions()}
    client.http_client.session.close()


@pytest.mark.parametrize(("file_id", "status"), [("1" + "x" * 43, 403), ("test", 404)])
def test_ids_it_never_gave_are_other_peoples(address, file_id, status):
    """A well-formed id may be somebody's spreadsheet; anything else is nobody's."""
    assert requests.get(f"{address}/v4/spreadsheets/{file_id}", timeout=5).status_code == status
