"""What people paste as the address of their sheet."""

import pytest

from sheets_sync.core.google import GoogleAddress, looks_like_address, read_address, row_address

ID = "1jIKzPs8LsiZZdLdeMEP-5ZIHw6RkjiOmj1LrJN706Yc"


@pytest.mark.parametrize(
    ("text", "gid"),
    [
        (f"https://docs.google.com/spreadsheets/d/{ID}/edit?gid=0#gid=0", 0),
        (f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=1234567890", 1234567890),
        (f"https://docs.google.com/spreadsheets/d/{ID}/edit?usp=sharing", None),
        (f"https://docs.google.com/spreadsheets/d/{ID}/edit?usp=drive_link&ouid=1&gid=7", 7),
        (f"https://docs.google.com/spreadsheets/u/0/d/{ID}/edit?pli=1#gid=5", 5),
        (f"https://docs.google.com/a/example.com/spreadsheets/d/{ID}/edit", None),
        (f"https://docs.google.com/spreadsheets/d/{ID}", None),
        (f"https://docs.google.com/spreadsheets/d/{ID}/", None),
        (f"https://docs.google.com/spreadsheets/d/{ID}/htmlview", None),
        (f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0&range=A5:B5", 0),
        (f"https://docs.google.com/spreadsheets/d/{ID}/edit#gid=abc", None),
        (f"http://docs.google.com/spreadsheets/d/{ID}/edit", None),
        (f"HTTPS://Docs.Google.com/spreadsheets/d/{ID}/edit", None),
        (f"docs.google.com/spreadsheets/d/{ID}/edit#gid=3", 3),
        (f"  <https://docs.google.com/spreadsheets/d/{ID}/edit>\n", None),
        (f'"https://docs.google.com/spreadsheets/d/{ID}/edit"', None),
        (ID, None),
    ],
)
def test_an_address_as_pasted_names_sheet_and_tab(text: str, gid: int | None) -> None:
    """Whatever the browser adds, the sheet's id is found, and the tab where the address says it."""
    address = read_address(text)
    assert (address.sheet_id, address.gid) == (ID, gid)
    assert looks_like_address(text)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("https://docs.google.com/spreadsheets/d/e/2PACX-1vQx9Zk3/pubhtml?gid=0", "published"),
        (f"https://docs.google.com/spreadsheets/d/{ID}/edit?usp=sharing&rtpof=true&sd=true", "Excel file in Drive"),
        (f"https://drive.google.com/file/d/{ID}/view?usp=sharing", "a file in Drive"),
        (f"https://drive.google.com/open?id={ID}", "a file in Drive"),
        (f"https://drive.google.com/drive/folders/{ID}", "a folder"),
        (f"https://docs.google.com/document/d/{ID}/edit", "a text document"),
        (f"https://docs.google.com/forms/d/{ID}/edit", "a form"),
        (f"https://docs.google.com/presentation/d/{ID}/edit", "a presentation"),
        ("https://docs.google.com/spreadsheets/u/0/", "no address of a Google Sheet"),
        ("https://docs.google.com/spreadsheets/create", "no address of a Google Sheet"),
        (f"https://docs.google.com/spreadsheets/d/{ID[:6]}", "no address of a Google Sheet"),
        ("https://contoso.sharepoint.com/:x:/s/Plant/EaBcD", "only Google Sheets"),
        (f"https://docs.google.com.evil.example/spreadsheets/d/{ID}/edit", "only Google Sheets"),
        (f"https://docs.google.com@evil.example/spreadsheets/d/{ID}/edit", "only Google Sheets"),
        (f"ftp://docs.google.com/spreadsheets/d/{ID}/edit", "only Google Sheets"),
        ("https://[docs.google.com/spreadsheets", "no address of a Google Sheet"),
    ],
)
def test_an_address_of_something_else_says_what_it_is(text: str, part: str) -> None:
    """What is no sheet is refused with what it is and what to copy instead."""
    assert looks_like_address(text)
    with pytest.raises(ValueError, match=part):
        read_address(text)


@pytest.mark.parametrize(
    "text", ["PLAN.xlsx", "C:\\plans\\PLAN.xlsx", "/srv/plans/Plano de ação.xlsm", "../x.xlsx", "docs/plan.xlsx", ""]
)
def test_files_are_no_addresses(text: str) -> None:
    """A path stays a path."""
    assert not looks_like_address(text)


def test_an_address_is_written_without_what_the_browser_added() -> None:
    """The address as text opens the sheet, whatever tab it was copied from."""
    address = read_address(f"https://docs.google.com/spreadsheets/u/1/d/{ID}/edit?usp=sharing#gid=9")
    assert str(address) == f"https://docs.google.com/spreadsheets/d/{ID}"
    assert read_address(str(address)) == GoogleAddress(ID) == address


OWN = f"https://docs.google.com/spreadsheets/d/{ID}"


@pytest.mark.parametrize(
    ("link", "tab", "opened"),
    [
        (OWN, "7", f"{OWN}/edit#gid=7&range=A12"),
        (f"{OWN}/edit?usp=sharing#gid=0", "7", f"{OWN}/edit#gid=7&range=A12"),
        (f"{OWN}/", "0", f"{OWN}/edit#gid=0&range=A12"),
        (OWN, "", OWN),
        (OWN, "rId1", OWN),
        ("https://example.com/plans/PLAN.xlsx", "7", "https://example.com/plans/PLAN.xlsx"),
        ("", "7", ""),
    ],
)
def test_a_row_of_a_google_sheet_has_an_address(link: str, tab: str, opened: str) -> None:
    """A link into a Google Sheet opens tab and row; any other link stays as the team gave it."""
    assert row_address(link, tab, 12) == opened
