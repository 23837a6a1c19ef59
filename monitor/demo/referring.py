"""The demo county refers people out: one referral waits past its day, one was taken, one was declined."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.clock import local_day
from monitor.db import Database
from monitor.demo.accounts import DemoAccount
from monitor.demo.places import PACIFIC
from monitor.handoffs.targets import Targets
from monitor.models import Agency, Assignment, Case, Program
from monitor.referral_out import Wanted, answer, of_case, send

# kind, days ago, the receiver's answer two days after; the first is past its five business days
SENT: Final = (("PARENTING", 11, ""), ("SUBSTANCE_USE", 9, "ACCEPTED"), ("LANGUAGE", 6, "DECLINED"))
RECEIVER: Final = "north-star"


def refer_out(database: Database, accounts: Sequence[DemoAccount], now: datetime) -> None:
    """An officer sends them in cases of their own, and the program answers two."""
    staff = {account.email.partition("@")[0]: account.user_id for account in accounts}
    helper = next(one.user_id for one in accounts if one.role == "program" and one.agency == RECEIVER)
    with database.system("demo: referrals out", writes=False) as session:
        agencies = {row.code: row.id for row in session.scalars(select(Agency))}
        program = session.scalars(select(Program.id).where(Program.agency_id == agencies[RECEIVER])).first()
        own = select(Case.id).join(Assignment, Assignment.case_id == Case.id).where(
            Assignment.user_id == staff["reyes"], Assignment.until_on.is_(None), Case.closed_on.is_(None)
        )  # fmt: skip
        cases = session.scalars(own.order_by(Case.id.desc()).limit(len(SENT))).all()
    assert program
    officer = Scope(staff["reyes"], "officer", agencies["riverbend-probation"])
    for case, (kind, ago, said) in zip(cases, SENT, strict=False):
        at = now - timedelta(days=ago)
        signed = local_day(at, PACIFIC)
        with database.scoped(officer, writes=True) as session, session.begin():
            page = of_case(session, case, Targets(), at)
            assert page
            held = Wanted(kind=kind, program=program, signed_on=signed, until_on=signed + timedelta(days=180))
            number = send(session, page, held, at)
        if said:
            with database.scoped(Scope(helper, "program", agencies[RECEIVER]), writes=True) as session, session.begin():
                answer(session, number, said, "NO_SEAT", at + timedelta(days=2))
