"""What a user would write instead: read the plan with pandas, judge it, write flag and fix with openpyxl, save.

python plain_pandas_openpyxl.py PLAN.xlsx YYYY-MM-DD
"""

import sys

import numpy as np
import pandas as pd
from openpyxl import load_workbook

path, today = sys.argv[1], pd.Timestamp(sys.argv[2])
plan = pd.read_excel(path, sheet_name="Actions", engine="openpyxl")
owner, due, status = plan["Owner"].fillna(""), pd.to_datetime(plan["Due"], errors="coerce"), plan["Status"].fillna("")
group = owner.str.contains(r"\b(?:team|all|department)\b", case=False)
days = np.busday_count(today.date(), due.fillna(today).values.astype("datetime64[D]"))
flag = np.select(
    [status == "Done", (owner == "") | group, due.isna(), days < 0, status == "Blocked", days == 0, days <= 5],
    ["DONE", "NO OWNER", "NO DATE", "OVERDUE since " + due.dt.strftime("%d %b").fillna(""), "BLOCKED", "DUE TODAY",
     "DUE SOON"],
    default="ON TRACK",
)  # fmt: skip
fix = np.select(
    [(owner == "") | group, due.isna()],
    ["Type one person's name as owner. [OWN001]", "Type a due date. [DUE001]"],
    default="",
)
book = load_workbook(path)
sheet = book["Actions"]
first = len(plan.columns) + 1 if "Flag" not in plan.columns else list(plan.columns).index("Flag") + 1
for column, header in enumerate(("Flag", "Next fix", "ID"), start=first):
    sheet.cell(1, column, header)
for row, (word, sentence) in enumerate(zip(flag, fix, strict=True), start=2):
    sheet.cell(row, first, word)
    sheet.cell(row, first + 1, sentence)
    sheet.cell(row, first + 2, f"A-{row:04d}")
book.save(path)
