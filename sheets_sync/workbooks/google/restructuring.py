"""Batches of changes of what is not a cell, sent one by one; rules of people that went with ours are put back.

What the batches hold is told by `structure_requests`, which rules went by `rules_of_people`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

from sheets_sync.errors import WorkbookChanged, WorkbookError
from sheets_sync.workbooks.google.calls import Json, LostReply, Rejected
from sheets_sync.workbooks.google.look import Look
from sheets_sync.workbooks.google.rules_of_people import (
    are_back,
    gone_unanswered,
    put_back_now,
    tabs_of,
    wrongly_deleted,
)
from sheets_sync.workbooks.google.sending import Sending
from sheets_sync.workbooks.google.structure_requests import Request, signed, stamp_tab_renamed

_REPLIES = "replies(deleteConditionalFormatRule)"
NO_ANSWER: Json = {}


@dataclass
class Restructuring:
    """The batches of one write. `gone` are the tabs (keys) in which a rule of people was lost."""

    sending: Sending
    gone: set[str] = field(default_factory=set)
    _back: tuple[Request, ...] = ()

    def make(
        self,
        requests: Sequence[Request],
        is_done: Callable[[Look], bool],
        *,
        shown: str = "",
        ranges: Sequence[str] = (),
    ) -> Json:
        """Make these changes, all or none. Returns the answer, `NO_ANSWER` when there was none and the effect shows.

        `is_done` tells by a look whether they were made; `shown` is the mask of the cells of `ranges` to be answered.
        Raises WorkbookChanged when they were not made because the sheet changed, WorkbookError.
        """
        if not requests:
            return NO_ANSWER
        sign = self._sign(requests)
        sent = signed(requests, sign) if sign else tuple(requests)
        fields = f"{_REPLIES},{shown}" if shown else _REPLIES
        try:
            reply = self.sending.calls.change(sent, reply_fields=fields, ranges=ranges)
        except LostReply:
            now = self.sending.shown(lambda now: now.sign == sign if sign and now.sign else is_done(now))
            if now is None:
                raise WorkbookChanged("Google did not answer, and nothing was written") from None
            self._miss_rules(requests, now)
            return NO_ANSWER
        except Rejected as rejected:
            self.sending.raise_if_changed()
            renamed = stamp_tab_renamed(requests) if "addSheet" in rejected.said else ()
            if not renamed:
                raise
            return self.make(renamed, is_done, shown=shown, ranges=ranges)
        self.sending.may_have_written = True
        self._take_back(wrongly_deleted(requests, reply))
        return reply

    def settle(self) -> None:
        """Try once more to put back the rules for which that failed; those that cannot be are noted as gone."""
        if not self._back:
            return
        try:
            now = self.sending.again()
            back = put_back_now(self._back, now.facts)
            if back and not are_back(back, now.facts):
                self._put_back(back)
            else:
                self._back = ()
        except WorkbookError:
            pass  # noted below
        self.gone |= tabs_of(self._back)

    def _sign(self, requests: Sequence[Request]) -> str:
        """A sign that only this batch leaves; "" where there is no hidden tab to leave it at, or it is to go."""
        base = self.sending.base
        if not base.has_stamp_tab or any("deleteSheet" in request for request in requests):
            return ""
        told = f"{base.snapshot.fingerprint} {base.sign} {requests!r}"
        return blake2b(told.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()

    def _miss_rules(self, requests: Sequence[Request], now: Look) -> None:
        """Put back the rules of people that went in a batch without an answer, as far as they were read before."""
        found = gone_unanswered(requests, self.sending.base.facts, now.facts)
        self.gone |= found.unknown
        if found.unknown:
            self.sending.clean = False
        self._take_back(found.back)

    def _take_back(self, back: tuple[Request, ...]) -> None:
        if back:
            self.sending.clean = False
            self._back = (*self._back, *back)
            self._put_back(back)

    def _put_back(self, back: tuple[Request, ...]) -> None:
        """Add these rules again; what fails is tried once more when the rest is written (`settle`)."""
        try:
            self.sending.calls.change(back, reply_fields=_REPLIES)
        except LostReply:
            if self.sending.shown(lambda now: are_back(back, now.facts)) is None:
                return
        except WorkbookError:
            return
        self._back = ()
