"""What an administrator has in front of them: accounts and the machine's own work. Nothing of any case."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access.roles import TITLES, Role
from monitor.models import Agency, JobRun, Membership, User

RUNS_SHOWN = 20


class AccountLine(msgspec.Struct, frozen=True):
    """One role held by one person."""

    name: str
    email: str
    role: str
    agency: str
    ready: bool
    disabled: bool
    user_id: int


class RunLine(msgspec.Struct, frozen=True):
    """One run of a job. ``state``: DUE, RUNNING, DONE or FAILED."""

    job: str
    run_key: str
    state: str
    due_at: datetime
    finished_at: datetime | None


class Administration(msgspec.Struct, frozen=True):
    """The administrator's page."""

    accounts: list[AccountLine]
    runs: list[RunLine]


def administration(session: Session) -> Administration:
    """Everything on the page, in two queries."""
    return Administration(_accounts(session), _runs(session))


def _accounts(session: Session) -> list[AccountLine]:
    found = session.execute(
        select(User.name, User.email, Membership.role, Agency.name, User.totp_secret, User.disabled_at, User.id)
        .join(Membership, Membership.user_id == User.id)
        .join(Agency, Agency.id == Membership.agency_id)
        .where(Membership.until_on.is_(None))
        .order_by(Agency.name, User.name)
    )
    return [
        AccountLine(name, email, TITLES[Role(role)], agency, totp_secret is not None, disabled_at is not None, user_id)
        for name, email, role, agency, totp_secret, disabled_at, user_id in found
    ]


def _runs(session: Session) -> list[RunLine]:
    columns = select(JobRun.job, JobRun.run_key, JobRun.state, JobRun.due_at, JobRun.finished_at)
    return [RunLine(*row) for row in session.execute(columns.order_by(JobRun.due_at.desc()).limit(RUNS_SHOWN))]
