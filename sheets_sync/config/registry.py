"""Which private folder belongs to which plan uid, as the user's own `init` wrote it down (HAZARDS 22).

A workbook can name a uid, never a path: this is where the path comes from. One small file per uid, so that two
programs writing at once never lose each other's line.
"""

import re
from pathlib import Path

from sheets_sync.config.files import make_private_folder, replace_text
from sheets_sync.config.state import default_state, own_folder

_UID = re.compile(r"[a-z0-9][a-z0-9-]{5,63}")


def register(uid: str, folder: Path) -> None:
    """Write down that `folder` holds the configuration of plan `uid`; a later folder takes the earlier one's place.

    Raises UsageError when the state folder cannot be used.
    """
    if not _UID.fullmatch(uid):
        raise ValueError("not a plan uid")
    place = make_private_folder(own_folder(default_state()) / "registry")
    replace_text(place / uid, f"{folder.absolute()}\n")


def folder(uid: str) -> Path | None:
    """The private folder of plan `uid`; None when this user never registered it. Raises UsageError as `entries`."""
    return dict(entries()).get(uid)


def entries() -> tuple[tuple[str, Path], ...]:
    """Every registered (uid, private folder), by uid. The folder may have gone since.

    Raises UsageError when others could have changed the registry.
    """
    place = default_state() / "registry"
    if not place.is_dir():
        return ()
    own_folder(place)
    names = sorted(file.name for file in place.iterdir() if _UID.fullmatch(file.name))
    return tuple((name, Path((place / name).read_text("utf-8").rstrip("\n"))) for name in names)
