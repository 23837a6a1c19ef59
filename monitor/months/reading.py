"""The queries behind a month: attendance counted per person, what is missing, reports signed, totals of the program."""

from __future__ import annotations

import calendar
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import String, cast, distinct, func, select
from sqlalchemy.orm import Session

from monitor.current import current
from monitor.grid.classes import classes_between, rosters_of
from monitor.grid.page import RATINGS, ClassLine
from monitor.intake.record.standing import read_stored
from monitor.intake.roster import Member, Roster
from monitor.models import Attendance, CertifiedMonth, Enrollment, EnrollmentEvent, Participation, Report
from monitor.months.due import NOBODY_SAID, DueDays, due_days
from monitor.months.page import Month, MonthLine, ReportLine, Wanted
from monitor.names import last_first
from monitor.releases import Released, releases_of
from rules.pack_files import Packs

THERE = ("P", "L", "M")
NOT_HELD = ("C", "N", "SX", "J", "I")  # no class for this person: nobody can miss it
TOTALS = {
    "REFERRED": "Referred", "INTAKE_HELD": "Intakes held", "ENROLLED": "Placed in a group",
    "COMPLETED": "Completed", "ABSENCES": "Discharged for absences", "BEHAVIOUR": "Discharged for behavior",
    "NON_PAYMENT": "Discharged for unpaid fees", "OTHER": "Left for another reason", "REJECTED": "Referrals declined",
}  # fmt: skip


def last_of(first: date) -> date:
    """The last day of the month."""
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def month_page(
    session: Session, agency_id: int, first: date, today: date, rosters: Mapping[int, Roster] | None = None
) -> Month:
    """One month of the agency's programs. ``rosters``: of `rosters_of`, where a page has read them."""
    last = last_of(first)
    lines: list[ReportLine] = []
    rosters = rosters or rosters_of(session, agency_id)
    classes = classes_between(session, agency_id, first, min(last, today), rosters)
    for program_id, roster in rosters.items():
        members = [one for one in roster.members if _was_here(one, first, last)]
        lines += _lines(session, program_id, members, classes, (first, last, today))
    signed = session.scalars(
        select(CertifiedMonth).where(CertifiedMonth.month == first).order_by(CertifiedMonth.certified_at)
    ).first()
    return Month(
        first=first, last=last, lines=tuple(sorted(lines, key=lambda one: one.name)), over=today > last,
        totals=_totals(session, classes, lines, first, last), signed_as=signed.signed_as if signed else "",
        signed_at=signed.certified_at if signed else None,
    )  # fmt: skip


def _was_here(member: Member, first: date, last: date) -> bool:
    return member.start is not None and member.start <= last and (member.end is None or member.end >= first)


def _lines(
    session: Session, program_id: int, members: Sequence[Member], classes: Iterable[ClassLine],
    days: tuple[date, date, date],
) -> list[ReportLine]:  # fmt: skip
    first, last, today = days
    said: defaultdict[int, Counter[str]] = defaultdict(Counter)
    total = _came_before(session, program_id, first)
    for (place, _on, _number), stored in read_stored(session, program_id, first, last).items():
        said[place][stored.says] += 1
        total[place] += stored.says in THERE
    missing: defaultdict[int, list[date]] = defaultdict(list)
    for one in classes:
        for who in one.missing:
            missing[who.key].append(one.on)
    ids = [member.key for member in members]
    ratings, reports = _ratings(session, ids, first, last), _signed(session, ids, first)
    releases = releases_of(session, ids)
    return [
        _line(one, said[one.key], total[one.key], tuple(missing[one.key]), ratings.get(one.key, ""),
              reports.get(one.key), releases.get(one.key), today)
        for one in members
    ]  # fmt: skip


def _came_before(session: Session, program_id: int, first: date) -> Counter[int]:
    """At how many classes before a day people of the program were, by their place."""
    each = cast(Attendance.occurred_on, String) + ":" + cast(Attendance.number, String)
    rows = session.execute(
        select(Attendance.enrollment_id, func.count(distinct(each)))
        .join(Enrollment, Enrollment.id == Attendance.enrollment_id)
        .where(Enrollment.program_id == program_id, Attendance.occurred_on < first)
        .where(Attendance.program_says.in_(THERE), current(Attendance)).group_by(Attendance.enrollment_id)
    )  # fmt: skip
    return Counter({place: number for place, number in rows})


