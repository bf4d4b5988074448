"""The browser of the tests: whichever Chromium is installed, headless."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, expect, sync_playwright

# As long as the driver waits for a click; of its own accord it would expect for 5 s only.
EXPECT_MILLISECONDS = 30_000
NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium_browser() -> Iterator[Browser]:
    """Do Django's work before: the driver keeps an event loop in this thread."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    assert found, "Chromium is needed: install it (Debian: apt-get install chromium)."
    expect.set_options(timeout=EXPECT_MILLISECONDS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()
