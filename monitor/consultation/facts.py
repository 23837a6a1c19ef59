"""What the agenda says of each case, for one reader: rows 2, 5, 9, 12 and 13 of the matrix, as their cells allow.

Read in one look across agencies: a team's agenda shows every case that is on it, walls apart. Nothing else is read:
no police report, no working note, no flag, no name that an order protects, no medical notice and no call-back.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Final

import msgspec
from sqlalchemy import select

from monitor.access.matrix import Seen, cell
from monitor.access.roles import Role
from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.words import outcome_words
from monitor.clock import local_day
from monitor.levels import LEVELS, TOOLS, Level, newest_levels
from monitor.models import Assessment, Hearing
from monitor.orders.words import CODED, LOCAL
from monitor.status_list.orders import Ordered, orders_of
from monitor.status_list.programs import NOT_SHOWN, programs_of
from monitor.verify.beside import GRAVE, cautions_of, findings_of
from monitor.warrants import warrants_of
from monitor.wording import moment, short_day

ROWS: Final = {
    Seen.ORDER_TERMS: "Order", Seen.ATTENDANCE: "Program", Seen.RISK: "Level", Seen.CONFIRMED: "Found by the court",
    Seen.HEARINGS: "Hearings",
}  # fmt: skip
EVERY: Final = ("A", "B", "C", "D", "E")
# by what a participant released, who is told of attendance (safeguard C8)
RELEASED_TO: Final = {
    Role.OFFICER: "probation", Role.OFFICER_SUPERVISOR: "probation", Role.PROSECUTOR: "prosecutor",
    Role.VICTIM_WITNESS: "prosecutor", Role.ADVOCATE: "advocate_list",
}  # fmt: skip

Lines = tuple[tuple[str, str], ...]


class Asked(msgspec.Struct, frozen=True):
    """Of which cases, on which courts' clocks (a zone each), for whom, as of when."""

    zones: Mapping[int, str]
    role: Role
    now: datetime


def facts_of(session: ScopedSession, asked: Asked) -> dict[int, Lines]:
    """Label and words by case. ``session`` reads wide, and the cases are there for this reader."""
    told: dict[Seen, dict[int, str]] = {
        Seen.ORDER_TERMS: _orders(session, asked), Seen.ATTENDANCE: _programs(session, asked),
        Seen.RISK: _levels(session, asked), Seen.CONFIRMED: _found(session, asked),
        Seen.HEARINGS: _hearings(session, asked),
    }  # fmt: skip
    return {
        case: tuple((ROWS[seen], said[case]) for seen, said in told.items() if case in said) for case in asked.zones
    }


def _orders(session: ScopedSession, asked: Asked) -> dict[int, str]:
    orders = orders_of(session, asked.zones, asked.now)
    return {case: _order(orders.get(case, Ordered())) for case in asked.zones}


def _order(said: Ordered) -> str:
    terms = "; ".join((CODED | LOCAL).get(code, code) for code in said.codes.split())
    return f"{said.said}. {terms}." if terms else f"{said.said}."


def _programs(session: ScopedSession, asked: Asked) -> dict[int, str]:
    """The band, for whoever the participant released it to; patrol has no cell in that row."""
    if cell(Seen.ATTENDANCE, asked.role) == "–":
        return {}
    told = programs_of(
        session, min(_days(asked)), RELEASED_TO[asked.role], unreleased=asked.role is not Role.ADVOCATE
    ) if asked.zones else {}  # fmt: skip
    return {case: told.get(case, NOT_SHOWN) for case in asked.zones}


def _levels(session: ScopedSession, asked: Asked) -> dict[int, str]:
    """Level, tool and day for whoever reads them; one word, or nothing, for patrol; no cell for advocates."""
    what = cell(Seen.RISK, asked.role)
    if what == "–":
        return {}
    if what == "r":
        today = min(_days(asked), default=asked.now.date())
        return {case: "Caution: elevated" for case in asked.zones if cautions_of(session, [case], today)}
    newest = newest_levels(session, Assessment.case_id.in_(asked.zones))
    return {case: _level(newest.get(case), asked, zone) for case, zone in asked.zones.items()}


def _level(level: Level | None, asked: Asked, zone: str) -> str:
    if level is None:
        return "None on record"
    late = "" if level.holds(local_day(asked.now, zone)) else ". OUT OF DATE"
    return f"{LEVELS[level.level]}, {TOOLS.get(level.tool, level.tool)}, {short_day(level.on)}{late}"


def _found(session: ScopedSession, asked: Asked) -> dict[int, str]:
    """What a court found or counsel admitted; for patrol, as on the card, of class D and E alone."""
    if asked.role is Role.ADVOCATE:
        return {}  # the last outcome, as on the status list, is among the hearings
    letters = GRAVE if cell(Seen.CONFIRMED, asked.role) == "r" else EVERY
    return {
        case: "; ".join(findings_of(session, [case], zone, letters)) or "Nothing" for case, zone in asked.zones.items()
    }


def _hearings(session: ScopedSession, asked: Asked) -> dict[int, str]:
    """The next date and the last outcome; for patrol whether a warrant is out, and no more."""
    wanted = {one.case_id: one.since for one in warrants_of(session, asked.zones, asked.now)}
    told = {case: [f"Warrant since {short_day(wanted[case])}"] if case in wanted else [] for case in asked.zones}
    if asked.role is Role.LAW_ENFORCEMENT:
        return {case: "; ".join(said) or "No warrant" for case, said in told.items()}
    ahead, last = _dates(session, asked.zones)
    for case, zone in asked.zones.items():
        dates = [at for at in ahead.get(case, ()) if at >= asked.now]
        told[case].append(f"Next {moment(min(dates), zone)}" if dates else "No date set")
        if case in last:
            at, outcome = last[case]
            told[case].append(f"last {short_day(local_day(at, zone))}: {outcome_words(outcome)}")
    return {case: "; ".join(said) for case, said in told.items()}


def _dates(
    session: ScopedSession, cases: Collection[int]
) -> tuple[dict[int, list[datetime]], dict[int, tuple[datetime, str]]]:
    ahead: dict[int, list[datetime]] = {}
    last: dict[int, tuple[datetime, str]] = {}
    rows = session.execute(
        select(Hearing.case_id, Hearing.starts_at, Hearing.outcome).where(Hearing.case_id.in_(cases))
        .order_by(Hearing.starts_at, Hearing.id)
    )  # fmt: skip
    for case, at, outcome in rows:
        if outcome is None:
            ahead.setdefault(case, []).append(at)
        else:
            last[case] = at, outcome
    return ahead, last


def _days(asked: Asked) -> list[date]:
    return [local_day(asked.now, zone) for zone in asked.zones.values()]
