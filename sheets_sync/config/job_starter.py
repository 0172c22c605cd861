"""The files a private folder begins with: the jobs that are shipped, and whatever else is copied beside them.

Not here: what a job file means (`job_files`).
"""

import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from sheets_sync.config.files import create_text, make_private_folder
from sheets_sync.config.job_files import job_folder

_TIMEZONE = re.compile(r'^timezone = ".*"$', re.MULTILINE)


def shipped_jobs() -> Mapping[str, str]:
    """The jobs that come with the program: file name to text, from the package or from beside it in a working copy."""
    inside = Path(str(files("sheets_sync"))) / "jobs"
    folder = inside if inside.is_dir() else inside.parent.parent / "jobs"
    return {file.name: file.read_text("utf-8") for file in sorted(folder.glob("*.toml"))}


def write_jobs(folder: Path, timezone: str) -> tuple[Path, ...]:
    """Write the shipped jobs into the private folder, in this time zone, and return them; none where there are jobs
    already, so that one that was taken away stays away. Raises OSError."""
    place = job_folder(folder)
    if place.is_dir() and any(place.iterdir()):
        return ()
    texts = {name: _TIMEZONE.sub(f'timezone = "{timezone}"', text) for name, text in shipped_jobs().items()}
    return write_missing(place, texts)


def write_missing(place: Path, texts: Mapping[str, str]) -> tuple[Path, ...]:
    """Write these files into a folder of this user alone and return those that were not there. Raises OSError."""
    make_private_folder(place)
    written = []
    for name, text in texts.items():
        try:
            create_text(place / name, text)
        except FileExistsError:
            continue
        written.append(place / name)
    return tuple(written)
