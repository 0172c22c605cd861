"""Why signing in to Google failed: one sentence and one action for each known reason.

The reasons are read from google-auth's exceptions, whose text may hold addresses and tokens and is never shown.
"""

from typing import NamedTuple

from sheets_sync.errors import UsageError

_ADMIN_SCOPES = (
    "in admin.google.com: Security, API controls, Domain-wide delegation; the README names the scopes "
    "(without that of Drive: drive_version = false)"
)


class _Reason(NamedTuple):
    """A reason is known by parts of the text, in small letters, all of which must be there."""

    parts: tuple[str, ...]
    message: str
    remedy: str


_REASONS = (
    _Reason(
        ("invalid_grant", "reasonable timeframe"),
        "Google says this computer's clock is wrong",
        "set date, time and time zone (sheets-sync doctor compares the clock)",
    ),
    _Reason(
        ("invalid_grant", "signature"),
        "the key of the service account was deleted, or is another account's",
        "make a new key and put its file in place",
    ),
    _Reason(
        ("invalid_grant", "account not found"),
        "the service account was deleted",
        "make a new one, with a key, and share the sheet with it",
    ),
    _Reason(
        ("invalid_grant", "invalid email or user id"),
        "the person named by subject does not exist in the organisation",
        "correct subject in [google]",
    ),
    _Reason(
        ("invalid_rapt",),
        "the organisation asks this person to sign in again every so often",
        "sign in again; for unattended runs use a service account",
    ),
    _Reason(
        ("invalid_grant", "expired or revoked"),
        "the sign-in has expired or was withdrawn",
        "sign in again; if it expires every 7 days, publish the OAuth app (consent screen: In production)",
    ),
    _Reason(
        ("invalid_grant", "jwt"),
        "Google does not accept the key: it was deleted, or this computer's clock is wrong",
        "look at the clock, then make a new key",
    ),
    _Reason(("invalid_grant",), "the sign-in is no longer valid", "sign in again, or make a new key"),
    _Reason(
        ("unauthorized_client",),
        "the organisation has not allowed this account to work in a person's name",
        f"ask the administrator: {_ADMIN_SCOPES}",
    ),
    _Reason(
        ("admin_policy_enforced",),
        "the organisation's policy blocks this sign-in",
        "ask IT; the README has a ready request",
    ),
    _Reason(("access_denied",), "the organisation's policy blocks this sign-in", "ask IT; the README has a request"),
    _Reason(
        ("invalid_scope",),
        "this sign-in does not include Google Sheets",
        "sign in again with the scopes the README names",
    ),
    _Reason(
        ("deleted_client",),
        "the OAuth app this sign-in was made with was deleted",
        "make a new one and sign in again",
    ),
    _Reason(
        ("invalid_client",),
        "the OAuth app this sign-in was made with is not accepted",
        "make a new one and sign in again",
    ),
    _Reason(
        ("iam service account credentials api has not been used",),
        "the IAM Service Account Credentials API is not switched on in the Google Cloud project",
        "open https://console.cloud.google.com/apis/library/iamcredentials.googleapis.com, press Enable, wait",
    ),
    _Reason(
        ("getaccesstoken",),
        "this sign-in may not act as the service account named by impersonate",
        "have it given the role Service Account Token Creator on that service account",
    ),
    _Reason(
        ("impersonated", "not_found"),
        "there is no service account of the name given by impersonate",
        "correct impersonate in [google]",
    ),
    _Reason(
        ("unable to acquire impersonated credentials",),
        "the service account named by impersonate cannot be used",
        "see that it exists and that this sign-in has the role Service Account Token Creator on it",
    ),
    _Reason(
        ("metadata",),
        "this computer is no Google Cloud machine with a service account that may use Sheets",
        "choose another sign_in in [google]; the README compares them",
    ),
)
"""In the order they are looked for: the first that fits is told."""


def sign_in_trouble(error: Exception) -> UsageError:
    """The sentence and action for an error of google-auth."""
    from google.auth.exceptions import DefaultCredentialsError

    if isinstance(error, DefaultCredentialsError):
        return UsageError(
            "this computer is not signed in to Google",
            "gcloud auth application-default login, or a key (init: --google-key FILE); the README shows both",
        )
    text = " ".join(map(str, error.args)).casefold()
    for reason in _REASONS:
        if all(part in text for part in reason.parts):
            return UsageError(reason.message, reason.remedy)
    return UsageError("signing in to Google failed", "sign in again, or make a new key; the README shows how")
