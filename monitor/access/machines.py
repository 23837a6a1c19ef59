"""Machines: accounts that bring in a program's sheets, or ask and file for dispatch; their secret was shown once.

The secret has 256 random bits, so nobody guesses it and a slow hash would protect nothing; what is kept is a hash
keyed with the site's own key, so a copy of the database alone opens nothing, not even for whoever can write to it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from monitor.access.auth_sessions import SLIDE_EVERY, UNSYNCED
from monitor.access.door import Door, record
from monitor.access.identity import Identity
from monitor.access.roles import Role
from monitor.db import Database
from monitor.models import Agency, Machine, Program, User
from monitor.sealing import derive_key

PREFIX: Final = "monitor_"
# agencies other than programs that may have one: their own CAD asks about orders and files incidents
OWN: Final = {"dispatch": Role.DISPATCH, "law_enforcement": Role.LAW_ENFORCEMENT}
DAYS: Final = (90, 180, 365)
NAME = re.compile(r"[a-z][a-z0-9-]{2,39}")


class MachineError(ValueError):
    """What was asked cannot be done; the text says why, in one sentence."""


class NewMachine(msgspec.Struct, frozen=True):
    """A machine to add: its name, the code of its program (or of an agency of `OWN`), and for how many days."""

    name: str
    program: str
    days: int


class Made(msgspec.Struct, frozen=True):
    """What is handed over, once: there is no way to see it again."""

    machine_id: int
    name: str
    secret: str
    expires_at: datetime


class MachineLine(msgspec.Struct, frozen=True):
    """One machine in a list. ``state``: Works, Expired or Revoked."""

    id: int
    name: str
    program: str
    state: str
    made_at: datetime
    made_by: str
    expires_at: datetime
    used_at: datetime | None

    @property
    def works(self) -> bool:
        """Whether its secret still opens anything."""
        return self.state == "Works"


def fitting(session: Session, new: NewMachine) -> tuple[int | None, int]:
    """The program, if it is one's, and the agency that the machine would be of. Raises `MachineError`."""
    if not NAME.fullmatch(new.name):
        raise MachineError("A name has 3 to 40 small letters, digits and hyphens, such as ehr-north.")
    if new.days not in DAYS:
        raise MachineError(f"It may work for {', '.join(map(str, DAYS[:-1]))} or {DAYS[-1]} days.")
    whose = _whose(session, new.program)
    if whose is None:
        raise MachineError(f"No program has the code {new.program}.")
    taken = select(Machine.id).where(Machine.agency_id == whose[1], Machine.name == new.name)
    if session.scalar(taken) is not None:
        raise MachineError("This name was given before; the trail has to tell machines apart.")
    return whose


