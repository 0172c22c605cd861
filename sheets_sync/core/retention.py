"""For how long personal data is kept (HAZARDS 28). Who deletes it: store and workbooks."""

import datetime as dt
from typing import NamedTuple

_DAYS_OF_A_MONTH = 365 / 12


class Retention(NamedTuple):
    """Days for contents of mails and values of written cells; the newest copies of each workbook and their days;
    months for the past of actions, runs and the fact that a mail went."""

    mail_bodies_days: int = 30
    journal_days: int = 30
    backups_newest: int = 10
    backups_days: int = 14
    versions_months: int = 24

    @property
    def mails(self) -> dt.timedelta:
        """How long contents of mails are kept."""
        return dt.timedelta(days=self.mail_bodies_days)

    @property
    def journal(self) -> dt.timedelta:
        """How long the values that runs wrote are kept."""
        return dt.timedelta(days=self.journal_days)

    @property
    def past(self) -> dt.timedelta:
        """How long the past of actions is kept."""
        return dt.timedelta(days=round(self.versions_months * _DAYS_OF_A_MONTH))


KEPT = Retention()
"""The times where nothing else is configured."""
