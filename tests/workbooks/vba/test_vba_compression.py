"""Macro text is compressed as MS-OVBA says, and what does not follow it is refused."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from macro_samples import unfolded_by_olevba, xlwings_module

from sheets_sync.errors import WorkbookRefused
from sheets_sync.workbooks.vba.compression import CHUNK, compress, decompress

STANDARD_EXAMPLES = (
    (b"abcdefghijklmnopqrstuv.", "0119b000616263646566676800696a6b6c6d6e6f70007172737475762e"),
    (
        b"#aaabcdefaaaaghijaaaaaklaaamnopqaaaaaaaaaaaarstuvwxyzaaa",
        "012fb000236161616263646582660070616768696a013808616b6c00306d6e6f700671027004107273747576107778797a003c",
    ),
    (b"a" * 73, "0103b002614500"),
)
LAST_CHUNK_PADDED = range(3641, CHUNK)
"""Sizes of a last chunk of noise that the standard can only store with zeros after it."""


@pytest.mark.parametrize(("plain", "container"), STANDARD_EXAMPLES)
def test_the_examples_of_the_standard(plain, container):
    """The three examples of MS-OVBA 3.2 are read, and written as short (equally good references may differ)."""
    assert decompress(bytes.fromhex(container)) == plain
    assert len(compress(plain)) == len(bytes.fromhex(container))


texts = st.one_of(
    st.binary(max_size=3000),
    st.builds(lambda piece, times: piece * times, st.binary(min_size=1, max_size=50), st.integers(1, 400)),
    st.lists(st.sampled_from([b"Dim ", b"As Long\r\n", b"End Sub\r\n", b"  ", b"x"]), max_size=3000).map(b"".join),
)


@given(texts)
def test_what_was_compressed_comes_back(plain):
    """Any text comes back, from our reader and from olevba's."""
    container = compress(plain)
    assert decompress(container) == plain
    if plain:
        assert unfolded_by_olevba(container) == plain


@pytest.mark.parametrize("size", [1, 3640, 3641, 4095, 4096, 4097, 8192, 12_000])
def test_noise_is_stored_raw(size):
    """What cannot be compressed comes back too; the standard puts zeros after a last chunk that does not fit."""
    plain = random.Random(size).randbytes(size)
    container = compress(plain)
    found = decompress(container)
    assert unfolded_by_olevba(container) == found
    assert found[:size] == plain
    padded = size % CHUNK in LAST_CHUNK_PADDED
    assert len(found) == (-(-size // CHUNK) * CHUNK if padded else size)
    assert len(container) <= size * 9 // 8 + 3 + 2 * (size // CHUNK + 1) + CHUNK * padded


def test_a_long_module_is_compressed_quickly():
    """A module of 46 KB takes a fraction of a second, and shrinks to less than half."""
    plain = xlwings_module().source.encode()
    began = time.process_time()
    container = compress(plain)
    assert time.process_time() - began < 1
    assert len(container) < len(plain) / 2


@pytest.mark.parametrize(
    "container",
    [
        pytest.param("", id="nothing"),
        pytest.param("0003b0026145", id="wrong first byte"),
        pytest.param("0103b0026145", id="cut off"),
        pytest.param("0103", id="half a header"),
        pytest.param("01032002614500", id="wrong signature of a chunk"),
        pytest.param("0102b0010000", id="refers to text before the beginning"),
        pytest.param("0102b0026145", id="half a reference"),
        pytest.param("0105b0026100f0ff0f", id="refers to text that is not there"),
        pytest.param("0103300261456100", id="raw chunk of the wrong size"),
        pytest.param("0105b00661ff0fff0f", id="chunk of 8193 bytes"),
    ],
)
def test_damage_is_refused(container):
    """A container that the standard does not allow is refused."""
    with pytest.raises(WorkbookRefused):
        decompress(bytes.fromhex(container))


def test_a_bomb_is_refused():
    """A small container that unfolds to more than the limit is refused before it fills the memory."""
    bomb = b"\x01" + compress(b"\0" * CHUNK)[1:] * 10_000
    with pytest.raises(WorkbookRefused, match="unfolds"):
        decompress(bomb, limit=1_000_000)
    assert len(decompress(bomb, limit=CHUNK * 10_000)) == CHUNK * 10_000
