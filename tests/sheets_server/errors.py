"""Errors the way Google words them: an HTTP status and a google.rpc body. Not here: when they happen."""

from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}


class ApiError(Exception):
    """A request that Google would refuse. `body` is the reply, `headers` what it adds."""

    def __init__(self, code: int, message: str, *, status: str = "", **extra: Any) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status or STATUS_NAMES.get(code, "")
        self.extra = extra
        self.headers: Mapping[str, str] = {}

    @property
    def body(self) -> Json:
        """The reply's JSON."""
        error: Json = {"code": self.code, "message": self.message, "status": self.status}
        if self.status == "-":
            del error["status"]
        return {"error": error | self.extra}

    def inside(self, place: str) -> "ApiError":
        """The same refusal, told of one part of a batch."""
        return ApiError(self.code, f"Invalid {place}: {self.message}", status=self.status, **self.extra)


def invalid(message: str) -> ApiError:
    """A request that makes no sense here."""
    return ApiError(400, message)


def bad_field(message: str, field: str = "", description: str = "") -> ApiError:
    """A request whose JSON does not fit the discovery document."""
    violation = {"field": field, "description": description or message}
    if not field:
        del violation["field"]
    return bad_fields(message, [violation])


def bad_fields(message: str, violations: Sequence[Json]) -> ApiError:
    """A request with several fields that do not fit."""
    details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": list(violations)}]
    return ApiError(400, message, details=details)


def no_spreadsheet() -> ApiError:
    """The Sheets API does not know this id."""
    return ApiError(404, "Requested entity was not found.")


def no_permission() -> ApiError:
    """The caller may not do this with this spreadsheet."""
    return ApiError(403, "The caller does not have permission")


def no_file(file_id: str) -> ApiError:
    """The Drive API does not know this id."""
    message = f"File not found: {file_id}."
    place = {"message": message, "domain": "global", "reason": "notFound", "location": "fileId"}
    return ApiError(404, message, status="-", errors=[place | {"locationType": "parameter"}])


def protected() -> ApiError:
    """The caller is not among the editors of a protected range."""
    return invalid(
        "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove "
        "protection if you need to edit."
    )
