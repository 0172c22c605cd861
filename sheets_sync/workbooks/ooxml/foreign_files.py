"""Say what a file is that is no zip package, or a package of another kind, and what to do with it."""

from collections.abc import Collection

from sheets_sync.workbooks.ooxml.refusals import SAVE_AGAIN, Unreadable, damaged, not_a_workbook

_COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_OLD_STREAMS = ("Workbook\0".encode("utf-16-le"), "Book\0".encode("utf-16-le"))
_REMOVE_PASSWORD = "Open it in Excel, choose File > Info > Protect Workbook > Encrypt with Password, empty it and save."  # noqa: S105
_OPENED_NAMES = ("~$", ".~lock.")


def not_a_package(data: bytes, name: str) -> Unreadable:
    """The refusal of a file that does not begin like a zip package."""
    if not data:
        return damaged("the file is empty")
    if name.startswith(_OPENED_NAMES):
        return not_a_workbook("it only tells that somebody has the workbook open", "Name the workbook itself.")
    if data.startswith(_COMPOUND):
        return _compound(data)
    start = data[:2_000].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").replace(b"\0", b"").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        return not_a_workbook("it is a web page", SAVE_AGAIN)
    if start.startswith(b"<"):
        return not_a_workbook("it is an XML file", SAVE_AGAIN)
    if start.startswith((b"%pdf", b"{\\rtf")):
        return not_a_workbook("it is a text document", "Copy the plan into a new Excel workbook.")
    if _looks_like_text(data[:2_000]):
        return not_a_workbook("it is a text file, such as CSV", SAVE_AGAIN)
    return not_a_workbook("its first bytes are those of something else", SAVE_AGAIN)


def binary_workbook() -> Unreadable:
    """The refusal of an .xlsb."""
    return not_a_workbook("it is a binary workbook (.xlsb)", SAVE_AGAIN)


def other_package(part_keys: Collection[str]) -> Unreadable:
    """The refusal of a zip file without a workbook part, by its parts' look-up names."""
    if "/mimetype" in part_keys:
        return not_a_workbook("it is an OpenDocument file (.ods)", SAVE_AGAIN)
    for folder, kind in (("/word/", "a Word document"), ("/ppt/", "a PowerPoint presentation")):
        if any(key.startswith(folder) for key in part_keys):
            return not_a_workbook(f"it is {kind}", "Copy the plan into a new Excel workbook.")
    if "/index.zip" in part_keys or any(key.startswith("/index/") for key in part_keys):
        return not_a_workbook("it looks like a Numbers document", "In Numbers, choose File > Export To > Excel.")
    return not_a_workbook("the zip file holds no workbook", SAVE_AGAIN)


def _compound(data: bytes) -> Unreadable:
    if _ENCRYPTED_STREAM in data:
        return not_a_workbook("it is encrypted with a password or a sensitivity label", _REMOVE_PASSWORD)
    if any(stream in data for stream in _OLD_STREAMS):
        return not_a_workbook("it is a workbook of the old kind (.xls)", SAVE_AGAIN)
    return not_a_workbook("it is an old Office or Outlook file", SAVE_AGAIN)


def _looks_like_text(start: bytes) -> bool:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return not any(byte < 9 or 13 < byte < 27 for byte in start)
