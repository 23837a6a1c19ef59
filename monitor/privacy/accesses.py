"""Who had access to what in a period: by case, who of the agency looked; by account, at which cases it looked.

The cases themselves are not shown. A number or an account that is nobody's, one of another agency, and one of which
nothing is kept all read the same (safeguard B7).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, select

from monitor.access.in_office import served_by
from monitor.access.roles import Role
from monitor.access.scoped_session import ScopedSession
from monitor.db import looking_wide
from monitor.handoffs.gaps import start_of
from monitor.models import Agency, AuditEntry, Case, Membership, User
from monitor.trail.entries import names_of
from monitor.trail.looks import NONE, cases_of, is_about, subjects_of
from monitor.trail.wording import event_in_words

LONGEST = timedelta(days=366)


class Access(msgspec.Struct, frozen=True):
    """Looks of one account at one case in the period: how often, first and last, and what was done."""

    who: str
    number: str
    times: int
    first: datetime
    last: datetime
    what: tuple[str, ...]


class Period(msgspec.Struct, frozen=True):
    """Local days, both inside."""

    since: date
    until: date

    @property
    def fault(self) -> str:
        """What is wrong with it; "" for nothing."""
        if self.until < self.since:
            return "The last day is before the first."
        return "At most a year." if self.until - self.since > LONGEST else ""

    def holds(self, zone: str) -> ColumnElement[bool]:
        """The condition on entries."""
        first, after = start_of(self.since, zone), start_of(self.until + timedelta(days=1), zone)
        return (AuditEntry.at >= first) & (AuditEntry.at < after)


def of_case(
    session: ScopedSession, number: str, period: Period, zone: str, listed: Mapping[int, int] = NONE
) -> tuple[Access, ...]:
    """Who of the agency did something about the case of that number."""
    agency = session.scope.agency_id
    with looking_wide(session, "which entries are about this case number"):
        about = subjects_of(session, agency, number.strip(), listed)
    if not about:
        return ()
    rows = _entries(session, period, zone, is_about(session, about))
    names = names_of(session, {row.user_id for row in rows if row.user_id})
    return _accesses((_who(names, row), number.strip(), row) for row in rows if row.user_id or "machine" in row.detail)


def _who(names: Mapping[int, str], row: Any) -> str:
    """Who it was; a machine of the agency (CAD) answers whoever sits at it, and its own log says who that was."""
    return names.get(row.user_id, "Somebody who has left") if row.user_id else f"The machine {row.detail['machine']}"


def of_account(
    session: ScopedSession, email: str, period: Period, zone: str, listed: Mapping[int, int] = NONE
) -> tuple[Access, ...]:
    """At which cases an account of the agency looked, or what it did about them."""
    held = select(User.id, User.name).join(Membership, Membership.user_id == User.id).where(
        User.email == email.strip().lower(), Membership.agency_id == session.scope.agency_id
    )  # fmt: skip
    with looking_wide(session, "whether the account is of this agency"):
        account = session.execute(held).first()
    if account is None:
        return ()
    rows = _entries(session, period, zone, AuditEntry.user_id == account.id)
    with looking_wide(session, "which cases an account looked at"):
        cases = cases_of(session, {one for row in rows for one in row.subjects}, listed)
        told = {row.id: row.number for row in session.execute(
            select(Case.id, Case.number).where(Case.id.in_(sorted(set(cases.values())))))}  # fmt: skip
    return _accesses(
        (account.name, number, row) for row in rows
        for number in sorted({told[cases[one]] for one in row.subjects if cases.get(one) in told})
    )  # fmt: skip


def _entries(session: ScopedSession, period: Period, zone: str, which: ColumnElement[bool]) -> list[Any]:
    own = AuditEntry.agency_id == session.scope.agency_id, AuditEntry.outcome == "done"
    wanted = select(AuditEntry.user_id, AuditEntry.at, AuditEntry.event, AuditEntry.subjects, AuditEntry.detail)
    return list(session.execute(wanted.where(*own, period.holds(zone), which).order_by(AuditEntry.at)))


def _accesses(looks: Iterable[tuple[str, str, Any]]) -> tuple[Access, ...]:
    grouped: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for who, number, row in looks:
        grouped[who, number].append(row)
    return tuple(
        Access(who, number, len(rows), rows[0].at, rows[-1].at,
               tuple(sorted({event_in_words(row.event) for row in rows})))
        for (who, number), rows in sorted(grouped.items())
    )  # fmt: skip


def to_tell(session: ScopedSession, kind: str, now: datetime) -> tuple[str, ...]:
    """Agencies by name: advocacy agencies for a subpoena, those with a privacy officer for a breach."""
    with looking_wide(session, "advocacy agencies by name, or those that have a privacy officer"):
        which = Agency.kind == "advocacy"
        if kind != "SUBPOENA":
            which = Agency.id.in_(served_by(session, Role.PRIVACY_OFFICER, now))
        return tuple(session.scalars(select(Agency.name).where(which).order_by(Agency.name)))
