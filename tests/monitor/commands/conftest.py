"""A terminal whose settings point at the test's database."""

from __future__ import annotations

import pytest

from tests.monitor.commands.running import Terminal
from tests.web.accounts import SECRET


@pytest.fixture
def terminal(database_url, monkeypatch, capsys, tmp_path) -> Terminal:
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys, database_url=database_url, secret_key=SECRET)
