"""Class D and E questions that reach the prosecution before any report: what police reported, from their own desk."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from monitor.access.scoped_session import ScopedSession
from monitor.incidents.reading import recent_reports

SINCE: Final = timedelta(days=14)


class SafetyQuestion(msgspec.Struct, frozen=True):
    """What police reported, in coded words: a question about a case, and no finding."""

    case_id: int
    number: str
    person: str
    words: str
    at: datetime


def safety_questions(session: ScopedSession, now: datetime) -> tuple[SafetyQuestion, ...]:
    """Recorded within two weeks, of the cases that this person may see, newest first."""
    return tuple(
        SafetyQuestion(
            one.case_id, one.case_number, one.person, f"{one.said} Report {one.number}, {one.agency}", one.at
        )
        for one in recent_reports(session, now - SINCE)
    )
