"""What Prometheus' node exporter gets to read."""

import os
import stat

import pytest
from prometheus_client.parser import text_string_to_metric_families

from sheets_sync.schedule import textfile
from sheets_sync.schedule.textfile import Metric, metrics_text, write_textfile

METRICS = (
    Metric("last_checked_timestamp_seconds", "When it was checked.", [("p-000001", 1795334400.25), ("p-2", 0.0)]),
    Metric("mails_waiting", 'A "quoted" \\ word\nand a line.', [("", 3.0)]),
    Metric("failures", "Nobody has any.", []),
)


def test_the_text_is_read_by_prometheus_own_reader():
    """Each family once, with its help, type, labels and values; one without values is left out."""
    text = metrics_text(METRICS)
    found = {family.name: family for family in text_string_to_metric_families(text)}
    assert found.keys() == {"sheets_sync_last_checked_timestamp_seconds", "sheets_sync_mails_waiting"}
    checked = found["sheets_sync_last_checked_timestamp_seconds"]
    assert [(one.labels, one.value) for one in checked.samples] == [
        ({"plan": "p-000001"}, 1795334400.25),
        ({"plan": "p-2"}, 0.0),
    ]
    assert checked.type == "gauge"
    assert found["sheets_sync_mails_waiting"].documentation == METRICS[1].meaning
    assert text.endswith("\n")


def test_the_text_reads_like_this():
    """Large numbers without exponents, a value without a plan without labels."""
    assert metrics_text(METRICS[:1]).splitlines() == [
        "# HELP sheets_sync_last_checked_timestamp_seconds When it was checked.",
        "# TYPE sheets_sync_last_checked_timestamp_seconds gauge",
        'sheets_sync_last_checked_timestamp_seconds{plan="p-000001"} 1795334400.25',
        'sheets_sync_last_checked_timestamp_seconds{plan="p-2"} 0',
    ]
    assert (
        metrics_text([Metric("mails_waiting", "Mails.", [("", 3.0)])]).splitlines()[-1] == "sheets_sync_mails_waiting 3"
    )


def test_the_file_is_exchanged_whole_and_others_may_read_it(tmp_path):
    """Whatever this user keeps from others otherwise; nothing else is left beside it."""
    place = tmp_path / "sheets_sync.prom"
    before = os.umask(0o077)
    try:
        write_textfile(place, "a 1\n")
        number = place.stat().st_ino
        write_textfile(place, "a 2\n")
    finally:
        os.umask(before)
    assert place.read_text() == "a 2\n"
    assert place.stat().st_ino != number
    assert stat.S_IMODE(place.stat().st_mode) == 0o644
    assert list(tmp_path.iterdir()) == [place]


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    """A full disk: the old text stands, and nothing lies beside it."""
    place = tmp_path / "sheets_sync.prom"
    write_textfile(place, "a 1\n")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(textfile.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_textfile(place, "a 2\n")
    assert place.read_text() == "a 1\n"
    assert list(tmp_path.iterdir()) == [place]
