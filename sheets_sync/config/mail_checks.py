"""Mistakes between [people], [mail] and the plans: names nobody has, names and addresses two persons share, addresses
outside the allowed domains, leaders in a circle, what sending needs and is not there.

Looks at the file as parsed, before its shape is known to be right, so that all mistakes are told at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sheets_sync.config.positions import KeyPath
from sheets_sync.core.addresses import address_problem, is_allowed
from sheets_sync.core.persons import in_leader_loop, name_key

MailMistake = tuple[KeyPath, str]
"""A key, and what is wrong with it."""

_Raw = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _File:
    """The tables this module looks at; empty where they are missing or no tables. `names` leads from every name and
    alias, as compared, to the name of its table."""

    people: Mapping[str, _Raw]
    mail: _Raw
    plans: tuple[_Raw, ...]
    names: Mapping[str, str]


def mail_mistakes(raw: _Raw) -> Iterator[MailMistake]:
    """Every mistake of a parsed config file that two keys make together."""
    people = {name: table for name, table in _table(raw, "people").items() if isinstance(table, Mapping)}
    plans = raw.get("plan")
    tables = tuple(_as_table(plan) for plan in plans) if isinstance(plans, list) else ()
    file = _File(people, _table(raw, "mail"), tables, _names(people))
    yield from _shared_names(file)
    yield from _addresses(file)
    yield from _leaders(file)
    yield from _sending(file)
    for path, name in _named(file):
        yield from _unknown(path, name, file)


def _names(people: Mapping[str, _Raw]) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for name in people:
        names.setdefault(name_key(name), name)
    for name, table in people.items():
        for alias in _texts(table, "aliases"):
            names.setdefault(name_key(alias), name)
    return names


def _shared_names(file: _File) -> Iterator[MailMistake]:
    addresses = {name_key(address): name for name, table in file.people.items() for address in _text(table, "address")}
    for name, table in file.people.items():
        other = file.names[name_key(name)]
        if other != name:
            yield ("people", name), f'"{other}" is the same name: only capitals, accents or marks differ'
        for place, alias in enumerate(_texts(table, "aliases")):
            key = name_key(alias)
            others = {file.names[key], addresses.get(key, name)} - {name}
            if others:
                yield ("people", name, "aliases", place), f'"{min(others)}" already has this name, alias or address'


def _addresses(file: _File) -> Iterator[MailMistake]:
    domains = _texts(file.mail, "allowed_domains")
    if not domains and (file.people or file.mail.get("redirect_all_to")):
        yield ("mail", "allowed_domains"), 'is required to mail anybody; for example allowed_domains = ["example.com"]'
    owners: dict[str, str] = {}
    for name, table in file.people.items():
        for address in _text(table, "address"):
            other = owners.setdefault(address.lower(), name)
            if other != name:
                yield ("people", name, "address"), f'"{other}" already has this address'
            yield from _outside(("people", name, "address"), address, domains)
    for address in _text(file.mail, "redirect_all_to"):
        yield from _outside(("mail", "redirect_all_to"), address, domains)


def _outside(path: KeyPath, address: str, domains: tuple[str, ...]) -> Iterator[MailMistake]:
    if domains and not address_problem(address) and not is_allowed(address, domains):
        yield path, "is outside the allowed_domains of [mail]"


def _leaders(file: _File) -> Iterator[MailMistake]:
    leaders = {
        name: file.names.get(name_key(leader), "")
        for name, table in file.people.items()
        for leader in _text(table, "leader")
    }
    looped = in_leader_loop(leaders)
    for name in file.people:
        if name in looped:
            yield ("people", name, "leader"), "leads back to the same person: somebody at the top has no leader"


def _sending(file: _File) -> Iterator[MailMistake]:
    """What transport = "smtp" needs."""
    if file.mail.get("transport") != "smtp":
        return
    if "smtp" not in file.mail:
        yield ("mail", "transport"), "smtp needs a table [mail.smtp] with the host"
    if "sender" not in file.mail:
        yield ("mail", "transport"), 'smtp needs a sender; for example sender = "plan-robot@example.com"'
    if "keeper" not in file.mail and any("keeper" not in plan for plan in file.plans):
        yield ("mail", "transport"), 'smtp needs a keeper: keeper = "a name in [people]"'


def _named(file: _File) -> Iterator[tuple[KeyPath, str]]:
    """Every key that names a person, with what it says."""
    yield from ((("mail", "keeper"), keeper) for keeper in _text(file.mail, "keeper"))
    for name, table in file.people.items():
        yield from ((("people", name, "leader"), leader) for leader in _text(table, "leader"))
    for number, plan in enumerate(file.plans):
        yield from ((("plan", number, "keeper"), keeper) for keeper in _text(plan, "keeper"))
        for place, leader in enumerate(_texts(plan, "leaders")):
            yield ("plan", number, "leaders", place), leader


def _unknown(path: KeyPath, name: str, file: _File) -> Iterator[MailMistake]:
    if not name.strip() or name_key(name) in file.names:
        return
    if not file.people:
        yield path, 'nobody is listed yet: add a table [people."THE NAME"] with an address'
        return
    from sheets_sync.config.suggest import instead

    hint = instead(name, file.people)
    yield path, "nobody in [people] has this name" + (f"; {hint}" if hint else "")


def _table(raw: _Raw, key: str) -> _Raw:
    return _as_table(raw.get(key))


def _as_table(value: object) -> _Raw:
    return value if isinstance(value, Mapping) else {}


def _text(table: _Raw, key: str) -> tuple[str, ...]:
    """The text of a key, as a list of one; empty where there is none."""
    found = table.get(key)
    return (found,) if isinstance(found, str) else ()


def _texts(table: _Raw, key: str) -> tuple[str, ...]:
    """The texts of a list, in their places: what is no text is left out, and with it the whole list."""
    found = table.get(key)
    return tuple(found) if isinstance(found, list) and all(isinstance(text, str) for text in found) else ()
