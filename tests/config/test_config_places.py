"""The state folder, the registry, secrets, and what the machine says of itself."""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from sheets_sync.config import registry
from sheets_sync.config.files import create_text, replace_text
from sheets_sync.config.load import load_config
from sheets_sync.config.machine import machine_country, machine_timezone
from sheets_sync.config.secrets import Secret, read_secret, reference_problem
from sheets_sync.config.state import check_state, state_folder
from sheets_sync.config.values import Config
from sheets_sync.errors import UsageError

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes and links are POSIX")


@pytest.fixture
def config(written: Callable[[str], Path], minimal: str) -> Config:
    """A loaded minimal configuration."""
    return load_config(written(minimal))


@posix
@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_state_folder_is_made_private(config: Config, own_state: Path, umask: int) -> None:
    """Whatever the umask, the state folder is for the user alone."""
    before = os.umask(umask)
    try:
        made = state_folder(config)
    finally:
        os.umask(before)
    assert made == own_state
    assert own_state.stat().st_mode & 0o777 == 0o700


@posix
@pytest.mark.parametrize("mode", [0o750, 0o705, 0o770])
def test_a_state_folder_open_to_others_is_refused(config: Config, own_state: Path, mode: int) -> None:
    """Others could read cells in the store: refused with the command that mends it."""
    state_folder(config)
    own_state.chmod(mode)
    for look in (state_folder, check_state):
        with pytest.raises(UsageError) as caught:
            look(config)
        assert "chmod" in caught.value.message + caught.value.remedy
        assert caught.value.exit_code == 2


def test_looking_at_the_state_folder_makes_none(config: Config, own_state: Path) -> None:
    """`config check` and `doctor` change nothing."""
    check_state(config)
    assert not own_state.exists()


def test_a_store_never_lives_in_a_synced_folder(config: Config, tmp_path: Path) -> None:
    """A database in a folder that is synced elsewhere is damaged sooner or later: refused with the way out."""
    synced = tmp_path / "Dropbox"
    (synced / ".dropbox.cache").mkdir(parents=True)
    (synced / ".dropbox").touch()
    bad = Config(config.file, synced / "state", config.plans)
    for look in (state_folder, check_state):
        with pytest.raises(UsageError, match="Dropbox") as caught:
            look(bad)
        assert 'state = "..."' in caught.value.remedy
    assert not (synced / "state").exists()


def test_a_state_folder_that_cannot_be_made_is_a_usage_error(config: Config, tmp_path: Path) -> None:
    """A file in the way is said plainly."""
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be"):
        state_folder(Config(config.file, tmp_path / "file" / "state", config.plans))


def test_a_registered_plan_is_found_by_its_uid(tmp_path: Path) -> None:
    """The registry gives the folder back, the newest when a plan moved, and nothing for a stranger."""
    assert registry.entries() == ()
    assert registry.folder("p-000001") is None
    registry.register("p-000002", tmp_path / "b")
    registry.register("p-000001", tmp_path / "a\u00e9 x")
    registry.register("p-000002", tmp_path / "c")
    assert registry.entries() == (("p-000001", tmp_path / "a\u00e9 x"), ("p-000002", tmp_path / "c"))
    assert registry.folder("p-000002") == tmp_path / "c"


