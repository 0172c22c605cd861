"""The Sync log in a package: as people change it, and where it must be left alone."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from log_samples import NOW, WORDS, again, applied, facts, with_log, without_log
from writing_samples import WORKBOOK, Opened, Sample, opened

from sheets_sync.core.cells import CellValue, Kind
from sheets_sync.core.log_layout import CHECK_NOW, FIRST_LINE, LAST_CHECKED, LINES
from sheets_sync.core.sync_log import kept_log, removed_log
from sheets_sync.workbooks.ooxml.log_ticks import read_ticks

LATER = NOW + dt.timedelta(days=1)


@pytest.fixture
def book() -> Opened:
    """A plan with a log."""
    return with_log(opened(Sample().data()))


def changed(book: Opened, part: str, change: Callable[[bytes], bytes]) -> Opened:
    """The workbook after somebody else's program changed a part."""
    return opened(book.package.assemble({part: change(book.package.read(part))}), book.package.name)


def log_part(book: Opened) -> str:
    """The log's part."""
    return book.package.sheets[-1].part


def typed(book: Opened, address: str, text: str) -> Opened:
    """A person types a text into a cell of the log."""
    cell = f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()

    def put(xml: bytes) -> bytes:
        known = re.compile(rb'<c r="%b"[^>]*?(?:/>|>.*?</c>)' % address.encode())
        if known.search(xml):
            return known.sub(cell, xml, count=1)
        row = re.search(r"\d+", address)
        assert row is not None
        end = re.compile(rb'(<row r="%b">.*?)</row>' % row[0].encode())
        return end.sub(lambda found: found[1] + cell + b"</row>", xml, count=1)

    return changed(book, log_part(book), put)


def day_later(book: Opened) -> Opened:
    """The workbook after the write of the next day."""
    return again(book, kept_log(book.seen.log, facts(LATER), WORDS))


def test_read_as_written(book: Opened) -> None:
    """What was wanted stands there, and bringing it up to date at the same instant changes nothing."""
    assert book.seen.log is not None
    assert book.seen.log.name == "Sync log"
    assert kept_log(book.seen.log, facts(), WORDS) is None


def test_capped(book: Opened) -> None:
    """There are never more lines than the cap, and the newest stand first."""
    for hour in range(LINES + 3):
        book = again(book, kept_log(book.seen.log, facts(NOW + dt.timedelta(hours=hour + 1)), WORDS))
    assert book.seen.log is not None
    times = [float(book.seen.log.cells[row, 1].text) for row in range(FIRST_LINE, FIRST_LINE + LINES)]
    assert times == sorted(times, reverse=True)
    assert max(row for row, _ in book.seen.log.cells) == FIRST_LINE + LINES - 1


@pytest.mark.parametrize("text", ["x", "X", "yes", "FALSE"])
def test_ticks(book: Opened, text: str) -> None:
    """Whatever text stands in a tick's cell is a tick; it is cleared and answered by the next write."""
    ticked = typed(book, "B8", text)
    assert read_ticks(ticked.package) == (True, False)
    assert read_ticks(book.package) == (False, False)
    assert ticked.seen.log is not None
    answered = day_later(ticked)
    assert read_ticks(answered.package) == (False, False)
    assert answered.seen.log is not None
    assert answered.seen.log.cells[CHECK_NOW[0], 3].text == "answered 2026-11-21 10:05"


def test_renamed_and_moved(book: Opened) -> None:
    """A log that people renamed and moved to the front is written where it stands, and taken out from there; what
    counts tabs by their place still means the same tab."""

    def by_people(xml: bytes) -> bytes:
        xml = xml.replace(b"Sync log", b"Protocol")
        sheets = re.findall(rb"<sheet [^>]*/>", xml)
        xml = xml.replace(sheets[-1], b"").replace(sheets[0], sheets[-1] + sheets[0])
        local = (
            b'<definedName name="theirs" localSheetId="1">1</definedName><definedName name="left" localSheetId="0">2'
        )
        xml = xml.replace(b"</definedNames>", local + b"</definedName></definedNames>")
        views = b'<bookViews><workbookView firstSheet="1" activeTab="1"/></bookViews><sheets>'
        return re.sub(rb"(<bookViews.*?</bookViews>)?<sheets>", views, xml)

    moved = changed(book, WORKBOOK, by_people)
    assert moved.seen.log is not None
    assert moved.seen.log.name == "Protocol"
    later = day_later(moved)
    assert later.seen.log is not None
    assert later.seen.log.cells[LAST_CHECKED] != moved.seen.log.cells[LAST_CHECKED]
    left = without_log(later).part(WORKBOOK)
    assert 'name="theirs" localSheetId="0"' in left
    assert 'name="left"' not in left
    assert 'firstSheet="0" activeTab="0"' in left


