"""A machine on the administrator's page. One of dispatch or patrol reads orders, as a role there does: so it takes two.

An administrator reads no case (access matrix), and whoever holds such a secret asks about any order. So one asks,
somebody else says yes, and only then does whoever asked get the secret, once (safeguard D7).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.access import second_person
from monitor.access.door import Door, record
from monitor.access.identity import Identity
from monitor.access.machines import MachineError, Made, NewMachine, add_machine, fitting
from monitor.access.second_person import LATER, Ask
from monitor.models import Agency, ApprovalRequest

ACT: Final = "role.grant"
NOBODY: Final = (
    "Nobody is left who could say yes: it takes another administrator, or a privacy officer of that agency."
)


def add_as(door: Door, who: Identity, new: NewMachine, now: datetime) -> Made | None:
    """Add one; None where a second person was asked first, or is. Raises `MachineError`."""
    with door.database.system("add a machine") as session, session.begin():
        program_id, agency_id = fitting(session, new)
        if program_id is None:
            asked = _asked(session, who, agency_id, new, now)
            if asked is None or asked.outcome != "APPROVED":
                if asked is None:
                    number = _ask(session, door, who, agency_id, new, now)
                    record(session, door, "machine.asked", who.user_id, now, who=who, subjects=(number,))
                return None
            second_person.use_up(asked)
        made = add_machine(session, new, door.secret, now, who.user_id)
        record(session, door, "machine.added", who.user_id, now, who=who, subjects=(made.machine_id,), called=made.name)
    return made


def _asked(session: Session, who: Identity, agency_id: int, new: NewMachine, now: datetime) -> ApprovalRequest | None:
    """What this person asked for about this very machine, and nobody has declined."""
    mine = ApprovalRequest.act == ACT, ApprovalRequest.asked_by_id == who.user_id, ApprovalRequest.until_at > now
    of_it = select(ApprovalRequest).where(*mine, ApprovalRequest.subject_id == agency_id).with_for_update()
    told = _told(new)
    found = [one for one in session.scalars(of_it) if told.items() <= one.detail.items() and one.outcome != "DECLINED"]
    return found[0] if found else None


def _ask(session: Session, door: Door, who: Identity, agency_id: int, new: NewMachine, now: datetime) -> int:
    here = frozenset({who.agency_id, agency_id})
    if not second_person.able(session, ACT, who.user_id, now, here):
        raise MachineError(NOBODY)
    agency = session.get_one(Agency, agency_id).name
    why = f"Software of {agency}, called {new.name}, for {new.days} days: it asks about orders and files incidents."
    return second_person.ask(
        session, who, Ask(act=ACT, subject_id=agency_id, detail=_told(new), why=why, agencies=here), door.secret, now
    )


def _told(new: NewMachine) -> dict[str, str | int]:
    return {LATER: "machine", "machine": new.name, "days": new.days}
