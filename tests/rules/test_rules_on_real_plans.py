"""How often each rule speaks on published plans. The counts are pinned: a change of a rule or a word list shows here.

The texts a rule flags were read by a person when a count was pinned; after a change that is meant, read the difference
and run `python tests/rules/test_rules_on_real_plans.py` to pin the new counts.
"""

import csv
import datetime as dt
import json
import sys
from collections import Counter
from pathlib import Path

import pytest
from rules.ruling import CALENDAR, row

from sheets_sync.core.model import Field
from sheets_sync.core.parse import parse_plan
from sheets_sync.core.plan import Plan
from sheets_sync.core.settings import PlanSettings
from sheets_sync.rules.catalogue import CATALOGUE
from sheets_sync.rules.check import Checked, Context, check_plan
from sheets_sync.rules.choices import active_rules
from sheets_sync.rules.text_marks import marks_version, text_marks, text_rules
from sheets_sync.workbooks.memory import MemoryWorkbook

PINNED = Path(__file__).parent / "pinned_counts.json"
FDS = "01_us_federal_data_strategy"
ENGLISH = ((Field.ACTION, "action_en"), (Field.DUE, "deadline_text_en"))
FRENCH = ((Field.ACTION, "action_fr"), (Field.DUE, "deadline_text_fr"))

PLANS = {
    "fds_merged": (f"{FDS}/fds2020_merged_plan_and_status.csv", (), "2021-01-29"),
    "fds_v1": (f"{FDS}/fds2020_v1_2020-01-29.csv", (), "2020-01-29"),
    "fds_v2": (f"{FDS}/fds2020_v2_2020-08-05_rescheduled.csv", (), "2020-08-05"),
    "nap5_en": ("02_canada_open_government/nap5_actions.csv", ENGLISH, "2022-09-01"),
    "nap5_fr": ("02_canada_open_government/nap5_actions.csv", FRENCH, "2022-09-01"),
    "nap6_en": ("02_canada_open_government/nap6_actions.csv", ENGLISH, "2025-09-01"),
    "rust": ("07_rust_project_goals/actions.csv", (), "2025-09-01"),
    "kev": ("10_cisa_kev/known_exploited_vulnerabilities.csv", (), "2025-09-01"),
}
"""File, column map, and the day on which the plan is looked at."""

TEXTS = {
    "fds_texts": (f"{FDS}/fds2020_v1_2020-01-29.csv", "milestone"),
    "nap5_texts": ("02_canada_open_government/nap5_actions.csv", "action_en"),
    "nap6_texts": ("02_canada_open_government/nap6_actions.csv", "action_en"),
    "rust_texts": ("07_rust_project_goals/actions.csv", "task"),
}
"""File and column of texts that are judged by themselves, each once, without what other columns say."""


def read(data: Path, name: str) -> tuple[Plan, Checked]:
    """A plan as understood and checked on its day."""
    file, columns, day = PLANS[name]
    workbook = MemoryWorkbook.of_csv({"Actions": (data / file).read_text(encoding="utf-8")})
    settings = PlanSettings(uid="real", timezone="UTC", column_map=columns)
    plan = parse_plan(workbook.read([title.key for title in workbook.titles()]), settings)
    context = Context(settings=settings, as_of=dt.date.fromisoformat(day), calendar=CALENDAR)
    return plan, check_plan(plan, context)


def counts(data: Path, name: str) -> dict[str, int]:
    """Rows, findings by code and severity ("~" when said once for the plan), and findings about the plan."""
    plan, checked = read(data, name)
    found = Counter(f"{f.code} {f.severity}{'~' if f.silenced else ''}" for f in checked.findings)
    found += Counter(f"{f.code} {dict(f.facts).get('kind', '')} of the plan" for f in checked.plan_findings)
    return {"rows": len(plan.actions), **dict(sorted(found.items()))}


def text_counts(data: Path, name: str) -> dict[str, int]:
    """Distinct texts, and how many each text rule flags."""
    file, column = TEXTS[name]
    with (data / file).open(encoding="utf-8") as lines:
        texts = dict.fromkeys(cells[column] for cells in csv.DictReader(lines))
    rules = text_rules(active_rules(CATALOGUE, ()))
    version = marks_version(rules)
    found: Counter[str] = Counter()
    for text in texts:
        for code, hit in text_marks(text, "", "en", rules=rules, version=version).hits:
            found[f"{code} {hit.severity}" if hit.severity else code] += 1
    return {"texts": len(texts), **dict(sorted(found.items()))}


def pins() -> dict[str, dict[str, int]]:
    """All pinned counts."""
    return json.loads(PINNED.read_text(encoding="utf-8"))


@pytest.mark.shared
@pytest.mark.parametrize("name", PLANS)
def test_findings_of_a_plan(shared: Path, name: str) -> None:
    """Every rule says of a published plan exactly what it said when the counts were pinned."""
    assert counts(shared / "data", name) == pins()[name]


@pytest.mark.shared
@pytest.mark.parametrize("name", TEXTS)
def test_flagged_texts(shared: Path, name: str) -> None:
    """Every text rule flags as many of the real texts as when the counts were pinned."""
    assert text_counts(shared / "data", name) == pins()[name]


@pytest.mark.shared
def test_rates_are_plausible(shared: Path) -> None:
    """Over all real texts open-ended verbs are about one in twenty, several actions and measures the exception."""
    total: Counter[str] = Counter()
    for name in TEXTS:
        total += Counter(text_counts(shared / "data", name))
    share = {code: total[code] / total["texts"] for code in total}
    assert 0.02 < share["ACT004"] < 0.07
    assert 0.01 < share["ACT005"] < 0.19
    assert share["ACT006 W"] < 0.08
    assert share["ACT008"] < 0.17
    assert share["ACT003"] < 0.72


@pytest.mark.shared
def test_what_should_come_out_of_real_plans(shared: Path) -> None:
    """What the specification expects of the public plans."""
    data = shared / "data"
    merged, first, sixth = (counts(data, name) for name in ("fds_merged", "fds_v1", "nap6_en"))
    assert "DUE008 I" not in merged
    assert (first["DUE008 I"], first["DUE002 E"]) == (26, 9)
    assert (sixth["DUE003 I"], sixth["ACT008 W"]) == (25, 10)
    french = counts(data, "nap5_fr")
    assert not any(code.startswith(("ACT003", "ACT004", "ACT005", "ACT006", "ACT007", "ACT008")) for code in french)
    assert counts(data, "kev")["ACT009 collapsed of the plan"] == 1
    assert counts(data, "rust")["OWN001 E"] == 62


def test_pins_are_of_these_plans() -> None:
    """Every plan and set of texts has its pins, and no others are kept."""
    assert set(pins()) == {*PLANS, *TEXTS}
    assert row().language == "en"


if __name__ == "__main__":
    place = Path(sys.argv[1])
    found = {name: counts(place, name) for name in PLANS} | {name: text_counts(place, name) for name in TEXTS}
    PINNED.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
