"""The record's own site file: what is on record, as one would write it. Laid again, it changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.models import User
from monitor.site_file.on_record import OnRecord
from monitor.site_file.shape import WEEKDAYS


def site_text(session: Session) -> str:
    """TOML. Of policies each that stands on record last for its day."""
    site = OnRecord(session)
    parts = [*_agencies(site), *_counties(site), *_courts(site), *_programs(site), *_policies(site)]
    return "\n".join(parts)


def _agencies(site: OnRecord) -> Iterator[str]:
    for code, one in sorted(site.agencies.items()):
        yield _table("agencies", code=code, kind=one.kind, name=one.name, zone=one.zone)


def _counties(site: OnRecord) -> Iterator[str]:
    for _, one in sorted(site.counties.items()):
        yield _table("counties", state=one.state, name=one.name)


def _courts(site: OnRecord) -> Iterator[str]:
    agency = {one.id: code for code, one in site.agencies.items()}
    county = {one.id: name for name, one in site.counties.items()}
    account = {row.id: row.email for row in site.session.execute(select(User.id, User.email))}
    for code, one in sorted(site.courts.items()):
        yield _table("courts", code=code, agency=agency[one.agency_id], name=one.name, zone=one.zone, pack=one.pack,
                     county=county.get(one.county_id or 0))  # fmt: skip
        for (court_id, name), judge in sorted(site.judges.items()):
            if court_id == one.id:
                yield _table("courts.judges", name=name, account=account.get(judge.user_id or 0))
        for (court_id, day), closed in sorted(site.closed.items()):
            if court_id == one.id:
                yield _table("courts.closed", on=day, title=closed.title)


def _programs(site: OnRecord) -> Iterator[str]:
    agency = {one.id: code for code, one in site.agencies.items()}
    for code, one in sorted(site.programs.items()):
        yield _table("programs", code=code, agency=agency[one.agency_id], name=one.name)
        for (program_id, name), group in sorted(site.groups.items()):
            if program_id == one.id:
                yield _table("programs.groups", code=name, weekday=WEEKDAYS[group.weekday], starts_at=group.starts_at,
                             minutes=group.minutes, language=group.language)  # fmt: skip


def _policies(site: OnRecord) -> Iterator[str]:
    court = {one.id: code for code, one in site.courts.items()}
    county = {one.id: name for name, one in site.counties.items()}
    program = {one.id: code for code, one in site.programs.items()}
    for one in sorted(site.policies.values(), key=lambda row: (row.term, row.from_on, row.id)):
        value = one.value.get("value", one.value)
        yield _table(
            "policies", court=court.get(one.court_id or 0), county=county.get(one.county_id or 0),
            program=program.get(one.program_id or 0), term=one.term, value=value,
            taken_back=True if value is None else None, cite=one.citation, **{"from": one.from_on},
        )  # fmt: skip


def _table(called: str, /, **fields: Any) -> str:
    lines = [f"{field} = {_value(value)}" for field, value in fields.items() if value not in (None, "")]
    return "\n".join([f"[[{called}]]", *lines, ""])


def _value(value: Any) -> str:
    if isinstance(value, dict):
        names = {"period_calendar_months": "period_months"}
        return "{ " + ", ".join(f"{names.get(name, name)} = {_value(one)}" for name, one in value.items()) + " }"
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, date | time):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)  # a basic string of TOML is written as one of JSON
