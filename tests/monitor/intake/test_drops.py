"""A program drops sheets by SFTP: whole ones only, once each, acknowledged without a name, whatever is killed when."""

from __future__ import annotations

import csv
import hashlib
import os
import subprocess
import sys
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from jobs.runner import run_pending
from monitor.config import Settings
from monitor.db import Database
from monitor.intake.drops import boxes, take_in, waiting
from monitor.models import Attendance, AuditEntry, JobRun, Program, Upload
from tests.monitor.intake.sample_record import NOW, write_county
from tests.web.accounts import SECRET

ROOT = Path(__file__).resolve().parents[3]
SAMPLES = Path(__file__).parent / "samples"
CLEAN = (SAMPLES / "02_wide_weekly_dates.csv").read_bytes()
FIRST = date(2026, 8, 3)
MIXED = (SAMPLES / "17_unknown_codes_and_contradiction.csv").read_bytes()

KILLED = """
import os, sys
from pathlib import Path
from sqlalchemy import event
from monitor.db import Database
from monitor.intake import drops
from tests.monitor.intake.sample_record import NOW
from tests.web.accounts import SECRET

left = int(sys.argv[3])

def stop(*_):
    global left
    left -= 1
    if left == 0:
        os._exit(9)

def stopping(act):
    def acted(*args, **rest):
        stop()
        done = act(*args, **rest)
        stop()
        return done
    return acted

database = Database(sys.argv[1])
for name in ("after_cursor_execute", "commit"):
    event.listen(database.engine, name, stop)
os.replace, os.fsync, drops._remove = stopping(os.replace), stopping(os.fsync), stopping(drops._remove)
for box in drops.boxes(database, Path(sys.argv[2])):
    for drop in drops.waiting(box):
        drops.take_in(database, drop, SECRET, NOW)
"""


@pytest.fixture
def folder(database, tmp_path):
    write_county(database)
    for program in ("north-star", "open-door"):
        for name in ("in", "out", "done"):
            (tmp_path / "sftp" / program / name).mkdir(parents=True)
    return tmp_path / "sftp"


def drop(folder: Path, content: bytes, name: str = "week.csv", ok: str | None = "", program: str = "north-star"):
    (folder / program / "in" / name).write_bytes(content)
    if ok is not None:
        (folder / program / "in" / f"{name}.ok").write_text(ok)


def looked(database: Database, folder: Path) -> int:
    found = [one for box in boxes(database, folder) for one in waiting(box)]
    for one in found:
        take_in(database, one, SECRET, NOW)
    return len(found)


