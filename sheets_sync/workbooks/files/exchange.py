"""Putting a new file in a workbook's place while keeping hold of what stood there (HAZARDS 7).

A plain rename destroys what it replaces, and with it whatever somebody saved a moment before. Every system has a
call that hands the old file back instead: renameat2(2) with RENAME_EXCHANGE, renamex_np with RENAME_SWAP,
ReplaceFileW with a backup name. Not here: judging what came out.
"""

import contextlib
import ctypes
import errno
import os
import sys
import time
from pathlib import Path

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2  # linux/fs.h
_RENAME_SWAP = 2  # sys/stdio.h of macOS
_NOT_POSSIBLE = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP})

_BUSY_ON_WINDOWS = frozenset({5, 32, 33, 1175})  # denied, sharing, lock, unable to remove replaced
_MISSING_ON_WINDOWS = frozenset({2, 3})
_NOT_POSSIBLE_ON_WINDOWS = frozenset({1, 50, 120})  # invalid function, not supported, not implemented
_LEFT_UNDER_BACKUP_NAME = 1177  # ERROR_UNABLE_TO_MOVE_REPLACEMENT_2
_PAUSES = (0.2, 0.4, 0.8, 1.6)


def put_in_place(new: Path, target: Path) -> Path | None:
    """Put `new` in the place of the existing `target`; both in one folder. Returns where the old file is now.

    Returns None, with nothing done, where the system or the volume has no such call. Raises FileNotFoundError when
    there is no `target`, PermissionError when another program holds it, OSError otherwise; then nothing was done.
    """
    if sys.platform == "win32":
        return _replace_on_windows(new, target)
    library = ctypes.CDLL(None, use_errno=True)
    old_name, new_name = os.fsencode(new), os.fsencode(target)
    if sys.platform == "darwin":
        call = getattr(library, "renamex_np", None)
        done = None if call is None else call(old_name, new_name, ctypes.c_uint(_RENAME_SWAP))
    else:
        call = getattr(library, "renameat2", None)
        done = None if call is None else call(_AT_FDCWD, old_name, _AT_FDCWD, new_name, ctypes.c_uint(_RENAME_EXCHANGE))
    if done == 0:
        return new
    number = ctypes.get_errno()
    if done is None or number in _NOT_POSSIBLE:
        return None
    raise OSError(number, os.strerror(number), str(target))


def _replace_on_windows(new: Path, target: Path) -> Path | None:
    """ReplaceFileW keeps access lists, streams and the creation time of the replaced file (learn.microsoft.com)."""
    if sys.platform != "win32":
        return None
    kernel = ctypes.WinDLL("kernel32", use_last_error=True)
    old = new.with_name(f"{new.stem}-out{new.suffix}")
    for pause in (*_PAUSES, None):
        if kernel.ReplaceFileW(str(target), str(new), str(old), 0, None, None):
            return old
        number = ctypes.get_last_error()
        if number == _LEFT_UNDER_BACKUP_NAME:
            os.rename(old, target)  # noqa: PTH104 (the workbook must not stay missing)
        if number in _NOT_POSSIBLE_ON_WINDOWS:
            return None
        if number not in _BUSY_ON_WINDOWS or pause is None:
            break
        time.sleep(pause)
    if number in _MISSING_ON_WINDOWS:
        raise FileNotFoundError(errno.ENOENT, "the workbook is not there", str(target))
    raise PermissionError(errno.EACCES, ctypes.FormatError(number).strip(), str(target))


def sync_folder(folder: Path) -> None:
    """Make the names in this folder survive a power cut. Windows has no such call and orders its journal itself."""
    if sys.platform == "win32":
        return
    # Some network file systems cannot, and a folder one may write need not be one that can be opened.
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def sync_file(descriptor: int) -> None:
    """Make the content of an open file survive a power cut; on a Mac only F_FULLFSYNC empties the disk's own cache."""
    if sys.platform == "darwin":
        import fcntl

        try:
            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
        except OSError:
            os.fsync(descriptor)
        return
    os.fsync(descriptor)
