"""The queries behind the list of places and behind one place."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from msgspec.structs import replace
from sqlalchemy import literal, null, select
from sqlalchemy.orm import Session

from monitor.clock import local_day
from monitor.current import current
from monitor.enrollment.moves import OPEN, Happened, State, moves_from, state_after
from monitor.enrollment.page import EventLine, Place, PlaceLine, PlacesPage
from monitor.enrollment.taken_back import taken_back
from monitor.enrollment.waiting import of_place
from monitor.group_days import Turn, group_days, turn_on
from monitor.models import (
    Case,
    Certificate,
    Court,
    Enrollment,
    EnrollmentEvent,
    Group,
    Hearing,
    Leave,
    Letter,
    Person,
    Program,
    Transfer,
)
from monitor.person_page.heading import listed_name
from monitor.releases import releases_of
from monitor.wording import short_day

REACH_WITHIN: Final = timedelta(days=3)
SAID: Final = {
    "REFERRED": "Referred", "CONTACTED": "Reached", "INTAKE_SCHEDULED": "Intake set", "INTAKE_HELD": "Intake held",
    "INTAKE_FAILED": "Did not come to the intake", "ENROLLED": "Placed in a group", "REJECTED": "Referral declined",
    "GROUP_CHANGED": "Group changed", "DISCHARGED": "Discharged", "EXITED": "Left", "WAITLISTED": "On the waiting list",
}  # fmt: skip
WHY: Final = {
    "COMPLETED": "completed", "ABSENCES": "absences", "BEHAVIOUR": "behavior", "NON_PAYMENT": "unpaid fees",
    "PROGRAM_CLOSED": "program closed", "MOVED": "moved", "ADMINISTRATIVE": "administrative", "DECEASED": "died",
}  # fmt: skip
# the court's own act has a check of its own; a call moves nobody; an intake is set on the day somebody enters it
NO_STEP: Final = frozenset({"REFERRED", "CONTACTED", "INTAKE_SCHEDULED"})
# the ones a program chooses from; completion has a move of its own
DISCHARGES: Final = {code: said for code, said in WHY.items() if code != "COMPLETED"}


def places_page(session: Session, today: date) -> PlacesPage:
    """Every place of the agency's programs."""
    lines = sorted(_lines(session, today), key=lambda one: (one.contact_by or one.since, one.name))
    by = {state: tuple(one for one in lines if one.state is state) for state in State}
    left = (*by[State.COMPLETED], *by[State.DISCHARGED], *by[State.DECLINED])
    return PlacesPage(
        (*by[State.REFERRED], *by[State.INTAKE_SET]), by[State.WAITING],
        tuple(sorted(by[State.ENROLLED], key=lambda one: one.name)),
        tuple(sorted(left, key=lambda one: one.since, reverse=True)),
    )  # fmt: skip


def _lines(session: Session, today: date, place_id: int | None = None) -> list[PlaceLine]:
    rows = select(
        Enrollment.id, Enrollment.case_id, Enrollment.code, Enrollment.recorded_at, Enrollment.group_id,
        Case.number, Court.zone, Person.family_name, Person.given_name, Person.middle_name, Person.suffix,
    ).join(Case, Case.id == Enrollment.case_id).join(Court, Court.id == Case.court_id).join(
        Person, Person.id == Enrollment.person_id
    ).where(Enrollment.id.not_in(taken_back()))  # fmt: skip
    if place_id is not None:
        rows = rows.where(Enrollment.id == place_id)
    found = session.execute(rows).all()
    told = events_of(session, [row.id for row in found])
    courts = _next_dates(session, [row.case_id for row in found], today)
    lines = [_line(row, told[row.id], courts.get(row.case_id), today) for row in found]
    return _with_groups(session, lines, {row.id: row.group_id for row in found}, today)


def _with_groups(
    session: Session, lines: Iterable[PlaceLine], places: Mapping[int, int | None], today: date
) -> list[PlaceLine]:
    """The group of today, and the one that a move leads to which is still to come."""
    codes: dict[int | None, str] = {key: code for key, code in session.execute(select(Group.id, Group.code))}
    turns = group_days(session, places)
    return [_in_group(line, turns[line.id], codes, today) for line in lines]


def _in_group(line: PlaceLine, turns: Sequence[Turn], codes: Mapping[int | None, str], today: date) -> PlaceLine:
    if line.state in OPEN and line.state is not State.ENROLLED:
        return line
    here = codes.get(turn_on(turns, today).group_id, "")
    ahead = [turn for turn in turns if turn.from_on > today]
    if line.state not in OPEN or not ahead:
        return replace(line, group=here)
    return replace(line, group=here, next_group=codes.get(ahead[-1].group_id, ""), next_on=ahead[-1].from_on)


def _line(row: Any, events: list[Any], court_on: date | None, today: date) -> PlaceLine:
    begun = [one for one in events if one.occurred_on <= today] or events[:1]
    state = state_after(Happened(one.event, one.why) for one in events)
    reached = any(one.event not in ("REFERRED", "DISCHARGED") for one in events)
    referred_at = max((one.recorded_at for one in events if one.event == "REFERRED"), default=row.recorded_at)
    referred_on = local_day(referred_at, row.zone)
    return PlaceLine(
        id=row.id, code=row.code, name=listed_name(row), number=row.number, state=state, referred_at=referred_at,
        group="", since=begun[-1].occurred_on if begun else referred_on,
        contact_by=referred_on + REACH_WITHIN if state is State.REFERRED and not reached else None, court_on=court_on,
    )  # fmt: skip


