"""A later version of an order: changed, extended or ended. What stood before stays, and the difference is in words.

A change holds from the instant at which it is entered, so that what the court knew at any time can be told again; the
day of signing stands beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.clock import local_day
from monitor.models import Order, OrderSheet, OrderVersion, random_id
from monitor.one_at_a_time import one_at_a_time
from monitor.orders import drafting, firearms
from monitor.orders.making import add_version, ended_duty, standing_duties, tell_officers
from monitor.orders.page import Desk, Line, OrderLine, Typed
from monitor.orders.steps import follow
from monitor.orders.templates import Template
from monitor.results.words import NOTICE_STEP
from monitor.wording import short_day

ENDS: Final = {"VACATED": "Vacated: it should not have been made", "TERMINATED": "Ended early by the court"}
LAST_DAY: Final = "Last day"
TOO_EARLY: Final = "That day is before the order as it stands was signed."


class Moved(Exception):
    """Somebody changed the order since the form was opened."""


def typed_of(template: Template, order: OrderLine, zone: str, today: date) -> Typed:
    """What the form of a change opens with: everything as it stands."""
    allowed = [
        f"{term.code}-{n}" for term in template.terms for n, one in enumerate(term.exceptions)
        if msgspec.to_builtins(one) in [each for line in order.lines if line.code == term.code for each in line.allowed]
    ]  # fmt: skip
    heard, related, forbids, flag = order.firearm
    words = next((line.text for line in order.lines if line.code == "08"), "")
    return Typed(
        number=order.number, judge=order.details.get("judge"), terms=tuple(line.code for line in order.lines),
        yards=str(order.details.get("yards") or template.yards),
        places=tuple(order.details.get("places") or template.places), allowed=tuple(allowed), words=words,
        issued_on=today, ends_on=local_day(order.expires_at, zone) if order.expires_at else None,
        endless=order.expires_at is None, firearm=(heard, related, forbids), flag=flag,
    )  # fmt: skip


def differences(template: Template, order: OrderLine, typed: Typed, zone: str) -> tuple[str, ...]:
    """What the new version says otherwise, in words without a name; the court's own wording is not repeated."""
    before = {line.code: line for line in order.lines}
    after = {line.code: line for line in drafting.lines_of(template, typed)}
    said = [f"Added: {line.coded} {line.title}." for code, line in after.items() if code not in before]
    said += [f"Taken out: {line.coded} {line.title}." for code, line in before.items() if code not in after]
    for code in before.keys() & after.keys():
        said += _of_line(before[code], after[code])
    reviews = [f"The court reviews no more: {why}." for key, why in drafting.NO_REVIEW if key == typed.no_review]
    return (*sorted(said), *_of_end(order, typed, zone), *_of_flag(order, typed), *reviews)


def _of_line(before: Line, after: Line) -> list[str]:
    said = [f"Now allowed: {one}." for one in after.exceptions if one not in before.exceptions]
    said += [f"No longer allowed: {one}." for one in before.exceptions if one not in after.exceptions]
    if before.text != after.text:
        words = "reads otherwise." if after.code in ("08", "OTHER_BESPOKE") else f"now: {after.text}"
        said.append(f"{after.coded} {after.title} {words}")
    return said


def _of_end(order: OrderLine, typed: Typed, zone: str) -> list[str]:
    was = local_day(order.expires_at, zone) if order.expires_at else None
    becomes = None if typed.endless else typed.ends_on
    if was == becomes:
        return []
    return [f"{LAST_DAY}: {_day(becomes)}, before {_day(was)}."]


def _day(day: date | None) -> str:
    return short_day(day) if day else "none"


def _of_flag(order: OrderLine, typed: Typed) -> list[str]:
    was, becomes = order.firearm[3], typed.flag or "U"
    if was == becomes:
        return []
    return [f"Firearm flag: {firearms.WORDS[becomes]}, before {firearms.WORDS[was]}."]


def faults_of_change(template: Template, desk: Desk, order: OrderLine, typed: Typed, today: date) -> dict[str, str]:
    """By field, what is missing or cannot be."""
    found = drafting.faults_of_text(template, desk, typed, today)
    if "issued_on" not in found and _before_the_last(order, typed.issued_on):
        found["issued_on"] = TOO_EARLY
    if not found and not differences(template, order, typed, desk.zone):
        found["terms"] = "Nothing differs from the version that stands."
    return found


