"""The court's door for a referral: what stands in a case, what may be entered, and entering and taking it back.

The court's people enter what the court ordered. The program has it on its list in the same transaction, and the officer
is told that there is something to look at. A referral that nobody has acted on can be taken back.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import aliased

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.reading import hearing_rows
from monitor.clock import local_day
from monitor.concerns import whom_to_tell
from monitor.db import writing_for_others
from monitor.enrollment.moves import TITLES, Happened, State, state_after
from monitor.enrollment.reading import REACH_WITHIN, events_of
from monitor.enrollment.referring import refer, take_back
from monitor.enrollment.taken_back import taken_back
from monitor.enrollment.waiting import of_place
from monitor.models import (
    Attendance,
    Case,
    Certificate,
    Enrollment,
    EnrollmentEvent,
    Hearing,
    Leave,
    Letter,
    Order,
    Program,
    Release,
    Requirement,
    Transfer,
)
from monitor.models.base import is_id
from monitor.names import last_first
from monitor.outbox.notice import notice
from monitor.webhooks.announcing import announce_waiting
from monitor.wording import short_day

ACTED_ON: Final[tuple[Any, ...]] = (Attendance, Certificate, Leave, Release, Transfer)
REASON: Final = "a referral by the court opens a place on the program's desk"


class PlaceOfCase(msgspec.Struct, frozen=True, kw_only=True):
    """A place of the case. ``reach_by``: the program's clock, None once it acted; ``untouched``: may be taken back."""

    id: int
    program: str
    state: str
    referred_on: date
    reach_by: date | None
    words: str
    untouched: bool


class ReferralsPage(msgspec.Struct, frozen=True, kw_only=True):
    """One case at one hearing. ``duties``: what orders in force ask of a program, by the requirement's id."""

    hearing_id: int
    case_id: int
    number: str
    respondent: str
    court: str
    starts_at: datetime
    zone: str
    closed: bool
    places: tuple[PlaceOfCase, ...]
    programs: tuple[tuple[int, str], ...]
    duties: tuple[tuple[int, str], ...]


class Referral(msgspec.Struct, frozen=True, kw_only=True):
    """What was entered; ids that could not be read are None. ``hour``: as the clock on the wall, "" if none was set."""

    program: int | None
    duty: int | None
    first_on: date | None = None
    bad_day: bool = False
    hour: str = ""
    bad_hour: bool = False


def referrals_page(session: ScopedSession, hearing_id: int, now: datetime) -> ReferralsPage | None:
    """What stands in the hearing's case; None: no such hearing for this person."""
    row = session.execute(hearing_rows().where(Hearing.id == hearing_id)).first() if is_id(hearing_id) else None
    if row is None:
        return None
    today = local_day(now, row.zone)
    taken = select(Enrollment.program_id).where(
        Enrollment.case_id == row.case_id, Enrollment.id.not_in(taken_back())
    )
    programs = session.execute(
        select(Program.id, Program.name).where(Program.id.not_in(taken)).order_by(Program.name, Program.id)
    )
    closed = session.scalar(select(Case.closed_on).where(Case.id == row.case_id))
    return ReferralsPage(
        hearing_id=row.id, case_id=row.case_id, number=row.number, court=row.court, starts_at=row.starts_at,
        respondent=last_first(row.family_name, row.given_name), zone=row.zone, closed=closed is not None,
        places=tuple(_places(session, row.case_id, row.zone)), programs=tuple((key, name) for key, name in programs),
        duties=tuple(_duties(session, row.case_id, today)),
    )  # fmt: skip


def _places(session: ScopedSession, case_id: int, zone: str) -> list[PlaceOfCase]:
    rows = session.execute(
        select(Enrollment.id, Enrollment.agency_id, Enrollment.recorded_at, Program.name)
        .join(Program, Program.id == Enrollment.program_id)
        .where(Enrollment.case_id == case_id, Enrollment.id.not_in(taken_back())).order_by(Program.name, Enrollment.id)
    ).all()
    told = events_of(session, [row.id for row in rows])
    return [_place(session, row, told[row.id], zone) for row in rows]


