"""Addresses of rows in a Google spreadsheet, for mails and reports. Pure."""

SHEETS = "https://docs.google.com/spreadsheets/d/"


def row_link(sheet_id: str, tab: str, row: int) -> str:
    """The address that opens the spreadsheet at a row. `tab` is the tab's key (its gid), `row` counts from 1."""
    return f"{SHEETS}{sheet_id}/edit#gid={tab}&range=A{row}"
