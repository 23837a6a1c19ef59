"""What makes an agency's software hear something: a sheet saved or missing, an item on a desk; and what never does."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

import web.enrollments
from monitor.db import Database
from monitor.intake.importing import import_attendance
from monitor.models import Agency, Outbox, Program, Wall, WebhookEndpoint, random_id
from monitor.rosters import remind_programs
from monitor.webhooks.announcing import announce_waiting
from monitor.webhooks.kinds import KINDS
from tests.builders import ZONE, add_user
from tests.classes import AFTER_CLASS, MONDAY, Class, open_class
from tests.web.conftest import Browser

ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def meeting(database: Database, monkeypatch: pytest.MonkeyPatch) -> Class:
    """A class, and software of each of its agencies that asked for everything."""
    monkeypatch.setattr(web.enrollments, "utc_now", lambda: AFTER_CLASS)
    meeting = open_class(database, people=1)
    with database.system("test: software of every agency") as session, session.begin():
        for agency in session.scalars(select(Agency.id)).all():
            session.add(
                WebhookEndpoint(agency_id=agency, url="https://ehr.example/", kinds=[*KINDS], sealed_secret=b"s",
                                made_at=AFTER_CLASS)
            )  # fmt: skip
    return meeting


def heard(meeting: Class, kind: str) -> list[tuple[int, dict[str, str]]]:
    """Which agencies hear of ``kind``, and what."""
    with meeting.database.system("test: what is told", writes=False) as session:
        rows = session.execute(
            select(WebhookEndpoint.agency_id, Outbox.body).join(Outbox, Outbox.recipient_id == WebhookEndpoint.id)
            .where(Outbox.channel == "webhook", Outbox.subject == kind)
        )  # fmt: skip
        return [(agency, json.loads(body)) for agency, body in rows]


def test_a_concern_tells_the_officers_software_that_something_waits_and_nothing_of_it(
    meeting: Class, client_as: Callable[..., Browser]
) -> None:
    program = client_as("program", agency_id=meeting.town.program_agency)
    address = f"/enrollments/{meeting.place('Bell')}/concern"
    assert program.post(address, data={"kind": "THREAT", "ground": "TOLD_STAFF"}).status_code == 303
    [(agency, told)] = heard(meeting, "item.waiting")
    assert agency == meeting.town.office
    assert told["data"]["why"] == "Somebody of your agency has something new to look at."
    person = meeting.people["Bell"]
    for word in ("Bell", "THREAT", str(person.person), str(person.case), str(meeting.place("Bell")), "concern"):
        assert word not in json.dumps(told)


@ON_SQLITE
def test_an_office_where_somebody_is_walled_off_hears_nothing_of_that_case(meeting: Class) -> None:
    """Its software may be read by that very person (D1, B7)."""
    person = meeting.people["Bell"]
    with meeting.database.system("test: kin at the office") as session, session.begin():
        kin = add_user(session, meeting.town.office, "officer", "kin@agency.example")
        session.add(Wall(id=random_id(), agency_id=meeting.town.office, user_id=kin, person_id=person.person,
                         entered_by_id=kin, entered_at=AFTER_CLASS, sealed_why=b"x"))  # fmt: skip
    with meeting.database.system("test: a word") as session, session.begin():
        assert announce_waiting(session, person.case, [meeting.officer], "concern:1", AFTER_CLASS) == 0
    assert heard(meeting, "item.waiting") == []


def test_a_sheet_that_is_saved_is_told_to_its_program_with_the_id_that_the_api_knows(meeting: Class) -> None:
    with meeting.database.system("test: which program", writes=False) as session:
        code = session.scalars(select(Program.code)).one()
    sheet = f"Last name,First name,Date,Status\nBell,Marcus,{MONDAY},present\n".encode()
    done = import_attendance(meeting.database, code, "week.csv", sheet, AFTER_CLASS)
    assert done.count == 1
    [(agency, words)] = heard(meeting, "sheet.saved")
    assert (agency, words["data"]["id"]) == (meeting.town.program_agency, str(done.upload_id))


@ON_SQLITE
def test_a_sheet_that_has_not_come_is_told_once_however_often_the_morning_looks(meeting: Class) -> None:
    later = AFTER_CLASS + timedelta(days=2)
    for _ in range(2):
        with meeting.database.system("test: the morning") as session, session.begin():
            remind_programs(session, later.date(), ZONE, later)
    told = heard(meeting, "sheet.missing")
    assert told and {agency for agency, _words in told} == {meeting.town.program_agency}
    assert len({words["data"]["id"] for _agency, words in told}) == len(told)


def test_every_notice_says_why_it_was_sent() -> None:
    """None can be written that does not, by e-mail or to software."""
    with pytest.raises(ValueError, match="why"):
        Outbox(key="k", channel="email", recipient_id=None, subject="s", body="b", why="", due_at=AFTER_CLASS)


def test_no_kind_tells_of_what_is_protected_by_its_very_existence() -> None:
    for kind, told in KINDS.items():
        assert set(told.agencies) <= {"program", "probation", "prosecution"}, kind
        for word in ("wall", "call", "protected", "victim", "advocate", "conflict", "safety", "notice", "medical"):
            assert word not in f"{kind} {told.label} {told.why}".lower()
