"""Whether nobody but the running user and root can change a file or the folder it stands in (HAZARDS 22)."""

import os
import shlex
import stat
import sys
from collections.abc import Iterator
from pathlib import Path


def private_folder_problem(path: Path) -> str:
    """Why other users could change `path` or swap it for another, with the command that mends it; "" when they cannot.

    Looked at are the path itself, the folder it stands in, and the same two of the file behind a link. For a path
    that does not exist yet, its nearest existing folder counts. On Windows the answer is always "": there the
    profile folder's own access list is trusted.
    """
    if sys.platform == "win32":
        return ""
    for place in dict.fromkeys(_places(path)):
        problem = _problem(place)
        if problem:
            return problem
    return ""


def _places(path: Path) -> Iterator[Path]:
    """The places whose owner and mode decide, from the outside in."""
    standing = Path(os.path.abspath(path))  # noqa: PTH100 (unlike resolve, leaves links as they are)
    while not os.path.lexists(standing) and standing != standing.parent:
        standing = standing.parent
    if standing == Path(os.path.abspath(path)):  # noqa: PTH100
        yield standing.parent
    yield standing
    if standing.is_symlink():
        real = Path(os.path.realpath(standing))
        yield real.parent
        yield real


def _problem(place: Path) -> str:
    if sys.platform == "win32":
        return ""
    try:
        seen = place.lstat()
    except OSError as error:
        return f"{place} cannot be looked at ({error.strerror})"
    if seen.st_uid not in (0, os.geteuid()):
        return f"{place} belongs to another user; run: sudo chown {os.geteuid()} {shlex.quote(str(place))}"
    if stat.S_ISLNK(seen.st_mode):
        return ""
    writable = stat.S_IMODE(seen.st_mode) & (stat.S_IWGRP | stat.S_IWOTH)
    sticky = stat.S_ISDIR(seen.st_mode) and seen.st_mode & stat.S_ISVTX
    if not writable or sticky:
        return ""
    return f"{place} can be changed by other users; run: chmod go-w {shlex.quote(str(place))}"
