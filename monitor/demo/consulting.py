"""The demo county has a team: it meets tomorrow about three people whose level is high, and met two weeks ago."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.clock import local_day
from monitor.config import Settings
from monitor.consultation.agenda import agenda
from monitor.consultation.bringing import bring
from monitor.consultation.minutes import Agreed, agree, mark
from monitor.consultation.team import site_team
from monitor.copies.passing_rows import keys_of
from monitor.db import Database
from monitor.demo.accounts import DemoAccount
from monitor.demo.places import PACIFIC
from monitor.models import Agency, Assignment, Case

AGENCIES: Final = (
    "riverbend-probation", "riverbend-prosecutor", "riverbend-victim-witness", "riverbend-sheriff", "safe-harbor",
)  # fmt: skip
LAST: Final = timedelta(days=13)  # ago, and the next one is tomorrow
ON_THE_LIST: Final = 3
# what was agreed at the last meeting: kind, whose, days from today; probation has done its own
AGREED: Final = (
    ("FIREARMS", "riverbend-sheriff", -3), ("LEVEL", "riverbend-probation", -8),
    ("REVIEW", "riverbend-prosecutor", 4), ("SERVICE", "riverbend-sheriff", 2),
)  # fmt: skip


def team_file(now: datetime) -> str:
    """The site's file of the team."""
    codes = ", ".join(f'"{code}"' for code in AGENCIES)
    first = local_day(now, PACIFIC) - LAST
    return f'name = "Riverbend high-risk team"\nagencies = [{codes}]\nfirst = {first}\nadvocates_bring = true\n'


def consult(database: Database, settings: Settings, accounts: Sequence[DemoAccount], now: datetime) -> None:
    """Three cases on each list, and minutes of the last meeting, of which one task is late."""
    keys = keys_of(settings.consultation_keys_file, settings.secret_key)
    team = site_team(settings.consultation_file, settings.consultation_keys_file)
    assert keys and team
    staff = {account.email.partition("@")[0]: account.user_id for account in accounts}
    with database.system("demo: the team", writes=False) as session:
        agencies = {row.code: row.id for row in session.scalars(select(Agency).where(Agency.code.in_(AGENCIES)))}
        own = select(Case.id).join(Assignment, Assignment.case_id == Case.id).where(
            Assignment.user_id == staff["reyes"], Assignment.until_on.is_(None), Case.closed_on.is_(None)
        )  # fmt: skip
        cases = session.scalars(own.order_by(Case.id).limit(ON_THE_LIST + 2)).all()
    today = local_day(now, PACIFIC)
    met, meets = today - LAST, today + timedelta(days=1)
    ito = Scope(staff["ito"], "officer_supervisor", agencies["riverbend-probation"])
    with database.scoped(ito, writes=True) as session, session.begin():
        for day, some in ((met, cases[:2]), (meets, cases[1 : 1 + ON_THE_LIST])):
            for case in some:
                bring(session, keys, case, day, today)
        entries = [one.id for one in agenda(session, keys, team, now, PACIFIC, met).entries]
        for number, (kind, code, days) in enumerate(AGREED):
            due = today + timedelta(days=days)
            agree(session, keys, Agreed(entries[number % len(entries)], kind, agencies[code], due))
        for one in agenda(session, keys, team, now, PACIFIC, met).entries:
            for task in one.tasks:
                if task.ours:
                    mark(session, keys, one.id, task.id, met + timedelta(days=5))

