"""What a user would write instead: read the plan with gspread, judge it, write flag, fix and id, colour with
gspread-formatting.

python plain_gspread.py ADDRESS-OF-SERVER SHEET-ID YYYY-MM-DD
"""

import datetime as dt
import sys

import gspread_formatting as formatting
import numpy as np
from gspread.utils import rowcol_to_a1
from sheets_server.gspread_client import local_client

url, sheet_id, day = sys.argv[1:]
today = dt.date.fromisoformat(day)
sheet = local_client(url).open_by_key(sheet_id).worksheet("Actions")
header, *rows = sheet.get_all_values()
column = {name: place for place, name in enumerate(header)}


def judged(row: list[str]) -> tuple[str, str]:
    """The flag and the next fix of one row."""
    owner, due, status = (row[column[name]] for name in ("Owner", "Due", "Status"))
    nobody = not owner or any(word in owner.lower() for word in ("team", "all ", "department"))
    fix = "Type one person's name as owner. [OWN001]" if nobody else "" if due else "Type a due date. [DUE001]"
    if status == "Done":
        return "DONE", fix
    if nobody or not due:
        return ("NO OWNER" if nobody else "NO DATE"), fix
    days = int(np.busday_count(today, dt.date.fromisoformat(due)))
    if days < 0:
        return f"OVERDUE since {due}", fix
    flag = "BLOCKED" if status == "Blocked" else "DUE TODAY" if days == 0 else "DUE SOON" if days <= 5 else "ON TRACK"
    return flag, fix


first = column.get("Flag", len(header)) + 1
cells = [["Flag", "Next fix", "ID"], *([*judged(row), f"A-{n:04d}"] for n, row in enumerate(rows, start=2))]
area = f"{rowcol_to_a1(1, first)}:{rowcol_to_a1(len(cells), first + 2)}"
sheet.update(cells, area)
rules = formatting.get_conditional_format_rules(sheet)
rules.clear()
for word, red in (("OVERDUE", True), ("NO ", True), ("BLOCKED", False)):
    grid = formatting.GridRange.from_a1_range(f"{rowcol_to_a1(2, first)}:{rowcol_to_a1(len(cells), first)}", sheet)
    colour = formatting.Color(0.96, 0.8, 0.8) if red else formatting.Color(1, 0.93, 0.75)
    rules.append(
        formatting.ConditionalFormatRule(
            ranges=[grid],
            booleanRule=formatting.BooleanRule(
                condition=formatting.BooleanCondition("TEXT_STARTS_WITH", [word]),
                format=formatting.CellFormat(backgroundColor=colour),
            ),
        )
    )
rules.save()
