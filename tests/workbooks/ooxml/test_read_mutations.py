"""Damaged workbooks: whatever is done to the bytes, reading gives a snapshot or a refusal, and both ways agree."""

import os
from pathlib import Path

import pytest
from mutations import mutated
from reading_samples import plan_parts, snapshot_of, strings, styles, workbook_part, worksheet, zipped

from sheets_sync.core.snapshot import Snapshot
from sheets_sync.errors import WorkbookRefused

ROUNDS = int(os.environ.get("SHEETS_SYNC_FUZZ", "300"))
LARGEST = 40_000
"""Bytes; larger files of the corpus would only make it slow."""


def read(workbook: bytes, *, canonical: bool) -> Snapshot | None:
    """The snapshot, None for a typed refusal that names the workbook and a way out; anything else is a failure."""
    try:
        return snapshot_of(workbook, canonical=canonical)
    except WorkbookRefused as refusal:
        if type(refusal) is WorkbookRefused and refusal.message.startswith("plan.xlsx: ") and refusal.remedy:
            return None
        raise


def sample() -> bytes:
    """A workbook with every kind of cell."""
    rows = (
        '<row r="1" spans="1:5"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row>'
        '<row r="2" hidden="1"><c r="A2" s="1"><v>46082</v></c><c r="B2" t="b"><v>1</v></c>'
        '<c r="C2"><f t="shared" ref="C2:C3" si="0">A2+1</f><v>2</v></c><c r="D2" t="e"><v>#N/A</v></c></row>'
        '<row r="3"><c r="A3" t="inlineStr"><is><t>x &amp; y</t></is></c><c r="B3" t="d"><v>2026-03-01</v></c>'
        '<c r="C3"><f t="shared" si="0"/><v>3</v></c><c r="D3" t="str"><f>A3&amp;"x"</f><v>x</v></c></row>'
        '<row r="4" ht="20"/><row r="5"><c r="E5"><f t="array" ref="E5:E9">A1:A5</f><v>1</v></c></row>'
    )
    tail = '<autoFilter ref="A1:E9"/><mergeCells><mergeCell ref="A7:B8"/></mergeCells>'
    names = '<definedName name="_sheets_sync.7.id">Plan!$A:$A</definedName>'
    return zipped(
        plan_parts(
            worksheet(rows, tail=tail),
            strings=strings("<t>Action</t>", "<r><t>Ow</t></r><r><t>ner_x000D_</t></r>"),
            styles=styles('numFmtId="0"', 'numFmtId="170"', codes={170: "yyyy-mm-dd"}),
            workbook=workbook_part(names=names),
        )
    )


def check(workbook: bytes, seed: str) -> None:
    damaged = mutated(workbook, seed)
    assert read(damaged, canonical=True) == read(damaged, canonical=False), seed


def test_damage_to_a_small_workbook_never_escapes() -> None:
    """Hundreds of seeded changes to a hand-made workbook: a snapshot or a refusal, the same both ways."""
    workbook = sample()
    for seed in range(ROUNDS):
        check(workbook, f"sample {seed}")


@pytest.mark.shared
def test_damage_to_foreign_workbooks_never_escapes(shared: Path) -> None:
    """Hundreds of seeded changes to workbooks of many programs: a snapshot or a refusal, the same both ways."""
    files = [file for file in sorted((shared / "excel-corpus").glob("*.xls*")) if file.stat().st_size < LARGEST]
    for seed in range(ROUNDS):
        check(files[seed % len(files)].read_bytes(), f"{files[seed % len(files)].name} {seed}")


def test_damage_is_not_always_fatal() -> None:
    """The changes are gentle enough that many damaged workbooks still read, so that both outcomes are tried."""
    outcomes = [read(mutated(sample(), f"sample {seed}"), canonical=True) is None for seed in range(60)]
    assert 10 < sum(outcomes) < 50
