"""What was planned, is over, and of which nobody has said how it went: the first of an officer's lists (ux 1.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.contact_log.reading import how
from monitor.current import current
from monitor.models import Contact
from monitor.models.base import UtcInstant
from monitor.today.page import ToLog
from monitor.today.people import Somebody, asked_by, few, listed

LOOKED_BACK: Final = timedelta(days=30)  # an older plan is nobody's memory any more; the contacts show it still
OUTCOMES: Final = ("ATTEMPTED", "COMPLETED")


@cache
def _planned(team: bool) -> Any:
    made = aliased(Contact)
    last = select(func.max(made.occurred_at)).where(
        made.case_id == Contact.case_id, made.state.in_(OUTCOMES), current(made)
    ).correlate(Contact).scalar_subquery().label("last")  # fmt: skip
    columns = Contact.case_id, Contact.occurred_at, Contact.kind, Contact.method, Contact.place, last
    over = (
        Contact.occurred_at > bindparam("since", type_=UtcInstant()),
        Contact.occurred_at <= bindparam("now", type_=UtcInstant()),
    )
    return few(select(*columns).where(listed(Contact.case_id, team), Contact.state == "SCHEDULED", current(Contact),
                                      *over))  # fmt: skip


def planned_rows(session: ScopedSession, team: bool, zone: str, now: datetime) -> list[Any]:
    """Plans of the list whose time is over; what was logged on their day or after answers them."""
    asked = asked_by(session, team, now=now, since=now - LOOKED_BACK)
    return [row for row in session.execute(_planned(team), asked) if not _answered(row, zone)]


def _answered(row: Any, zone: str) -> bool:
    return row.last is not None and local_day(row.last, zone) >= local_day(row.occurred_at, zone)


def to_log(rows: Sequence[Any], who: Mapping[int, Somebody], zone: str) -> tuple[ToLog, ...]:
    """One line a plan, the oldest first."""
    found = [
        ToLog(f"/people/{person.person_id}/contacts?case={row.case_id}", person.name, person.number, person.officer,
              local_day(row.occurred_at, zone), how(row))
        for row in rows if (person := who.get(row.case_id)) is not None
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.on, one.person, one.what)))