def test_moved_cells_are_followed(book: Opened) -> None:
    """After people put a column before the block and rows above it, the same cells are read and written there."""
    shifted = changed(book, WORKBOOK, lambda xml: xml.replace(b"$A$1:$C$71", b"$B$3:$D$73").replace(b"$B$6", b"$C$8"))

    def move(xml: bytes) -> bytes:
        xml = re.sub(rb'<row r="(\d+)"', lambda found: b'<row r="%d"' % (int(found[1]) + 2), xml)
        letters = {b"A": b"B", b"B": b"C", b"C": b"D"}
        return re.sub(rb'<c r="([ABC])(\d+)"', lambda f: b'<c r="%b%d"' % (letters[f[1]], int(f[2]) + 2), xml)

    shifted = changed(shifted, log_part(shifted), move)
    assert book.seen.log is not None
    assert shifted.seen.log is not None
    assert shifted.seen.log.cells == book.seen.log.cells
    later = day_later(shifted)
    assert later.seen.log is not None
    assert later.seen.log.cells[LAST_CHECKED] != book.seen.log.cells[LAST_CHECKED]
    assert "'Sync log'!$B$3:$D$73" in later.part(WORKBOOK)
    assert "'Sync log'!$C$8<" in later.part(WORKBOOK)


def test_notes_of_people_stay(book: Opened) -> None:
    """What people write right of the block stays through our writes, and keeps the tab from being taken out."""
    noted = day_later(typed(book, "E4", "our note"))
    assert b"our note" in noted.package.read(log_part(noted))
    done = applied(noted, removed_log(noted.seen.log))
    assert [refusal.reason for refusal in done.refused] == ["somebody wrote into the Sync log; delete that tab by hand"]
    assert done.data == noted.package.data


def test_a_formula_that_refers_to_it_keeps_it(book: Opened) -> None:
    """A log that a formula of another tab names is not taken out."""
    formula = b"<c r=\"H1\"><f>'Sync log'!B4</f><v>1</v></c></row>"
    other = changed(book, book.package.sheets[0].part, lambda xml: xml.replace(b"</row>", formula, 1))
    done = applied(other, removed_log(other.seen.log))
    assert [refusal.reason for refusal in done.refused] == [
        "something in the workbook refers to the Sync log; it stays"
    ]


def test_deleted_by_people(book: Opened) -> None:
    """A log whose tab is gone is known as lost; what still names it can be taken out, or replaced by a new one."""
    name = re.compile(rb'<sheet name="Sync log"[^>]*/>')
    gone = changed(book, WORKBOOK, lambda xml: name.sub(b"", xml).replace(b"'Sync log'!$A$1:$C$71", b"#REF!$A$1:$C$71"))
    assert (gone.seen.log, gone.seen.log_lost) == (None, True)
    assert not without_log(gone).seen.log_lost
    back = with_log(gone)
    assert back.seen.log is not None
    assert back.part(WORKBOOK).count(".log") == 1


def test_structure_locked() -> None:
    """A workbook whose tabs are locked gets no log."""
    locked = opened(Sample().data())
    lock = b'<workbookProtection lockStructure="1"/>'
    locked = changed(locked, WORKBOOK, lambda xml: re.sub(rb"(<bookViews|<sheets)", lock + rb"\1", xml, count=1))
    assert locked.seen.log_day == ""
    done = applied(locked, kept_log(None, facts(), WORDS))
    assert [refusal.reason for refusal in done.refused] == ["the workbook's structure is protected"]
    assert done.data == locked.package.data


def test_in_the_other_calendar() -> None:
    """In a workbook that counts days from 1904 the same instants are read, and other numbers stand in the cells."""
    plain = opened(Sample().data())
    old = changed(
        plain, WORKBOOK, lambda xml: re.sub(rb"(<bookViews|<sheets)", rb'<workbookPr date1904="1"/>\1', xml, count=1)
    )
    one, other = with_log(plain), with_log(old)
    assert one.seen.log is not None
    assert other.seen.log is not None
    assert dict(one.seen.log.cells).keys() == dict(other.seen.log.cells).keys()
    for place, value in one.seen.log.cells.items():
        same = other.seen.log.cells[place]
        assert same == value if value.kind is not Kind.NUMBER else float(same.text) == pytest.approx(float(value.text))
    assert one.package.read(log_part(one)) != other.package.read(log_part(other))
    assert day_later(other).seen.log != other.seen.log


def test_changed_meanwhile(book: Opened) -> None:
    """A cell that is not what was decided on is left, and the others are written."""
    structure = kept_log(book.seen.log, facts(LATER), WORDS)
    ticked = typed(book, "B4", "typed meanwhile")
    after = again(ticked, structure)
    assert after.seen.log is not None
    assert after.seen.log.cells[LAST_CHECKED] == CellValue(Kind.TEXT, "typed meanwhile")
    assert after.seen.log.cells[FIRST_LINE + 1, 2].text == "Checked and written"


def test_second_log_is_refused(book: Opened) -> None:
    """A workbook has one log at most."""
    done = applied(book, kept_log(None, facts(), WORDS))
    assert [refusal.reason for refusal in done.refused] == ["the Sync log is already there"]


def test_same_bytes(book: Opened) -> None:
    """The same log in the same workbook gives the same bytes."""
    assert with_log(opened(Sample().data())).package.data == book.package.data
