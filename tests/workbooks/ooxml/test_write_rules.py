"""Highlights and drop-downs of ours are put, replaced and removed; those of people are never touched."""

import re

import pytest
from writing_samples import (
    LAST_ROW,
    PLAN_STYLES,
    SHEET,
    STYLES,
    Opened,
    Sample,
    changes,
    drop_downs,
    highlights,
    opened,
    rule,
    written,
)

from sheets_sync.core.snapshot import Area, DropDown
from sheets_sync.workbooks.ooxml.checker import check_package
from sheets_sync.workbooks.ooxml.splice import outline

FLAGS = Area(2, 4, LAST_ROW, 4)
DUES = Area(2, 3, LAST_ROW, 3)
RED, AMBER = rule("red", FLAGS, DUES, condition='$D2="LATE & <x>"'), rule("amber", FLAGS)
PERSONAL = '<cfRule type="cellIs" dxfId="0" priority="{}" operator="equal"><formula>1</formula></cfRule>'
DXFS = '<dxfs count="1"><dxf><font><b/></font></dxf></dxfs>'
STYLED = PLAN_STYLES + DXFS
OURS = (
    '<conditionalFormatting sqref="D2:D1048576 C2:C1048576"><cfRule type="expression" dxfId="1" priority="{}"><formula>'
    '(N("sheets-sync:red")=0)*($D2="LATE &amp; &lt;x&gt;")</formula></cfRule></conditionalFormatting>'
    '<conditionalFormatting sqref="D2:D1048576"><cfRule type="expression" dxfId="2" priority="{}"><formula>'
    '(N("sheets-sync:amber")=0)*($D2="LATE")</formula></cfRule></conditionalFormatting>'
)
LOOK = '<dxf><font><color rgb="{}"/></font><fill><patternFill><bgColor rgb="{}"/></patternFill></fill></dxf>'
COPIED = (
    '<conditionalFormatting sqref="D40"><cfRule type="expression" dxfId="0" priority="1">'
    '<formula>N( "sheets-sync:red" ) = 0</formula></cfRule></conditionalFormatting>'
)
MERGED = '<mergeCells count="1"><mergeCell ref="F1:F2"/></mergeCells>'
BARS = (
    '<conditionalFormatting sqref="A1"><cfRule type="dataBar" priority="3"><dataBar/>'
    '<extLst><ext uri="u"/></extLst></cfRule></conditionalFormatting>'
)
VIEW = '<customSheetView guid="g"><pageSetup/><autoFilter ref="A1:B2"/></customSheetView>'
STATUS = DropDown(Area(2, 2, LAST_ROW, 2), ("open", 'say "done"', "a < b & c"))
LIST = (
    '<dataValidation type="list" errorStyle="warning" allowBlank="1" showErrorMessage="1" errorTitle="sheets-sync" '
    'sqref="B2:B1048576"><formula1>"open,say ""done"",a &lt; b &amp; c"</formula1></dataValidation>'
)
PERSONAL_LIST = '<dataValidation type="whole" sqref="A2:A9"><formula1>1</formula1></dataValidation>'


def with_rules(tail: str = "", styles: str = STYLED) -> Opened:
    """The plan with something behind its rows."""
    return opened(Sample(tail=tail, styles=styles).data())


def tail_of(book: Opened) -> str:
    """What stands behind the rows."""
    return book.part(SHEET).partition("</sheetData>")[2].removesuffix("</worksheet>")


def test_highlights_are_put() -> None:
    """Two rules come with their looks, in the order given, and are read back as wanted."""
    before = with_rules()
    after, done = written(before, changes(highlights(RED, AMBER)))
    assert not done.refused
    assert tail_of(after) == OURS.format(1, 2)
    assert after.tab().highlights == (RED, AMBER)
    assert '<dxfs count="3"><dxf><font><b/></font></dxf>' + LOOK.format("FF9C0006", "FFFFC7CE") + LOOK.format(
        "FF7F6000", "FFFFEB9C"
    ) + "</dxfs>" in after.part(STYLES)
    assert check_package(before.package, after.package) == ()


@pytest.mark.parametrize("dxfs", ["", '<dxfs count="0"/>', '<dxfs count="0"></dxfs>', "<dxfs/>"])
def test_first_differential_formats(dxfs: str) -> None:
    """A workbook without differential formats gets the list for them, at its place."""
    before = with_rules(styles=PLAN_STYLES + dxfs + '<tableStyles count="0"/>')
    after, _ = written(before, changes(highlights(RED, AMBER)))
    assert '</cellStyles><dxfs count="2"><dxf><font>' in after.part(STYLES)
    assert '</dxf></dxfs><tableStyles count="0"/>' in after.part(STYLES)
    assert check_package(before.package, after.package) == ()


