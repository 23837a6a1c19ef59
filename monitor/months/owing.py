"""What the program owes and by when, before anybody else sees that it is late. A program reads no flag: it is told of
its own duties alone, never of what the rules ask about a participant (safeguard B9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from monitor.access.scope import trusted_sql
from monitor.current import current
from monitor.enrollment.reading import places_page
from monitor.intake.receiver import Receiver
from monitor.models import Attendance, Case, Enrollment, Report, Span, random_id
from monitor.models.attendance import ABSENT
from monitor.models.base import is_id
from monitor.months.page import Owed
from monitor.releases import releases_of

AHEAD = timedelta(days=31)
# duties that follow from the program's own record and nothing else: a clock that began with a police report, or that
# concerns a protected person, would tell of what the program may not know (safeguard B9), so it is not on this list
OWED = {
    "PROGRAM_REPORT_DUE": "Tell of an absence", "PROGRAM_REPORT_LATE": "Tell of an absence",
    "ATTENDANCE_NOT_REPORTED": "Report a class", "PROGRESS_REPORT_OVERDUE": "Send a progress report",
    "DISCHARGE_REPORT_OVERDUE": "Tell of a discharge", "SUMMARY_REPORT_OVERDUE": "Send a summary report",
    "EXIT_SUMMARY_OVERDUE": "Send an exit summary", "EXIT_SUMMARY_COPY_OVERDUE": "Send a copy of the exit summary",
    "PROGRAM_INTAKE_LATE": "Hold the intake",
}
OF_ABSENCES = ("PROGRAM_REPORT_DUE", "PROGRAM_REPORT_LATE")


def owed(session: Session, agency_id: int, today: date, now: datetime) -> tuple[Owed, ...]:
    """The agency's own duties, those that are late first."""
    places = places_page(session, today)
    by_place = {one.id: one for one in (*places.referrals, *places.waiting, *places.enrolled, *places.left)}
    rows = session.execute(
        select(Enrollment.case_id, Enrollment.program_id, Enrollment.id)
        .join(Case, Case.id == Enrollment.case_id).where(Case.closed_on.is_(None))
    )  # fmt: skip
    of_case = {(row.case_id, row.program_id): row.id for row in rows}
    cases = {case_id for case_id, _program in of_case}
    with trusted_sql("what the program itself owes by the rules"):
        spans = session.execute(
            select(Span.case_id, Span.code, Span.due_on, Span.starts_on, Span.about_id, Span.content)
            .where(Span.case_id.in_(cases), Span.owner == "provider", Span.known_until.is_(None))
            .where(Span.certainty == "CERTAIN", Span.code.in_(OWED))
            .where((Span.due_on < today + AHEAD) | (Span.due_on.is_(None) & (Span.starts_at <= now)))
            .where(or_(Span.ends_at.is_(None), Span.ends_at > now))
        ).all()  # fmt: skip
    days = _days(session, [span.about_id for span in spans if span.code in OF_ABSENCES])
    found = {
        Owed(
            OWED[code], place, by_place[place].name, due_on or since,
            bool(due_on and due_on < today), due_on is None, about if code in OF_ABSENCES else None,
            days.get(about) if code in OF_ABSENCES else None,
        )
        for case_id, code, due_on, since, about, content in spans
        if (place := _place(of_case, case_id, content)) is not None and place in by_place
    }  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.due_on, one.name, one.what, one.of or one.due_on)))


def _days(session: Session, absences: Collection[int | None]) -> Mapping[int | None, date]:
    """The days of the classes that were missed, of the program's own record."""
    rows = session.execute(select(Attendance.id, Attendance.occurred_on).where(Attendance.id.in_(absences)))
    return {row.id: row.occurred_on for row in rows}


def _place(of_case: Mapping[tuple[int, int], int], case_id: int, content: Mapping[str, object]) -> int | None:
    """The place that a span is about; a span of another program of the case is not this one's."""
    program = content.get("program")
    if program is not None:
        return of_case.get((case_id, int(str(program))))
    return next((place for (case, _program), place in of_case.items() if case == case_id), None)


def told_of(session: Session, attendance_id: int, by: Receiver) -> bool:
    """The program has told the court of an absence: a report of its own, which the rules read. False: nothing to tell.

    Only of its own standing absence, and only while the participant's release lets it tell the court.
    """
    if not is_id(attendance_id):
        return False
    row = session.scalar(
        select(Attendance).where(Attendance.id == attendance_id, Attendance.outcome == ABSENT, current(Attendance))
    )
    told = select(Report.id).where(Report.about_id == attendance_id, Report.sent_by == "PROGRAM", current(Report))
    if row is None or session.scalar(told) is not None:
        return False
    release = releases_of(session, [row.enrollment_id]).get(row.enrollment_id)
    if release is not None and (release.ended(by.today) or "court" not in release.scope):
        return False
    session.add(
        Report(
            id=random_id(), case_id=row.case_id, agency_id=by.agency_id, enrollment_id=row.enrollment_id,
            kind="NONCOMPLIANCE", sent_by="PROGRAM", sent_to="COURT", occurred_on=by.today, about_id=row.id, content={},
            recorded_at=by.now, recorded_by_id=by.user_id,
        )
    )  # fmt: skip
    session.flush()
    return True
