"""Whether a path lies in a folder that a sync client copies elsewhere: OneDrive, SharePoint, Dropbox and their like.

Known by the variables the client sets, by the folder's usual name, or by files the client leaves in its root.
A folder that merely looks synced counts as synced: the cost is one line of configuration, the other mistake
costs somebody's work.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple


class SyncedRoot(NamedTuple):
    """The sync service as a person knows it, and the topmost folder known to be kept in step by it."""

    service: str
    folder: Path


_VARIABLES = ("OneDrive", "OneDriveConsumer", "OneDriveCommercial")

_NAMES = (
    ("OneDrive", re.compile(r"onedrive( - .+)?|skydrive", re.IGNORECASE)),
    ("SharePoint", re.compile(r"sharepoint( - .+)?", re.IGNORECASE)),
    ("Dropbox", re.compile(r"(.+ )?dropbox( \(.+\))?", re.IGNORECASE)),
    ("Google Drive", re.compile(r"google[ -]?drive([ :-].+)?|drivefs", re.IGNORECASE)),
    ("Nextcloud", re.compile(r"nextcloud\d*|owncloud\d*", re.IGNORECASE)),
    ("iCloud Drive", re.compile(r"icloud ?drive|com~apple~clouddocs|mobile documents", re.IGNORECASE)),
)

_MARKERS = (
    ("OneDrive or SharePoint", ".849C9593-D756-4E56-8D6E-42412F2A707B"),
    ("Dropbox", ".dropbox.cache"),
    ("Google Drive", ".tmp.drivedownload"),
    ("Google Drive", ".tmp.driveupload"),
    ("Google Drive", ".shortcut-targets-by-id"),
    ("Nextcloud", ".nextcloudsync.log"),
    ("Nextcloud", ".owncloudsync.log"),
    ("Syncthing", ".stfolder"),
)
_NEXTCLOUD_JOURNALS = (".sync_*.db", "._sync_*.db", ".csync_journal.db")

_HINTS = (
    ("OneDrive or SharePoint", re.compile(rb"onedrive|skydrive|sharepoint", re.IGNORECASE)),
    ("Dropbox", re.compile(rb"dropbox", re.IGNORECASE)),
    ("Google Drive", re.compile(rb"googledrive|drivefs|google drive", re.IGNORECASE)),
    ("Nextcloud", re.compile(rb"nextcloud|owncloud", re.IGNORECASE)),
)
_HINT_BYTES = 16_384


def synced_root(path: Path, environment: Mapping[str, str] = os.environ) -> SyncedRoot | None:
    """The synced folder that holds `path`, or None. The path need not exist; links on the way are followed too."""
    given = Path(os.path.abspath(path))  # noqa: PTH100 (unlike resolve, leaves links as they are)
    chains = dict.fromkeys((given, Path(os.path.realpath(path))))
    by_setting = tuple(_configured_roots(environment))
    for start in chains:
        for folder in reversed((start, *start.parents)):
            service = _service_of(folder, by_setting)
            if service:
                return SyncedRoot(service, folder)
    return None


def _service_of(folder: Path, by_setting: Iterable[tuple[str, Path]]) -> str:
    for service, root in by_setting:
        if os.path.normcase(folder) == os.path.normcase(root):
            return service
    if folder.parent.name == "CloudStorage" and folder.parent.parent.name == "Library":
        return folder.name.partition("-")[0]
    for service, name in _NAMES:
        if name.fullmatch(folder.name):
            return service
    return _marked_service(folder)


def _marked_service(folder: Path) -> str:
    # In a home folder ".dropbox" is a folder with the client's own settings; only the file marks a synced root.
    if (folder / ".dropbox").is_file():
        return "Dropbox"
    for service, marker in _MARKERS:
        if os.path.lexists(folder / marker):
            return service
    if _holds_any(folder, _NEXTCLOUD_JOURNALS):
        return "Nextcloud"
    try:
        with (folder / "desktop.ini").open("rb") as hints:
            text = hints.read(_HINT_BYTES).replace(b"\0", b"")
    except OSError:
        return ""
    return next((service for service, hint in _HINTS if hint.search(text)), "")


def _holds_any(folder: Path, patterns: tuple[str, ...]) -> bool:
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.endswith(".db")]
    except OSError:
        return False
    return any(fnmatch(name, pattern) for name in names for pattern in patterns)


def _configured_roots(environment: Mapping[str, str]) -> Iterator[tuple[str, Path]]:
    for variable in _VARIABLES:
        root = environment.get(variable)
        if root:
            yield "OneDrive", Path(os.path.abspath(root))  # noqa: PTH100
            yield "OneDrive", Path(os.path.realpath(root))
    if sys.platform == "win32":
        for root in _mount_points_on_windows():
            yield "OneDrive or SharePoint", Path(os.path.realpath(root))


def _mount_points_on_windows() -> Iterator[str]:
    """The folders the OneDrive client keeps in step; a SharePoint library has no telling name of its own."""
    if sys.platform != "win32":
        return
    import winreg

    providers = r"Software\SyncEngines\Providers\OneDrive"
    try:
        with winreg.OpenKey(winreg.HKEY_CURRENT_USER, providers) as key:
            names = [winreg.EnumKey(key, index) for index in range(winreg.QueryInfoKey(key)[0])]
    except OSError:
        return
    for name in names:
        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, rf"{providers}\{name}") as key:
                yield str(winreg.QueryValueEx(key, "MountPoint")[0])
        except OSError:
            continue
