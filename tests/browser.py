"""Debian's Chromium, or the browser of the same kind that TEST_CHROMIUM names."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
)  # fmt: skip


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Open the browser for a while: as long as it runs, nothing else in this process can use asyncio."""
    program = os.environ.get("TEST_CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.fail("chromium is not installed: run .ci/servers as root, or let TEST_CHROMIUM name another browser", pytrace=False)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()
