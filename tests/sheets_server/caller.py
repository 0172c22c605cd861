"""Who calls: accounts, their tokens and scopes. Unknown tokens belong to the one everyday account."""

import base64
import json
import secrets
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from .clock import Clock
from .errors import ApiError, Json

ROBOT = "robot@plans.iam.gserviceaccount.com"
PROJECT = "123456789012"
_SCOPE = "https://www.googleapis.com/auth/"
_ALL = (_SCOPE + "spreadsheets", _SCOPE + "drive")
SHEETS_WRITE = (_SCOPE + "spreadsheets", _SCOPE + "drive", _SCOPE + "drive.file")
SHEETS_READ = (*SHEETS_WRITE, _SCOPE + "spreadsheets.readonly", _SCOPE + "drive.readonly")
DRIVE_READ = (
    _SCOPE + "drive",
    _SCOPE + "drive.file",
    _SCOPE + "drive.readonly",
    _SCOPE + "drive.metadata",
    _SCOPE + "drive.metadata.readonly",
)
DRIVE_WRITE = (_SCOPE + "drive", _SCOPE + "drive.file")


@dataclass(frozen=True)
class Caller:
    """Somebody with a token."""

    account: str = ROBOT
    scopes: tuple[str, ...] = _ALL
    project: str = PROJECT

    def check(self, scopes: tuple[str, ...], service: str) -> None:
        """Refuse when none of these scopes was granted."""
        if not set(scopes) & set(self.scopes):
            detail = {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                "domain": "googleapis.com",
                "metadata": {"service": service, "method": ""},
            }
            raise ApiError(403, "Request had insufficient authentication scopes.", details=[detail])


@dataclass
class Tokens:
    """Access tokens handed out by the token endpoint."""

    clock: Clock
    required: bool = False
    """Whether calls without a known token are refused."""
    lifetime: float = 3599
    refused: str = ""
    """Set to an OAuth error ("invalid_grant") to refuse new tokens."""
    asked: int = 0
    everyday: Caller = Caller()
    _known: dict[str, tuple[Caller, float]] = field(default_factory=dict)

    def exchange(self, body: bytes) -> tuple[int, Json]:
        """Answer the token endpoint: a signed assertion or a refresh token for an access token."""
        self.asked += 1
        if self.refused:
            told = {"invalid_grant": "Invalid JWT Signature."}.get(self.refused, self.refused)
            return 400, {"error": self.refused, "error_description": told}
        form = parse_qs(body.decode())
        claims = _claims(form.get("assertion", [""])[0])
        scopes = tuple(claims.get("scope", " ".join(_ALL)).split())
        account = claims.get("sub") or claims.get("iss") or self.everyday.account
        token = "local." + secrets.token_hex(12)
        self._known[token] = Caller(account, scopes), self.clock.seconds() + self.lifetime
        return 200, {"access_token": token, "expires_in": int(self.lifetime), "token_type": "Bearer"}

    def caller(self, authorization: str) -> Caller:
        """Who sends this header. 401 for an expired token, and for an unknown one where tokens are required."""
        token = authorization.removeprefix("Bearer ").strip()
        if token in self._known:
            caller, until = self._known[token]
            if until > self.clock.seconds():
                return caller
            raise unauthenticated()
        if self.required:
            raise unauthenticated()
        return self.everyday

    def expire(self) -> None:
        """Let every token expire now."""
        self._known = {token: (caller, 0.0) for token, (caller, _) in self._known.items()}


def _claims(assertion: str) -> Json:
    parts = assertion.split(".")
    if len(parts) != 3:
        return {}
    return dict(json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))))


def unauthenticated() -> ApiError:
    """The refusal of a missing, unknown or expired token."""
    refusal = ApiError(
        401,
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    )
    refusal.headers = {
        "WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"',
    }
    return refusal
