"""The state folder: where store, backups and the registry live, for the current user alone (0700).

Not here: what stands in them.
"""

import shlex
import stat
import sys
from pathlib import Path

from sheets_sync.config.files import make_private_folder
from sheets_sync.config.values import Config
from sheets_sync.errors import UsageError
from sheets_sync.places import private_folder_problem, refuse_network_or_synced


def default_state() -> Path:
    """The user's own folder for state, by the customs of the system ($XDG_STATE_HOME or ~/.local/state on Linux)."""
    from platformdirs import user_state_path

    return user_state_path("sheets-sync", appauthor=False)


def state_folder(config: Config) -> Path:
    """The folder for the store, created if need be.

    Raises UsageError when it lies on a network or in a synced folder, or when others could read or change it.
    """
    _refuse_place(config)
    return own_folder(config.state)


def check_state(config: Config) -> None:
    """Raise the UsageError that `state_folder` would raise, without creating anything."""
    _refuse_place(config)
    _refuse_shared(config.state)


def own_folder(folder: Path) -> Path:
    """Create the folder if need be and see that it is the current user's alone. Raises UsageError."""
    try:
        make_private_folder(folder)
    except OSError as error:
        raise UsageError(
            f"the folder {folder} cannot be made: {error.strerror}", 'choose another with state = "..."'
        ) from None
    _refuse_shared(folder)
    return folder


def is_own_folder(folder: Path) -> bool:
    """Whether the folder is there, and the current user's alone."""
    try:
        _refuse_shared(folder)
    except UsageError:
        return False
    return folder.is_dir()


def _refuse_place(config: Config) -> None:
    problem = refuse_network_or_synced(config.state)
    if problem:
        remedy = f'choose a folder on a local disk: state = "..." in {config.file}'
        raise UsageError(f"the state folder cannot be used: {problem}", remedy)


def _refuse_shared(folder: Path) -> None:
    problem = private_folder_problem(folder)
    if problem:
        raise UsageError(f"the folder {folder} cannot be trusted: {problem}")
    if sys.platform != "win32" and folder.exists() and stat.S_IMODE(folder.stat().st_mode) & 0o077:
        raise UsageError(f"other users can look into {folder}", f"chmod 700 {shlex.quote(str(folder))}")
