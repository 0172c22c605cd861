"""Values written as TOML are read back alike, whatever they hold."""

import datetime as dt
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sheets_sync.config.toml_text import toml_comment, toml_line, toml_value

texts = st.text(st.characters(exclude_categories=["Cs"]))
plain = (
    texts | st.booleans() | st.integers(-(2**62), 2**62) | st.dates() | st.floats(allow_nan=False, allow_infinity=False)
)
values = plain | st.lists(plain, max_size=4).map(tuple) | st.dictionaries(texts, plain, max_size=4)


@given(key=texts, value=values)
def test_what_is_written_is_read_back(key: str, value: object) -> None:
    """Any key and value survive."""
    expected = list(value) if isinstance(value, tuple) else value
    assert tomllib.loads(toml_line(key, value)) == {key: expected}


@given(texts)
def test_a_comment_stays_a_comment(text: str) -> None:
    """No text can end a comment early and become a key."""
    assert tomllib.loads(toml_comment(text)) == {}


def test_what_toml_lacks_is_a_mistake_of_the_program() -> None:
    """None and times of day have no place in the configuration."""
    for value in (None, b"x", dt.time(1)):
        with pytest.raises(TypeError):
            toml_value(value)
