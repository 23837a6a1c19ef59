"""The demo county's accounts: one or more for each role that exists so far (contract 4)."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pyotp
from sqlalchemy.orm import Session

from monitor.access.roles import Role
from monitor.users import NewAccount, add_user, made_up_password

# role, agency, the part of the address before the @, name
STAFF = (
    (Role.OFFICER, "riverbend-probation", "reyes", "A. Reyes"),
    (Role.OFFICER, "riverbend-probation", "cho", "L. Cho"),
    (Role.OFFICER, "harlan-fork-probation", "boone", "T. Boone"),
    (Role.OFFICER_SUPERVISOR, "riverbend-probation", "ito", "K. Ito"),
    (Role.PROGRAM, "north-star", "north.star", "J. Doe, North Star"),
    (Role.PROGRAM, "open-door", "open.door", "M. Sato, Open Door"),
    (Role.PROGRAM, "cedar-path", "cedar.path", "R. Hill, Cedar Path"),
    (Role.JUDGE, "riverbend-court", "lee", "M. Lee"),
    (Role.JUDGE, "harlan-fork-court", "marsh", "P. Marsh"),
    (Role.CLERK, "riverbend-court", "clerk", "B. Adams"),
    (Role.CLERK, "harlan-fork-court", "clerk.harlan", "D. Vale"),
    (Role.ADMINISTRATOR, "county-it", "admin", "S. Admin"),
)


class DemoAccount(msgspec.Struct, frozen=True):
    """One line of the accounts file."""

    role: str
    agency: str
    email: str
    password: str
    totp_secret: str
    name: str
    user_id: int = msgspec.field(name="-", default=0)


def add_staff(session: Session, site_secret: str, now: datetime) -> list[DemoAccount]:
    """Add every account with a password and an authenticator secret of its own, new in each demo folder."""
    accounts = []
    for role, agency, address, name in STAFF:
        email, password, totp = f"{address}@demo.example", made_up_password(), pyotp.random_base32()
        new = NewAccount(email=email, name=name, role=role, agency_code=agency, password=password, totp_secret=totp)
        added = add_user(session, new, site_secret, now, (now - timedelta(days=500)).date())
        accounts.append(DemoAccount(role.value, agency, email, password, totp, name, added.user_id))
    return accounts
