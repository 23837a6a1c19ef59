"""The numbers and words that a court, a county or a program sets itself: each from a day on, never rewritten.

Source: docs/terms.md. A row stays as it was recorded; another value from the same day is recorded beside it and decides
from then on, so a look back still tells what could be known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from monitor.models import PolicyTerm
from monitor.site_file.on_record import OnRecord, Step, policy_key
from monitor.site_file.shape import Cadence, PolicyPart
from rules import lint, pack_files
from rules.pack_files import Packs


def lay_policies(site: OnRecord, parts: Sequence[PolicyPart], packs: Packs, now: datetime) -> Iterator[Step]:
    """A row for each value that the record does not hold yet."""
    units = units_of(packs)
    for part in parts:
        title = f"policy {part.term} from {part.from_on}"
        owner, agency_id = _owner(site, part)
        faults = [*_faults(part, units.get(part.term, set())), *([] if owner else [NOBODY])]
        if faults:
            yield from (Step("fault", f"{title}: {one}") for one in faults)
            continue
        row = PolicyTerm(
            **owner, agency_id=agency_id, term=part.term, value={"value": _kept(part)}, from_on=part.from_on,
            citation=part.cite, recorded_at=now,
        )  # fmt: skip
        before = site.policies.get(policy_key(row))
        if before is not None and (before.value, before.citation) == (row.value, row.citation):
            continue
        site.session.add(row)
        site.session.flush()
        site.policies[policy_key(row)] = row
        was = f" (was {before.value.get('value')})" if before is not None else ""
        yield Step("new" if before is None else "changed", f"{title} of {_whose(part)}{was}")


NOBODY = "it is of one court, one county or one program that is there, and of one alone"


def units_of(packs: Packs) -> dict[str, set[str]]:
    """By term, the units in which the packs in force count it."""
    found: dict[str, set[str]] = {}
    for rules in packs.rules.values():
        for rule in rules:
            for name, term in rule.terms.items():
                found.setdefault(name, set()).add(term.unit)
    return found


def _owner(site: OnRecord, part: PolicyPart) -> tuple[dict[str, Any], int | None]:
    """The columns that say whose it is, and the agency that the row is kept by; nothing where that is not one."""
    if len([one for one in (part.court, part.county, part.program) if one]) != 1:
        return {}, None
    court, county = site.courts.get(part.court), site.counties.get(part.county)
    program = site.programs.get(part.program)
    of_county = next((one for one in site.courts.values() if county and one.county_id == county.id), None)
    keeper = court or program or of_county
    if keeper is None:
        return {}, None
    return {
        "court_id": court.id if court else None, "county_id": county.id if county else None,
        "program_id": program.id if program else None,
    }, keeper.agency_id  # fmt: skip


def _whose(part: PolicyPart) -> str:
    return part.court or part.county or part.program


def _faults(part: PolicyPart, units: set[str]) -> Iterator[str]:
    if not units:
        yield "no rule in force has such a term; `monitor rules show CODE` names them"
    if (part.value is None) != part.taken_back:
        yield "it has a value, or `taken_back = true`"
    if part.value is None or not units:
        return
    told: Any = part.value
    if isinstance(part.value, Cadence):
        told = pack_files.Cadence(
            count=part.value.count, period_days=part.value.period_days, period_months=part.value.period_months
        )
    faults = [list(lint.number_faults(unit, told)) for unit in sorted(units)]
    if all(faults):
        yield faults[0][0]


def _kept(part: PolicyPart) -> Any:
    if isinstance(part.value, Cadence):
        told = {"count": part.value.count, "period_days": part.value.period_days,
                "period_calendar_months": part.value.period_months}  # fmt: skip
        return {name: one for name, one in told.items() if one is not None}
    return part.value
