"""Loading: what a good file gives, and how every mistake of a bad one is told."""

import datetime as dt
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sheets_sync.config.load import find_config, load_config
from sheets_sync.config.values import Limits
from sheets_sync.core.model import Field, Status
from sheets_sync.core.retention import Retention
from sheets_sync.core.settings import CalendarSettings, PlanSettings
from sheets_sync.errors import ConfigError, UsageError

Write = Callable[[str], Path]

FULL = """\
state = "kept"
[limits]
max_file_mb = 80
[[plan]]
uid = "p-0123456789ab"
name = "Plant 2026"
workbook = "sub/PLAN.xlsx"
tabs = ["Actions", "Ações 2"]
language = "pt"
timezone = "America/Sao_Paulo"
header_row = 4
date_order = "dmy"
struck = "ignore"
id_prefix = "PL"
highlight = "row"
drop_downs = true
hints = true
stale_days = 15
verify_after = 30
baseline_grace = 0
typing_grace_minutes = 5
synced_folder = "sole-writer"
[plan.columns]
action = "O que"
due = "Prazo\\nfinal"
[plan.status]
"Feito" = "done"
"EA" = "in_progress"
[plan.calendar]
workdays = ["Mon", "Tue", "Wed", "Thu"]
holidays = [2026-12-24]
shutdown = ["2026-12-30..2027-01-02"]
roll = "previous"
"""


PLAIN = '[[plan]]\nuid = "p-aaaaaa"\ntimezone = "UTC"\nworkbook = "{}"\ntabs = ["A"]\n'


def mistakes(write: Write, text: str) -> list[tuple[int, str, str]]:
    """The mistakes a text gives, as (line, key, reason)."""
    with pytest.raises(ConfigError) as caught:
        load_config(write(text))
    return [(mistake.line, mistake.key, mistake.reason) for mistake in caught.value.mistakes]


def test_every_key_arrives_in_the_settings(written: Write) -> None:
    """Each key of the file becomes the setting it speaks of."""
    file = written(FULL)
    config = load_config(file)
    plan = config.plans[0]
    assert plan.settings == PlanSettings(
        uid="p-0123456789ab",
        name="Plant 2026",
        language="pt",
        timezone="America/Sao_Paulo",
        tabs=("Actions", "Ações 2"),
        header_row=4,
        column_map=((Field.ACTION, "O que"), (Field.DUE, "Prazo\nfinal")),
        status_map=(("Feito", Status.DONE), ("EA", Status.IN_PROGRESS)),
        date_order="dmy",
        struck="ignore",
        id_prefix="PL",
        calendar=CalendarSettings(
            workdays=frozenset({1, 2, 3, 4}),
            holidays=frozenset(
                {dt.date(2026, 12, 24), dt.date(2026, 12, 30), dt.date(2026, 12, 31)}
                | {dt.date(2027, 1, 1), dt.date(2027, 1, 2)}
            ),
            roll="previous",
        ),
        hints=True,
        highlight="row",
        drop_downs=True,
        stale_days=15,
        verify_after=30,
        baseline_grace=0,
        typing_grace_minutes=5,
    )
    assert plan.workbook == file.parent / "sub/PLAN.xlsx"
    assert plan.sole_writer
    assert plan.limits == Limits(max_file_mb=80)
    assert config.state == file.parent / "kept"


def test_what_is_left_out_has_the_defaults_of_the_core(written: Write, minimal: str, own_state: Path) -> None:
    """A minimal file gives exactly the defaults that PlanSettings declares, and the user's own state folder."""
    config = load_config(written(minimal))
    assert config.plans[0].settings == PlanSettings(uid="p-0123456789ab", timezone="Europe/Lisbon")
    assert not config.plans[0].sole_writer
    assert config.plans[0].limits == Limits()
    assert config.state == own_state


def test_the_folder_of_a_config_file_will_do(written: Write, minimal: str) -> None:
    """A folder stands for the config.toml in it, and a byte order mark does no harm."""
    file = written("\ufeff" + minimal)
    assert load_config(file.parent).file == file


def test_a_workbook_is_found_from_home_and_by_full_path(written: Write, minimal: str, tmp_path: Path) -> None:
    """`~` is the home folder, and a full path stays."""
    assert (
        load_config(written(minimal.replace("PLAN", "~/plans/PLAN"))).plans[0].workbook == tmp_path / "plans/PLAN.xlsx"
    )
    assert load_config(written(minimal.replace("PLAN", "/srv/PLAN"))).plans[0].workbook == Path("/srv/PLAN.xlsx")


