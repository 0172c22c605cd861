"""Mails written into a folder instead of sent: `2026-11-23-owner-week-<hash>.eml` with its `.html` beside it.

No name or address stands in a file's name, and nobody but the user can read the files.
"""

import contextlib
import datetime as dt
import hashlib
import os
import re
import secrets
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from sheets_sync.core.mails import Attempt, Sending
from sheets_sync.places import private_folder_problem

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
KEPT = dt.timedelta(days=30)
"""How long a mail's content is kept (HAZARDS 28), counted back from the newest mail."""
_OURS = re.compile(r"(\d{4}-\d{2}-\d{2})-[a-z0-9-]+-[0-9a-f]{12}\.(?:eml|html)")
_KIND = re.compile(r"[a-z0-9-]{1,60}")
_HASH_LETTERS = 12


class FileTransport:
    """The way out that reaches nobody. The same mail written twice is the same file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def connect(self) -> Attempt | None:
        """None: nothing has to be reached before a file is written."""
        return None

    def send(self, address: str, raw: bytes, *, message_id: str) -> Attempt:
        """Write the mail. The address is in its headers."""
        message = message_from_bytes(raw, _class=EmailMessage, policy=policy.default)
        name = file_name(message, message_id)
        html = message.get_body(("html",))
        page = html.get_content().encode() if html is not None else b""
        try:
            problem = self._prepare()
            if problem:
                return Attempt(Sending.STOP, reason=problem)
            if page:
                self._write(f"{name}.html", page)
            self._write(f"{name}.eml", raw)
            self._forget_old(name)
        except OSError as error:
            return Attempt(Sending.STOP, reason=f"The mail could not be written as a file ({error.strerror}).")
        return Attempt(Sending.WRITTEN)

    def close(self) -> None:
        """Nothing is held."""

    def _prepare(self) -> str:
        """Make the folder where it is missing; why it is no safe place for mails, "" when it is."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        problem = private_folder_problem(self._folder)
        return f"The mails cannot be written: {problem}." if problem else ""

    def _write(self, name: str, content: bytes) -> None:
        """Old or new, never half. Raises OSError, with nothing left behind."""
        part = self._folder / f".{secrets.token_hex(8)}.part"
        try:
            with os.fdopen(os.open(part, _NEW, 0o600), "wb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            part.replace(self._folder / name)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise

    def _forget_old(self, newest: str) -> None:
        """Delete our files of days long before the newest one's."""
        with contextlib.suppress(ValueError):
            end = (dt.date.fromisoformat(newest[:10]) - KEPT).isoformat()
            for path in self._folder.iterdir():
                found = _OURS.fullmatch(path.name)
                if found and found[1] < end:
                    path.unlink(missing_ok=True)


def file_name(message: EmailMessage, message_id: str) -> str:
    """`day-kind-hash`, of the mail's Date and Feedback-ID; the hash is of its Message-ID."""
    kind = str(message.get("Feedback-ID", "")).partition(":")[0]
    try:
        day = parsedate_to_datetime(str(message.get("Date", ""))).date().isoformat()
    except ValueError:
        day = "undated"
    known = kind if _KIND.fullmatch(kind) else "mail"
    return f"{day}-{known}-{hashlib.sha256(message_id.encode()).hexdigest()[:_HASH_LETTERS]}"
