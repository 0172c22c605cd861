"""The refusals that were recorded from Google itself are understood."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.google.calls import Rejected
from sheets_sync.workbooks.google.retry import Outcome, outcome_of
from sheets_sync.workbooks.google.transport import Answer
from sheets_sync.workbooks.google.troubles import NOBODY, Asked, said, trouble

KINDS = {400: Rejected, 403: WorkbookRefused, 404: WorkbookRefused}


def refusals(folder: Path) -> Iterator[tuple[str, int, str]]:
    """Address, status and body of every recorded answer that is an error."""
    for file in sorted(folder.rglob("*.json")):
        for one in json.loads(file.read_text("utf-8"))["interactions"]:
            status = one["response"]["status"]["code"]
            if status >= 400:
                yield one["request"]["uri"], status, one["response"]["body"]["string"]


@pytest.mark.shared
def test_recorded_refusals_are_told_in_our_words(shared: Path) -> None:
    """Each is final, of the kind its status stands for, and quotes nothing of Google's."""
    found = list(refusals(shared / "google-recordings"))
    assert {status for _, status, _ in found} >= {400, 403, 404}
    for address, status, body in found:
        answer = Answer(outcome_of(status, is_json=True), status, json.loads(body))
        assert answer.outcome is Outcome.FINAL
        error = trouble(answer, NOBODY, Asked(drive="googleapis.com/drive" in address))
        assert type(error) is KINDS[status]
        assert said(answer).message not in error.message + error.remedy
        assert error.remedy
