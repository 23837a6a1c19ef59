"""The demo county's prosecutor at work: a report filed with its packet handed over, one declined, one sent back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.access.scoped_session import ScopedSession
from monitor.allegations.steps import Changed
from monitor.db import Database
from monitor.demo.accounts import DemoAccount
from monitor.local_law import LocalLaw
from monitor.models import Agency
from monitor.prosecution.deciding import Decision, decide, faults_of, safety_answers
from monitor.prosecution.handing import hand_over
from monitor.prosecution.keeping import build, kept
from monitor.prosecution.reading import Sent, all_sent

LAW: Final = LocalLaw()
DECISIONS: Final = (
    Decision(kind="FILE", reason="VIOLATION", words="The roster and the proof of service stand.", safety="DONE"),
    Decision(kind="REFER_BACK", reason="RECORD", words="Add the program's roster for the week before."),
    Decision(kind="DECLINE", reason="RESPONDED", words="The plan that probation made is enough for now."),
)


def prosecute(database: Database, accounts: Sequence[DemoAccount], now: datetime) -> None:
    """By the same acts as on screen; the last of several, and the rest of a longer list, wait for the visitor."""
    account = next(one for one in accounts if one.role == "prosecutor")
    with database.system("demo: whose desk it is", writes=False) as session:
        office = session.scalars(select(Agency.id).where(Agency.code == account.agency)).one()
    with database.scoped(Scope(account.user_id, "prosecutor", office), writes=True) as session, session.begin():
        waiting = [one for one in all_sent(session, now, LAW) if one.waits]
        for report, decision in zip(waiting[: max(1, len(waiting) - 1)], DECISIONS, strict=False):
            _decide(session, report, decision, now)


def _decide(session: ScopedSession, report: Sent, decision: Decision, now: datetime) -> None:
    if faults_of(report, decision, now.date(), safety_answers(session, report, now)):
        return
    decide(session, report, decision, report.standing.token, now)
    if decision.kind == "FILE":
        try:
            packet = kept(session, build(session, report, set(), LAW, now), LAW, now)
        except Changed:  # nothing independent stands behind it: no packet, as on screen
            return
        if packet is not None:
            hand_over(session, packet, "COUNSEL", "BY_HAND", now)
