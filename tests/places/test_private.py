"""Who else could change a file we trust."""

import os
import shlex
import stat
import subprocess
from pathlib import Path

import pytest

from sheets_sync.places import private_folder_problem

pytestmark = pytest.mark.skipif(os.name == "nt", reason="owners and modes of POSIX")


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A file nobody else can change, in a folder nobody else can change."""
    (tmp_path / "it's private").mkdir(mode=0o700)
    file = tmp_path / "it's private" / "config.toml"
    file.touch()
    file.chmod(0o600)
    return file


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o400])
def test_private_file_is_fine(config: Path, mode: int) -> None:
    """Others may read; that is no reason to distrust."""
    config.chmod(mode)
    assert private_folder_problem(config) == ""
    assert private_folder_problem(config.parent) == ""


@pytest.mark.parametrize("mode", [0o660, 0o602, 0o666])
def test_file_others_can_write(config: Path, mode: int) -> None:
    """A file others can write is named, and the command in the reason mends it."""
    config.chmod(mode)
    assert_mended_by_its_command(config, named=config)


@pytest.mark.parametrize("mode", [0o770, 0o703, 0o777])
def test_folder_others_can_write(config: Path, mode: int) -> None:
    """A folder others can write makes the file in it untrustworthy: they could swap it."""
    config.parent.chmod(mode)
    assert_mended_by_its_command(config, named=config.parent)


def test_file_to_be_made(config: Path) -> None:
    """For a path that does not exist yet the nearest existing folder counts."""
    later = config.parent / "state" / "store.db"
    assert private_folder_problem(later) == ""
    config.parent.chmod(0o777)
    assert str(config.parent) in private_folder_problem(later)


def test_sticky_folder_is_fine(config: Path) -> None:
    """In a sticky folder such as /tmp others cannot swap what is ours."""
    config.parent.chmod(0o777 | stat.S_ISVTX)
    assert private_folder_problem(config) == ""


def test_file_behind_a_link(config: Path, tmp_path: Path) -> None:
    """A link is only as trustworthy as the file and folder behind it."""
    link = tmp_path / "link.toml"
    link.symlink_to(config)
    assert private_folder_problem(link) == ""
    config.parent.chmod(0o777)
    assert str(config.parent) in private_folder_problem(link)


@pytest.mark.skipif(os.name != "nt" and os.geteuid() != 0, reason="needs root to give a file away")
@pytest.mark.parametrize("given_away", ["file", "folder"])
def test_owned_by_another_user(config: Path, given_away: str) -> None:
    """What belongs to another user, who can do with it as he likes, is named with its owner's change."""
    target = config if given_away == "file" else config.parent
    os.chown(target, 12345, -1)
    reason = private_folder_problem(config)
    assert str(target) in reason
    assert "chown" in reason


def assert_mended_by_its_command(path: Path, *, named: Path) -> None:
    reason = private_folder_problem(path)
    assert str(named) in reason
    command = reason.rpartition("run: ")[2]
    assert subprocess.run(shlex.split(command), check=False).returncode == 0
    assert private_folder_problem(path) == ""
