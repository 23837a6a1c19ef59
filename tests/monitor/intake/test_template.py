"""A sheet to fill in comes back as it went out, and says nothing where nobody wrote anything."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import msgspec
import pytest
from sqlalchemy import select

from monitor.db import Database
from monitor.intake.check import Check
from monitor.intake.examine import examine
from monitor.intake.reading.tables import Limits, Reading
from monitor.intake.reading.workbook import read_workbook
from monitor.intake.record.standing import read_roster
from monitor.intake.template import MOST, WORDS, Wanted, template
from monitor.intake.workbook_out import write_workbook
from monitor.models import Group
from tests.monitor.intake.sample_county import MEMBERS, TODAY, desk
from tests.monitor.intake.sample_record import write_county


def made(database: Database, *, whole_month: bool = False, members: object = MEMBERS) -> tuple[bytes, str]:
    county = write_county(database, members)  # type: ignore[arg-type]
    with database.scoped(county.scope) as session:
        group = session.scalars(select(Group).where(Group.code == "MON-6PM")).one()
        file = template(session, Wanted(group.id, whole_month=whole_month), TODAY)
        assert file is not None and read_roster(session, county.program).members
        return file.content, file.file_name


def read_back(content: bytes, fill: dict[tuple[int, int], str]) -> Check:
    """As somebody would send it: cells filled in, (row, column) counted from 1."""
    tables, notes = read_workbook(content, Limits())
    rows = [list(row) for row in tables[0].rows]
    for (row, column), text in fill.items():
        rows[row - 1] += [""] * (column - len(rows[row - 1]))
        rows[row - 1][column - 1] = text
    filled = msgspec.structs.replace(tables[0], rows=rows)
    return examine(Reading([filled, *tables[1:]], notes), desk("a.xlsx", stored={})).check


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_sheet_of_a_class_comes_back_as_it_went_out(database: Database) -> None:
    content, name = made(database)
    assert name == "MON-6PM-2026-11-16.xlsx"
    empty = read_back(content, {})
    assert (empty.layout, empty.new, empty.held, empty.errors, empty.warnings) == ("L", 0, 0, (), ())
    assert not [code for code in empty.file_messages if code.startswith(("H-", "W-"))], "its own pages are known"
    filled = read_back(content, {(3, 6): "Present", (4, 6): "No show", (5, 6): "Late", (5, 7): "12"})
    assert filled.records == (
        ("P1002", "2026-11-16", "P"), ("P1003", "2026-11-16", "U"), ("P1001", "2026-11-16", "L"),
    )  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_sheet_of_a_month_has_a_column_for_each_class_and_may_be_translated(database: Database) -> None:
    content, _ = made(database, whole_month=True)
    days = ("2026-11-02", "2026-11-09", "2026-11-16", "2026-11-23", "2026-11-30")
    tables, _ = read_workbook(content, Limits())
    assert [date.fromisoformat(cell[:10]) for cell in tables[0].rows[0][3:]] == [date.fromisoformat(d) for d in days]
    check = read_back(content, {(1, 1): "Nummer", (1, 2): "Nachname", (3, 4): "Present", (3, 5): "Excused"})
    assert check.records == (("P1002", "2026-11-02", "P"), ("P1002", "2026-11-09", "E"))
    assert check.errors == ()


def test_every_word_of_the_list_is_one_that_we_know() -> None:
    rows = [["ID", "Date", "Status"], *(["P1008", f"2026-11-{2 + n}", word] for n, word in enumerate(WORDS))]
    tables, notes = read_workbook(write_workbook({"S": rows}), Limits())
    check = examine(Reading(tables, notes), desk("a.xlsx", stored={})).check
    assert (check.new, check.errors, check.questions) == (len(WORDS), (), ())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_names_of_a_large_group_do_not_leave_the_house_by_one_click(database: Database) -> None:
    crowd = [
        msgspec.structs.replace(MEMBERS[7], code=f"P2{n:03d}", last=f"Family{n}", case_number=f"26-CR-{n}")
        for n in range(MOST + 1)
    ]  # fmt: skip
    content, _ = made(database, members=crowd)
    package = ZipFile(BytesIO(content))
    assert not any(b"Family" in package.read(name) for name in package.namelist())
