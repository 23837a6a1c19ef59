"""A site on a real port, and a headless Chromium in front of it."""

from __future__ import annotations

import asyncio
import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server
from playwright.sync_api import Browser, Page, expect, sync_playwright

from monitor.config import Settings
from monitor.db import Database
from tests.patience import MOST, until
from tests.web.accounts import CONFIRMED, SECRET
from web.app import create_app

AXE = (Path(__file__).parents[1] / "vendor/axe-core-4.14.1/axe.min.js").read_text(encoding="utf-8")
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
expect.set_options(timeout=1000 * MOST)  # its own five seconds are too few on a busy machine
CHROMIUM = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


@contextmanager
def served(database: Database, **settings: Any) -> Iterator[str]:
    """Serve the site on a free loopback port of this process; yields its address."""
    port = _free_port()
    base = f"http://127.0.0.1:{port}"
    usual = {"secret_key": SECRET, "base_url": base, "demo": True, "waive_passkeys": True, "log_level": "critical",
             "local_law_file": str(CONFIRMED)}  # fmt: skip
    made = Settings(**(usual | settings))
    server = Server(create_app(made, database), address="127.0.0.1", port=port, interface=Interfaces.ASGI)
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_until_complete, args=(server.serve(),), daemon=True)
    thread.start()
    try:
        _wait_for(base)
        yield base
    finally:
        loop.call_soon_threadsafe(server.stop)
        thread.join(timeout=60)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The machine's own Chromium if there is one, else the one that Playwright installed."""
    path = next((path for path in CHROMIUM if Path(path).exists()), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def cells_off_a_phone(page: Page) -> list[str]:
    """Of the page's tables the cells that somebody with a phone would have to push sideways for, by their text."""
    return list(page.evaluate(
        "[...document.querySelectorAll('main td, main tbody th')].filter(cell => cell.textContent.trim()"
        " && cell.offsetParent && cell.getBoundingClientRect().right > window.innerWidth)"
        ".map(cell => cell.textContent.trim().slice(0, 60))"
    ))  # fmt: skip


def axe_violations(page: Page) -> list[str]:
    """What axe finds on the page, one line each. Works with a strict policy: the script comes from the test."""
    page.evaluate(AXE)
    options = {"runOnly": {"type": "tag", "values": STANDARDS}, "resultTypes": ["violations"]}
    found = page.evaluate("options => axe.run(document, options)", options)["violations"]
    return [f"{each['id']}: {each['help']} {[node['target'] for node in each['nodes']]}" for each in found]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(base: str) -> None:
    def answers() -> bool:
        with suppress(OSError):
            urllib.request.urlopen(f"{base}/health/live", timeout=10)
            return True
        return False

    until(answers)
