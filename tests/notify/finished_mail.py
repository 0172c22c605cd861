"""A mail to build, to send and to compare: both bodies are full of what mail programs trip over."""

import datetime as dt

from sheets_sync.core.mails import Envelope, MailSettings, Rendered
from sheets_sync.core.notices import Kind
from sheets_sync.core.persons import Person
from sheets_sync.notify.message import message_id

ANNA = Person("Anna Prado", "Anna@plan.test")
SETTINGS = MailSettings(sender="robot@plan.test")
TEXT = (
    "Olá Anna,\n\n2 late, 1 blocked – São Paulo\nFrom here on it is up to you.\n.\n..dots at the start\n"
    "a line with a blank at its end \n"
    f"{'a long line with ünïcödé ' * 20}\n= = =3D ==_sheets-sync\n--=_sheets-sync--\n"
)
HTML = f"<!doctype html>\n<p>Olá &amp; 💡</p>\n<p>{'x' * 3000}</p>\n"


def envelope(to: Person = ANNA, **changes: object) -> Envelope:
    """Anna's week of 23 November, from plan `launch`."""
    sent_for = dt.date(2026, 11, 23)
    number = message_id(
        SETTINGS.sender, to.identity, kinds=(Kind.OWNER_WEEK,), plans=("launch",), period="2026-W48", day=sent_for
    )
    queued = dt.datetime(2026, 11, 23, 7, 30, tzinfo=dt.timezone(-dt.timedelta(hours=3)))
    whole = Envelope(to, "rui@plan.test", "Rui", (Kind.OWNER_WEEK,), ("launch",), "2026-W48", number, queued, "pt")
    return whole._replace(**changes)


def rendered(subject: str = "2 atrasadas, 1 impedida – Lançamento") -> Rendered:
    """The two bodies under a subject."""
    return Rendered(subject, TEXT, HTML)
