"""`sheets-sync init --template`: from nothing to a plan that runs, and what is refused on the way."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from starter.conftest import COMBINATIONS

from sheets_sync.config.load import load_config
from sheets_sync.starter.words import starter_words
from sheets_sync.words.flags import flag_words

SETTLED = ("--timezone", "Europe/Lisbon", "--country", "none")


@pytest.mark.parametrize(("method", "language"), COMBINATIONS)
def test_a_starter_runs_at_once(sheets_sync, home, method, language):
    """Made and set up in one step, it has no finding of any kind; the first run adds our columns inside the table and
    changes no other cell, the second writes nothing."""
    sheets_sync("init", "--template", method, "--language", language, "plan", *SETTLED)
    file = home / "plan.xlsx"
    sheets_sync("check", "--all", "--fail-on", "H")
    before = load_workbook(file)
    sheets_sync("run", "--yes")
    after, bytes_after = load_workbook(file), file.read_bytes()
    assert "nothing changed" in sheets_sync("run", "--yes").out
    assert file.read_bytes() == bytes_after
    headers = flag_words(language).headers
    ours = {headers["id"], headers["flag"], headers["next_fix"]}
    width = before.worksheets[0].max_column
    assert {cell.value for cell in after.worksheets[0][1][width:]} == ours
    (table,) = after.worksheets[0].tables.values()
    assert [column.name for column in table.tableColumns] == [cell.value for cell in after.worksheets[0][1]]
    assert table.ref.endswith(str(before.worksheets[0].max_row))
    for old, new in zip(before.worksheets, after.worksheets, strict=True):
        for row in old.iter_rows():
            assert [cell.value for cell in row] == [cell.value for cell in new[row[0].row][: len(row)]]


def test_what_was_made_and_what_comes_next_is_told(sheets_sync, home):
    """Without a name the method's own is taken; path, tabs and three next steps are printed, no owner is."""
    done = sheets_sync("init", "--template", "okr", "--language", "pt", *SETTLED)
    words = starter_words("pt")
    assert (home / "Plano OKR.xlsx").is_file()
    assert f"Made: {home / 'Plano OKR.xlsx'}" in done.out
    assert ", ".join(words.tabs[key] for key in ("actions", "goals", "kpis", "people", "how_to")) in done.out
    assert "sheets-sync check" in done.out
    assert "sheets-sync run" in done.out
    assert "Exemplo" not in done.out


def test_the_plan_is_set_up_like_any_other(sheets_sync, home):
    """The configuration names workbook, tab and language, and lists none of the example people as owners."""
    sheets_sync("init", "--template", "a3", "--language", "es", *SETTLED)
    (plan,) = load_config(home).plans
    assert plan.workbook == home / "Plan A3.xlsx"
    assert (plan.settings.name, plan.settings.language, plan.settings.tabs) == ("Plan A3", "es", ("Acciones",))
    assert "Ejemplo" not in (home / "config.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("Plan", "Plan.xlsx"),
        ("Plan.xlsx", "Plan.xlsx"),
        ("Plan.XLSX", "Plan.XLSX"),
        ("Plan 2.0", "Plan 2.0.xlsx"),
        ("sub/Plan", "sub/Plan.xlsx"),
    ],
)
def test_names(sheets_sync, home, given, made):
    """A name without the ending gets it; a dot within a name is no ending."""
    (home / "sub").mkdir()
    sheets_sync("init", "--template", "simple", given, *SETTLED)
    assert [str(path.relative_to(home)) for path in home.rglob("*.[xX]*") if path.is_file()] == [made]


def test_the_default_name_goes_beside_the_configuration(sheets_sync, home):
    """With --folder, a workbook without a name is made in that private folder, new or not."""
    sheets_sync("init", "--template", "simple", "--folder", "private", *SETTLED)
    assert sorted(path.name for path in (home / "private").iterdir()) == ["Action plan.xlsx", "config.toml", "jobs"]


REFUSED = [
    (("Plan.ods",), "an .xlsx"),
    (("there",), "there already"),
    (("no/such/Plan",), "no folder"),
    (("https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg/edit",), "upload it"),
    (("Plan", "--map", "action=What"), "--map"),
    (("Plan", "--tab", "Actions", "--struck", "done"), "--tab, --struck"),
    (("Plan", "--google-key", "key.json"), "--google-key"),
    (("Plan", "--country", "XX"), "XX"),
    (("Plan", "--timezone", "Mars/Base"), "no time zone"),
]


@pytest.mark.parametrize(("words", "said"), REFUSED)
def test_what_cannot_be_made_is_refused_and_nothing_is_left(sheets_sync, home, words, said):
    """The message says what is wrong; no file is made, changed or left behind."""
    (home / "there.xlsx").write_bytes(b"mine")
    asked = SETTLED if not {"--country", "--timezone"} & set(words) else ()
    done = sheets_sync("init", "--template", "simple", *asked, *words, code=2)
    assert said in done.err
    assert "Made" not in done.out
    assert [path.name for path in home.iterdir() if not path.name.startswith(".")] == ["there.xlsx"]
    assert (home / "there.xlsx").read_bytes() == b"mine"


def test_a_private_folder_that_others_may_write_leaves_no_workbook(sheets_sync, home, tmp_path):
    """Where the configuration could not be trusted nothing is made, so that the same words work once it is mended."""
    shared = tmp_path / "everybody"
    shared.mkdir()
    shared.chmod(0o777)
    sheets_sync("init", "--template", "simple", "--folder", str(shared), *SETTLED, code=2)
    sheets_sync("init", "--template", "simple", "--folder", str(shared), str(home / "Plan"), *SETTLED, code=2)
    assert not list(shared.iterdir())
    assert not list(Path(home).glob("*.xlsx"))


def test_without_workbook_and_template_both_ways_are_told(sheets_sync):
    """`init` alone names what to add."""
    done = sheets_sync("init", code=2)
    assert "init PLAN.xlsx" in done.err
    assert "--template" in done.err
