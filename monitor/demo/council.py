"""The demo's coordinator and privacy officer have something to read: measures drawn up, opened cases, a guesser."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from monitor import audit, case_openings
from monitor.access.scope import Scope
from monitor.db import Database
from monitor.demo.accounts import DemoAccount
from monitor.handoffs.targets import Targets
from monitor.measures.quarters import newest
from monitor.measures.release import counted, keep
from monitor.models import Agency, Assignment
from monitor.verify.guesses import EVENT

QUARTERS = 3
# days ago, why, words, and whether a supervisor has looked
OPENED = (
    (20, "HEARING", "His hearing is tomorrow and Reyes is out sick.", True),
    (8, "CALL", "Call 26-4410: patrol asks who supervises him.", False),
    (1, "VERIFICATION", "The clerk asks whether the order still stands.", False),
)  # fmt: skip


def sit_in_council(database: Database, accounts: Sequence[DemoAccount], secret: str, now: datetime) -> None:
    """What a visitor finds when signing in as the coordinator, and as the privacy officer."""
    staff = {account.email.partition("@")[0]: account.user_id for account in accounts}
    with database.system("demo: measures of the quarters before") as session, session.begin():
        for back in range(QUARTERS):
            quarter = newest(now).later(-back)
            keep(session, quarter, counted(session, quarter, Targets()), staff["coordinator"], now)
    _open_cases(database, staff, now)
    room = next(account for account in accounts if account.role == "dispatch")
    with database.system("demo: an account that guessed") as session, session.begin():
        agency = session.scalars(select(Agency.id).where(Agency.code == room.agency)).one()
        act = audit.Act(event=EVENT, user_id=room.user_id, agency_id=agency, outcome=audit.Outcome.DENIED,
                        detail={"guessing": True})  # fmt: skip
        audit.append(session, act, audit.audit_key(secret), now)


def _open_cases(database: Database, staff: dict[str, int], now: datetime) -> None:
    """Cho opens cases of Reyes; Ito has looked at the first."""
    with database.system("demo: cases of Reyes", writes=False) as session:
        own = select(Assignment.case_id, Assignment.agency_id).where(
            Assignment.user_id == staff["reyes"], Assignment.until_on.is_(None)
        ).order_by(Assignment.case_id).limit(len(OPENED))  # fmt: skip
        cases = session.execute(own).all()
    for row, (days, reason, words, looked) in zip(cases, OPENED, strict=False):
        at = now - timedelta(days=days)
        with database.scoped(Scope(staff["cho"], "officer", row.agency_id), writes=True) as session, session.begin():
            opening = case_openings.open_case(session, row.case_id, reason, words, at)
        if looked:
            ito = Scope(staff["ito"], "officer_supervisor", row.agency_id)
            with database.scoped(ito, writes=True) as session, session.begin():
                case_openings.review(session, opening, "EXPECTED", at + timedelta(days=1))

