"""The demo county's probation offices before the first question: a matrix, levels, and somebody who stands in.

All of it invented: nobody adopted that matrix, and no county's law is what it says. By the same acts as on screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select

from monitor import covers, levels, trainings
from monitor.access.scope import Scope
from monitor.clock import local_day
from monitor.db import Database
from monitor.demo.accounts import DemoAccount
from monitor.demo.places import PACIFIC
from monitor.models import Agency, Assignment
from monitor.response_matrix import versions

ADOPTED: Final = timedelta(days=400)
REVIEWED_AFTER: Final = timedelta(days=365)
EXAMPLE: Final = (
    "Example of an invented county: the sample as it comes, so that its pages can be seen in use. "
    "No real team adopted it."
)
SIGNED: Final = (("M. Lee, judge (invented)", "Riverbend County Court"), ("R. Okoye, defender (invented)", "Defenders"))
TOOL, VERSION = "ODARA", "2005"
# which of an officer's people have a level, how many days ago it was found
FOUND: Final = (("high", 20), ("medium", 45), ("minimum", 60), ("medium", 100))
AWAY: Final = timedelta(days=6)


def set_up_probation(database: Database, accounts: Sequence[DemoAccount], now: datetime) -> None:
    """What a visitor finds as an officer or a supervisor beside questions: range and clock, levels, a cover."""
    staff = {one.email.partition("@")[0]: one for one in accounts}
    with database.system("demo: offices", writes=False) as session:
        agencies: dict[str, int] = {code: number for number, code in session.execute(select(Agency.id, Agency.code))}
    _adopt(database, staff, agencies, now - ADOPTED)
    _train(database, staff, now)
    for name in ("reyes", "boone"):
        _assess(database, Scope(staff[name].user_id, "officer", agencies[staff[name].agency]), now)
    _stand_in(database, staff, agencies, now)


def _adopt(database: Database, staff: dict[str, DemoAccount], agencies: dict[str, int], at: datetime) -> None:
    """One coordinator drafts it, two sign, the other puts it in force."""
    day = local_day(at, PACIFIC)
    pine, reed = (
        Scope(staff[name].user_id, "coordinator", agencies[staff[name].agency])
        for name in ("coordinator", "deputy.coordinator")
    )
    with database.scoped(pine, writes=True) as session, session.begin():
        number = versions.draft(session, PACIFIC, at)
        for name, agency in SIGNED:
            versions.sign(session, number, name, agency, day)
    block = versions.SignOff(day, day + REVIEWED_AFTER, None, EXAMPLE)  # a past day: the coordinators are told
    with database.scoped(reed, writes=True) as session, session.begin():
        versions.put_in_force(session, number, block, PACIFIC, at)


def _train(database: Database, staff: dict[str, DemoAccount], now: datetime) -> None:
    with database.system("demo: who is trained") as session, session.begin():
        for name in ("reyes", "ito", "boone"):
            until_on = (now + timedelta(days=300)).date()
            trainings.mark(session, staff["admin"].user_id, staff[name].user_id, TOOL, until_on, now - ADOPTED)


def _assess(database: Database, officer: Scope, now: datetime) -> None:
    """Levels of some of the officer's people, one of them out of date by now."""
    with database.scoped(officer, writes=True) as session, session.begin():
        for number, case_id in enumerate(session.scalars(_own(officer))):
            level, days = FOUND[number % len(FOUND)]
            at = now - timedelta(days=days)
            today = local_day(at, PACIFIC)
            levels.enter(session, case_id, levels.Typed(tool=TOOL, version=VERSION, level=level), at, today)


def _own(officer: Scope) -> Any:
    mine = Assignment.user_id == officer.user_id, Assignment.until_on.is_(None)
    return select(Assignment.case_id).where(*mine).order_by(Assignment.case_id).limit(12)


def _stand_in(database: Database, staff: dict[str, DemoAccount], agencies: dict[str, int], now: datetime) -> None:
    """Cho stands in for Reyes for a week."""
    today, ito = local_day(now, PACIFIC), staff["ito"]
    typed = covers.Typed(
        officer_id=staff["reyes"].user_id, by_id=staff["cho"].user_id, from_on=today, last_on=today + AWAY
    )
    scope = Scope(ito.user_id, "officer_supervisor", agencies[ito.agency])
    with database.scoped(scope, writes=True) as session, session.begin():
        covers.make(session, typed, now)
