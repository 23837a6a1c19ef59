"""Whom a concern reaches: nobody for whom the person does not exist, and in words that tell nothing (D1, E3)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select, update

import web.enrollments
from monitor import case_openings
from monitor.access.scope import Scope
from monitor.db import Database
from monitor.models import Outbox, User, Wall, random_id
from tests.builders import add_user, at
from tests.classes import AFTER_CLASS, Class, open_class
from tests.web.conftest import Browser

NEUTRAL = ("1 item due today", "You have 1 item due today. Sign in.", "it waits for you.")


@pytest.fixture
def meeting(database: Database, monkeypatch: pytest.MonkeyPatch) -> Class:
    monkeypatch.setattr(web.enrollments, "utc_now", lambda: AFTER_CLASS)
    return open_class(database, people=1)


def wall(meeting: Class, user: int) -> None:
    with meeting.database.system("test: a wall") as session, session.begin():
        session.add(
            Wall(
                id=random_id(), agency_id=meeting.town.office, user_id=user, person_id=meeting.people["Bell"].person,
                entered_by_id=user, entered_at=at(date(2026, 2, 1)), sealed_why=b"x",
            )
        )  # fmt: skip


def somebody(meeting: Class, role: str, email: str) -> int:
    with meeting.database.system("test: staff") as session, session.begin():
        return add_user(session, meeting.town.office, role, email)


def put_concern(client_as: Callable[..., Browser], meeting: Class) -> list[Outbox]:
    program = client_as("program", agency_id=meeting.town.program_agency)
    address = f"/enrollments/{meeting.place('Bell')}/concern"
    assert program.post(address, data={"kind": "THREAT", "ground": "TOLD_STAFF"}).status_code == 303
    with meeting.database.system("test: who is told", writes=False) as session:
        return list(session.scalars(select(Outbox)))


def test_the_officer_who_is_kin_is_not_told_and_the_supervisor_is(
    meeting: Class, client_as: Callable[..., Browser]
) -> None:
    supervisor = somebody(meeting, "officer_supervisor", "lead@agency.example")
    kin = somebody(meeting, "officer_supervisor", "kin@agency.example")
    wall(meeting, meeting.officer)
    wall(meeting, kin)
    told = put_concern(client_as, meeting)
    assert [one.recipient_id for one in told] == [supervisor]
    assert {(one.subject, one.body, one.why) for one in told} == {NEUTRAL}


def test_a_wall_that_came_down_keeps_nobody_from_the_notice(
    meeting: Class, client_as: Callable[..., Browser]
) -> None:
    wall(meeting, meeting.officer)
    with meeting.database.system("test: two people took it down") as session, session.begin():
        session.execute(update(Wall).values(ended_at=at(date(2026, 2, 9))))
    assert [one.recipient_id for one in put_concern(client_as, meeting)] == [meeting.officer]


def test_an_officer_who_has_left_gets_no_mail_and_the_supervisor_does(
    meeting: Class, client_as: Callable[..., Browser]
) -> None:
    supervisor = somebody(meeting, "officer_supervisor", "lead@agency.example")
    with meeting.database.system("test: the officer left") as session, session.begin():
        session.execute(update(User).where(User.id == meeting.officer).values(disabled_at=AFTER_CLASS))
    assert [one.recipient_id for one in put_concern(client_as, meeting)] == [supervisor]


def test_a_supervisor_who_is_kin_hears_nothing_of_a_case_that_somebody_opened(
    meeting: Class, client_as: Callable[..., Browser]
) -> None:
    kin = somebody(meeting, "officer_supervisor", "kin@agency.example")
    supervisor = somebody(meeting, "officer_supervisor", "lead@agency.example")
    colleague = somebody(meeting, "officer", "second@agency.example")
    wall(meeting, kin)
    scope = Scope(user_id=colleague, role="officer", agency_id=meeting.town.office)
    with meeting.database.scoped(scope, writes=True) as session, session.begin():
        case_openings.open_case(session, meeting.people["Bell"].case, "CALL", "Covering on duty today", AFTER_CLASS)
    with meeting.database.system("test: who is told", writes=False) as session:
        told = list(session.scalars(select(Outbox)))
    assert [one.recipient_id for one in told] == [supervisor]
    assert {(one.subject, one.body, one.why) for one in told} == {NEUTRAL}
