"""What `schedule install` and `schedule remove` do."""

from contextlib import closing, suppress
from pathlib import Path

from sheets_sync.cli.console import Console, clean, console
from sheets_sync.cli.job_mistakes import code_of_jobs, warn_of_jobs, warn_of_none
from sheets_sync.cli.schedule_entry import computer, entry_at, entry_for, outside_secrets, refuse_state_of_shell
from sheets_sync.config.load import find_config, load_config
from sheets_sync.config.state import check_state, state_folder
from sheets_sync.config.values import Config
from sheets_sync.errors import SheetsSyncError, UsageError
from sheets_sync.run.holder import own_host
from sheets_sync.run.wiring import open_store
from sheets_sync.schedule.install.entry import MINUTES, Entry
from sheets_sync.schedule.install.machine import Machine, shown
from sheets_sync.schedule.install.standing import Kind, Standing, Way
from sheets_sync.schedule.install.trial import refuse_unstartable
from sheets_sync.schedule.install.ways import best_way, install, remove, way_of
from sheets_sync.store.private_file import FILE_NAME


def install_entry(config: Path | None, kind: str, *, logged_off: bool, dry_run: bool) -> int:
    """Put the entry in place, or print it. Raises UsageError, ConfigError."""
    out, machine = console(), computer()
    found = load_config(find_config(config))
    check_state(found)
    refuse_state_of_shell(found)
    found.found_jobs  # noqa: B018 (a folder of jobs that cannot be used is told before anything is done)
    entry = entry_for(found)
    way = way_of(Kind(kind), logged_off=logged_off) if kind else best_way(machine, logged_off=logged_off)
    if logged_off and way.kind is not Kind.WINDOWS:
        raise UsageError(f"--logged-off is for Windows; here it is {way.title}", "leave it out")
    if dry_run:
        out.say(way.text(entry, machine))
        return _tell_jobs(found, out)
    state_folder(found)
    refuse_unstartable(entry, machine)
    done = install(entry, machine, way)
    if done.before is Standing.IN_PLACE:
        out.say(f"Already installed: {way.title}, {entry.name}; nothing was changed")
    else:
        out.say(f"{'Installed' if done.before is Standing.ABSENT else 'Renewed'}: {way.title}, {entry.name}")
    for other in done.moved_from:
        out.say(f"Taken out, one is enough: {other.title}")
    _tell(found, entry, way=way, machine=machine, out=out)
    return _tell_jobs(found, out)


def remove_entry(config: Path | None) -> int:
    """Take the entry out. Raises UsageError."""
    out = console()
    entry = entry_at(config)
    taken = remove(entry, computer())
    for way in taken:
        out.say(f"Taken out: {way.title}, {entry.name}")
    _forget_ticks(config)
    if not taken:
        out.say(clean(f"Nothing is installed for {entry.config}"))
    return 0


def _forget_ticks(config: Path | None) -> None:
    """What this computer did until now is no sign that it goes on; a configuration that is gone has no store."""
    with suppress(SheetsSyncError):
        found = load_config(find_config(config))
        if (found.state / FILE_NAME).exists():
            with closing(open_store(found)) as store:
                store.sightings.forget_ticks(own_host())


def _tell(config: Config, entry: Entry, *, way: Way, machine: Machine, out: Console) -> None:
    """When it ticks, what it runs, and what would be missing then."""
    out.say(f"Every {MINUTES} minutes it asks whether a job is due:")
    out.say(clean(f"  {shown(entry.words(quiet=way.kind is not Kind.SYSTEMD))}"))
    for line in way.notes(entry, machine):
        out.say(clean(line))
    for reference in outside_secrets(config):
        out.warn(clean(f'A run by itself does not have {reference}: keep that secret in a file, "file:NAME"'))
    out.say("Coming runs: sheets-sync schedule show    Take it out: sheets-sync schedule remove")


def _tell_jobs(config: Config, out: Console) -> int:
    """What is wrong with the jobs, without which nothing would ever run; and the exit code for it."""
    warn_of_none(config, out)
    warn_of_jobs(config.found_jobs, out)
    return code_of_jobs(config.found_jobs)
