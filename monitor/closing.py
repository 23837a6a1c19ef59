"""The court closes a case, and reopens it: its act alone. A closed case is read-only by itself (`access.closed`)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import msgspec
from sqlalchemy import select

from monitor.access.closed import closing_alone
from monitor.access.scoped_session import ScopedSession
from monitor.allegations.queue import STANDS
from monitor.bench_page.reading import bench_page, hearing_rows
from monitor.clock import local_day
from monitor.models import AllegationStep, Case, Hearing, Order
from monitor.models.base import is_id
from monitor.names import last_first
from monitor.orders import steps
from monitor.warrants import warrants_of
from monitor.wording import short_day

CLOSES: Final = {
    "COMPLETED": "Everything that was ordered is done", "ENDED": "The court ended supervision",
    "DISMISSED": "The case was dismissed", "MOVED": "Another court has the case now", "OTHER": "Something else",
}  # fmt: skip
REOPENS: Final = {
    "NEW_HEARING": "The court hears the case again", "RECORD": "Something must still be put on record",
    "HIGHER_COURT": "A higher court sent it back", "MISTAKE": "It was closed by mistake",
}  # fmt: skip
CHANGED: Final = "Somebody closed or reopened it since you opened this page. This is how it stands now."
BUSY: Final = (
    "Something about this case, or about another, is being saved just now, for instance a long sheet. "
    "Nothing was changed. Try again in a minute."
)


class Closing(msgspec.Struct, frozen=True, kw_only=True):
    """A case as its court may close or reopen it. ``waits``: what has to be settled before it can be closed, as it
    could not be afterwards. ``missing``: what is not on record, and no bar.

    ``orders``: how many orders it has; those in force stay in force.
    """

    hearing_id: int
    case_id: int
    number: str
    court: str
    respondent: str
    zone: str
    opened_on: date
    closed_on: date | None
    waits: tuple[str, ...]
    missing: tuple[str, ...]
    orders: int

    @property
    def seen(self) -> str:
        """What a form says that it saw: the day of closing, or "open"."""
        return str(self.closed_on or "open")


class Entry(msgspec.Struct, frozen=True):
    """What the desk entered: ``on`` of a closing; ``seen``: how the case stood on the page."""

    why: str
    on: date | None
    seen: str


def closing_page(session: ScopedSession, hearing_id: int, now: datetime, *, alone: bool = False) -> Closing | None:
    """The case of a hearing; None: none such for this person. ``alone``: to change it.

    Raises `monitor.access.closed.BeingSaved` where it cannot be had alone just now.
    """
    row = session.execute(hearing_rows().where(Hearing.id == hearing_id)).first() if is_id(hearing_id) else None
    if row is None:
        return None
    if alone:
        closing_alone(session, row.case_id)
    case = session.execute(select(Case.opened_on, Case.closed_on).where(Case.id == row.case_id)).one()
    orders = session.scalars(select(Order.id).where(Order.case_id == row.case_id)).all()
    return Closing(
        hearing_id=hearing_id, case_id=row.case_id, number=row.number, court=row.court, zone=row.zone,
        respondent=last_first(row.family_name, row.given_name), opened_on=case.opened_on, closed_on=case.closed_on,
        waits=_waits(session, row.case_id, row.zone, now),
        missing=_missing(session, hearing_id, list(orders), now) if case.closed_on is None else (), orders=len(orders),
    )  # fmt: skip


def faults_of(found: Closing, entry: Entry, now: datetime) -> dict[str, str]:
    """By field, why the case cannot be closed, or reopened where it is closed."""
    if found.closed_on is not None:
        return {} if entry.why in REOPENS else {"why": "Choose why the case is reopened."}
    errors = {} if entry.why in CLOSES else {"why": "Choose why the case is closed."}
    if entry.on is None:
        errors["on"] = "Give the day on which the court closed it, for instance 12/4/2026."
    elif entry.on > local_day(now, found.zone):
        errors["on"] = "That day has not come yet. Close the case on the day itself."
    elif entry.on < found.opened_on:
        errors["on"] = "The case was opened after that day. Check the year."
    if found.waits:
        errors["waits"] = "Settle first what is open: see below."
    return errors


def settle(session: ScopedSession, found: Closing, entry: Entry) -> None:
    """Close the case, or reopen it where it is closed. Who, when and why stands in the trail."""
    case = session.get_one(Case, found.case_id)
    case.closed_on = entry.on if found.closed_on is None else None
    session.flush()


def _missing(session: ScopedSession, hearing_id: int, orders: list[int], now: datetime) -> tuple[str, ...]:
    """What the bench page calls missing, and what the registry has not confirmed: warned of, and kept how many."""
    page = bench_page(session, hearing_id, now)
    told = page.missing if page is not None else ()
    waits = steps.waits(session, now, orders=orders).to_enter
    return (*told, *(f"the registry's number of {one.called} ({one.what.lower()})" for one in waits))


def _waits(session: ScopedSession, case_id: int, zone: str, now: datetime) -> tuple[str, ...]:
    """What the court has before it still: a warrant, reports that it has not answered, dates that are set.

    A report that its office has not filed is not among them: the court reads of none (safeguard F10).
    """
    last: dict[int, str] = {}
    told = select(AllegationStep.allegation_id, AllegationStep.kind).where(
        AllegationStep.case_id == case_id, AllegationStep.kind.in_(STANDS)
    ).order_by(AllegationStep.number)
    for row in session.execute(told):
        last[row.allegation_id] = STANDS[row.kind]
    reports = list(last.values()).count("FILED")
    ahead = session.scalars(
        select(Hearing.starts_at)
        .where(Hearing.case_id == case_id, Hearing.outcome.is_(None), Hearing.starts_at > now)
        .order_by(Hearing.starts_at)
    ).all()
    warrants = [
        f"A warrant, out since {short_day(one.since)}: it is recalled in the result of a hearing"
        for one in warrants_of(session, [case_id], now)
    ]  # fmt: skip
    found = [f"{reports} report{'' if reports == 1 else 's'} from probation without the court's answer"] * bool(reports)
    days = (f"{local_day(one, zone):%a, %b} {local_day(one, zone).day}" for one in ahead)
    return (*warrants, *found, *(f"A hearing on {day}: record its result, or take it off" for day in days))
