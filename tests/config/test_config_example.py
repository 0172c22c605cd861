"""The example and what `init` writes: every key explained, valid as they stand, and with every key switched on."""

import dataclasses
import datetime as dt
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sheets_sync.config.example import example_config
from sheets_sync.config.load import load_config
from sheets_sync.config.mistakes import TABLES
from sheets_sync.config.registry import register
from sheets_sync.config.values import PlanConfig
from sheets_sync.config.write import NewPlan, new_config, new_uid, save_plan
from sheets_sync.core.model import Field, Severity, Status
from sheets_sync.core.settings import CalendarSettings, PlanSettings, RuleChoice
from sheets_sync.errors import ConfigError, UsageError

ROOT = Path(__file__).parents[2]

PLAN = PlanSettings(
    uid="p-0123456789ab",
    name='Plano "2026" \\ fábrica\u007f',
    language="pt",
    timezone="America/Sao_Paulo",
    tabs=("Ações", "a\tb"),
    header_row=3,
    column_map=((Field.ACTION, "O que\n(ação)"), (Field.DUE, "Prazo")),
    status_map=(("Feito ✔", Status.DONE), ("a.b = 'c'", Status.PLANNED)),
    date_order="dmy",
    struck="done",
    id_prefix="PL",
    calendar=CalendarSettings(frozenset({1, 3, 7}), frozenset({dt.date(2026, 12, 24)}), "none"),
    rules=(
        RuleChoice("ACT002", Severity.I, parameters=(("min_words", 4.0),)),
        RuleChoice("ACT003", off=True),
        RuleChoice("ACT004", Severity.H),
    ),
    hints=True,
    highlight="row",
    drop_downs=True,
    stale_days=11,
    verify_after=21,
    baseline_grace=3,
    typing_grace_minutes=61,
)


def switched_on(text: str) -> str:
    """The text with every key that is switched off switched on."""
    return re.sub(r"^#(?=[^ #\n])", "", text, flags=re.MULTILINE)


def test_the_example_in_the_repository_is_the_generated_one() -> None:
    """config.example.toml is what `sheets-sync config example` prints."""
    assert (ROOT / "config.example.toml").read_text("utf-8") == example_config()


@pytest.mark.parametrize("change", [str, switched_on])
def test_the_example_is_valid(written: Callable[[str], Path], change: Callable[[str], str]) -> None:
    """The example loads as it stands, and with every key switched on."""
    load_config(written(change(example_config())))


def test_the_example_shows_every_key() -> None:
    """No key of any table is missing, and none stands twice."""
    shown = tomllib.loads(switched_on(example_config()))
    plan = shown["plan"][0]
    tables = {"": shown, "plan": plan, "plan.calendar": plan["calendar"], "limits": shown["limits"]}
    tables |= {"mail": shown["mail"], "mail.smtp": shown["mail"]["smtp"], "people": shown["people"]["Ana Silva"]}
    tables |= {"google": shown["google"], "schedule": shown["schedule"]}
    tables |= {"retention": shown["retention"]}
    assert tables.keys() == TABLES.keys()
    for name, model in TABLES.items():
        assert tables[name].keys() == model.model_fields.keys(), name


@pytest.mark.parametrize("table", TABLES)
def test_every_key_is_explained(table: str) -> None:
    """Each key says in a sentence what it is for."""
    for key, info in TABLES[table].model_fields.items():
        assert (info.description or "").endswith((".", "...", "in MB.")), key


def test_what_init_writes_is_read_back_alike(written: Callable[[str], Path]) -> None:
    """Every setting survives being written and read, odd letters included."""
    file = written(new_config(NewPlan(PLAN, "../Plano 2026.xlsx", sole_writer=True)))
    plan = load_config(file).plans[0]
    assert plan.settings == PLAN
    assert plan.workbook == file.parent / "../Plano 2026.xlsx"
    assert plan.sole_writer


@pytest.mark.parametrize("name", [field.name for field in dataclasses.fields(PlanSettings) if field.name != "people"])
def test_no_setting_is_forgotten_when_written(written: Callable[[str], Path], name: str) -> None:
    """Each setting alone, away from its default, is written down; whom to mail is for a person to write."""
    plain = PlanSettings(uid="p-ffffffffffff", timezone="Asia/Tokyo")
    changed = dataclasses.replace(plain, **{name: getattr(PLAN, name)})
    assert changed != plain
    assert load_config(written(new_config(NewPlan(changed, "P.xlsx")))).plans[0].settings == changed


def test_the_country_is_written_not_its_days(written: Callable[[str], Path]) -> None:
    """Public holidays are named by country, so that coming years follow by themselves."""
    text = new_config(NewPlan(PlanSettings(uid="p-0123456789ab"), "P.xlsx", country="BR-SP"))
    assert 'country = "BR-SP"' in text.splitlines()
    assert dt.date(2031, 7, 9) in load_config(written(text)).plans[0].settings.calendar.holidays


def test_every_key_init_leaves_out_can_be_switched_on(written: Callable[[str], Path]) -> None:
    """A new file shows all keys; switched on they are valid."""
    plan = NewPlan(PlanSettings(uid="p-0123456789ab"), "P.xlsx")
    loaded = load_config(written(switched_on(new_config(plan)))).plans[0]
    assert loaded.settings.header_row == 4


