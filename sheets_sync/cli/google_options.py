"""Options for signing in to Google before there is a configuration that says how."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from sheets_sync.core.google import GoogleSettings

Decorated = TypeVar("Decorated", bound=Callable[..., object])


def google_options(command: Decorated) -> Decorated:
    """Add --google-key and --impersonate, given to the command as `google_key: Path | None`, `impersonate: str | None`;
    `chosen_sign_in` makes settings of them."""
    key = click.option(
        "--google-key",
        type=click.Path(path_type=Path),
        metavar="FILE",
        help="For a Google Sheet: the key file of a service account, or of a person who signed in once.",
    )
    acting = click.option(
        "--impersonate",
        metavar="ADDRESS",
        help="For a Google Sheet: the service account to act as; needs no key file.",
    )
    return key(acting(command))


def chosen_sign_in(key: Path | None, impersonate: str | None, otherwise: GoogleSettings) -> GoogleSettings:
    """How to sign in: as the options say, or as it stands `otherwise`. Raises UsageError when a key is none."""
    if key is None and impersonate is None:
        return otherwise
    if key is None:
        return GoogleSettings(impersonate=impersonate or "")
    from sheets_sync.config.secrets import read_secret
    from sheets_sync.workbooks.google.sign_in import kind_of

    reference = f"file:{key.expanduser().absolute()}"
    kind = kind_of(read_secret(reference, Path()).value)
    return GoogleSettings(kind, reference, impersonate=impersonate or "")
