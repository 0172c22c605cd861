"""How a starter workbook looks: one quiet style for all tabs, drop-downs, and what goes away with the examples.

Only what Excel, LibreOffice and Google Sheets all understand. Cells are never filled below the header and rules only
change the font: fills in the rows are left to the highlights of a run.
"""

from typing import TYPE_CHECKING, Literal

from sheets_sync.starter.methods import Column, Kind, TabPlan
from sheets_sync.starter.words import StarterWords

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

DARK, MIDDLE, PALE, WHITE = "FF243B53", "FF627D98", "FFD9E2EC", "FFFFFFFF"
A4 = 9
FONT = "Calibri"
LAST_ROW = 500
"""Down to here drop-downs and rules reach, so that a plan can grow where tables do not grow by themselves."""
LISTED = 200
"""Rows of a tab that a drop-down offers."""
HEADER_ROOM = 5
"""Characters beside a header: its margin, and the button of the filter."""
HEADER_HEIGHT, ROW_HEIGHT, LINE_HEIGHT = 27, 33, 16
"""In points. A row has room for two lines, the rows to come as well."""
EXPLANATION_WIDTH = 105
CLOSED = slice(5, None)
"""The places of the closed ones in the list of statuses."""
FROM_TABS = {Kind.PERSON: "people", Kind.GOAL: "goals", Kind.KPI: "kpis", Kind.PROBLEM: "problems"}
"""Kinds whose drop-down offers the first column of a tab."""
FORMATS = {Kind.NUMBER: "#,##0", Kind.PERCENT: "0%"}


def dress(sheet: "Worksheet", tab: TabPlan, words: StarterWords) -> None:
    """Give a filled tab its looks: header, table, widths, formats, drop-downs, rules and how it is printed."""
    sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = ROW_HEIGHT, True
    _dress_header(sheet, tab)
    _dress_rows(sheet, tab, words)
    _add_table(sheet, tab)
    _add_drop_downs(sheet, tab, words)
    _add_rules(sheet, tab, words)
    _set_print(sheet)
    sheet.print_options.gridLines = True
    sheet.print_title_rows = "1:1"
    sheet.freeze_panes = "B2"
    sheet.sheet_properties.tabColor = DARK if tab.key == "actions" else MIDDLE


def _dress_header(sheet: "Worksheet", tab: TabPlan) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet.row_dimensions[1].height = HEADER_HEIGHT
    for number, column in enumerate(tab.columns, start=1):
        cell = sheet.cell(1, number)
        width = max(column.width, len(str(cell.value)) + HEADER_ROOM)
        sheet.column_dimensions[get_column_letter(number)].width = width
        cell.font = Font(FONT, 11, bold=True, color=WHITE)
        cell.fill = PatternFill("solid", start_color=DARK)
        cell.alignment = Alignment(_side(column), "center", wrap_text=True, indent=1)


def _dress_rows(sheet: "Worksheet", tab: TabPlan, words: StarterWords) -> None:
    from openpyxl.styles import Alignment

    for number, column in enumerate(tab.columns, start=1):
        alignment = Alignment(_side(column), "center", wrap_text=True, indent=1)
        number_format = words.date_format if column.kind is Kind.DATE else FORMATS.get(column.kind, "General")
        for row in range(2, tab.rows + 2):
            cell = sheet.cell(row, number)
            cell.alignment, cell.number_format = alignment, number_format


def _side(column: Column) -> Literal["left", "right"]:
    return "right" if column.kind in FORMATS else "left"


def _add_table(sheet: "Worksheet", tab: TabPlan) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.table import Table, TableStyleInfo

    table = Table(displayName=tab.table, ref=f"A1:{get_column_letter(len(tab.columns))}{tab.rows + 1}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=True)
    sheet.add_table(table)


def _add_drop_downs(sheet: "Worksheet", tab: TabPlan, words: StarterWords) -> None:
    """Lists never forbid another word: people may have their own. A date that is none gets a question, not a no."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    for number, column in enumerate(tab.columns, start=1):
        if column.kind is Kind.DATE:
            rule = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True)
            rule.showErrorMessage, rule.errorStyle, rule.error = True, "warning", words.date_hint
        elif offered := _offered(column.kind, words):
            rule = DataValidation("list", formula1=offered, allow_blank=True, showErrorMessage=False)
        else:
            continue
        letter = get_column_letter(number)
        rule.add(f"{letter}2:{letter}{LAST_ROW}")
        sheet.add_data_validation(rule)


def _offered(kind: Kind, words: StarterWords) -> str:
    """The list of a kind as a formula: its words, or the first column of another tab; "" for a kind without one."""
    if kind in FROM_TABS:
        return f"'{words.tabs[FROM_TABS[kind]]}'!$A$2:$A${LISTED}"
    return f'"{",".join(words.lists[kind])}"' if kind in words.lists else ""


def _add_rules(sheet: "Worksheet", tab: TabPlan, words: StarterWords) -> None:
    """Examples are grey and slanted until their note changes; actions that are closed are grey."""
    from openpyxl.formatting.rule import Rule
    from openpyxl.styles import Font
    from openpyxl.styles.differential import DifferentialStyle
    from openpyxl.utils import get_column_letter

    keys = [column.key for column in tab.columns]
    area = f"A2:{get_column_letter(len(keys))}{LAST_ROW}"
    note = get_column_letter(keys.index("note") + 1)
    rules = [(f'${note}2="{words.example_mark}"', Font(italic=True, color=MIDDLE))]
    if tab.key == "actions":
        status = get_column_letter(keys.index("status") + 1)
        closed = "+".join(f'(${status}2="{word}")' for word in words.lists["status"][CLOSED])
        rules.append((f"({closed})>0", Font(color=MIDDLE)))
    for formula, font in rules:
        rule = Rule("expression", dxf=DifferentialStyle(font=font), formula=[formula])
        sheet.conditional_formatting.add(area, rule)


def _set_print(sheet: "Worksheet") -> None:
    from openpyxl.worksheet.header_footer import HeaderFooterItem
    from openpyxl.worksheet.properties import PageSetupProperties

    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top = sheet.page_margins.bottom = 0.7
    sheet.page_margins.footer = 0.3
    sheet.oddFooter = HeaderFooterItem()
    sheet.oddFooter.left.text, sheet.oddFooter.right.text = "&A", "&P / &N"


def dress_explanation(sheet: "Worksheet") -> None:
    """Give the tab that explains its looks: a title, numbers in a narrow column, lines that wrap."""
    from openpyxl.styles import Alignment, Font

    sheet.column_dimensions["A"].width = 5
    sheet.column_dimensions["B"].width = EXPLANATION_WIDTH
    sheet["A1"].font = Font(FONT, 16, bold=True, color=DARK)
    sheet.row_dimensions[1].height = HEADER_HEIGHT
    for number in range(3, sheet.max_row + 1):
        sheet.cell(number, 1).font = Font(FONT, 11, bold=True, color=MIDDLE)
        sheet.cell(number, 1).alignment = Alignment("right", "top")
        text = sheet.cell(number, 2)
        text.alignment = Alignment("left", "top", wrap_text=True, indent=1)
        lines = len(str(text.value)) // EXPLANATION_WIDTH + 1
        sheet.row_dimensions[number].height = lines * LINE_HEIGHT + 5
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = PALE
    _set_print(sheet)
    sheet.page_setup.fitToHeight = 1
