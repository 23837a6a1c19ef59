"""The demo county's reports to the court: sent by the officers who made them, most of them approved by a supervisor."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.allegations.approving import approve
from monitor.allegations.drafting import submit
from monitor.allegations.reading import allegation_page
from monitor.allegations.steps import Changed
from monitor.allegations.typed import Typed
from monitor.db import Database
from monitor.models import Allegation, Membership

ASKS = ("REVIEW", "CLOSER", "EXPLAINED", "SOONER")


def file_reports(database: Database, now: datetime) -> None:
    """By the same acts as on screen. Every sixth stays a draft and every seventh waits, for the visitor."""
    with database.system("demo: reports that were begun", writes=False) as session:
        begun = select(Allegation.id, Allegation.made_by_id, Allegation.agency_id).order_by(Allegation.id)
        drafts = session.execute(begun).all()
        bosses: dict[int, int] = dict(
            session.execute(
                select(Membership.agency_id, Membership.user_id).where(Membership.role == "officer_supervisor")
            ).all()
        )
    for number, (report, officer, office) in enumerate(drafts):
        if number % 6 == 4:
            continue
        _send(database, Scope(officer, "officer", office), report, ASKS[number % len(ASKS)], now)
        if number % 7 != 5 and office in bosses:
            _approve(database, Scope(bosses[office], "officer_supervisor", office), report, now)


def _send(database: Database, officer: Scope, report: int, ask: str, now: datetime) -> None:
    with database.scoped(officer, writes=True) as session:
        page = allegation_page(session, report, now)
        if page is None:
            return
        try:
            submit(session, page, Typed(ask=ask, words="Review in 30 days."), now)
        except Changed:  # something is missing: it stays a draft, as it would on screen
            session.rollback()
            return
        session.commit()


def _approve(database: Database, supervisor: Scope, report: int, now: datetime) -> None:
    with database.scoped(supervisor, writes=True) as session:
        page = allegation_page(session, report, now)
        if page is not None and "APPROVED" in page.may and not page.changed and not page.refused:
            approve(session, page, now)
            session.commit()
