"""Notices whose content is of another version of the program, or damaged."""

import contextlib
import json
import sqlite3
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from outbox_samples import ANA, RUI, SENT, WEEK, notice, owner, queued, the_state, the_waiting, want
from store_samples import database, instant

from sheets_sync.store.notice_rows import UNREADABLE
from sheets_sync.store.store import Store


def _edited(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    def edit(payload: bytes) -> bytes:
        content = json.loads(zlib.decompress(payload))
        change(content)
        return zlib.compress(json.dumps(content).encode())

    return edit


UNREADABLES = {
    "not compressed": lambda payload: b"SENTINEL",
    "cut off": lambda payload: payload[:-9],
    "not JSON": lambda payload: zlib.compress(b"SENTINEL"),
    "a list": lambda payload: zlib.compress(b"[]"),
    "another format": _edited(lambda content: content.update(format=2)),
    "an unknown kind of section": _edited(lambda content: content.update(section="board")),
    "a field this program lacks": _edited(lambda content: content["content"].update(mood="SENTINEL")),
    "a field that is missing": _edited(lambda content: content["content"].pop("plan")),
    "an unknown word": _edited(lambda content: content["content"]["late"][0].update(status="SENTINEL")),
    "a number for a text": _edited(lambda content: content["person"].update(name=1)),
    "a text for a list": _edited(lambda content: content["content"].update(late="SENTINEL")),
    "a pair of three": _edited(lambda content: content["person"].update(away=[["2026-11-16"] * 3])),
    "no day": _edited(lambda content: content["content"]["plan"].update(day="SENTINEL")),
}


@pytest.mark.parametrize("damage", UNREADABLES.values(), ids=UNREADABLES)
def test_a_notice_that_cannot_be_read(store: Store, place: Path, damage: Callable[[bytes], bytes]) -> None:
    """Content of another version of the program is dropped with a reason; others still come, a new one takes its
    place."""
    want(store, notice(), notice(RUI))
    with contextlib.closing(sqlite3.connect(database(place))) as raw:
        payload = raw.execute("SELECT payload FROM notice WHERE identity = ?", (ANA.identity,)).fetchone()[0]
        raw.execute("UPDATE notice SET payload = ? WHERE identity = ?", (damage(payload), ANA.identity))
        raw.commit()
    assert [one.notice.person for one in store.outbox.waiting(instant(0), route="smtp")] == [RUI]
    ((lost, state, reason),) = store.outbox.all_notices(ANA.identity)
    assert (state, reason) == ("dropped", UNREADABLE)
    assert (lost.notice.person.address, lost.notice.period) == (ANA.identity, WEEK)
    assert not lost.notice.section
    want(store, notice(), notice(RUI))
    assert [one.notice.person for one in store.outbox.waiting(instant(0), route="smtp")] == [ANA, RUI]


def test_a_field_added_since_has_its_default(store: Store, place: Path) -> None:
    """A notice written before a field was added is read as if it had been given its default."""
    want(store, notice())
    drop_later = _edited(lambda content: (content["content"].pop("later"), content["person"].pop("active")))
    with contextlib.closing(sqlite3.connect(database(place))) as raw:
        (payload,) = raw.execute("SELECT payload FROM notice").fetchone()
        raw.execute("UPDATE notice SET payload = ?", (drop_later(payload),))
        raw.commit()
    assert the_waiting(store.outbox).notice == notice()._replace(section=owner()._replace(later=0))


def test_a_mailed_notice_that_cannot_be_read_is_still_mailed(store: Store, place: Path) -> None:
    """It is not told twice because its old content is of another version."""
    want(store, notice())
    number = queued(store.outbox)
    assert store.outbox.claim(number, instant(0)) is not None
    store.outbox.settle(number, SENT, now=instant(0), next_try=None)
    with contextlib.closing(sqlite3.connect(database(place))) as raw:
        raw.execute("UPDATE notice SET payload = x'00'")
        raw.commit()
    assert the_state(store.outbox) == ("mailed", "")
    want(store, notice())
    assert store.outbox.waiting(instant(0), route="smtp") == ()
