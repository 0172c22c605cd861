"""Mails written as files."""

import os
import stat

import pytest
from notify.finished_mail import HTML, SETTINGS, envelope, rendered

from sheets_sync.core.mails import Attempt, Sending
from sheets_sync.notify.files import FileTransport
from sheets_sync.notify.message import build

RAW = build(rendered(), envelope(), SETTINGS)
ID = envelope().message_id
NAME = "2026-11-23-owner-week-c5874f527eba"


def write(folder, raw=RAW, number=ID):
    """One attempt."""
    transport = FileTransport(folder)
    attempt = transport.send("anna@plan.test", raw, message_id=number)
    transport.close()
    return attempt


def names(folder):
    """What lies in the folder, hidden files too."""
    return sorted(path.name for path in folder.iterdir())


def test_a_mail_becomes_a_message_and_a_page(tmp_path):
    """The message byte for byte, the page as a browser shows it, under a name that names nobody."""
    assert write(tmp_path / "a" / "mails") == Attempt(Sending.WRITTEN)
    assert names(tmp_path / "a" / "mails") == [f"{NAME}.eml", f"{NAME}.html"]
    assert (tmp_path / "a" / "mails" / f"{NAME}.eml").read_bytes() == RAW
    assert (tmp_path / "a" / "mails" / f"{NAME}.html").read_text("utf-8") == HTML


def test_the_same_mail_is_the_same_file(tmp_path):
    """Written twice, there once; another mail stands beside it."""
    write(tmp_path / "mails")
    write(tmp_path / "mails")
    assert len(names(tmp_path / "mails")) == 2
    write(tmp_path / "mails", number="<other@plan.test>")
    assert len(names(tmp_path / "mails")) == 4


def test_old_mails_are_forgotten_and_nothing_else_is_touched(tmp_path):
    """What stood in mails is kept 30 days; a person's own files stay."""
    kept = ["2026-10-24-owner-week-0123456789ab.eml", "2026-01-01-my-notes.eml", "undated-mail-0123456789ab.eml"]
    old = ["2026-10-23-owner-week-0123456789ab.eml", "2025-11-30-leader-week-0123456789ab.html"]
    (tmp_path / "mails").mkdir(mode=0o700)
    for name in (*kept, *old):
        (tmp_path / "mails" / name).touch()
    write(tmp_path / "mails")
    assert names(tmp_path / "mails") == sorted([*kept, f"{NAME}.eml", f"{NAME}.html"])


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_only_the_user_can_read_them(tmp_path):
    """Folder 0700, files 0600, whatever the umask."""
    before = os.umask(0)
    try:
        write(tmp_path / "mails")
    finally:
        os.umask(before)
    found = [stat.S_IMODE(path.stat().st_mode) for path in [tmp_path / "mails", *(tmp_path / "mails").iterdir()]]
    assert found == [0o700, 0o600, 0o600]


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")
def test_a_folder_others_can_write_to_is_refused(tmp_path):
    """Nobody must be able to plant or swap what a keeper opens."""
    (tmp_path / "mails").mkdir()
    (tmp_path / "mails").chmod(0o777)
    attempt = write(tmp_path / "mails")
    assert attempt.result is Sending.STOP
    assert "chmod go-w" in attempt.reason
    assert names(tmp_path / "mails") == []


@pytest.mark.skipif(os.name != "posix", reason="links need rights on Windows")
def test_a_link_is_replaced_never_followed(tmp_path):
    """A link under the mail's name does not lead the mail elsewhere."""
    (tmp_path / "mails").mkdir(mode=0o700)
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "mails" / f"{NAME}.eml").symlink_to(tmp_path / "mine")
    assert write(tmp_path / "mails").result is Sending.WRITTEN
    assert (tmp_path / "mine").read_text() == "mine"
    assert (tmp_path / "mails" / f"{NAME}.eml").read_bytes() == RAW


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    """A file in its place: no exception, and nothing of a mail in the reason."""
    (tmp_path / "mails").write_text("")
    attempt = write(tmp_path / "mails")
    assert attempt.result is Sending.STOP
    assert attempt.reason.endswith(").")


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path):
    """A folder under the mail's name: refused, and no part is left behind."""
    (tmp_path / "mails" / f"{NAME}.eml").mkdir(parents=True)
    (tmp_path / "mails").chmod(0o700)
    assert write(tmp_path / "mails").result is Sending.STOP
    assert names(tmp_path / "mails") == [f"{NAME}.eml", f"{NAME}.html"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\r\n",
        b"Date: yesterday\r\nFeedback-ID: ../../etc/x:y:z\r\n\r\nbody",
        RAW.replace(b"Feedback-ID: owner-week", b"Feedback-ID: ../owner"),
    ],
)
def test_a_strange_mail_gets_a_plain_name(tmp_path, raw):
    """Nothing in a mail chooses the place it is written to."""
    assert write(tmp_path / "mails", raw, "../../x").result is Sending.WRITTEN
    assert {path.name.rpartition("-")[0][-5:] for path in (tmp_path / "mails").iterdir()} == {"-mail"}
