"""A check reads what stands on record of its own people and days, and says what it would say of all of the record."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import msgspec
import pytest
from sqlalchemy.orm import Session

from monitor.db import Database
from monitor.intake import uploads
from monitor.intake.answers import Answers
from monitor.intake.check import Check
from monitor.intake.examine import examine
from monitor.intake.reading.tables import Reading, Table
from monitor.intake.record.saving import save
from monitor.intake.record.standing import read_stored
from monitor.intake.uploads import Sheet, _desk, prepare, receive
from tests.monitor.intake.sample_county import TODAY
from tests.monitor.intake.sample_record import County, write_county

PEOPLE = ("P1001", "P1002", "P1003", "P1008")
DAYS = ("9/14/2026", "10/5/2026", "10/12/2026", "11/2/2026", "11/9/2026", "11/16/2026")
SAYS = ("P", "L", "U", "E", "A", "ZZ")


def sheet_of(chance: random.Random, lines: int, says: tuple[str, ...] = SAYS) -> Sheet:
    rows = [[chance.choice(PEOPLE), chance.choice(DAYS), chance.choice(says)] for _ in range(lines)]
    name = f"{chance.random()}.csv"
    return Sheet(name, name, Reading([Table(rows=[["participant_id", "Date", "Status"], *rows])]))


def both(session: Session, county: County, sheet: Sheet) -> tuple[Check, Check]:
    """Narrowly, and beside the whole record."""
    desk = _desk(session, county.program, None, sheet.file_name, Answers(), TODAY)
    whole = msgspec.structs.replace(desk, read=None, stored=read_stored(session, county.program))
    return examine(sheet.reading, desk).check, examine(sheet.reading, whole).check


@pytest.fixture
def county(database: Database) -> County:
    found, chance = write_county(database), random.Random(7)
    for _ in range(3):
        with database.scoped(found.scope, writes=True) as session:
            save(session, receive(session, sheet_of(chance, 12, SAYS[:4]), found.by()), found.by())
            session.commit()
    return found


def test_random_sheets_are_judged_as_beside_the_whole_record(database: Database, county: County) -> None:
    chance, outcomes = random.Random(11), set()
    with database.scoped(county.scope) as session:
        for _ in range(30):
            narrow, whole = both(session, county, sheet_of(chance, chance.randint(1, 12)))
            assert narrow == whole
            outcomes |= {name for name in ("new", "same", "changed", "held") if getattr(narrow, name)}
    assert outcomes == {"new", "same", "changed", "held"}


def test_totals_are_laid_beside_all_classes_of_their_people(database: Database, county: County) -> None:
    rows = [["Client ID", "Sessions Attended", "Absences"], ["P1001", "3", "1"], ["P1003", "2", "0"]]
    with database.scoped(county.scope) as session:
        narrow, whole = both(session, county, Sheet("t.csv", "t", Reading([Table(rows=rows)])))
    assert narrow == whole and narrow.layout == "C"


def test_a_sheet_of_two_lines_reads_the_record_of_two(
    database: Database, county: County, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [["participant_id", "Date", "Status"], ["P1001", "11/16/2026", "P"], ["P1008", "11/16/2026", "P"]]
    read: list[tuple[int, date, int]] = []

    def listened(*told: Any) -> Any:
        found = read_stored(*told)
        read.extend(found)
        return found

    monkeypatch.setattr(uploads, "read_stored", listened)
    with database.scoped(county.scope) as session:
        check = prepare(session, Sheet("two.csv", "two", Reading([Table(rows=rows)])), county.by()).check
        assert check.new + check.same + check.changed == 2
        assert len(read_stored(session, county.program)) > 10 and len(read) <= 2
        assert {day for _, day, _ in read} <= {date(2026, 11, 16)}
