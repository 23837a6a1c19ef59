"""What became known since the reader last looked: sheets, corrections, service, court outcomes, new cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final, NamedTuple

from sqlalchemy import Date, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from monitor.access.scope import trusted_sql
from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.words import chosen_words, outcome_words
from monitor.current import first_told
from monitor.flag_review.rows import say
from monitor.models import Agency, Assignment, Attendance, AuditEntry, Hearing, HearingResult, ReferralOut, Service
from monitor.models.base import BigId, UtcInstant
from monitor.today.page import News
from monitor.today.people import Somebody, asked_by, few, listed
from monitor.wording import count, month_day

EVENT: Final = "today.read"
MOST: Final = 12
SINCE: Final = bindparam("since", type_=UtcInstant())
# with no end PostgreSQL takes a third of all classes for new ones, and so planned both statements anew for each reader
EVER: Final = bindparam("ever", datetime(9999, 1, 1, tzinfo=UTC), type_=UtcInstant())
AT_FIRST: Final = timedelta(days=7)


def last_look(session: ScopedSession, day_began: datetime) -> datetime | None:
    """When the reader last opened this page before today, as the audit trail has it."""
    with trusted_sql("when this same person last read this page"):
        found: datetime | None = session.scalar(
            _last_look(), {"reader": session.scope.user_id, "day_began": day_began}
        )
    return found


@cache
def _last_look() -> Any:
    theirs = AuditEntry.user_id == bindparam("reader", type_=BigId), AuditEntry.event == EVENT
    return select(func.max(AuditEntry.at)).where(*theirs, AuditEntry.at < bindparam("day_began", type_=UtcInstant()))


class NewRows(NamedTuple):
    """What became known, as read: of sheets counts, of the rest rows with their case."""

    since: datetime
    sheets: Sequence[Any]
    corrections: Sequence[Any]
    served: Sequence[Any]
    outcomes: Sequence[Any]
    assigned: Sequence[Any]
    referred_out: Sequence[Any]

    def cases(self) -> set[int]:
        """Whom it may name."""
        parts = self.corrections, self.served, self.outcomes, self.assigned, self.referred_out
        return {row.case_id for part in parts for row in part}


def new_rows(session: ScopedSession, team: bool, since: datetime) -> NewRows:
    """Read once, for the people whom they name to be looked up."""
    builds = _of_sheets, _of_corrections, _of_service, _of_hearings, _of_assignments, _of_referrals_out
    asked = asked_by(session, team, since=since, day=since.date())
    return NewRows(since, *(session.execute(_few(build, team), asked).all() for build in builds))


@cache
def _few(build: Callable[[bool], Any], team: bool) -> Any:
    return few(build(team))


def news(read: NewRows, who: Mapping[int, Somebody]) -> tuple[News, ...]:
    """The newest first, a program's sheet as one line."""
    parts = (_sheets, _corrections, _served, _outcomes, _assigned, _referred_out)
    found = [line for part in parts for line in part(read, who)]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True)[:MOST])


def _since(known: Any) -> tuple[Any, Any]:
    return known > SINCE, known <= EVER


def _of_sheets(team: bool) -> Any:
    told = func.count().label("told"), func.max(Attendance.recorded_at).label("newest")
    columns = Agency.name, Attendance.outcome, *told
    return (
        select(*columns).join(Agency, Agency.id == Attendance.agency_id)
        .where(listed(Attendance.case_id, team), *_since(Attendance.recorded_at))
        .where(first_told(Attendance)).group_by(Agency.name, Attendance.outcome)
    )  # fmt: skip


def _of_corrections(team: bool) -> Any:
    before = aliased(Attendance)
    columns = (
        Attendance.case_id, Attendance.occurred_on, Attendance.outcome, Attendance.retracted, Attendance.recorded_at,
        before.outcome.label("was"),
    )  # fmt: skip
    return (
        select(*columns).join(before, before.id == Attendance.supersedes_id)
        .where(listed(Attendance.case_id, team), *_since(Attendance.recorded_at))
        .order_by(Attendance.recorded_at.desc()).limit(MOST)
    )  # fmt: skip


