"""What the clerk's form of a new case offers, and what was typed into it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.words import HEARINGS
from monitor.models import Agency, Court, Judge
from monitor.names import words_of

KINDS: Final = {
    kind: HEARINGS[kind]
    for kind in ("SENTENCING", "ARRAIGNMENT", "PROTECTION_ORDER", "COMPLIANCE_REVIEW", "MODIFICATION", "FIREARM_REVIEW")
}
NOBODY: Final = "none"  # no office supervises; and, of people on record: it is somebody else


class Bench(msgspec.Struct, frozen=True):
    """One court of the clerk's agency, with its judges."""

    id: int
    name: str
    zone: str
    judges: tuple[tuple[int, str], ...]


class Offered(msgspec.Struct, frozen=True):
    """What there is to choose from."""

    courts: tuple[Bench, ...]
    offices: tuple[tuple[int, str], ...]

    def court(self, number: int) -> Bench | None:
        """The one that was chosen; the only one where there is but one."""
        if len(self.courts) == 1:
            return self.courts[0]
        return next((one for one in self.courts if one.id == number), None)


class NewCase(msgspec.Struct, frozen=True, kw_only=True):
    """As typed; ``given`` is a dash, of somebody with one name.

    ``person``: the id of somebody on record, `NOBODY` for somebody else, empty where nobody was asked."""

    number: str = ""
    family: str = ""
    given: str = ""
    middle: str = ""
    suffix: str = ""
    born_on: date | None = None
    language: str = ""
    court: int = 0
    judge: int = 0
    office: str = ""
    kind: str = ""
    on: date | None = None
    at: time | None = None
    room: str = ""
    person: str = ""

    @property
    def one_name(self) -> bool:
        """Whether a sign without a letter stands in the place of the given name: there is none."""
        return bool(self.given.strip()) and not words_of(self.given)

    @property
    def given_name(self) -> str:
        """As the record keeps it."""
        return "" if self.one_name else self.given.strip()

    def starts_at(self, zone: str) -> datetime | None:
        """The instant of the first hearing by the court's clock."""
        return datetime.combine(self.on, self.at, ZoneInfo(zone)) if self.on and self.at else None


def offered(session: ScopedSession) -> Offered:
    """The courts of the clerk's own agency, and the probation offices on this system."""
    here = session.scope.agency_id
    courts = session.execute(
        select(Court.id, Court.name, Court.zone).where(Court.agency_id == here).order_by(Court.name)
    ).all()
    judges = session.execute(
        select(Judge.court_id, Judge.id, Judge.name).where(Judge.agency_id == here).order_by(Judge.name)
    ).all()
    offices = session.execute(
        select(Agency.id, Agency.name).where(Agency.kind == "probation").order_by(Agency.name)
    ).all()
    return Offered(
        tuple(
            Bench(row.id, row.name, row.zone, tuple((one.id, one.name) for one in judges if one.court_id == row.id))
            for row in courts
        ),
        tuple((row.id, row.name) for row in offices),
    )
