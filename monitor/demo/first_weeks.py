"""The demo county begins to work: a program's own sheets come in, the rules run, officers review some of the flags."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.compliance import evaluation
from monitor.config import Settings
from monitor.db import Database
from monitor.demo.classes import Place as Seat
from monitor.demo.county import SEED, SHEET_GROUP, County, sheet_days
from monitor.demo.sheets import Member, weekly_roster
from monitor.intake.importing import import_attendance
from monitor.models import Assignment, Flag, Review, Span

PROGRAM = "north-star"
TO_COURT = ("ABSENCE_UNEXCUSED", "ENROLLMENT_OVERDUE", "FIREARM_PROOF_OVERDUE", "ABSENCE_TERMINATION_THRESHOLD")
BARRIERS = {
    "language": "no", "disability": "no", "work_shift": "yes, now fixed", "transport": "no", "child_care": "no",
    "program_seats": "no",
}  # fmt: skip


def live_first_weeks(
    database: Database, settings: Settings, county: County, sheets: Path, now: datetime, say: Callable[[str], None]
) -> None:
    """Bring in the sheet of the last weeks, leave the newest one to be tried, evaluate, and review."""
    say(f"{PROGRAM}'s own spreadsheet comes in")
    text = _sheet(county.sheet_seats, weeks=slice(0, 2))
    import_attendance(database, PROGRAM, "monday-group.csv", text.encode(), now - timedelta(days=2))
    newest = _sheet(county.sheet_seats, weeks=slice(0, 3), absent=2)
    (sheets / "north-star-monday-group.csv").write_text(newest, encoding="utf-8")
    say("The rules look at everybody")
    evaluation.evaluate_now(database, evaluation.switched_on(*settings.own_packs()), now)
    say("Officers review a few flags")
    with database.system("demo: officers review") as session, session.begin():
        _review(session, now)


def _sheet(seats: Sequence[Seat], weeks: slice, absent: int = 0) -> str:
    """The group's sheet for some of its newest classes; the last ``absent`` people missed the newest of them."""
    days = sheet_days(list(seats))[weeks]
    members = []
    for number, seat in enumerate(seats):
        marks = {day: seat.marks[day] for day in days if day in seat.marks}
        if number >= len(seats) - absent and days[-1] in marks:
            marks[days[-1]] = "U" if number % 2 else "A"
        player = seat.matter.player
        members.append(Member(player.family, player.given, seat.matter.case.number, marks))
    return weekly_roster(SHEET_GROUP, days, members, Random(SEED))


def _review(session: Session, now: datetime) -> None:
    """Report some flags to the court, contest one, and dismiss another: what a docket needs to be worth reading."""
    found = (
        select(Flag, Span.content, Assignment.user_id)
        .join(Span, Span.id == Flag.span_id)
        .join(Assignment, Assignment.case_id == Flag.case_id)
        .where(Flag.state == "OPEN", Flag.code.in_(TO_COURT), Assignment.until_on.is_(None))
        .order_by(Flag.code, Flag.first_on, Flag.id)
    )
    for number, (flag, content, officer) in enumerate(session.execute(found).all()):
        if number % 4 == 3:
            continue  # some stay open for the visitor
        dismissed = number % 9 == 8
        flag.state = "DISMISSED" if dismissed else "ACTED"
        flag.contested = not dismissed and number % 5 == 1
        session.add(_decision(flag, content, officer, dismissed, now - timedelta(hours=20)))


def _decision(flag: Flag, content: dict[str, Any], officer: int, dismissed: bool, at: datetime) -> Review:
    words = "The program confirmed he was in another group that day." if dismissed else "Review in 30 days."
    seen = {"provision": content.get("provision", ""), "barriers": BARRIERS, "rows": content.get("evidence", [])}
    return Review(
        case_id=flag.case_id, agency_id=flag.agency_id, flag_id=flag.id, version=flag.version,
        decision="DISMISS" if dismissed else "ACT", words=words, content=seen, by_user_id=officer, decided_at=at,
        undone_at=None,
    )  # fmt: skip
