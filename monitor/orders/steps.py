"""From the court to the registry and to the person: what is to do, what was done, and how long it has waited.

Whoever enters orders in the registry is an agency with a number of its own there; we send nothing to it. What has to
be entered is written in the transaction that puts the order on record, and stands open until that agency's number is
on file.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.models import Case, Court, Order, OrderStep, OrderVersion, Person, Service, random_id
from monitor.orders.words import KINDS
from monitor.outbox import drop
from monitor.wording import moment, short_day

ACTIONS: Final = {
    "NEW": "ENTER", "MODIFIED": "MODIFY", "EXTENDED": "MODIFY", "VACATED": "CANCEL", "TERMINATED": "CLEAR",
}  # fmt: skip
ENDINGS: Final = ("CANCEL", "CLEAR")
IN_COURT: Final = "Courtroom clerk"
ACTION_WORDS: Final = {
    "ENTER": "Enter", "MODIFY": "Change the entry", "SERVE": "Add the service", "CLEAR": "Clear: it has ended",
    "CANCEL": "Cancel: it should not have been made",
}  # fmt: skip
STEP_WORDS: Final = {
    "TO_ENTER": "To be entered", "ENTERED": "Entered", "TO_SERVE": "To be served", "ATTEMPTED": "Tried, not served",
    "TOLD": "Told, not served", "SERVED": "Served", "SENT_BACK": "Sent back by the entering agency",
}  # fmt: skip


BACK: Final = "SENT_BACK"
AGAIN: Final = "AGAIN"
CORRECTED: Final = "CORRECTED"  # a number that stands in place of one that was typed wrongly
# codes of `OrderStep.how` beside how a return ended: what was asked again or sent back, and why
BACK_WORDS: Final = {
    AGAIN: "asked again by the court", CORRECTED: "in place of a number that was typed wrongly",
    "IDENTITY": "the name or date of birth cannot be right", "DATES": "a day cannot be right",
    "TERMS": "a condition cannot be entered as it reads", "PAPER": "the signed order has not reached it",
    "DOUBLE": "it is in the registry already, under another order", "NOT_OURS": "another agency enters it",
    "TAKEN_BACK": "a return of service was taken back", "NUMBER_WRONG": "the number was taken back: typed wrongly",
    "OTHER_ORDER": "the number was taken back: it is another order's",
    "NOT_ENTERED": "the number was taken back: the agency has not entered it",
}  # fmt: skip


class StepLine(msgspec.Struct, frozen=True):
    """One step of an order, in words."""

    when: str
    kind: str
    said: str


class Waiting(msgspec.Struct, frozen=True):
    """An order that waits, and since when. ``back``: why the entering agency sent its packet back;
    ``asked``: the newest thing that is asked of it."""

    order_id: int
    called: str
    case_number: str
    respondent: str
    since: datetime
    what: str
    zone: str
    tries: int = 0
    back: str = ""
    asked: str = ""

    def past_its_day(self, now: datetime) -> bool:
        """Whether the court's day on which it began to wait is over: every entry is due by then."""
        return local_day(self.since, self.zone) < local_day(now, self.zone)

    @property
    def when(self) -> str:
        """The day of signing, with the hour where the record has it."""
        return when(self.since, self.zone)

    def age(self, now: datetime) -> str:
        """3 h 12 min; 4 days. Of an order that was entered later than signed no hour is known: whole days."""
        if _day_alone(self.since, self.zone):
            days = (local_day(now, self.zone) - local_day(self.since, self.zone)).days
            return f"{days} day{'' if days == 1 else 's'}"
        passed = now - self.since
        if passed >= timedelta(days=2):
            return f"{passed.days} days"
        minutes = int(passed.total_seconds() // 60)
        return f"{minutes // 60} h {minutes % 60} min"


class Waits(msgspec.Struct, frozen=True):
    """What the court's desk waits for, the longest first."""

    to_enter: tuple[Waiting, ...]
    to_serve: tuple[Waiting, ...]


def follow(session: ScopedSession, order: Order, version: OrderVersion, now: datetime, *, served: bool) -> None:
    """What a version asks of others, if it protects somebody, as the registry takes no others.

    ``served``: its paper was handed over in the courtroom, which is service of any order.
    """
    if served:
        serve(session, order, now, "IN_COURT", IN_COURT, now)
    if order.protected_party_id is None:
        return
    since = signed_at(session, order, version, now)
    add(session, order, version.id, "TO_ENTER", since, now, action=ACTIONS[version.change])
    if served and open_service(steps_of(session, order.id)):
        add(session, order, version.id, "SERVED", now, now, by_agency=IN_COURT)
    elif not served and version.change in ("NEW", "MODIFIED", "EXTENDED"):
        add(session, order, version.id, "TO_SERVE", since, now)


def signed_at(session: ScopedSession, order: Order, version: OrderVersion, now: datetime) -> datetime:
    """Since when it waits: now, if it was signed today; else the beginning of the day of signing."""
    zones = select(Court.zone).join(Case, Case.court_id == Court.id).where(Case.id == order.case_id)
    zone = session.scalars(zones).one()
    if version.ordered_on >= local_day(now, zone):
        return now
    return datetime.combine(version.ordered_on, time(), ZoneInfo(zone)).astimezone(UTC)


def _day_alone(at: datetime, zone: str) -> bool:
    return at.astimezone(ZoneInfo(zone)).time() == time()


def when(at: datetime, zone: str) -> str:
    """The instant in words; the day alone where no hour is known."""
    return short_day(local_day(at, zone)) if _day_alone(at, zone) else moment(at, zone)


def add(
    session: ScopedSession, order: Order, version_id: int, kind: str, at: datetime, now: datetime, **more: Any
) -> None:
    """One step; what asks for an entry makes a packet due in the office's folder."""
    made = OrderStep(
        id=random_id(), case_id=order.case_id, agency_id=session.scope.agency_id, order_id=order.id,
        order_version_id=version_id, kind=kind, occurred_at=at, recorded_at=now,
        recorded_by_id=session.scope.user_id or None, **more,
    )  # fmt: skip
    session.add(made)
    if kind == "TO_ENTER":
        drop.post(session, order, made, now)
    session.flush()


def steps_of(session: ScopedSession, order_id: int) -> list[OrderStep]:
    """Every step of an order, oldest first."""
    wanted = select(OrderStep).where(OrderStep.order_id == order_id)
    return list(session.scalars(wanted.order_by(OrderStep.recorded_at, OrderStep.id)))


def lines(steps: list[OrderStep], zone: str, expires_at: datetime | None, now: datetime) -> tuple[StepLine, ...]:
    """The same in words, newest first; an end that came before service is one of them."""
    made = []
    for one in steps:
        parts = [STEP_WORDS[one.kind], ACTION_WORDS.get(one.action or "", "")]
        parts += [f"number {one.registry_number}" if one.registry_number else "", one.by_agency or ""]
        parts.append(BACK_WORDS.get(one.how or "", ""))
        made.append(StepLine(when(one.occurred_at, zone), one.kind, ", ".join(part for part in parts if part)))
    if expires_at is not None and lapsed(steps, expires_at, now):
        made.append(StepLine(when(expires_at, zone), "EXPIRED", "Expired before it was served"))
    return tuple(reversed(made))


def open_entry(steps: Sequence[Any]) -> list[Any]:
    """Of an order's steps, or rows of them, what was asked of the entering agency since it last confirmed; nothing of
    an order that ended before it did."""
    asked = _asked(steps)
    return [] if ended_unentered(steps) else asked


def ended_unentered(steps: Sequence[Any]) -> bool:
    """Whether the order ended before its entry was confirmed: nobody is to enter it any more."""
    actions = [one.action for one in _asked(steps)]
    return "ENTER" in actions and any(one in ENDINGS for one in actions)


def expired_unentered(asked: Sequence[Any], expires_at: datetime | None, now: datetime) -> bool:
    """Whether the order came to its end with no entry of it confirmed: there is nothing to enter any more, and so no
    reason for its protected name. Of one that is in the registry a change is due still: its day may stand wrong."""
    return expires_at is not None and expires_at <= now and action_of(asked) == "ENTER"


def asked_before(steps: list[OrderStep], confirmed: OrderStep) -> list[OrderStep]:
    """What a confirmation answered; one in place of a wrong number answers what that one did."""
    until = steps.index(confirmed)
    while confirmed.how == CORRECTED:
        until = max(n for n, one in enumerate(steps[:until]) if one.kind == "ENTERED")
        confirmed = steps[until]
    return _asked(steps[:until])


def _asked(steps: Sequence[Any]) -> list[Any]:
    done = [n for n, one in enumerate(steps) if one.kind == "ENTERED"]
    return [one for one in steps[(done[-1] + 1 if done else 0):] if one.kind == "TO_ENTER"]


def action_of(asked: Sequence[Any]) -> str:
    """What the agency does about everything that is open, in one act: its entry says how the order stands now."""
    actions = [one.action or "ENTER" for one in asked]
    first = ("ENTER", *ENDINGS, "MODIFY", "SERVE")
    return next((one for one in first if one in actions), "")


def sent_back(steps: Sequence[Any]) -> Any | None:
    """The step by which the entering agency sent the packet back, while it is the court's turn: the wait goes on."""
    if not open_entry(steps):
        return None
    last = [one for one in steps if one.kind in ("TO_ENTER", BACK)][-1]
    return last if last.kind == BACK else None


def open_service(steps: list[OrderStep]) -> OrderStep | None:
    """The service that is still to do: asked for, and neither served nor asked again since."""
    asked = None
    for one in steps:
        if one.kind == "TO_SERVE":
            asked = asked or one
        elif one.kind == "SERVED" or (one.kind == "TO_ENTER" and one.action in ("CLEAR", "CANCEL")):
            asked = None
    return asked


def lapsed(steps: list[OrderStep], expires_at: datetime | None, now: datetime) -> bool:
    """Whether the order came to its end with nobody having served it: it is nobody's task any more."""
    return expires_at is not None and expires_at <= now and open_service(steps) is not None


def zones_of(session: ScopedSession, orders: Iterable[int]) -> dict[int, str]:
    """By order, the zone of its court."""
    wanted = select(Order.id, Court.zone).join(Case, Case.id == Order.case_id).join(Court, Court.id == Case.court_id)
    return {one.id: one.zone for one in session.execute(wanted.where(Order.id.in_(list(orders))))}


def _ends(session: ScopedSession, orders: Iterable[int]) -> dict[int, datetime | None]:
    """By order, the end that its newest version sets."""
    versions = select(OrderVersion.order_id, OrderVersion.expires_at).where(OrderVersion.order_id.in_(list(orders)))
    return {one.order_id: one.expires_at for one in session.execute(versions.order_by(OrderVersion.version_no))}


def waits(session: ScopedSession, now: datetime, *, orders: list[int] | None = None) -> Waits:
    """Over all cases that the court shares with this person, or some ``orders``. What expired before it was entered
    or served waits no more."""
    by_order: dict[int, list[OrderStep]] = defaultdict(list)
    wanted = select(OrderStep) if orders is None else select(OrderStep).where(OrderStep.order_id.in_(orders))
    for one in session.scalars(wanted.order_by(OrderStep.recorded_at, OrderStep.id)):
        by_order[one.order_id].append(one)
    rows = session.execute(
        select(Order.id, Order.kind, Order.number, Case.number.label("case"), Court.zone, Person)
        .join(Case, Case.id == Order.case_id).join(Court, Court.id == Case.court_id)
        .join(Person, Person.id == Case.person_id)
        .where(Order.id.in_(by_order))
    ).all()  # fmt: skip
    ends = _ends(session, by_order)
    enter, serve = [], []
    for row in rows:
        steps = by_order[row.id]
        if (asked := open_entry(steps)) and not expired_unentered(asked, ends.get(row.id), now):
            since = min(one.occurred_at for one in asked)
            back = sent_back(steps)
            more = {"back": BACK_WORDS[back.how] if back else "", "asked": str(asked[-1].id)}
            enter.append(_waiting(row, since, ACTION_WORDS[action_of(asked)], 0, **more))
        if (task := open_service(steps)) and not lapsed(steps, ends.get(row.id), now):
            tries = [one for one in steps if one.kind in ("ATTEMPTED", "TOLD") and one.recorded_at > task.recorded_at]
            told = any(one.kind == "TOLD" for one in tries)
            serve.append(_waiting(row, task.occurred_at, "Told, not served" if told else "Not served", len(tries)))
    return Waits(*(tuple(sorted(each, key=lambda one: (one.since, one.order_id))) for each in (enter, serve)))


def _waiting(row: Any, since: datetime, what: str, tries: int, **more: str) -> Waiting:
    called = f"{KINDS.get(row.kind, row.kind)} {row.number or ''}".strip()
    return Waiting(row.id, called, row.case, row.Person.listed_name, since, what, row.zone, tries, **more)


def serve(session: ScopedSession, order: Order, at: datetime, method: str, server: str, now: datetime) -> None:
    """The proof of a service."""
    session.add(
        Service(
            id=random_id(), case_id=order.case_id, agency_id=session.scope.agency_id, order_id=order.id, occurred_at=at,
            method=method, server=server, recorded_at=now, recorded_by_id=session.scope.user_id,
        )
    )  # fmt: skip


def newest(session: ScopedSession, order_id: int) -> tuple[Order, int]:
    """The order, and the id of its newest version."""
    order = session.scalars(select(Order).where(Order.id == order_id)).one()
    last = select(OrderVersion.id).where(OrderVersion.order_id == order_id).order_by(OrderVersion.version_no.desc())
    return order, session.scalars(last.limit(1)).one()
