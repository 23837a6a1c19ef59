"""The command itself: quick help, faults in one sentence, the same from every way in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.monitor.commands.running import Terminal

SCRIPT = Path(sys.executable).with_name("monitor")


@pytest.fixture
def bare(monkeypatch, capsys, tmp_path) -> Terminal:
    """A terminal with no database of its own."""
    monkeypatch.chdir(tmp_path)
    return Terminal(monkeypatch, capsys)


@pytest.mark.parametrize("way", [[str(SCRIPT)], [sys.executable, "-m", "monitor"]], ids=["script", "module"])
def test_help_lists_the_commands_of_the_contract(way):
    said = subprocess.run([*way, "--help"], capture_output=True, text=True, check=True).stdout
    for command in ("audit", "bench", "db", "demo", "docket", "evaluate", "import", "rules", "serve", "users", "work"):
        assert f"  {command} " in said


def test_help_reads_nothing_heavy_so_that_it_is_quick():
    """Importing SQLAlchemy, Polars or Litestar takes longer than a person waits for help."""
    code = (
        "import sys; import monitor.cli; sys.argv = ['monitor', '--help']\n"
        "try: monitor.cli.main()\nexcept SystemExit: pass\n"
        "print(sorted({'sqlalchemy', 'polars', 'litestar', 'msgspec', 'cryptography'} & set(sys.modules)))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.endswith("[]\n")


@pytest.mark.parametrize(
    ("settings", "words", "says"),
    [
        ({"database_url": "nonsense"}, ["db", "check"], "MONITOR_DATABASE_URL"),
        ({"database_url": "sqlite:///no/such/folder/m.db"}, ["db", "check"], "database cannot be used"),
        ({"database_url": "sqlite:///empty.db"}, ["evaluate"], "monitor db upgrade"),
        ({"port": "99999"}, ["db", "check"], "MONITOR_PORT"),
        ({"workers": "many"}, ["db", "check"], "workers"),
        ({}, ["nonsense"], "nonsense"),
        ({}, ["bench", "nonsense"], "there are"),
        ({}, ["rules", "show", "NO_SUCH_RULE"], "monitor rules list"),
    ],
)
def test_a_fault_is_one_sentence_on_standard_error(bare, settings, words, says):
    for name, value in settings.items():
        bare.set(name, value)
    ran = bare(*words)
    assert ran.status != 0
    assert says in ran.err
    assert "Traceback" not in ran.err + ran.out
    assert ran.out == ""


def test_debug_shows_where_it_went_wrong(bare):
    bare.set("database_url", "nonsense")
    bare.set("debug", "1")
    with pytest.raises(Exception, match="URL"):
        bare("db", "check")


def test_serve_without_a_secret_key_says_which_setting_to_set(tmp_path):
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MONITOR_")}
    ran = subprocess.run(
        [SCRIPT, "serve"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=180, check=False
    )
    assert ran.returncode != 0
    assert "MONITOR_SECRET_KEY" in ran.stderr
    assert "Traceback" not in ran.stderr
