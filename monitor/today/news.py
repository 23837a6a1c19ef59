"""What became known since the reader last looked: sheets, corrections, service, court outcomes, new cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import Date, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from monitor.access.scope import ScopedSession, trusted_sql
from monitor.bench_page.words import chosen_words, outcome_words
from monitor.flag_review.rows import say
from monitor.models import Agency, Assignment, Attendance, AuditEntry, Hearing, HearingResult, ReferralOut, Service
from monitor.models.base import UtcInstant
from monitor.today.page import News
from monitor.today.people import Somebody, asked_by, listed
from monitor.wording import count, month_day

EVENT: Final = "today.read"
MOST: Final = 12
SINCE: Final = bindparam("since", type_=UtcInstant())
AT_FIRST: Final = timedelta(days=7)


def last_look(session: ScopedSession, day_began: datetime) -> datetime | None:
    """When the reader last opened this page before today, as the audit trail has it."""
    with trusted_sql("when this same person last read this page"):
        return session.scalar(
            select(func.max(AuditEntry.at)).where(
                AuditEntry.user_id == session.scope.user_id, AuditEntry.event == EVENT, AuditEntry.at < day_began
            )
        )


def news(session: ScopedSession, team: bool, who: Mapping[int, Somebody], since: datetime) -> tuple[News, ...]:
    """The newest first, a program's sheet as one line."""
    parts = (_sheets, _corrections, _served, _outcomes, _assigned, _referred_out)
    found = [line for part in parts for line in part(session, team, who, since)]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True)[:MOST])


@cache
def _of_sheets(team: bool) -> Any:
    columns = Agency.name, Attendance.outcome, func.count(), func.max(Attendance.recorded_at)
    return (
        select(*columns).join(Agency, Agency.id == Attendance.agency_id)
        .where(listed(Attendance.case_id, team), Attendance.recorded_at > SINCE)
        .where(Attendance.supersedes_id.is_(None)).group_by(Agency.name, Attendance.outcome)
    )  # fmt: skip


@cache
def _of_corrections(team: bool) -> Any:
    before = aliased(Attendance)
    columns = (
        Attendance.case_id, Attendance.occurred_on, Attendance.outcome, Attendance.retracted, Attendance.recorded_at,
        before.outcome.label("was"),
    )  # fmt: skip
    return (
        select(*columns).join(before, before.id == Attendance.supersedes_id)
        .where(listed(Attendance.case_id, team), Attendance.recorded_at > SINCE)
        .order_by(Attendance.recorded_at.desc()).limit(MOST)
    )  # fmt: skip


@cache
def _of_service(team: bool) -> Any:
    known = listed(Service.case_id, team), Service.recorded_at > SINCE
    columns = Service.case_id, Service.method, Service.recorded_at
    return select(*columns).where(*known).order_by(Service.recorded_at.desc()).limit(MOST)


@cache
def _of_hearings(team: bool) -> Any:
    known = listed(Hearing.case_id, team), Hearing.resulted_at > SINCE, Hearing.outcome.is_not(None)
    columns = (
        Hearing.case_id, Hearing.outcome, Hearing.resulted_at, HearingResult.response, HearingResult.matrix_number,
    )  # fmt: skip
    entry = and_(HearingResult.hearing_id == Hearing.id, HearingResult.undone_at.is_(None))
    told = select(*columns).join(HearingResult, entry, isouter=True).where(*known)
    return told.order_by(Hearing.resulted_at.desc()).limit(MOST)


@cache
def _of_assignments(team: bool) -> Any:
    new = Assignment.until_on.is_(None), Assignment.from_on > bindparam("day", type_=Date)
    return select(Assignment.case_id, Assignment.from_on).where(listed(Assignment.case_id, team), *new).limit(MOST)


@cache
def _of_referrals_out(team: bool) -> Any:
    known = listed(ReferralOut.case_id, team), ReferralOut.answered_at > SINCE
    answered = ReferralOut.answer.in_(("ACCEPTED", "DECLINED"))
    columns = ReferralOut.case_id, ReferralOut.answer, ReferralOut.answered_at, Agency.name
    said = select(*columns).join(Agency, Agency.id == ReferralOut.agency_id).where(*known, answered)
    return said.order_by(ReferralOut.answered_at.desc()).limit(MOST)


def _sheets(session: ScopedSession, team: bool, _who: Mapping[int, Somebody], since: datetime) -> Iterator[News]:
    rows = session.execute(_of_sheets(team), asked_by(session, team, since=since))
    totals: Counter[str] = Counter()
    absent: Counter[str] = Counter()
    newest: dict[str, datetime] = {}
    for name, outcome, number, at in rows:
        totals[name] += number
        absent[name] += number if outcome == "ABSENT" else 0
        newest[name] = max(at, newest.get(name, at))
    for name, number in totals.items():
        missed = f", {count(absent[name], 'absence')} among them" if absent[name] else ""
        yield News(f"{name} reported {count(number, 'class entry', 'class entries')}{missed}", newest[name])


def _corrections(session: ScopedSession, team: bool, who: Mapping[int, Somebody], since: datetime) -> Iterator[News]:
    rows = session.execute(_of_corrections(team), asked_by(session, team, since=since)).all()
    for row in rows:
        if row.case_id in who:
            now = "taken back" if row.retracted else say(row.outcome)
            text = (
                f"Correction: {who[row.case_id].name}, {month_day(row.occurred_on)} is now {now} (was {say(row.was)})"
            )
            yield News(text, row.recorded_at, _path(who[row.case_id]))


def _served(session: ScopedSession, team: bool, who: Mapping[int, Somebody], since: datetime) -> Iterator[News]:
    rows = session.execute(_of_service(team), asked_by(session, team, since=since)).all()
    for row in rows:
        if row.case_id in who:
            person = who[row.case_id]
            yield News(f"Order served on {person.name}, {say(row.method)}", row.recorded_at, _path(person))


def _outcomes(session: ScopedSession, team: bool, who: Mapping[int, Somebody], since: datetime) -> Iterator[News]:
    rows = session.execute(_of_hearings(team), asked_by(session, team, since=since)).all()
    for row in rows:
        if row.case_id in who and row.resulted_at and row.outcome:
            person = who[row.case_id]
            told = f"The court answered: {person.name}, {outcome_words(row.outcome)}"
            told += chosen_words(row.response, row.matrix_number)
            yield News(told, row.resulted_at, _path(person))


def _assigned(session: ScopedSession, team: bool, who: Mapping[int, Somebody], since: datetime) -> Iterator[News]:
    rows = session.execute(_of_assignments(team), asked_by(session, team, day=since.date())).all()
    for row in rows:
        if row.case_id in who:
            person = who[row.case_id]
            at = datetime.combine(row.from_on, since.timetz())
            yield News(f"New on your list: {person.name}", at, _path(person))


def _referred_out(session: ScopedSession, team: bool, who: Mapping[int, Somebody], since: datetime) -> Iterator[News]:
    for row in session.execute(_of_referrals_out(team), asked_by(session, team, since=since)).all():
        if row.case_id in who:
            told = f"{row.name} {row.answer.lower()} your referral of {who[row.case_id].name}"
            yield News(told, row.answered_at, f"/referrals-out/of/{row.case_id}")


def _path(person: Somebody) -> str:
    return f"/people/{person.person_id}?case={person.case_id}"
