"""Google's refusals: each becomes one sentence and one action, without a word of Google's own."""

from typing import Any

import pytest

from sheets_sync.errors import SheetsSyncError, UsageError, WorkbookBusy, WorkbookError, WorkbookRefused
from sheets_sync.workbooks.google.calls import Rejected
from sheets_sync.workbooks.google.retry import Outcome
from sheets_sync.workbooks.google.transport import Answer
from sheets_sync.workbooks.google.troubles import NOBODY, Account, Asked, said, trouble

ROBOT = Account("robot@plant.iam.gserviceaccount.com")
LINK = "https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=603366585132"


def error(code: int, status: str, message: str, *details: dict[str, Any], **more: Any) -> Answer:
    """An error reply in Google's form."""
    body = {"code": code, "message": message, "status": status, "details": list(details), **more}
    return Answer(Outcome.FINAL, code, {"error": body})


def reason(name: str, **metadata: str) -> dict[str, Any]:
    return {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": name, "metadata": metadata}


DISABLED = error(
    403,
    "PERMISSION_DENIED",
    "Google Sheets API has not been used in project 603366585132 before or it is disabled.",
    reason("SERVICE_DISABLED", service="sheets.googleapis.com", activationUrl=LINK),
)
QUOTA_PROJECT = error(
    403,
    "PERMISSION_DENIED",
    "Your application is authenticating by using local Application Default Credentials. "
    "The sheets.googleapis.com API requires a quota project, which is not set by default.",
    reason("SERVICE_DISABLED"),
)
DRIVE_404 = error(
    404,
    "",
    "File not found: 1jIKzPs8.",
    errors=[{"domain": "global", "reason": "notFound", "location": "fileId", "message": "File not found: 1jIKzPs8."}],
)

CASES: list[tuple[Answer, Asked, type[SheetsSyncError], str, str]] = [
    (
        error(403, "PERMISSION_DENIED", "The caller does not have permission"),
        Asked(),
        WorkbookRefused,
        "not shared",
        "Share, add robot@plant.iam.gserviceaccount.com as Editor",
    ),
    (
        error(403, "PERMISSION_DENIED", "The caller does not have permission"),
        Asked(changes=True),
        WorkbookRefused,
        "may be looked at, but not changed",
        "as Editor, not as Viewer",
    ),
    (DISABLED, Asked(), UsageError, "Sheets API is not switched on", LINK),
    (DISABLED, Asked(drive=True), UsageError, "Drive API is not switched on", LINK),
    (
        error(403, "PERMISSION_DENIED", "x", reason("SERVICE_DISABLED", activationUrl="https://evil.example/")),
        Asked(),
        UsageError,
        "Sheets API",
        "https://console.cloud.google.com/apis/library/sheets.googleapis.com",
    ),
    (
        error(403, "", "Access Not Configured.", errors=[{"domain": "usageLimits", "reason": "accessNotConfigured"}]),
        Asked(drive=True),
        UsageError,
        "Drive API is not switched on",
        "https://console.cloud.google.com/apis/library/drive.googleapis.com",
    ),
    (QUOTA_PROJECT, Asked(), UsageError, "which project", "gcloud auth application-default set-quota-project"),
    (
        error(403, "PERMISSION_DENIED", "Caller does not have required permission", reason("USER_PROJECT_DENIED")),
        Asked(),
        UsageError,
        "may not use its Google Cloud project",
        "Service Usage Consumer",
    ),
    (
        error(
            403,
            "PERMISSION_DENIED",
            "Request had insufficient authentication scopes.",
            reason("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
        ),
        Asked(),
        UsageError,
        "does not include Google Sheets",
        "sign in again with the scopes",
    ),
    (
        error(403, "", "The domain administrators have disabled Drive apps.", errors=[{"reason": "domainPolicy"}]),
        Asked(),
        WorkbookRefused,
        "organisation does not allow",
        "ask IT",
    ),
    (error(404, "NOT_FOUND", "Requested entity was not found."), Asked(), WorkbookRefused, "no such sheet", "copy the"),
    (DRIVE_404, Asked(drive=True), WorkbookRefused, "thrown away", "copy the address"),
    (
        error(400, "FAILED_PRECONDITION", "This operation is not supported for this document"),
        Asked(),
        WorkbookRefused,
        "an Excel file in Drive",
        "File, Save as Google Sheets",
    ),
    (
        error(400, "INVALID_ARGUMENT", "Unable to parse range: 'Plano'!A1:Z"),
        Asked(),
        Rejected,
        "was deleted while",
        "next run",
    ),
    (
        error(400, "INVALID_ARGUMENT", "Range (Sheet1!A2000) exceeds grid limits. Max rows: 1000, max columns: 26"),
        Asked(changes=True),
        Rejected,
        "was deleted while",
        "next run",
    ),
    (
        error(
            400,
            "INVALID_ARGUMENT",
            "Invalid requests[0].updateCells: You are trying to edit a protected cell or object. Please contact the "
            "spreadsheet owner to remove protection if you need to edit.",
        ),
        Asked(changes=True),
        WorkbookRefused,
        "protected against",
        "Data, Protect sheets and ranges",
    ),
    (
        error(
            400,
            "INVALID_ARGUMENT",
            "This action would increase the number of cells in the workbook above the limit of 10000000 cells.",
        ),
        Asked(changes=True),
        WorkbookRefused,
        "full",
        "delete tabs",
    ),
    (
        error(400, "INVALID_ARGUMENT", "Invalid requests[0]: anything else"),
        Asked(changes=True),
        Rejected,
        "did not accept",
        "run again",
    ),
    (
        error(401, "UNAUTHENTICATED", "Invalid credentials."),
        Asked(),
        UsageError,
        "sign-in",
        "",
    ),
    (error(429, "RESOURCE_EXHAUSTED", "Quota exceeded"), Asked(), WorkbookBusy, "quota", "next run"),
    (Answer(Outcome.UNKNOWN, 502), Asked(), WorkbookBusy, "does not work at the moment", "next run"),
    (Answer(Outcome.UNKNOWN, 200), Asked(), WorkbookBusy, "does not work at the moment", "next run"),
    (error(413, "", "Request Entity Too Large"), Asked(changes=True), Rejected, "too much", ""),
    (error(418, "", "teapot"), Asked(), Rejected, "refused", ""),
]


@pytest.mark.parametrize(("answer", "asked", "kind", "sentence", "action"), CASES)
def test_each_refusal_is_a_sentence_and_an_action(
    answer: Answer, asked: Asked, kind: type[SheetsSyncError], sentence: str, action: str
) -> None:
    """The person reads what is wrong and what to do; the kind of error decides exit code and trying again."""
    found = trouble(answer, ROBOT, asked)
    assert type(found) is kind
    assert sentence in found.message
    assert action in found.remedy
    assert found.remedy
    assert "\n" not in found.message + found.remedy


@pytest.mark.parametrize("answer", [case[0] for case in CASES])
@pytest.mark.parametrize("asked", [Asked(), Asked(changes=True), Asked(drive=True)])
def test_google_is_never_quoted(answer: Answer, asked: Asked) -> None:
    """Google's words may hold cells, addresses and tokens: none of them is repeated."""
    body = answer.json.get("error")
    told = error(answer.status, "", "")
    if body is not None:
        told = answer._replace(json={"error": {**body, "message": body["message"] + " SENTINEL ana@example.com"}})
    found = trouble(told, NOBODY, asked)
    assert "SENTINEL" not in found.message + found.remedy + str(found)
    assert "@" not in found.message + found.remedy


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"error": "invalid"},
        {"error": []},
        {"error": {}},
        {"error": {"details": "x", "errors": 3}},
        {"error": {"details": [None, {"metadata": []}], "errors": ["x", {}]}},
        {"error": {"details": [{"metadata": {"activationUrl": "https://[bad"}}]}},
    ],
)
def test_any_reply_can_be_taken_apart(body: dict[str, Any]) -> None:
    """A reply in no known form is still a trouble of the workbook, never a crash."""
    assert said(Answer(Outcome.FINAL, 403, body)).activate == ""
    assert isinstance(trouble(Answer(Outcome.FINAL, 403, body), ROBOT, Asked()), WorkbookError)


def test_the_account_is_named_only_where_it_may_be() -> None:
    """Without an address to show, the doctor is named, who shows it on a terminal."""
    found = trouble(error(403, "PERMISSION_DENIED", "x"), NOBODY, Asked())
    assert "sheets-sync doctor" in found.remedy
