"""Reading the system's tables of mounts."""

from pathlib import Path

import pytest

from sheets_sync.places.network import Mount, is_remote, kind_of, mounts_on_linux, network_kind, parse_mac_mounts

LINUX = """\
/dev/vda / ext4 rw,relatime 0 0
proc /proc proc rw 0 0
server:/plans /mnt/team\\040plans nfs4 rw,vers=4.2 0 0
//server/share /mnt/share cifs rw 0 0
/dev/sdb1 /mnt/share/local xfs rw 0 0
jan@host: /home/jan/remote fuse.sshfs rw 0 0
tmpfs /over tmpfs rw 0 0
overlaid /over 9p rw 0 0
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table of mounts as Linux shows it."""
    file = tmp_path / "mounts"
    file.write_text(LINUX)
    return file


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/home/jan/x", "ext4"),
        ("/mnt/team plans/state", "nfs4"),
        ("/mnt/team plansX/state", "ext4"),
        ("/mnt/share", "cifs"),
        ("/mnt/share/local/state", "xfs"),
        ("/home/jan/remote/state", "fuse.sshfs"),
        ("/over/x", "9p"),
    ],
)
def test_innermost_mount_counts(table: Path, path: str, kind: str) -> None:
    """The innermost mount decides, names with blanks are understood, of two on one folder the later counts."""
    assert kind_of(path, mounts_on_linux(table)) == kind


def test_missing_table_means_local(tmp_path: Path) -> None:
    """Without a table nothing is known, and nothing is refused."""
    assert mounts_on_linux(tmp_path / "absent") == ()
    assert kind_of("/x", ()) == ""


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "fuse", "fuse.rclone", "fuseblk", "9p", "virtiofs"])
def test_remote_kinds(kind: str) -> None:
    """Servers, programs posing as file systems and shared folders of a virtual machine are remote."""
    assert is_remote(kind)


@pytest.mark.parametrize("kind", ["", "ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "apfs", "ntfs3"])
def test_local_kinds(kind: str) -> None:
    """A disk of this machine is not."""
    assert not is_remote(kind)


@pytest.mark.skipif(not Path("/proc/self/mounts").exists(), reason="reads the Linux table")
def test_this_machine() -> None:
    """The kernel's own file system is found by the table of this machine, whatever the path below it."""
    assert kind_of("/proc/1/not there", mounts_on_linux()) == "proc"
    assert network_kind(Path("/proc/1/not there")) == ""


def test_mac_table() -> None:
    """The lines of mount(8) on a Mac give folder and kind, brackets and blanks in names included."""
    text = (
        "/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)\n"
        "//jan@server/plans on /Volumes/Plans (old) (smbfs, nodev, nosuid, mounted by jan)\n"
        "map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)\n"
    )
    assert parse_mac_mounts(text) == (
        Mount("/", "apfs"),
        Mount("/Volumes/Plans (old)", "smbfs"),
        Mount("/System/Volumes/Data/home", "autofs"),
    )
