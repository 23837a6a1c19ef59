"""A demo county that runs as a visitor runs it, and practitioners who sign in to it with a browser."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyotp
from playwright.sync_api import Browser, BrowserContext, Locator, Page

from tests.web.browsing import axe_violations

MONITOR = str(Path(sys.executable).with_name("monitor"))
PEOPLE = 40


@dataclass
class Town:
    """Where the site answers, who may sign in, and the sheet that waits to be tried."""

    base: str
    folder: Path
    accounts: dict[str, dict[str, str]]
    browser: Browser
    javascript: bool
    contexts: dict[str, BrowserContext] = field(default_factory=dict)

    @property
    def sheet(self) -> Path:
        [sheet] = (self.folder / "sheets").iterdir()
        return sheet

    def page_of(self, email: str, path: str) -> Page:
        """A page at ``path``, signed in as the account; one session each, because a code works once."""
        if email not in self.contexts:
            self.contexts[email] = self.browser.new_context(java_script_enabled=self.javascript)
            self._sign_in(self.contexts[email].new_page(), self.accounts[email])
        page = self.contexts[email].new_page()
        answer = page.goto(self.base + path)
        assert answer is not None and answer.ok, f"{path} answered {answer and answer.status}"
        return page

    def _sign_in(self, page: Page, account: dict[str, str]) -> None:
        page.goto(f"{self.base}/")
        page.get_by_label("E-mail").fill(account["email"])
        page.get_by_label("Password").fill(account["password"])
        page.keyboard.press("Enter")
        page.get_by_label("Six digits").fill(pyotp.TOTP(account["totp_secret"]).at(datetime.now(UTC)))
        page.keyboard.press("Enter")
        page.get_by_role("button", name="Sign out").wait_for()
        page.close()

    def check(self, page: Page) -> None:
        """No violation that axe can see; its script needs a browser that runs scripts."""
        if self.javascript:
            assert axe_violations(page) == [], page.url

    def wait_until(self, page: Page, found: Callable[[], Locator]) -> Locator:
        """Load the page again until it is there: the scheduler needs a moment."""
        for _ in range(90):
            if found().count():
                return found().first
            time.sleep(1)
            page.reload()
        raise AssertionError(f"after 90 seconds it is still not on {page.url}:\n{page.inner_text('main')[-3000:]}")


@contextlib.contextmanager
def open_town(place: Path, browser: Browser, *, javascript: bool) -> Iterator[Town]:
    """Run `monitor demo` in ``place`` until the journey ends."""
    port = _free_port()
    words = [MONITOR, "demo", "--people", str(PEOPLE), "--port", str(port), "--accounts", "accounts.json"]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
    with (place / "log").open("wb") as log:
        running = subprocess.Popen(words, cwd=place, env=quiet, stdout=log, stderr=subprocess.STDOUT)
    try:
        base = f"http://127.0.0.1:{port}"
        _wait_for(base, running, place / "log")
        accounts = {one["email"]: one for one in json.loads((place / "accounts.json").read_text())}
        [folder] = (place / "monitor-demo").iterdir()
        town = Town(base, folder, accounts, browser, javascript)
        yield town
        for context in town.contexts.values():
            context.close()
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(120)


def squeezed(text: str) -> str:
    """Text without its white space and soft hyphens: lines break elsewhere on paper than on screen."""
    return re.sub(r"[\s\u00ad]+", "", text)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(base: str, running: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1800):
        assert running.poll() is None, log.read_text()[-3000:]
        with contextlib.suppress(OSError):
            urllib.request.urlopen(f"{base}/health/ready", timeout=2)
            return
        time.sleep(0.1)
    raise TimeoutError(log.read_text()[-3000:])
