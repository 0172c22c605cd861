"""What this machine says about itself: its time zone, country and language, to be proposed and never assumed."""

import os
import re
import sys
from pathlib import Path

_LOCALE = re.compile(r"(?P<language>[a-z]{2,3})_(?P<country>[A-Z]{2})")
_LANGUAGE_IDS = {0x09: "en", 0x0A: "es", 0x16: "pt"}
"""The lower ten bits of a language id of Windows (LANG_ENGLISH, LANG_SPANISH, LANG_PORTUGUESE)."""


def machine_timezone(localtime: Path = Path("/etc/localtime"), named: Path = Path("/etc/timezone")) -> str:
    """The IANA name of this machine's zone, from $TZ, the link `localtime` or the file `named`; "" if none says."""
    for name in (os.environ.get("TZ", "").lstrip(":"), _zone_behind(localtime), _first_line(named)):
        if _is_zone(name):
            return name
    return ""


def machine_language() -> str:
    """The language of the user's locale ("pt_BR.UTF-8" -> "pt"), on Windows of its windows; "" when it names none."""
    if sys.platform == "win32":
        import ctypes

        return _LANGUAGE_IDS.get(ctypes.windll.kernel32.GetUserDefaultUILanguage() & 0x3FF, "")
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        found = _LOCALE.match(os.environ.get(variable, ""))
        if found:
            return found["language"]
    return ""


def machine_country() -> str:
    """The country of the user's locale ("pt_BR.UTF-8" -> "BR"), "" when it names none."""
    for variable in ("LC_ALL", "LC_TIME", "LANG"):
        found = _LOCALE.match(os.environ.get(variable, ""))
        if found:
            return found["country"]
    return ""


def _zone_behind(link: Path) -> str:
    """/etc/localtime -> /usr/share/zoneinfo/Europe/Lisbon says "Europe/Lisbon"."""
    _, marker, name = os.path.realpath(link).partition("zoneinfo/")
    return name.removeprefix("posix/") if marker else ""


def _first_line(file: Path) -> str:
    try:
        return file.read_text("ascii").strip().partition("\n")[0]
    except (OSError, UnicodeDecodeError):
        return ""


def _is_zone(name: str) -> bool:
    from zoneinfo import ZoneInfo

    try:
        return bool(name) and ZoneInfo(name) is not None
    except (OSError, ValueError, KeyError):
        return False