def test_a_second_plan_goes_to_the_end_of_the_file(tmp_path: Path) -> None:
    """The lines a person wrote stay as they are; the new table follows them."""
    folder = tmp_path / "new" / "private"
    first = save_plan(folder, NewPlan(PlanSettings(uid="p-000001", name="One"), "A.xlsx"))
    before = first.read_text("utf-8") + "# my own words\n"
    first.write_text(before, "utf-8")
    assert save_plan(folder, NewPlan(PlanSettings(uid="p-000002", name="Two"), "B.xlsx")) == first
    assert first.read_text("utf-8").startswith(before.rstrip("\n"))
    assert [plan.settings.uid for plan in load_config(first).plans] == ["p-000001", "p-000002"]


def test_new_folder_and_file_are_private(tmp_path: Path) -> None:
    """Whatever the umask, nobody else can read or write what init makes."""
    import os

    before = os.umask(0)
    try:
        file = save_plan(tmp_path / "made", NewPlan(PlanSettings(uid="p-000001"), "A.xlsx"))
    finally:
        os.umask(before)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


def test_nothing_is_written_when_the_whole_would_be_wrong(tmp_path: Path) -> None:
    """A plan that clashes with one of the file leaves the file as it was."""
    plan = NewPlan(PlanSettings(uid="p-000001"), "A.xlsx")
    file = save_plan(tmp_path / "made", plan)
    before = file.read_bytes()
    with pytest.raises(ConfigError, match="same uid"):
        save_plan(file.parent, plan)
    assert file.read_bytes() == before
    assert [place.name for place in file.parent.iterdir()] == ["config.toml"]


def test_no_configuration_is_made_where_it_could_not_be_trusted(tmp_path: Path) -> None:
    """In a folder that others can write, init refuses at once, with the command that mends it."""
    shared = tmp_path / "open"
    shared.mkdir()
    shared.chmod(0o777)
    with pytest.raises(UsageError, match="chmod"):
        save_plan(shared, NewPlan(PlanSettings(uid="p-000001"), "A.xlsx"))
    assert not list(shared.iterdir())


def test_new_uids_differ_and_are_valid(tmp_path: Path) -> None:
    """A new uid is unlike any other and can be registered."""
    uids = {new_uid() for _ in range(50)}
    assert len(uids) == 50
    for uid in uids:
        register(uid, tmp_path)


@pytest.mark.parametrize(
    ("table", "keys"),
    [
        ("", ()),
        ("plan", ("plan", 0)),
        ("mail", ("mail",)),
        ("mail.smtp", ("mail", "smtp")),
        ("limits", ("limits",)),
        ("google", ("google",)),
    ],
)
def test_what_is_a_table_is_named_so(table: str, keys: tuple[str | int, ...]) -> None:
    """`table_keys` of a model are exactly the keys whose values are tables in the switched-on example."""
    shown: Any = tomllib.loads(switched_on(example_config()))
    for key in keys:
        shown = shown[key]
    tables = {key for key, value in shown.items() if isinstance(value, dict) or key == "plan"}
    assert tables == TABLES[table].table_keys


OWNERS = ('Zé "Tubarão"', "a.b = 'c'", "Ana Silva", "Rui\\Costa", "#1", "[x]", "日本 太郎", "ana@example.com")


def test_owners_are_offered_to_be_filled_in(written: Callable[[str], Path]) -> None:
    """Every owner stands in a new file as a switched-off table with an address to fill in; filled in, it is listed."""
    text = new_config(NewPlan(PlanSettings(uid="p-0123456789ab"), "P.xlsx", owners=OWNERS))
    assert load_config(written(text)).people == ()
    numbered = iter(range(len(OWNERS)))
    filled = re.sub(
        r'^#address = ""$', lambda _: f'address = "x{next(numbered)}@example.com"', text, flags=re.MULTILINE
    )
    filled = re.sub(r"^#(?=\[people|\[mail\]|allowed_domains)", "", filled, flags=re.MULTILINE)
    assert [person.name for person in load_config(written(filled)).people] == list(OWNERS)


@pytest.mark.parametrize(
    "name",
    ["", " ", "a\nb", "x\r[mail]", "a\x00", "a\x7fb", "a\u2028[mail]", "a\u202eb", "\udcffa", "a\u200bb", "n" * 101],
)
def test_a_name_nobody_could_read_is_not_offered(name: str) -> None:
    """Line breaks, invisible letters and pages of text never reach the file."""
    plan = NewPlan(PlanSettings(uid="p-0123456789ab"), "P.xlsx", owners=(name, "Rui"))
    assert re.findall(r"^#\[people.*", new_config(plan), re.MULTILINE) == ["#[people.Rui]"]


def test_a_second_plan_offers_only_new_owners(tmp_path: Path) -> None:
    """Owners that stand in the file already, switched on or off, are not offered again."""
    folder = tmp_path / "private"
    file = save_plan(folder, NewPlan(PlanSettings(uid="p-000001", name="One"), "A.xlsx", owners=("Ana", "Rui")))
    save_plan(folder, NewPlan(PlanSettings(uid="p-000002", name="Two"), "B.xlsx", owners=("Rui", "Eva")))
    save_plan(folder, NewPlan(PlanSettings(uid="p-000003", name="Six"), "C.xlsx", owners=("Rui", "Ana")))
    assert re.findall(r"^#\[people\.(.*)\]", file.read_text("utf-8"), re.MULTILINE) == ["Ana", "Rui", "Eva"]
    assert len(load_config(file).plans) == 3


def test_a_plan_config_holds_no_pydantic(written: Callable[[str], Path], minimal: str) -> None:
    """What leaves the package are plain values."""
    assert type(load_config(written(minimal)).plans[0]) is PlanConfig
