"""Before saving, the program reads what its sheet would do: a real evaluation, of what it may know, not written."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from monitor.access.scope import Scope
from monitor.clock import local_day
from monitor.compliance.evaluation import switched_on
from monitor.db import Database
from monitor.intake.answers import Answers, Choice
from monitor.intake.effects import Effects, effects_of, would_write
from monitor.intake.receiver import Receiver
from monitor.intake.record.saving import save
from monitor.intake.uploads import answer, open_sheet_file, receive
from monitor.models import Attendance, Dirty, Enrollment, Flag, Notice, Span
from monitor.telling import Reader, Telling, keep
from tests import builders
from tests.office import NOW, Office, open_office

MISSED, CAME = date(2026, 2, 23), date(2026, 3, 2)


@pytest.fixture
def office(database: Database) -> Office:
    return open_office(database)


def receiver(office: Office) -> Receiver:
    return Receiver(office.town.program_agency, office.town.program, 7, NOW, local_day(NOW, office.town.zone))


def code_of(office: Office) -> str:
    with office.database.system("test: code") as session:
        return session.get_one(Enrollment, office.matter.enrollment).code


def told(office: Office, text: str, *, use: bool = False, then_save: bool = False) -> Effects:
    """What a sheet would do; and, after that, it is saved."""
    by = receiver(office)
    scope, code = Scope(7, "program", office.town.program_agency), code_of(office)
    with office.database.scoped(scope, writes=True) as session:
        upload = receive(session, open_sheet_file(text.encode(), "a.csv", by.today, scanner=None), by)
        if use:
            changes = {f"{code}/{MISSED}/1": Choice(use=True, reason="letter came")}
            answer(session, upload, Answers(changes=changes), by.today)
        asked = would_write(session, upload, by.today)
        with office.database.system("test: effects", writes=False) as reading:
            found = effects_of(reading, asked, by.agency_id, switched_on(), NOW)
        if then_save:
            assert save(session, upload, by).count
            session.commit()
    return found


def sheet(office: Office, *lines: str) -> str:
    return "participant_id,session_date,status\n" + "".join(f"{code_of(office)},{line}\n" for line in lines)


def flags(office: Office) -> set[str]:
    with office.database.system("test: flags") as session:
        return set(session.scalars(select(Flag.code).where(Flag.closed_at.is_(None))))


def test_an_absence_would_open_what_evaluating_it_then_opens(office: Office) -> None:
    office.evaluate()
    before = flags(office)
    effects = told(office, sheet(office, f"{MISSED},No show"), then_save=True)
    said = {line.title for line in effects.lines if line.opens}
    assert effects.opened >= 1 and all(line.name == "Ann Example" for line in effects.lines)
    office.evaluate()
    opened = flags(office) - before
    assert "ABSENCE_PENDING" in opened
    assert len(said) <= len(opened)


def test_correcting_an_absence_would_close_its_question(office: Office) -> None:
    told(office, sheet(office, f"{MISSED},No show"), then_save=True)
    effects = told(office, sheet(office, f"{MISSED},Present"), use=True)
    assert any(not line.opens for line in effects.lines)
    assert told(office, sheet(office, f"{MISSED},Present")).people == 0, "not chosen, so nothing would be saved"


def test_asking_writes_nothing(office: Office) -> None:
    def counts() -> list[int | None]:
        with office.database.system("test: counts") as session:
            return [session.scalar(select(func.count(table.id))) for table in (Attendance, Flag, Span, Dirty)]

    office.evaluate()
    before = counts()
    told(office, sheet(office, f"{MISSED},No show", f"{CAME},Present"))
    assert counts() == before


def test_what_other_offices_know_changes_no_byte_of_the_answer(office: Office) -> None:
    text = sheet(office, f"{MISSED},No show")
    plain = told(office, text)
    with office.database.system("test: what others know") as session, session.begin():
        builders.contact(session, office.matter, date(2026, 2, 20), note="She called")
        builders.firearms_declared(session, office.matter, date(2026, 2, 20))
        builders.report(session, office.matter, "NONCOMPLIANCE", date(2026, 2, 25), "PROBATION", "COURT")
    assert told(office, text).lines == plain.lines


def test_an_officers_decision_is_not_told_by_what_closes(office: Office) -> None:
    told(office, sheet(office, f"{MISSED},No show"), then_save=True)
    undecided = told(office, sheet(office, f"{MISSED},Present"), use=True)
    with office.database.system("test: an officer decides") as session, session.begin():
        absence = session.scalars(select(Attendance).where(Attendance.occurred_on == MISSED)).one()
        builders.adjudicate(session, absence, "UNEXCUSED", date(2026, 2, 25))
    office.evaluate()
    assert told(office, sheet(office, f"{MISSED},Present"), use=True).lines == undecided.lines


def test_a_correction_travels_to_everybody_who_was_told(office: Office) -> None:
    told(office, sheet(office, f"{MISSED},No show"), then_save=True)
    office.evaluate()
    flag = office.flag("ABSENCE_PENDING")
    with office.database.system("test: an officer looks") as session, session.begin():
        keep(session, Reader(office.town.office, "officer", office.officer), [Telling("SEEN", (flag,))], NOW)
    told(office, sheet(office, f"{MISSED},Present"), use=True, then_save=True)
    office.evaluate(NOW + timedelta(minutes=5))
    with office.database.system("test: notices") as session:
        notice = session.scalars(select(Notice)).one()
        assert (notice.user_id, notice.kind, notice.flag_id) == (office.officer, "WITHDRAWN", flag)


def test_it_takes_little_time(office: Office) -> None:
    text = sheet(office, f"{MISSED},No show", f"{CAME},Present")
    told(office, text)
    started = time.process_time()
    told(office, text)
    assert time.process_time() - started < 5
