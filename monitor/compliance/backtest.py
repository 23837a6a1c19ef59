"""A backtest over the record: today's packs and another set on everything known at an instant, a part at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime

import polars as pl
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from monitor.clock import local_day
from monitor.compliance.chunks import parts
from monitor.compliance.loading import load_facts
from monitor.models import Case, Court, Hearing
from rules.backtest import HEARINGS, Comparison, backtest, together
from rules.pack_files import Packs

CASES_AT_ONCE = 1_000


def backtest_record(
    session: Session, ours: Packs, theirs: Packs, since: date, until: date, known_at: datetime,
    say: Callable[[str], None] = lambda _: None,
) -> Comparison:  # fmt: skip
    """What differs between two sets of packs, for every case on record. Keeps nothing."""
    cases = list(session.scalars(select(Case.id).order_by(Case.id)))
    found = []
    for number, part in enumerate(parts(cases, CASES_AT_ONCE)):
        say(f"{number * CASES_AT_ONCE} of {len(cases)} cases compared")
        facts = load_facts(session, part, known_at)
        days = _hearings(session, part, known_at)
        found.append(backtest(facts, ours, theirs, since, until, known_at.astimezone(UTC), days))
    return together(found)


def _hearings(session: Session, cases: Sequence[int], known_at: datetime) -> pl.DataFrame:
    """Court days of the cases, by each court's own clock; hearings taken off the calendar are none."""
    told = (
        select(Hearing.case_id, Hearing.starts_at, Court.zone)
        .join(Court, Court.id == Hearing.court_id)
        .where(Hearing.case_id.in_(cases), Hearing.recorded_at <= known_at)
    )
    told = told.where(or_(Hearing.outcome.is_(None), Hearing.outcome != "OFF_CALENDAR"))
    rows = [(case, local_day(at, zone)) for case, at, zone in session.execute(told)]
    return pl.DataFrame(rows, schema=HEARINGS, orient="row")


def court_codes(session: Session) -> dict[int, str]:
    """What each court is called in addresses and tables."""
    return {number: code for number, code in session.execute(select(Court.id, Court.code))}


def case_numbers(session: Session, cases: Sequence[int]) -> dict[int, str]:
    """The numbers of some cases; who asks is recorded by the caller."""
    return {
        number: name
        for part in parts(cases)
        for number, name in session.execute(select(Case.id, Case.number).where(Case.id.in_(part)))
    }