def events_of(session: Session, places: Iterable[int]) -> defaultdict[int, list[Any]]:
    """Standing events of places, and waiting-list letters among them, in the order in which they were entered.

    Each was a move from where the one before it led, whatever day it was for: a group from January on is no later step
    than a discharge today.
    """
    ids = list(places)
    columns = (
        EnrollmentEvent.enrollment_id.label("place"), EnrollmentEvent.event, EnrollmentEvent.occurred_on,
        EnrollmentEvent.why, EnrollmentEvent.recorded_at, EnrollmentEvent.reason,
    )  # fmt: skip
    rows = list(
        session.execute(select(*columns).where(EnrollmentEvent.enrollment_id.in_(ids), current(EnrollmentEvent)))
    )
    rows += _letters(session, ids)
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in sorted(rows, key=lambda one: (one.recorded_at, one.occurred_on)):
        found[row.place].append(row)
    return found


def _letters(session: Session, places: list[int]) -> list[Any]:
    columns = (
        Enrollment.id.label("place"), literal("WAITLISTED").label("event"), Letter.occurred_on, null().label("why"),
        Letter.recorded_at, null().label("reason"), Letter.seat_on,
    )  # fmt: skip
    rows = select(*columns).join(Letter, of_place()).where(Enrollment.id.in_(places), current(Letter))
    return list(session.execute(rows))


def _next_dates(session: Session, cases: Iterable[int], today: date) -> dict[int, date]:
    rows = session.execute(
        select(Hearing.case_id, Hearing.starts_at, Court.zone).join(Court, Court.id == Hearing.court_id)
        .where(Hearing.case_id.in_(list(cases)), Hearing.resulted_at.is_(None)).order_by(Hearing.starts_at.desc())
    )  # fmt: skip
    days = ((case_id, local_day(starts_at, zone)) for case_id, starts_at, zone in rows)
    return {case_id: day for case_id, day in days if day >= today}


def place_page(session: Session, place_id: int, today: date) -> Place | None:
    """One place of the asker's agency; None where there is none. What a certificate would lack is asked apart."""
    lines = _lines(session, today, place_id)
    if not lines:
        return None
    line = lines[0]
    place = session.scalars(select(Enrollment).where(Enrollment.id == place_id)).one()
    language = session.scalar(select(Person.language).where(Person.id == place.person_id))
    told = events_of(session, [place_id])[place_id]
    groups = session.execute(
        select(Group.id, Group.code).where(Group.program_id == place.program_id).order_by(Group.code)
    )
    programs = session.execute(
        select(Program.id, Program.name).where(Program.id != place.program_id).order_by(Program.name)
    )
    events = tuple(_said(session, place_id, told))
    seats = [one.seat_on for one in told if one.event == "WAITLISTED" and line.state is State.WAITING]
    steps = [one.occurred_on for one in told if one.event not in NO_STEP and one.occurred_on <= today]
    return Place(
        line=line, case_id=place.case_id, program_id=place.program_id, language=language or "",
        events=events, moves=moves_from(line.state),
        groups=tuple((key, code) for key, code in groups), programs=tuple((key, name) for key, name in programs),
        release=releases_of(session, [place_id]).get(place_id),
        seat_on=seats[-1] if seats else None, token=_token(events, place.group_id),
        turns=group_days(session, {place_id: place.group_id})[place_id],
        not_before=max(steps, default=None), away=_away(session, place_id),
    )  # fmt: skip


def _said(session: Session, place_id: int, told: Iterable[Any]) -> list[EventLine]:
    lines = [
        EventLine(
            f"{SAID[one.event]}{f', {WHY[one.why]}' if one.why else ''}", one.occurred_on, one.recorded_at,
            one.reason or "",
        )
        for one in told
    ]  # fmt: skip
    lines += _leaves(session, place_id)
    lines += _transfers(session, place_id)
    rows = session.scalars(select(Certificate).where(Certificate.enrollment_id == place_id, current(Certificate)))
    lines += [EventLine("Completion certified", one.occurred_on, one.recorded_at, one.reason or "") for one in rows]
    return sorted(lines, key=lambda one: (one.known_at, one.on), reverse=True)


def _transfers(session: Session, place_id: int) -> list[EventLine]:
    """From which program somebody came."""
    rows = session.execute(
        select(Transfer.occurred_on, Transfer.recorded_at, Transfer.reason, Program.name)
        .join(Program, Program.id == Transfer.from_program_id)
        .where(Transfer.enrollment_id == place_id, current(Transfer))
    )
    return [EventLine(f"Came from {name}", on, recorded_at, reason or "") for on, recorded_at, reason, name in rows]


def _away(session: Session, place_id: int) -> frozenset[date]:
    days = session.scalars(select(Leave.covers_on).where(Leave.enrollment_id == place_id, current(Leave)))
    return frozenset(days)


def _leaves(session: Session, place_id: int) -> list[EventLine]:
    rows = session.scalars(select(Leave).where(Leave.enrollment_id == place_id, current(Leave)))
    given: Mapping[datetime, list[date]] = defaultdict(list)
    for row in rows:
        given[row.recorded_at].append(row.covers_on)
    return [
        EventLine(f"Leave approved, {short_day(min(days))} to {short_day(max(days))}", min(days), at)
        for at, days in given.items()
    ]


def _token(events: Iterable[EventLine], group_id: int | None) -> str:
    """Another one as soon as something else has happened to the place."""
    known = f"{[(one.said, one.on, one.known_at) for one in events]}{group_id}"
    return hashlib.sha256(known.encode()).hexdigest()[:20]
