"""The shape of `[mail]`, `[mail.smtp]` and `[people."NAME"]` in config.toml, and the plain values they become.

Not here: what must hold between people, mail and plans (mail_checks.py); the rest of the file (models.py).
"""

from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, ValidationError, model_validator
from pydantic import Field as Key
from pydantic_core import InitErrorDetails

from sheets_sync.config.calendar import WEEKDAYS
from sheets_sync.config.checks import (
    each_once,
    known_zone,
    mail_address,
    mail_domain,
    mistake_at,
    range_of_days,
    secret_reference,
)
from sheets_sync.config.secrets import absolute_reference
from sheets_sync.config.table import Language, Loose, Table, Weekday, Word
from sheets_sync.core.mails import MailSettings, SmtpSettings
from sheets_sync.core.persons import LONGEST_NAME, MailChoice, Person, day_range

Address = Annotated[str, AfterValidator(mail_address)]
PersonName = Annotated[
    str, Key(min_length=1, max_length=LONGEST_NAME, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")
]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""The hosts a connection without encryption may go to."""

_TLS_PORT = 465
_SUBMISSION_PORT = 587


class SmtpTable(Table):
    """`[mail.smtp]`: the server that takes the mails."""

    host: str = Key(
        pattern=r"^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$|^::1$",
        description="The server's name.",
        examples=["smtp.example.com"],
    )
    port: int | None = Key(default=None, ge=1, le=65535, description="Left out: 587, or 465 with tls.", examples=[587])
    security: Literal["starttls", "tls", "none"] = Key(
        default="starttls",
        description="starttls, tls (from the first byte), or none: only for a server on this computer, without login.",
    )
    user: Word | None = Key(default=None, description="Who logs in.", examples=["plan-robot@example.com"])
    password: Annotated[str, AfterValidator(secret_reference)] | None = Key(
        default=None,
        description='Where the password is kept, never the password: "env:NAME", "file:PATH" or "credential:NAME".',
        examples=["env:SHEETS_SYNC_SMTP_PASSWORD"],
    )
    ca_file: Word | None = Key(
        default=None,
        description="Certificates to trust instead of the system's, from this file's folder or as a full path.",
        examples=["company-ca.pem"],
    )
    per_minute: int = Key(default=20, ge=1, le=600, description="The most mails sent in a minute.")

    @model_validator(mode="after")
    def _safe(self) -> Self:
        problems = list(self._problems())
        if problems:
            raise ValidationError.from_exception_data("smtp", problems)
        return self

    def _problems(self) -> list[InitErrorDetails]:
        found = []
        if self.user is not None and self.password is None:
            found.append(mistake_at(("password",), 'is required with a user; for example password = "env:NAME"'))
        if self.password is not None and self.user is None:
            found.append(mistake_at(("user",), "is required with a password"))
        if self.security == "none" and self.host.lower() not in LOOPBACK:
            found.append(mistake_at(("security",), "none is only for localhost: write starttls or tls"))
        if self.security == "none" and self.user is not None:
            found.append(mistake_at(("user",), "nobody logs in without encryption: write starttls or tls, or no user"))
        return found

    def settings(self, folder: Path) -> SmtpSettings:
        """The server as a plain value; `folder` is the config file's, from which relative places start."""
        return SmtpSettings(
            host=self.host,
            port=self.port or (_TLS_PORT if self.security == "tls" else _SUBMISSION_PORT),
            security=self.security,
            user=self.user or "",
            password=absolute_reference(self.password, folder) if self.password else "",
            ca_file=str(folder / Path(self.ca_file).expanduser()) if self.ca_file else "",
            per_minute=self.per_minute,
        )


class MailTable(Table):
    """`[mail]`: how mails leave. Nothing of it can be set in a workbook."""

    table_keys: ClassVar[frozenset[str]] = frozenset({"smtp"})

    keeper: Word | None = Key(
        default=None,
        description=(
            "Who answers for the plans: a name in [people]. Gets all answers, and the first mails alone.\n"
            "Without a keeper nobody is mailed."
        ),
        examples=["Ana Silva"],
    )
    transport: Literal["files", "smtp"] = Key(
        default="files",
        description='"files": mails are only written as files to look at. "smtp": they are sent through [mail.smtp].',
    )
    sender: Address | None = Key(
        default=None,
        description="The address the mails come from: a mailbox of the team's own domain, never a person's.",
        examples=["plan-robot@example.com"],
    )
    sender_name: PersonName = Key(default="sheets-sync", description="The name beside that address.")
    allowed_domains: Annotated[
        tuple[Annotated[str, AfterValidator(mail_domain)], ...], Loose, AfterValidator(each_once)
    ] = Key(
        default=(),
        description="The only domains that are ever mailed, each in full; nothing in a workbook can widen them.",
        examples=[("example.com",)],
    )
    redirect_all_to: Address | None = Key(
        default=None,
        description="For trying out: every mail goes to this address instead.",
        examples=["ana@example.com"],
    )
    max_mails: int = Key(default=200, ge=1, le=2000, description="The most mails of one run.")
    people_from_sheet: bool = Key(
        default=False,
        description=(
            "Take persons from the workbook's People tab too, inside the allowed domains. A new or changed address or\n"
            "leader there is held until the keeper runs `sheets-sync mail release NAME`."
        ),
    )
    smtp: SmtpTable | None = Key(default=None, description='The mail server, for transport = "smtp".')

    def settings(self, folder: Path) -> MailSettings:
        """How mails leave, as a plain value; `folder` is the config file's."""
        return MailSettings(
            smtp=self.smtp.settings(folder) if self.smtp is not None and self.transport == "smtp" else None,
            sender=self.sender or "",
            sender_name=self.sender_name,
            redirect_all_to=self.redirect_all_to or "",
            max_mails=self.max_mails,
        )


class PersonTable(Table):
    """`[people."Ana Silva"]`: one person, by the name that stands in owner cells."""

    address: Address = Key(description="Where mails go.", examples=["ana@example.com"])
    aliases: Annotated[tuple[Word, ...], Loose, AfterValidator(each_once)] = Key(
        default=(),
        description="What else owner cells call this person. A first name alone is nobody's unless it stands here.",
        examples=[("Ana", "A. Silva")],
    )
    leader: Word | None = Key(
        default=None, description="Whose decision late rows become: a name in [people].", examples=["Rui Costa"]
    )
    language: Language | None = Key(
        default=None, description="The language of this person's mails. Left out: the plan's.", examples=["pt"]
    )
    timezone: Annotated[str, AfterValidator(known_zone)] | None = Key(
        default=None, description="Where this person works. Left out: the plan's.", examples=["Europe/Lisbon"]
    )
    workdays: Annotated[tuple[Weekday, ...], Loose, AfterValidator(each_once)] | None = Key(
        default=None,
        min_length=1,
        description="The days this person works. Left out: the plan's.",
        examples=[("Mon", "Tue", "Wed", "Thu")],
    )
    away: Annotated[tuple[Annotated[str, AfterValidator(range_of_days)], ...], Loose] = Key(
        default=(),
        description="When no mail goes to this person, first and last day included.",
        examples=[("2026-12-20..2027-01-05",)],
    )
    active: bool = Key(default=True, description="false: has left; open rows go to the leader, else to the keeper.")
    mail: Literal["all", "weekly", "none"] = Key(
        default="all", description="What this person wants: all mails, only the weekly one, or none."
    )

    def person(self, name: str) -> Person:
        """The person as a plain value; the leader as typed."""
        workdays = frozenset(WEEKDAYS.index(day) + 1 for day in self.workdays) if self.workdays else None
        return Person(
            name=name,
            address=self.address,
            aliases=self.aliases,
            leader=self.leader or "",
            language=self.language or "",
            timezone=self.timezone or "",
            workdays=workdays,
            away=tuple(map(day_range, self.away)),
            active=self.active,
            mail=MailChoice(self.mail),
        )
