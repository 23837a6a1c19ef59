"""The demo county begins to work: a program's own sheets come in, the rules run, officers review some of the flags."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import msgspec
from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.access.scoped_session import ScopedSession
from monitor.compliance import evaluation
from monitor.config import Settings
from monitor.db import Database
from monitor.demo.classes import Place as Seat
from monitor.demo.consulting import consult
from monitor.demo.council import sit_in_council
from monitor.demo.county import SEED, SHEET_GROUP, County, sheet_days
from monitor.demo.desk import work_at_the_desk
from monitor.demo.patrol import answer_calls
from monitor.demo.probation import set_up_probation
from monitor.demo.prosecution import prosecute
from monitor.demo.referring import refer_out
from monitor.demo.reports import file_reports
from monitor.demo.sheets import Member, weekly_roster
from monitor.flag_review.deciding import Decision, contest, decide, faults_of
from monitor.flag_review.page import FlagPage
from monitor.flag_review.reading import flag_page
from monitor.intake.importing import import_attendance
from monitor.models import Assignment, Flag
from monitor.response_matrix.choosing import Choice

PROGRAM = "north-star"
TO_COURT = ("ABSENCE_UNEXCUSED", "ENROLLMENT_OVERDUE", "FIREARM_PROOF_OVERDUE", "ABSENCE_TERMINATION_THRESHOLD")
BARRIERS = {
    "language": "no", "disability": "no", "work_shift": "fixed", "transport": "no", "child_care": "no",
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
    say(f"{PROGRAM} works at its desk")
    work_at_the_desk(database, county.accounts, now)
    say("Dispatch answers calls, deputies have papers to serve")
    answer_calls(database, county.accounts, now)
    say("An example of a matrix, levels, and a colleague who stands in")
    set_up_probation(database, county.accounts, now)
    say("The rules look at everybody")
    packs = evaluation.switched_on(*settings.own_packs())
    evaluation.evaluate_now(database, packs, now, site_secret=settings.secret_key)
    say("Officers review a few flags")
    _review(database, now)
    say("Supervisors let reports go to the court")
    file_reports(database, now)
    say("The prosecutor decides about some")
    prosecute(database, county.accounts, now)
    say("The coordinator draws up three quarters")
    sit_in_council(database, county.accounts, settings.secret_key, now)
    say("An officer refers people out")
    refer_out(database, county.accounts, now)
    say("The team meets tomorrow")
    consult(database, settings, county.accounts, now)


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


def _review(database: Database, now: datetime) -> None:
    """Put some flags into reports, contest one in five, and dismiss a few: a docket needs that to be worth reading.

    Each officer decides in a session of their own scope, by the same acts as on screen.
    """
    with database.system("demo: whose flags wait", writes=False) as session:
        waiting = session.execute(_waiting()).all()
    for number, (flag_id, officer, office) in enumerate(waiting):
        if number % 4 != 3:  # every fourth stays open for the visitor
            scope = Scope(officer, "officer", office)
            with database.scoped(scope, writes=True) as session, session.begin():
                _decide(session, flag_id, number, now)


def _waiting() -> Any:
    found = select(Flag.id, Assignment.user_id, Flag.agency_id).join(Assignment, Assignment.case_id == Flag.case_id)
    here = found.where(Flag.state == "OPEN", Flag.code.in_(TO_COURT), Assignment.until_on.is_(None))
    return here.order_by(Flag.code, Flag.first_on, Flag.id)


def _decide(session: ScopedSession, flag_id: int, number: int, now: datetime) -> None:
    seen = flag_page(session, flag_id, now, lock=True)
    if seen is None:
        return
    wrong = Decision(decision="DISMISS", words="The program confirmed he was in another group that day.")
    report = Decision(decision="ACT", words="Review in 30 days.", answers=BARRIERS)
    chosen = wrong if number % 9 == 8 else _of_the_range(seen, report, number)
    if not faults_of(seen, chosen):
        decide(session, seen, seen.token, chosen, now)
        if chosen.decision == "ACT" and number % 5 == 1:
            contest(session, seen, True, now)


def _of_the_range(seen: FlagPage, report: Decision, number: int) -> Decision:
    """A line of the matrix with the court; where it has none a line of the office, or a report that says why."""
    if seen.range is None:
        return report
    if seen.range.court:
        return msgspec.structs.replace(report, choice=Choice("court.0"))
    if seen.range.here and number % 3 == 0:
        return msgspec.structs.replace(report, decision="HANDLE", words="A call.", choice=Choice("here.0"))
    if not seen.range.may_go_up():
        return report
    return msgspec.structs.replace(report, choice=Choice("STRONGER", "TRIED", "The call was tried twice."))
