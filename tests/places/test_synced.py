"""Which folders count as synced elsewhere."""

import os
from pathlib import Path

import pytest

from sheets_sync.places import refuse_network_or_synced, synced_root


@pytest.mark.parametrize(
    ("folder", "service"),
    [
        ("OneDrive/Plans", "OneDrive"),
        ("OneDrive - Acme Ltd/Plans", "OneDrive"),
        ("onedrive - acme/Plans", "OneDrive"),
        ("SharePoint/Plans", "SharePoint"),
        ("Dropbox/Plans", "Dropbox"),
        ("Dropbox (Personal)/Plans", "Dropbox"),
        ("Acme Dropbox/Jan", "Dropbox"),
        ("Google Drive/Plans", "Google Drive"),
        ("GoogleDrive-jan@example.org/My Drive", "Google Drive"),
        ("google-drive:host=example.org,user=jan/0A", "Google Drive"),
        ("Nextcloud/Plans", "Nextcloud"),
        ("Nextcloud2", "Nextcloud"),
        ("Library/CloudStorage/Box-Box/Plans", "Box"),
        ("Library/Mobile Documents/com~apple~CloudDocs/Plans", "iCloud Drive"),
        ("Plans", ""),
        ("My dropboxes/Plans", ""),
        ("OneDriven", ""),
        ("CloudStorage/Box-Box", ""),
    ],
)
def test_usual_names(tmp_path: Path, folder: str, service: str) -> None:
    """A folder under a sync client's usual name is synced, a name that only resembles it is not."""
    found = synced_root(tmp_path / folder / "Plan.xlsx", {})
    assert (found.service if found else "") == service


@pytest.mark.parametrize(
    ("marker", "service"),
    [
        (".dropbox", "Dropbox"),
        (".dropbox.cache", "Dropbox"),
        (".849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive or SharePoint"),
        (".tmp.drivedownload", "Google Drive"),
        (".nextcloudsync.log", "Nextcloud"),
        (".sync_0a1b2c3d.db", "Nextcloud"),
        ("._sync_0a1b2c3d.db", "Nextcloud"),
        (".stfolder", "Syncthing"),
        ("sync_notes.db", ""),
    ],
)
def test_files_left_by_the_client(tmp_path: Path, marker: str, service: str) -> None:
    """A file that a sync client leaves in its root gives the root away, at any depth below it."""
    (tmp_path / "root" / "deep" / "deeper").mkdir(parents=True)
    (tmp_path / "root" / marker).touch()
    found = synced_root(tmp_path / "root" / "deep" / "deeper" / "Plan.xlsx", {})
    assert (found.service if found else "") == service
    assert found is None or found.folder == tmp_path / "root"


def test_settings_folder_of_dropbox_is_no_root(tmp_path: Path) -> None:
    """The folder ".dropbox" with the client's settings, as it stands in a home folder, marks nothing."""
    (tmp_path / ".dropbox").mkdir()
    assert synced_root(tmp_path / "Plan.xlsx", {}) is None


@pytest.mark.parametrize(
    ("text", "service"),
    [
        (b"[.ShellClassInfo]\r\nIconResource=C:\\Program Files\\Microsoft OneDrive\\OneDrive.exe,6\r\n", "OneDrive"),
        ("[.ShellClassInfo]\r\nInfoTip=GoogleDriveFS".encode("utf-16"), "Google Drive"),
        (b"[.ShellClassInfo]\r\nIconResource=shell32.dll,4\r\n", ""),
    ],
)
def test_hint_in_desktop_ini(tmp_path: Path, text: bytes, service: str) -> None:
    """The icon a client gives its root is named in desktop.ini."""
    (tmp_path / "desktop.ini").write_bytes(text)
    found = synced_root(tmp_path / "Plan.xlsx", {})
    assert (found.service if found else "").startswith(service)
    assert bool(found) == bool(service)


@pytest.mark.parametrize("variable", ["OneDrive", "OneDriveConsumer", "OneDriveCommercial"])
def test_variables_set_by_the_client(tmp_path: Path, variable: str) -> None:
    """The folder named by OneDrive's own variables is synced whatever its name; its neighbour is not."""
    environment = {variable: str(tmp_path / "work")}
    assert synced_root(tmp_path / "work" / "Plan.xlsx", environment) == ("OneDrive", tmp_path / "work")
    assert synced_root(tmp_path / "workshop" / "Plan.xlsx", environment) is None


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_through_a_link_in_either_direction(tmp_path: Path) -> None:
    """A link into a synced folder, and a link that stands in one, both count."""
    (tmp_path / "Dropbox").mkdir()
    (tmp_path / "plain").mkdir()
    (tmp_path / "into").symlink_to(tmp_path / "Dropbox")
    (tmp_path / "Dropbox" / "out").symlink_to(tmp_path / "plain")
    assert synced_root(tmp_path / "into" / "Plan.xlsx", {}) is not None
    assert synced_root(tmp_path / "Dropbox" / "out" / "Plan.xlsx", {}) is not None
    assert synced_root(tmp_path / "plain" / "Plan.xlsx", {}) is None


def test_the_reason_names_service_and_folder(tmp_path: Path) -> None:
    """A store in a synced folder is refused with the service and the folder; a plain local one is not."""
    reason = refuse_network_or_synced(tmp_path / "Nextcloud" / "state")
    assert "Nextcloud" in reason
    assert str(tmp_path / "Nextcloud") in reason
    assert refuse_network_or_synced(tmp_path / "state") == ""
