"""Private folders with a plan and an environment of their own, as people have them, for schedulers that are real."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[2]
TELLING_HOW = """
import atexit, json, os, sys
from pathlib import Path

def tell(words, variables):
    here = Path(words[words.index("--config") + 1]).parent
    told = {"words": words, "folder": os.getcwd(), "variables": variables}
    (here / "told.part").write_text(json.dumps(told))
    (here / "told.part").rename(here / "told.json")

if "--due" in sys.orig_argv:
    atexit.register(tell, sys.orig_argv, dict(os.environ))
"""
"""The environment's own sitecustomize.py: whatever Python it starts tells at its end how it was started."""


def make_plan(folder: Path) -> None:
    """A private folder with a workbook and its configuration; the state lies in it too."""
    folder.mkdir(mode=0o700)
    words = [sys.executable, "-P", "-m", "sheets_sync", "init", "--template", "simple", "Plan", "--timezone", "UTC"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "HOME": str(folder), "LANG": "C.UTF-8"}
    subprocess.run(words, cwd=folder, env=environment, check=True, capture_output=True)
    config = folder / "config.toml"
    config.write_text('state = "state"\n' + config.read_text("utf-8"), "utf-8")


def make_environment(folder: Path, *, started: str) -> None:
    """A virtual environment in which sheets-sync is found, as if installed; `started` is run by every Python of it."""
    words = [sys.executable, "-m", "venv", "--without-pip", "--symlinks", str(folder / "venv")]
    subprocess.run(words, check=True, capture_output=True)
    packages = next((folder / "venv" / "lib").glob("python*")) / "site-packages"
    (packages / "found.pth").write_text(f"{ROOT}\n{sysconfig.get_path('purelib')}\n", "utf-8")
    (packages / "sitecustomize.py").write_text(started, "utf-8")
