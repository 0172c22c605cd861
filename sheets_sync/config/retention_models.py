"""The shape of `[retention]` in config.toml, and the plain value it becomes."""

from pydantic import Field as Key

from sheets_sync.config.table import Table
from sheets_sync.core.retention import Retention


class RetentionTable(Table):
    """`[retention]`: how long what is remembered is kept. Every run deletes what is older."""

    mail_bodies_days: int = Key(
        default=30, ge=1, le=3650, description="Days for which subjects and texts of mails are kept."
    )
    journal_days: int = Key(
        default=30, ge=1, le=3650, description="Days for which old and new values of written cells are kept, for undo."
    )
    backups_newest: int = Key(
        default=10, ge=1, le=1000, description="How many copies of each workbook are kept, the newest ones."
    )
    backups_days: int = Key(
        default=14, ge=1, le=3650, description="Days after which a copy goes even so; the very newest stays."
    )
    versions_months: int = Key(
        default=24, ge=1, le=120, description="Months for which earlier owners, dates and statuses of rows are kept."
    )

    def values(self) -> Retention:
        """The times as a plain value."""
        return Retention(
            self.mail_bodies_days, self.journal_days, self.backups_newest, self.backups_days, self.versions_months
        )
