"""Play recordings, or serve.

python -m tests.sheets_server replay FOLDER
python -m tests.sheets_server serve --port 8123
"""

import argparse
import threading
from pathlib import Path

from .replay import replay_folder
from .server import SheetsServer

FIRST_DIFFERENCES = 20


def main() -> int:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="python -m tests.sheets_server", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    replaying = commands.add_parser("replay", help="play recorded traffic and compare every reply")
    replaying.add_argument("folder", type=Path)
    serving = commands.add_parser("serve", help="start the server and print its address")
    serving.add_argument("--port", type=int, default=0)
    serving.add_argument("--quotas", action="store_true", help="60 requests a minute per user, 300 per project")
    asked = parser.parse_args()
    if asked.command == "replay":
        return _replay(asked.folder)
    return _serve(asked.port, quotas=asked.quotas)


def _replay(folder: Path) -> int:
    outcome = replay_folder(folder)
    print(outcome)
    for difference in outcome.differences[:FIRST_DIFFERENCES]:
        print(" ", difference)
    if outcome.violations:
        print(f"recorded replies that Google's discovery document does not allow: {len(outcome.violations)}")
    return 0 if outcome.counted else 1


def _serve(port: int, *, quotas: bool) -> int:
    with SheetsServer(port=port) as server:
        if quotas:
            server.quotas.enforce()
        server.front.api.files.strangers = True
        print(server.url, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return 0
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
