"""The people that `init` offers to be mailed."""

import re
from pathlib import Path

from openpyxl import Workbook

from sheets_sync.config.load import load_config

OWNERS = [
    "Ana Silva",
    "ANA  SILVA (Qualidade)",
    "Rui Costa",
    "Rui Costa / Eva Reis",
    "Qualidade",
    "todos",
    "TBD",
    None,
    'Zé "x"]\n[mail]\nkeeper = "Zé',
    "José d'Ávila",
]


def test_the_single_owners_are_written_switched_off(sheets_sync, home: Path) -> None:
    """Persons who own rows stand in config.toml with an address to fill in; groups, pairs and nobody do not, and no
    owner cell can switch a key on."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Actions"
    sheet.append(["Action", "Owner", "Due", "Status"])
    for number, owner in enumerate([*OWNERS, "Gone Person"]):
        closed = owner == "Gone Person"
        sheet.append([f"Repair pump number {number}", owner, "2026-12-01", "Done" if closed else "In progress"])
    book.save(home / "PLAN.xlsx")
    done = sheets_sync("init", "PLAN.xlsx", "--country", "none", "--timezone", "UTC")
    assert done.returncode == 0, done.stderr
    assert "Nobody is mailed" in done.stdout
    assert "Owners: 10, of 10 rows" in done.stdout
    assert not any(owner in done.stdout for owner in OWNERS if owner not in (None, "todos"))
    text = (home / "config.toml").read_text("utf-8")
    offered = re.findall(r"^#\[people\.(.*)\]\n#address = \"\"$", text, re.MULTILINE)
    assert offered == ['"Ana Silva"', '"José d\'Ávila"', '"Rui Costa"']
    config = load_config(home)
    assert config.people == ()
    assert config.plans[0].mail.keeper is None
