"""The shape of `[google]` in config.toml, and the plain value it becomes. Not here: signing in."""

from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ValidationError, model_validator
from pydantic import Field as Key
from pydantic_core import InitErrorDetails

from sheets_sync.config.checks import mail_address, mistake_at, secret_reference
from sheets_sync.config.secrets import absolute_reference
from sheets_sync.config.table import Table
from sheets_sync.core.google import GoogleSettings, SignIn

Address = Annotated[str, AfterValidator(mail_address)]


class GoogleTable(Table):
    """`[google]`: how to sign in, for plans that are Google Sheets."""

    sign_in: Literal["default", "service-account", "user"] = Key(
        default="default",
        description=(
            '"default": what this computer is signed in with, no key lies anywhere. "service-account": the key of a\n'
            'service account. "user": the file of a person who signed in once.'
        ),
        examples=["service-account"],
    )
    key: Annotated[str, AfterValidator(secret_reference)] | None = Key(
        default=None,
        description='Where the key or file is kept, never the key: "file:PATH", "env:NAME" or "credential:NAME".',
        examples=["file:google-key.json"],
    )
    impersonate: Address | None = Key(
        default=None,
        description="The service account to act as; share the sheets with it.",
        examples=["plan-robot@my-project.iam.gserviceaccount.com"],
    )
    subject: Address | None = Key(
        default=None,
        description=(
            "The one person in whose name a service account works, where the administrator has allowed it\n"
            "(domain-wide delegation). Left out: in its own."
        ),
        examples=["ana@example.com"],
    )
    drive_version: bool = Key(
        default=True,
        description=(
            "Ask Drive first whether the sheet changed at all. Needs the Drive API and the scope\n"
            "drive.metadata.readonly; without them every run reads the sheet."
        ),
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        problems = list(self._problems())
        if problems:
            raise ValidationError.from_exception_data("google", problems)
        return self

    def _problems(self) -> list[InitErrorDetails]:
        found = []
        if self.sign_in != "default" and self.key is None:
            found.append(mistake_at(("key",), f'is required with "{self.sign_in}"; for example key = "file:key.json"'))
        if self.sign_in == "default" and self.key is not None:
            found.append(mistake_at(("key",), 'is not used by "default": write sign_in = "service-account" or "user"'))
        if self.subject is not None and self.sign_in != "service-account" and self.impersonate is None:
            found.append(mistake_at(("subject",), "only a service account works in a person's name"))
        if (self.subject or "").lower().endswith(("@gmail.com", "@googlemail.com")):
            found.append(mistake_at(("subject",), "only accounts of an organisation can be worked for, not gmail.com"))
        return found

    def settings(self, folder: Path) -> GoogleSettings:
        """How to sign in, as a plain value; `folder` is the config file's."""
        return GoogleSettings(
            sign_in=SignIn(self.sign_in),
            key=absolute_reference(self.key, folder) if self.key else "",
            impersonate=self.impersonate or "",
            subject=self.subject or "",
            drive_version=self.drive_version,
        )
