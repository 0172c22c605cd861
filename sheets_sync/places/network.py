"""Whether a path lies on a network or user-space file system, by the system's own table of mounts."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Mount(NamedTuple):
    """One mounted file system: where it appears and of which kind, both as the system names them."""

    folder: str
    kind: str


_KINDS = frozenset(
    {"9p", "afpfs", "afs", "beegfs", "ceph", "cifs", "coda", "davfs", "drvfs", "fuse", "fuseblk", "glusterfs", "gpfs"}
    | {"lustre", "macfuse", "ncpfs", "nfs", "nfs4", "osxfuse", "prl_fs", "pvfs2", "smb2", "smb3", "smbfs"}
    | {"vboxsf", "virtiofs", "vmhgfs", "webdav"}
)
"""Servers, folders shared into a virtual machine, programs posing as file systems."""

_OCTAL = re.compile(r"\\([0-7]{3})")
_MAC_LINE = re.compile(r"^.* on (?P<folder>/.*) \((?P<kind>[^,)]+)[^()]*\)$", re.MULTILINE)


def network_kind(path: Path) -> str:
    """The kind of network or user-space file system that holds `path` ("nfs4", "cifs", "fuse.sshfs"), "" if local.

    The path need not exist yet. Where the table of mounts cannot be read the answer is "".
    """
    if sys.platform == "win32":
        return _kind_on_windows(path)
    real = os.path.realpath(path)
    kind = kind_of(real, mounts_on_mac() if sys.platform == "darwin" else mounts_on_linux())
    return kind if is_remote(kind) else ""


def is_remote(kind: str) -> bool:
    """Whether file locks and the order of writes cannot be relied on with this kind of file system."""
    return kind in _KINDS or kind.startswith("fuse.")


def kind_of(real_path: str, mounts: Iterable[Mount]) -> str:
    """The kind of the innermost mount that holds the path; of two on one folder the later, which hides the first."""
    best = Mount("", "")
    for mount in mounts:
        inside = real_path == mount.folder or real_path.startswith(mount.folder.rstrip("/") + "/")
        if inside and len(mount.folder) >= len(best.folder):
            best = mount
    return best.kind


def mounts_on_linux(table: Path = Path("/proc/self/mounts")) -> tuple[Mount, ...]:
    """Parse the kernel's table (man 5 fstab): blanks in names are written as octal escapes."""
    try:
        lines = table.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ()
    fields = [line.split(" ") for line in lines]
    return tuple(Mount(_OCTAL.sub(_unescaped, parts[1]), parts[2]) for parts in fields if len(parts) > 3)


def _unescaped(match: re.Match[str]) -> str:
    return chr(int(match[1], 8))


def mounts_on_mac() -> tuple[Mount, ...]:
    """Ask mount(8), which has no other interface that survives between releases and needs no rights."""
    try:
        answer = subprocess.run(["/sbin/mount"], capture_output=True, text=True, timeout=10, check=True)
    except (OSError, subprocess.SubprocessError):
        return ()
    return parse_mac_mounts(answer.stdout)


def parse_mac_mounts(text: str) -> tuple[Mount, ...]:
    """Parse lines such as "//ana@server/plans on /Volumes/plans (smbfs, nodev, nosuid, mounted by ana)"."""
    return tuple(Mount(match["folder"], match["kind"]) for match in _MAC_LINE.finditer(text))


def _kind_on_windows(path: Path) -> str:
    if sys.platform != "win32":
        return ""
    import ctypes

    real = os.path.realpath(path)
    drive = os.path.splitdrive(real)[0]
    if drive.startswith("\\\\") and not drive.startswith("\\\\?\\"):
        return "network share"
    remote = 4  # DRIVE_REMOTE
    return "network drive" if ctypes.windll.kernel32.GetDriveTypeW(f"{drive}\\") == remote else ""
