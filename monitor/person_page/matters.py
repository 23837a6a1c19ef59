"""What waits about a case: open flags, and absences to decide: one line each, however many rules speak of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Select, and_, bindparam, select

from monitor.access.scoped_session import ScopedSession
from monitor.current import current
from monitor.flag_review.gaps import is_moved
from monitor.flag_review.words import OWNERS, tell
from monitor.models import Adjudication, Attendance, Enrollment, Flag, Program, Span
from monitor.models.attendance import ABSENT
from monitor.models.base import BigId
from monitor.person_page.page import Matter
from monitor.wording import short_day

# these speak of the decision on an absence; the absence itself stands on the list
OF_DECISIONS: Final = ("ABSENCE_PENDING", "ADJUDICATION_OVERDUE")
DECIDED_BY: Final = and_(Span.code.in_(OF_DECISIONS), Span.due_on.is_not(None))
GAP: Final = "Close a gap of the system"
CASE: Final = bindparam("case", type_=BigId)
FINAL: Final = ("EXCUSED", "UNEXCUSED", "ATTENDED_NOT_COMPLIED", "NOT_COUNTED", "RESCHEDULED")
FLAG_COLUMNS: Final = (
    Flag.id, Flag.case_id, Flag.agency_id, Flag.code, Flag.owner, Flag.response_class, Flag.severity, Flag.state,
    Flag.first_on, Flag.due_on, Flag.contested, Flag.opened_at, Flag.key, Flag.version,
    Span.certainty, Span.owner.label("rule_owner"), Span.about_id, Span.content,
)  # fmt: skip


def open_flags(where: ColumnElement[bool]) -> Select[Any]:
    """Flags that wait, with what their rule said."""
    waiting = Flag.state.in_(("OPEN", "ACKNOWLEDGED")), Flag.code.not_in(OF_DECISIONS)
    return select(*FLAG_COLUMNS).join(Span, Span.id == Flag.span_id).where(where, *waiting)


def undecided(where: ColumnElement[bool]) -> Any:
    """Absences on which nobody has decided for good, with the decision that asks for evidence if there is one."""
    columns = (
        Attendance.id, Attendance.case_id, Attendance.occurred_on, Attendance.recorded_at, Attendance.program_says,
        Program.name.label("program"), Adjudication.evidence_due_on,
    )  # fmt: skip
    decision = (Adjudication.attendance_id == Attendance.id) & current(Adjudication)
    return (
        select(*columns).join(Enrollment, Enrollment.id == Attendance.enrollment_id)
        .join(Program, Program.id == Enrollment.program_id).join(Adjudication, decision, isouter=True)
        .where(where, Attendance.outcome == ABSENT, current(Attendance))
        .where(Adjudication.id.is_(None) | (Adjudication.decision == "PENDING_EVIDENCE"))
        .order_by(Attendance.occurred_on, Attendance.id)
    )  # fmt: skip


def due_to_decide(where: ColumnElement[bool]) -> Any:
    """By when absences (ids) were to be decided, where a rule says so; ``where``: about `Span.case_id`."""
    return select(Span.about_id, Span.due_on).where(where, Span.known_until.is_(None), DECIDED_BY)


def due_days(rows: Iterable[Any]) -> dict[int, date]:
    """The days of `due_to_decide`, by absence."""
    return {about: due for about, due in rows if about is not None and due is not None}


@cache
def _flags_of_case() -> Select[Any]:
    return open_flags(Flag.case_id == CASE)


@cache
def _absences_of_case() -> Any:
    return undecided(Attendance.case_id == CASE)


def matters(
    session: ScopedSession, case_id: int, due: Mapping[int, date], now: datetime
) -> tuple[list[Matter], list[Matter]]:
    """What this office decides on, and what waits for others; the most pressing first. ``due``: of `due_days`."""
    flags = session.execute(_flags_of_case(), {"case": case_id}).all()
    mine = [*_absences(session, case_id, due), *(_flag(row, now) for row in flags if _is_ours(session, row))]
    others = [_flag(row, now) for row in flags if not _is_ours(session, row)]
    return gathered(sorted(mine, key=_pressing)), gathered(sorted(others, key=_pressing))


def gathered(matters: list[Matter]) -> list[Matter]:
    """Matters of one name as one line, the first with its sentence, the others as links with their day."""
    first: dict[tuple[str, str], Matter] = {}
    for one in matters:
        name = one.title, one.owner
        if name in first:
            more = (*first[name].more, (one.path, short_day(one.since)))
            first[name] = msgspec.structs.replace(first[name], more=more)
        else:
            first[name] = one
    return list(first.values())


def _is_ours(session: ScopedSession, row: Any) -> bool:
    ours = row.owner in ("offender", "probation") and row.certainty == "CERTAIN" or moved(row)
    return bool(ours and row.agency_id == session.scope.agency_id)


def moved(row: Any) -> bool:
    """Whether a reviewer moved it to the system's gaps: the office closes it."""
    return is_moved(row.owner, row.rule_owner, row.certainty)


def _pressing(matter: Matter) -> tuple[int, date]:
    order = {"E": 0, "D": 1, "C": 2, "B": 3}
    return order.get(matter.response_class or "", 4), matter.due_on or matter.since


def _absences(session: ScopedSession, case_id: int, due: Mapping[int, date]) -> Iterator[Matter]:
    for row in session.execute(_absences_of_case(), {"case": case_id}):
        by = row.evidence_due_on or due.get(row.id)
        waits = f" Evidence is asked for by {short_day(row.evidence_due_on)}." if row.evidence_due_on else ""
        yield Matter(
            f"/absences/{row.id}/decide", "Decide an absence",
            f"Absent on {short_day(row.occurred_on)}, {row.program}.{waits}", row.occurred_on, by, "Probation", None,
            bool(row.evidence_due_on), False,
        )  # fmt: skip


def _flag(row: Any, now: datetime) -> Matter:
    told, certain = tell(row.code, row.content, now), row.certainty == "CERTAIN"
    if moved(row):
        return Matter(
            f"/flags/{row.id}", GAP, f"Something was in the way: {told.title.lower()}. It is the system's to close.",
            row.first_on, None, OWNERS["system"], None, True, row.contested,
        )  # fmt: skip
    return Matter(
        f"/flags/{row.id}", told.title, told.sentence, row.first_on, row.due_on,
        OWNERS[row.owner if certain else "system"], row.response_class if certain else None,
        row.state == "ACKNOWLEDGED", row.contested,
    )  # fmt: skip
