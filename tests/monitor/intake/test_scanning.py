"""The site's malware scanner has the first look at a sheet; without a word from it nothing is opened (bar E-10)."""

from __future__ import annotations

import ast
import os
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import psutil
import pytest
from sqlalchemy import func, select

from jobs.runner import run_pending
from monitor.config import Settings, SettingsError, load_settings
from monitor.db import Database
from monitor.intake.scanning import FOUND, UNSCANNED, Scanner, scanner_of
from monitor.intake.uploads import open_sheet_file
from monitor.models import Attendance, JobRun
from tests.house.test_hardening import calls
from tests.house.the_house import ROOT, modules
from tests.monitor.intake.sample_record import NOW, write_county
from tests.monitor.intake.test_drops import drop, files
from tests.patience import until
from tests.web.accounts import SECRET

ONLY_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CLEAN = (ROOT / "tests/monitor/intake/samples/02_wide_weekly_dates.csv").read_bytes()
BAD = CLEAN + b"EICAR\n"
# a scanner as sites have them: it reads all of the file and exits 1 if it knows it; HIDDEN is what we must not hand on
LOOKS = """#!{python}
import os, pathlib, sys, time
if any(name.startswith("MONITOR_") for name in os.environ) or pathlib.Path.cwd() != pathlib.Path("/"):
    sys.exit(2)
what = pathlib.Path(sys.argv[1]).read_bytes() if len(sys.argv) > 1 else sys.stdin.buffer.read()
sys.exit(1 if b"EICAR" in what else 0)
"""


def program(folder: Path, text: str, name: str = "scan") -> str:
    path = folder / name
    path.write_text(text.replace("{python}", sys.executable))
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def scanner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("MONITOR_SECRET_KEY", SECRET)
    return program(tmp_path, LOOKS)


def code_of(command: str, content: bytes, seconds: float = 30) -> str:
    scanner = scanner_of(Settings(scan_command=command, scan_seconds=seconds))
    return open_sheet_file(content, "week.csv", date(2026, 11, 22), scanner=scanner).reading.refused


@pytest.mark.parametrize("words", ["", " {file}"], ids=["standard input", "a path"])
def test_what_the_scanner_says_and_what_it_does_not_say(scanner: str, tmp_path: Path, words: str) -> None:
    assert [code_of(scanner + words, content) for content in (CLEAN, BAD)] == ["", FOUND]
    for text in ("#!/bin/sh\nexit 2\n", "#!/bin/sh\nkill -9 $$\n", "no program\n", "#!/nowhere\n"):
        assert code_of(program(tmp_path, text, "other") + words, CLEAN) == UNSCANNED
    assert code_of(str(tmp_path / "not there") + words, CLEAN) == UNSCANNED
    assert code_of("", BAD) == "", "off: as before"


def test_one_that_does_not_end_is_ended_with_all_that_it_started(tmp_path: Path) -> None:
    marker = tmp_path / "pid"
    says = f"echo $! > {marker}.new\nmv {marker}.new {marker}"
    slow = program(tmp_path, f"#!/bin/sh\nsleep 600 &\n{says}\nwait\n", "slow")
    for seconds in (1, 5, 25):  # on a busy machine it is ended before it has said whom it started: once more, and later
        began = time.monotonic()
        assert code_of(slow, CLEAN * 2000, seconds=seconds) == UNSCANNED and time.monotonic() - began < 300
        if marker.exists():
            break
    left = int(marker.read_text())
    until(lambda: not alive(left))


def alive(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_a_copy_for_the_scanner_is_ours_alone_and_gone_afterwards(tmp_path: Path) -> None:
    told = tmp_path / "told"
    text = f"#!/bin/sh\necho \"$1\" $(stat -c %a \"$(dirname \"$1\")\") > {told}\n"
    assert code_of(f"{program(tmp_path, text)} {{file}}", CLEAN) == ""
    path, mode = told.read_text().split()
    assert mode == "700" and not os.path.exists(path) and "week" not in path


def test_no_word_of_a_file_or_its_name_is_read_by_a_shell(tmp_path: Path) -> None:
    line = tmp_path / "$(touch made)"
    line.mkdir()
    assert Scanner((program(line, LOOKS), "{file}"), 30).refusal(b"; touch made\n") == ""
    assert not list(tmp_path.glob("**/made"))


@pytest.mark.parametrize(("name", "value"), [
    ("SCAN_COMMAND", "clamdscan -"), ("SCAN_COMMAND", "/usr/bin/clamdscan '"), ("SCAN_SECONDS", "0"),
    ("SCAN_SECONDS", "nan"),
])  # fmt: skip
def test_a_setting_that_cannot_work_is_refused_by_its_name(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=f"MONITOR_{name}"):
        load_settings({f"MONITOR_{name}": value, "MONITOR_SECRET_KEY": SECRET}, tmp_path / "none.toml")


@ONLY_SQLITE
def test_a_dropped_sheet_waits_for_a_scanner_that_is_silent(database: Database, scanner: str, tmp_path: Path) -> None:
    write_county(database)
    folder = tmp_path / "sftp"
    for name in ("in", "out", "done"):
        (folder / "north-star" / name).mkdir(parents=True)
    drop(folder, CLEAN)
    drop(folder, BAD, name="bad.csv")
    before = recorded(database)
    assert not looked(database, folder, program(tmp_path, "#!/bin/sh\nexit 2\n", "silent"), NOW)
    assert files(folder) == {"in/week.csv", "in/week.csv.ok", "in/bad.csv", "in/bad.csv.ok"}
    assert recorded(database) == before
    assert looked(database, folder, scanner, NOW + timedelta(hours=2))
    assert recorded(database) == before + 10
    assert "refused,1,,,F-MALWARE" in (folder / "north-star/out/bad.csv.ack.csv").read_text()


def test_no_door_opens_a_sheet_without_saying_which_scanner() -> None:
    said = [[word for word in call.keywords if word.arg == "scanner"] for path in modules("monitor", "web", "jobs")
            for call in calls(path) if ast.unparse(call.func).endswith("open_sheet_file")]  # fmt: skip
    assert len(said) == 5 and all(words and not isinstance(words[0].value, ast.Constant) for words in said)
    asked = [path for path in modules("web", "jobs", "monitor") if any(
        ast.unparse(call.func) == "scanner_of" for call in calls(path))]  # fmt: skip
    assert {str(path) for path in asked} == {
        "web/practice.py", "web/uploads.py", "web/api/batches.py", "jobs/intake_folder.py",
        "monitor/commands/importing.py",
    }  # fmt: skip


def recorded(database: Database) -> int:
    with database.system("test: count", writes=False) as session:
        return session.scalar(select(func.count(Attendance.id))) or 0


def looked(database: Database, folder: Path, command: str, now: datetime) -> bool:
    """Run the job of the folder; whether it went well."""
    run_pending(database, Settings(secret_key=SECRET, intake_folder=str(folder), scan_command=command), now)
    with database.system("test: its runs", writes=False) as session:
        newest = select(JobRun.totals).where(JobRun.job == "intake_folder").order_by(JobRun.id.desc())
        return any('"sheets":2' in (totals or "") for totals in session.scalars(newest))
