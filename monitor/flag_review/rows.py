"""The rows behind a flag, each with its day, who recorded it, where it came from, and whether it still stands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec
from sqlalchemy import String, bindparam, cast, exists, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased

from monitor.access.reach import reach_of
from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.models import (
    Adjudication,
    Agency,
    Attendance,
    CheckIn,
    Contact,
    CourtDecision,
    Coverage,
    DrugTest,
    EnrollmentEvent,
    Expectation,
    FirearmReceipt,
    Incident,
    Letter,
    Pause,
    Report,
    Service,
)
from rules.sayings import why

NO_WORD = cast(null(), String)
OF_A_DAY: Final = (
    (Attendance, "attendance", Attendance.occurred_on, Attendance.outcome, Attendance.source),
    (Adjudication, "adjudication", Adjudication.occurred_on, Adjudication.decision, Adjudication.why),
    (EnrollmentEvent, "place", EnrollmentEvent.occurred_on, EnrollmentEvent.event, EnrollmentEvent.why),
    (Report, "report", Report.occurred_on, Report.kind, NO_WORD),
    (Letter, "letter", Letter.occurred_on, Letter.kind, NO_WORD),
    (Pause, "pause", Pause.starts_on, Pause.kind, NO_WORD),
    (DrugTest, "test", DrugTest.occurred_on, DrugTest.result, NO_WORD),
    (CourtDecision, "decision", CourtDecision.occurred_on, CourtDecision.kind, NO_WORD),
    (Expectation, "expected", Expectation.expected_on, Expectation.kind, NO_WORD),
    (Coverage, "coverage", Coverage.covers_from, NO_WORD, NO_WORD),
)
OF_AN_INSTANT: Final = (
    (Contact, "contact", Contact.occurred_at, Contact.state, Contact.method),
    (CheckIn, "check_in", CheckIn.occurred_at, CheckIn.method, NO_WORD),
    (FirearmReceipt, "firearm", FirearmReceipt.occurred_at, FirearmReceipt.event, NO_WORD),
    (Service, "service", Service.occurred_at, Service.method, NO_WORD),
    (Incident, "incident", Incident.occurred_at, Incident.number, NO_WORD),
)
NAMES: Final = {
    "attendance": "Class", "adjudication": "Decision on an absence", "place": "Program", "report": "Report",
    "letter": "Letter", "pause": "Pause", "test": "Test", "decision": "Court", "expected": "Expected",
    "coverage": "Sheet complete from this day", "contact": "Contact", "check_in": "Check-in", "firearm": "Firearms",
    "service": "Order served", "incident": "Police report",
}  # fmt: skip
WORDS: Final = {
    "PRESENT": "attended", "PRESENT_LATE": "attended, late", "LEFT_EARLY": "left early", "ABSENT": "absent",
    "SENT_AWAY_BEHAVIOUR": "sent away", "SENT_AWAY_PROVIDER": "sent away by the program, not counted",
    "SESSION_CANCELLED": "cancelled by the program", "WAITLIST": "waiting list", "PROVIDER_CLOSED": "program closed",
    "PENDING_EVIDENCE": "waiting for evidence", "IN_COURT": "in court", "session": "class", "check_in": "check-in",
}  # fmt: skip


class Row(msgspec.Struct, frozen=True):
    """One fact. ``why``: why it does not count. ``stands``: False once a correction replaced or retracted it.

    ``word`` and ``more`` are the record's own words, for another language.
    """

    id: int
    name: str
    what: str
    on: date
    source: str
    recorded_at: datetime
    recorded_by_id: int | None
    stands: bool
    why: str = ""
    word: str = ""
    more: str = ""


def rows_of(session: Session, case_id: int, ids: Sequence[int], zone: str) -> dict[int, Row]:
    """The facts of one case with these ids, by id; an id of something else is left out."""
    if not ids:
        return {}
    # of a police report the court reads what was approved, and not the row
    police = not isinstance(session, ScopedSession) or reach_of(session.scope.role, Incident) is not None
    of_a_day, of_an_instant = _statements(police)
    wanted = {"case_id": case_id, "ids": ids}
    found = [(row, row.happened) for row in session.execute(of_a_day, wanted)]
    found += [(row, local_day(row.happened, zone)) for row in session.execute(of_an_instant, wanted)]
    agencies = {row.agency_id for row, _day in found}
    names = dict(session.execute(select(Agency.id, Agency.name).where(Agency.id.in_(agencies))).all())
    return {row.id: _row(row, day, names) for row, day in found}


@lru_cache(maxsize=2)
def _statements(police: bool) -> tuple[Any, Any]:
    """The two unions, built once: fifteen selects are dear to put together on every page."""
    of_an_instant = [shape for shape in OF_AN_INSTANT if police or shape[0] is not Incident]
    return union_all(*map(_part, OF_A_DAY)), union_all(*map(_part, of_an_instant))


def _part(shape: tuple[Any, str, Any, Any, Any]) -> Any:
    entity, name, when, word, more = shape
    later = aliased(entity)
    return select(
        entity.id, literal(name).label("name"), when.label("happened"), word.label("word"), more.label("more"),
        entity.agency_id, entity.recorded_at, entity.recorded_by_id, entity.retracted,
        exists().where(later.supersedes_id == entity.id).label("replaced"),
    ).where(entity.case_id == bindparam("case_id"), entity.id.in_(bindparam("ids", expanding=True)))  # fmt: skip


def _row(row: Any, day: date, agencies: Mapping[int, str]) -> Row:
    where = f", {row.more}" if row.name == "attendance" and row.more else ""
    return Row(
        row.id, row.name, row_words(row.name, row.word, row.more), day, f"{agencies.get(row.agency_id, '')}{where}",
        row.recorded_at, row.recorded_by_id, not (row.replaced or row.retracted), word=row.word or "",
        more=row.more or "",
    )  # fmt: skip


def row_words(name: str, word: str | None, more: str | None = None) -> str:
    """Class: absent."""
    said = say(word)
    if name in ("adjudication", "place") and more:
        said = f"{said} ({say(more)})"
    return f"{NAMES[name]}: {said}" if said else NAMES[name]


def say(word: str | None) -> str:
    """A word of the record in plain lower case."""
    return WORDS.get(word, word.replace("_", " ").lower()) if word else ""


def why_words(word: str) -> str:
    """Why a row does not count, as the rules say it: `EXCUSED: medical` or one word."""
    return why(word.split(":")[0].strip().lower(), "en")
