"""Who a file is shared with: the permissions.* methods of the Drive API."""

import zlib
from collections.abc import Callable

from .book import Book
from .call import Call
from .caller import DRIVE_READ, DRIVE_WRITE
from .errors import ApiError, Json

_OWNER = "owner@example.org"


def _book(call: Call, *, writing: bool = False) -> Book:
    call.caller.check(DRIVE_WRITE if writing else DRIVE_READ, "drive.googleapis.com")
    return call.api.files.for_drive(call.path["fileId"], call.caller.account)


def _number(account: str) -> str:
    return f"{zlib.crc32(account.encode()):020}"


def _told(account: str, role: str) -> Json:
    kind = "anyone" if account == "*" else "user"
    address = {} if account == "*" else {"emailAddress": account}
    return {"kind": "drive#permission", "id": _number(account), "type": kind, "role": role} | address


def _list(call: Call) -> Json:
    book = _book(call)
    shared = [_told(account, role) for account, role in book.roles.items() if role != "none"]
    return {"kind": "drive#permissionList", "permissions": [_told(_OWNER, "owner"), *shared]}


def _create(call: Call) -> Json:
    book = _book(call, writing=True)
    account = call.body.get("emailAddress", "*") if call.body.get("type") in ("user", "group") else "*"
    book.roles[account] = call.body.get("role", "reader")
    book.changed(call.api.clock.now())
    told = _told(account, book.roles[account])
    return told if call.mask else {name: told[name] for name in ("kind", "id", "type", "role")}


def _delete(call: Call) -> None:
    book = _book(call, writing=True)
    for account in list(book.roles):
        if _number(account) == call.path["permissionId"]:
            del book.roles[account]
            book.changed(call.api.clock.now())
            return
    number = call.path["permissionId"]
    reason = {"message": f"Permission not found: {number}.", "domain": "global", "reason": "notFound"}
    raise ApiError(404, f"Permission not found: {number}.", status="-", errors=[reason])


PERMISSIONS: dict[str, Callable[[Call], Json | None]] = {
    "permissions.list": _list,
    "permissions.create": _create,
    "permissions.delete": _delete,
}
