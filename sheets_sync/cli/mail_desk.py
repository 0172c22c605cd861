"""What the mail commands work with: the configuration, the store and its outbox, and finding the person a word names.

Nothing here tells a name: who shows what is decided where it is shown.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from sheets_sync.cli.console import Console
from sheets_sync.config.load import find_config, load_config
from sheets_sync.config.suggest import nearest
from sheets_sync.config.values import Config, PlanConfig
from sheets_sync.core.persons import Person, keys_of, name_key
from sheets_sync.errors import UsageError
from sheets_sync.run.wiring import open_store
from sheets_sync.store.outbox import Outbox
from sheets_sync.store.store import Store


class Desk(NamedTuple):
    """A configuration with its open store."""

    config: Config
    store: Store

    @property
    def outbox(self) -> Outbox:
        """Its notices and mails."""
        return self.store.outbox

    def plan(self, uid: str) -> PlanConfig | None:
        """The configured plan with this uid; None when it was taken out of the configuration since."""
        return next((plan for plan in self.config.plans if plan.settings.uid == uid), None)

    def plan_name(self, uid: str) -> str:
        """What people call the plan; its uid when it is not configured any more."""
        plan = self.plan(uid)
        return plan.settings.name if plan is not None else uid


@contextmanager
def desk(config: Path | None) -> Iterator[Desk]:
    """Open the store of this configuration, and close it afterwards. Raises UsageError, StoreError."""
    loaded = load_config(find_config(config))
    store = open_store(loaded)
    try:
        yield Desk(loaded, store)
    finally:
        store.close()


def known_persons(at: Desk) -> tuple[Person, ...]:
    """Everybody a mail went or could go to: of the configuration, of kept notices, and those that wait for release.

    A person stands here once; what the configuration says of them comes first.
    """
    configured = [person for plan in at.config.plans for person in plan_persons(plan)]
    told = [waiting.notice.person for waiting, _, _ in at.outbox.all_notices()]
    held = [person for _, person in at.outbox.held_persons()]
    return tuple({person.identity: person for person in reversed([*configured, *told, *held])}.values())


def plan_persons(plan: PlanConfig) -> tuple[Person, ...]:
    """The persons the configuration names for a plan, keeper and leaders included."""
    keeper = (plan.mail.keeper,) if plan.mail.keeper is not None else ()
    return (*plan.mail.people, *plan.mail.leaders, *keeper)


def no_keeper() -> UsageError:
    """What to say where nobody may be mailed for want of a keeper."""
    return UsageError("no keeper is configured, so nobody may be mailed", 'keeper = "NAME" below [mail] in config.toml')


def one_person(word: str, persons: Iterable[Person], out: Console) -> Person:
    """The one person with this name, other name or address. Raises UsageError, with the nearest name on a terminal."""
    everybody = tuple(persons)
    found = {person.identity: person for person in everybody if name_key(word) in keys_of(person)}
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        raise UsageError("several persons have this name", "name one by address")
    raise UsageError("no person with this name or address is known here", _instead(word, everybody, out))


def _instead(word: str, persons: Iterable[Person], out: Console) -> str:
    if out.counts_only:
        return "on a terminal the nearest name is shown"
    near = nearest(word, sorted({person.name for person in persons}))
    return f'did you mean "{near}"?' if near else "see people in config.toml"
