"""The list from the record, in a number of queries that does not grow with it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.words import OUTCOMES
from monitor.clock import local_day
from monitor.current import current
from monitor.db import reading_all_courts
from monitor.models import Case, Court, Hearing, OrderVersion, Pause, Person
from monitor.status_list.line import Line, StatusList
from monitor.status_list.orders import NONE, Ordered, orders_of
from monitor.status_list.programs import NOT_SHOWN, programs_of
from monitor.wording import moment, short_day


def status_list(session: ScopedSession, now: datetime) -> StatusList:
    """Every open case of every court, and closed ones whose order stands; none that is not there for the reader."""
    with reading_all_courts(session):
        rows = _cases(session, now)
        zone = session.scalar(select(func.min(Court.zone))) or "UTC"  # not of the rows: one that is walled may not show
        zones = {row.id: row.zone for row in rows}
        today = local_day(now, zone)
        orders, programs = orders_of(session, zones, now), programs_of(session, today)
        ahead, last, wanted = _ahead(session, now), _last(session, now), _wanted(session, now, zone)
    return StatusList(
        tuple(
            Line(
                row.number, row.Person.listed_name, row.court, *_of_order(orders, row.id),
                programs.get(row.id, NOT_SHOWN),
                moment(ahead[row.id], row.zone) if row.id in ahead else "None set",
                _outcome(last, row.id, row.zone), "Yes" if row.id in wanted else "No",
            )
            for row in rows if row.closed_on is None or row.closed_on > now.date() or _stands(orders, row.id)
        ),
        now, zone,
    )  # fmt: skip


def _cases(session: ScopedSession, now: datetime) -> list[Any]:
    lasting = select(OrderVersion.case_id).where(
        OrderVersion.effective_to.is_(None) | (OrderVersion.effective_to > now),
        OrderVersion.expires_at.is_(None) | (OrderVersion.expires_at > now),
    )  # fmt: skip
    asked = (
        select(Case.id, Case.closed_on, Case.number, Court.name.label("court"), Court.zone, Person)
        .join(Court, Court.id == Case.court_id).join(Person, Person.id == Case.person_id)
        .where(Case.closed_on.is_(None) | (Case.closed_on > now.date()) | Case.id.in_(lasting))
        .order_by(Person.family_name, Person.given_name, Case.number, Court.name)
    )  # fmt: skip
    return list(session.execute(asked))


def _stands(orders: Mapping[int, Ordered], case: int) -> bool:
    """Closing a case ends no order."""
    return orders.get(case, Ordered()).said != NONE


def _of_order(orders: Mapping[int, Ordered], case: int) -> tuple[str, str]:
    found = orders.get(case, Ordered())
    return found.said, found.codes


def _ahead(session: ScopedSession, now: datetime) -> dict[int, datetime]:
    asked = select(Hearing.case_id, func.min(Hearing.starts_at)).where(
        Hearing.starts_at >= now, Hearing.outcome.is_(None)
    ).group_by(Hearing.case_id)  # fmt: skip
    return {case: at for case, at in session.execute(asked)}


def _last(session: ScopedSession, now: datetime) -> dict[int, tuple[str, datetime]]:
    asked = select(Hearing.case_id, Hearing.outcome, Hearing.starts_at).where(
        Hearing.outcome.is_not(None), Hearing.starts_at <= now
    ).order_by(Hearing.starts_at, Hearing.id)  # fmt: skip
    return {case: (outcome or "", at) for case, outcome, at in session.execute(asked)}


def _outcome(last: Mapping[int, tuple[str, datetime]], case: int, zone: str) -> str:
    if case not in last:
        return "None yet"
    outcome, at = last[case]
    said = OUTCOMES.get(outcome, outcome.replace("_", " ").lower())
    return f"{short_day(local_day(at, zone))}: {said}"


def _wanted(session: ScopedSession, now: datetime, zone: str) -> frozenset[int]:
    today = local_day(now, zone)
    open_now = Pause.starts_on <= today, Pause.ends_on.is_(None) | (Pause.ends_on > today)
    return frozenset(session.scalars(select(Pause.case_id).where(Pause.kind == "WARRANT", current(Pause), *open_now)))
