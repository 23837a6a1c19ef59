"""A hundred and twenty cases of two courts, with every band of a program among them; and two advocacy agencies."""

from __future__ import annotations

from datetime import date, timedelta

import msgspec
from sqlalchemy.orm import Session

from monitor.clock import local_day, utc_now
from monitor.db import Database
from monitor.models import Agency, Condition, EnrollmentEvent, Order, OrderVersion, Pause, Person, Release, random_id
from tests.builders import ZONE, Matter, Town, absent, adjudicate, at, attended, build_town, person_with_order
from tests.office import hearing

CASES = 120
TODAY = local_day(utc_now(), ZONE)
PARTY = "Quillonwick Marabel"


class StatusTown(msgspec.Struct):
    """Ids. ``bands``: a matter of each kind by what the list must say of it."""

    near: Town
    far: Town
    agency: int
    other_agency: int
    bands: dict[str, Matter]


def build_status_town(database: Database, cases: int = CASES) -> StatusTown:
    """Everything, committed. Times count from today."""
    with database.system("test: a status list") as session, session.begin():
        near, far = (build_town(session, code=code) for code in ("near", "far"))
        agencies = [
            Agency(id=random_id(), kind="advocacy", name=f"Harbor {at_}", code=f"harbor-{at_}", zone=near.zone)
            for at_ in (1, 2)
        ]
        session.add_all(agencies)
        session.flush()
        bands = _bands(session, near)
        for number in range(cases - len(bands)):
            named(session, far if number % 2 else near, f"Person{number:03d}", "Pat")
        return StatusTown(near, far, agencies[0].id, agencies[1].id, bands)


def named(session: Session, town: Town, family: str, given: str) -> Matter:
    """Somebody with an order of no contact, a class last week, and no release for advocates."""
    matter = person_with_order(session, town)
    person = session.get_one(Person, matter.person)
    person.family_name, person.given_name = family, given
    version = session.query(OrderVersion).filter_by(order_id=matter.order).one()
    session.add(
        Condition(case_id=matter.case, agency_id=town.court_agency, order_version_id=version.id, line=9, code="05",
                  text="GOLDEN-PLACE", exceptions=[])
    )  # fmt: skip
    attended(session, matter, TODAY - timedelta(days=7))
    return matter


def release(session: Session, matter: Matter, until_on: date | None = None, *, scope: str = "") -> None:
    """A signed one that lets advocates be told."""
    session.add(
        Release(id=random_id(), case_id=matter.case, agency_id=matter.town.program_agency,
                enrollment_id=matter.enrollment, occurred_on=TODAY - timedelta(days=40), until_on=until_on,
                scope=scope or "probation,court,advocate_list", recorded_at=at(TODAY - timedelta(days=40)))
    )  # fmt: skip


def _bands(session: Session, town: Town) -> dict[str, Matter]:
    made = {}
    for band in ("Attending", "Has missed", "Not enrolled", "Discharged", "Excused", "Ended", "Without", "Left out"):
        made[band] = named(session, town, band.replace(" ", ""), "Case")
        if band != "Without":
            until = TODAY - timedelta(days=1) if band == "Ended" else None
            release(session, made[band], until, scope="probation,court" if band == "Left out" else "")
    for band in ("Has missed", "Excused", "Without"):
        missed = absent(session, made[band], TODAY - timedelta(days=3))
        if band == "Excused":
            adjudicate(session, missed, "EXCUSED", TODAY - timedelta(days=2), why="MEDICAL")
    session.query(EnrollmentEvent).filter_by(enrollment_id=made["Not enrolled"].enrollment, event="ENROLLED").delete()
    session.add(
        EnrollmentEvent(id=random_id(), case_id=made["Discharged"].case, agency_id=town.program_agency,
                        enrollment_id=made["Discharged"].enrollment, event="DISCHARGED", why="ABSENCES",
                        occurred_on=TODAY - timedelta(days=2), recorded_at=at(TODAY - timedelta(days=2)))
    )  # fmt: skip
    hearing(session, made["Attending"], at(TODAY - timedelta(days=20), 9), "COMPLIANT_CONTINUE")
    hearing(session, made["Attending"], at(TODAY + timedelta(days=5), 9))
    session.add(
        Pause(id=random_id(), case_id=made["Has missed"].case, agency_id=town.court_agency, kind="WARRANT",
              starts_on=TODAY - timedelta(days=1), recorded_at=at(TODAY - timedelta(days=1)))
    )  # fmt: skip
    assert session.get_one(Order, made["Attending"].order).kind == "PROBATION"
    return made
