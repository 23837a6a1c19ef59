"""The demo county's dispatch room and deputies at work: calls, a report, orders to serve, a draft left over.

By the same acts as on screen, in the sessions of the demo's own dispatcher and deputy.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.current import current
from monitor.db import Database
from monitor.demo.accounts import DemoAccount
from monitor.demo.places import PACIFIC
from monitor.incidents import drafts, filing
from monitor.incidents.entering import Entry
from monitor.models import Agency, Case, Order, OrderStep, OrderVersion, Service, random_id
from monitor.taking_back import retracted
from monitor.verify.verifying import Whom

UNSERVED = 3
REPORT = Entry(number="26-1187", touched="05", offence="273.6", weapon="NO", strangulation="NOT_ASKED", accounts="YES")


def answer_calls(database: Database, accounts: Sequence[DemoAccount], now: datetime) -> None:
    """What a visitor finds when signing in as dispatch or law enforcement."""
    with database.system("demo: whose desks they are, and orders handed to deputies") as session, session.begin():
        agencies = {row.code: row.id for row in session.execute(select(Agency.code, Agency.id))}
        scopes = {one.role: Scope(one.user_id, one.role, agencies[one.agency]) for one in accounts
                  if one.role in ("dispatch", "law_enforcement")}  # fmt: skip
        newest = session.execute(
            select(Order, OrderVersion.id.label("version"), OrderVersion.effective_from)
            .join(OrderVersion, OrderVersion.order_id == Order.id).join(Case, Case.id == Order.case_id)
            .where(Order.protected_party_id.is_not(None)).order_by(OrderVersion.effective_from.desc(), Case.number)
        ).all()  # fmt: skip
        if not newest or len(scopes) < 2:
            return
        for row in newest[:UNSERVED]:
            _to_serve(session, row, now)
            _step(session, row, "TO_ENTER", row.effective_from, row.effective_from, action="ENTER")
        told = [Whom(row.Order.case_id, row.Order.id) for row in newest[UNSERVED:UNSERVED + 3]]
    for number, whom in enumerate(told):
        entry = Entry(number=f"CAD-{700 + number}", touched=("05", "04", "")[number])
        _file(database, scopes["dispatch"], whom, entry, now - timedelta(days=2 + number))
    if told:
        _file(database, scopes["law_enforcement"], told[0], REPORT, now - timedelta(days=2))
        with database.scoped(scopes["law_enforcement"], writes=True) as work, work.begin():
            drafts.keep(work, told[-1], {"number": "26-1201", "touched": "04"}, now - timedelta(hours=30))


def _to_serve(session: Any, row: Any, now: datetime) -> None:
    """The paper was not handed over after all: the clerk took the service back, and a deputy is to serve it."""
    order = row.Order
    for proof in session.scalars(select(Service).where(Service.order_id == order.id, current(Service))):
        session.add(retracted(proof, Scope(0, "clerk", order.agency_id), "Not handed over", now - timedelta(days=1)))
    _step(session, row, "TO_SERVE", row.effective_from, now - timedelta(days=1))


def _step(session: Any, row: Any, kind: str, at: datetime, recorded_at: datetime, action: str | None = None) -> None:
    order = row.Order
    session.add(
        OrderStep(id=random_id(), case_id=order.case_id, agency_id=order.agency_id, order_id=order.id,
                  order_version_id=row.version, kind=kind, action=action, occurred_at=at, recorded_at=recorded_at,
                  recorded_by_id=None)
    )  # fmt: skip


def _file(database: Database, scope: Scope, whom: Whom, entry: Entry, at: datetime) -> None:
    with database.scoped(scope, writes=True) as session, session.begin():
        filing.file(session, whom, entry, at, PACIFIC)
