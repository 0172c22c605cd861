"""Plans that are Google Sheets, and how to sign in for them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sheets_sync.config.load import load_config, parse_config
from sheets_sync.config.write import NewPlan, save_plan
from sheets_sync.core.google import GoogleAddress, GoogleSettings, SignIn
from sheets_sync.core.settings import PlanSettings
from sheets_sync.errors import ConfigError

ID = "1jIKzPs8LsiZZdLdeMEP-5ZIHw6RkjiOmj1LrJN706Yc"
ADDRESS = f"https://docs.google.com/spreadsheets/d/{ID}"
PLAN = f'[[plan]]\nuid = "p-0123456789ab"\nworkbook = "{ADDRESS}/edit?usp=sharing#gid=7"\ntimezone = "Europe/Lisbon"\n'


def test_a_plan_may_be_a_google_sheet(written: Callable[[str], Path]) -> None:
    """The address as the browser shows it is the workbook, and what people are sent to in mails."""
    plan = load_config(written(PLAN)).plans[0]
    assert plan.workbook == GoogleAddress(ID)
    assert plan.mail.link == ADDRESS


def test_a_chosen_link_goes_before_the_address(written: Callable[[str], Path]) -> None:
    """A team that has another way to its sheet keeps it."""
    text = PLAN + 'link = "https://go.example.com/plan"\n'
    assert load_config(written(text)).plans[0].mail.link == "https://go.example.com/plan"


def test_files_and_sheets_stand_side_by_side(written: Callable[[str], Path], minimal: str) -> None:
    """One configuration may hold plans of both kinds."""
    text = minimal.replace("0123456789ab", "000000000001").replace("\ntimezone", '\nname = "File"\ntimezone') + PLAN
    plans = load_config(written(text)).plans
    assert [type(plan.workbook) for plan in plans] == [type(Path()), GoogleAddress]


def test_the_hash_of_a_plan_knows_the_sheet_and_not_the_tab_that_was_open(written: Callable[[str], Path]) -> None:
    """Copying the address again from another tab is no other configuration; another sheet is."""
    first = load_config(written(PLAN)).plans[0].config_hash
    assert load_config(written(PLAN.replace("gid=7", "gid=0"))).plans[0].config_hash == first
    assert load_config(written(PLAN.replace(ID, ID[::-1]))).plans[0].config_hash != first


def test_how_to_sign_in_changes_no_decision(written: Callable[[str], Path], minimal: str) -> None:
    """Another key or way of signing in makes no plan look changed."""
    for plan in (minimal, PLAN):
        plain = load_config(written(plan)).plans[0].config_hash
        assert load_config(written("[google]\ndrive_version = false\n" + plan)).plans[0].config_hash == plain


@pytest.mark.parametrize(
    ("table", "settings"),
    [
        ("", GoogleSettings()),
        ('[google]\nsign_in = "default"\n', GoogleSettings()),
        (
            '[google]\nimpersonate = "r@p.iam.gserviceaccount.com"\ndrive_version = false\n',
            GoogleSettings(impersonate="r@p.iam.gserviceaccount.com", drive_version=False),
        ),
        (
            '[google]\nsign_in = "service-account"\nkey = "env:KEY"\nsubject = "ana@example.com"\n',
            GoogleSettings(SignIn.SERVICE_ACCOUNT, "env:KEY", subject="ana@example.com"),
        ),
        (
            '[google]\nsign_in = "user"\nkey = "credential:google"\n',
            GoogleSettings(SignIn.USER, "credential:google"),
        ),
    ],
)
def test_ways_to_sign_in(written: Callable[[str], Path], table: str, settings: GoogleSettings) -> None:
    """Each way is a few keys; without any it is what the computer is signed in with."""
    assert load_config(written(table + PLAN)).google == settings


def test_a_key_file_is_looked_for_beside_the_configuration(written: Callable[[str], Path]) -> None:
    """A relative place starts at the config file."""
    file = written('[google]\nsign_in = "service-account"\nkey = "file:key.json"\n' + PLAN)
    assert load_config(file).google.key == f"file:{file.parent / 'key.json'}"


MISTAKES = [
    ('sign_in = "gcloud"', 2, "google.sign_in", "must be one of: default, service-account, user"),
    ('sign_in = "user"', 1, "google.key", "is required"),
    ('sign_in = "service-account"', 1, "google.key", "is required"),
    ('key = "file:k.json"', 2, "google.key", "is not used by"),
    ('sign_in = "user"\nkey = "s3cr3t-stuff"', 3, "google.key", "a secret never stands in this file"),
    ('subject = "ana@example.com"', 2, "google.subject", "only a service account"),
    ('sign_in = "service-account"\nkey = "env:K"\nsubject = "a@Gmail.com"', 4, "google.subject", "not gmail.com"),
    ('impersonate = "robot"', 2, "google.impersonate", "address"),
    ("drive_version = 1", 2, "google.drive_version", "write true or false"),
    ('impersonat = "x"', 2, "google.impersonat", 'did you mean "impersonate"'),
    ('keeper = "Ana"', 2, "google.keeper", "it belongs below"),
]


@pytest.mark.parametrize(("line", "at", "key", "reason"), MISTAKES)
def test_mistakes_are_told_with_line_and_key(line: str, at: int, key: str, reason: str) -> None:
    """What is wrong below [google] is said where it stands, and a secret is never repeated."""
    with pytest.raises(ConfigError) as raised:
        parse_config(f"[google]\n{line}\n{PLAN}", Path("/c/config.toml"))
    (mistake,) = raised.value.mistakes
    assert (mistake.line, mistake.key) == (at, key)
    assert reason in mistake.reason
    assert "s3cr3t" not in str(raised.value)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://docs.google.com/spreadsheets/d/e/2PACX-1vQ/pubhtml", "published"),
        (f"{ADDRESS}/edit?rtpof=true", "Excel file in Drive"),
        ("https://contoso.sharepoint.com/x", "only Google Sheets"),
    ],
)
def test_a_wrong_address_is_a_mistake_of_its_line(address: str, reason: str) -> None:
    """An address of something else says what it is, at its line."""
    text = PLAN.replace(f"{ADDRESS}/edit?usp=sharing#gid=7", address)
    with pytest.raises(ConfigError) as raised:
        parse_config(text, Path("/c/config.toml"))
    (mistake,) = raised.value.mistakes
    assert (mistake.line, mistake.key) == (3, "plan.workbook")
    assert reason in mistake.reason


def test_two_plans_in_one_sheet_must_name_their_tabs() -> None:
    """Two addresses of one sheet are one workbook, however they were copied."""
    other = (
        PLAN.replace("0123456789ab", "000000000002")
        .replace("#gid=7", "#gid=8")
        .replace("timezone", 'name = "Two"\ntimezone')
    )
    with pytest.raises(ConfigError, match="same workbook"):
        parse_config(PLAN + other, Path("/c/config.toml"))


def test_a_sheet_is_written_down_by_its_address(tmp_path: Path) -> None:
    """What init writes for a sheet is read back as that sheet."""
    file = save_plan(tmp_path / "made", NewPlan(PlanSettings(uid="p-000001"), str(GoogleAddress(ID))))
    assert load_config(file).plans[0].workbook == GoogleAddress(ID)
