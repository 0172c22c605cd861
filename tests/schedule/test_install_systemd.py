"""A real systemd for users runs what `schedule install` put in place, from a folder with an awkward name.

It lives in namespaces of its own: mounts, processes, and a group of control; the machine's systemd, should there be
one, is neither asked nor changed.
"""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from schedule.private_plans import TELLING_HOW, make_environment, make_plan

from sheets_sync.schedule.install.entry import entry_of

pytestmark = [pytest.mark.systemd, pytest.mark.slow]

MANAGER = Path("/lib/systemd/systemd")
FOLDER = '50 % "a" & b — é $HOME'
OWN_MANAGER = """
set -e
mount -t tmpfs tmpfs /run
mkdir -p /run/systemd/system -m 755 "$XDG_RUNTIME_DIR"
mount -t cgroup2 none /sys/fs/cgroup
mkdir -p "/sys/fs/cgroup/$GROUP"
echo $$ > "/sys/fs/cgroup/$GROUP/cgroup.procs"
"""
START = """
/lib/systemd/systemd --user --log-target=console --log-level=warning &
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  systemctl --user show-environment > /dev/null 2>&1 && break
  sleep 0.5
done
sheets() { "$PLAN/venv/bin/python" -P -m sheets_sync "$@" --config "$PLAN"; }
sheets schedule install
sheets schedule install
sheets schedule show
"""
TICK_AND_REMOVE = """
unit=$(basename "$HOME"/.config/systemd/user/sheets-sync-*.timer)
mkdir "$HOME/.config/systemd/user/$unit.d"
printf '[Timer]\\nOnCalendar=\\nOnCalendar=*:*:0/2\\nRandomizedDelaySec=0\\nAccuracySec=1\\n' \\
  > "$HOME/.config/systemd/user/$unit.d/soon.conf"
systemctl --user daemon-reload
systemctl --user restart "$unit"
for _ in $(seq 60); do [ -e "$PLAN/told.json" ] && break; sleep 0.5; done
sleep 1
systemctl --user show "${unit%.timer}.service" --property=Result,ExecMainStatus
rm -r "$HOME/.config/systemd/user/$unit.d"
sheets schedule remove
systemctl --user list-timers --all --no-legend
systemctl --user exit || true
"""


@pytest.fixture
def plan() -> Iterator[Path]:
    """A plan in an awkward folder; its parent is the home folder."""
    home = Path(tempfile.mkdtemp(prefix="sheets-sync-systemd-"))
    folder = home / FOLDER
    make_plan(folder)
    make_environment(folder, started=TELLING_HOW)
    yield folder
    shutil.rmtree(home)


def in_namespaces(plan: Path, script: str) -> subprocess.CompletedProcess[str]:
    """Run a script where a systemd of its own may run; its group of control is taken away afterwards."""
    group = f"sheets-sync-{os.getpid()}"
    environment = {
        "HOME": str(plan.parent),
        "PLAN": str(plan),
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "XDG_RUNTIME_DIR": "/run/user/0",
        "GROUP": group,
        "LANG": "C.UTF-8",
    }
    words = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "/bin/sh", "-c", script]
    done = subprocess.run(words, capture_output=True, text=True, env=environment, timeout=120)
    clean_up = f"mount -t cgroup2 none /mnt && find /mnt/{group} -depth -type d -exec rmdir {{}} +"
    subprocess.run(["unshare", "--mount", "/bin/sh", "-c", clean_up], capture_output=True)
    return done


def test_the_timer_of_a_real_systemd_runs_what_is_due(plan):
    """Chosen by itself, installed once, ticking with the very words of the command, and gone without a trace."""
    able = hasattr(os, "geteuid") and os.geteuid() == 0 and MANAGER.exists() and shutil.which("unshare")
    if not able or in_namespaces(plan, OWN_MANAGER).returncode != 0:
        pytest.skip("needs root, systemd, and a kernel that lets us have mounts and control groups of our own")
    done = in_namespaces(plan, OWN_MANAGER + START + TICK_AND_REMOVE)
    assert done.returncode == 0, (done.stdout, done.stderr)
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Installed: a systemd user timer, sheets-sync-")
    assert any(line.startswith("Already installed: a systemd user timer") for line in lines)
    assert sum(line.startswith("Installed: a systemd user timer") for line in lines) == 2
    told = json.loads((plan / "told.json").read_text("utf-8"))
    entry = entry_of(plan / "config.toml", python=plan / "venv" / "bin" / "python", state=plan / "state")
    assert told["words"] == list(entry.words(quiet=False))
    assert {"Result=success", "ExecMainStatus=0"} <= set(lines)
    assert lines[-1].startswith("Taken out: a systemd user timer")
    assert not [file for file in (plan.parent / ".config").rglob("*") if file.is_file() or file.is_symlink()]
    assert list((plan / "state").glob("next-due-*.json")), "the jobs were not looked at"
