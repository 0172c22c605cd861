"""Check and export: what they see of a plan that people changed around, without writing anything."""

import datetime as dt

import pytest
from run.stage import ACTION, DUE, OWNER, Stage

from sheets_sync.core.settings import PlanSettings
from sheets_sync.run.export import export_rows, to_csv
from sheets_sync.run.look import Look, look

DAY = dt.date(2026, 11, 16)


@pytest.fixture
def stage(tmp_path):
    made = Stage(tmp_path)
    yield made
    made.store.close()


def looked(stage: Stage) -> Look:
    """The plan as check and export see it."""
    history = stage.store.history(stage.settings.uid)
    return look(stage.book, stage.settings, history, as_of=DAY, now=stage.clock.now())


def test_a_renamed_tab_is_checked_and_exported_under_its_new_name(stage):
    """The tab is known by our marks: the same actions with the same ids and findings."""
    stage.run()
    before = looked(stage)
    stage.book.rename_tab("Actions", "Plan 2027")
    stage.book.add_tab("Ideas", [("Action", "Owner", "Due"), ("Paint the wall", "Ana Lima", DAY)])
    after = looked(stage)
    assert after.judgement.findings == before.judgement.findings
    rows = export_rows(after.judgement, after.history, after.settings, as_of=DAY)
    assert {row.tab for row in rows} == {"Plan 2027"}
    assert [row.id for row in rows] == stage.column_of("Plan 2027", "ID")
    assert [row.next_fix or None for row in rows] == stage.column_of("Plan 2027", "Next fix")


def test_a_tab_that_never_was_ours_is_not_followed(stage):
    """Before the first write nothing tells which tab is meant."""
    stage.book.rename_tab("Actions", "Plan 2027")
    judgement = looked(stage).judgement
    assert [finding.code for finding in judgement.plan_findings] == ["DAT001"]
    assert judgement.assessments == ()


def test_an_export_names_the_sheets_own_headers(stage):
    """The fix in an export is the one that stands in the sheet."""
    stage.book.type_in("Actions", 1, OWNER, "Who")
    seen = looked(stage)
    rows = export_rows(seen.judgement, seen.history, seen.settings, as_of=DAY)
    assert rows[2].next_fix.startswith('Type one name in "Who":')
    assert '"Type one name in ""Who"":' in to_csv(rows)


def test_the_first_day_is_that_of_the_plans_time_zone(tmp_path):
    """At 23:30 UTC it is tomorrow in Auckland and still today in Lima: first seen, last change and overdue follow."""
    days = {}
    for zone in ("Pacific/Auckland", "America/Lima"):
        stage = Stage(tmp_path / zone.replace("/", "-"), settings=zoned(zone))
        stage.clock.instant = dt.datetime(2026, 11, 15, 20, tzinfo=dt.UTC)
        stage.run()
        stage.book.type_in("Actions", 12, ACTION, "Replace the eight worn rollers")
        stage.book.type_in("Actions", 12, DUE, dt.date(2026, 11, 16))
        stage.clock.instant = dt.datetime(2026, 11, 16, 23, 30, tzinfo=dt.UTC)
        stage.run()
        known = stage.store.history("plan-uid").known["A-0011"]
        seen = looked(stage)
        rows = export_rows(seen.judgement, seen.history, seen.settings, as_of=DAY)
        days[zone] = (rows[10].first_seen, known.last_change, stage.column("Flag")[1])
        stage.store.close()
    assert days == {
        "Pacific/Auckland": (dt.date(2026, 11, 17), dt.date(2026, 11, 17), "OVERDUE since 16 Nov"),
        "America/Lima": (dt.date(2026, 11, 16), dt.date(2026, 11, 16), "DUE TODAY"),
    }


def zoned(zone: str) -> PlanSettings:
    """The plan's settings in a time zone."""
    return PlanSettings("plan-uid", name="Plan", tabs=("Actions",), timezone=zone)
