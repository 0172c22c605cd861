"""Each test has an Excel of its own."""

from collections.abc import Iterator

import pytest
from xlwings_engine.engine import ENGINE


@pytest.fixture(autouse=True)
def _no_excel_left() -> Iterator[None]:
    """Leave no Excel running."""
    yield
    ENGINE.apps.cleanup()
