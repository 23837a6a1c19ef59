"""Two people of one program in one instant, and moves that no page offers: nothing is done twice, or unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import delete, func, select

import web.attendance
import web.enrollments
import web.reports
import web.uploads
from monitor.current import current
from monitor.db import Database
from monitor.enrollment.moves import MOVES, State, moves_from
from monitor.models import (
    Attendance,
    CertifiedMonth,
    Enrollment,
    EnrollmentEvent,
    Group,
    Leave,
    Letter,
    Release,
    Upload,
    random_id,
)
from tests.builders import at
from tests.classes import AFTER_CLASS, MONDAY, Class, open_class
from tests.web.at_once import at_once
from tests.web.conftest import Browser

LIST = "/attendance/uploads"
FEBRUARY = ("2/2/2026", "2/9/2026", "2/16/2026", "2/23/2026")
SHEET = f"Last name,First name,{','.join(FEBRUARY)}\nBell,Marcus,P,P,P,P\nGarcía-Ortiz,Luis,P,P,P,P\n".encode()
# for each state the events that lead there
LEADS = {
    State.REFERRED: (), State.INTAKE_SET: ("INTAKE_SCHEDULED",), State.WAITING: ("INTAKE_HELD",),
    State.ENROLLED: ("ENROLLED",), State.COMPLETED: ("ENROLLED", "COMPLETED"), State.DISCHARGED: ("ENROLLED", "MOVED"),
    State.DECLINED: ("REJECTED",),
}  # fmt: skip
FILLED = {
    "on": "3/2/2026", "until_on": "3/5/2026", "seat_on": "3/9/2026", "why": "MOVED", "words": "as agreed",
    "agreed_court": "yes",
}  # fmt: skip


@pytest.fixture
def meeting(database: Database, monkeypatch: pytest.MonkeyPatch) -> Class:
    for door in (web.attendance, web.enrollments, web.reports, web.uploads):
        monkeypatch.setattr(door, "utc_now", lambda: AFTER_CLASS)
    found = open_class(database, people=2)
    with database.system("test: both began in February") as session, session.begin():
        for row in session.scalars(select(EnrollmentEvent).where(EnrollmentEvent.event == "ENROLLED")):
            row.occurred_on = MONDAY - timedelta(days=30)
    return found


@pytest.fixture
def two(client_as: Callable[..., Browser], meeting: Class) -> tuple[Browser, Browser]:
    agency = meeting.town.program_agency
    return client_as("program", agency_id=agency, name="Jo Doe"), client_as("program", agency_id=agency, name="Al Roe")


def brought(browser: Browser) -> str:
    answer = browser.post(LIST, files={"file": ("february.csv", SHEET)}, data={"program": "", "group": ""})
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("#")[0]


def standing(database: Database) -> int:
    with database.system("test: what stands", writes=False) as session:
        return session.scalar(select(func.count(Attendance.id)).where(current(Attendance))) or 0


def test_both_save_the_same_sheet_and_it_is_saved_once(two: tuple[Browser, Browser], database: Database) -> None:
    path = brought(two[0])
    answers = at_once(database, [partial(one.post, f"{path}/save", data={}) for one in two])
    assert [answer.status_code for answer in answers] == [303, 303]
    assert standing(database) == 8
    with database.system("test", writes=False) as session:
        assert session.scalars(select(Upload.state)).all() == ["SAVED"]


def test_one_undoes_the_sheet_while_the_other_signs_its_month(two: tuple[Browser, Browser], database: Database) -> None:
    """A signed month says that nothing is missing: one of the two comes first, and the other is told."""
    path = brought(two[0])
    two[0].post(f"{path}/save", data={"everyone": "yes"})
    undone, signed = at_once(database, [
        partial(two[0].post, f"{path}/undo", data={}),
        partial(two[1].post, "/reports/2026-02/certify", data={"signed_as": "Al Roe"}),
    ])  # fmt: skip
    assert (signed.status_code, undone.status_code) in ((303, 409), (422, 303))
    with database.system("test", writes=False) as session:
        months = session.scalar(select(func.count(CertifiedMonth.id)))
    assert (months, standing(database)) == ((1, 8) if signed.status_code == 303 else (0, 0))


@pytest.mark.parametrize("state", State)
def test_no_move_is_made_that_does_not_lead_on_from_there(
    two: tuple[Browser, Browser], meeting: Class, database: Database, state: State
) -> None:
    place, path = meeting.place("Bell"), f"/enrollments/{meeting.place('Bell')}"
    stands_at(database, meeting, state)
    page = two[0].get(path).text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    before = written(database, place)
    may = set(moves_from(state))
    form = {**FILLED, "token": token, "group": str(meeting.wednesday)}
    for move in MOVES:
        assert (f'name="move" value="{move.name}"' in page) is (move in may)
        if move not in may:
            assert two[0].post(path, data={**form, "move": move.name}).status_code == 409, move.name
    assert two[0].post(path, data={**form, "move": "vanish"}).status_code == 409
    assert written(database, place) == before


def stands_at(database: Database, meeting: Class, state: State) -> None:
    matter = meeting.people["Bell"]
    with database.system("test: where the place stands") as session, session.begin():
        session.execute(delete(EnrollmentEvent).where(EnrollmentEvent.enrollment_id == matter.enrollment))
        for number, word in enumerate(("REFERRED", *LEADS[state])):
            left = word in ("COMPLETED", "MOVED")
            session.add(EnrollmentEvent(
                id=random_id(), case_id=matter.case, agency_id=meeting.town.program_agency,
                enrollment_id=matter.enrollment, event="DISCHARGED" if left else word, why=word if left else None,
                occurred_on=MONDAY - timedelta(days=9 - number), recorded_at=at(MONDAY - timedelta(days=9 - number)),
            ))  # fmt: skip


def written(database: Database, place: int) -> list[int]:
    with database.system("test: what is written", writes=False) as session:
        group = session.scalars(select(Enrollment.group_id).where(Enrollment.id == place)).one() or 0
        assert session.get(Group, group) is not None
        facts = (EnrollmentEvent, Leave, Letter)
        return [group, *(session.scalar(select(func.count(fact.id))) or 0 for fact in facts)]


def test_a_release_that_is_older_than_the_one_that_holds_is_not_taken_for_it(
    two: tuple[Browser, Browser], meeting: Class, database: Database
) -> None:
    path = f"/enrollments/{meeting.place('Bell')}/release"
    form = {"scope_probation": "yes", "scope_court": "yes"}
    assert two[0].post(path, data={**form, "signed_on": "2/20/2026"}).status_code == 303
    older = two[0].post(path, data={**form, "signed_on": "2/1/2026", "ends_on": "3/5/2026"})
    assert older.status_code == 422 and "The one of Fri, Feb 20, 2026 is newer, and holds." in older.text
    with database.system("test", writes=False) as session:
        assert session.scalar(select(func.count(Release.id))) == 1