def add_machine(session: Session, new: NewMachine, site_secret: str, now: datetime, by: int | None = None) -> Made:
    """Add a machine to a program's agency, or to one of dispatch or law enforcement. Raises `MachineError`."""
    program_id, agency_id = fitting(session, new)
    secret = PREFIX + secrets.token_urlsafe(32)
    row = Machine(
        agency_id=agency_id, program_id=program_id, name=new.name, secret_hash=hash_of(secret, site_secret),
        made_by_id=by, made_at=now, expires_at=now + timedelta(days=new.days), revoked_at=None, used_at=None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return Made(row.id, row.name, secret, row.expires_at)


def _whose(session: Session, code: str) -> tuple[int | None, int] | None:
    program = session.execute(select(Program.id, Program.agency_id).where(Program.code == code)).first()
    if program is not None:
        return program.id, program.agency_id
    agency = session.scalar(select(Agency.id).where(Agency.code == code, Agency.kind.in_(OWN)))
    return None if agency is None else (None, agency)


def revoke_machine(session: Session, name_or_id: int | str, now: datetime, program: str = "") -> int | None:
    """End a machine; its next request is refused. Its id, or None if there is none that works."""
    which: list[Any] = [Machine.revoked_at.is_(None)]
    if isinstance(name_or_id, int):
        which.append(Machine.id == name_or_id)
    else:
        of_program = select(Program.id).where(Program.code == program)
        of_agency = select(Agency.id).where(Agency.code == program, Agency.kind.in_(OWN))
        its = Machine.program_id.in_(of_program) | (Machine.program_id.is_(None) & Machine.agency_id.in_(of_agency))
        which += [Machine.name == name_or_id, its]
    found = session.scalar(select(Machine.id).where(*which))
    if found is not None:
        session.execute(update(Machine).where(Machine.id == found).values(revoked_at=now), execution_options=UNSYNCED)
    return found


def machines(session: Session, now: datetime) -> list[MachineLine]:
    """All machines that were ever made, those that work first."""
    rows = session.execute(
        select(Machine, func.coalesce(Program.name, Agency.name).label("whose"), User)
        .join(Agency, Agency.id == Machine.agency_id)
        .outerjoin(Program, Program.id == Machine.program_id)
        .outerjoin(User, User.id == Machine.made_by_id)
        .order_by(func.coalesce(Program.name, Agency.name), Machine.name)
    )
    lines = [
        MachineLine(
            one.id, one.name, program, _state(one, now), one.made_at, _maker(by), one.expires_at, one.used_at,
        )
        for one, program, by in rows
    ]  # fmt: skip
    return sorted(lines, key=lambda line: not line.works)


def revoke_as(door: Door, who: Identity, machine_id: int, now: datetime) -> bool:
    """End one on the administrator's page; False if there is none that works."""
    with door.database.system("end a machine") as session, session.begin():
        if revoke_machine(session, machine_id, now) is None:
            return False
        record(session, door, "machine.revoked", who.user_id, now, who=who, subjects=(machine_id,))
    return True


def list_of(database: Database, now: datetime) -> tuple[list[MachineLine], list[tuple[str, str]]]:
    """The machines, and (code, name) of the programs and agencies that may have one."""
    with database.system("machines of programs", writes=False) as session:
        programs = session.execute(select(Program.code, Program.name).order_by(Program.name)).all()
        others = select(Agency.code, Agency.name).where(Agency.kind.in_(OWN)).order_by(Agency.name)
        found = [*programs, *session.execute(others)]
        return machines(session, now), [(code, name) for code, name in found]


def identify_machine(database: Database, secret: str, site_secret: str, now: datetime) -> Identity | None:
    """Whose secret this is, if it still works; notes at most once a minute that it was used."""
    if not secret.startswith(PREFIX) or len(secret) > 80:
        return None
    kept = hash_of(secret, site_secret)
    with database.system("whose machine is this", writes=False) as session:
        row = session.execute(_live(kept, now)).first()
    if row is None:
        return None
    if row.used_at is None or row.used_at <= now - SLIDE_EVERY:
        _used(database, row.id, now)
    return Identity(
        0, row.name, "", OWN.get(row.kind, Role.PROGRAM), row.agency_id, row.agency_name, row.zone, kept, now,
        machine_id=row.id, program_id=row.program_id, agency_code=row.code,
    )  # fmt: skip


def machine_works(database: Database, who: Identity, now: datetime) -> bool:
    """Whether a machine's secret works still, asked again once all of its request has come."""
    with database.system("does this machine still work", writes=False) as session:
        return session.execute(_live(who.session, now)).first() is not None


def hash_of(secret: str, site_secret: str) -> bytes:
    """What is kept of a secret."""
    return hmac.digest(derive_key(site_secret, "machines"), secret.encode(), hashlib.sha256)


def _live(kept: bytes, now: datetime) -> Any:
    return (
        select(
            Machine.id, Machine.name, Machine.agency_id, Machine.program_id, Machine.used_at,
            Agency.name.label("agency_name"), Agency.zone, Agency.kind, Agency.code,
        )
        .join(Agency, Agency.id == Machine.agency_id)
        .where(Machine.secret_hash == kept, Machine.revoked_at.is_(None), Machine.expires_at > now)
    )  # fmt: skip


def known_to(database: Database, user_id: int, now: datetime) -> int:
    """How many machines that still work had their secret shown to this person: disabling an account ends none."""
    theirs = Machine.made_by_id == user_id, Machine.revoked_at.is_(None), Machine.expires_at > now
    with database.system("whose secrets a person has seen", writes=False) as session:
        return session.scalar(select(func.count()).select_from(Machine).where(*theirs)) or 0


def _maker(by: User | None) -> str:
    """Who saw the secret. Whoever has left still knows it, so the page says that they have."""
    if by is None:
        return "The command line"
    return by.name if by.disabled_at is None else f"{by.name}, whose account is disabled: make a new one"


def _used(database: Database, machine_id: int, now: datetime) -> None:
    with database.system("a machine was used") as session, session.begin():
        session.execute(update(Machine).where(Machine.id == machine_id).values(used_at=now), execution_options=UNSYNCED)


def _state(one: Machine, now: datetime) -> str:
    if one.revoked_at is not None:
        return "Revoked"
    return "Works" if one.expires_at > now else "Expired"
