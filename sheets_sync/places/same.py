"""Whether two paths lead to one file: by link, drive letter, share or mount."""

import hashlib
import os
import sys
from pathlib import Path

_SAME_IN_CAPITALS = sys.platform in ("win32", "darwin")


def file_name(file: Path) -> str:
    """A name that a file has by whatever path it is reached, on this computer; it holds nothing of the path.

    A workbook is replaced at each write and then has another number (inode, file index), so the number counts that its
    folder has, with the file's name in it. A file with several names is never replaced: there its own number counts.
    What cannot be asked of the system goes by its real path.
    """
    real = Path(os.path.realpath(file))
    try:
        seen = real.stat()
        if seen.st_nlink > 1 and seen.st_ino:
            return f"file {seen.st_dev:x} {seen.st_ino:x}"
    except OSError:
        pass
    name = real.name.casefold() if _SAME_IN_CAPITALS else real.name
    try:
        folder = real.parent.stat()
    except OSError:
        return f"file {_hash(os.path.normcase(real))}"
    if not folder.st_ino:
        return f"file {_hash(os.path.normcase(real))}"
    return f"file {folder.st_dev:x} {folder.st_ino:x} {_hash(name)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
