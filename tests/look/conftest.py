"""One browser for all looks at mails."""

import os

import pytest
from look.look_browser import Browser, find_chromium


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """Chromium, or a skip where there is none (a failure in CI)."""
    if find_chromium() is None:
        if os.environ.get("CI"):
            pytest.fail("Chromium is missing, and in CI these tests must run")
        pytest.skip("needs Chromium")
    page = Browser(tmp_path_factory.mktemp("browser"))
    yield page
    page.close()
