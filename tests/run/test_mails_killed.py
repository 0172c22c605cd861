"""200 mails to a real server by processes killed at every step: nobody is left out, nobody is mailed thrice."""

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from notify.scripted_server import Script, running
from run.mail_crash import PEOPLE, person, prepare

from sheets_sync.core.mails import MailState
from sheets_sync.store.store import Store

SCRIPT = Path(__file__).with_name("mail_crash.py")


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(__import__("os"), "fork"), reason="starts processes by fork")
def test_killed_at_any_step_everybody_is_mailed_and_nobody_twice_but_for_a_lost_answer(tmp_path):
    """Each process dies with odds of 3 in 100 at each step and the next one goes on. A copy is sent twice only where
    the process died after the server had it and before that was written down, and then it is the same bytes."""
    prepare(tmp_path)
    script = Script()
    with running(script, login=False) as port:
        words = [sys.executable, "-W", "ignore", str(SCRIPT), str(tmp_path), str(port), "seven"]
        subprocess.run(words, env={"PYTHONPATH": ":".join(sys.path)}, check=True, timeout=300)
    deaths = Counter((tmp_path / "deaths").read_text().splitlines())
    copies: dict[str, list[bytes]] = {}
    for address, raw in script.delivered:
        copies.setdefault(address, []).append(raw)
    twice = {address: raws for address, raws in copies.items() if len(raws) > 1}
    assert copies.keys() == {person(n).address for n in range(PEOPLE)} | {"kim@example.org"}
    assert deaths["after send"], "no process died where it matters"
    assert len(twice) <= deaths["after send"]
    assert all(len(raws) == 2 and raws[0] == raws[1] for raws in twice.values())
    store = Store.open(tmp_path / "state")
    assert {mail.state for mail in store.outbox.mails(limit=1000)} == {MailState.SENT}
    store.close()
