"""The team's list in the swept county: its members' page shows our case, and never one that a wall hides from them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.orm import Session

from monitor.access.consultation_policy import MEMBERS
from monitor.access.roles import KIND_OF, Role
from monitor.consultation.keys import Content, Task, sealed
from monitor.consultation.team import gone_on
from monitor.copies.passing_rows import keys_of
from monitor.models import Case, Consultation, Wall
from monitor.models.base import random_id
from tests.web.accounts import SECRET

if TYPE_CHECKING:
    from tests.sweep.county import County

PLACE = Path(mkdtemp())
TEAM, LIST = PLACE / "team.toml", PLACE / "list"  # as the swept site has them
_CODES = ", ".join(f'"near-{kind}"' for kind in sorted({KIND_OF[role] for role in MEMBERS}))
FIRST = date(2026, 1, 6)  # every week, drawn six days before: there is always an agenda
TEAM.write_text(
    f'name = "The team"\nagencies = [{_CODES}]\nfirst = {FIRST}\nevery_days = 7\ncloses_days = 6\n'
    "advocates_bring = true\n"
)


def on_the_list(session: Session, office: int, case: int, now: datetime) -> None:
    """A case of the next meeting, with a task of its officers."""
    keys, number, today = keys_of(str(LIST), SECRET), random_id(), now.date()
    assert keys is not None
    meets = today + timedelta(days=(FIRST - today).days % 7 or 7)
    task = Task(random_id(), "SEE", office, (meets + timedelta(days=3)).isoformat())
    said = Content(case, meets.isoformat(), (task,))
    session.add(Consultation(id=number, sealed=sealed(keys, number, said, gone_on(meets)), purge_on=gone_on(meets)))
    session.flush()


def consulted(session: Session, county: County, role: Role) -> set[str]:
    """What the role may not know of: that our case is on the list, unless it sits in the team; what a wall hides."""
    walls = sa.select(Wall.person_id).where(Wall.user_id == county.accounts[role].user)
    hidden = session.scalars(sa.select(Case.id).where(Case.person_id.in_(walls))).all()
    for case in hidden if role in MEMBERS else (*hidden, county.matter.case):
        on_the_list(session, county.near.office, case, county.now)
    return {"consultation"} if hidden or role not in MEMBERS else set()
