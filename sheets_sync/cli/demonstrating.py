"""What the demo does: a workbook, an adoption, a week of typing, the real run, and words about it."""

import datetime as dt
from pathlib import Path

from sheets_sync.cli.console import Console, clean, console
from sheets_sync.cli.summary import summary
from sheets_sync.config.load import load_config
from sheets_sync.config.write import NewPlan, save_plan
from sheets_sync.core.settings import PlanSettings
from sheets_sync.demo.people import PLAN_KEYS, mail_tables
from sheets_sync.demo.workbook import make_workbook, work_a_week
from sheets_sync.errors import UsageError
from sheets_sync.run.mail_wiring import mail_folder, post
from sheets_sync.run.mailing import drain
from sheets_sync.run.outcome import Outcome
from sheets_sync.run.site import Options
from sheets_sync.run.sync import sync
from sheets_sync.run.wiring import open_store, site

UID = "p-demo0000demo"
MAILS = {
    "leader-week": "the leader's week, with what needs a decision and whom to thank",
    "owner-week": "one owner's week, with what needs this person",
}
"""The mails shown, by a part of their file's name."""
WORKBOOK = "Plant improvement plan.xlsx"


class StoryClock:
    """A clock that stands where the story is."""

    def __init__(self, instant: dt.datetime) -> None:
        self._instant = instant

    def now(self) -> dt.datetime:
        """The story's instant."""
        return self._instant

    def monotonic(self) -> float:
        """Time does not pass within a scene."""
        return 0.0


def demonstrate(folder: Path | None) -> int:
    """Play the whole story and tell it."""
    out = console()
    place = _new_folder(folder)
    monday = last_monday(dt.datetime.now(dt.UTC))
    workbook = place / WORKBOOK
    make_workbook(workbook, monday.date())
    settings = PlanSettings(uid=UID, name="Plant improvement plan", timezone="UTC", tabs=("Actions",))
    save_plan(place, NewPlan(settings, WORKBOOK))
    _with_state_and_people(place / "config.toml", monday.date())
    out.say(clean(f"A made-up plan: {workbook}"))
    adopted = _run(place, monday - dt.timedelta(days=7))
    out.say(f"Taken over a week earlier: {len(adopted.receipt.applied) if adopted.receipt else 0} cells written")
    typed = work_a_week(workbook, monday.date())
    out.say(f"A week of people: {typed} cells typed and one action added")
    out.say()
    outcome = _run(place, monday)
    for line in summary(outcome):
        out.say(clean(line))
    _show_mails(out, _mailed(place, outcome, monday))
    _what_next(out, place, workbook)
    return outcome.code


def last_monday(now: dt.datetime) -> dt.datetime:
    """The latest Monday 09:00 UTC that is not after `now`."""
    nine = now.replace(hour=9, minute=0, second=0, microsecond=0)
    monday = nine - dt.timedelta(days=nine.weekday())
    return monday if monday <= now else monday - dt.timedelta(days=7)


def _new_folder(folder: Path | None) -> Path:
    if folder is not None and folder.exists():
        raise UsageError(f"{folder} exists already", "name a new folder with --folder")
    place = folder or Path("sheets-sync-demo")
    number = 1
    while folder is None and place.exists():
        number += 1
        place = Path(f"sheets-sync-demo-{number}")
    place.mkdir(mode=0o700, parents=True)
    return place.absolute()


def _with_state_and_people(file: Path, monday: dt.date) -> None:
    """Keep the demo's store inside its own folder, and say who may be mailed."""
    text = file.read_text("utf-8")
    uid = f'uid = "{UID}"\n'
    text = text.replace(uid, uid + PLAN_KEYS)
    file.write_text(f'state = "state"\n{text}\n{mail_tables(monday)}', "utf-8")


def _run(place: Path, instant: dt.datetime) -> Outcome:
    config = load_config(place)
    store = open_store(config)
    try:
        scene = site(config, config.plans[0], store, clock=StoryClock(instant))
        return sync(scene, Options(accept_clock=True, confirm=lambda _: True))
    finally:
        store.close()


def _mailed(place: Path, outcome: Outcome, monday: dt.datetime) -> Path:
    """Compose the mails of that Monday as the real job does; returns the folder they are written into."""
    config = load_config(place)
    store = open_store(config)
    try:
        drain(post(config, store, {UID: outcome}, clock=StoryClock(monday)))
    finally:
        store.close()
    return mail_folder(config)


def _show_mails(out: Console, folder: Path) -> None:
    """Say how many mails there are, and where the leader's and the fullest owner's can be looked at."""
    pages = sorted(folder.glob("*.html"), key=lambda page: (-page.stat().st_size, page.name))
    out.say()
    out.say(clean(f"{len(pages)} mails of that Monday, written as files (nobody was mailed): {folder}"))
    for kind, told in MAILS.items():
        page = next(page for page in pages if kind in page.name)
        out.say(f"  {told}:")
        out.say(clean(f"    to look at   {page}"))
        out.say(clean(f"    as sent      {page.with_suffix('.eml')}"))


def _what_next(out: Console, place: Path, workbook: Path) -> None:
    out.say()
    out.say(clean(f"Open the flagged workbook: {workbook}"))
    out.say(
        "\nNow your own plan, in a private folder of its own:\n"
        "  sheets-sync check  YOUR-PLAN.xlsx      what would be flagged; nothing is written\n"
        "  sheets-sync init   YOUR-PLAN.xlsx      set it up\n"
        "  sheets-sync run --dry-run              every edit it would make"
    )
    out.detail(clean(f"the mails as they would be today: sheets-sync mail preview --config {place}"))
    out.detail(clean(f"undo the demo's last write: sheets-sync undo --config {place}"))
