"""Google's request quotas: reads and writes per minute, by user and by project, refilled every minute."""

from collections import Counter
from dataclasses import dataclass, field

from .clock import Clock
from .errors import ApiError


@dataclass
class Quotas:
    """Counts requests of the running minute. 0 = no limit; the server starts without limits."""

    clock: Clock
    per_user: int = 0
    per_project: int = 0
    _minute: int = 0
    _used: Counter[tuple[str, str]] = field(default_factory=Counter)

    def enforce(self, *, per_user: int = 60, per_project: int = 300) -> None:
        """Switch the limits on, with what Google grants by default."""
        self.per_user, self.per_project = per_user, per_project

    def take(self, account: str, project: str, *, writes: bool) -> None:
        """Count one request. 429 when the minute is used up."""
        minute = int(self.clock.seconds() // 60)
        if minute != self._minute:
            self._minute, self._used = minute, Counter()
        kind = "Write" if writes else "Read"
        for who, limit, scope in ((account, self.per_user, " per user"), ("", self.per_project, "")):
            if limit and self._used[kind, who] >= limit:
                raise exceeded(kind, scope, limit, project)
        self._used[kind, account] += 1
        self._used[kind, ""] += 1


def exceeded(kind: str = "Read", scope: str = " per user", limit: int = 60, project: str = "123456789012") -> ApiError:
    """The refusal, as recorded. There is no Retry-After."""
    name = f"{kind}RequestsPerMinutePer{'User' if scope else 'Project'}"
    message = (
        f"Quota exceeded for quota metric '{kind} requests' and limit '{kind} requests per minute{scope}' of service "
        f"'sheets.googleapis.com' for consumer 'project_number:{project}'."
    )
    facts = {
        "service": "sheets.googleapis.com",
        "consumer": f"projects/{project}",
        "quota_limit": name,
        "quota_limit_value": str(limit),
        "quota_metric": f"sheets.googleapis.com/{kind.lower()}_requests",
        "quota_location": "global",
    }
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": facts,
    }
    link = {
        "description": "Request a higher quota limit.",
        "url": "https://cloud.google.com/docs/quotas/help/request_increase",
    }
    help_told = {"@type": "type.googleapis.com/google.rpc.Help", "links": [link]}
    return ApiError(429, message, details=[info, help_told])
