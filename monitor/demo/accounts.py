"""The demo county's accounts: one or more for each role (contract 4)."""

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
    (Role.OFFICER_SUPERVISOR, "harlan-fork-probation", "grant", "E. Grant"),
    (Role.PROGRAM, "north-star", "north.star", "J. Doe, North Star"),
    (Role.PROGRAM, "open-door", "open.door", "M. Sato, Open Door"),
    (Role.PROGRAM, "cedar-path", "cedar.path", "R. Hill, Cedar Path"),
    (Role.JUDGE, "riverbend-court", "lee", "M. Lee"),
    (Role.JUDGE, "harlan-fork-court", "marsh", "P. Marsh"),
    (Role.CLERK, "riverbend-court", "clerk", "B. Adams"),
    (Role.CLERK, "harlan-fork-court", "clerk.harlan", "D. Vale"),
    (Role.PROSECUTOR, "riverbend-prosecutor", "quist", "N. Quist"),
    (Role.VICTIM_WITNESS, "riverbend-victim-witness", "amaya", "R. Amaya"),
    (Role.LAW_ENFORCEMENT, "riverbend-sheriff", "falk", "E. Falk"),
    (Role.DISPATCH, "riverbend-dispatch", "dispatch", "V. Ortega"),
    (Role.ADVOCATE, "safe-harbor", "advocate", "C. Moss"),
    (Role.MEDICAL, "riverbend-hospital", "sane", "H. Brandt"),
    (Role.COORDINATOR, "riverbend-coordination", "coordinator", "G. Pine"),
    (Role.COORDINATOR, "riverbend-coordination", "deputy.coordinator", "F. Reed"),
    (Role.PRIVACY_OFFICER, "riverbend-probation", "privacy", "I. Wolfe"),
    (Role.PRIVACY_OFFICER, "riverbend-court", "privacy.court", "O. Hale"),
    (Role.ADMINISTRATOR, "county-it", "admin", "S. Admin"),
)
# kind, code, name of the agencies beside courts, offices and programs
PARTNERS = (
    ("prosecution", "riverbend-prosecutor", "Riverbend County Prosecutor"),
    ("victim_witness", "riverbend-victim-witness", "Riverbend Victim/Witness Office"),
    ("law_enforcement", "riverbend-sheriff", "Riverbend County Sheriff"),
    ("dispatch", "riverbend-dispatch", "Riverbend 911"),
    ("advocacy", "safe-harbor", "Safe Harbor Advocates"),
    ("medical", "riverbend-hospital", "Riverbend General Hospital"),
    ("coordination", "riverbend-coordination", "Riverbend Coordinating Council"),
    ("administration", "county-it", "County IT"),
)  # fmt: skip


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