WRONG_KEYS = [
    ('tabs = ["A", "a"]', "tabs", "a name stands here twice"),
    ('tabs = "Actions"', "tabs", "write a list: [ ... ]"),
    ("tabs = [1]", "tabs[1]", "write text, in quotes"),
    ('tabs = [" "]', "tabs[1]", "is not of the right form"),
    ('nmae = "x"', "nmae", 'unknown key; did you mean "name"?'),
    ('colour = "x"', "colour", "unknown key; `sheets-sync config example` shows all keys"),
    ('workdays = ["Mon"]', "workdays", "unknown key here; it belongs below [plan.calendar]"),
    ('action = "What"', "action", "unknown key here; it belongs below [plan.columns]"),
    ('state = "x"', "state", "unknown key here; it belongs above the first table"),
    ("max_parts = 50", "max_parts", "unknown key here; it belongs below [limits]"),
    ('language = "fr"', "language", "must be one of: en, pt, es"),
    ('highlight = "rows"', "highlight", 'must be one of: cells, row; did you mean "row"?'),
    ('synced_folder = "yes"', "synced_folder", "must be one of: sole-writer"),
    ('stale_days = "10"', "stale_days", "write a whole number, without quotes"),
    ("stale_days = 10.0", "stale_days", "write a whole number, without quotes"),
    ("stale_days = true", "stale_days", "write a whole number, without quotes"),
    ("stale_days = 0", "stale_days", "must be at least 1"),
    ("typing_grace_minutes = 1441", "typing_grace_minutes", "must be at most 1440"),
    ('hints = "yes"', "hints", "write true or false, without quotes"),
    ("hints = 1", "hints", "write true or false, without quotes"),
    ('id_prefix = "=A"', "id_prefix", 'is not of the right form; for example id_prefix = "A"'),
    ('name = ""', "name", "must not be empty"),
    ('columns = "x"', "columns", "this is a table: put its keys below a header in brackets"),
    ('columns = { actoin = "x" }', "columns.actoin", 'no such name; did you mean "action"?'),
    ('columns = { owner = "Who", due = "who" }', "columns.due", 'the same header is already chosen for "owner"'),
    ("columns = { owner = 3 }", "columns.owner", "write text, in quotes"),
    ('status = { "Feito" = "unknown" }', "status.Feito", "leave a word out that has no meaning yet"),
    ('status = { "x" = "done", "X" = "planned" }', "status.X", 'the same word already means "done"'),
    ('calendar = { country = "BX" }', "calendar.country", "no such country"),
    ('calendar = { country = "BR-SPP" }', "calendar.country", 'no such region; did you mean "BR-SP"?'),
    ('calendar = { country = "PT-XX" }', "calendar.country", "no such region"),
    ('calendar = { country = "DE-Augsburgg" }', "calendar.country", 'did you mean "DE-Augsburg"?'),
    ('calendar = { country = "br" }', "calendar.country", 'not of the right form; for example country = "BR-SP"'),
    ('calendar = { country = "../BR" }', "calendar.country", "is not of the right form"),
    (
        'calendar = { holidays = ["2026-01-01"] }',
        "calendar.holidays[1]",
        "write a day, without quotes and without a time",
    ),
    (
        "calendar = { holidays = [2026-01-01T10:00:00] }",
        "calendar.holidays[1]",
        "write a day, without quotes and without a time",
    ),
    ('calendar = { shutdown = ["2026-12-21"] }', "calendar.shutdown[1]", "write a range of days such as"),
    ('calendar = { shutdown = ["2026-12-21..2026-12-20"] }', "calendar.shutdown[1]", "ends before it starts"),
    ('calendar = { shutdown = ["2026-01-01..2027-12-31"] }', "calendar.shutdown[1]", "at most one year long"),
    ('calendar = { workdays = ["Mon", "Fry"] }', "calendar.workdays[2]", "must be one of: Mon, Tue, Wed"),
    ("calendar = { workdays = [] }", "calendar.workdays", "needs at least one"),
    ('calendar = { workdays = ["Mon"] }', "calendar", "only 52 working days a year; a plan needs at least 100"),
    (
        'calendar = { workdays = ["Mon", "Tue"], shutdown = ["2026-03-01..2026-04-30"] }',
        "calendar",
        "only 86 working days in 2026; a plan needs at least 100",
    ),
]


