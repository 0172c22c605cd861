"""A plan moves to another file: one line of config.toml changes, one comes, and the old file is known as moved."""

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from sheets_sync.config.kept_in import plans_in, refuse_moved
from sheets_sync.config.load import load_config
from sheets_sync.config.moving import make_move, moved
from sheets_sync.config.registry import register
from sheets_sync.errors import ConfigError, UsageError

UID, OTHER = "p-0123456789ab", "p-ba9876543210"
HEAD = f'# mine: keep\n[[plan]]\nuid = "{UID}"\n'
REST = 'timezone = "Europe/Lisbon"  # where we are\n\n[plan.columns]\naction = "workbook = \\"x.xlsx\\""\n'


def move_of(file: Path, number: int = 0) -> None:
    """Move one plan of the file."""
    config = load_config(file)
    make_move(moved(config, config.plans[number]))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('workbook = "PLAN.xlsx"\n', 'workbook = "PLAN.xlsm"\nmoved_from = "PLAN.xlsx"\n'),
        ('  workbook="PLAN.xlsx" # ours\n', '  workbook="PLAN.xlsm" # ours\n  moved_from = "PLAN.xlsx"\n'),
        ("workbook = 'C:\\Plä 2.xlsx'\n", "workbook = 'C:\\Plä 2.xlsm'\nmoved_from = 'C:\\Plä 2.xlsx'\n"),
        ('"workbook" = "sub/PLAN.XLSX"\r\n', '"workbook" = "sub/PLAN.xlsm"\r\nmoved_from = "sub/PLAN.XLSX"\r\n'),
        (
            'workbook = "PLAN.xlsx"\nname = "A"\nmoved_from = "OLD.xlsx"  # once\n',
            'workbook = "PLAN.xlsm"\nname = "A"\nmoved_from = "PLAN.xlsx"\n',
        ),
    ],
)  # fmt: skip
def test_only_its_lines_change(written: Callable[[str], Path], line: str, expected: str) -> None:
    """The line of the workbook changes its ending, one line comes, and every other byte stays."""
    file = written(HEAD + line + REST)
    move_of(file)
    assert file.read_bytes() == (HEAD + expected + REST).encode()
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_byte_order_mark_stays(written: Callable[[str], Path]) -> None:
    """What an editor put before the text is still there."""
    file = written("\ufeff" + HEAD + 'workbook = "PLAN.xlsx"\n' + REST)
    move_of(file)
    assert file.read_bytes().startswith(("\ufeff" + HEAD + 'workbook = "PLAN.xlsm"\nmoved_from').encode())


def test_of_several_plans_one_moves(written: Callable[[str], Path]) -> None:
    """The lines of other plans stay, those of the same workbook in other words too."""
    other = f'[[plan]]\nuid = "{OTHER}"\nname = "B"\nworkbook = "OTHER.xlsx"\ntimezone = "Europe/Lisbon"\n'
    file = written(HEAD + 'workbook = "PLAN.xlsx"\n' + REST + other)
    move_of(file, 1)
    plans = tomllib.loads(file.read_text("utf-8"))["plan"]
    assert [plan["workbook"] for plan in plans] == ["PLAN.xlsx", "OTHER.xlsm"]
    assert file.read_bytes().startswith((HEAD + 'workbook = "PLAN.xlsx"\n' + REST).encode())


@pytest.mark.parametrize(
    "text",
    [
        HEAD + 'workbook = """PLAN.xlsx"""\n' + REST,
        HEAD + 'workbook = "PLAN\\u002Exlsx"\n' + REST,
        f'plan = [{{ uid = "{UID}", workbook = "PLAN.xlsx", timezone = "Europe/Lisbon" }}]\n',
    ],
)
def test_another_way_of_writing_is_left_to_the_person(written: Callable[[str], Path], text: str) -> None:
    """Where the line is not understood nothing is written, and what to write is told."""
    file = written(text)
    config = load_config(file)
    with pytest.raises(UsageError, match="written in a way") as error:
        moved(config, config.plans[0])
    assert 'moved_from = "' in error.value.remedy
    assert file.read_text("utf-8") == text


def test_an_edit_meanwhile_is_kept(written: Callable[[str], Path]) -> None:
    """A file that somebody saved after it was read is not written."""
    file = written(HEAD + 'workbook = "PLAN.xlsx"\n' + REST)
    config = load_config(file)
    move = moved(config, config.plans[0])
    file.write_bytes(file.read_bytes() + b"# new\n")
    with pytest.raises(UsageError, match="edited meanwhile"):
        make_move(move)
    assert file.read_bytes().endswith(b"# new\n")


def test_the_old_file_is_refused(written: Callable[[str], Path]) -> None:
    """Whoever names the old file hears which one it is now; the new one and others are free."""
    file = written(HEAD + 'workbook = "PLAN.xlsx"\n' + REST)
    register(UID, file.parent)
    refuse_moved(file.parent / "PLAN.xlsx")
    move_of(file)
    with pytest.raises(UsageError, match=r"this plan moved to PLAN\.xlsm") as error:
        refuse_moved(file.parent / "PLAN.xlsx")
    assert str(file.parent / "PLAN.xlsm") in error.value.remedy
    refuse_moved(file.parent / "PLAN.xlsm")
    assert load_config(file).plans[0].moved_from == file.parent / "PLAN.xlsx"


def test_a_broken_configuration_says_nothing(written: Callable[[str], Path]) -> None:
    """A registered configuration that cannot be read stops no other plan."""
    file = written("moved_from = \n")
    register(UID, file.parent)
    refuse_moved(file.parent / "PLAN.xlsx")
    assert plans_in(file.parent / "PLAN.xlsx") == ()


def test_plans_are_found_by_their_file(written: Callable[[str], Path], tmp_path: Path) -> None:
    """A registered plan is found by its workbook, under whatever path it is named; others are not."""
    file = written(HEAD + 'workbook = "PLAN.xlsx"\n' + REST)
    assert plans_in(file.parent / "PLAN.xlsx") == ()
    register(UID, file.parent)
    (found,) = plans_in(file.parent / ".." / file.parent.name / "PLAN.xlsx")
    assert found.plan.settings.uid == UID
    assert plans_in(tmp_path / "PLAN.xlsx") == ()
    assert len(plans_in(file.parent / "PLAN.xlsx", file.parent)) == 1


def test_a_plan_cannot_have_moved_to_where_it_is(written: Callable[[str], Path]) -> None:
    """A workbook that equals its moved_from is a mistake, told with its line."""
    file = written(HEAD + 'workbook = "PLAN.xlsx"\nmoved_from = "./PLAN.xlsx"\n' + REST)
    with pytest.raises(ConfigError) as error:
        load_config(file)
    (mistake,) = error.value.mistakes
    assert (mistake.line, mistake.key) == (5, "plan.moved_from")
    assert "take this line out" in mistake.reason


def test_moved_from_is_a_file(written: Callable[[str], Path]) -> None:
    """An address is no file a plan was in."""
    sheet = "https://docs.google.com/spreadsheets/d/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74OgvE2upms/edit"
    with pytest.raises(ConfigError, match="name of a file"):
        load_config(written(HEAD + f'workbook = "PLAN.xlsx"\nmoved_from = "{sheet}"\n' + REST))
