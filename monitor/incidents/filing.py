"""Filing an incident, amending it, taking it back: always a new version, never the old one changed.

The case belongs to other agencies, so what is filed is written past the author's own reach: the case was found by what
the author knew (`monitor.verify`), and nothing of it is shown.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Select, select

from monitor.access.scoped_session import ScopedSession
from monitor.case_sharing import share
from monitor.clock import local_day
from monitor.current import current
from monitor.db import looking_wide, writing_for_others
from monitor.incidents.entering import Entry
from monitor.local_law import NOTHING_SET, LocalLaw
from monitor.models import Incident, random_id
from monitor.models.base import is_id
from monitor.one_at_a_time import one_at_a_time
from monitor.verify.finding import walled_off
from monitor.verify.verifying import Whom

KINDS = {"dispatch": "CALL", "law_enforcement": "REPORT"}


class Taken(Exception):
    """The agency has this number on record with other content: that entry is amended, no second one is made."""


class Filed(msgspec.Struct, frozen=True):
    """The entry; ``again``: it was on record already, word for word, and nothing was written."""

    id: int
    again: bool = False


def told_by(entry: Entry, kind: str, now: datetime, zone: str) -> dict[str, Any]:
    """The columns that an entry fills; a call says nothing of what only a report says."""
    told: dict[str, Any] = {
        "kind": kind, "number": entry.called, "occurred_at": entry.occurred_at(now, zone),
        "touched": entry.touched or None, "offence": None, "weapon": None, "strangulation": None, "accounts": None,
    }  # fmt: skip
    if kind == "REPORT":
        told |= {"offence": entry.offence.strip().upper() or None, "weapon": entry.weapon == "YES",
                 "strangulation": entry.strangulation, "accounts": entry.accounts == "YES"}  # fmt: skip
    return told


def file(
    session: ScopedSession, whom: Whom, entry: Entry, now: datetime, zone: str, law: LocalLaw = NOTHING_SET
) -> Filed:
    """Put it on record for whoever supervises the case. ``law``: which prosecution has it. Raises `Taken`."""
    scope = session.scope
    told = told_by(entry, KINDS[scope.role], now, zone)
    one_at_a_time(session, whom.case_id)
    with writing_for_others(session, "an incident is told to whoever supervises the case"):
        before = session.scalar(
            select(Incident).where(
                Incident.agency_id == scope.agency_id, Incident.number == told["number"],
                Incident.kind == told["kind"], Incident.case_id == whom.case_id, current(Incident),
            )
        )  # fmt: skip
        if before is not None:
            if _differs(before, told, timed=entry.on is not None or entry.hour is not None):
                raise Taken
            return Filed(before.id, again=True)
        row = _row(scope, whom.case_id, whom.order_id, told, now)
        session.add(row)
    _reaches_the_prosecution(session, row, zone, law)
    return Filed(row.id)


def ours(session: ScopedSession, incident_id: int) -> Incident | None:
    """A current entry of the reader's agency and desk: anybody there may take back what is wrong (safeguard F8), also
    what software filed. Only its author amends it."""
    found = _ours(session).where(Incident.id == incident_id)
    return session.scalar(found) if is_id(incident_id) and session.scope.user_id else None


def mine(session: ScopedSession, incident_id: int) -> Incident | None:
    """The same, if this person made it."""
    row = ours(session, incident_id)
    return row if row is not None and row.recorded_by_id == session.scope.user_id else None


def ours_by_number(session: ScopedSession, number: str) -> tuple[Incident, ...]:
    """What the agency's desk has on record under exactly this number: of more than one case, if that is so."""
    wanted = _ours(session).where(Incident.number == number.strip().upper())
    return tuple(session.scalars(wanted.order_by(Incident.occurred_at, Incident.id)))


def _ours(session: ScopedSession) -> Select[Incident]:
    with looking_wide(session, "which cases do not exist for whoever looks at an incident of the desk"):
        walled = walled_off(session)
    return select(Incident).where(
        Incident.agency_id == session.scope.agency_id, Incident.kind == KINDS[session.scope.role], current(Incident),
        Incident.case_id.not_in(walled),
    )  # fmt: skip


def amend(
    session: ScopedSession, row: Incident, entry: Entry, reason: str, now: datetime, zone: str,
    law: LocalLaw = NOTHING_SET,
) -> int:
    """A new version with other content; the old one stays as it was. Its id."""
    told = told_by(entry, row.kind, now, zone)
    new = _after(session, row, told, reason, now, retracted=False)
    _reaches_the_prosecution(session, new, zone, law)
    return new.id


def take_back(session: ScopedSession, row: Incident, reason: str, now: datetime) -> int:
    """A version that says: this should never have been recorded."""
    told = {name: getattr(row, name) for name in TOLD}
    return _after(session, row, told, reason, now, retracted=True).id


TOLD = ("kind", "number", "occurred_at", "touched", "offence", "weapon", "strangulation", "accounts")


def _after(
    session: ScopedSession, row: Incident, told: dict[str, Any], reason: str, now: datetime, *, retracted: bool
) -> Incident:
    new = _row(session.scope, row.case_id, row.order_id, told, now, supersedes_id=row.id, reason=reason.strip(),
               retracted=retracted)  # fmt: skip
    with writing_for_others(session, "an amended incident is told to whoever supervises the case"):
        session.add(new)
    return new


def _reaches_the_prosecution(session: ScopedSession, row: Incident, zone: str, law: LocalLaw) -> None:
    """A report that touches a condition is theirs to read at once, and waits for no supervisor; a sharing that somebody
    ended stays ended."""
    if row.kind == "REPORT" and row.touched:
        share(session, row.case_id, "prosecution", local_day(row.recorded_at, zone), law, again=False)


def _row(scope: Any, case_id: int, order_id: int | None, told: dict[str, Any], now: datetime, **more: Any) -> Incident:
    return Incident(
        id=random_id(), case_id=case_id, agency_id=scope.agency_id, order_id=order_id, recorded_at=now,
        recorded_by_id=scope.user_id or None, **told, **more,
    )  # fmt: skip


def _differs(before: Incident, told: dict[str, Any], *, timed: bool) -> bool:
    names = [name for name in TOLD if timed or name != "occurred_at"]
    return any(getattr(before, name) != told[name] for name in names)
