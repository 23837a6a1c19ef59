"""The frozen packets of coming hearings: three court days before, and one, by the court's own holiday list.

At noon of such a day, when programs have had the morning, the page is kept as it stands then. What arrives later is an
addendum, read from replay. A hearing that is moved has the packets of its new day, too. Nothing is frozen twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor import audit, packets
from monitor.clock import local_day
from monitor.court_days import closed_days, court_day_before
from monitor.models import Court, Hearing, Packet
from monitor.one_at_a_time import one_at_a_time
from rules.pack_files import Packs

DAYS_BEFORE: Final = (1, 3)  # court days; of two that are due the later one is frozen
NOON: Final = time(12)
FAR: Final = timedelta(days=92)  # three court days lie no further off, also where a court closes for a summer


class Due(msgspec.Struct, frozen=True):
    """A packet that is to be frozen now."""

    hearing_id: int
    key: str


def due(session: Session, now: datetime) -> list[Due]:
    """Coming hearings whose noon is past and whose packet is not there, the next first."""
    rows = session.execute(
        select(Hearing.id, Hearing.starts_at, Hearing.court_id, Court.zone).join(Court, Court.id == Hearing.court_id)
        .where(Hearing.starts_at > now, Hearing.starts_at < now + FAR, Hearing.outcome.is_(None))
        .order_by(Hearing.starts_at, Hearing.id)
    ).all()  # fmt: skip
    closed = {court: closed_days(session, court, now) for court in {row.court_id for row in rows}}
    wanted = [Due(row.id, key) for row in rows for key in _keys(row, closed[row.court_id], now)]
    there = select(Packet.hearing_id, Packet.freeze_key).where(Packet.freeze_key.is_not(None))
    kept = {(row.hearing_id, row.freeze_key) for row in session.execute(there.where(Packet.known_at > now - 2 * FAR))}
    return [one for one in wanted if (one.hearing_id, one.key) not in kept]


def _keys(row: Any, closed: frozenset[Any], now: datetime) -> Iterator[str]:
    day = local_day(row.starts_at, row.zone)
    for count in DAYS_BEFORE:
        noon = datetime.combine(court_day_before(day, count, closed), NOON, ZoneInfo(row.zone))
        if noon <= now:
            yield f"{count}:{day}"
            return


def freeze(session: Session, one: Due, now: datetime, packs: Packs, secret: str) -> bool:
    """Keep the page of one hearing, with its entry in the trail; False: it is kept already, or the hearing is gone."""
    one_at_a_time(session, one.hearing_id)
    there = select(Packet.id).where(Packet.hearing_id == one.hearing_id, Packet.freeze_key == one.key)
    if session.scalar(there) is not None:
        return False
    packet = packets.take(session, one.hearing_id, now, packs, why="FREEZE", freeze_key=one.key)
    if packet is None:
        return False
    act = audit.Act(
        event="packet.frozen", component="job", subjects=(packet.id, one.hearing_id, packet.case_id),
        detail={"hash": packet.page_hash[:16], "days": one.key.partition(":")[0]},
    )  # fmt: skip
    audit.append(session, act, audit.audit_key(secret), now)
    return True
