"""The same sheet from many hands at once, and a machine that stops in the middle: once, or not at all."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import select

from monitor.db import Database
from monitor.intake.importing import import_attendance
from monitor.models import Attendance, Upload
from tests.monitor.intake.sample_record import NOW, write_county

SAMPLE = Path(__file__).parent / "samples/02_wide_weekly_dates.csv"
HANDS = 4

STOPS = """
import os, sys
from pathlib import Path
from sqlalchemy import event
from monitor.db import Database
from monitor.intake.importing import import_attendance
from monitor.models import Attendance
from tests.monitor.intake.sample_record import NOW

left = [int(sys.argv[3])]

def stop(*_):
    left[0] -= 1
    if left[0] == 0:
        os._exit(9)

database = Database(sys.argv[1])
event.listen(database.engine, "after_cursor_execute", stop)
import_attendance(database, "north-star", "a.csv", Path(sys.argv[2]).read_bytes(), NOW)
"""


def test_the_same_sheet_from_many_hands_at_once_is_recorded_once(database: Database) -> None:
    write_county(database)
    content = SAMPLE.read_bytes()
    names = [f"{number}.csv" for number in range(HANDS)]
    with ThreadPoolExecutor(HANDS) as pool:
        done = list(pool.map(lambda name: import_attendance(database, "north-star", name, content, NOW), names))
    assert sum(one.count for one in done) == 10
    with database.system("test", writes=False) as session:
        keys = Counter(tuple(row) for row in session.execute(select(Attendance.enrollment_id, Attendance.occurred_on)))
    assert len(keys) == 12 and set(keys.values()) == {1}


def test_a_machine_that_stops_at_any_statement_leaves_all_of_a_save_or_nothing(database: Database) -> None:
    write_county(database)
    for statements in (20, 34, 39):  # staging, writing attendance, pointing the rows at it
        ended = subprocess.run(
            [sys.executable, "-c", STOPS, database.url, str(SAMPLE), str(statements)], cwd=Path(__file__).parents[3],
            capture_output=True, timeout=120,
        )  # fmt: skip
        with database.system("test", writes=False) as session:
            recorded = len(session.scalars(select(Attendance.id)).all())
            saved = session.scalars(select(Upload.state)).all()
        assert (recorded, saved) in ((2, []), (12, ["SAVED"])), (statements, ended.stderr[-500:])
        assert ended.returncode in (0, 9), ended.stderr[-500:]
    assert import_attendance(database, "north-star", "a.csv", SAMPLE.read_bytes(), NOW).check.new in (0, 10)
