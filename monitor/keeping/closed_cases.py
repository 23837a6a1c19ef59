"""Closed cases whose time has come by the site's own dated setting (safeguard H6): told, never removed by a timer.

How long a court's case is kept is local law; a court without a setting has none, and nothing is guessed. What leaves,
leaves by two people (`monitor.keeping.removals`).
"""

from __future__ import annotations

from datetime import date

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.local_law import LocalLaw
from monitor.models import Case, Court


class DueCase(msgspec.Struct, frozen=True):
    """A case that is due to be handed to the court's record or expunged since ``due_on``."""

    number: str
    court: str
    closed_on: date
    due_on: date
    citation: str


def due_cases(session: Session, law: LocalLaw, today: date) -> list[DueCase]:
    """The longest due first."""
    told = (
        select(Case.number, Court.code, Case.closed_on).join(Court, Court.id == Case.court_id)
        .where(Case.closed_on.is_not(None), Court.code.in_(law.close))
    )  # fmt: skip
    found = []
    for row in session.execute(told):
        due = law.leaves_on(row.code, row.closed_on)
        if due is not None and due <= today:
            found.append(DueCase(row.number, row.code, row.closed_on, due, law.close[row.code].citation))
    return sorted(found, key=lambda one: (one.due_on, one.number))
