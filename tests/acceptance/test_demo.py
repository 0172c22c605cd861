"""The README's first command: the demo tells its story and leaves a flagged workbook worth opening."""

from email import message_from_bytes, policy

from acceptance.sheet_cells import cells, column_of

WORKBOOK = "Plant improvement plan.xlsx"
EVERY_FLAG = (
    "FIX ROW", "CANCELLED", "VERIFIED", "NOT EFFECTIVE", "VERIFY", "DONE", "DONE LATE", "NO OWNER", "NO DATE",
    "OVERDUE", "BLOCKED", "ON HOLD", "DUE TODAY", "AT RISK", "STALE", "LATE START", "DUE SOON", "ON TRACK", "PLANNED",
    "PROPOSED",
)  # fmt: skip


def test_the_demo_shows_every_flag_and_says_what_to_do_next(sheets_sync, private):
    """Counts by flag, worst findings, what was written, the path of the workbook, the next step."""
    told = sheets_sync("demo", "--folder", "demo").stdout
    shown = {str(text).partition(" since")[0].partition(":")[0] for text in
             column_of(private / "demo" / WORKBOOK, "Actions", "Flag").values()}  # fmt: skip
    assert shown == set(EVERY_FLAG)
    for words in (*EVERY_FLAG, "Worst findings", "cells written", str(private / "demo" / WORKBOOK), "init"):
        assert words in told


def test_a_run_on_the_demo_changes_no_cell_that_people_typed(sheets_sync, private):
    """Undo gives the workbook of the week's people, byte for byte; only our columns differ from it."""
    sheets_sync("demo", "--folder", "demo")
    workbook = private / "demo" / WORKBOOK
    after = cells(workbook)
    sheets_sync("undo", "--config", "demo")
    before = cells(workbook)
    differing = {place for place in before.keys() | after.keys() if before.get(place) != after.get(place)}
    assert differing
    assert {place[1].rstrip("0123456789") for place in differing} <= {"Q", "R", "S"}
    assert {place[0] for place in differing} == {"Actions"}


def test_a_second_demo_takes_its_own_folder(sheets_sync, private):
    """Nothing of an earlier demo is touched; a named folder that exists is refused."""
    sheets_sync("demo")
    sheets_sync("demo")
    assert sorted(place.name for place in private.iterdir()) == ["sheets-sync-demo", "sheets-sync-demo-2"]
    assert "name a new folder" in sheets_sync("demo", "--folder", "sheets-sync-demo", code=2).stderr


LEADER_PARTS = (
    "Needs a decision from you",
    "working days late",
    "Help asked for",
    "Thank you",
    "Finished",
    "no owner whom a mail reaches",
)
OWNER_PARTS = (
    "Needs you first", "working days late", "High priority", "Blocked", "Help asked for", "Due soon",
    "Others wait for you", "Small corrections", "a stand-in", "Done in the last 7 days", "decisions on",
    "open and need",
)  # fmt: skip


def mails_of(folder):
    """The mails the demo wrote: recipient and text of each, by file name."""
    found = {}
    for file in sorted(folder.glob("*.eml")):
        message = message_from_bytes(file.read_bytes(), policy=policy.default)
        found[file.name] = (message["To"], message.get_body(("plain",)).get_content())
    return found


def test_the_demo_shows_its_mails_with_every_part(sheets_sync, private):
    """The leader's week and one owner's are named as page and as mail; together the mails show all there is to show,
    each to one reader."""
    told = sheets_sync("demo", "--folder", "demo").stdout
    folder = private / "demo" / "state" / "mails"
    named = [line.split()[-1] for line in told.splitlines() if "to look at" in line or "as sent" in line]
    assert len(named) == 4
    assert all((folder / name).is_file() for name in named)
    mails = mails_of(folder)
    assert f"{len(mails)} mails" in told
    leader = " ".join(text for name, (_, text) in mails.items() if "leader-week" in name)
    owners = " ".join(text for name, (_, text) in mails.items() if "owner-week" in name)
    assert not [part for part in LEADER_PARTS if part.lower() not in leader.lower()]
    assert not [part for part in OWNER_PARTS if part.lower() not in owners.lower()]
    assert len({address for address, _ in mails.values()}) == len(mails)


def test_two_demos_tell_the_same_story(sheets_sync, private):
    """The same mails under the same names, byte for byte."""
    for name in ("one", "two"):
        sheets_sync("demo", "--folder", name)
    one, two = ({f.name: f.read_bytes() for f in (private / n / "state" / "mails").iterdir()} for n in ("one", "two"))
    assert one == two
