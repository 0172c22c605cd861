"""Changes, receipts and what is to be remembered come back from bytes as they were, or not at all."""

import dataclasses
import json
import zlib

import pytest
from hypothesis import given
from store_samples import COLUMN, changes, edit, known, remembered
from store_strategies import receipts, some_changes, some_remembered

from sheets_sync.core.decision import Changes, Receipt
from sheets_sync.core.history import History, Remembered
from sheets_sync.errors import StoreError
from sheets_sync.store import codec


@given(some_changes)
def test_changes_come_back(some: Changes) -> None:
    """Any changes are equal to what they were, text for text, whatever a cell may hold."""
    back = codec.decode_changes(codec.encode_changes(some))
    assert back == some
    assert [type(one) for one in back.structures] == [type(one) for one in some.structures]
    assert [type(one.after) for one in back.structures] == [type(one.after) for one in some.structures]


@given(receipts)
def test_receipts_come_back(some: Receipt) -> None:
    """Any receipt is equal to what it was; a refused edit stays an edit, a refused structure a structure."""
    back = codec.decode_receipt(codec.encode_receipt(some))
    assert back == some
    assert [type(one.what) for one in back.refused] == [type(one.what) for one in some.refused]


@given(some_remembered, some_remembered)
def test_remembered_comes_back_beside_any_history(some: Remembered, before: Remembered) -> None:
    """Written as differences from a history, it is equal to what it was, given the same history."""
    history = History(silent_witnesses=before.silent_witnesses, baseline=before.baseline)
    back = codec.decode_remembered(codec.encode_remembered(some, history), history)
    assert back == some
    assert [type(field) for one in back.changed for field in one] == [
        type(field) for one in some.changed for field in one
    ]


def test_large_sets_are_written_as_differences() -> None:
    """A baseline of 20,000 findings that loses one makes the bytes no larger."""
    baseline = frozenset((f"A-{n:05}", "ACT001") for n in range(20_000))
    history = History(baseline=baseline, silent_witnesses=frozenset(f"{n:032x}" for n in range(20_000)))
    some = remembered(baseline=baseline - {("A-00007", "ACT001")}, silent_witnesses=history.silent_witnesses)
    data = codec.encode_remembered(some, history)
    assert len(data) < 200
    assert codec.decode_remembered(data, history) == some


def _other_format(data: bytes) -> bytes:
    return zlib.compress(json.dumps([99, *json.loads(zlib.decompress(data))[1:]]).encode())


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(_other_format, id="another format"),
        pytest.param(lambda data: data[: len(data) // 2], id="cut"),
        pytest.param(lambda data: b"", id="nothing"),
        pytest.param(lambda data: zlib.compress(b"[1]"), id="not ours"),
        pytest.param(lambda data: zlib.compress(b'[1,"changes",[[["A"]],[],[],null,false,false]]'), id="half an edit"),
        pytest.param(lambda data: codec.encode_receipt(Receipt((), (), (), "f")), id="another kind"),
    ],
)
def test_other_bytes_are_refused(spoil: object) -> None:
    """Damaged bytes, another kind and a format this program does not know are errors, told without content."""
    data = codec.encode_changes(changes(edit("SENTINEL")))
    assert callable(spoil)
    with pytest.raises(StoreError) as refused:
        codec.decode_changes(spoil(data))
    assert "SENTINEL" not in str(refused.value)


def test_the_format_is_what_it_was() -> None:
    """The bytes of format 1, pinned: whoever changes them must give the format a new number."""
    some = dataclasses.replace(changes(edit("A-0001", after="DONE"), structures=(COLUMN,)), remove_stamp=True)
    assert zlib.decompress(codec.encode_changes(some)).decode() == (
        '[1,"changes",[[["A-0001","tab 1",5,"flag","blank","","text","DONE",""]],'
        '[["column","tab 1",null,["flag",7,3,"Flag",90]]],'
        '[["tab 1",1,[[2,"action"],[3,"owner"]]]],null,true,false]]'
    )
    assert zlib.decompress(codec.encode_remembered(remembered(known("A-0001")), History())).decode() == (
        '[1,"remembered",[[["A-0001","witness A-0001","2026-11-16T12:00:00+00:00","Mend A-0001","Ana Lima",'
        '"2026-12-06","planned",false,false,null,"2026-11-16",null,null,""]],[[],[]],[[],[]],[],[],"2026-11-16"]]'
    )
