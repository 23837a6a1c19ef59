"""Sending a request: refused without a release that the advocate attests, with the reason; never any words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

import msgspec
from sqlalchemy import func, select

from monitor.access.roles import Role
from monitor.access.scoped_session import ScopedSession
from monitor.callbacks.keys import Content, sealed
from monitor.copies.case_keys import CaseKeys
from monitor.courts import WHICH
from monitor.db import looking_wide, writing_for_others
from monitor.models import Assignment, AuditEntry, Callback, Case, Court, Membership
from monitor.models.base import random_id

LONGEST: Final = timedelta(days=14)
AHEAD: Final = timedelta(days=7)
FRIDAY: Final = 4
EVENT: Final = "callback.sent"
FEW: Final = 11
NO_RELEASE: Final = (
    "Nothing was sent: it takes a signed release that is on file at your agency. Once it is, confirm that line."
)
NO_UNTIL: Final = "Give the last day of the release: from today up to 14 days ahead."
OVER: Final = "Nothing was sent: that release has ended. It takes one that holds."
NO_DAY: Final = "Give a day within the next seven, on which the release still holds."
TOO_SHORT: Final = "The release ends before Friday: choose a day on which it still holds."
NO_CASE: Final = "No open case has that number here. It stands in the status list."
NOBODY: Final = "No officer is assigned to this case, so there is nobody to ask. Phone the office."


class Wanted(msgspec.Struct, frozen=True):
    """What the form says. ``by``: "week" or "day"."""

    number: str
    court: str
    attested: bool
    until: date | None
    by: str
    on: date | None


class Checked(msgspec.Struct, frozen=True):
    """What can be sent, or by field why it cannot."""

    case: int = 0
    by_on: date | None = None
    faults: Mapping[str, str] = {}


def check(session: ScopedSession, wanted: Wanted, today: date) -> Checked:
    """Look at everything before anything is kept."""
    faults, by_on = {}, _by(wanted, today)
    if not wanted.attested:
        faults["attested"] = NO_RELEASE
    if wanted.until is None or wanted.until > today + LONGEST:
        faults["until"] = NO_UNTIL
    elif wanted.until < today:
        faults["until"] = OVER
    elif by_on is None:
        faults["on"] = NO_DAY
    elif by_on > wanted.until:
        faults["on"] = NO_DAY if wanted.by == "day" else TOO_SHORT
    case, fault = _case(session, wanted, today)
    if fault:
        faults["number"] = fault
    return Checked(case, by_on, faults)


def send(session: ScopedSession, checked: Checked, until: date, keys: CaseKeys, today: date) -> None:
    """Keep it, until the release ends and 14 days at the most."""
    assert checked.case and checked.by_on and not checked.faults
    number = random_id()
    content = Content(checked.case, session.scope.agency_id, session.scope.user_id, checked.by_on.isoformat())
    gone = min(until + timedelta(days=1), today + LONGEST)
    with writing_for_others(session, "a call-back request, which nobody's scope reaches"):
        session.add(Callback(id=number, sealed=sealed(keys, number, content, gone), purge_on=gone))


def sent_in_month(session: ScopedSession, now: datetime) -> str:
    """How many the agency sent this month, by its own trail: the only count there is, and none below eleven (C5)."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    counted = select(func.count()).select_from(AuditEntry).where(
        AuditEntry.event == EVENT, AuditEntry.outcome == "done", AuditEntry.at >= first,
        AuditEntry.agency_id == session.scope.agency_id,
    )  # fmt: skip
    with looking_wide(session, "how many requests the advocate's own agency sent"):
        found = session.scalar(counted) or 0
    return str(found) if found >= FEW else f"fewer than {FEW}"


def _by(wanted: Wanted, today: date) -> date | None:
    if wanted.by == "week":
        return today + timedelta(days=(FRIDAY - today.weekday()) % 7)
    return wanted.on if wanted.on and today <= wanted.on <= today + AHEAD else None


def _case(session: ScopedSession, wanted: Wanted, today: date) -> tuple[int, str]:
    """The id of the case, or why nobody can be asked. What a wall hides is as if it were not there (D1)."""
    walled = session.walled()
    with looking_wide(session, "which case a request is about, and whether an officer has it"):
        asked = select(Case.id).join(Court, Court.id == Case.court_id).where(
            Case.number == wanted.number.strip(), Case.id.not_in(walled),
            Case.closed_on.is_(None) | (Case.closed_on > today),
        )  # fmt: skip
        asked = asked.where(Court.code == wanted.court) if wanted.court else asked
        found = session.scalars(asked.limit(2)).all()
        if len(found) != 1:
            return 0, WHICH if found else NO_CASE
        has = session.scalar(select(func.count()).select_from(Assignment).join(
            Membership, Membership.user_id == Assignment.user_id
        ).where(
            Assignment.case_id == found[0], Assignment.until_on.is_(None), Membership.role == Role.OFFICER.value,
            Membership.until_on.is_(None) | (Membership.until_on > today),
        ))  # fmt: skip
    return (found[0], "") if has else (0, NOBODY)
