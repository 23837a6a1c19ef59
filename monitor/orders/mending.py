"""What the court's own desk put on record wrongly: a registry's number, or a return of service. Both ways back.

Nothing is changed: a number that was wrong stays in the list of steps, and what had been asked of the entering agency
is asked again, since the day on which it was asked first.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.current import current
from monitor.models import Order, OrderStep, OrderVersion, Service
from monitor.one_at_a_time import one_at_a_time
from monitor.orders import steps
from monitor.taking_back import retracted

# codes alone, so that nothing is written about anybody
NUMBER_WHY: Final = {
    "NUMBER_WRONG": "The number was typed wrongly", "OTHER_ORDER": "It is the number of another order",
    "NOT_ENTERED": "The agency has not entered it",
}  # fmt: skip


def number_to_take_back(known: Sequence[OrderStep], agency: int) -> OrderStep | None:
    """The newest confirmation, if this office put it on record and nobody has taken it back."""
    found = next((one for one in reversed(known) if one.kind == "ENTERED"), None)
    if found is None or found.agency_id != agency:
        return None
    later = list(known)[list(known).index(found) + 1:]
    return None if any(one.how in NUMBER_WHY for one in later) else found


def take_number_back(session: ScopedSession, order_id: int, step_id: int, why: str, now: datetime) -> bool:
    """The order waits for the registry again, since it was signed. False: not the newest, or not this office's."""
    one_at_a_time(session, order_id)
    known = steps.steps_of(session, order_id)
    found = number_to_take_back(known, session.scope.agency_id)
    if found is None or found.id != step_id or why not in NUMBER_WHY:
        return False
    order = session.scalars(select(Order).where(Order.id == order_id)).one()
    for one in steps.asked_before(known, found):
        if one.how == steps.AGAIN:
            continue  # the same ask once more, after its packet was sent back
        steps.add(session, order, one.order_version_id, "TO_ENTER", one.occurred_at, now, action=one.action, how=why)
    return True


def service_to_take_back(session: ScopedSession, order_id: int) -> Service | None:
    """The newest proof of service, if this office put it on record."""
    wanted = select(Service).where(Service.order_id == order_id, current(Service))
    found = session.scalars(wanted.order_by(Service.recorded_at.desc(), Service.id)).first()
    return found if found is not None and found.agency_id == session.scope.agency_id else None


def take_service_back(session: ScopedSession, order_id: int, service_id: int, reason: str, now: datetime) -> bool:
    """It never was: an order that protects somebody waits for service again since its signing, and the registry is
    told. False: it is not the newest, or not this office's."""
    one_at_a_time(session, order_id)
    proof = service_to_take_back(session, order_id)
    if proof is None or proof.id != service_id:
        return False
    session.add(retracted(proof, session.scope, reason, now))
    order = session.scalars(select(Order).where(Order.id == order_id)).one()
    if order.protected_party_id is not None:
        known = steps.steps_of(session, order_id)
        since, version = _since(session, order, known, now)
        steps.add(session, order, version, "TO_SERVE", since, now, how="TAKEN_BACK")
        steps.add(session, order, version, "TO_ENTER", now, now, action="MODIFY", how="TAKEN_BACK")
    session.flush()
    return True


def _since(session: ScopedSession, order: Order, known: Sequence[OrderStep], now: datetime) -> tuple[datetime, int]:
    """Since when it waits, and which version: as it was asked for, or, handed over in the courtroom, the signing."""
    if task := next((one for one in reversed(known) if one.kind == "TO_SERVE"), None):
        return task.occurred_at, task.order_version_id
    told = select(OrderVersion).where(OrderVersion.order_id == order.id).order_by(OrderVersion.version_no.desc())
    version = session.scalars(told.limit(1)).one()
    return steps.signed_at(session, order, version, now), version.id
