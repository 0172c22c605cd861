"""Text from cells as a mail shows it."""

import time

import pytest

from sheets_sync.notify.plain_text import cell_text, host_of

HOST = "docs.example.com"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("see https://evil.test/a?x=1 now", "see evil[.]test/a?x=1 now"),
        ("http:\\\\evil.test", "evil[.]test"),
        ("https://docs.example.com/d/1 is ours", "https://docs.example.com/d/1 is ours"),
        ("https://docs.example.com@evil.test/x", "docs[.]example[.]com@evil[.]test/x"),
        ("https://docs.example.com.evil.test/x", "docs[.]example[.]com[.]evil[.]test/x"),
        ("http://docs.example.com/x", "docs[.]example[.]com/x"),
        ("www.evil.zz and evil.com", "www[.]evil[.]zz and evil[.]com"),
        ("HTTPS://EVIL。test/", "EVIL[.]test/"),
        ("write to joe@supplier.com", "write to joe@supplier.com"),
        ("report.pdf, version 3.11.2, e.g. this", "report.pdf, version 3.11.2, e.g. this"),
        ("=1+1", "'=1+1"),
        ("-5 °C", "'-5 °C"),
        ("@SUM(A1)", "'@SUM(A1)"),
        (" \t=1", "'=1"),
        ("\u200b=1", "'=1"),
        ("a\u202eb\u2066c\u200bd\x00e\nf\r\ng\u2028h", "abcde f g h"),
        ("a\u00a0b", "a b"),
        ("", ""),
    ],
)
def test_a_cell_is_made_harmless(cell, shown):
    """One line, nothing invisible, no foreign address, no formula."""
    assert cell_text(cell, host=HOST) == shown


@pytest.mark.parametrize(("cell", "longest"), [("word " * 100, 140), ("x" * 500, 140), ("a.b/" * 200, 80)])
def test_a_long_cell_is_cut(cell, longest):
    """At a word's end where there is one."""
    shown = cell_text(cell, longest)
    assert len(shown) <= longest
    assert shown.endswith("…")
    assert " …" not in shown


@pytest.mark.parametrize(
    "cell", ["a." * 500_000, "x" * 1_000_000, "-" * 1_000_000, "a-" * 500_000 + ".", "://" * 300_000]
)
def test_no_text_holds_up_a_mail(cell):
    """However long a cell is, cleaning it takes no noticeable time (a limit only runaway work can miss)."""
    begun = time.perf_counter()
    cell_text(cell)
    assert time.perf_counter() - begun < 2


@pytest.mark.parametrize(
    ("link", "host"),
    [("https://Docs.Example.com/d", "docs.example.com"), ("http://a.test", ""), ("", ""), ("https://[", "")],
)
def test_only_https_addresses_have_a_host(link, host):
    """The host of the plan's link, in lower case."""
    assert host_of(link) == host
