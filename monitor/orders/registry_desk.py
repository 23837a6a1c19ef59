"""The entering agency's own desk: what waits for the registry over all courts, one packet, and what it entered itself.

Law enforcement shares no case. An order is here for the agency while the court asks for its entry, and afterwards
while the number on file is the agency's own, so that it can mend it. Of the protected person there is the name alone,
in the packet of what waits; once the number is on file no packet is made here any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from monitor.access.scoped_session import ScopedSession
from monitor.db import keep_found, looking_wide, writing_for_others
from monitor.models import Case, Order, OrderStep
from monitor.models.base import is_id
from monitor.one_at_a_time import one_at_a_time
from monitor.orders import entering, mending, steps
from monitor.orders.making import protected_name
from monitor.orders.packet import LABELS, Packet, packet_of
from monitor.orders.page import Desk, OrderLine
from monitor.orders.reading import Reader, desk_of_order
from monitor.verify.finding import walled_off

KEPT: Final = timedelta(days=30)
LIST: Final = "which orders wait for the registry, for the agency that enters them"
ONE: Final = "the packet of an order that waits for the registry, for the agency that enters it"


class Entered(msgspec.Struct, frozen=True):
    """An order whose number this agency put on record, and when the entry was made."""

    order_id: int
    number: str
    registry_number: str
    at: datetime
    zone: str


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """One order before the entering agency. ``packet`` bears no protected name; ``last``: the agency's own number."""

    desk: Desk
    order: OrderLine
    packet: Packet
    known: tuple[OrderStep, ...]
    last: OrderStep | None

    @property
    def missing(self) -> tuple[str, ...]:
        """Mnemonics without which it cannot be entered."""
        return tuple(one for one in self.packet.missing if one != "PPN")

    @property
    def rows(self) -> tuple[tuple[str, str, str], ...]:
        """(mnemonic, label, value) in the order of the entry screen; the name stands in the worksheet alone."""
        return tuple((one, LABELS[one], value) for one, value in self.packet.fields.items() if one != "PPN")


def queue(session: ScopedSession, now: datetime) -> tuple[steps.Waiting, ...]:
    """Every order that waits for the registry, the longest first: what was sent back to its court comes last."""
    later = aliased(OrderStep)
    confirmed = exists().where(
        later.order_id == OrderStep.order_id, later.kind == "ENTERED", later.recorded_at > OrderStep.recorded_at
    )
    with looking_wide(session, LIST):
        asked = select(OrderStep.order_id).where(
            OrderStep.kind == "TO_ENTER", ~confirmed, OrderStep.case_id.not_in(walled_off(session))
        )
        waits = steps.waits(session, now, orders=list(session.scalars(asked.distinct()))).to_enter
    return tuple(sorted(waits, key=lambda one: bool(one.back)))


def entered(session: ScopedSession, now: datetime) -> tuple[Entered, ...]:
    """What this agency entered in thirty days, the newest first, by the number that is on file."""
    with looking_wide(session, LIST):
        wanted = (
            select(OrderStep, Order.number, Case.number.label("case_number"))
            .join(Order, Order.id == OrderStep.order_id).join(Case, Case.id == OrderStep.case_id)
            .where(OrderStep.kind == "ENTERED", OrderStep.agency_id == session.scope.agency_id,
                   OrderStep.recorded_at > now - KEPT, OrderStep.case_id.not_in(walled_off(session)))
            .order_by(OrderStep.recorded_at.desc(), OrderStep.id.desc())
        )  # fmt: skip
        newest: dict[int, Any] = {}
        for row in session.execute(wanted):
            newest.setdefault(row.OrderStep.order_id, row)
        zones = steps.zones_of(session, newest)
    return tuple(
        Entered(one, row.number or row.case_number, row.OrderStep.registry_number or "", row.OrderStep.occurred_at,
                zones[one])
        for one, row in newest.items()
    )  # fmt: skip


def sheet(session: ScopedSession, order_id: int, by: Reader, *, alone: bool = False) -> Sheet | None:
    """The order, if it is before this agency. One look-up a session. ``alone``: an act follows, and waits its turn;
    for what is not before this agency nobody waits (B7)."""
    with looking_wide(session, ONE):
        case = session.scalar(
            select(Order.case_id).where(Order.id == order_id, Order.case_id.not_in(walled_off(session)))
        ) if is_id(order_id) else None  # fmt: skip
        known, last = _stands(session, order_id) if case is not None else ((), None)
        if alone and (last or steps.open_entry(known)):
            one_at_a_time(session, order_id)
            known, last = _stands(session, order_id)
        desk = desk_of_order(session, order_id, by) if steps.open_entry(known) or last else None
    order = next((one for one in desk.orders if one.id == order_id), None) if desk else None
    if case is None or desk is None or order is None:
        return None
    if steps.expired_unentered(steps.open_entry(known), order.expires_at, by.now):
        return None
    keep_found(session, (case,))
    return Sheet(desk=desk, order=order, packet=packet_of(desk, order, known, ""), known=known, last=last)


def _stands(session: ScopedSession, order_id: int) -> tuple[tuple[OrderStep, ...], OrderStep | None]:
    """The steps of an order, and the number on file where it is this agency's own."""
    known = tuple(steps.steps_of(session, order_id))
    return known, mending.number_to_take_back(known, session.scope.agency_id)


def with_name(session: ScopedSession, found: Sheet, secret: str) -> Packet | None:
    """The packet as it is typed into the registry, with the protected name; None where nothing waits."""
    if not steps.open_entry(found.known):
        return None
    return packet_of(found.desk, found.order, found.known, protected_name(session, found.order.party, secret))


def is_repeat(found: Sheet, number: str) -> bool:
    """Whether the same number is on file and nothing waits: sent again for want of an answer."""
    last = found.last
    return last is not None and not steps.open_entry(found.known) and last.registry_number == number.strip().upper()


def confirm(session: ScopedSession, order_id: int, told: entering.Entry, now: datetime) -> None:
    """The entry is told to the court that made the order."""
    with writing_for_others(session, "the registry's number is told to the court that made the order"):
        entering.confirm(session, order_id, told, now)


def correct(session: ScopedSession, last: OrderStep, number: str, now: datetime) -> None:
    """As `entering.correct`, for the court that made the order."""
    with writing_for_others(session, "a number typed wrongly is mended for the court that made the order"):
        entering.correct(session, last, number, now)


def take_back(session: ScopedSession, found: Sheet, why: str, now: datetime) -> bool:
    """The agency's own number names no entry of this order: it waits again, since its signing."""
    if found.last is None:
        return False
    with writing_for_others(session, "a number that was an error is taken back for the court that made the order"):
        return mending.take_number_back(session, found.order.id, found.last.id, why, now)


def send_back(session: ScopedSession, found: Sheet, why: str, agency: str, now: datetime) -> None:
    """The packet goes back to the court's clerk with a reason of `entering.SENT_BACK`."""
    with writing_for_others(session, "a packet that cannot be entered goes back to the court that made the order"):
        entering.send_back(session, found.order.id, why, agency, now)
