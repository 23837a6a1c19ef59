"""The program's people on screen: referral, moves, late clicks, the letter, and other programs' people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

import web.enrollments
from monitor.db import Database
from monitor.models import Concern, Enrollment, EnrollmentEvent, Outbox
from tests.builders import attended, build_town
from tests.classes import AFTER_CLASS, MONDAY, Class, open_class
from tests.web.conftest import Browser

SOON = MONDAY + timedelta(days=21)


@pytest.fixture
def meeting(database: Database, monkeypatch: pytest.MonkeyPatch) -> Class:
    monkeypatch.setattr(web.enrollments, "utc_now", lambda: AFTER_CLASS)
    return open_class(database, people=2)


@pytest.fixture
def program(client_as: Callable[..., Browser], meeting: Class) -> Browser:
    return client_as("program", agency_id=meeting.town.program_agency)


def path(meeting: Class, family: str = "Bell") -> str:
    return f"/enrollments/{meeting.place(family)}"


def token(browser: Browser, address: str) -> str:
    return browser.get(address).text.partition('name="token" value="')[2].partition('"')[0]


def test_the_list_and_a_place_show_where_everybody_stands(program: Browser, meeting: Class) -> None:
    text = program.get("/enrollments").text
    assert "In a group, 2" in text and "Bell, Marcus" in text
    place = program.get(path(meeting)).text
    assert "In a group" in place and "0 of 52 classes" in place


def test_a_discharge_for_unpaid_fees_is_refused_without_the_note_and_then_kept(
    program: Browser, meeting: Class, database: Database
) -> None:
    form = {"move": "discharge", "token": token(program, path(meeting)), "on": str(MONDAY), "why": "NON_PAYMENT"}
    refused = program.post(path(meeting), data=form)
    assert refused.status_code == 422
    assert "Nobody is discharged for unpaid fees before somebody asked" in refused.text
    kept = program.post(path(meeting), data={**form, "ability": "Asked in January: no income, sliding scale offered"})
    assert kept.status_code == 303
    with database.system("test", writes=False) as session:
        told = session.scalars(select(EnrollmentEvent).where(EnrollmentEvent.event == "DISCHARGED")).one()
        assert (told.why, told.reason) == ("NON_PAYMENT", "Asked in January: no income, sliding scale offered")
    assert "This place has ended" in program.get(path(meeting)).text


def test_a_move_that_does_not_lead_on_or_comes_too_late_is_refused(program: Browser, meeting: Class) -> None:
    old = token(program, path(meeting))
    form = {"move": "regroup", "token": old, "on": str(MONDAY), "group": str(meeting.wednesday)}
    assert program.post(path(meeting), data=form).status_code == 303
    assert program.post(path(meeting), data={**form, "group": str(meeting.town.group)}).status_code == 409
    again = token(program, path(meeting))
    assert program.post(path(meeting), data={**form, "token": again, "move": "decline"}).status_code == 409


def test_a_concern_outside_a_class_reaches_the_officer(program: Browser, meeting: Class, database: Database) -> None:
    address = f"{path(meeting)}/concern"
    assert program.post(address, data={"kind": "THREAT", "ground": "VICTIM"}).status_code == 422
    assert program.post(address, data={"kind": "THREAT", "ground": "TOLD_STAFF"}).status_code == 303
    with database.system("test", writes=False) as session:
        assert session.scalars(select(Concern.kind)).one() == "THREAT"
        assert session.scalars(select(Outbox.recipient_id)).one() == meeting.officer


def test_the_letter_says_that_the_seat_is_missing_and_not_the_person(
    program: Browser, meeting: Class, database: Database
) -> None:
    assert program.get(f"{path(meeting)}/letter").status_code == 404
    with database.system("test") as session, session.begin():
        for row in session.scalars(select(EnrollmentEvent).where(EnrollmentEvent.event == "ENROLLED")):
            session.delete(row)
        place = session.get(Enrollment, meeting.place("Bell"))
        assert place is not None
    form = {"move": "wait", "token": token(program, path(meeting)), "on": str(MONDAY), "seat_on": str(SOON)}
    assert program.post(path(meeting), data=form).status_code == 303
    letter = program.get(f"{path(meeting)}/letter").text
    assert "because we have no seat, not because of anything the person did" in letter
    assert "Waiting for a group, 1" in program.get("/enrollments").text


def test_another_programs_person_is_not_there(
    meeting: Class, database: Database, client_as: Callable[..., Browser]
) -> None:
    with database.system("test") as session, session.begin():
        far = build_town(session, code="far")
    stranger = client_as("program", agency_id=far.program_agency, name="Jo Doe")
    assert stranger.get(path(meeting)).status_code == stranger.get("/enrollments/12").status_code == 404
    assert stranger.post(path(meeting), data={"move": "discharge", "token": ""}).status_code == 404


def test_a_move_is_undone_right_after_saving_and_the_place_stands_where_it_stood(
    program: Browser, meeting: Class, database: Database
) -> None:
    form = {"move": "regroup", "token": token(program, path(meeting)), "on": str(MONDAY),
            "group": str(meeting.wednesday)}  # fmt: skip
    assert program.post(path(meeting), data=form).status_code == 303
    moved = program.get(path(meeting)).text
    assert f'action="{path(meeting)}/undo"' in moved and "In a group</b>, WED" in moved
    assert program.post(f"{path(meeting)}/undo", data={}).status_code == 303
    text = program.get(path(meeting)).text
    assert "In a group</b>, MON" in text and "Group changed" not in text
    with database.system("test", writes=False) as session:
        told = select(EnrollmentEvent).where(EnrollmentEvent.event == "GROUP_CHANGED")
        entered, back = session.scalars(told.order_by(EnrollmentEvent.retracted)).all()
        assert (back.supersedes_id, back.retracted, back.reason) == (entered.id, True, "Taken back by the program")


def test_a_discharge_is_taken_back_with_what_it_wrote_and_the_person_is_in_the_group_again(
    program: Browser, meeting: Class
) -> None:
    form = {"move": "discharge", "token": token(program, path(meeting)), "on": str(MONDAY), "why": "MOVED"}
    program.post(path(meeting), data=form)
    ended = program.get(path(meeting)).text
    assert "This place has ended" in ended and "Take back the newest entry" in ended
    leaky = {"token": token(program, path(meeting)), "reason": "his wife says he is back"}
    assert program.post(f"{path(meeting)}/undo", data=leaky).status_code == 422
    program.post(f"{path(meeting)}/undo", data={**leaky, "reason": "wrong person"})
    assert "In a group" in program.get(path(meeting)).text


def test_what_others_rest_on_is_not_taken_back(
    program: Browser, meeting: Class, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    leave = {"move": "leave", "token": token(program, path(meeting)), "on": str(SOON), "until_on": str(SOON),
             "agreed_court": "yes"}  # fmt: skip
    assert program.post(path(meeting), data=leave).status_code == 303
    stale = {"token": leave["token"], "reason": ""}
    assert program.post(f"{path(meeting)}/undo", data=stale).status_code == 409, "the page has moved on"
    with database.system("test") as session, session.begin():
        attended(session, meeting.people["Bell"], SOON)
    refused = program.post(f"{path(meeting)}/undo", data={})
    assert refused.status_code == 409 and "A class was recorded for this person since" in refused.text
    later = AFTER_CLASS + timedelta(days=20)
    other = path(meeting, "García-Ortiz")
    form = {"move": "discharge", "token": token(program, other), "on": str(MONDAY), "why": "MOVED"}
    program.post(other, data=form)
    monkeypatch.setattr(web.enrollments, "utc_now", lambda: later)
    text = program.post(f"{other}/undo", data={}).text
    assert "more than 14 days ago" in text


def test_the_courts_referral_and_a_colleagues_entry_are_not_undone_by_a_click(
    program: Browser, meeting: Class, client_as: Callable[..., Browser]
) -> None:
    form = {"move": "discharge", "token": token(program, path(meeting)), "on": str(MONDAY), "why": "MOVED"}
    program.post(path(meeting), data=form)
    colleague = client_as("program", agency_id=meeting.town.program_agency)
    assert colleague.post(f"{path(meeting)}/undo", data={}).status_code == 409
    assert "This place has ended" in program.get(path(meeting)).text
