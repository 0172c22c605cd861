"""The one protocol every way out fulfils. Implementations: files, smtp."""

from typing import Protocol

from sheets_sync.core.mails import Attempt


class Transport(Protocol):
    """Sends finished bytes to one address. Never raises for what a server or a disk does: that is an Attempt."""

    def connect(self) -> Attempt | None:
        """Make ready to send, unless that is done; None when ready, else why nothing can be sent (a STOP)."""

    def send(self, address: str, raw: bytes, *, message_id: str) -> Attempt:
        """Try once. `address` is the one recipient of the envelope."""

    def close(self) -> None:
        """Let go of connection or folder."""
