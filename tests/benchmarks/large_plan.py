"""Makes large plan workbooks for the benchmark and edits them as people would, without a spreadsheet program."""

import datetime as dt
import re
import zipfile
from pathlib import Path

HEADERS = ("Action", "Owner", "Start", "Due", "Status", "Progress", "Done when", "Goal", "Priority", "Notes")
VERBS = ("Publish", "Install", "Replace", "Train", "Write", "Order", "Calibrate", "Paint", "Count", "Repair")
THINGS = (
    "price list",
    "torque limiter",
    "conveyor rollers",
    "line operators",
    "cleaning procedure",
    "scale",
    "walkway",
)
PEOPLE = tuple(
    f"{first} {last}" for first in ("Ana", "Rui", "Marta", "Jo", "Lena") for last in ("Lima", "Costa", "Silva")
)
STATUSES = ("In progress", "Not started", "In progress", "Blocked", "Done", "In progress", "Not started")


def make_plan(path: Path, rows: int, *, today: dt.date) -> None:
    """Write a plan of `rows` actions in ten columns: texts, dates, percent, some of it faulty."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Actions")
    sheet.append(HEADERS)

    def date(offset: int) -> WriteOnlyCell:
        cell = WriteOnlyCell(sheet, value=today + dt.timedelta(days=offset))
        cell.number_format = "yyyy-mm-dd"
        return cell

    for n in range(rows):
        text = f"{VERBS[n % 10]} the {THINGS[n % 7]} of area {n} by team {n % 83}"
        owner = "" if n % 97 == 0 else "Maintenance team" if n % 89 == 0 else PEOPLE[n % 15]
        due = None if n % 101 == 0 else date(n % 120 - 30)
        progress = WriteOnlyCell(sheet, value=(n % 10) / 10)
        progress.number_format = "0%"
        sheet.append(
            (text, owner, date(n % 60 - 80), due, STATUSES[n % 7], progress, f"report {n} on file", f"G{n % 9}",
             "High" if n % 11 == 0 else "Normal", f"note {n}")
        )  # fmt: skip
    book.save(path)


def retype(path: Path, *, every: int, column: str, text: str) -> int:
    """Type `text` into `column` of every n-th row, straight in the package; returns the number of cells typed."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = next(name for name in parts if name.endswith("worksheets/sheet1.xml"))
    count = 0

    def typed(match: re.Match[bytes]) -> bytes:
        nonlocal count
        if int(match[1]) == 1 or int(match[1]) % every:
            return match[0]
        count += 1
        return b'<c r="%s%s" t="inlineStr"><is><t>%s</t></is></c>' % (column.encode(), match[1], text.encode())

    cell = rb'<c r="' + column.encode() + rb'(\d+)"[^>]*?(?:/>|>.*?</c>)'
    parts[name] = re.sub(cell, typed, parts[name])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for part, content in parts.items():
            package.writestr(part, content)
    return count
