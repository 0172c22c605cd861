"""`python -I -m sheets_sync.button ACTION [--hwnd=NUMBER] [--macro=NUMBER]`, started by our macros and nobody else.

Exit codes: 0, 2, 3 and 4 as the command line has them; with these the person was told. With 1 nothing could be shown in
Excel: the macro says so, and standard error, for whoever typed this by hand.
"""

import gc
import os
import sys
import warnings

UNTOLD = 1
SORRY = (
    "sheets-sync: only a button in Excel can start this, about a workbook that is open. Try: sheets-sync excel doctor"
)


def main() -> int:
    """Answer one press."""
    gc.disable()  # a press is short, and nothing it makes goes round in circles that matter
    warnings.simplefilter("ignore")
    from sheets_sync.button.asked import NotAsked, read_asked
    from sheets_sync.button.launch import launch

    try:
        code = launch(read_asked(sys.argv[1:], os.environ))
    except NotAsked:
        code = UNTOLD
    if code == UNTOLD and sys.stderr is not None:  # a process without a console has none
        sys.stderr.write(f"{SORRY}\n")
    return code


if __name__ == "__main__":
    code = main()
    gc.freeze()
    sys.exit(code)
