"""What a tick with nothing due costs, against the bare start of an interpreter. At most 8 times is what we promise.

    python tests/benchmarks/tick_speed.py

The project is installed in a virtual environment of its own, as a person installs it, with its bytecode; its
dependencies are those of the interpreter this runs with. A tick looks at its jobs first, then it has nothing to do.
For comparison: a tick that must look at its jobs again, because the configuration was touched. Not a test.
"""

import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Callable
from pathlib import Path

from compare import Cost, cost

ROOT = Path(__file__).parents[2]
MOST_TIMES = 8
REPEATED = 25
PLAN = 'state = "state"\n[[plan]]\nuid = "p-000001"\nname = "Plan"\nworkbook = "P.xlsx"\ntimezone = "UTC"\n'
JOB = 'when = "0 4 1 1 *"\ntimezone = "UTC"\nsteps = ["sync"]\n'


def install(place: Path) -> Path:
    """The folder of the programs of a new environment that holds the project."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(place)], check=True)
    programs = place / ("Scripts" if os.name == "nt" else "bin")
    pip = [sys.executable, "-m", "pip", "--python", str(programs / "python"), "install", "-q", "--no-deps"]
    subprocess.run([*pip, str(ROOT)], check=True)
    site = sysconfig.get_path("purelib", vars={"base": str(place), "platbase": str(place)})
    (Path(site) / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return programs


def set_up(home: Path) -> None:
    """A configuration with one job that is due once a year."""
    home.mkdir(mode=0o700)
    (home / "jobs").mkdir(mode=0o700)
    for name, text in (("config.toml", PLAN), ("jobs/sync.toml", JOB)):
        (home / name).write_text(text)
        (home / name).chmod(0o600)


def least(words: list[str], home: Path, prepare: Callable[[], object] = lambda: None, times: int = REPEATED) -> Cost:
    """The least CPU and the least wall time of several processes."""
    costs = []
    for _ in range(times):
        prepare()
        costs.append(cost(words, home))
    return Cost(*(min(values) for values in zip(*costs, strict=True)))


def main() -> int:
    """Measure; 1 when a tick costs more than promised."""
    with tempfile.TemporaryDirectory() as place:
        home = Path(place) / "home"
        set_up(home)
        programs = install(Path(place) / "environment")
        tick = [str(programs / "sheets-sync"), "run", "--due"]
        cost(tick, home)
        bare = least([str(programs / "python"), "-c", "pass"], home)
        idle = least(tick, home)
        looks = least(tick, home, lambda: os.utime(home / "config.toml"), times=5)
        for name, one in (("bare interpreter", bare), ("tick, nothing due", idle), ("tick, looks at jobs", looks)):
            times = f"{one.cpu / bare.cpu:5.2f} times the CPU, {one.wall / bare.wall:5.2f} times the wall time"
            print(f"{name:<20} {one.cpu * 1000:7.1f} ms CPU {one.wall * 1000:7.1f} ms wall {times}")
        return int(idle.cpu > MOST_TIMES * bare.cpu)


if __name__ == "__main__":
    sys.exit(main())