def _place(session: ScopedSession, row: Any, events: list[Any], zone: str) -> PlaceOfCase:
    referred = [one for one in events if one.event == "REFERRED"]
    state = state_after(Happened(one.event, one.why) for one in events)
    at = max((one.recorded_at for one in referred), default=row.recorded_at)
    waits = state is State.REFERRED and len(events) == len(referred)
    return PlaceOfCase(
        id=row.id, program=row.name, state=TITLES[state], referred_on=local_day(at, zone),
        reach_by=local_day(at, zone) + REACH_WITHIN if waits else None,
        words=referred[-1].reason or "" if referred else "",
        untouched=waits and bool(referred) and not _acted_on(session, row.id),
    )  # fmt: skip


def _acted_on(session: ScopedSession, place_id: int) -> bool:
    """Whether anything but the referral was ever written of the place, also what was taken back since."""
    moves = select(EnrollmentEvent.id).where(
        EnrollmentEvent.enrollment_id == place_id, EnrollmentEvent.event != "REFERRED"
    )
    letters = select(Letter.id).join(Enrollment, of_place()).where(Enrollment.id == place_id)
    others = (select(entity.id).where(entity.enrollment_id == place_id) for entity in ACTED_ON)
    return any(session.scalars(one.limit(1)).first() is not None for one in (moves, letters, *others))


def _duties(session: ScopedSession, case_id: int, today: date) -> list[tuple[int, str]]:
    later = aliased(Requirement)
    rows = session.execute(
        select(Requirement.id, Requirement.from_on, Order.kind).join(Order, Order.id == Requirement.order_id)
        .where(Requirement.case_id == case_id, Requirement.kind == "bip",
               Requirement.until_on.is_(None) | (Requirement.until_on > today),
               Requirement.id.not_in(select(later.supersedes_id).where(later.supersedes_id.is_not(None))))
        .order_by(Requirement.from_on, Requirement.id)
    )  # fmt: skip
    return [
        (key, f"Program, {kind.replace('_', ' ').lower()} order, from {short_day(from_on)}")
        for key, from_on, kind in rows
    ]


def faults_of(page: ReferralsPage, referral: Referral, today: date) -> dict[str, str]:
    """By field, what is missing or cannot be."""
    found: dict[str, str] = {}
    if referral.program not in dict(page.programs):
        found["program"] = "Choose the program. One that has the person already is not on the list."
    if referral.duty not in dict(page.duties):
        found["duty"] = "Choose what in the order asks for a program."
    if referral.bad_day or (referral.first_on and not 0 <= (referral.first_on - today).days <= 120):
        found["first_on"] = "Give a day from today on, within four months, for instance 12/4/2026; or leave it empty."
    if referral.bad_hour or (referral.hour and not referral.first_on and "first_on" not in found):
        found["hour"] = "Give the hour as 6:00 PM or 18:00, with its day; or leave it empty."
    return found


def enter(session: ScopedSession, page: ReferralsPage, referral: Referral, now: datetime) -> int:
    """Put the referral on the program's list and tell the officer. ``faults_of`` was asked before; the place's id."""
    assert referral.program is not None and referral.duty is not None
    words = dict(page.duties)[referral.duty]
    if referral.first_on:
        words += f"; first hour {short_day(referral.first_on)}{f', {referral.hour}' if referral.hour else ''}"
    today, user = local_day(now, page.zone), session.scope.user_id
    with writing_for_others(session, REASON):
        place = refer(session, page.case_id, referral.program, today, now, words=words, by=user)
    _tell(session, page.case_id, "referral", place, now)
    return place


def withdraw(session: ScopedSession, page: ReferralsPage, place_id: int, now: datetime) -> bool:
    """Take a referral back that nobody has acted on; False: somebody has, or there is none."""
    if not any(one.id == place_id and one.untouched for one in page.places):
        return False
    with writing_for_others(session, REASON):
        take_back(session, place_id, local_day(now, page.zone), now, session.scope.user_id)
    _tell(session, page.case_id, "referral-back", place_id, now)
    return True


def _tell(session: ScopedSession, case_id: int, what: str, place_id: int, now: datetime) -> None:
    told = whom_to_tell(session, case_id, now)
    session.add_all(notice(f"{what}:{place_id}:{user}:{now.isoformat()}", user, now, "digest") for user in told)
    announce_waiting(session, case_id, told, f"{what}:{place_id}:{now.isoformat()}", now)
    session.flush()
