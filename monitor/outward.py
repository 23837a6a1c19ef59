"""What the API hands to the programs of whoever signed in: cut from what their pages show, with ids as text.

Names here stay (contract), pages may change. Nothing is shown that the page of the same role does not show.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from monitor.docket.page import Docket, DocketLine
from monitor.person_page.ledger import Cell, Ledger


class DocketCase(msgspec.Struct, frozen=True):
    """One case of a court's day. ``duties``: how many duties stand at each status word. ``decide``: what is asked."""

    hearing_id: str
    starts_at: datetime
    number: str
    respondent: str
    custody: str
    decide: tuple[str, ...]
    duties: dict[str, int]
    last_report: str
    contested: bool
    outcome: str


class CourtDay(msgspec.Struct, frozen=True):
    """One court's day as known at an instant. ``late``: programs that owe word."""

    court: str
    day: date
    zone: str
    known_at: datetime
    cases: tuple[DocketCase, ...]
    late: tuple[str, ...]


class Row(msgspec.Struct, frozen=True):
    """One row behind a word. ``earlier``: what stood before a correction."""

    text: str
    source: str
    decided: str
    earlier: tuple[str, ...]


class Standing(msgspec.Struct, frozen=True):
    """How a duty stands in a week. ``status``: met, partly_met, not_met, not_reported; empty where a word says it."""

    duty: str
    status: str
    word: str
    corrected: bool
    rows: tuple[Row, ...]


class ComplianceWeek(msgspec.Struct, frozen=True):
    """The week that begins on ``week_of``, a Monday."""

    week_of: date
    duties: tuple[Standing, ...]


class Compliance(msgspec.Struct, frozen=True):
    """Weeks by duties of one case, the newest first; ``shortened``: there are older ones."""

    person_id: str
    case_id: str
    number: str
    court: str
    first: date
    last: date
    weeks: tuple[ComplianceWeek, ...]
    shortened: bool


def court_day(docket: Docket) -> CourtDay:
    """A docket as it goes out."""
    cases = tuple(_case(line) for line in docket.lines)
    return CourtDay(docket.court_code, docket.day, docket.zone, docket.known_at, cases, docket.late)


def compliance(ledger: Ledger) -> Compliance:
    """A ledger as it goes out."""
    top = ledger.heading
    weeks = tuple(
        ComplianceWeek(week.on, tuple(_standing(*pair) for pair in zip(ledger.columns, week.cells, strict=True)))
        for week in ledger.weeks
    )
    return Compliance(
        str(top.person_id), str(top.case_id), top.number, top.court, ledger.first, ledger.last, weeks, ledger.shortened
    )


def _case(line: DocketLine) -> DocketCase:
    return DocketCase(
        str(line.hearing_id), line.starts_at, line.number, line.respondent, line.custody, line.decide,
        dict(line.statuses), line.last_report, line.contested, line.outcome,
    )  # fmt: skip


def _standing(duty: str, cell: Cell) -> Standing:
    rows = tuple(Row(one.text, one.source, one.decided, one.earlier) for one in cell.entries)
    return Standing(duty, cell.status, cell.word, cell.corrected, rows)
