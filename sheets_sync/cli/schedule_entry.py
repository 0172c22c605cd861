"""The schedule's entry of a configuration, and whether what it starts will find what it needs.

A scheduler starts programs without the variables of the shell that installed them: what depends on one is told now.
"""

import os
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from sheets_sync.config.files import make_private_folder, replace_bytes
from sheets_sync.config.load import FILE_NAME, find_config
from sheets_sync.config.values import Config
from sheets_sync.errors import UsageError
from sheets_sync.schedule.install.entry import Entry, entry_of
from sheets_sync.schedule.install.machine import Machine, this_machine
from sheets_sync.schedule.install.standing import Standing
from sheets_sync.schedule.install.ways import found_entries

_STATE_VARIABLE = "XDG_STATE_HOME"
_FROM_OUTSIDE = ("env:", "credential:")
"""References to secrets that stand in no file."""


def computer() -> Machine:
    """This computer, with files written as all of ours are."""
    return this_machine(_write)


def entry_for(config: Config) -> Entry:
    """The entry of a configuration. Raises UsageError."""
    return entry_of(own_place(config.file), python=Path(sys.executable), state=config.state.absolute())


def entry_at(config: Path | None) -> Entry:
    """The entry of a configuration that need be neither right nor there. Raises UsageError when none is named."""
    try:
        file = find_config(config)
    except UsageError:
        if config is None:
            raise
        file = config if config.suffix == ".toml" else config / FILE_NAME
    file = own_place(file)
    return entry_of(file, python=Path(sys.executable), state=file.parent)


def is_installed(config: Config) -> bool:
    """Whether this computer has an entry for a configuration, as far as it tells; one that is switched off is none."""
    try:
        return any(found.standing is Standing.IN_PLACE for found in found_entries(entry_for(config), computer()))
    except UsageError:
        return True  # it cannot be told, so nothing is claimed


def own_place(file: Path) -> Path:
    """One spelling of a config file's place, however it was come by. On Windows paths stay as they were typed: a drive
    letter or a server's name is what its user can reach."""
    file = Path(os.path.abspath(file))  # noqa: PTH100 (takes ".." out)
    return file if sys.platform == "win32" else file.parent.resolve() / file.name


def refuse_state_of_shell(config: Config) -> None:
    """Raise the UsageError for a state folder that only this shell's variable tells: a run would make another."""
    named = os.environ.get(_STATE_VARIABLE, "").strip()
    usual = Path.home() / ".local" / "state"
    if named and Path(named) != usual and config.state.is_relative_to(named) and not _says_state(config):
        raise UsageError(
            f"the state folder is {config.state} because of the variable {_STATE_VARIABLE}, which a schedule lacks",
            f'write into {config.file}, above its first table: state = "{config.state.as_posix()}"',
        )


def outside_secrets(config: Config) -> tuple[str, ...]:
    """The references of this configuration to what a schedule does not have, as they stand there."""
    return tuple(dict.fromkeys(text for text in _texts(_raw(config)) if text.startswith(_FROM_OUTSIDE)))


def _says_state(config: Config) -> bool:
    said = _raw(config).get("state")
    return isinstance(said, str) and bool(said.strip())


def _raw(config: Config) -> dict[str, object]:
    return tomllib.loads(config.file.read_text("utf-8-sig"))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _write(file: Path, content: bytes) -> None:
    make_private_folder(file.parent)
    replace_bytes(file, content)
