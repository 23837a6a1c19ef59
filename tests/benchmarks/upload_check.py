"""A 5,000-row sheet, from upload to check page: processor seconds of this process and of the reading child."""

from __future__ import annotations

import io
import json
import resource
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import xlsxwriter

from monitor.db import Database
from monitor.intake.importing import import_attendance
from monitor.intake.pages import check_page
from monitor.intake.receiver import Receiver
from monitor.intake.uploads import find_upload, open_sheet_file, prepare, receive
from monitor.schema import upgrade
from tests.benchmarks.measure import in_child
from tests.monitor.intake.sample_county import MEMBERS
from tests.monitor.intake.sample_record import County, write_county

NOW = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
PEOPLE, ROWS = 200, 5_000
GOAL_SECONDS = 5.0
LONG, LONG_PEOPLE, GOAL_MEGABYTES = 200_000, 2_000, 1_024


def sheet_of(rows: int) -> list[list[str]]:
    """A long sheet of a program with 200 people; one row in fifty has something wrong with it."""
    made = [["Name", "Case #", "Date", "Status", "Phone", "Comments"]]
    for number in range(rows):
        person, week = number % PEOPLE, number // PEOPLE
        day = date(2026, 11, 16) - timedelta(weeks=week)
        status = ("P", "P", "P", "Late 12", "NS", "E")[number % 6] if number % 50 else "ZZ"
        made.append([f"Family{person}, Given{person}", f"25-CR-{person:06d}", f"{day:%m/%d/%Y}", status, "503-555-0100",
                     "called ahead, car trouble" if number % 7 == 0 else ""])  # fmt: skip
    return made


def as_workbook(rows: list[list[str]]) -> bytes:
    """The sheet as .xlsx."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Roster")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def as_text(rows: list[list[str]]) -> bytes:
    """The sheet as CSV."""
    return "\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode()


def people(count: int = PEOPLE) -> list[Any]:
    """A roster of 200, or of ``count``."""
    return [
        msgspec.structs.replace(
            MEMBERS[0], key=n, person=n, code=f"B{n}", last=f"Family{n}", first=f"Given{n}", middle="",
            case_number=f"25-CR-{n:06d}", start=date(2020, 1, 1),
        )
        for n in range(count)
    ]  # fmt: skip


def measure(database: Database, county: County, content: bytes, name: str) -> dict[str, Any]:
    """Processor and wall seconds from the bytes to the content of the check page."""
    used, wall = _cpu(), time.perf_counter()
    by = Receiver(county.agency, county.program, None, NOW, TODAY)
    sheet = open_sheet_file(content, name, TODAY, scanner=None)
    read = _cpu()
    with database.scoped(county.scope) as session:
        examined = prepare(session, sheet, by)
    judged = _cpu()
    with database.scoped(county.scope, writes=True) as session:
        upload_id = receive(session, sheet, by, examined).id
        session.commit()
    with database.scoped(county.scope) as session:
        found = find_upload(session, upload_id)
        assert found is not None
        page = check_page(session, found, by)
    return {
        "benchmark": "upload_check", "file": name, "rows": ROWS, "new": page.check.new,
        "errors": len(page.check.errors), "cpu_s": round(_cpu() - used, 2), "cpu_read_s": round(read - used, 2),
        "cpu_judge_s": round(judged - read, 2),
        "cpu_keep_s": round(_cpu() - judged, 2), "wall_s": round(time.perf_counter() - wall, 2), "goal_s": GOAL_SECONDS,
    }  # fmt: skip


def _cpu() -> float:
    own, child = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + child.ru_utime + child.ru_stime


def run(folder: Path) -> list[dict[str, Any]]:
    """Both containers, on SQLite."""
    database = Database(f"sqlite:///{folder / 'bench.db'}")
    upgrade(database)
    county = write_county(database, people())
    rows = sheet_of(ROWS)
    files = {"roster.csv": as_text(rows), "roster.xlsx": as_workbook(rows)}
    results = [measure(database, county, content, name) for name, content in files.items()]
    database.close()
    return results


def bring_long(url: str, program: str, rows: int) -> dict[str, Any]:
    """A file of many rows by the command line's way, checked and saved; for a process of its own, see `run_long`."""
    lines = ["Name,Case #,Date,Status"]
    for number in range(rows):
        person, back = number % LONG_PEOPLE, number // LONG_PEOPLE
        day, status = date(2026, 11, 16) - timedelta(days=3 * back), ("P", "P", "P", "Late 12", "NS", "E")[number % 6]
        lines.append(f'"Family{person}, Given{person}",25-CR-{person:06d},{day:%m/%d/%Y},{status}')
    database = Database(url)
    done = import_attendance(database, program, "long.csv", "\n".join(lines).encode(), NOW, rows=LONG)
    database.close()
    return {"saved": done.count, "exit_code": done.exit_code}


def run_long(folder: Path, rows: int = LONG) -> dict[str, Any]:
    """``rows`` in one go on SQLite: processor seconds and peak memory of the process that checks and saves."""
    url = f"sqlite:///{folder / 'long.db'}"
    database = Database(url)
    upgrade(database)
    write_county(database, people(LONG_PEOPLE))
    database.close()
    child = in_child(bring_long, url, "north-star", rows)
    told = {"benchmark": "upload_check", "file": "long.csv", "rows": rows, **child.result}
    return told | {"cpu_s": child.cpu_s, "wall_s": child.wall_s, "peak_mb": child.peak_mib, "goal_mb": GOAL_MEGABYTES}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        for result in run(Path(place)):
            print(json.dumps(result))
        print(json.dumps(run_long(Path(place))))
