"""What the commands of `sheets-sync store` do."""

from pathlib import Path

from sheets_sync.cli.console import Console, clean, console
from sheets_sync.config.load import find_config, load_config
from sheets_sync.config.state import check_state
from sheets_sync.run.clock import SystemClock
from sheets_sync.store.care import Soundness, file_in, look_at, migrate
from sheets_sync.store.copies import back_up
from sheets_sync.store.schema import REVISION

MIGRATE = "sheets-sync store migrate"


def check_store(config: Path | None) -> int:
    """Tell how the store fares. Raises StoreError, UsageError."""
    out = console()
    found = look_at(_folder(config))
    out.say(clean(f"{found.file}, {found.bytes // 1000} kB"))
    _say(out, "damage", "; ".join(found.damage), "put back a copy (sheets-sync store backup --help), or move it away")
    _say(out, "orphan rows", ", ".join(f"{name} {count}" for name, count in found.orphans), "put back a copy")
    _say(out, "missing", ", ".join(found.missing), "put back a copy")
    _say(out, "private", found.exposed, "")
    _say(out, "writable", found.unwritable, "runs remember nothing there; to copy it: sheets-sync store backup FILE")
    _say(out, f"version {found.revision or 'none'}", _of_age(found), "")
    out.say("holds " + ", ".join(f"{name} {count}" for name, count in found.counts if count))
    if found.is_newer:
        return 2
    return 0 if found.is_well else 3


def back_up_store(config: Path | None, file: Path | None) -> int:
    """Copy the store. Raises StoreError, UsageError."""
    source = file_in(_folder(config))
    stamp = SystemClock().now().strftime("%Y-%m-%dT%H-%M-%SZ")
    target = file.absolute() if file is not None else source.with_name(f"{source.name}.{stamp}.backup")
    back_up(source, target)
    console().say(clean(f"copied to {target}"))
    return 0


def migrate_store(config: Path | None) -> int:
    """Bring the store up to date. Raises StoreError, UsageError."""
    folder = _folder(config)
    before, after = migrate(folder)
    if before == after:
        console().say(f"nothing to do: the store has version {after}")
    else:
        kept = file_in(folder).with_name(f"store.db.{before or 'empty'}.backup")
        console().say(clean(f"version {before or 'none'} became {after}; as it was: {kept}"))
    return 0


def _folder(config: Path | None) -> Path:
    found = load_config(find_config(config))
    check_state(found)
    return found.state


def _of_age(found: Soundness) -> str:
    if found.is_newer:
        return f"made by a newer sheets-sync, this one knows {REVISION}: update sheets-sync on this computer"
    return f"older than {REVISION}: {MIGRATE}" if found.is_older else ""


def _say(out: Console, what: str, wrong: str, remedy: str) -> None:
    out.say(
        clean(f"{'FAIL' if wrong else 'ok  '}  {what}" + (f": {wrong}" if wrong else "")), style="red" if wrong else ""
    )
    if wrong and remedy:
        out.say(f"      {remedy}")
