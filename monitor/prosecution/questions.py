"""Class D and E questions that reach the prosecution before any report: the one place that asks for them.

The incident reports themselves belong to the desk of law enforcement.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import msgspec

from monitor.access.scope import ScopedSession
from monitor.incidents.reading import recent_reports

SINCE: Final = timedelta(days=14)


class SafetyQuestion(msgspec.Struct, frozen=True):
    """What police reported that touches a condition: a question about a case, and no finding."""

    case_id: int
    number: str
    words: str
    at: datetime


def safety_questions(session: ScopedSession, now: datetime) -> tuple[SafetyQuestion, ...]:
    """Of the cases that this person may see, newest first: police reports of two weeks that touch a condition."""
    return tuple(
        SafetyQuestion(one.case_id, one.number, one.said, one.at)
        for one in recent_reports(session, now - SINCE) if one.touched
    )