@pytest.mark.parametrize(("line", "key", "reason"), WRONG_KEYS)
def test_a_wrong_key_is_told_with_its_place_and_what_to_type(
    written: Write, minimal: str, line: str, key: str, reason: str
) -> None:
    """One wrong line gives one mistake, on its line, under its name, with what to do."""
    found = mistakes(written, minimal + line + "\n")
    assert [(number, name) for number, name, _ in found] == [(5, f"plan.{key}")]
    assert reason in found[0][2]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (1, "plan", "no [[plan]] table; `sheets-sync init PLAN.xlsx` writes one")),
        ("plan = []", (1, "plan", "no [[plan]] table; `sheets-sync init PLAN.xlsx` writes one")),
        ('[plan]\nuid = "x"', (1, "plan", "write two brackets: [[plan]]")),
        ("a = \n", (1, "(file)", "not valid TOML: Invalid value")),
        ("a = 1\na = 2\n", (2, "(file)", "not valid TOML: Cannot overwrite a value")),
    ],
)
def test_a_file_without_a_plan_is_a_mistake(written: Write, text: str, expected: tuple[int, str, str]) -> None:
    """A file that is empty or no TOML says so."""
    assert mistakes(written, text) == [expected]


@pytest.mark.parametrize(
    ("missing", "reason"),
    [
        ("uid", "is required; `sheets-sync init PLAN.xlsx` writes it"),
        ("workbook", 'is required; for example workbook = "PLAN.xlsx"'),
        ("timezone", 'is required; for example timezone = "America/Sao_Paulo"'),
    ],
)
def test_a_missing_key_is_told_at_its_table(written: Write, minimal: str, missing: str, reason: str) -> None:
    """What every plan needs is asked for at the line the plan begins on."""
    text = "# a comment\n" + "".join(line for line in minimal.splitlines(True) if not line.startswith(missing))
    assert mistakes(written, text) == [(2, f"plan.{missing}", reason)]


@pytest.mark.parametrize(
    ("zone", "hint"),
    [
        ("America/Sao_Paolo", 'did you mean "America/Sao_Paulo"?'),
        ("lisbon", 'did you mean "Europe/Lisbon"?'),
        ("../../etc/passwd", ""),
        ("Europe", ""),
        ("", ""),
    ],
)
def test_a_time_zone_must_exist(written: Write, minimal: str, zone: str, hint: str) -> None:
    """A zone nobody knows is a mistake, with the nearest that exists."""
    [(line, key, reason)] = mistakes(written, minimal.replace("Europe/Lisbon", zone))
    assert (line, key) == (4, "plan.timezone")
    assert reason.startswith("no time zone has this name")
    assert hint in reason


def test_all_mistakes_come_at_once_in_the_order_of_the_file(written: Write, minimal: str) -> None:
    """Mistakes of every kind, in several plans and tables, are told together; of several plans each has its number."""
    second = minimal.replace("Europe/Lisbon", "Nowhere").replace("uid", 'name = "Two"\nuid')
    text = (
        "stat = 1\n"
        + minimal
        + '[plan.columns]\nactoin = "x"\n'
        + second
        + "header_row = 0\n[limits]\nmax_parts = true\n"
    )
    assert [(line, key) for line, key, _ in mistakes(written, text)] == [
        (1, "stat"),
        (7, "plan[1].columns.actoin"),
        (10, "plan[2].uid"),
        (11, "plan[2].workbook"),
        (12, "plan[2].timezone"),
        (13, "plan[2].header_row"),
        (15, "limits.max_parts"),
    ]


