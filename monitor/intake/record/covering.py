""""This is everyone in the group for these dates": only a person says so, and only then are days covered.

A day on which any row of the file is held or refused is not covered: somebody may be missing from it. Without coverage
a person who is not on the sheet is not reported; never absent (safeguard F9).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.current import current
from monitor.intake.cells.people import fold
from monitor.intake.check import Judged
from monitor.intake.receiver import Receiver
from monitor.intake.record.standing import read_roster
from monitor.intake.roster import Member
from monitor.models import Coverage, Enrollment, Upload

TAKEN = ("new", "same", "changed")


def cover(session: Session, upload: Upload, rows: Sequence[Judged], by: Receiver) -> None:
    """One coverage fact for each member of a group and day that the file tells of, where there is none yet."""
    days = days_covered(rows)
    if not days:
        return
    members = read_roster(session, upload.program_id).members
    of_program = select(Enrollment.id, Enrollment.case_id).where(Enrollment.program_id == upload.program_id)
    cases = {key: case_id for key, case_id in session.execute(of_program)}
    known = _known(session, upload.program_id)
    session.add_all(
        Coverage(
            case_id=cases[member.key], agency_id=upload.agency_id, enrollment_id=member.key, covers_from=day,
            covers_to=day + timedelta(days=1), upload_id=upload.id, recorded_at=by.now, recorded_by_id=by.user_id,
        )  # fmt: skip
        for group, dates in days.items()
        for member, day in _present(members, group, dates, by.today)
        if not any(first <= day < last for first, last in known[member.key])
    )


def days_covered(rows: Iterable[Judged]) -> dict[str, set[date]]:
    """Folded group to the days that the file is complete for."""
    found: defaultdict[str, set[date]] = defaultdict(set)
    doubtful: set[date | None] = set()
    for one in rows:
        if one.outcome in TAKEN and one.member is not None and one.on is not None and one.says != "M":
            found[fold(one.member.group_on(one.on))].add(one.on)
        elif one.outcome not in (*TAKEN, "skipped"):
            doubtful.add(one.on)
    if None in doubtful:
        return {}
    return {group: days - doubtful for group, days in found.items() if group and days - doubtful}


def _present(members: Sequence[Member], group: str, days: Iterable[date], today: date) -> list[tuple[Member, date]]:
    """Members of the group on each day, of whom the program may still tell (safeguard C8), in cases that are open."""
    return [
        (member, day)
        for member in members
        for day in days
        if fold(member.group_on(day)) == group and member.closed_on is None
        and member.start is not None and member.start <= day and (member.end is None or day <= member.end)
        and (member.released_until is None or max(day, today) <= member.released_until)
    ]  # fmt: skip


def _known(session: Session, program_id: int) -> defaultdict[int, list[tuple[date, date]]]:
    rows = session.execute(
        select(Coverage.enrollment_id, Coverage.covers_from, Coverage.covers_to)
        .join(Enrollment, Enrollment.id == Coverage.enrollment_id)
        .where(Enrollment.program_id == program_id, current(Coverage))
    )
    found: defaultdict[int, list[tuple[date, date]]] = defaultdict(list)
    for place, first, last in rows:
        found[place].append((first, last))
    return found
