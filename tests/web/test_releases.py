"""A release with scope and end date: once it has ended nothing more is taken, the program is told, the past stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

import web.attendance
import web.enrollments
import web.week
from monitor.current import current
from monitor.db import Database
from monitor.intake.importing import import_attendance
from monitor.models import Coverage, EnrollmentEvent, Release, random_id
from monitor.releases import ON_PAPER, releases_of
from tests.builders import at, attended
from tests.classes import AFTER_CLASS, MONDAY, Class, open_class
from tests.web.conftest import Browser

YESTERDAY = MONDAY - timedelta(days=1)


@pytest.fixture
def meeting(database: Database, monkeypatch: pytest.MonkeyPatch) -> Class:
    for door in (web.attendance, web.enrollments, web.week):
        monkeypatch.setattr(door, "utc_now", lambda: AFTER_CLASS)
    return open_class(database, people=2)


@pytest.fixture
def program(client_as: Callable[..., Browser], meeting: Class) -> Browser:
    return client_as("program", agency_id=meeting.town.program_agency)


def release(meeting: Class, family: str, until_on: date | None, scope: str = "probation,court") -> None:
    matter = meeting.people[family]
    with meeting.database.system("test: a release") as session, session.begin():
        session.add(
            Release(
                id=random_id(), case_id=matter.case, agency_id=meeting.town.program_agency, until_on=until_on,
                enrollment_id=matter.enrollment, occurred_on=date(2026, 1, 12), scope=scope,
                recorded_at=at(date(2026, 1, 12)),
            )
        )  # fmt: skip


def test_a_sheet_is_refused_for_the_one_whose_release_ended_yesterday_and_the_past_stays(
    meeting: Class, database: Database
) -> None:
    """Given the release ended yesterday Then the sheet is refused for that person with the reason, and yesterday's rows
    stay (practitioners 8)."""
    with database.system("test") as session, session.begin():
        attended(session, meeting.people["Bell"], MONDAY - timedelta(weeks=1))
    release(meeting, "Bell", YESTERDAY)
    release(meeting, "García-Ortiz", MONDAY)
    sheet = f"Last name,First name,Date,Status\nBell,Marcus,{MONDAY},present\nGarcía-Ortiz,Luis,{MONDAY},present\n"
    imported = import_attendance(database, "near-p", "week.csv", sheet.encode(), AFTER_CLASS)
    codes = [error.code for error in imported.check.errors]
    assert codes == ["R-RELEASE-ENDED"]
    assert "The release of Marcus Bell ended on Mar 1, 2026" in imported.check.errors[0].what
    assert meeting.standing() == {"García-Ortiz": "P"}, "good rows are saved beside it"
    assert meeting.standing(MONDAY - timedelta(weeks=1)) == {"Bell": "P"}, "what came in before stays"


def test_the_grid_takes_nothing_and_the_class_is_complete_without_them(program: Browser, meeting: Class) -> None:
    release(meeting, "Bell", YESTERDAY)
    page = program.get(meeting.path).text
    assert "release ended on Sun, Mar 1, 2026" in page and f"says.{meeting.place('Bell')}" not in page
    token = page.partition('name="token" value="')[2].partition('"')[0]
    form = {"token": token, f"says.{meeting.place('García-Ortiz')}": "P", f"says.{meeting.place('Bell')}": "U"}
    assert program.post(meeting.path, data=form).status_code == 422
    del form[f"says.{meeting.place('Bell')}"]
    assert program.post(meeting.path, data=form).status_code == 303
    assert meeting.standing() == {"García-Ortiz": "P"}


def test_the_program_is_told_on_its_first_page(program: Browser, meeting: Class) -> None:
    release(meeting, "Bell", YESTERDAY)
    release(meeting, "García-Ortiz", MONDAY + timedelta(days=10))
    text = program.get("/week").text
    assert "ended on Sun, Mar 1, 2026; nothing more is taken" in text
    assert "ends on Thu, Mar 12, 2026" in text


def test_without_a_last_day_it_ends_ninety_days_after_discharge(meeting: Class, database: Database) -> None:
    release(meeting, "Bell", None)
    matter = meeting.people["Bell"]
    with database.system("test") as session, session.begin():
        assert releases_of(session, [matter.enrollment])[matter.enrollment].ends_on is None
        session.add(
            EnrollmentEvent(
                id=random_id(), case_id=matter.case, agency_id=meeting.town.program_agency, event="DISCHARGED",
                enrollment_id=matter.enrollment, occurred_on=MONDAY, why="MOVED", recorded_at=AFTER_CLASS,
            )
        )  # fmt: skip
        session.flush()
        found = releases_of(session, [matter.enrollment])[matter.enrollment]
        assert found.ends_on == MONDAY + timedelta(days=90)
        assert not found.ended(MONDAY + timedelta(days=90)) and found.ended(MONDAY + timedelta(days=91))


def test_it_is_entered_and_withdrawn_on_the_persons_page(program: Browser, meeting: Class, database: Database) -> None:
    address = f"/enrollments/{meeting.place('Bell')}"
    assert "No release is on record" in program.get(address).text
    assert program.post(f"{address}/release", data={"signed_on": "3/1/2026"}).status_code == 422
    form = {"signed_on": "3/1/2026", "ends_on": "6/1/2026", "scope_probation": "yes", "scope_court": "yes"}
    assert program.post(f"{address}/release", data=form).status_code == 303
    assert "to probation, the court; ends on Mon, Jun 1, 2026" in program.get(address).text
    program.post(f"{address}/release", data={"act": "withdraw"})
    assert "Ended on Sun, Mar 1, 2026" in program.get(address).text, "from now on, not from tomorrow"


def test_what_was_typed_stays_where_it_is_not_taken(program: Browser, meeting: Class) -> None:
    place = f"/enrollments/{meeting.place('Bell')}"
    refused = program.post(f"{place}/release", data={
        "signed_on": "3/1/2026", "ends_on": "soon", "scope_probation": "yes", "scope_court": "yes",
    })  # fmt: skip
    assert refused.status_code == 422
    assert 'value="3/1/2026"' in refused.text and 'value="soon"' in refused.text
    for code in ("probation", "court"):
        assert f'id="scope-{code}" name="scope_{code}" value="yes" checked>' in refused.text
    half = program.post(f"{place}/concern", data={"kind": "THREAT", "ground": ""})
    assert half.status_code == 422 and 'value="THREAT" selected' in half.text
    token = program.get(place).text.partition('name="token" value="')[2].partition('"')[0]
    leave = {"move": "leave", "token": token, "on": "3/9/2026", "until_on": "", "agreed_court": "yes"}
    again = program.post(place, data=leave)
    assert again.status_code == 422 and 'name="agreed_court" value="yes" checked>' in again.text


@pytest.mark.parametrize("given", [("advocate_list",), ("probation",), ("court", "prosecutor"), ()])
def test_a_release_without_probation_and_court_is_kept_on_paper(
    program: Browser, meeting: Class, given: tuple[str, ...]
) -> None:
    address = f"/enrollments/{meeting.place('Bell')}"
    form = {"signed_on": "3/2/2026"} | {f"scope_{one}": "yes" for one in given}
    refused = program.post(f"{address}/release", data=form)
    assert refused.status_code == 422 and ON_PAPER in refused.text
    assert "No release is on record" in program.get(address).text


def test_an_older_release_to_the_advocates_list_alone_lets_nothing_be_recorded(
    program: Browser, meeting: Class
) -> None:
    release(meeting, "Bell", None, scope="advocate_list")
    page = program.get(meeting.path).text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    assert f"says.{meeting.place('Bell')}" not in page
    form = {"token": token, f"says.{meeting.place('García-Ortiz')}": "P", f"says.{meeting.place('Bell')}": "U"}
    assert program.post(meeting.path, data=form).status_code == 422
    assert meeting.standing() == {}
    assert "keep it on paper" in program.get(f"/enrollments/{meeting.place('Bell')}").text


def test_taken_back_on_the_day_of_signing_it_keeps_that_day_and_lets_nothing_be_recorded(
    program: Browser, meeting: Class, database: Database
) -> None:
    address = f"/enrollments/{meeting.place('Bell')}"
    form = {"signed_on": "3/2/2026", "scope_probation": "yes", "scope_court": "yes"}
    assert program.post(f"{address}/release", data=form).status_code == 303
    program.post(f"{address}/release", data={"act": "withdraw"})
    with database.system("test: the day of signing", writes=False) as session:
        [row] = session.scalars(select(Release).where(current(Release)))
        held = releases_of(session, [row.enrollment_id])[row.enrollment_id]
    assert row.occurred_on == MONDAY, "signed on March 2, whatever came after"
    assert held.ended(MONDAY), "nothing more from now on, not from tomorrow"


def test_the_sheet_is_not_complete_for_somebody_whose_release_ended(
    program: Browser, meeting: Class, database: Database
) -> None:
    release(meeting, "Bell", YESTERDAY)
    token = program.get(meeting.path).text.partition('name="token" value="')[2].partition('"')[0]
    program.post(meeting.path, data={"token": token, f"says.{meeting.place('García-Ortiz')}": "P"})
    with database.system("test: for whom the day is covered", writes=False) as session:
        assert session.scalars(select(Coverage.enrollment_id)).all() == [meeting.place("García-Ortiz")]
