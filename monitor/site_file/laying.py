"""Lays the site's file into the record: adds what is new, changes names, and takes nothing away.

What is on record and not in the file stays, for cases rest on it. A check does the same and rolls it back, so what it
tells is what laying does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from monitor.access.roles import Role
from monitor.models import Agency, County, Court, CourtHoliday, Group, Judge, Membership, Program, User
from monitor.one_at_a_time import one_at_a_time
from monitor.site_file.on_record import OnRecord, Step
from monitor.site_file.policies import lay_policies
from monitor.site_file.shape import NEW_CODE, WEEKDAYS, CourtPart, ProgramPart, SiteFile
from rules.pack_files import Packs

ONE_FILE: Final = 0x5174  # of two that are laid at once one waits: nothing else keeps a policy from standing twice


def lay(session: Session, file: SiteFile, packs: Packs, now: datetime) -> list[Step]:
    """Everything in the caller's transaction; with a fault among the steps the caller rolls it back."""
    one_at_a_time(session, ONE_FILE)
    site = OnRecord(session)
    steps = [*_twice(file), *_odd_codes(site, file), *_agencies(site, file), *_counties(site, file)]
    for court in file.courts:
        steps += _court(site, court, packs, now)
    for program in file.programs:
        steps += _program(site, program)
    return [*steps, *lay_policies(site, file.policies, packs, now)]


def _twice(file: SiteFile) -> Iterator[Step]:
    named = {
        "agency": [one.code for one in file.agencies],
        "county": [f"{one.state} {one.name}" for one in file.counties],
        "court": [one.code for one in file.courts],
        "program": [one.code for one in file.programs],
        "group": [f"{one.code} of {program.code}" for program in file.programs for one in program.groups],
        "judge": [f"{one.name} of {court.code}" for court in file.courts for one in court.judges],
        "closed day": [f"{one.on} of {court.code}" for court in file.courts for one in court.closed],
        "policy": [f"{one.term} from {one.from_on} of {one.whose}" for one in file.policies],
    }
    for kind, names in named.items():
        yield from (Step("fault", f"{kind} {one} stands twice in the file") for one in sorted(set(names))
                    if names.count(one) > 1)  # fmt: skip


def _odd_codes(site: OnRecord, file: SiteFile) -> Iterator[Step]:
    asked = {
        "agency": {one.code for one in file.agencies} - set(site.agencies),
        "court": {one.code for one in file.courts} - set(site.courts),
        "program": {one.code for one in file.programs} - set(site.programs),
    }
    for kind, new in asked.items():
        for code in sorted(new):
            if not NEW_CODE.fullmatch(code):
                yield Step("fault", f"{kind} {code}: a code has small letters, digits and hyphens, 3 to 40 of them")


def _agencies(site: OnRecord, file: SiteFile) -> Iterator[Step]:
    for one in file.agencies:
        title = f"agency {one.code}"
        yield from _zone_fault(title, one.zone) or site.meet(
            site.agencies, one.code, Agency, title,
            {"code": one.code, "kind": one.kind, "name": one.name, "zone": one.zone},
        )  # fmt: skip


def _counties(site: OnRecord, file: SiteFile) -> Iterator[Step]:
    for one in file.counties:
        key = f"{one.state} {one.name}"
        yield from site.meet(site.counties, key, County, f"county {key}", {"state": one.state, "name": one.name})


def _court(site: OnRecord, part: CourtPart, packs: Packs, now: datetime) -> Iterator[Step]:
    title, known = f"court {part.code}", site.courts.get(part.code)
    county = site.counties.get(part.county)
    faults = [*_zone_fault(title, part.zone), *_agency_fault(site, title, part.agency, "court")]
    if part.pack not in packs.packs:
        faults.append(Step("fault", f"{title}: there is no pack {part.pack}; `monitor rules list` names them"))
    if part.county and county is None:
        faults.append(Step("fault", f'{title}: county {part.county} is not there; it is named like "CA Lake"'))
    if faults:
        yield from faults
        return
    yield from site.meet(
        site.courts, part.code, Court, title,
        {"code": part.code, "agency_id": site.agencies[part.agency].id, "name": part.name, "zone": part.zone,
         "pack": part.pack, "county_id": county.id if county else known.county_id if known else None},
        ("name",) if known and known.county_id else ("name", "county_id"),
    )  # fmt: skip
    court = site.courts[part.code]
    for day in part.closed:
        yield from site.meet(
            site.closed, (court.id, day.on), CourtHoliday, f"{title}: closed on {day.on}",
            {"court_id": court.id, "closed_on": day.on, "title": day.title}, ("title",), recorded_at=now,
        )  # fmt: skip
    for one in part.judges:
        account = _account(site.session, one.account, court.agency_id)
        if one.account and account is None:
            yield Step("fault", f"{title}: no judge of this court signs in as {one.account}; add the account first")
            continue
        before = site.judges.get((court.id, one.name))
        yield from site.meet(
            site.judges, (court.id, one.name), Judge, f"{title}: judge {one.name}",
            {"agency_id": court.agency_id, "court_id": court.id, "name": one.name,
             "user_id": account or (before.user_id if before else None)}, ("user_id",),
        )  # fmt: skip


def _account(session: Session, email: str, agency_id: int) -> int | None:
    """A judge's, at that court: another role's account would say that somebody else sits there."""
    held = Membership.role == Role.JUDGE.value, Membership.agency_id == agency_id, Membership.until_on.is_(None)
    of_judges = select(User.id).join(Membership, Membership.user_id == User.id).where(*held)
    return session.scalar(of_judges.where(func.lower(User.email) == email.lower())) if email else None


def _program(site: OnRecord, part: ProgramPart) -> Iterator[Step]:
    title = f"program {part.code}"
    if faults := _agency_fault(site, title, part.agency, "program"):
        yield from faults
        return
    agency = site.agencies[part.agency]
    yield from site.meet(
        site.programs, part.code, Program, title, {"code": part.code, "agency_id": agency.id, "name": part.name}
    )
    program = site.programs[part.code]
    for one in part.groups:
        yield from site.meet(
            site.groups, (program.id, one.code), Group, f"{title}: group {one.code}",
            {"agency_id": agency.id, "program_id": program.id, "code": one.code, "minutes": one.minutes,
             "weekday": WEEKDAYS.index(one.weekday), "starts_at": one.starts_at, "language": one.language},
            ("language",),
        )  # fmt: skip


def _agency_fault(site: OnRecord, title: str, code: str, kind: str) -> list[Step]:
    agency = site.agencies.get(code)
    if agency is None:
        return [Step("fault", f"{title}: agency {code} is not there")]
    if agency.kind != kind:
        return [Step("fault", f"{title}: agency {code} is one of kind {agency.kind}, not {kind}")]
    return []


def _zone_fault(title: str, zone: str) -> list[Step]:
    try:
        ZoneInfo(zone)
    except (OSError, ValueError, KeyError):
        return [Step("fault", f"{title}: there is no time zone {zone}; one is America/Chicago")]
    return []
