"""What of a case's file speaks for the person, whether or not a rule looked at it (safeguard F6).

Excused and not counted classes, classes the program cancelled or sent people away from, make-up classes, rows that
were wrong and were corrected, pauses and letters, what a program answered in the person's favour when it was asked
about a class; and like questions that were asked and dismissed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from monitor.access.reach import reach_of
from monitor.access.scoped_session import ScopedSession
from monitor.allegations.lines import Line
from monitor.clock import local_day
from monitor.current import current
from monitor.flag_review.rows import row_words
from monitor.flag_review.spanish import said_of
from monitor.flag_review.words import tell
from monitor.models import (
    Adjudication,
    Agency,
    Attendance,
    Flag,
    Leave,
    Letter,
    Pause,
    ProgramQuestion,
    Review,
    Span,
    User,
)
from rules.sayings import Language

PROGRAMS_DOING = ("SENT_AWAY_PROVIDER", "SESSION_CANCELLED")
ANSWERED = ("NO_CLASS", "NOT_EXPECTED", "WITH_ENTRY", "ON_PAPER")  # a correction stands in the record itself
ATTENDED = ("PRESENT", "PRESENT_LATE", "LEFT_EARLY")
SAYS = {
    "en": {"make_up": "Make-up class attended", "attended": "Classes attended: {}, the last", "wrong": "Corrected: ",
           "leave": "Leave that the program approved ahead of time", "E": "The program's sheet says: excused",
           "J": "The program's sheet says: in custody",
           "gap": "Something was in the person's way: taken as a gap of the system",
           "NO_CLASS": "The program answered: there was no class",
           "NOT_EXPECTED": "The program answered: the person was not expected",
           "WITH_ENTRY": "The program answered: a reason was given, and stands with the entry",
           "ON_PAPER": "The program answered: a reason was given, and it holds a paper on it"},
    "es": {"make_up": "Clase recuperada", "attended": "Clases asistidas: {}, la última", "wrong": "Corregido: ",
           "leave": "Permiso que el programa aprobó de antemano", "E": "La hoja del programa dice: con excusa",
           "J": "La hoja del programa dice: en custodia",
           "gap": "Algo impedía cumplir a la persona: se anotó como falla del sistema",
           "NO_CLASS": "El programa respondió: no hubo clase",
           "NOT_EXPECTED": "El programa respondió: no se esperaba a la persona",
           "WITH_ENTRY": "El programa respondió: se dio un motivo, que consta con la anotación",
           "ON_PAPER": "El programa respondió: se dio un motivo, y tiene un papel al respecto"},
}  # fmt: skip


def helps(session: ScopedSession, case_id: int, zone: str, language: Language = "en") -> tuple[Line, ...]:
    """The lines, oldest first within each kind."""
    agencies: dict[int, str] = dict(session.execute(select(Agency.id, Agency.name)).all())
    found = (
        *_decisions(session, case_id, agencies, language), *_classes(session, case_id, agencies, language),
        *_papers(session, case_id, agencies, language), *_leaves(session, case_id, agencies, language),
        *answers_of(session, case_id, language), *_gaps(session, case_id, zone, language),
    )  # fmt: skip
    return tuple(found)


def _said(name: str, word: str | None, more: str | None, language: Language) -> str:
    return row_words(name, word, more) if language == "en" else said_of(name, word or "", more or "")


def _decisions(
    session: ScopedSession, case_id: int, agencies: dict[int, str], language: Language
) -> Iterator[Line]:
    columns = (Attendance.occurred_on, Adjudication.decision, Adjudication.why, Adjudication.agency_id)
    told = (
        select(*columns).join(Attendance, Attendance.id == Adjudication.attendance_id)
        .where(Adjudication.case_id == case_id, Adjudication.decision.in_(("EXCUSED", "NOT_COUNTED")))
        .where(current(Adjudication)).order_by(Attendance.occurred_on)
    )  # fmt: skip
    for row in session.execute(told):
        text = _said("adjudication", row.decision, row.why, language)
        yield Line(text, row.occurred_on, agencies.get(row.agency_id, ""), "adjudication", "", language)


def _classes(session: ScopedSession, case_id: int, agencies: dict[int, str], language: Language) -> Iterator[Line]:
    columns = (
        Attendance.id, Attendance.occurred_on, Attendance.outcome, Attendance.makeup_for_on, Attendance.agency_id,
        Attendance.supersedes_id, Attendance.retracted, Attendance.program_says,
    )  # fmt: skip
    rows = session.execute(
        select(*columns).where(Attendance.case_id == case_id).order_by(Attendance.occurred_on, Attendance.recorded_at)
    ).all()
    replaced = {row.supersedes_id for row in rows}
    standing = [row for row in rows if row.id not in replaced and not row.retracted]
    for row in standing:
        source = agencies.get(row.agency_id, "")
        if row.outcome in PROGRAMS_DOING:
            text = _said("attendance", row.outcome, "", language)
            yield Line(text, row.occurred_on, source, "attendance", "", language)
        if row.program_says in ("E", "J"):  # whatever was decided of it since; its note never
            yield Line(SAYS[language][row.program_says], row.occurred_on, source, "attendance", "", language)
        if row.makeup_for_on and row.outcome in ATTENDED:
            yield Line(SAYS[language]["make_up"], row.occurred_on, source, "attendance", "", language)
    yield from _corrected(rows, agencies, language)
    attended = [row for row in standing if row.outcome in ATTENDED]
    if attended:
        text = SAYS[language]["attended"].format(len(attended))
        yield Line(text, attended[-1].occurred_on, agencies.get(attended[-1].agency_id, ""), "attendance", "", language)


def _corrected(rows: Sequence[Any], agencies: dict[int, str], language: Language) -> Iterator[Line]:
    by_id = {row.id: row for row in rows}
    for row in rows:
        before = by_id.get(row.supersedes_id) if row.supersedes_id else None
        if before is not None and before.outcome == "ABSENT" and (row.retracted or row.outcome != "ABSENT"):
            was = _said("attendance", before.outcome, "", language)
            now = "" if row.retracted else f" → {_said('attendance', row.outcome, '', language)}"
            text = f"{SAYS[language]['wrong']}{was}{now}"
            yield Line(text, row.occurred_on, agencies.get(row.agency_id, ""), "attendance", "", language)


def _papers(session: ScopedSession, case_id: int, agencies: dict[int, str], language: Language) -> Iterator[Line]:
    for entity, name, day in ((Letter, "letter", Letter.occurred_on), (Pause, "pause", Pause.starts_on)):
        told = select(day.label("day"), entity.kind, entity.agency_id).where(entity.case_id == case_id, current(entity))
        for row in session.execute(told.order_by(day)):
            if row.kind != "WARRANT":
                text = _said(name, row.kind, "", language)
                yield Line(text, row.day, agencies.get(row.agency_id, ""), name, "", language)


def _leaves(session: ScopedSession, case_id: int, agencies: dict[int, str], language: Language) -> Iterator[Line]:
    told = select(Leave.covers_on, Leave.agency_id).where(Leave.case_id == case_id, current(Leave))
    for row in session.execute(told.order_by(Leave.covers_on)):
        yield Line(SAYS[language]["leave"], row.covers_on, agencies.get(row.agency_id, ""), "leave", "", language)


def answers_of(session: ScopedSession, case_id: int, language: Language = "en") -> Iterator[Line]:
    """What programs answered this office in the person's favour. Whoever reads no such questions has them in the report
    that was sent."""
    if reach_of(session.scope.role, ProgramQuestion) is None:
        return
    columns = ProgramQuestion.about_on, ProgramQuestion.answer, Agency.name
    told = select(*columns).join(Agency, Agency.id == ProgramQuestion.agency_id).where(
        ProgramQuestion.case_id == case_id, ProgramQuestion.answer.in_(ANSWERED)
    )
    for row in session.execute(told.order_by(ProgramQuestion.about_on, ProgramQuestion.answered_at)):
        yield Line(SAYS[language][row.answer], row.about_on, row.name, "", "", language)


def _gaps(session: ScopedSession, case_id: int, zone: str, language: Language) -> Iterator[Line]:
    """What a reviewer moved to the system's gaps; never which of the six it was, for one may tell of health."""
    if reach_of(session.scope.role, Review) is None:
        return
    told = select(Review.content, Review.decided_at, Agency.name).join(Agency, Agency.id == Review.agency_id)
    mine = Review.case_id == case_id, Review.undone_at.is_(None), Review.decision == "ACKNOWLEDGE"
    for row in session.execute(told.where(*mine).order_by(Review.decided_at)):
        if (row.content or {}).get("gap"):
            yield Line(SAYS[language]["gap"], local_day(row.decided_at, zone), row.name, "", "", language)


def dismissed_before(
    session: ScopedSession, case_id: int, flags: Sequence[int], now: datetime, zone: str
) -> tuple[Line, ...]:
    """Questions about this person that somebody dismissed, as far as they are kept still (safeguard H1).

    Also those that were a gap of the system by then: the rule had asked them of the person.
    """
    columns = (Flag.code, Span.content, Flag.first_on, Review.words, Review.decided_at, User.name)
    told = (
        select(*columns).join(Span, Span.id == Flag.span_id)
        .join(Review, (Review.flag_id == Flag.id) & Review.undone_at.is_(None) & (Review.decision == "DISMISS"))
        .join(User, User.id == Review.by_user_id)
        .where(Flag.case_id == case_id, Flag.state == "DISMISSED", Span.owner == "offender")
        .where(or_(Flag.owner == "offender", Span.certainty == "CERTAIN"))
        .where(Flag.id.not_in(flags)).order_by(Review.decided_at, Flag.id)
    )  # fmt: skip
    return tuple(
        Line(
            f"Asked and dismissed: {tell(row.code, row.content, now).title}. “{row.words}”",
            local_day(row.decided_at, zone), row.name,
        )
        for row in session.execute(told)
    )  # fmt: skip
