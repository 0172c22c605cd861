"""The command `sheets-sync`, also as `python -m sheets_sync`. A tick that has nothing to do ends here, before click."""

import sys

TYPE_CHECKING = False  # as typing has it, which takes long to import
if TYPE_CHECKING:
    from typing import NoReturn


def main() -> "NoReturn":
    """Run the command line of this process and leave with its exit code."""
    from sheets_sync.schedule.tick import nothing_due

    if nothing_due(sys.argv[1:]):
        sys.exit(0)
    from sheets_sync.cli.main import main as command_line

    command_line()


if __name__ == "__main__":
    main()
