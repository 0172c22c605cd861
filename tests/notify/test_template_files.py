"""Where templates come from, whose are trusted, and what a broken one says."""

import importlib.resources
import tomllib
from pathlib import Path

import pytest
from notify.mail_samples import NOW, notice, owner_section

from sheets_sync.errors import ConfigError, UsageError
from sheets_sync.notify import template_files
from sheets_sync.notify.render import render
from sheets_sync.notify.template_files import NAME, check_templates, shipped_templates

ROOT = Path(__file__).parents[2]
SUBJECT = "owner-week-subject.txt.j2"


@pytest.fixture
def folder(tmp_path):
    """A team's own template folder."""
    place = tmp_path / "templates"
    place.mkdir(mode=0o700)
    return place


def subject(folder):
    """The subject of a mail made with the team's own templates."""
    return render([notice(owner_section())], templates=folder, now=NOW).subject


def write(folder, text, name=SUBJECT):
    """Put a template into the folder."""
    path = folder / name
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    return path


def test_every_mail_has_its_three_templates():
    """Subject, text and page for each kind, for both together and for the keeper; names of one form."""
    names = shipped_templates().keys()
    for mail in ("owner-week", "leader-week", "week", "keeper-preview", "keeper-failing"):
        assert {f"{mail}-subject.txt.j2", f"{mail}-body.txt.j2", f"{mail}-body.html.j2"} <= names
    assert all(NAME.fullmatch(name) for name in names)


def test_a_working_copy_and_an_installed_package_find_the_same_folder(tmp_path, monkeypatch):
    """In a working copy the folder stands beside the package, in a wheel inside it."""
    beside = shipped_templates()
    assert {path.parent for path in beside.values()} == {ROOT / "templates"}
    inside = tmp_path / "sheets_sync" / "templates"
    inside.mkdir(parents=True)
    for name, path in beside.items():
        (inside / name).write_text(path.read_text("utf-8"), "utf-8")
    monkeypatch.setattr(template_files, "files", lambda name: inside.parent)
    assert {path.parent for path in shipped_templates().values()} == {inside}


def test_the_wheel_takes_the_templates_into_the_package():
    """What the build puts where the loader looks."""
    build = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    assert build["targets"]["wheel"]["force-include"]["templates"] == "sheets_sync/templates"
    assert importlib.resources.files("sheets_sync").joinpath("words").is_dir()


def test_a_template_of_the_team_replaces_the_shipped_one(folder):
    """The same name, the team's words; a change shows at once; everything else stays."""
    write(folder, "Your week in {{ mail.parts[0].plan }}")
    assert subject(folder) == "Your week in Product launch"
    assert subject(None).startswith("2 late")


def test_a_partial_of_the_team_is_used_by_the_shipped_templates(folder):
    """A replaced layout is found by the mails that extend it."""
    write(folder, "<html><head><title>x</title></head><body>ours</body></html>", "mail-layout.html.j2")
    assert "ours" in render([notice(owner_section())], templates=folder, now=NOW).html


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("fine\n{% if %}", 2, "Expected"),
        ("fine\nfine\n{{ mail.nothing_like_it }}", 3, "UndefinedError (nothing_like_it)"),
        ("{{ mail.subject.__class__.__mro__ }}", 1, "SecurityError"),
        ("{{ mail.subject | safe }}", 1, "safe"),
        ("{{ ''.__class__.__base__.__subclasses__() }}", 1, "SecurityError"),
        ("\n{{ 1 / 0 }}", 2, "ZeroDivisionError"),
        ("{{ mail.parts[7].plan }}", 1, "UndefinedError"),
        ("{% include '../config.toml' %}", 1, "TemplateNotFound"),
        ("{% include '/etc/passwd' %}", 1, "TemplateNotFound"),
    ],
)
def test_a_broken_template_is_named_with_its_line(folder, text, line, reason):
    """A clear error instead of a mail: file, line, what is wrong, and nothing a cell holds."""
    path = write(folder, text)
    with pytest.raises(ConfigError) as caught:
        subject(folder)
    (mistake,) = caught.value.mistakes
    assert (mistake.file, mistake.line) == (str(path), line)
    assert reason in mistake.reason
    assert "ISO 27001" not in str(caught.value)


def test_a_template_may_not_say_what_a_cell_holds_in_its_error(folder):
    """Cell text does not reach an error even when a template asks for it as a name."""
    write(folder, "{{ mail[mail.parts[0].first[0].rows[0].title] }}")
    with pytest.raises(ConfigError) as caught:
        subject(folder)
    assert "ISO" not in str(caught.value)


def test_a_file_that_replaces_nothing_is_a_mistake(folder):
    """A misspelt name would never be used, so it is told."""
    write(folder, "x", "owner-weak-subject.txt.j2")
    with pytest.raises(ConfigError, match=r"owner-weak-subject\.txt\.j2: .*not the name"):
        subject(folder)


@pytest.mark.parametrize("name", ["README.md", f"{SUBJECT}~", f".{SUBJECT}"])
def test_other_files_beside_the_templates_are_left_alone(folder, name):
    """A note or an editor's copy in the folder stops no mail."""
    write(folder, "{{", name)
    assert subject(folder) == subject(None)


@pytest.mark.parametrize("mode", [0o620, 0o602])
def test_a_template_others_can_change_is_refused(folder, mode):
    """Trusted only when nobody else can write it (HAZARDS 22)."""
    write(folder, "x").chmod(mode)
    with pytest.raises(UsageError, match="chmod go-w"):
        subject(folder)


def test_a_folder_others_can_change_is_refused(folder):
    """The same for the folder itself."""
    write(folder, "x")
    folder.chmod(0o777)
    with pytest.raises(UsageError, match="chmod go-w"):
        subject(folder)


def test_a_link_out_of_the_folder_is_refused(folder, tmp_path):
    """A template stands inside its one real folder."""
    outside = tmp_path / "outside.txt"
    outside.write_text("x", "utf-8")
    (folder / SUBJECT).symlink_to(outside)
    with pytest.raises(ConfigError, match="plain file in this folder"):
        subject(folder)


def test_a_template_that_cannot_be_read_is_found_before_a_mail_is_made(folder):
    """What the doctor asks: all own templates are looked at, also those no mail needs today."""
    write(folder, "fine")
    assert check_templates(folder).keys() == {SUBJECT}
    path = write(folder, "one\n{% for %}", "leader-week-body.txt.j2")
    with pytest.raises(ConfigError) as caught:
        check_templates(folder)
    assert (caught.value.mistakes[0].file, caught.value.mistakes[0].line) == (str(path), 2)


def test_a_folder_that_is_not_there_is_no_mistake(tmp_path):
    """Most teams have no templates of their own."""
    assert subject(tmp_path / "templates") == subject(None)
