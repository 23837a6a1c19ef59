"""The numbers and words that a court, a county or a program sets itself: each from a day on, never rewritten.

Source: docs/terms.md. A row stays as it was recorded; another value from the same day is recorded beside it and decides
from then on, so a look back still tells what could be known.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from monitor.intake.record.deciding import PROGRAM
from monitor.intake.record.deciding import TERM as decided_by
from monitor.models import PolicyTerm
from monitor.site_file.on_record import OnRecord, Step, policy_key
from monitor.site_file.shape import Cadence, PolicyPart
from rules import lint, pack_files
from rules.levels import OWN_UNITS
from rules.pack_files import Packs
from rules.scenarios.validate_terms import WORDS


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
        said = _in_words(part, units[part.term])
        yield Step("new" if before is None else "changed", f"{title} of {part.whose}: {said}{was}")


# the words that a policy may set: those that the rules know, and who decides on absences, which only intake asks
SETS: Final = {**WORDS, decided_by: {PROGRAM}}
MOST: Final = 3_660  # ten years of days; a date typed as a number would be later than any calendar
NOBODY: Final = (
    "it is of one court, one county or one program that is there, and of one alone; a county has a court of its own"
)


def units_of(packs: Packs) -> dict[str, set[str]]:
    """By term, the units in which the packs in force count it."""
    found: dict[str, set[str]] = {decided_by: {"words"}}
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


def _faults(part: PolicyPart, units: set[str]) -> Iterator[str]:
    if not units:
        yield "no rule in force has such a term; `monitor rules show CODE` names them"
    if (part.value is None) != part.taken_back:
        yield "it has a value, or `taken_back = true`"
    if part.value is not None and units:
        yield from _of_value(part, part.value, units)


def _of_value(part: PolicyPart, value: int | str | Cadence, units: set[str]) -> Iterator[str]:
    told: Any = value
    if isinstance(value, Cadence):
        told = pack_files.Cadence(count=value.count, period_days=value.period_days, period_months=value.period_months)
    if isinstance(told, str) or units == {"words"}:
        if told not in SETS.get(part.term, ()):
            yield f"a policy cannot set it to {told}" + _instead(part.term)
        return
    faults = [list(lint.number_faults(unit, told)) for unit in sorted(units)]
    if all(faults):
        yield faults[0][0]
    elif isinstance(told, int) and told > MOST:
        yield f"{told} is more than {MOST}, ten years of days"


def _in_words(part: PolicyPart, units: set[str]) -> str:
    """The value with the unit in which it is read, as packs may count the same term in others."""
    if part.value is None:
        return "taken back"
    if isinstance(part.value, Cadence):
        days, months = part.value.period_days, part.value.period_months
        return f"{part.value.count} in {days} days" if days else f"{part.value.count} in {months} months"
    if isinstance(part.value, str):
        return part.value
    unit = OWN_UNITS.get(part.term) or (" ".join(units) if len(units) == 1 else "each pack's own unit")
    return f"{part.value}, in {unit.replace('_', ' ')}"


def _instead(term: str) -> str:
    words = sorted(SETS.get(term, ()))
    return f"; it is {' or '.join(words)}" if words else ""


def _kept(part: PolicyPart) -> Any:
    if isinstance(part.value, Cadence):
        told = {"count": part.value.count, "period_days": part.value.period_days,
                "period_calendar_months": part.value.period_months}  # fmt: skip
        return {name: one for name, one in told.items() if one is not None}
    return part.value