NONE = 'writes = "none"\n'


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ('workbook = "A.xlsx"\ntabs = ["X"]', 'workbook = "./A.xlsx"\ntabs = ["Y"]', r'tabs = \["X", "Y"\], and'),
        ('workbook = "A.xlsx"\ntabs = ["X"]', 'workbook = "b/../A.xlsx"\ntabs = ["X"]', r'tabs = \["X"\], and'),
        ('workbook = "A.xlsx"', 'workbook = "A.xlsx"\ntabs = ["Y"]', r"only one plan can write: .*tabs = \[\.\.\.\]"),
        (
            f'{NONE}workbook = "A.xlsx"\ntabs = ["X"]',
            'workbook = "./A.xlsx"\ntabs = ["x", "Y"]',
            "already has this tab",
        ),
        (f'{NONE}workbook = "A.xlsx"\ntabs = ["x"]', 'workbook = "b/../A.xlsx"\ntabs = ["X"]', "already has this tab"),
        (f'{NONE}workbook = "A.xlsx"', 'workbook = "A.xlsx"', "name the tabs of both"),
        ('workbook = "A.xlsx"', f'{NONE}workbook = "A.xlsx"\ntabs = ["Y"]', "name the tabs of both"),
        ('workbook = "A.xlsx"\ntabs = ["X"]', f'{NONE}workbook = "A.xlsx"', "name the tabs of both"),
        ('workbook = "A.xlsx"\ntabs = ["X"]', f'{NONE}workbook = "A.xlsx"\ntabs = ["Y"]', ""),
        (f'{NONE}workbook = "A.xlsx"\ntabs = ["X"]', f'{NONE}workbook = "A.xlsx"\ntabs = ["Y"]', ""),
        ('workbook = "A.xlsx"', 'workbook = "B.xlsx"', ""),
        ('workbook = "A.xlsx"\nname = "N"', 'workbook = "B.xlsx"\nname = "n"', "has the same name"),
    ],
)
def test_two_plans_share_no_name_and_no_tab(written: Write, first: str, second: str, expected: str) -> None:
    """A workbook that two plans write is a mistake, however it is written, with what to write instead; so is the same
    tab in two plans of which one only reads, and one name twice."""
    plan = '[[plan]]\nuid = "p-aaaaaa"\ntimezone = "UTC"\n'
    other = '[[plan]]\nuid = "p-bbbbbb"\ntimezone = "UTC"\n' + ("" if "name" in second else 'name = "Two"\n')
    file = written(f"{plan}{first}\n{other}{second}\n")
    if not expected:
        assert len(load_config(file).plans) == 2
        return
    with pytest.raises(ConfigError, match=expected) as caught:
        load_config(file)
    assert len(caught.value.mistakes) == 1


def test_a_workbook_is_known_by_every_way_to_it(written: Write) -> None:
    """A link to the workbook and a second name of it are the same workbook."""
    folder = written("").parent
    (folder / "A.xlsx").write_bytes(b"")
    (folder / "link.xlsx").symlink_to(folder / "A.xlsx")
    (folder / "second.xlsx").hardlink_to(folder / "A.xlsx")
    for other in ("link.xlsx", "second.xlsx"):
        plan = '[[plan]]\nuid = "p-aaaaaa"\ntimezone = "UTC"\nworkbook = "A.xlsx"\ntabs = ["X"]\n'
        text = plan + plan.replace("aaaaaa", "bbbbbb").replace("A.xlsx", other) + 'name = "Two"\n'
        with pytest.raises(ConfigError, match="only one plan can write"):
            load_config(written(text))


def test_two_plans_share_no_uid(written: Write, minimal: str) -> None:
    """A uid twice is a mistake: history would be mixed."""
    second = minimal.replace("PLAN", "OTHER").replace("uid", 'name = "Two"\nuid')
    assert mistakes(written, minimal + second) == [
        (7, "plan[2].uid", "plan 1 has the same uid; every plan needs its own")
    ]


@pytest.mark.parametrize("uid", ["../../x", "CON", "nul", "P-ABCDEF", "a b c d e f", "p", "x" * 65])
def test_a_uid_can_name_a_folder_on_any_system(written: Write, minimal: str, uid: str) -> None:
    """What could leave the folder, or is no file name on Windows, is no uid."""
    [(line, key, _)] = mistakes(written, minimal.replace("p-0123456789ab", uid))
    assert (line, key) == (2, "plan.uid")


