"""Writing an order that a judge has signed: everything that follows from it goes on record in the same transaction.

The order with its conditions, which look-ups read at once; the duties that rules check; service or the need for it; the
first review; the referral to the program, and word to the officer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.case_sharing import share
from monitor.clock import end_of_day, local_day
from monitor.concerns import whom_to_tell
from monitor.db import looking_wide, writing_for_others
from monitor.enrollment.court_door import REASON
from monitor.enrollment.referring import refer
from monitor.models import (
    Condition,
    Hearing,
    Order,
    OrderSheet,
    OrderVersion,
    ProtectedParty,
    Requirement,
    random_id,
)
from monitor.name_words import printed
from monitor.orders.drafting import details_of, known_party, lines_of, starts_at, typed_name
from monitor.orders.page import Desk, Line, Typed
from monitor.orders.steps import follow
from monitor.orders.templates import Template
from monitor.outbox.notice import notice
from monitor.party_names import seal_name
from monitor.results.dates import next_review
from monitor.sealing import SealError, sealing_keys, unseal
from monitor.webhooks.announcing import announce_waiting


def make(session: ScopedSession, desk: Desk, template: Template, typed: Typed, secret: str, now: datetime) -> int:
    """Put a signed order on record; its id. ``faults_of`` was asked before."""
    order = Order(
        id=random_id(), case_id=desk.case_id, agency_id=session.scope.agency_id, kind=template.kind,
        number=typed.number.strip(), protected_party_id=_party(session, desk, template, typed, secret),
    )  # fmt: skip
    session.add(order)
    session.flush()
    version = add_version(
        session, template, typed, order, now, zone=desk.zone, change="NEW", number=1, warned=desk.warned
    )
    follow(session, order, version, now, served=typed.notice == "SERVED")
    _set_review(session, desk, typed, now)
    if typed.program is not None and "BIP" in typed.terms:
        _refer(session, desk, typed, now)
    tell_officers(session, desk.case_id, order.id, now)
    if order.protected_party_id is not None:  # somebody may want notices: the desk that gives them has the case
        share(session, desk.case_id, "victim_witness", local_day(now, desk.zone), desk.law, again=False)
    session.flush()
    return order.id


def add_version(
    session: ScopedSession, template: Template, typed: Typed, order: Order, now: datetime, *, zone: str, change: str,
    number: int, warned: bool, differs: Sequence[str] = (), before: OrderVersion | None = None,
) -> OrderVersion:  # fmt: skip
    """A version from ``now`` on, with its conditions, duties and sheet; ``before``: the one that it follows.

    ``warned``: the paper that was signed bore the warnings; a later print is what was signed.
    """
    assert typed.issued_on is not None
    ends = None if typed.endless or typed.ends_on is None else end_of_day(typed.ends_on, zone)
    version = OrderVersion(
        id=random_id(), case_id=order.case_id, agency_id=order.agency_id, order_id=order.id, version_no=number,
        change=change, ordered_on=typed.issued_on, effective_from=now, effective_to=None, expires_at=ends,
        recorded_at=now, recorded_by_id=session.scope.user_id, **_anchors(template, typed, before),
    )  # fmt: skip
    session.add(version)
    session.flush()
    lines = lines_of(template, typed)
    conditions = [_condition(version, place, line) for place, line in enumerate(lines, start=1)]
    details = details_of(template, typed) | {"warned": warned}
    session.add_all([*conditions, _sheet(session, version, template, typed, details, differs, now)])
    session.flush()
    keep_duties(session, template, order, conditions, typed.issued_on, now)
    return version


def _anchors(template: Template, typed: Typed, before: OrderVersion | None) -> dict[str, Any]:
    """What time limits run from: of a new order its own day, of a change what the order had, which moves no clock."""
    told = "known" if typed.no_review == "IN_CUSTODY" else "unknown"
    if before is not None:
        kept = ("granted_on", "term_months", "convicted_on", "in_custody", "appeared", "proceeding", "supervision")
        return {name: getattr(before, name) for name in kept} | {
            "facts": dict(before.facts), "term_months": None if typed.endless else before.term_months,
        }  # fmt: skip
    sentenced_on = typed.issued_on if template.supervises else None
    return {
        "granted_on": sentenced_on, "convicted_on": sentenced_on,
        "term_months": template.term_months if template.supervises and not typed.endless else None,
        "in_custody": typed.no_review == "IN_CUSTODY", "appeared": typed.notice != "NONE",
        "proceeding": template.proceeding, "supervision": template.supervision,
        "facts": {"dated": True, "custody": told},
    }  # fmt: skip


def _condition(version: OrderVersion, place: int, line: Line) -> Condition:
    return Condition(
        id=random_id(), case_id=version.case_id, agency_id=version.agency_id, order_version_id=version.id, line=place,
        code=line.code, text=line.text, exceptions=list(line.allowed),
    )  # fmt: skip


def _sheet(
    session: ScopedSession, version: OrderVersion, template: Template, typed: Typed, details: dict[str, Any],
    differs: Sequence[str], now: datetime,
) -> OrderSheet:  # fmt: skip
    heard, related, forbids = (answer or "U" for answer in typed.firearm)
    return OrderSheet(
        id=random_id(), case_id=version.case_id, agency_id=version.agency_id, order_version_id=version.id,
        template=template.code, edition=template.edition, judge_id=typed.judge, details=details,
        differs=list(differs), firearm_heard=heard, firearm_related=related, firearm_forbids=forbids,
        firearm_flag=typed.flag or "U", notice=typed.notice, no_review_why=typed.no_review or None, recorded_at=now,
        recorded_by_id=session.scope.user_id,
    )  # fmt: skip


def keep_duties(
    session: ScopedSession, template: Template, order: Order, conditions: Sequence[Condition], day: date, now: datetime
) -> None:
    """Duties of the new text: those that go on stay as they are, what is gone ends on ``day``, what is new begins.

    A review that was ordered stays the court's own duty where a change merely leaves it out: it ends with the order, or
    once the clerk says why there is none.
    """
    terms = {term.code: term for term in template.terms if term.duty}
    wanted = {terms[one.code].duty: one for one in conditions if one.code in terms}
    no_review = _without_review(session, order.id)
    if no_review:
        wanted.pop("review", None)
    standing = {one.kind: one for one in standing_duties(session, order.id)}
    for kind, condition in wanted.items():
        if kind not in standing:
            session.add(_duty(order, kind, condition.id, terms[condition.code].terms, day, now))
    for kind, row in standing.items():
        if kind not in wanted and (kind != "review" or no_review):
            session.add(ended_duty(row, day, now))
    session.flush()


def _without_review(session: ScopedSession, order_id: int) -> bool:
    """Whether a clerk said why this order has no first review: nobody is late for what was not ordered."""
    of_order = select(OrderVersion.id).where(OrderVersion.order_id == order_id)
    said = select(OrderSheet.id).where(OrderSheet.order_version_id.in_(of_order), OrderSheet.no_review_why.is_not(None))
    return session.scalars(said.limit(1)).first() is not None


def standing_duties(session: ScopedSession, order_id: int) -> list[Requirement]:
    """The duties of an order that no later row has replaced, and that have not ended."""
    rows = session.scalars(select(Requirement).where(Requirement.order_id == order_id)).all()
    replaced = {one.supersedes_id for one in rows}
    return [one for one in rows if one.id not in replaced and one.until_on is None]


def _duty(
    order: Order, kind: str, condition: int | None, terms: dict[str, Any], day: date, now: datetime
) -> Requirement:
    return Requirement(
        id=random_id(), case_id=order.case_id, agency_id=order.agency_id, order_id=order.id, condition_id=condition,
        kind=kind, terms=dict(terms), from_on=day, until_on=None, recorded_at=now, supersedes_id=None,
    )  # fmt: skip


def ended_duty(row: Requirement, day: date, now: datetime) -> Requirement:
    """The row by which a duty ends on ``day``."""
    return Requirement(
        id=random_id(), case_id=row.case_id, agency_id=row.agency_id, order_id=row.order_id,
        condition_id=row.condition_id, kind=row.kind, terms=row.terms, from_on=row.from_on, until_on=day,
        recorded_at=now, supersedes_id=row.id,
    )  # fmt: skip


def _party(session: ScopedSession, desk: Desk, template: Template, typed: Typed, secret: str) -> int | None:
    if not template.protects:
        return None
    if known := known_party(desk, typed):
        return known
    number = random_id()
    sealed = seal_name(secret, number, typed_name(typed))
    session.add(ProtectedParty(id=number, agency_id=session.scope.agency_id, sealed_name=sealed))
    session.flush()
    return number


def name_to_sign(session: ScopedSession, desk: Desk, template: Template, typed: Typed, secret: str) -> str:
    """The protected name for the paper to sign: of the person whom `make` puts on record. ``faults_of`` was asked."""
    if not template.protects:
        return ""
    known = known_party(desk, typed)
    return protected_name(session, known, secret) if known else printed(typed_name(typed))


def protected_name(session: ScopedSession, party_id: int | None, secret: str) -> str:
    """The sealed name as it is printed, for the signed order alone; "" if there is none, or it does not open here.

    ``party_id`` comes from an order that this person was shown, never from what a form said: this looks past scope.
    """
    if party_id is None:
        return ""
    with looking_wide(session, "the protected name, for the paper of the order that bears it"):
        sealed = session.scalar(select(ProtectedParty.sealed_name).where(ProtectedParty.id == party_id))
    if not sealed:
        return ""
    try:
        return printed(unseal(sealing_keys(secret, "names"), sealed, f"protected_party.sealed_name.{party_id}"))
    except SealError:
        return ""


def _set_review(session: ScopedSession, desk: Desk, typed: Typed, now: datetime) -> int | None:
    """The first review's hearing, unless it stands on the calendar already."""
    at = starts_at(typed, desk.zone)
    if at is None or (desk.review is not None and desk.review == at):
        return None
    hearing = Hearing(
        id=random_id(), case_id=desk.case_id, agency_id=session.scope.agency_id, court_id=desk.court_id,
        judge_id=typed.judge, kind="COMPLIANCE_REVIEW", starts_at=at, room=desk.room, outcome=None,
        resulted_at=None, review_no=next_review(session, desk.case_id), recorded_at=now,
    )  # fmt: skip
    session.add(hearing)
    session.flush()
    return hearing.id


def _refer(session: ScopedSession, desk: Desk, typed: Typed, now: datetime) -> None:
    assert typed.program is not None
    with writing_for_others(session, REASON):
        refer(
            session, desk.case_id, typed.program, local_day(now, desk.zone), now, words=f"Order {typed.number.strip()}",
            by=session.scope.user_id,
        )  # fmt: skip


def tell_officers(session: ScopedSession, case_id: int, order_id: int, now: datetime) -> None:
    """Word to the officer that there is something to look at, without a name."""
    told = whom_to_tell(session, case_id, now)
    session.add_all(notice(f"order:{order_id}:{user}:{now.isoformat()}", user, now, "digest") for user in told)
    announce_waiting(session, case_id, told, f"order:{order_id}:{now.isoformat()}", now)
