"""Notices on screen: told by a page, withdrawn by a correction, marked as read; the bench page kept as bytes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from monitor.models import Attendance, Flag, Notice, Packet, Told
from tests.builders import attended, correct, unexcused
from tests.office import hearing, open_office, take_over

MISSED = date(2026, 2, 23)


@pytest.fixture
def office(database):
    office = open_office(database)
    with database.system("test: a missed class") as session, session.begin():
        attended(session, office.matter, date(2026, 2, 16))
        [row] = unexcused(session, office.matter, MISSED)
        office.missed = row.id
        office.flags["hearing"] = hearing(session, office.matter, datetime(2026, 12, 3, 17, tzinfo=UTC))
    office.evaluate()
    return office


def corrected(office, database):
    now = datetime.now(UTC)
    with database.system("test: corrected") as session, session.begin():
        correct(session, session.get_one(Attendance, office.missed), now, outcome="PRESENT", program_says="P")
    office.evaluate(now)


def test_who_saw_the_flag_reads_of_the_correction_and_marks_it(office, client_as, database):
    officer, colleague = (client_as("officer", agency_id=office.town.office, name=name) for name in ("A. R.", "B. C."))
    take_over(database, officer)
    flag = office.flag("ABSENCE_UNEXCUSED")
    assert officer.get(f"/flags/{flag}").status_code == 200
    assert "No new notice." in officer.get("/notices").text
    corrected(office, database)
    assert "<b>1 correction</b> of what you were told" in officer.get("/today").text
    assert "of what you were told" not in colleague.get("/today").text
    page = officer.get("/notices").text
    assert "no longer holds, because the program corrected February 23 to attended." in page
    assert "No new notice." in colleague.get("/notices").text
    [path] = re.findall(r'action="(/notices/\d+/read)"', page)
    assert colleague.post(path).status_code == 404
    assert officer.post(path).status_code == 303
    assert "by A. R." in officer.get("/notices").text
    gone = officer.get(f"/flags/{flag}").text
    assert "Withdrawn after a correction" in gone
    assert "because the program corrected February 23 to attended" in gone
    assert "A. R. saw it on a page" in gone


def test_a_page_that_was_refused_tells_nobody_anything(office, client_as, database):
    elsewhere = client_as("program", agency_id=office.town.program_agency)
    assert elsewhere.get(f"/flags/{office.flag('ABSENCE_UNEXCUSED')}").status_code == 403
    assert elsewhere.get("/notices").status_code == 403
    with database.system("test: look") as session:
        assert session.scalars(select(Told)).all() == []


def test_docket_bench_page_and_packet_tell_the_bench_what_was_reported(office, client_as, database):
    clerk = client_as("clerk", agency_id=office.town.court_agency)
    path = f"/hearings/{office.flags['hearing']}"
    assert clerk.get(path).status_code == 200
    with database.system("test: reported by somebody") as session, session.begin():
        assert session.scalars(select(Told)).all() == [], "a question that nobody reviewed tells the bench nothing"
    reported(office, database)
    assert clerk.get(path).status_code == 200
    assert clerk.get(f"{path}?format=pdf").status_code == 200
    assert clerk.get("/dockets/near/2026-12-03").status_code == 200
    assert clerk.post(f"{path}/packets").headers["location"].startswith(f"{path}/packets/")
    with database.system("test: look") as session:
        rows = session.execute(select(Told.act, Told.role, Told.user_id, Told.document_id)).all()
        packet = session.scalars(select(Packet)).one()
    who = {(act, role, user is None) for act, role, user, _document in rows}
    assert who >= {("SEEN", "clerk", False), ("PRINTED", "clerk", False), ("DOCKET", "clerk", False),
                   ("PACKET", "judge", True)}  # fmt: skip
    assert packet.id in {document for *_rest, document in rows}
    assert packet.taken_by_id == clerk.user_id
    corrected(office, database)
    page = clerk.get("/notices").text
    assert "A matter reported to the court and told to you" in page
    assert "/flags/" not in page
    assert "<b>1 correction</b> of what you were told" in clerk.get("/dockets/near/2026-12-03").text
    with database.system("test: look") as session:
        assert {one.role for one in session.scalars(select(Notice))} == {"clerk", "judge"}


def reported(office, database):
    from tests.monitor.test_notices import reported as report

    report(office)
    office.evaluate(datetime(2026, 3, 5, tzinfo=UTC))
    with database.system("test: it stands before the court") as session:
        assert session.scalar(select(Flag.state).where(Flag.code == "ABSENCE_UNEXCUSED")) == "ACTED"
