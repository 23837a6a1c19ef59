"""The orders of a case as the prosecution's papers may tell them: these go to the respondent and counsel.

Of an order, or of a change of one, of which no return of service is on record, no paper of this office may be the first
word (safeguard E5): it is left out, and so is the gap that would name it. Except where the report rests on that very
order: then it stands there whole, and its missing proof among the gaps, for that helps the respondent (F6).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any, Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.lines import MARKS
from monitor.clock import local_day
from monitor.current import current
from monitor.db import looking_wide
from monitor.models import AllegationFlag, Condition, Flag, Order, OrderVersion, Service, Span
from monitor.orders.words import CODED, KINDS, LOCAL
from monitor.prosecution.evidence import Piece
from monitor.verify.words import SERVED_BY
from monitor.wording import moment, short_day

CLERK: Final = "Clerk of {}"
# a version that says nothing new to obey
ENDS: Final = {
    "TERMINATED": "Ended by the court {}", "VACATED": "Vacated by the court {}", "EXPIRED": "Expired {}",
    "SUSPENDED": "Suspended by the court {}",
}  # fmt: skip
# made with the person in the room: a record of some days is a record under them, served or not. Not so their changes
SENTENCES: Final = frozenset({"PROBATION", "CONDITIONAL_DISCHARGE", "SENTENCE_MODIFICATION", "PRETRIAL_RELEASE"})


class Told(msgspec.Struct, frozen=True):
    """What a paper says of the orders. ``left_out``: orders and changes that it does not tell of, for the office."""

    pieces: tuple[Piece, ...]
    gaps: tuple[str, ...]
    left_out: tuple[str, ...]


class _Laid(msgspec.Struct, frozen=True):
    """An order with the version that is told of it; ``unproved``: the gap that stands for it, ``behind``: what stays
    unsaid."""

    order: Any
    version: Any
    services: tuple[Any, ...]
    ended: str
    unproved: str
    behind: str


def of_report(session: ScopedSession, report_id: int, case_id: int, zone: str, court: str) -> Told:
    """For a packet of one report."""
    return _told(session, case_id, zone, court, _rests_on(session, report_id))


def of_record(session: ScopedSession, case_id: int, zone: str, court: str) -> Told:
    """For a certified record of some days."""
    return _told(session, case_id, zone, court, (), in_room=SENTENCES)


def of_case(session: ScopedSession, case_id: int, zone: str, court: str) -> tuple[Piece, ...]:
    """Each order as it stands and each proof of its service, for this office's own eyes."""
    return _told(session, case_id, zone, court, None).pieces


def _rests_on(session: ScopedSession, report_id: int) -> set[int]:
    """The orders that the questions of a report are asked under; the office reads the report, and no span."""
    flags = list(session.scalars(select(AllegationFlag.flag_id).where(AllegationFlag.allegation_id == report_id)))
    with looking_wide(session, "which order a report rests on"):
        asked = select(Span.order_id).join(Flag, Flag.span_id == Span.id).where(Flag.id.in_(flags))
        return set(session.scalars(asked))


def _told(
    session: ScopedSession, case_id: int, zone: str, court: str, keep: Collection[int] | None,
    in_room: Collection[str] = (),
) -> Told:
    pieces, gaps, left = list[Piece](), list[str](), list[str]()
    for one in _laid(session, case_id, zone, keep, in_room):
        left += [one.behind] if one.behind else []
        gaps += [one.unproved] if one.unproved else []
        pieces += _pieces(session, one, zone, court) if one.version is not None else ()
    return Told(tuple(pieces), tuple(gaps), tuple(left))


def _laid(
    session: ScopedSession, case_id: int, zone: str, keep: Collection[int] | None, in_room: Collection[str]
) -> Iterator[_Laid]:
    services: dict[int, list[Service]] = defaultdict(list)
    served = select(Service).where(Service.case_id == case_id, current(Service)).order_by(Service.occurred_at)
    for service in session.scalars(served):
        services[service.order_id].append(service)
    versions: dict[int, list[OrderVersion]] = defaultdict(list)
    orders: dict[int, Order] = {}
    told = select(Order, OrderVersion).join(OrderVersion, OrderVersion.order_id == Order.id)
    for order, version in session.execute(told.where(Order.case_id == case_id).order_by(OrderVersion.version_no)):
        orders[order.id] = order
        versions[order.id].append(version)
    for number in sorted(orders, key=lambda one: (versions[one][0].ordered_on, orders[one].kind, one)):
        kept = keep is None or number in keep
        first = orders[number].kind in in_room
        yield _lay(orders[number], versions[number], tuple(services[number]), zone, whole=kept, first=first)


def _lay(
    order: Order, versions: list[OrderVersion], services: tuple[Service, ...], zone: str, *, whole: bool, first: bool
) -> _Laid:
    texts = [one for one in versions if one.change not in ENDS] or versions
    known = [one for at, one in enumerate(texts) if _is_known(one, services, zone, first=at == 0)]
    kind = KINDS.get(order.kind, order.kind).lower()
    newest = texts[-1]
    missing = ""
    if not known:
        missing = f"No proof of service for the {kind}."
    elif known[-1] is not newest:
        missing = f"No proof of service for the change of {short_day(newest.ordered_on)} to the {kind}."
    behind = f"{called(order)}: {'not served' if not known else 'its last change is not served'}"
    ended = versions[-1] if versions[-1].change in ENDS else None
    words = ENDS[ended.change].format(short_day(local_day(ended.effective_from, zone))) if ended else ""
    if whole or not missing:
        return _Laid(order, newest, services, words, missing, "")
    if first and not known:
        changed = f"{called(order)}: its last change is not served" if len(texts) > 1 else ""
        return _Laid(order, texts[0], services, words, missing, changed)
    return _Laid(order, known[-1] if known else None, services, words if known else "", "", behind)


def _is_known(version: OrderVersion, services: tuple[Service, ...], zone: str, *, first: bool) -> bool:
    """Whether a return of service covers a version: the first by any, a later one by one after the day of its signing.

    On that very day only what was handed over in court is the new paper for sure: a deputy may still have had the old
    one. The minute of entry tells nothing, for the clerk enters after the paper was handed over.
    """
    days = ((local_day(one.occurred_at, zone), one.method) for one in services)
    return any(
        first or day > version.ordered_on or (day == version.ordered_on and method == "IN_COURT")
        for day, method in days
    )  # fmt: skip


def called(order: Order) -> str:
    """Criminal no-contact order PO-88769"""
    return f"{KINDS.get(order.kind, order.kind)} {order.number or ''}".strip()


def _pieces(session: ScopedSession, one: _Laid, zone: str, court: str) -> Iterator[Piece]:
    clerk, name = CLERK.format(court), called(one.order)
    codes = session.scalars(
        select(Condition.code).where(Condition.order_version_id == one.version.id).order_by(Condition.line)
    )
    terms = "; ".join(dict.fromkeys((CODED | LOCAL).get(code, code) for code in codes))
    until = one.version.expires_at
    ends = f". {one.ended}" if one.ended else f". Ends {short_day(local_day(until, zone))}" if until else ""
    yield Piece(f"{name}: {terms or 'see the paper'}{ends}", one.version.ordered_on, "The signed order", clerk)
    for service in one.services:
        text = f"{name}: served {SERVED_BY[service.method]}, {moment(service.occurred_at, zone)}"
        yield Piece(text, local_day(service.occurred_at, zone), f"Return of service by {service.server}", clerk,
                    MARKS["en"]["RECORD"])  # fmt: skip
