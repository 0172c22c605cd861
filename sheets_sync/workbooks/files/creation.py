"""Making a file that was not there: whole or not at all, and never over another one."""

import contextlib
import os
import sys
from pathlib import Path

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.files.attributes import carry_over
from sheets_sync.workbooks.files.content import NO_FOLLOW, read_file
from sheets_sync.workbooks.files.exchange import sync_folder
from sheets_sync.workbooks.files.temporary import why_not_made, write_beside


def create_file(target: Path, content: bytes, *, like: Path) -> None:
    """Make `target` with this content, and the owner, mode and attributes of the file `like`; proves it readable.

    Raises WorkbookRefused when something is there already, or it cannot be made; then nothing was made.
    """

    def dress(descriptor: int) -> None:
        source = os.open(like, os.O_RDONLY | NO_FOLLOW)
        try:
            carry_over(source, descriptor, name=like)
        finally:
            os.close(source)

    whole = write_beside(target.parent, content, dress)
    try:
        _name(whole, target)
        sync_folder(target.parent)
    except FileExistsError:
        raise there_already(target) from None
    except OSError as error:
        raise why_not_made(error, target.parent) from error
    finally:
        with contextlib.suppress(OSError):
            whole.unlink(missing_ok=True)
    if read_file(target, most=len(content)) != content:
        raise WorkbookRefused(f"{target} does not hold what was written", "check that disk")


def there_already(target: Path) -> WorkbookRefused:
    """The error when a file of this name exists."""
    return WorkbookRefused(f"{target} is there already, and nothing is put over it", "move it away, or rename it")


def _name(whole: Path, target: Path) -> None:
    """Give a file its name, unless another has it. On Windows a rename never replaces; elsewhere a link never does,
    where the volume has links."""
    if sys.platform != "win32":
        try:
            os.link(whole, target, follow_symlinks=False)
        except FileExistsError:
            raise
        except OSError:
            if os.path.lexists(target):
                raise FileExistsError from None
        else:
            return
    os.rename(whole, target)  # noqa: PTH104
