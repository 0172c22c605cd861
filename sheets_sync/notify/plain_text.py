"""Text from cells made fit to be read in a mail: one line, of bounded length, without invisible or direction-changing
characters, without addresses a mail program would make into links, never the start of a formula. Escaping for HTML is
the templates' business."""

import re
import unicodedata
from urllib.parse import urlsplit

LONGEST_TITLE = 140
LONGEST_NOTE = 280
LONGEST_NAME = 80
LONGEST_FIX = 480
LONGEST_SUBJECT = 180
FORMULA_STARTS = ("=", "+", "-", "@")

_DOT = r"[.\u3002\uff0e\uff61]"
_HOST = rf"(?:[\w-]+{_DOT})+[\w-]+"
_COMMON_ENDS = (
    "com|net|org|edu|gov|io|co|info|biz|xyz|top|app|dev|me|link|click|site|online|shop|live|ru|cn|test|example"
)
_ADDRESS = re.compile(
    rf"(?P<scheme>[a-z][a-z0-9+-]{{1,20}}:[/\\]{{2,}})(?P<rest>[^\s<>\"“”]+)"
    rf"|(?<![\w@.-])(?P<host>www{_DOT}{_HOST}|{_HOST}(?=/)|(?:[\w-]+{_DOT})+(?:{_COMMON_ENDS})\b)(?P<path>/[^\s<>\"“”]*)?",
    re.IGNORECASE,
)
_DOTS = re.compile(_DOT)
_END_OF_HOST = re.compile(r"[/\\?#]")


def cell_text(text: str, longest: int = LONGEST_TITLE, host: str = "") -> str:
    """A cell's text for a mail. Addresses are defanged unless their host is `host` exactly; a sign that would start a
    formula where the text is pasted gets an apostrophe in front."""
    line = _defanged(shown_line(text[: 20 * longest]), host)
    if len(line) > longest:
        cut = line[: longest - 1]
        kept, space, _ = cut.rpartition(" ")
        line = (kept if space and len(kept) > longest // 2 else cut).rstrip(" ,;:.") + "…"
    return f"'{line}" if line.startswith(FORMULA_STARTS) else line


def shown_line(text: str) -> str:
    """The text as one line: controls, invisible and direction-changing characters out, line breaks to spaces."""
    spaced = (" " if character.isspace() or character in "\u2028\u2029" else character for character in text)
    kept = (character for character in spaced if unicodedata.category(character)[0] != "C")
    return " ".join("".join(kept).split())


def one_line(text: str) -> str:
    """A text fit for a mail header: one line of at most 180 characters that no reader takes for an encoded word."""
    return shown_line(text).replace("=?", "= ?")[:LONGEST_SUBJECT].rstrip()


def host_of(link: str) -> str:
    """The host of an https address in lower case, "" for anything else."""
    try:
        parts = urlsplit(link)
        return (parts.hostname or "") if parts.scheme == "https" else ""
    except ValueError:
        return ""


def _defanged(line: str, host: str) -> str:
    def harmless(found: re.Match[str]) -> str:
        if found["scheme"]:
            authority = _END_OF_HOST.split(found["rest"], maxsplit=1)[0]
            if host and found["scheme"].lower() == "https://" and authority.lower() == host:
                return found[0]
            return _DOTS.sub("[.]", found["rest"])
        if host and found["host"].lower() == host:
            return found[0]
        return _DOTS.sub("[.]", found["host"]) + _DOTS.sub("[.]", found["path"] or "")

    return _ADDRESS.sub(harmless, line)