def _line(
    member: Member, said: Counter[str], total: int, missing: tuple[date, ...], rating: str, report: Report | None,
    release: Released | None, today: date,
) -> ReportLine:  # fmt: skip
    return ReportLine(
        place_id=member.key, name=last_first(member.last, member.first), number=member.case_number,
        held=sum(number for code, number in said.items() if code not in NOT_HELD),
        attended=sum(said[code] for code in THERE), late=said["L"], excused=said["E"],
        no_show=said["U"], no_reason=said["ABS"], no_credit=said["LN"] + said["D"], custody=said["J"],
        intakes=said["I"], total=total, rating=RATINGS.get(rating, ""), missing=missing,
        signed_at=report.recorded_at if report else None,
        recommendation=report.content.get("recommendation", "") if report else "",
        released=release.scope if release else ("probation", "court"),
        ended=release.ends_on if release and release.ended(today) else None, closed=member.closed_on,
        sent=report.content if report else {},
    )  # fmt: skip


def _ratings(session: Session, places: Iterable[int], first: date, last: date) -> dict[int, str]:
    """The newest rating of the month."""
    rows = session.execute(
        select(Participation.enrollment_id, Participation.rating)
        .where(Participation.enrollment_id.in_(list(places)), current(Participation))
        .where(Participation.occurred_on.between(first, last)).order_by(Participation.occurred_on)
    )  # fmt: skip
    return {place: rating for place, rating in rows}


def _signed(session: Session, places: Iterable[int], first: date) -> Mapping[int, Report]:
    """The month's report of each place, where it is signed."""
    rows = session.scalars(
        select(Report).where(Report.enrollment_id.in_(list(places)), Report.kind == "PROGRESS", current(Report))
        .where(Report.sent_by == "PROGRAM").order_by(Report.recorded_at)
    )  # fmt: skip
    month = f"{first:%Y-%m}"
    return {row.enrollment_id: row for row in rows if row.enrollment_id and row.content.get("month") == month}


def _totals(
    session: Session, classes: Iterable[ClassLine], lines: Iterable[ReportLine], first: date, last: date
) -> tuple[tuple[str, int], ...]:
    """What state activity reports ask for, from daily work."""
    rows: Any = session.execute(
        select(EnrollmentEvent.event, EnrollmentEvent.why, func.count(EnrollmentEvent.id))
        .join(Enrollment, Enrollment.id == EnrollmentEvent.enrollment_id)
        .where(EnrollmentEvent.occurred_on.between(first, last), current(EnrollmentEvent))
        .group_by(EnrollmentEvent.event, EnrollmentEvent.why)
    )  # fmt: skip
    found: Counter[str] = Counter()
    for event, why, number in rows:
        left = event in ("DISCHARGED", "EXITED")
        found[(why if why in TOTALS else "OTHER") if left else event] += number
    people = list(lines)
    return (
        ("People in groups", len(people)), ("Classes held", sum(not one.cancelled for one in classes if one.recorded)),
        ("Attended", sum(one.attended for one in people)), ("Late", sum(one.late for one in people)),
        ("Excused, as the program says", sum(one.excused for one in people)),
        ("No credit", sum(one.no_credit for one in people)), ("No show", sum(one.no_show for one in people)),
        ("Reason not given", sum(one.no_reason for one in people)),
        ("In custody", sum(one.custody for one in people)), *((said, found[code]) for code, said in TOTALS.items()),
    )  # fmt: skip


def months_list(
    session: Session, agency_id: int, today: date, packs: Packs, now: datetime, back: int = 3
) -> tuple[MonthLine, ...]:
    """This month and those before it, newest first."""
    found, first, rosters = [], today.replace(day=1), rosters_of(session, agency_id)
    for _ in range(back):
        found.append(month_page(session, agency_id, first, today, rosters))
        first = (first - timedelta(days=1)).replace(day=1)
    places = {one.place_id for month in found for one in month.unsigned if not month.signed_as}
    days = due_days(session, places, [month.first for month in found], packs, now) if places else {}
    return tuple(_month_line(month, days) for month in found if month.lines)


def _month_line(month: Month, days: DueDays) -> MonthLine:
    by_place = {one.place_id: days.get((one.place_id, month.first), NOBODY_SAID) for one in month.unsigned}
    said = Counter(by_place.values())
    return MonthLine(
        month.first, month.title, len(month.lines), len(month.lines) - len(month.unsigned), bool(month.signed_as),
        tuple(sorted(Wanted(day.after(month.last), day.source, number) for day, number in said.items())),
        tuple((place, day.after(month.last)) for place, day in by_place.items()),
    )
