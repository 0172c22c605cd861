"""The property list of a launchd agent, as bytes. Asking launchd is in `by_launchd`.

Keys: `man launchd.plist`. The words of the command are a list there, so that nothing needs quotes.
"""

import plistlib

from sheets_sync.schedule.install.entry import MINUTES, Entry


def plist(entry: Entry) -> bytes:
    """The agent: every five minutes, in the background, not at once when it is loaded.

    While the computer sleeps nothing runs; of the ticks it slept through one is made up for.
    """
    return plistlib.dumps(
        {
            "Label": entry.name,
            "ProgramArguments": list(entry.words(quiet=True)),
            "StartInterval": MINUTES * 60,
            "RunAtLoad": False,
            "ProcessType": "Background",
            "Nice": 10,
            "StandardOutPath": str(entry.log),
            "StandardErrorPath": str(entry.log),
        },
        sort_keys=False,
    )