def test_known_looks_are_used_again() -> None:
    """A second workbook tab, or a second write, adds no look that is there already."""
    once, _ = written(with_rules(), changes(highlights(RED, AMBER)))
    gone, _ = written(once, changes(highlights(before=(RED, AMBER))))
    again, _ = written(gone, changes(highlights(AMBER, RED)))
    assert again.part(STYLES) == once.part(STYLES)
    assert again.tab().highlights == (AMBER, RED)


TAILS = {
    "nothing": ("", 1, ""),
    "rules of people": (f'<conditionalFormatting sqref="A1">{PERSONAL.format(7)}</conditionalFormatting>', 8, ""),
    "rules of newer versions": (
        "", 6,
        '<extLst><ext uri="u" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        '<x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule type="dataBar" priority="5" id="i"/>'
        "</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>",
    ),
    "a rule with a list of extensions inside": (
        MERGED + BARS, 4,
        '<dataValidations count="1">' + PERSONAL_LIST + "</dataValidations><pageMargins left=\"1\"/>",
    ),
    "custom views with page setup inside": (
        f"<customSheetViews>{VIEW}</customSheetViews>", 1, "<pageSetup/><legacyDrawing/>",
    ),
    "controls behind a choice": (
        "", 1, '<drawing/><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"/>',
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", TAILS)
def test_rules_stand_where_the_schema_wants_them(case: str) -> None:
    """Our rules go behind everything that must precede them, with priorities behind everybody's."""
    front, priority, back = TAILS[case]
    after, done = written(with_rules(front + back), changes(highlights(RED, AMBER)))
    assert not done.refused
    assert tail_of(after) == front + OURS.format(priority, priority + 1) + back


@pytest.mark.parametrize("case", TAILS)
def test_rules_go_without_trace(case: str) -> None:
    """Removing ours gives back the very bytes around the rows."""
    front, _, back = TAILS[case]
    before = with_rules(front + back)
    once, _ = written(before, changes(highlights(RED, AMBER)))
    after, _ = written(once, changes(highlights(before=(RED, AMBER))))
    assert after.part(SHEET) == before.part(SHEET)


def test_rules_are_replaced_not_added() -> None:
    """Another set of ours takes the place of the first; a person's rule in the same element as ours stays."""
    once, _ = written(with_rules(), changes(highlights(RED, AMBER)))
    mixed = once.part(SHEET).replace(
        "</cfRule></conditionalFormatting>", f"</cfRule>{PERSONAL.format(9)}</conditionalFormatting>", 1
    )
    book = with_rules(mixed.partition("</sheetData>")[2].removesuffix("</worksheet>"), _inside(once.part(STYLES)))
    after, done = written(book, changes(highlights(AMBER, before=(RED, AMBER))))
    assert not done.refused
    assert tail_of(after) == (
        f'<conditionalFormatting sqref="D2:D1048576 C2:C1048576">{PERSONAL.format(9)}</conditionalFormatting>'
        '<conditionalFormatting sqref="D2:D1048576"><cfRule type="expression" dxfId="2" priority="10"><formula>'
        '(N("sheets-sync:amber")=0)*($D2="LATE")</formula></cfRule></conditionalFormatting>'
    )


def _inside(part: str) -> str:
    """What stands inside the root of a part."""
    root = outline(part.encode(), 0)[0]
    return part.encode()[root.inner : root.close].decode()


def test_copied_rules_of_ours_go_too() -> None:
    """When somebody pasted rows with our rules elsewhere, replacing ours leaves no copy behind."""
    book = with_rules(COPIED)
    after, done = written(book, changes(highlights(RED, before=book.tab().highlights)))
    assert not done.refused
    assert len(re.findall("sheets-sync", tail_of(after))) == 1


@pytest.mark.parametrize(
    ("structure", "reason"),
    [
        (highlights(RED, before=(AMBER,)), "the highlights were changed since the sheet was read"),
        (highlights(RED._replace(formula="$D2=1")), "a highlight's formula does not carry our marker"),
        (highlights(RED._replace(colour="amber")), "a highlight's formula does not carry our marker"),
        (highlights(RED._replace(areas=())), "a highlight has no cells"),
        (highlights(RED._replace(formula=RED.formula + "*1" * 5_000)),
         "a highlight's formula is longer than 8,192 characters"),
        (drop_downs(STATUS, before=(STATUS,)), "the drop-downs were changed since the sheet was read"),
        (drop_downs(STATUS._replace(values=("a,b",))),
         "a value of the drop-down holds a comma, and Excel separates values by commas"),
        (drop_downs(STATUS._replace(values=("x" * 128, "y" * 127))),
         "the values of the drop-down have more than 255 characters together"),
        (drop_downs(STATUS._replace(values=("a", " "))), "a drop-down has an empty value"),
        (drop_downs(STATUS._replace(values=())), "a drop-down has an empty value"),
        (drop_downs(STATUS._replace(area=Area(9, 1, 9, 3))),
         "the cells A9:C9 already have a drop-down or another check of their own"),
        (drop_downs(STATUS._replace(area=Area(5, 6, 5, 6))),
         "the cells F5 already have a drop-down or another check of their own"),
    ],
)  # fmt: skip
def test_refused(structure: object, reason: str) -> None:
    """What cannot be put, or was changed meanwhile, is refused with the reason, and the bytes stay."""
    newer = (
        '<extLst><ext uri="u" xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
        'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:dataValidations count="1">'
        '<x14:dataValidation type="list"><x14:formula1><xm:f>A1</xm:f></x14:formula1><xm:sqref>F2:F9</xm:sqref>'
        "</x14:dataValidation></x14:dataValidations></ext></extLst>"
    )
    before = with_rules(f'<dataValidations count="1">{PERSONAL_LIST}</dataValidations>{newer}')
    after, done = written(before, changes(structure))  # type: ignore[arg-type]
    assert [refused.reason for refused in done.refused] == [reason]
    assert after.package._archive.data == before.package._archive.data


def test_no_styles_no_highlights() -> None:
    """A workbook without a styles part gets no highlight, and the reason says what to do."""
    before = opened(Sample(rows="", styles=None).data())
    _, done = written(before, changes(highlights(RED)))
    assert [r.reason for r in done.refused] == ["the workbook has no styles part; open it in Excel and save it once"]


@pytest.mark.parametrize(
    ("front", "back", "wanted"),
    [
        ("", "", '<dataValidations count="1">{}</dataValidations>'),
        ('<conditionalFormatting sqref="A1"/>', "<hyperlinks/>", '<dataValidations count="1">{}</dataValidations>'),
        ("", '<dataValidations count="0"/>', '<dataValidations count="1">{}</dataValidations>'),
    ],
)
def test_drop_downs_come_and_go(front: str, back: str, wanted: str) -> None:
    """A drop-down is put where the schema wants it, read back as wanted, and goes without trace."""
    before = with_rules(front + back)
    after, done = written(before, changes(drop_downs(STATUS)))
    assert not done.refused
    assert tail_of(after) == front + wanted.format(LIST) + back.replace('<dataValidations count="0"/>', "")
    assert after.tab().drop_downs == (STATUS,)
    left, _ = written(after, changes(drop_downs(before=(STATUS,))))
    assert tail_of(left) == (front + back).replace('<dataValidations count="0"/>', "")


def test_validations_of_people_stay() -> None:
    """Beside a person's validation ours come, change and go, and the count is right each time."""
    front = f'<dataValidations disablePrompts="1" count="1" xWindow="5">{PERSONAL_LIST}</dataValidations>'
    before = with_rules(front)
    both, _ = written(before, changes(drop_downs(STATUS)))
    assert tail_of(both) == front.replace('"1" x', '"2" x').replace("</dataValidations>", f"{LIST}</dataValidations>")
    other = STATUS._replace(values=("x", "y"))
    changed, _ = written(both, changes(drop_downs(other, before=(STATUS,))))
    assert changed.tab().drop_downs == (other,)
    assert 'count="2"' in tail_of(changed)
    left, _ = written(changed, changes(drop_downs(before=(other,))))
    assert tail_of(left) == front


def test_wanted_as_it_stands() -> None:
    """Rules and lists that stand as wanted are done without a byte changing."""
    once, _ = written(with_rules(), changes(highlights(RED), drop_downs(STATUS)))
    after, done = written(once, changes(highlights(RED, before=(RED,)), drop_downs(STATUS, before=(STATUS,))))
    assert len(done.structures) == 2
    assert after.package._archive.data == once.package._archive.data


def test_a_check_somebody_put_over_ours_is_no_reason_to_refuse() -> None:
    """A drop-down that stands as wanted is done, whatever people put over it since."""
    once, _ = written(with_rules(), changes(drop_downs(STATUS)))
    over = tail_of(once).replace("</dataValidations>", '<dataValidation sqref="B2:B9"/></dataValidations>')
    book = with_rules(over.replace('count="1"', 'count="2"'))
    _, done = written(book, changes(drop_downs(STATUS, before=(STATUS,))))
    assert (len(done.structures), done.refused) == (1, ())


def test_values_at_the_limit() -> None:
    """A list of exactly 255 characters is written."""
    fitting = STATUS._replace(values=("x" * 127, "y" * 127))
    after, done = written(with_rules(), changes(drop_downs(fitting)))
    assert (after.tab().drop_downs, done.refused) == ((fitting,), ())