def test_values_are_never_repeated(written: Write, minimal: str) -> None:
    """A value that is wrong may be a secret typed into the wrong key: no mistake repeats it."""
    sentinel = "hunter2sentinel"
    text = minimal.replace("Europe/Lisbon", sentinel) + "".join(
        f'{key} = "{sentinel}"\n'
        for key in ("language", "stale_days", "id_prefixx", "header_row", "tabs", "highlight", "struck", "hints")
    )
    text += f'id_prefix = "{sentinel * 9}"\n[plan.calendar]\ncountry = "{sentinel}"\nshutdown = ["{sentinel}"]\n'
    with pytest.raises(ConfigError) as caught:
        load_config(written(text))
    assert len(caught.value.mistakes) == 12
    assert sentinel not in caught.value.message


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [(b"a = 1\nb = '\xff'\n", 2, "not UTF-8 text"), (b"#" * 1_000_001, 0, "larger than 1 MB")],
)
def test_what_is_no_text_is_refused(written: Write, content: bytes, line: int, reason: str) -> None:
    """A file that is no UTF-8 text, or far too large, is another file by mistake."""
    file = written("")
    file.write_bytes(content)
    with pytest.raises(ConfigError) as caught:
        load_config(file)
    assert caught.value.mistakes[0].line == line
    assert reason in caught.value.mistakes[0].reason


def test_the_named_file_wins_then_the_folder_then_the_variable(
    written: Write, minimal: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--config comes before the current folder, and that before $SHEETS_SYNC_CONFIG; with none there is a way out."""
    here, elsewhere = tmp_path / "here", written(minimal)
    here.mkdir()
    monkeypatch.chdir(here)
    with pytest.raises(UsageError) as caught:
        find_config()
    assert "sheets-sync init" in caught.value.remedy
    monkeypatch.setenv("SHEETS_SYNC_CONFIG", str(elsewhere.parent))
    assert find_config() == elsewhere
    (here / "config.toml").write_text(minimal)
    assert find_config() == here / "config.toml"
    assert find_config(elsewhere) == elsewhere
    with pytest.raises(UsageError, match="there is no file"):
        find_config(tmp_path / "nowhere")


@pytest.mark.skipif(sys.platform == "win32", reason="modes are POSIX")
@pytest.mark.parametrize("which", ["file", "folder"])
def test_a_configuration_that_others_can_write_is_not_used(written: Write, minimal: str, which: str) -> None:
    """Others could make the program write elsewhere: refused with the command that mends it, which then does."""
    file = written(minimal)
    place = file if which == "file" else file.parent
    place.chmod(stat.S_IMODE(place.stat().st_mode) | 0o022)
    with pytest.raises(UsageError, match=f"chmod .*{place}") as caught:
        load_config(file)
    assert caught.value.exit_code == 2
    place.chmod(0o700)
    assert load_config(file).plans


def test_how_long_things_are_kept_is_configured(written: Write, minimal: str) -> None:
    """What is left out is kept as long as ever; nothing can be kept for no time or for good."""
    found = load_config(written(minimal + "[retention]\nbackups_newest = 3\nversions_months = 6\n")).retention
    assert found == Retention(backups_newest=3, versions_months=6)
    assert load_config(written(minimal)).retention == Retention(30, 30, 10, 14, 24)
    for wrong in ("journal_days = 0", "versions_months = 1000", "backups_newest = 0"):
        with pytest.raises(ConfigError):
            load_config(written(f"{minimal}[retention]\n{wrong}\n"))


def test_a_plan_that_is_never_written_is_another_configuration(written: Write, minimal: str) -> None:
    """The day on which writing is allowed, the sheet is looked at again though nobody changed it."""
    ever, never = (load_config(written(minimal + more)).plans[0] for more in ("", 'writes = "none"\n'))
    assert (ever.writes, never.writes) == (True, False)
    assert ever.config_hash != never.config_hash


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a = " + "[" * 3000, "beyond all bounds"),
        ("a = " + "9" * 5000, "beyond all bounds"),
        (PLAIN.format("~nobody-has-this-name/x.xlsx"), "a user whom this computer does not know"),
    ],
    ids=["brackets", "digits", "no such user"],
)
def test_what_no_reader_bears_is_told(written: Write, text: str, reason: str) -> None:
    """What would break a program is told as a mistake of the file, and stops nothing else."""
    with pytest.raises(UsageError, match=reason):
        load_config(written(text))


def test_a_workbook_with_a_zero_byte_is_only_not_there(written: Write) -> None:
    """A name that no file can have is told when the workbook is looked for."""
    (plan,) = load_config(written(PLAIN.format("a\\u0000b.xlsx"))).plans
    assert plan.workbook.name == "a\0b.xlsx"
