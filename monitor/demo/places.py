"""The demo county's courts, offices and programs: invented ones, one court for each kind of calendar."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import msgspec

from monitor.demo.scribe import Scribe
from monitor.models import Agency, County, Court, CourtHoliday, Group, Judge, PolicyTerm, Program

PACIFIC, EASTERN = "America/Los_Angeles", "America/New_York"
POLICY = "Demo county administrative policy 1 (invented for the demo)"


class Place(msgspec.Struct):
    """One jurisdiction: its court, office and programs, with the days on which the court is closed."""

    zone: str
    pack: str
    court_agency: Any
    court: Any
    judges: list[Any]
    office: Any
    programs: dict[str, Any]
    groups: dict[str, list[Any]]
    closed: frozenset[date]


def found_places(scribe: Scribe) -> list[Place]:
    """Write agencies, courts, programs, groups and local policy."""
    since = scribe.now - timedelta(days=600)
    riverbend = _court(scribe, "riverbend", "Riverbend County Court", PACIFIC, "us_ca", ("Lee", "Okonkwo"), since)
    harlan = _court(scribe, "harlan-fork", "Harlan Fork County Court", EASTERN, "us_ga", ("Marsh",), since)
    _program(scribe, riverbend, "north-star", "North Star BIP", (("MON-6PM", 0), ("WED-6PM", 2), ("SAT-9AM", 5)))
    _program(scribe, riverbend, "open-door", "Open Door Program", (("TUE-7PM", 1), ("THU-7PM", 3)))
    _program(scribe, riverbend, "second-path", "Second Path Classes", (("FRI-6PM", 4),))
    _program(scribe, harlan, "cedar-path", "Cedar Path Program", (("TUE-6PM", 1), ("THU-6PM", 3)))
    _local_policy(scribe, riverbend, since)
    scribe.flush()
    return [riverbend, harlan]


def _court(
    scribe: Scribe, code: str, name: str, zone: str, pack: str, judges: tuple[str, ...], since: datetime
) -> Place:
    agency = scribe.add(Agency, kind="court", name=name, code=f"{code}-court", zone=zone)
    office_name = f"{name.removesuffix(' Court')} Probation"
    office = scribe.add(Agency, kind="probation", name=office_name, code=f"{code}-probation", zone=zone)
    county = scribe.add(County, state=pack[-2:].upper(), name=name.removesuffix(" County Court"))
    court = scribe.add(
        Court, agency_id=agency.id, name=name, code=code, zone=zone, pack=pack, county_id=county.id
    )
    bench = [scribe.add(Judge, agency_id=agency.id, court_id=court.id, name=f"Judge {judge}") for judge in judges]
    closed = _closed_days(scribe.today)
    for day, title in closed.items():
        scribe.add(CourtHoliday, court_id=court.id, closed_on=day, title=title, recorded_at=since)
    return Place(zone, pack, agency, court, bench, office, {}, {}, frozenset(closed))


def _closed_days(today: date) -> dict[date, str]:
    """The demo courts' closed days, two years back to one ahead."""
    days: dict[date, str] = {}
    for year in (today.year - 2, today.year - 1, today.year, today.year + 1):
        first = date(year, 11, 1)
        fourth_thursday = first + timedelta(days=(3 - first.weekday()) % 7 + 21)
        days |= {
            date(year, 1, 1): "New Year's Day",
            date(year, 7, 4): "Independence Day",
            fourth_thursday: "Thanksgiving Day",
            date(year, 12, 25): "Christmas Day",
        }
    return days


def _program(scribe: Scribe, place: Place, code: str, name: str, groups: tuple[tuple[str, int], ...]) -> None:
    agency = scribe.add(Agency, kind="program", name=name, code=code, zone=place.zone)
    program = scribe.add(Program, agency_id=agency.id, name=name, code=code)
    place.programs[code] = program
    place.groups[code] = [
        scribe.add(
            Group, agency_id=agency.id, program_id=program.id, code=label, weekday=weekday, minutes=120,
            starts_at=time(9 if label.endswith("AM") else 18, 0), language=None,
        )
        for label, weekday in groups
    ]  # fmt: skip


def _local_policy(scribe: Scribe, place: Place, since: datetime) -> None:
    court_terms = {"report.officer_to_court": 2, "hearing.response_within_days": 14, "report.immediately_means": 2}
    for term, value in court_terms.items():
        scribe.add(
            PolicyTerm, agency_id=place.court_agency.id, court_id=place.court.id, county_id=None, program_id=None,
            term=term, value={"value": value}, from_on=since.date(), citation=POLICY, recorded_at=since,
        )  # fmt: skip
    lenient = place.programs["second-path"]
    scribe.add(
        PolicyTerm, agency_id=lenient.agency_id, court_id=None, county_id=None, program_id=lenient.id,
        term="bip.excused_absences_max",
        value={"value": 7}, from_on=since.date(), citation="Second Path written policy (invented for the demo)",
        recorded_at=since,
    )  # fmt: skip
