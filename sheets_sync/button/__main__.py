"""`python -I -m sheets_sync.button ACTION [--hwnd=NUMBER] [--macro=NUMBER]`, started by our macros and nobody else.

Exit codes: 0, 2, 3 and 4 as the command line has them; with these the person was told. With 1 nothing could be shown in
Excel, and the macro says so.
"""

import gc
import os
import sys
import warnings

UNTOLD = 1


def main() -> int:
    """Answer one press."""
    gc.disable()  # a press is short, and nothing it makes goes round in circles that matter
    warnings.simplefilter("ignore")
    from sheets_sync.button.asked import NotAsked, read_asked
    from sheets_sync.button.launch import launch

    try:
        asked = read_asked(sys.argv[1:], os.environ)
    except NotAsked:
        return UNTOLD
    return launch(asked)


if __name__ == "__main__":
    code = main()
    gc.freeze()
    sys.exit(code)
