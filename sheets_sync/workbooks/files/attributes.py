"""Giving a new file the owner, group, mode, access list and extended attributes of the one it replaces.

On Windows nothing is done here: ReplaceFileW carries them over itself (see `exchange`).
"""

import ctypes
import errno
import os
import stat
import sys
from pathlib import Path
from typing import NamedTuple

from sheets_sync.errors import WorkbookRefused

_OF_CONTENT = frozenset({"security.ima", "security.evm"})
"""Kept by the kernel about the content itself; carried over they would be wrong."""
_NO_SUPPORT = frozenset({errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})
_COPYFILE_ACL_STAT_XATTR = 0b111


class Attributes(NamedTuple):
    """What of a file is neither content nor name. `extended` holds the access list too, sorted by name."""

    owner: int
    group: int
    mode: int
    extended: tuple[tuple[str, bytes], ...]


def carry_over(source: int, target: int, *, name: Path) -> None:
    """Give the open file `target` all attributes of the open file `source`, which is the workbook `name`.

    Raises WorkbookRefused naming what cannot be carried over: then the write must not happen.
    """
    if sys.platform == "win32":
        return
    wanted = attributes_of(source)
    try:
        if (wanted.owner, wanted.group) != attributes_of(target)[:2]:
            os.fchown(target, wanted.owner, wanted.group)
    except OSError as error:
        remedy = f"run as the owner of the file (user id {wanted.owner}, group id {wanted.group})"
        raise WorkbookRefused(f"{name} belongs to another user or group, which a write would change", remedy) from error
    try:
        _carry_extended(source, target, wanted)
        os.fchmod(target, wanted.mode)
        if attributes_of(target) != wanted:
            raise OSError(errno.EIO, "the file system keeps them differently")
    except OSError as error:
        message = f"{name} has access rules or attributes that a write would lose ({error.strerror})"
        raise WorkbookRefused(message, "run as the owner of the file, or remove its extended attributes") from error


def attributes_of(file: int) -> Attributes:
    """The attributes of an open file."""
    seen = os.fstat(file)
    return Attributes(seen.st_uid, seen.st_gid, stat.S_IMODE(seen.st_mode), _extended(file))


def _extended(file: int) -> tuple[tuple[str, bytes], ...]:
    if sys.platform != "linux":
        return ()
    try:
        names = sorted(set(os.listxattr(file)) - _OF_CONTENT)
    except OSError as error:
        if error.errno in _NO_SUPPORT:
            return ()
        raise
    return tuple((name, os.getxattr(file, name)) for name in names)


def _carry_extended(source: int, target: int, wanted: Attributes) -> None:
    if sys.platform == "darwin":
        _copy_on_mac(source, target)
    elif sys.platform == "linux":
        present = dict(_extended(target))
        for name, value in wanted.extended:
            if present.get(name) != value:
                os.setxattr(target, name, value)
        # A folder's default access list gives the new file rules that the workbook does not have.
        for name in present.keys() - dict(wanted.extended).keys():
            os.removexattr(target, name)


def _copy_on_mac(source: int, target: int) -> None:
    """Copy access list, flags and extended attributes with copyfile(3); the times it copies too are set to now."""
    library = ctypes.CDLL(None, use_errno=True)
    if library.fcopyfile(source, target, None, ctypes.c_uint32(_COPYFILE_ACL_STAT_XATTR)) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    os.utime(target)
