"""Secrets by reference: a config file says where a secret is kept, never what it is.

env:NAME          an environment variable
file:PATH         a file that only its owner can read, from the config file's folder
credential:NAME   a systemd credential: the file NAME in $CREDENTIALS_DIRECTORY
"""

import os
import re
import shlex
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path

from sheets_sync.errors import UsageError
from sheets_sync.places import private_folder_problem

_FORMS = {
    "env": re.compile(r"[A-Za-z_][A-Za-z0-9_]*"),
    "file": re.compile(r".*\S.*"),
    "credential": re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*"),
}
_LARGEST = 100_000
"""Bytes; the largest real secret is a key file of a few kB."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret value that no repr, log line or error shows. Ask for `value` where it is used, and nowhere else."""

    value: str = field(repr=False)


def reference_problem(text: str) -> str:
    """Why `text` is no reference to a secret, without repeating it (it may be the secret); "" when it is one."""
    kind, colon, rest = text.partition(":")
    if colon and kind in _FORMS and _FORMS[kind].fullmatch(rest):
        return ""
    return 'a secret never stands in this file: write "env:NAME", "file:PATH" or "credential:NAME"'


def absolute_reference(reference: str, folder: Path) -> str:
    """The reference with the place of a file made absolute; `folder` is the config file's."""
    kind, _, rest = reference.partition(":")
    return f"file:{folder / Path(rest).expanduser()}" if kind == "file" else reference


def read_secret(reference: str, folder: Path) -> Secret:
    """Fetch the secret. `folder` is the config file's. Raises UsageError with what to do, never with the value."""
    problem = reference_problem(reference)
    if problem:
        raise UsageError(problem)
    kind, _, rest = reference.partition(":")
    if kind == "env":
        value = os.environ.get(rest, "")
        if not value:
            raise UsageError(f"the environment variable {rest} is not set", f"set {rest}, or use file:PATH")
        return Secret(value)
    if kind == "file":
        return _from_file(folder / Path(rest).expanduser())
    place = os.environ.get("CREDENTIALS_DIRECTORY", "")
    if not place:
        raise UsageError(f"no systemd credentials here, so none named {rest}", f"LoadCredential={rest}:... in the unit")
    return _from_file(Path(place) / rest, private=False)


def _from_file(file: Path, *, private: bool = True) -> Secret:
    """Read a secret file. systemd sees to the privacy of its own folder; any other file must be its owner's alone."""
    try:
        mode = stat.S_IMODE(file.stat().st_mode)
        if private:
            _refuse_shared(file, mode)
        with file.open("rb") as source:
            content = source.read(_LARGEST + 1)
    except OSError as error:
        raise UsageError(f"the secret in {file} cannot be read: {error.strerror}") from None
    try:
        value = content.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        value = ""
    if not value or len(content) > _LARGEST:
        raise UsageError(f"{file} holds no secret: it must be UTF-8 text, not empty, at most 100 kB")
    return Secret(value)


def _refuse_shared(file: Path, mode: int) -> None:
    if sys.platform != "win32" and mode & 0o077:
        raise UsageError(f"others can read the secret in {file}", f"chmod 600 {shlex.quote(str(file))}")
    problem = private_folder_problem(file)
    if problem:
        raise UsageError(f"the secret in {file} cannot be trusted: {problem}")
