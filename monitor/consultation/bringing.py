"""Bringing a case to the next meeting, and taking it off again while its agenda is not drawn.

Nothing of who did either is kept: no author, no instant, no consent. Both answer the same whether the case was on the
list already or not, and a case that is not there for this person is one that nobody has.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import delete, select

from monitor.access.roles import Role
from monitor.access.scoped_session import ScopedSession
from monitor.case_openings import NeedsReason, reason_for
from monitor.consultation.agenda import WIDE, contents
from monitor.consultation.keys import Content, opened, sealed
from monitor.consultation.team import Team, gone_on
from monitor.copies.case_keys import CaseKeys
from monitor.db import looking_wide, writing_for_others
from monitor.models import Case, Consultation, Court
from monitor.models.base import random_id

LONGEST: Final = timedelta(days=90)  # of a release (safeguard C4), and so of what is kept here
NO_CASE: Final = "No open case that you may bring has that number."
WHICH: Final = "Several courts have a case of that number: say which court."
NO_CONSENT: Final = (
    "Nothing was kept: it takes her written consent, on file at your agency. Once it is, confirm that line."
)
UNTIL: Final = "The consent must hold until {first}, when the list of that meeting is gone, and for 90 days at most."
LATER: Final = "The next meeting is too far ahead. A case can be brought once its list is gone within 90 days."
# whose cases are those of their own office; patrol and advocates name any open case
BY_OFFICE: Final = frozenset({Role.OFFICER, Role.OFFICER_SUPERVISOR, Role.PROSECUTOR, Role.VICTIM_WITNESS})


class Brought(msgspec.Struct, frozen=True):
    """What the form says. ``attested``, ``until``: of an advocate, and kept nowhere."""

    number: str
    court: str = ""
    attested: bool = False
    until: date | None = None


def may_bring(role: Role, team: Team) -> bool:
    """Whether somebody of this role may bring a case at all."""
    return role is not Role.ADVOCATE or team.advocates_bring


def check(
    session: ScopedSession, team: Team, brought: Brought, now: datetime, today: date
) -> tuple[int, dict[str, str]]:
    """The case, and by field why it cannot be brought."""
    faults: dict[str, str] = {}
    last = gone_on(team.open_for(today))
    if last > today + LONGEST:
        return 0, {"number": LATER}  # whatever number it is
    if session.scope.role == Role.ADVOCATE.value:
        if not brought.attested:
            faults["attested"] = NO_CONSENT
        if brought.until is None or not last <= brought.until <= today + LONGEST:
            faults["until"] = UNTIL.format(first=f"{last:%B} {last.day}")
    case, fault = _case(session, brought, now, today)
    return case, faults | ({"number": fault} if fault else {})


def bring(session: ScopedSession, keys: CaseKeys, case: int, meets: date, today: date) -> None:
    """Put the case on the list of that meeting, unless it is there."""
    with looking_wide(session, WIDE):
        there = any(said.case == case and said.meets == meets.isoformat()
                    for said in contents(session, keys, today).values())  # fmt: skip
    if there:
        return
    number = random_id()
    with writing_for_others(session, "a case of the team's list, which nobody's scope reaches"):
        content = sealed(keys, number, Content(case, meets.isoformat()), gone_on(meets))
        session.add(Consultation(id=number, sealed=content, purge_on=gone_on(meets)))


def take_off(session: ScopedSession, keys: CaseKeys, case: int, meets: date, today: date) -> None:
    """Off the list of that meeting, whoever brought it, if it was on it."""
    with looking_wide(session, WIDE):
        rows = session.execute(select(Consultation.id, Consultation.sealed).where(Consultation.purge_on > today)).all()
    mine = [row.id for row in rows if (said := opened(keys, row.id, row.sealed)) and said.case == case
            and said.meets == meets.isoformat()]  # fmt: skip
    keys.destroy(mine)
    with writing_for_others(session, "a case that is taken off the team's list"):
        session.execute(delete(Consultation).where(Consultation.id.in_(mine)))


def _case(session: ScopedSession, brought: Brought, now: datetime, today: date) -> tuple[int, str]:
    asked = select(Case.id).join(Court, Court.id == Case.court_id).where(
        Case.number == brought.number.strip(), Case.id.not_in(session.walled()),
        Case.closed_on.is_(None) | (Case.closed_on > today),
    )  # fmt: skip
    asked = asked.where(Court.code == brought.court) if brought.court else asked
    found = _found(session, asked.limit(2))
    if len(found) != 1:
        return 0, WHICH if found else NO_CASE
    return (found[0], "") if _reads(session, found[0], now) else (0, NO_CASE)


def _found(session: ScopedSession, asked: Any) -> list[int]:
    if Role(session.scope.role) in BY_OFFICE:
        return list(session.scalars(asked))
    with looking_wide(session, "which open case a member of the team names; what a wall hides is left out"):
        return list(session.scalars(asked))


def _reads(session: ScopedSession, case: int, now: datetime) -> bool:
    """Whoever brings a case of their office has a live reason to read it (safeguard D3)."""
    if Role(session.scope.role) not in BY_OFFICE:
        return True
    try:
        reason_for(session, case, now)
    except NeedsReason:
        return False
    return True
