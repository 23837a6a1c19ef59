"""The entry of an order in the registry: its number and instant, a number that was typed wrongly, a packet sent back.

The court's desk and the entering agency's write the same steps. A packet that was sent back still waits since its
signing: nothing is in the registry; it is the court's turn until somebody there changes the order or asks again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.models import Case, Order, OrderStep
from monitor.orders import steps
from monitor.orders.mending import NUMBER_WHY
from monitor.wording import short_day

# codes alone, so that nothing is written about anybody
SENT_BACK: Final = {
    "IDENTITY": "The name or date of birth cannot be right", "DATES": "A day cannot be right",
    "TERMS": "A condition cannot be entered as it reads", "PAPER": "The signed order has not reached us",
    "DOUBLE": "It is in the registry already, under another order", "NOT_OURS": "Another agency enters this order",
}  # fmt: skip
TO_GIVE: Final = "Give the number that the registry gave: letters and digits, 4 to 20."


class Entry(msgspec.Struct, frozen=True):
    """What is told of an entry. ``at``: None where day or hour could not be read."""

    number: str
    agency: str
    at: datetime | None


def instant(on: date | None, hour: time | None, zone: str) -> datetime | None:
    """Day and hour in the court's zone."""
    return datetime.combine(on, hour, ZoneInfo(zone)) if on and hour else None


def entry_seen(known: Sequence[OrderStep]) -> str:
    """The id of the newest thing that is asked of the entering agency: what a confirmation's page was opened on."""
    asked = steps.open_entry(known)
    return str(asked[-1].id) if asked else ""


def number_of(known: Sequence[OrderStep]) -> str:
    """The registry's number that is on file, for an entry that is to be changed; "" before the first."""
    entered = [one for one in known if one.kind == "ENTERED"]
    return (entered[-1].registry_number or "") if entered else ""


def also_under(session: ScopedSession, order_id: int, known: Sequence[OrderStep]) -> tuple[str, ...]:
    """The cases of other orders that stand under the same number, as far as whoever asks sees them: of two under one
    number one was typed wrongly, and whoever looks the number up would take it for the other."""
    number = _number_that_stands(known)
    told = select(OrderStep.order_id, Case.number).join(Case, Case.id == OrderStep.case_id).where(
        OrderStep.kind == "ENTERED", OrderStep.registry_number == number, OrderStep.order_id != order_id
    )  # fmt: skip
    others = {row.order_id: row.number for row in session.execute(told)} if number else {}
    stand = (case for other, case in others.items() if _number_that_stands(steps.steps_of(session, other)) == number)
    return tuple(sorted(stand))


def _number_that_stands(known: Sequence[OrderStep]) -> str:
    """The number on file, "" where nobody gave one or it was taken back."""
    last = next((place for place, one in reversed(list(enumerate(known))) if one.kind == "ENTERED"), None)
    if last is None or any(one.how in NUMBER_WHY for one in known[last + 1:]):
        return ""
    return known[last].registry_number or ""


def faults_of(told: Entry, known: Sequence[OrderStep], zone: str, now: datetime) -> dict[str, str]:
    """By field, what is missing or cannot be. An entry was made from the day of signing on (also before the clerk put
    the order on record), and not ahead."""
    asked = steps.open_entry(known)
    if not asked:
        return {"registry_number": "Everything is confirmed already. This is how it stands now."}
    found = _faults_of_number(told.number)
    if not 2 <= len(told.agency.strip()) <= 80:
        found["by_agency"] = "Give the agency that entered it."
    since = local_day(min(one.occurred_at for one in asked), zone)
    if told.at is None or told.at > now or told.at < datetime.combine(since, time(), ZoneInfo(zone)):
        found["entered_on"] = f"Give day and hour, from {short_day(since)} on, not ahead, like 12/4/2026 and 9:40 AM."
    return found


def _faults_of_number(number: str) -> dict[str, str]:
    fits = 4 <= len(number.strip()) <= 20 and number.strip().isalnum() and number.isascii()
    return {} if fits else {"registry_number": TO_GIVE}


def confirm(session: ScopedSession, order_id: int, told: Entry, now: datetime) -> None:
    """The entering agency has it, under its number, since the instant that is told."""
    order, version = steps.newest(session, order_id)
    steps.add(session, order, version, "ENTERED", told.at or now, now, registry_number=told.number.strip().upper(),
              by_agency=told.agency.strip())  # fmt: skip


def faults_of_correction(number: str, last: OrderStep) -> dict[str, str]:
    """By field."""
    if number.strip().upper() == last.registry_number:
        return {"registry_number": "That is the number on file. Give the right one."}
    return _faults_of_number(number)


def correct(session: ScopedSession, last: OrderStep, number: str, now: datetime) -> None:
    """Another number stands in place of ``last``: the entry was made, so that nothing waits again. Both are kept."""
    order = session.scalars(select(Order).where(Order.id == last.order_id)).one()
    steps.add(session, order, last.order_version_id, "ENTERED", last.occurred_at, now, how=steps.CORRECTED,
              registry_number=number.strip().upper(), by_agency=last.by_agency)  # fmt: skip


def send_back(session: ScopedSession, order_id: int, why: str, agency: str, now: datetime) -> None:
    """The agency cannot enter it, for a reason of `SENT_BACK`."""
    order, version = steps.newest(session, order_id)
    steps.add(session, order, version, steps.BACK, now, now, how=why, by_agency=agency)


def ask_again(session: ScopedSession, order_id: int, seen: str, now: datetime) -> bool:
    """The court has answered: the packet as it stands now is the agency's again. False: it was not sent back, or
    not the packet of the page (``seen``: the step that sent it back)."""
    known = steps.steps_of(session, order_id)
    back = steps.sent_back(known)
    if back is None or str(back.id) != seen:
        return False
    asked = steps.open_entry(known)
    order, version = steps.newest(session, order_id)
    since = min(one.occurred_at for one in asked)
    steps.add(session, order, version, "TO_ENTER", since, now, action=steps.action_of(asked), how=steps.AGAIN)
    return True
