"""A configuration that was understood before is not checked again, and never taken for another."""

import os
import pickle
import subprocess
import sys

import pytest
from config.conftest import MINIMAL

from sheets_sync.config import understood
from sheets_sync.config.load import load_config
from sheets_sync.errors import ConfigError

FULL = (
    """\
[mail]
keeper = "Ana Lima"
allowed_domains = ["example.com"]

[people."Ana Lima"]
address = "ana@example.com"
away = ["2026-12-21..2026-12-31"]

"""
    + MINIMAL
    + """\
tabs = ["Actions"]
[plan.calendar]
workdays = ["Mon", "Tue", "Wed"]
holidays = [2026-12-24]
[plan.status]
"Feito" = "done"
[plan.rules]
ACT002 = { severity = "W", min_words = 4 }
"""
)


@pytest.fixture
def state(own_state):
    own_state.mkdir(parents=True, mode=0o700)
    return own_state


def kept(state):
    return sorted(state.glob("config-*.kept"))


def was_checked(file) -> bool:
    """Whether a new process loads the library that checks."""
    code = """if True:
        import sys
        from pathlib import Path
        from sheets_sync.config.load import load_config
        load_config(Path(sys.argv[1]))
        print("pydantic" in sys.modules)
    """
    done = subprocess.run([sys.executable, "-c", code, str(file)], capture_output=True, text=True, check=True)
    return done.stdout.strip() == "True"


def test_the_same_text_comes_to_the_same_without_checking(written, state):
    """The second time gives equal values and loads no library for checking."""
    file = written(FULL)
    first = load_config(file)
    assert len(kept(state)) == 1
    assert load_config(file) == first
    assert not was_checked(file)
    kept(state)[0].unlink()
    assert was_checked(file)


def test_another_text_is_checked(written, state):
    """A changed file is never taken for the earlier one, and its mistakes are told."""
    load_config(written(FULL))
    changed = load_config(written(FULL.replace("Europe/Lisbon", "Europe/Madrid")))
    assert changed.plans[0].settings.timezone == "Europe/Madrid"
    with pytest.raises(ConfigError):
        load_config(written(FULL.replace("Europe/Lisbon", "Mars/Base")))
    assert len(kept(state)) == 1


def test_another_program_checks_again(written, state, monkeypatch):
    """What an earlier version understood does not count."""
    file = written(FULL)
    load_config(file)
    monkeypatch.setattr(understood, "__version__", "0.0.0")
    assert understood.understood_before(FULL, file, state) is None


def test_without_a_state_folder_nothing_is_kept_and_none_is_made(written, own_state):
    """Reading a configuration creates nothing."""
    load_config(written(FULL))
    assert not own_state.exists()


def test_a_folder_others_can_look_into_is_not_used(written, state):
    """What lies there may be somebody else's."""
    file = written(FULL)
    load_config(file)
    state.chmod(0o755)
    assert understood.understood_before(FULL, file, state) is None


class Hostile:
    """Unpickling this would run a command."""

    def __reduce__(self):
        return (os.system, ("touch pwned",))


@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"no pickle", pickle.dumps(Hostile()), pickle.dumps("no configuration"), pickle.dumps(load_config)],
)
def test_a_damaged_or_planted_file_is_no_configuration(written, state, content, tmp_path, monkeypatch):
    """Whatever stands there, the text is checked again; nothing runs."""
    monkeypatch.chdir(tmp_path)
    file = written(FULL)
    first = load_config(file)
    place = kept(state)[0]
    place.write_bytes(place.read_bytes()[:32] + content)
    assert understood.understood_before(FULL, file, state) is None
    assert load_config(file) == first
    assert not (tmp_path / "pwned").exists()


def test_mistakes_between_plans_are_looked_for_each_time(written, state, tmp_path):
    """Two plans may come to be one workbook by a link made later."""
    two = MINIMAL + MINIMAL.replace("0123456789ab", "0123456789ac").replace("PLAN.xlsx", 'OTHER.xlsx"\nname = "Two')
    file = written(two)
    (file.parent / "PLAN.xlsx").write_bytes(b"x")
    load_config(file)
    (file.parent / "OTHER.xlsx").symlink_to(file.parent / "PLAN.xlsx")
    with pytest.raises(ConfigError):
        load_config(file)
