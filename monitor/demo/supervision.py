"""The office's side of a demo case: contacts, check-ins and tests."""

from __future__ import annotations

from datetime import date, timedelta

from monitor.demo.orders import Matter
from monitor.demo.scribe import Scribe, next_weekday
from monitor.models import CheckIn, Contact, DrugTest, Expectation

NOTES = (
    "Talked about the new shift; he keeps the evening group.",
    "Brought the pay slip. Bus pass handed out.",
    "Went over the order again; said it back in his own words.",
    "Left a message; no answer.",
)


def supervise(scribe: Scribe, matter: Matter) -> None:
    """A contact about every four weeks; weekly check-ins and tests for whom the order asks them of."""
    day = matter.ordered_on + timedelta(days=5)
    while day < scribe.today:
        if day.weekday() < 5:
            _contact(scribe, matter, day)
            day += timedelta(days=scribe.rng.randrange(24, 33))
        else:
            day += timedelta(days=1)
    if "check_in" in matter.asks:
        _check_ins(scribe, matter)
    if "testing" in matter.asks:
        _tests(scribe, matter)


def _contact(scribe: Scribe, matter: Matter, day: date) -> None:
    attempted = scribe.rng.random() < 0.12
    method = scribe.rng.choice(("IN_PERSON", "IN_PERSON", "PHONE"))
    scribe.fact(
        Contact, recorded_on=day, zone=matter.zone, hour=16, case_id=matter.case.id, agency_id=matter.place.office.id,
        recorded_by_id=matter.officer_id, occurred_at=scribe.instant(day, matter.zone, 10, scribe.rng.randrange(60)),
        kind="DIRECT", method=method, state="ATTEMPTED" if attempted else "COMPLETED",
        place="OFFICE" if method == "IN_PERSON" else "OTHER",
        note=NOTES[3] if attempted else scribe.rng.choice(NOTES[:3]),
    )  # fmt: skip


def _check_ins(scribe: Scribe, matter: Matter) -> None:
    first = next_weekday(max(matter.ordered_on, scribe.today - timedelta(weeks=10)), 3)
    for week in range(10):
        day = first + timedelta(weeks=week)
        if day >= scribe.today:
            return
        common = {"case_id": matter.case.id, "agency_id": matter.place.office.id}
        scribe.fact(
            Expectation, recorded_on=day - timedelta(days=7), zone=matter.zone, kind="check_in", enrollment_id=None,
            occurred_on=day - timedelta(days=7), expected_on=day, **common,
        )  # fmt: skip
        if scribe.rng.random() < 0.93:
            at = scribe.instant(day, matter.zone, 17, scribe.rng.randrange(60))
            scribe.fact(CheckIn, recorded_on=day, zone=matter.zone, hour=18, occurred_at=at, method="PHONE", **common)


def _tests(scribe: Scribe, matter: Matter) -> None:
    for back in (70, 40, 12):
        day = scribe.today - timedelta(days=back)
        if day > matter.ordered_on:
            scribe.fact(
                DrugTest, recorded_on=day + timedelta(days=2), zone=matter.zone, case_id=matter.case.id,
                agency_id=matter.place.office.id, occurred_on=day, result="NEGATIVE",
            )  # fmt: skip
