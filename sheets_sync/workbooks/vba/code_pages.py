"""Windows and Macintosh code pages by the number that a macro project names, to and from text."""

import codecs

from sheets_sync.workbooks.ooxml.refusals import damaged

WESTERN = 1252

_NAMES = {
    10000: "mac_roman",
    10001: "shift_jis",
    10002: "big5",
    10003: "euc_kr",
    10004: "mac_arabic",
    10006: "mac_greek",
    10007: "mac_cyrillic",
    10008: "gb2312",
    10029: "mac_latin2",
    10079: "mac_iceland",
    10081: "mac_turkish",
    936: "gbk",
    20866: "koi8_r",
    21866: "koi8_u",
    65001: "utf_8",
}


def codec(code_page: int) -> str:
    """Python's name of a code page. Raises WorkbookRefused when there is none."""
    name = _NAMES.get(code_page, f"cp{code_page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        raise damaged(f"its macros are written in code page {code_page}, which is not known") from None


def decode(content: bytes, code_page: int) -> str:
    """Text of a project. Bytes without meaning become U+FFFD. Raises WorkbookRefused for an unknown code page."""
    return content.decode(codec(code_page), "replace")
