"""How somebody took part, class by class, as the program told it: for the officer, never for the bench by itself.

Attendance, participation and a concern are three questions. Nothing is counted or averaged here.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, select

from monitor.access.scoped_session import ScopedSession
from monitor.current import current
from monitor.grid.page import RATINGS
from monitor.models import Enrollment, Participation, Program
from monitor.models.base import BigId
from monitor.person_page.page import TookPart
from monitor.wording import short_day

MOST: Final = 8


def took_part(session: ScopedSession, case_id: int) -> tuple[TookPart, ...]:
    """A line a program: the newest classes of which it told, newest first."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, on, rating in session.execute(_told(), {"case": case_id}):
        if len(found[name]) < MOST:
            found[name].append(f"{short_day(on)}: {RATINGS[rating].lower()}")
    return tuple(TookPart(name, tuple(classes)) for name, classes in found.items())


@cache
def _told() -> Any:
    """What programs told of one case, the newest first; built once, for every page of a person asks it."""
    return (
        select(Program.name, Participation.occurred_on, Participation.rating)
        .join(Enrollment, Enrollment.id == Participation.enrollment_id)
        .join(Program, Program.id == Enrollment.program_id)
        .where(Participation.case_id == bindparam("case", type_=BigId), current(Participation))
        .order_by(Participation.occurred_on.desc())
    )