def change(
    session: ScopedSession, desk: Desk, template: Template, order: OrderLine, typed: Typed, now: datetime
) -> tuple[str, ...]:
    """Write the next version; what differs. Raises `Moved`. ``faults_of_change`` was asked before."""
    said = differences(template, order, typed, desk.zone)
    row, before = _close(session, order, now)
    kind = "EXTENDED" if _only_longer(said, order, typed, desk.zone) else "MODIFIED"
    version = add_version(
        session, template, typed, row, now, zone=desk.zone, change=kind, number=before.version_no + 1, differs=said,
        before=before, warned=desk.warned,
    )  # fmt: skip
    follow(session, row, version, now, served=typed.notice == "SERVED")
    tell_officers(session, desk.case_id, row.id, now)
    session.flush()
    return said


def _only_longer(said: Sequence[str], order: OrderLine, typed: Typed, zone: str) -> bool:
    if len(said) != 1 or not said[0].startswith(LAST_DAY) or order.expires_at is None:
        return False
    return typed.endless or (typed.ends_on is not None and typed.ends_on > local_day(order.expires_at, zone))


def _before_the_last(order: OrderLine, day: date | None) -> bool:
    """Whether a day lies before the one on which the version that stands was signed."""
    return day is not None and bool(order.versions) and day < order.versions[-1].ordered_on


def faults_of_end(order: OrderLine, how: str, on: date | None, step: str, today: date) -> dict[str, str]:
    """By field; an order that ends early may raise danger, so the safety-notice step comes first (safeguard E5)."""
    found = {}
    if how not in ENDS:
        found["how"] = "Choose whether it was vacated or ended early."
    if on is None or on > today or on < today - drafting.BACK:
        found["on"] = "Give the day of signing, today or within the last 30 days."
    elif _before_the_last(order, on):
        found["on"] = TOO_EARLY
    if step not in NOTICE_STEP:
        found["notice_step"] = "Say that the safety-notice step is finished, or that there is imminent danger."
    return found


def end(session: ScopedSession, desk: Desk, order: OrderLine, how: str, on: date, now: datetime) -> None:
    """The order holds no more; its duties end on ``on``. Raises `Moved`."""
    row, before = _close(session, order, now)
    version = OrderVersion(
        id=random_id(), case_id=row.case_id, agency_id=row.agency_id, order_id=row.id,
        version_no=before.version_no + 1, change=how, ordered_on=on, effective_from=now, effective_to=None,
        expires_at=None, granted_on=before.granted_on, term_months=before.term_months,
        convicted_on=before.convicted_on, in_custody=before.in_custody, appeared=before.appeared,
        proceeding=before.proceeding, supervision=before.supervision, facts=dict(before.facts), recorded_at=now,
        recorded_by_id=session.scope.user_id,
    )  # fmt: skip
    session.add(version)
    session.flush()
    follow(session, row, version, now, served=False)
    session.add_all(ended_duty(one, on, now) for one in standing_duties(session, row.id))
    heard, related, forbids, _flag = order.firearm
    session.add(
        OrderSheet(
            id=random_id(), case_id=row.case_id, agency_id=row.agency_id, order_version_id=version.id,
            template=order.template or "none", edition="", judge_id=order.details.get("judge"),
            details={"title": order.details.get("title", order.kind_words)}, differs=["The order holds no more."],
            firearm_heard=heard, firearm_related=related, firearm_forbids=forbids, firearm_flag="N", notice="NONE",
            no_review_why=None, recorded_at=now, recorded_by_id=session.scope.user_id,
        )
    )  # fmt: skip
    tell_officers(session, desk.case_id, row.id, now)
    session.flush()


def _close(session: ScopedSession, order: OrderLine, now: datetime) -> tuple[Order, OrderVersion]:
    """The open version's end, which is all that changes of it; its words and days stay."""
    one_at_a_time(session, order.id)
    row = session.scalars(select(Order).where(Order.id == order.id)).one()
    found = session.scalars(
        select(OrderVersion).where(OrderVersion.order_id == order.id, OrderVersion.effective_to.is_(None))
    ).one_or_none()
    if found is None or not order.versions or found.version_no != order.versions[-1].number:
        raise Moved
    found.effective_to = now
    session.flush()
    return row, found
