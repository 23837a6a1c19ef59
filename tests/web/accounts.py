"""Accounts for tests of the web site: real ones, with both factors."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access import totp
from monitor.access.auth_sessions import form_token, hash_of, membership_of, open_session
from monitor.access.roles import KIND_OF, Role
from monitor.db import Database
from monitor.models import Agency
from monitor.sealing import derive_key
from monitor.users import Account, NewAccount, add_user

SECRET = "a secret of the test site, long enough"
BASE = "http://127.0.0.1:8000"
CONFIRMED = Path(__file__).parents[1] / "local_law.toml"  # what our own court has confirmed
PASSWORD = "seven green bicycles at noon"
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def sign_in_as(database: Database, role: Role, agency_id: int | None, name: str) -> tuple[int, str]:
    """A new account with both factors given; its user id and session token."""
    now = datetime.now(UTC)
    with database.system("test: sign in") as session, session.begin():
        user_id = new_account(session, role, agency_id, name).user_id
        membership = membership_of(session, user_id, now)
        assert membership is not None
        return user_id, open_session(session, user_id, membership, now, how="totp")


def new_account(session: Session, role: Role, agency_id: int | None = None, name: str = "Alex Reyes") -> Account:
    """A complete account with `PASSWORD` and `TOTP`; its e-mail is ``<role>.<n>@agency.example``."""
    kind = KIND_OF.get(role, "court")
    agency = session.get(Agency, agency_id) if agency_id else session.scalar(select(Agency).where(Agency.kind == kind))
    if agency is None:
        agency = Agency(kind=kind, name=f"Example County {kind}", code=f"T-{kind}", zone="America/Los_Angeles")
        session.add(agency)
        session.flush()
    email = f"{role}.{totp.new_secret()[:6].lower()}@agency.example"
    new = NewAccount(email=email, name=name, role=role, agency_code=agency.code, password=PASSWORD, totp_secret=TOTP)
    return add_user(session, new, SECRET, datetime.now(UTC), date(2020, 1, 1))


def token_of_forms(token: str) -> str:
    """What forms of that session carry."""
    return form_token(derive_key(SECRET, "forms"), hash_of(token))
