"""Names of folders that a command line, a unit or a property list may misread, and entries in them."""

from pathlib import PurePosixPath

from sheets_sync.schedule.install.entry import Entry, entry_of

AWKWARD = (
    "plain",
    '50 % "a" & b',
    "it's 100% done",
    "%h %% \\% %",
    "back\\slash \\\\ two\\",
    "$HOME ${HOME} $(true) `true` $$",
    "a;b|c<d>e*?[x]~!#=",
    "Plano de ação — été 計画",
    " leading and trailing ",
    "]]>&amp;<!--",
    "-P",
    "&&\\'%\"'%\\\"",
)
"""What a POSIX system lets a folder be called; none has a control character."""


def entry_in(folder: str, *, root: str = "/srv") -> Entry:
    """The entry of a configuration in such a folder, with its Python in it too."""
    base = PurePosixPath(root) / folder
    return entry_of(base / "config.toml", python=base / "bin" / "python", state=base / "state")