def _of_service(team: bool) -> Any:
    known = listed(Service.case_id, team), Service.recorded_at > SINCE
    columns = Service.case_id, Service.method, Service.recorded_at
    return select(*columns).where(*known).order_by(Service.recorded_at.desc()).limit(MOST)


def _of_hearings(team: bool) -> Any:
    known = listed(Hearing.case_id, team), Hearing.resulted_at > SINCE, Hearing.outcome.is_not(None)
    columns = (
        Hearing.case_id, Hearing.outcome, Hearing.resulted_at, HearingResult.response, HearingResult.matrix_number,
    )  # fmt: skip
    entry = and_(HearingResult.hearing_id == Hearing.id, HearingResult.undone_at.is_(None))
    told = select(*columns).join(HearingResult, entry, isouter=True).where(*known)
    return told.order_by(Hearing.resulted_at.desc()).limit(MOST)


def _of_assignments(team: bool) -> Any:
    new = Assignment.until_on.is_(None), Assignment.from_on > bindparam("day", type_=Date)
    return select(Assignment.case_id, Assignment.from_on).where(*new, listed(Assignment.case_id, team)).limit(MOST)


def _of_referrals_out(team: bool) -> Any:
    known = listed(ReferralOut.case_id, team), ReferralOut.answered_at > SINCE
    answered = ReferralOut.answer.in_(("ACCEPTED", "DECLINED"))
    columns = ReferralOut.case_id, ReferralOut.answer, ReferralOut.answered_at, Agency.name
    said = select(*columns).join(Agency, Agency.id == ReferralOut.agency_id).where(*known, answered)
    return said.order_by(ReferralOut.answered_at.desc()).limit(MOST)


def _sheets(read: NewRows, _who: Mapping[int, Somebody]) -> Iterator[News]:
    totals: Counter[str] = Counter()
    absent: Counter[str] = Counter()
    newest: dict[str, datetime] = {}
    for name, outcome, number, at in read.sheets:
        totals[name] += number
        absent[name] += number if outcome == "ABSENT" else 0
        newest[name] = max(at, newest.get(name, at))
    for name, number in totals.items():
        missed = f", {count(absent[name], 'absence')} among them" if absent[name] else ""
        yield News(f"{name} reported {count(number, 'class entry', 'class entries')}{missed}", newest[name])


def _corrections(read: NewRows, who: Mapping[int, Somebody]) -> Iterator[News]:
    for row in read.corrections:
        if row.case_id in who:
            now = "taken back" if row.retracted else say(row.outcome)
            text = (
                f"Correction: {who[row.case_id].name}, {month_day(row.occurred_on)} is now {now} (was {say(row.was)})"
            )
            yield News(text, row.recorded_at, _path(who[row.case_id]))


def _served(read: NewRows, who: Mapping[int, Somebody]) -> Iterator[News]:
    for row in read.served:
        if row.case_id in who:
            person = who[row.case_id]
            yield News(f"Order served on {person.name}, {say(row.method)}", row.recorded_at, _path(person))


def _outcomes(read: NewRows, who: Mapping[int, Somebody]) -> Iterator[News]:
    for row in read.outcomes:
        if row.case_id in who and row.resulted_at and row.outcome:
            person = who[row.case_id]
            told = f"The court answered: {person.name}, {outcome_words(row.outcome)}"
            told += chosen_words(row.response, row.matrix_number)
            yield News(told, row.resulted_at, _path(person))


def _assigned(read: NewRows, who: Mapping[int, Somebody]) -> Iterator[News]:
    for row in read.assigned:
        if row.case_id in who:
            person = who[row.case_id]
            at = datetime.combine(row.from_on, read.since.timetz())
            yield News(f"New on your list: {person.name}", at, _path(person))


def _referred_out(read: NewRows, who: Mapping[int, Somebody]) -> Iterator[News]:
    for row in read.referred_out:
        if row.case_id in who:
            told = f"{row.name} {row.answer.lower()} your referral of {who[row.case_id].name}"
            yield News(told, row.answered_at, f"/referrals-out/of/{row.case_id}")


def _path(person: Somebody) -> str:
    return f"/people/{person.person_id}?case={person.case_id}"
