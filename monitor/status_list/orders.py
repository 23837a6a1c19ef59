"""What the list says of the orders of each case: in force, until when, served or not, and the codes of their terms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.current import current
from monitor.models import Condition, OrderVersion, Service
from monitor.verify.standing import LIVE, Line, Standing, Verdict, Version, protects, standing
from monitor.wording import moment

NONE: Final = "None in force"


class Ordered(msgspec.Struct, frozen=True):
    """Of one case."""

    said: str = NONE
    codes: str = ""


def orders_of(session: ScopedSession, zones: Mapping[int, str], now: datetime) -> dict[int, Ordered]:
    """By case; ``zones``: the clocks of the courts of the cases that are listed. Three queries at any size."""
    codes: dict[int, list[Line]] = defaultdict(list)
    lasting = (
        select(Condition.order_version_id, Condition.code)
        .join(OrderVersion, OrderVersion.id == Condition.order_version_id)
        .where(OrderVersion.effective_to.is_(None) | (OrderVersion.effective_to > now)).order_by(Condition.line)
    )  # fmt: skip
    for version, code in session.execute(lasting):
        codes[version].append(Line(code))
    served: dict[int, list[datetime]] = defaultdict(list)
    for order, at in session.execute(select(Service.order_id, Service.occurred_at).where(current(Service))):
        served[order].append(at)
    versions: dict[tuple[int, int], list[Version]] = defaultdict(list)
    kept = select(
        OrderVersion.case_id, OrderVersion.order_id, OrderVersion.id, OrderVersion.change,
        OrderVersion.effective_from, OrderVersion.effective_to, OrderVersion.expires_at,
    )  # fmt: skip
    for case, order, number, change, start, end, expires in session.execute(kept):
        if case in zones:
            versions[case, order].append(Version(number, change, start, end, expires, tuple(codes[number])))
    stands: dict[int, list[Standing]] = defaultdict(list)
    for (case, order), known in versions.items():
        stands[case].append(standing(known, served[order], now))
    return {case: _ordered(found, zones[case]) for case, found in stands.items()}


def _ordered(found: list[Standing], zone: str) -> Ordered:
    live = [one for one in found if one.verdict in LIVE and one.version]
    parts = sorted({_said(one, zone) for one in live if one.version and protects(one.version)})
    lines = {line.code for one in live if one.version for line in one.version.lines}
    return Ordered("; ".join(parts) or ("In force" if live else NONE), " ".join(sorted(lines)))


def _said(one: Standing, zone: str) -> str:
    assert one.version is not None
    if one.verdict is Verdict.CANNOT_CONFIRM:
        return "Suspended: ask the court"
    if one.verdict is Verdict.PENDING:
        return f"Starts {moment(one.version.effective_from, zone)}"
    until = f" until {moment(one.version.expires_at, zone)}" if one.version.expires_at else ""
    how = f"served {moment(one.served_at, zone)}" if one.served_at else "not served"
    return f"In force{until}, {how}"