def test_a_relative_folder_is_registered_where_it_is_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The registry means the same from any folder."""
    monkeypatch.chdir(tmp_path)
    registry.register("p-000001", Path("here"))
    monkeypatch.chdir("/")
    assert registry.folder("p-000001") == tmp_path / "here"


@pytest.mark.parametrize("uid", ["../../evil", "", ".", "p/000001", "P-000001"])
def test_a_uid_from_a_workbook_never_names_a_path(uid: str, tmp_path: Path) -> None:
    """A uid that is no uid is neither registered nor looked up as a file."""
    registry.register("p-000001", tmp_path)
    assert registry.folder(uid) is None
    with pytest.raises(ValueError, match="not a plan uid"):
        registry.register(uid, tmp_path)


@posix
def test_a_registry_others_can_write_is_not_read(own_state: Path, tmp_path: Path) -> None:
    """Another user could point a plan to a folder of theirs."""
    registry.register("p-000001", tmp_path)
    (own_state / "registry").chmod(0o777)
    with pytest.raises(UsageError, match="chmod"):
        registry.folder("p-000001")


def test_two_programs_registering_at_once_lose_nothing(tmp_path: Path) -> None:
    """Every uid that was registered is there afterwards."""
    uids = [f"p-{number:06}" for number in range(40)]
    threads = [threading.Thread(target=registry.register, args=(uid, tmp_path)) for uid in uids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [uid for uid, _ in registry.entries()] == uids


@posix
def test_new_files_follow_no_planted_link(tmp_path: Path) -> None:
    """Where someone planted a link, a new file is not created, and what it points to stays."""
    target, link = tmp_path / "target", tmp_path / "config.toml"
    target.write_text("mine")
    link.symlink_to(target)
    with pytest.raises(OSError, match="exists"):
        create_text(link, "x")
    replace_text(link, "new")
    assert target.read_text() == "mine"
    assert not link.is_symlink()


@pytest.mark.parametrize("reference", ["env:TOKEN", "file:~/key.json", "file:/run/key", "credential:mail.password"])
def test_a_reference_says_where_a_secret_is(reference: str) -> None:
    """The three forms are references."""
    assert reference_problem(reference) == ""


@pytest.mark.parametrize(
    "text", ["hunter2", "", "env:", "env:A B", "file: ", "credential:../x", "ENV:TOKEN", "http://x:y@z"]
)
def test_a_secret_typed_in_is_refused_unrepeated(text: str, tmp_path: Path) -> None:
    """What is no reference may be the secret itself: it is refused without being shown."""
    assert (
        reference_problem(text)
        == 'a secret never stands in this file: write "env:NAME", "file:PATH" or "credential:NAME"'
    )
    with pytest.raises(UsageError, match="never stands in this file"):
        read_secret(text, tmp_path)


def test_secrets_are_read_from_where_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the environment, a private file beside the configuration, and a systemd credential."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    create_text(private / "key", "s3cret\n")
    monkeypatch.setenv("TOKEN", "s3cret")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(private))
    for reference in ("env:TOKEN", "file:key", f"file:{private / 'key'}", "credential:key"):
        secret = read_secret(reference, private)
        assert secret == Secret("s3cret")
        assert "s3cret" not in repr(secret)


@posix
def test_a_secret_others_can_read_is_refused(tmp_path: Path) -> None:
    """A key file must be 0600."""
    key = tmp_path / "key"
    create_text(key, "s3cret")
    key.chmod(0o640)
    with pytest.raises(UsageError) as caught:
        read_secret("file:key", tmp_path)
    assert caught.value.remedy == f"chmod 600 {key}"
    assert "s3cret" not in caught.value.message


@pytest.mark.parametrize(
    ("reference", "told"),
    [
        ("env:SHEETS_SYNC_NO_SUCH", "is not set"),
        ("file:missing", "cannot be read"),
        ("file:empty", "holds no secret"),
        ("file:binary", "holds no secret"),
        ("credential:key", "no systemd credentials"),
    ],
)
def test_a_secret_that_is_not_there_is_a_usage_error(reference: str, told: str, tmp_path: Path) -> None:
    """Exit code 2, with what is missing."""
    create_text(tmp_path / "empty", "\n")
    create_text(tmp_path / "binary", "")
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=told):
        read_secret(reference, tmp_path)


@pytest.mark.parametrize(
    ("environment", "link", "named", "zone"),
    [
        ("Europe/Paris", "Asia/Tokyo", "", "Europe/Paris"),
        (":Europe/Paris", "Asia/Tokyo", "", "Europe/Paris"),
        ("EST5EDT4,M3.2.0,M11.1.0", "America/New_York", "", "America/New_York"),
        ("", "posix/Asia/Tokyo", "", "Asia/Tokyo"),
        ("", "", "America/Bogota\n", "America/Bogota"),
        ("", "", "no zone\n", ""),
        ("", "", "", ""),
    ],
)
def test_the_zone_of_the_machine(
    environment: str, link: str, named: str, zone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """$TZ comes first, then the link of the system, then its file; a name nobody knows is passed over."""
    monkeypatch.setenv("TZ", environment)
    localtime, file = tmp_path / "localtime", tmp_path / "timezone"
    if link:
        localtime.symlink_to(f"/usr/share/zoneinfo/{link}")
    if named:
        file.write_text(named)
    assert machine_timezone(localtime, file) == zone


@pytest.mark.parametrize(
    ("variables", "country"),
    [
        ({"LANG": "pt_BR.UTF-8"}, "BR"),
        ({"LANG": "en_US.UTF-8", "LC_TIME": "de_DE"}, "DE"),
        ({"LANG": "en_US.UTF-8", "LC_TIME": "de_DE", "LC_ALL": "es_CO"}, "CO"),
        ({"LANG": "C.UTF-8"}, ""),
        ({}, ""),
    ],
)
def test_the_country_of_the_locale(variables: dict[str, str], country: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The locale that decides how days are written names the country."""
    for name in ("LANG", "LC_TIME", "LC_ALL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert machine_country() == country
