"""The folder previews of mails are written into: for the user alone, and not for longer than mails are kept."""

import datetime as dt
import re
from pathlib import Path

from sheets_sync.config.state import own_folder, state_folder
from sheets_sync.config.values import Config

KEPT = dt.timedelta(days=30)
_OURS = re.compile(r"\d+-[a-z-]+\.(html|txt)")


def empty_folder(config: Config) -> Path:
    """The folder, made if need be, without the pages of an earlier preview. Raises UsageError."""
    folder = own_folder(state_folder(config) / "preview")
    for page in _pages(folder):
        page.unlink()
    return folder


def forget_old_pages(config: Config, now: dt.datetime) -> None:
    """Delete pages that hold what stood in cells more than 30 days ago (HAZARDS 28)."""
    for page in _pages(config.state / "preview"):
        if dt.datetime.fromtimestamp(page.stat().st_mtime, dt.UTC) < now - KEPT:
            page.unlink()


def _pages(folder: Path) -> list[Path]:
    return [page for page in folder.iterdir() if _OURS.fullmatch(page.name)] if folder.is_dir() else []
