"""A store of one's own for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sheets_sync.store.store import Store


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder for a store, not made yet."""
    return tmp_path / "state"


@pytest.fixture
def store(place: Path) -> Iterator[Store]:
    """A new store."""
    opened = Store.open(place)
    yield opened
    opened.close()
