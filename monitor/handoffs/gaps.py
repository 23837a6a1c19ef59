"""One gap: something handed on at an instant, done at another or still open, and by when it should be done."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from monitor.clock import end_of_day, local_day
from monitor.handoffs.arrows import Target
from monitor.response_matrix.clocks import LastDay, Stop, last_day, last_day_of
from monitor.response_matrix.content import Content


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """``owner_id``: the agency whose clock it is, 0 where only its kind is known. ``done_at`` None: not yet.

    ``stopped_at``: nothing was left to do from then on (the order ended): open no longer, and not done.
    ``reached_at``: when it came to whoever owes it, where that may be later: their own days count from then.
    ``response_class``: of a question, for the clocks of the matrix.
    """

    measure: str
    case_id: int
    owner_id: int
    started_at: datetime
    done_at: datetime | None = None
    stopped_at: datetime | None = None
    reached_at: datetime | None = None
    response_class: str = ""

    def end(self, as_of: datetime) -> datetime:
        """When it was done or stopped, else ``as_of``."""
        ends = [at for at in (self.done_at, self.stopped_at) if at is not None and at <= as_of]
        return max(min(ends), self.started_at) if ends else as_of

    def done(self, as_of: datetime) -> bool:
        """Whether it was done by then, before it stopped."""
        if self.done_at is None or self.done_at > as_of:
            return False
        return self.stopped_at is None or self.done_at <= self.stopped_at

    def open(self, as_of: datetime) -> bool:
        """Whether somebody still has something to do."""
        return not self.done(as_of) and (self.stopped_at is None or self.stopped_at > as_of)


class Place(msgspec.Struct, frozen=True):
    """Where a case is heard: its court's zone and closed days; and when its clocks stand still."""

    zone: str
    shut: Collection[date] = frozenset()
    stops: tuple[Stop, ...] = ()


def start_of(day: date, zone: str) -> datetime:
    """The first instant of a local day."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def due(started_at: datetime, target: Target, place: Place) -> datetime:
    """By when it should be done: an instant for hours, else the end of the last day."""
    if target.unit == "hours":
        return started_at + timedelta(hours=target.amount)
    clock = f"{target.amount} court days" if target.unit == "business_days" else f"{target.amount} days"
    last = last_day(clock, local_day(started_at, place.zone), place.shut)
    assert last is not None and last.on is not None
    return end_of_day(last.on, place.zone)


def last_day_by_matrix(gap: Gap, content: Content, clock: str, place: Place) -> LastDay | None:
    """By when, by a clock of the local matrix; None: it has no day of its own."""
    from_on = local_day(gap.started_at, place.zone)
    return last_day_of(content, gap.response_class, clock, from_on, place.shut, place.stops)
