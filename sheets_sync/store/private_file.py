"""Where a store may live, and making its file: on a local disk, for the current user alone (HAZARDS 8 and 22).

Not here: what stands in the file.
"""

import contextlib
import os
import stat
from pathlib import Path

from sheets_sync.errors import StoreError
from sheets_sync.places import private_folder_problem, refuse_network_or_synced

FILE_NAME = "store.db"
_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)
_USAGE = 2


def store_file(folder: Path, *, create: bool) -> Path:
    """The store's file in this folder, both made when missing (0700 and 0600) and `create` allows.

    A file that others could read is made private. Raises StoreError (exit code 2) when the place cannot be trusted.
    """
    problem = refuse_network_or_synced(folder)
    if problem:
        raise wrong_place(f"the store cannot live there: {problem}", 'choose a folder on a local disk: state = "..."')
    file = folder.resolve() / FILE_NAME
    if create:
        _make(file)
    elif not file.exists():
        raise wrong_place(f"there is no store in {folder}", "")
    problem = private_folder_problem(file)
    if problem:
        raise wrong_place(f"the store cannot be trusted: {problem}", "")
    seen = file.lstat()
    if not stat.S_ISREG(seen.st_mode):
        raise wrong_place(f"{file} is not a plain file", "put the file itself there, without a link")
    if stat.S_IMODE(seen.st_mode) & 0o077:
        file.chmod(0o600)
    return file


def wrong_place(message: str, remedy: str) -> StoreError:
    """An error that a person mends by another command or configuration: exit code 2."""
    error = StoreError(message, remedy)
    error.exit_code = _USAGE
    return error


def _make(file: Path) -> None:
    try:
        _make_private_folder(file.parent)
        with contextlib.suppress(FileExistsError):
            os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL | _NO_FOLLOW, 0o600))
    except OSError as error:
        raise wrong_place(
            f"the store {file} cannot be made: {error.strerror}", 'choose a folder with state = "..."'
        ) from None


def _make_private_folder(folder: Path) -> None:
    for missing in reversed([folder, *folder.parents]):
        if not missing.exists():
            with contextlib.suppress(FileExistsError):
                missing.mkdir(mode=0o700)
