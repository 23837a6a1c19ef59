"""The `monitor` command as a person runs it, in this process: what it prints, and its status."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from monitor.cli import main


class Ran(NamedTuple):
    """Status, standard output, standard error."""

    status: int
    out: str
    err: str


class Terminal:
    """Runs commands with the settings given."""

    def __init__(self, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str], **settings: str) -> None:
        self._patch, self._capture = patch, capture
        patch.delenv("MONITOR_DEBUG", raising=False)
        for name, value in settings.items():
            self.set(name, value)

    def set(self, name: str, value: str) -> None:
        """Change a setting: ``set("database_url", "…")``."""
        self._patch.setenv(f"MONITOR_{name.upper()}", value)

    def __call__(self, *words: object) -> Ran:
        self._patch.setattr("sys.argv", ["monitor", *map(str, words)])
        self._capture.readouterr()
        status = 0
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
        return Ran(status, *self._capture.readouterr())
