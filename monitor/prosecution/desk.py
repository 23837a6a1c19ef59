"""The prosecutor's first page: reports that wait for a decision, the longest first, and what else needs the office."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import exists, func, select

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.duties import FIREARM_DONE
from monitor.clock import local_day
from monitor.context_reviews import ContextLine, open_questions
from monitor.current import current
from monitor.local_law import LocalLaw
from monitor.models import Case, Court, FirearmReceipt, Order, OrderVersion, Person, Requirement, Service
from monitor.names import last_first
from monitor.orders.words import KINDS
from monitor.prosecution.handing import Owed, owed
from monitor.prosecution.questions import SafetyQuestion, safety_questions
from monitor.prosecution.reading import Sent, all_sent

AHEAD: Final = timedelta(days=30)
ENDED: Final = ("TERMINATED", "VACATED", "EXPIRED")


class OrderLine(msgspec.Struct, frozen=True):
    """An order of a case: its end ahead, or firearms of which no proof is on file since its service."""

    case_id: int
    number: str
    person: str
    what: str
    on: date | None


class Desk(msgspec.Struct, frozen=True):
    """What needs the office now."""

    to_decide: tuple[Sent, ...]
    back: tuple[Sent, ...]
    questions: tuple[SafetyQuestion, ...]
    context: tuple[ContextLine, ...]
    owed: tuple[Owed, ...]
    firearms: tuple[OrderLine, ...]
    ending: tuple[OrderLine, ...]
    decided: tuple[Sent, ...]

    @property
    def oldest(self) -> Sent | None:
        """The report that has waited longest."""
        return min(self.to_decide, key=lambda one: one.sent_at, default=None)


def desk(session: ScopedSession, law: LocalLaw, secret: str, now: datetime) -> Desk:
    """Of every case that this person may see."""
    reports = all_sent(session, now, law)
    standing = [one for one in reports if one.state == "FILED"]
    return Desk(
        to_decide=tuple(sorted((one for one in standing if one.waits), key=_pressing)),
        back=tuple(one for one in standing if one.standing.state == "BACK"),
        questions=safety_questions(session, now),
        context=tuple(open_questions(session, session.scope.agency_id, secret)),
        owed=owed(session, reports, law, now), firearms=tuple(_firearms(session)),
        ending=tuple(_ending(session, now)),
        decided=tuple(one for one in standing if one.standing.state in ("FILED", "DECLINED")),
    )  # fmt: skip


def _pressing(report: Sent) -> tuple[int, datetime, int]:
    return -(report.clock.days_over if report.clock else -9999), report.sent_at, report.id


def _cases() -> Any:
    columns = (
        Case.id.label("case_id"), Case.number, Person.family_name, Person.given_name, Court.zone, Order.kind,
        Order.id.label("order_id"),
    )  # fmt: skip
    return (
        select(*columns).join(Order, Order.case_id == Case.id).join(Person, Person.id == Case.person_id)
        .join(Court, Court.id == Case.court_id).where(Case.closed_on.is_(None))
    )  # fmt: skip


def _firearms(session: ScopedSession) -> list[OrderLine]:
    """Firearms are to be given up and no proof is on file. No day is invented: since when it was served is told."""
    later = select(Requirement.supersedes_id).where(Requirement.supersedes_id.is_not(None))
    asked = exists().where(
        Requirement.order_id == Order.id, Requirement.kind == "firearm_surrender", Requirement.id.not_in(later),
        Requirement.until_on.is_(None),
    )  # fmt: skip
    done = exists().where(
        FirearmReceipt.case_id == Case.id, FirearmReceipt.event.in_(FIREARM_DONE), current(FirearmReceipt)
    )
    served = (
        select(func.max(Service.occurred_at)).where(Service.order_id == Order.id, current(Service))
        .correlate(Order).scalar_subquery()
    )  # fmt: skip
    rows = session.execute(_cases().add_columns(served.label("served_at")).where(asked, ~done)).all()
    found = [
        OrderLine(
            row.case_id, row.number, last_first(row.family_name, row.given_name), KINDS.get(row.kind, row.kind),
            local_day(row.served_at, row.zone) if row.served_at else None,
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.on or date.max, one.number))


def _ending(session: ScopedSession, now: datetime) -> list[OrderLine]:
    newest = (
        select(func.max(OrderVersion.version_no)).where(OrderVersion.order_id == Order.id)
        .correlate(Order).scalar_subquery()
    )  # fmt: skip
    told = _cases().add_columns(OrderVersion.expires_at).join(OrderVersion, OrderVersion.order_id == Order.id).where(
        OrderVersion.version_no == newest, OrderVersion.change.not_in(ENDED),
        OrderVersion.expires_at > now, OrderVersion.expires_at <= now + AHEAD,
    )  # fmt: skip
    return [
        OrderLine(
            row.case_id, row.number, last_first(row.family_name, row.given_name), KINDS.get(row.kind, row.kind),
            local_day(row.expires_at, row.zone),
        )
        for row in session.execute(told.order_by(OrderVersion.expires_at, Case.number))
    ]  # fmt: skip
