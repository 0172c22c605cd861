"""Cell text stays data in every output, and leaves no trace in logs and unattended runs (HAZARDS 26, 27)."""

import csv
import io
import json
from pathlib import Path

from openpyxl import Workbook

SENTINEL = "Zq7sentinel"
HOSTILE = (
    f"=HYPERLINK(\"http://x\",\"{SENTINEL}\")", f"@{SENTINEL}", f"+{SENTINEL}", f"-{SENTINEL}", f"\t{SENTINEL} tab",
    f"</script><b>{SENTINEL}&\u2028", f"\x1b[31m{SENTINEL}", f"\u202e{SENTINEL}", f"{SENTINEL} " * 40,
)  # fmt: skip


def hostile_plan(path: Path) -> None:
    """A plan whose every cell carries the sentinel, some of them dressed as code."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Actions"
    sheet.append(("Action", "Owner", "Due", "Status", "Notes"))
    for n, text in enumerate(HOSTILE):
        row = sheet.max_row + 1
        clean = text.replace("\x1b", "").replace("\u2028", "\u2028")
        for column, value in enumerate((clean, f"{SENTINEL} team", f"{SENTINEL} soon", f"{SENTINEL} going", clean), 1):
            cell = sheet.cell(row, column, value)
            cell.data_type = "s"
        assert n < 20
    book.save(path)


def test_an_unattended_run_tells_counts_only(sheets_sync, private):
    """No cell, owner or status word appears on standard output, standard error or in JSON log lines."""
    hostile_plan(private / "plan.xlsx")
    sheets_sync("init", "plan.xlsx", "--country", "none")
    for words in (("run",), ("run", "--dry-run"), ("run", "--yes"), ("run", "--yes", "--log-format", "json")):
        done = sheets_sync(*words, code=None)
        assert SENTINEL not in done.stdout + done.stderr, words
    assert SENTINEL not in sheets_sync("undo").stdout


def test_errors_tell_no_cell(sheets_sync, private):
    """A lost header, a mass change and a workbook that is no workbook: codes and counts, no content."""
    hostile_plan(private / "plan.xlsx")
    sheets_sync("init", "plan.xlsx", "--country", "none")
    sheets_sync("run", "--yes")
    book = Workbook()
    book.active.title = "Actions"
    book.active.append((SENTINEL, f"{SENTINEL}2"))
    book.save(private / "plan.xlsx")
    for log in ("text", "json"):
        done = sheets_sync("run", "--log-format", log, code=3)
        assert SENTINEL not in done.stdout + done.stderr
    (private / "plan.xlsx").write_bytes(b"PK" + SENTINEL.encode() * 50)
    done = sheets_sync("run", code=3)
    assert SENTINEL not in done.stdout + done.stderr


def test_exported_texts_are_no_formulas(sheets_sync, private):
    """CSV cells that a spreadsheet would run get an apostrophe, unless --raw; JSON may stand in a page."""
    hostile_plan(private / "plan.xlsx")
    rows = list(csv.DictReader(io.StringIO(sheets_sync("export", "plan.xlsx").stdout)))
    assert len(rows) == len(HOSTILE)
    assert not any(value.startswith(("=", "+", "-", "@", "\t")) for row in rows for value in row.values())
    raw = csv.DictReader(io.StringIO(sheets_sync("export", "plan.xlsx", "--raw").stdout))
    assert any(row["action"].startswith("=") for row in raw)
    text = sheets_sync("export", "plan.xlsx", "--format", "json").stdout
    assert len(json.loads(text)) == len(HOSTILE)
    assert not any(character in text for character in "<>&\u2028")


def test_a_terminal_is_never_steered_by_a_cell(sheets_sync, private):
    """Checking prints no control character and no change of direction."""
    hostile_plan(private / "plan.xlsx")
    told = sheets_sync("check", "plan.xlsx", "--all", code=1).stdout
    assert not any(character in told for character in "\x1b\u202e\u2028\t")
