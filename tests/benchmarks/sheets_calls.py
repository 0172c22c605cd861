"""What a run on a Google sheet costs beside a plain gspread script doing the same job: requests, bytes, CPU.

    python tests/benchmarks/sheets_calls.py            1,000, 10,000 and 50,000 rows
    python tests/benchmarks/sheets_calls.py --small    1,000 rows only

Both talk to the local Sheets server of the tests, which counts what they send and get (replies as sent: compressed).
CPU is that of the client alone, each in a process of its own. Needs `pip install gspread-formatting` beside the test
extra. Not a test.
"""

import argparse
import datetime as dt
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).parent
TESTS = HERE.parent
sys.path.insert(0, str(TESTS))

from large_plan import HEADERS, PEOPLE, STATUSES, THINGS, VERBS  # noqa: E402
from sheets_server.server import BookHandle, SheetsServer  # noqa: E402

TODAY = dt.datetime.now(dt.UTC).date()
ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"},
    "PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")]),
}


class Cost(NamedTuple):
    """What one program asked of the server, and its own CPU in seconds."""

    requests: int
    sent: int
    received: int
    cpu: float


def main() -> None:
    """Run the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="1,000 rows only")
    sizes = (1_000,) if parser.parse_args().small else (1_000, 10_000, 50_000)
    for rows in sizes:
        with SheetsServer(check_replies=False) as server, tempfile.TemporaryDirectory() as place:
            compare(server, rows, Path(place))


def compare(server: SheetsServer, rows: int, place: Path) -> None:
    """First write, one per cent changed, nothing changed: ours beside theirs."""
    state = place / "state"
    state.mkdir(mode=0o700)
    mine, other = plan(server, rows), plan(server, rows)
    ours = [sys.executable, str(HERE / "run_google.py"), server.url, mine.id, str(state)]
    theirs = [sys.executable, str(HERE / "plain_gspread.py"), server.url, other.id, TODAY.isoformat()]
    show(f"{rows:,} rows, every flag written", cost(server, ours), cost(server, theirs))
    for book in (mine, other):
        for row in range(2, rows + 2, 100):
            if action(row - 2)[4] != "Done":  # an action done before we came is new when it is opened again
                book.human.type("Actions", row, 5, "On hold")
    show(f"{rows:,} rows, 1 % changed", cost(server, ours), cost(server, theirs))
    cost(server, ours)
    show(f"{rows:,} rows, nothing changed", cost(server, ours), cost(server, theirs))


def plan(server: SheetsServer, rows: int) -> BookHandle:
    """A spreadsheet with a plan of so many actions, some of it faulty."""
    return server.book(sheets=[("Actions", [HEADERS, *(action(n) for n in range(rows))])], rows=rows + 50, columns=14)


def action(n: int) -> tuple[str, ...]:
    """One row, as a person types it."""
    owner = "" if n % 97 == 0 else "Maintenance team" if n % 89 == 0 else PEOPLE[n % 15]
    due = "" if n % 101 == 0 else (TODAY + dt.timedelta(days=n % 120 - 30)).isoformat()
    start = (TODAY + dt.timedelta(days=n % 60 - 80)).isoformat()
    text = f"{VERBS[n % 10]} the {THINGS[n % 7]} of area {n} by team {n % 83}"
    priority = "High" if n % 11 == 0 else "Normal"
    return (
        text, owner, start, due, STATUSES[n % 7], f"{n % 10 * 10}%", f"report {n} on file", f"G{n % 9}", priority,
        f"note {n}",
    )  # fmt: skip


def cost(server: SheetsServer, words: list[str]) -> Cost:
    """Run a program against the server; its failure stops the comparison."""
    server.forget_requests()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{words[1]} failed with {process.returncode}")
    served = server.requests
    sent, received = sum(one.bytes_in for one in served), sum(one.bytes_out for one in served)
    return Cost(len(served), sent, received, used.ru_utime + used.ru_stime)


def show(name: str, mine: Cost, other: Cost) -> None:
    """One line: ours, theirs, and the ratio of the CPU."""
    print(f"{name:<34} {told(mine)}   plain script {told(other)}   {mine.cpu / other.cpu:5.2f} of its CPU", flush=True)


def told(one: Cost) -> str:
    """The cost in a few words."""
    megabytes = f"{one.sent / 1e6:6.2f} MB sent {one.received / 1e6:6.2f} MB read"
    return f"{one.requests:>2} requests {megabytes} {one.cpu:6.2f} s CPU"


if __name__ == "__main__":
    main()
