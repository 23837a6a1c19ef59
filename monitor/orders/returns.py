"""What an officer's return says of an order: served, notice alone, or a try; and how it goes on record."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.models import OrderStep, OrderVersion
from monitor.orders import steps
from monitor.orders.entering import instant

RESULTS: Final = {
    "SERVED": "Served: the paper was handed over", "TOLD": "Told at the scene: notice, and not service",
    "ATTEMPTED": "Tried, not served",
}  # fmt: skip
METHODS: Final = {"PERSONAL": "In person", "SUBSTITUTE": "Left with another", "PUBLICATION": "By publication"}


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """What an officer's return says; what could not be read is None."""

    result: str = ""
    method: str = ""
    on: date | None = None
    hour: time | None = None
    server: str = ""

    def at(self, zone: str) -> datetime | None:
        """The instant, in the court's zone."""
        return instant(self.on, self.hour, zone)


def signed_on(session: ScopedSession, task: OrderStep) -> date:
    """The day on which the judge signed what is to be served or entered."""
    return session.scalars(select(OrderVersion.ordered_on).where(OrderVersion.id == task.order_version_id)).one()


def faults_of_return(
    session: ScopedSession, told: Return, known: list[OrderStep], zone: str, now: datetime, expires_at: datetime | None
) -> dict[str, str]:
    """By field, what is missing or cannot be. What a return tells came from the day of signing on (also before the
    clerk entered the order) and before the order's end; the return itself may come in late."""
    found, at, task = {}, told.at(zone), steps.open_service(known)
    if task is None:
        return {"result": "Nothing is to be served. This is how it stands now."}
    if told.result not in RESULTS:
        found["result"] = "Choose what came of it."
    if told.result == "SERVED" and told.method not in METHODS:
        found["method"] = "Choose how it was served."
    if told.on is None or at is None or told.on < signed_on(session, task) or at > now:
        found["on"] = "Give the day and hour, after the order was signed and not ahead, like 12/4/2026 and 9:40 AM."
    elif expires_at is not None and at >= expires_at:
        found["on"] = "The order had ended by then: it expired before it was served."
    if not 2 <= len(told.server.strip()) <= 80:
        found["server"] = "Give who served it: name or badge, and office."
    return found


def record_return(
    session: ScopedSession, order_id: int, told: Return, zone: str, now: datetime, *, how: str | None = None
) -> None:
    """Service goes on record with method and hour, and asks for the registry to be told; the rest is a step alone."""
    order, version = steps.newest(session, order_id)
    at = told.at(zone)
    assert at is not None
    steps.add(session, order, version, told.result, at, now, by_agency=told.server.strip(), how=how)
    if told.result == "SERVED":
        steps.serve(session, order, at, told.method, told.server.strip(), now)
        steps.add(session, order, version, "TO_ENTER", at, now, action="SERVE")