def told(folder: Path, name: str = "week.csv", program: str = "north-star") -> list[dict[str, str]]:
    with (folder / program / "out" / f"{name}.ack.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def files(folder: Path, program: str = "north-star") -> set[str]:
    return {str(path.relative_to(folder / program)) for path in (folder / program).rglob("*") if path.is_file()}


def recorded(database: Database) -> int:
    with database.system("test: count", writes=False) as session:
        return session.scalar(select(func.count(Attendance.id)))


def test_a_whole_sheet_is_saved_acknowledged_and_put_away(database, folder):
    drop(folder, CLEAN)
    assert looked(database, folder) == 1
    counts = {line["result"]: line["count"] for line in told(folder)}
    assert (counts["saved"], counts["same"], recorded(database)) == ("10", "2", 12)
    assert files(folder) == {"done/week.csv", "out/week.csv.ack.csv"}
    assert looked(database, folder) == 0
    with database.system("test: the trail", writes=False) as session:
        row = session.scalars(select(AuditEntry)).one()
        assert (row.event, row.component, row.detail) == ("upload.dropped", "job", {"saved": 10, "state": "SAVED"})


def test_what_became_of_a_sheet_is_for_the_program_and_nobody_else_on_the_machine(database, folder):
    before = os.umask(0)
    try:
        drop(folder, CLEAN)
        assert looked(database, folder) == 1
    finally:
        os.umask(before)
    assert (folder / "north-star/out/week.csv.ack.csv").stat().st_mode & 0o777 == 0o640


def test_nothing_is_touched_before_its_ok_is_there(database, folder):
    drop(folder, CLEAN[:40], ok=None)
    assert (looked(database, folder), recorded(database)) == (0, 2)
    assert files(folder) == {"in/week.csv"}
    drop(folder, CLEAN, ok=hashlib.sha256(CLEAN).hexdigest())
    assert (looked(database, folder), recorded(database)) == (1, 12)


def test_a_sheet_that_is_not_what_its_ok_says_is_not_read(database, folder):
    drop(folder, CLEAN[:-20], ok=hashlib.sha256(CLEAN).hexdigest())
    assert looked(database, folder) == 1
    assert [(line["result"], line["code"]) for line in told(folder)] == [("refused", "F-CHECKSUM")]
    assert (recorded(database), files(folder)) == (2, {"in/week.csv", "out/week.csv.ack.csv"})
    drop(folder, CLEAN, ok=f"{hashlib.sha256(CLEAN).hexdigest()}  week.csv\n")
    assert (looked(database, folder), recorded(database)) == (1, 12)


def test_an_acknowledgement_holds_codes_and_rows_and_no_name(database, folder):
    drop(folder, MIXED)
    looked(database, folder)
    errors = {(line["row"], line["code"]) for line in told(folder) if line["result"] == "error"}
    assert {("3", "R-STATUS-UNKNOWN"), ("5", "R-WHO-NOT-ON-ROSTER"), ("6", "R-WHO-CONFLICT")} <= errors
    text = (folder / "north-star/out/week.csv.ack.csv").read_text()
    for word in ("O'Neal", "Smith", "Nguyen", "Garcia", "25-CR", "P1001", "ZZ"):
        assert word not in text
    drop(folder, b"", name="empty.csv")
    looked(database, folder)
    assert ("refused", "F-EMPTY") in [(line["result"], line["code"]) for line in told(folder, "empty.csv")]


def test_the_same_sheet_again_is_acknowledged_as_before_and_another_of_that_name_is_another(database, folder):
    drop(folder, CLEAN)
    looked(database, folder)
    first = told(folder)
    drop(folder, CLEAN)
    looked(database, folder)
    assert told(folder) == first and recorded(database) == 12
    drop(folder, CLEAN + b"\n")
    looked(database, folder)
    assert {line["result"]: line["count"] for line in told(folder)}["same"] == "12"


def test_links_and_strange_names_lead_nowhere(database, folder, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_bytes(CLEAN)
    inbox = folder / "north-star/in"
    (inbox / "link.csv").symlink_to(secret)
    os.link(secret, inbox / "hard.csv")
    os.mkfifo(inbox / "pipe.csv")
    (inbox / "folder.csv").mkdir()
    for name in ("link.csv", "hard.csv", "pipe.csv", "folder.csv", "a;b.csv", ".hidden.csv", "week.csv.ok",
                 f"{'ñ' * 99}.csv"):  # fmt: skip
        (inbox / f"{name}.ok").touch()
    (folder / "elsewhere").mkdir()
    (folder / "open-door/in").rmdir()
    (folder / "open-door/in").symlink_to(inbox)
    assert (looked(database, folder), recorded(database)) == (0, 2)
    (folder / "north-star/out/.week.csv.part").symlink_to(secret)
    drop(folder, MIXED)
    looked(database, folder)
    assert secret.read_bytes() == CLEAN and told(folder)


@pytest.mark.parametrize("name", [
    "Asistencia año 2026, niños.csv", unicodedata.normalize("NFD", "Reunión (lunes).csv"), "WEEK 47.CSV",
    "O'Neal's group.txt",
])  # fmt: skip
def test_a_sheet_by_any_ordinary_name_is_brought_in(database, folder, name):
    drop(folder, CLEAN, name=name)
    assert (looked(database, folder), recorded(database)) == (1, 12)
    assert files(folder) == {f"done/{name}", f"out/{name}.ack.csv"}


@pytest.mark.parametrize(("name", "code"), [("roster.pdf", "F-TYPE"), ("roster.xls", "F-OLD-EXCEL")])
def test_what_is_no_sheet_is_refused_in_its_acknowledgement_and_not_passed_over(database, folder, name, code):
    drop(folder, b"%PDF-1.7" if code == "F-TYPE" else b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", name=name)
    assert looked(database, folder) == 1
    assert ("refused", code) in [(line["result"], line["code"]) for line in told(folder, name)]


def test_an_ok_before_its_sheet_waits_for_it_and_a_program_by_any_code_is_found(database, folder):
    with database.system("test: a code with a blank") as session, session.begin():
        session.execute(update(Program).where(Program.code == "north-star").values(code="Niños y más"))
    (folder / "north-star").rename(folder / "Niños y más")
    (folder / "Niños y más/in/week.csv.ok").write_text(hashlib.sha256(CLEAN).hexdigest())
    assert (looked(database, folder), recorded(database)) == (0, 2)
    drop(folder, CLEAN[:50], ok=None, program="Niños y más")
    looked(database, folder)
    assert [line["code"] for line in told(folder, program="Niños y más")] == ["F-CHECKSUM"]
    drop(folder, CLEAN, program="Niños y más")
    assert (looked(database, folder), recorded(database)) == (1, 12)


@pytest.mark.parametrize("when", ["before it is read", "before it is put away"])
@pytest.mark.parametrize("part", ["in", "out", "done", ""])
def test_a_program_that_swaps_its_folder_for_a_link_reaches_no_other_ones(database, folder, part, when):
    """Between two looks open-door puts a link to north-star's folder in the place of its own."""
    drop(folder, CLEAN, "theirs.csv")
    drop(folder, CLEAN, "own.csv", program="open-door")
    theirs = files(folder)
    mine = next(box for box in boxes(database, folder) if "open-door" in repr(box))
    found = list(waiting(mine)) if when == "before it is put away" else []
    own = folder / "open-door" / part
    own.rename(folder / "moved-away")
    own.symlink_to(folder / "north-star" / part, target_is_directory=True)
    with pytest.raises(OSError):
        for one in found or waiting(mine):
            take_in(database, one, SECRET, NOW)
    assert files(folder) == theirs, "nothing of theirs was read, moved, or written beside"
    with database.system("test: whose", writes=False) as session:
        assert "theirs.csv" not in session.scalars(select(Upload.file_name)).all()


def test_a_program_reaches_its_own_people_only(database, folder):
    drop(folder, CLEAN, program="open-door")
    looked(database, folder)
    assert recorded(database) == 2
    assert {line["code"] for line in told(folder, program="open-door") if line["result"] == "error"} == {
        "R-WHO-NOT-ON-ROSTER"
    }


def test_the_scheduler_looks_every_minute_where_a_folder_is_named(database, folder):
    drop(folder, CLEAN)
    run_pending(database, Settings(secret_key=SECRET, intake_folder=str(folder)), NOW)
    with database.system("test: its run", writes=False) as session:
        totals = session.scalars(select(JobRun.totals).where(JobRun.job == "intake_folder")).all()
    assert '{"sheets":1,"later":0}' in totals and recorded(database) == 12


def killed_at(database: Database, folder: Path, step: int) -> int:
    command = [sys.executable, "-c", KILLED, database.url, str(folder), str(step)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, timeout=120).returncode


def of_day(day: date) -> bytes:
    """Two people's marks of a day that no other sheet tells of."""
    return f'Client Name,Case #,{day}\n"Smith, Robert J",24-CR-001872,P\n"O\'Neal, Dwayne",25-CR-000044,P\n'.encode()


def after_a_kill(database: Database, folder: Path, step: int) -> bool:
    """Drop a sheet, be killed at a step, look again: it is recorded once and acknowledged once. False: not killed."""
    name, before = f"week{step}.csv", recorded(database)
    drop(folder, of_day(FIRST + timedelta(days=step)), name)
    ended = killed_at(database, folder, step)
    assert ended in (0, 9)
    with database.system("test: all or nothing", writes=False) as session:
        of_it = select(Upload.id).where(Upload.file_name == name, Upload.state == "SAVED")
        rows = select(func.count(Attendance.id)).where(Attendance.upload_id.in_(of_it))
        assert session.scalar(rows) in (0, 2)
    looked(database, folder)
    assert recorded(database) == before + 2
    assert {line["result"] for line in told(folder, name)} >= {"saved", "same"}
    assert {path for path in files(folder) if name in path} == {f"done/{name}", f"out/{name}.ack.csv"}
    with database.system("test: once", writes=False) as session:
        keys = session.execute(
            select(Attendance.enrollment_id, Attendance.occurred_on, func.count())
            .group_by(Attendance.enrollment_id, Attendance.occurred_on)
        ).all()  # fmt: skip
        assert {count for _, _, count in keys} == {1}
    return ended == 9


@pytest.mark.parametrize("step", [9, 31])
def test_killed_at_any_instant_a_sheet_is_recorded_once_and_acknowledged(database, folder, step):
    after_a_kill(database, folder, step)


@pytest.mark.slow
def test_killed_at_every_instant_a_sheet_is_recorded_once_and_acknowledged(database, folder):
    """From the first to the last of a sheet that is new: the one after the last lets it end."""
    killed = 0
    while after_a_kill(database, folder, killed + 1):
        killed += 1
    assert killed >= 40


@pytest.mark.parametrize("name", [
    "week 45 – Nov 3.csv", "week[1].csv", "week!.csv", "week 100%.csv", "WEEK~1.CSV", "a;b.csv", "week\u00a047.csv",
    "week.numbers", ".week.csv", "week", "-.csv", f"{'ñ' * 99}.csv", "ni\udcf1os.csv",
])  # fmt: skip
def test_every_name_with_its_ok_is_answered(database, folder, name):
    drop(folder, CLEAN, name=name)
    assert (looked(database, folder), looked(database, folder)) == (1, 0)
    answers = {line["result"] for line in told(folder, name)}
    assert "saved" in answers or "refused" in answers
    inside = {os.fsdecode(path) for path in os.listdir(folder / "north-star/done")}
    assert inside == {name} and not os.listdir(folder / "north-star/in")
    assert (recorded(database) == 12) is ("saved" in answers and ("saved", "10") in {
        (line["result"], line["count"]) for line in told(folder, name)
    })  # fmt: skip
    drop(folder, CLEAN, name=name)
    looked(database, folder)
    assert recorded(database) in (2, 12)


@pytest.mark.parametrize("name", ["we\nek.csv", "week\x7f.csv"])
def test_a_name_with_a_control_character_stays_where_it_is(database, folder, name):
    drop(folder, CLEAN, name=name)
    assert looked(database, folder) == 0 and recorded(database) == 2
