"""Small private files, created whole or not at all, for the current user alone whatever the umask says.

Not here: judging whether a place can be trusted (sheets_sync.places).
"""

import contextlib
import os
from pathlib import Path

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
"""A new file, never what a link points to; on Windows without the translation of line ends."""


def make_private_folder(folder: Path) -> Path:
    """Create the folder and what is missing above it, each for the current user alone (0700). Existing ones stay."""
    for missing in reversed([folder, *folder.parents]):
        with contextlib.suppress(FileExistsError):
            if not missing.exists():
                missing.mkdir(mode=0o700)
    return folder


def create_text(file: Path, text: str) -> None:
    """Create a new file (0600) with this text in UTF-8. Raises FileExistsError rather than touch what is there."""
    _create(file, text.encode())


def replace_text(file: Path, text: str) -> None:
    """Give the file this text by way of a temporary file beside it, so that a reader sees the old or the new whole."""
    replace_bytes(file, text.encode())


def replace_bytes(file: Path, content: bytes) -> None:
    """Give the file this content, as `replace_text` does."""
    temporary = file.with_name(f".{file.name}.{os.urandom(6).hex()}.tmp")
    try:
        _create(temporary, content)
        temporary.replace(file)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _create(file: Path, content: bytes) -> None:
    descriptor = os.open(file, _NEW, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
