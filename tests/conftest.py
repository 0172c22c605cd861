"""Shared fixtures. Needs nothing but the project; tests that need more are marked and say so."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("repeatable", derandomize=True, deadline=None)
settings.register_profile("search", max_examples=1000, deadline=None)
settings.load_profile("search" if os.environ.get("SHEETS_SYNC_SEARCH") else "repeatable")
"""Every run tries the same examples: a red test is about the change. SHEETS_SYNC_SEARCH=1 looks for new ones."""


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of public plans, foreign workbooks and schemas that is not part of the project."""
    place = Path(os.environ.get("SHEETS_SYNC_SHARED", Path(__file__).parents[2] / "shared"))
    if not (place / "DESIGN.md").exists():
        if os.environ.get("CI"):
            pytest.fail("the shared data folder is missing, and in CI these tests must run")
        pytest.skip("needs the shared data folder")
    return place
