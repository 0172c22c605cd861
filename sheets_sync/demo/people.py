"""Who may be mailed in the demonstration, as the end of its config.toml. Mails are only written as files."""

import datetime as dt

from sheets_sync.demo.story import AWAY, KEEPER, LEADER, LINK, PEOPLE

PLAN_KEYS = f'leaders = ["{LEADER}"]\nlink = "{LINK}"\n'
"""What the plan's own table says of mails."""


def mail_tables(monday: dt.date) -> str:
    """`[mail]` and `[people]`; one of them is away in the week of `monday`."""
    tables = [f'[mail]\nkeeper = "{KEEPER}"\nallowed_domains = ["example.com"]\n', _person(KEEPER)]
    for name, _, _, leader in PEOPLE[1:]:
        away = f'away = ["{monday}..{monday + dt.timedelta(days=4)}"]\n' if name == AWAY else ""
        tables.append(_person(name, leader) + away)
    return "\n".join(tables)


def _person(name: str, leader: str = "") -> str:
    led = f'leader = "{leader}"\n' if leader else ""
    return f'[people."{name}"]\naddress = "{name.lower().replace(" ", ".")}@example.com"\n{led}'
