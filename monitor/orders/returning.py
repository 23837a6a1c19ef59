"""A deputy's return of service: what waits, by age; how it ended; and taking a return back.

Law enforcement shares no case. What waits is one list over all courts; an order of it is opened as a look-up opens it
(`monitor.verify`), and what is recorded is told to the court that made it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec
from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from monitor.access.scoped_session import ScopedSession
from monitor.current import current
from monitor.db import keep_found, looking_wide, writing_for_others
from monitor.models import Case, Order, OrderStep, Service
from monitor.models.base import is_id
from monitor.one_at_a_time import one_at_a_time
from monitor.orders import returns, steps
from monitor.taking_back import retracted
from monitor.verify.answer import Card
from monitor.verify.finding import walled_off
from monitor.verify.verifying import card_of_order
from monitor.wording import moment

ENDED: Final = {
    "IN_PERSON": "Served in person", "LEFT_ADULT": "Left with an adult", "REFUSED": "Refused, left in view",
    "NOT_FOUND": "Not found", "NOTICE": "Notice only: not service",
}  # fmt: skip
_MEANS: Final[Mapping[str, tuple[str, str]]] = {
    "IN_PERSON": ("SERVED", "PERSONAL"), "LEFT_ADULT": ("SERVED", "SUBSTITUTE"), "REFUSED": ("ATTEMPTED", ""),
    "NOT_FOUND": ("ATTEMPTED", ""), "NOTICE": ("TOLD", ""),
}  # fmt: skip
TAKEN_BACK: Final = "TAKEN_BACK"


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """One order that a deputy has in hand. ``waits_since``: service is to do. ``served``: by whom and when, if it is
    not to do any more; ``mine``: this reader recorded that and may take it back. ``seen``: the newest step."""

    order_id: int
    case_id: int
    party: int | None
    zone: str
    card: Card
    waits_since: datetime | None
    served: str
    mine: bool
    lines: tuple[steps.StepLine, ...]
    seen: str


def unserved(session: ScopedSession, now: datetime) -> tuple[steps.Waiting, ...]:
    """Every order that waits for service, the oldest first; what expired meanwhile waits no more."""
    later = aliased(OrderStep)
    done = exists().where(
        later.order_id == OrderStep.order_id, later.recorded_at >= OrderStep.recorded_at,
        (later.kind == "SERVED") | later.action.in_(steps.ENDINGS),
    )  # fmt: skip
    with looking_wide(session, "which orders wait for service, for whoever serves them"):
        asked = select(OrderStep.order_id).where(
            OrderStep.kind == "TO_SERVE", ~done, OrderStep.case_id.not_in(walled_off(session))
        )
        return steps.waits(session, now, orders=list(session.scalars(asked))).to_serve


def paper(session: ScopedSession, order_id: int, now: datetime) -> Paper | None:
    """The order, if it is in force or ahead and there for this reader. One look-up a session."""
    with looking_wide(session, "whose order it is that a deputy has in hand"):
        row = session.execute(
            select(Order.case_id, Order.protected_party_id)
            .join(Case, Case.id == Order.case_id).where(Order.id == order_id, Order.case_id.not_in(walled_off(session)))
        ).first() if is_id(order_id) else None  # fmt: skip
    if row is None:
        return None
    keep_found(session, (row.case_id,))
    found = card_of_order(session, row.case_id, order_id, now)
    if found is None:
        return None
    card, zone = found
    known = steps.steps_of(session, order_id)
    task, last = steps.open_service(known), _last_service(known)
    mine = task is None and last is not None and last.recorded_by_id == session.scope.user_id
    return Paper(
        order_id=order_id, case_id=row.case_id, party=row.protected_party_id, zone=zone, card=card,
        waits_since=task.occurred_at if task else None, served=_served(last, zone) if task is None else "",
        mine=mine, lines=steps.lines(known, zone, card.expires_at, now), seen=str(known[-1].id) if known else "",
    )  # fmt: skip


def is_repeat(session: ScopedSession, order_id: int, how: str, seen: str) -> bool:
    """Whether the same person recorded the same since the page was opened: sent again for want of an answer."""
    known = steps.steps_of(session, order_id)
    ids = [str(one.id) for one in known]
    after = known[ids.index(seen) + 1:] if seen in ids else known if not seen else []
    return any(one.how == how and one.recorded_by_id == session.scope.user_id for one in after)


def told_as(how: str, left_in_view: bool) -> tuple[str, str]:
    """(what it is on record, by which method). ``left_in_view``: this site's law takes a refusal for service."""
    if how == "REFUSED" and left_in_view:
        return "SERVED", "PERSONAL"
    return _MEANS.get(how, ("", ""))


def record(session: ScopedSession, order_id: int, told: returns.Return, how: str, zone: str, now: datetime) -> None:
    """Put it on record for the court that made the order."""
    with writing_for_others(session, "a deputy's return is told to the court that made the order"):
        returns.record_return(session, order_id, told, zone, now, how=how)


def take_back(session: ScopedSession, order_id: int, reason: str, now: datetime) -> bool:
    """Its author takes the newest service back: it never was, and the order waits since its signing. False: none."""
    one_at_a_time(session, order_id)
    known = steps.steps_of(session, order_id)
    last = _last_service(known)
    if last is None or steps.open_service(known) or last.recorded_by_id != session.scope.user_id:
        return False
    wanted = select(Service).where(
        Service.order_id == order_id, Service.occurred_at == last.occurred_at, current(Service),
        Service.recorded_by_id == session.scope.user_id,
    )  # fmt: skip
    proof = session.scalars(wanted).first()
    task = next((one for one in reversed(known) if one.kind == "TO_SERVE"), None)
    if proof is None:
        return False
    with writing_for_others(session, "a return that was an error is taken back for the court that made the order"):
        session.add(retracted(proof, session.scope, reason, now))
        order = session.scalars(select(Order).where(Order.id == order_id)).one()
        since, version = (task or last).occurred_at, (task or last).order_version_id
        steps.add(session, order, version, "TO_SERVE", since, now, how=TAKEN_BACK)
        steps.add(session, order, version, "TO_ENTER", now, now, action="MODIFY", how=TAKEN_BACK)
    return True


def already(session: ScopedSession, order_id: int, zone: str) -> str:
    """Already served by another, at 9:40; "" where it is not."""
    known = steps.steps_of(session, order_id)
    last = _last_service(known)
    if last is None or steps.open_service(known):
        return ""
    by, at = last.by_agency or "another office", moment(last.occurred_at, zone)
    return f"Already served by {by}, {at}. Nothing was recorded."


def _last_service(known: Sequence[OrderStep]) -> OrderStep | None:
    return next((one for one in reversed(known) if one.kind == "SERVED"), None)


def _served(last: OrderStep | None, zone: str) -> str:
    return f"Served {moment(last.occurred_at, zone)}, by {last.by_agency or 'another office'}." if last else ""
