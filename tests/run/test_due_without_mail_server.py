"""A weekly job whose mail server is away at its time: the mails of the week are not lost until the next one."""

import datetime as dt
from contextlib import closing
from pathlib import Path

from notify.scripted_server import Script, free_port, running
from run.due_stage import OWNERS_MONDAY, Ticks, set_up, write

ADOPTED = dt.datetime(2026, 11, 9, 7, 30, tzinfo=dt.UTC)
MONDAY = dt.datetime(2026, 11, 16, 7, 30, tzinfo=dt.UTC)


def mail_through(folder: Path, port: int) -> None:
    """Let the mails go to a server at this port."""
    text = (folder / "config.toml").read_text().partition("[mail.smtp]")[0]
    text = text.replace("[mail]\nsender", '[mail]\ntransport = "smtp"\nsender')
    smtp = f'[mail.smtp]\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
    write(folder / "config.toml", text + smtp)


def test_plans_wait_while_no_mail_can_be_sent(tmp_path: Path) -> None:
    """Every half hour within the grace it is tried again, though the only job comes once a week."""
    folder = set_up(tmp_path / "plans", jobs={"owner-week": OWNERS_MONDAY}, mail=True)
    ticks = Ticks(folder, ADOPTED - dt.timedelta(hours=1))
    ticks.tick()
    ticks.tick_at(ADOPTED)
    with closing(ticks.store()) as store:
        for plan in ticks.config.plans:
            store.outbox.release(plan.settings.uid, ADOPTED)
    mail_through(folder, free_port())
    for minutes in (0, 30):
        now = MONDAY + dt.timedelta(minutes=minutes)
        outcome = ticks.tick_at(now)
        assert (outcome.code, outcome.left, outcome.again) == (3, 2, now + dt.timedelta(minutes=30))
    script = Script()
    with running(script, login=False) as port:
        mail_through(folder, port)
        outcome = ticks.tick_at(MONDAY + dt.timedelta(hours=1, minutes=30))
    assert (outcome.code, outcome.left, outcome.again) == (0, 0, None)
    assert {mail.address for mail in script.delivered} == {"ana@example.org", "kim@example.org"}
    with closing(ticks.store()) as store:
        assert not store.schedule.left_plans()
