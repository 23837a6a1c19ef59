"""Who is before the court within three days, and what is still owed for it: by this office, and by a program.

Owed is what nobody has decided, sent or reported. What somebody put away from Today is owed all the same: the court
does not wait for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from monitor.access.scoped_session import ScopedSession
from monitor.allegations.queue import unfiled
from monitor.clock import local_day
from monitor.flag_review.rows import say
from monitor.flag_review.words import title_of
from monitor.person_page.matters import GAP, moved
from monitor.today.items import INFO
from monitor.today.page import Owed, ReviewAhead, ToDecide
from monitor.today.people import Somebody
from monitor.wording import count, short_day

AHEAD: Final = timedelta(days=3)
OURS, PROGRAM = "This office", "The program"


def reviews_ahead(
    session: ScopedSession, heard: Sequence[Any], flags: Sequence[Any], absences: Sequence[ToDecide],
    who: Mapping[int, Somebody], today: date,
) -> tuple[ReviewAhead, ...]:  # fmt: skip
    """One line a date, the soonest first. ``heard``: of `monitor.today.dates.heard`; ``flags``: open ones as read."""
    soon = [
        row for row in heard if row.case_id in who and local_day(row.starts_at, row.zone) <= today + AHEAD
    ]
    if not soon:
        return ()
    cases = {row.case_id for row in soon}
    reports = unfiled(session, cases)
    owed = {
        case: (
            *_undecided(case, absences), *_questions(case, flags), *_reports(reports.get(case, ())),
            *_of_program(case, flags),
        )
        for case in cases
    }  # fmt: skip
    return tuple(
        _line(row, who[row.case_id], owed[row.case_id])
        for row in sorted(soon, key=lambda one: (one.starts_at, who[one.case_id].name))
    )


def _line(row: Any, person: Somebody, owed: tuple[Owed, ...]) -> ReviewAhead:
    return ReviewAhead(
        f"/people/{person.person_id}?case={row.case_id}", person.name, person.number, person.officer, row.starts_at,
        row.zone, say(row.kind).capitalize(), row.room, owed,
    )  # fmt: skip


def _undecided(case: int, absences: Sequence[ToDecide]) -> Iterator[Owed]:
    for one in absences:
        if one.case_id == case:
            waits = ", evidence is asked for" if one.waits_for_evidence else ""
            yield Owed(OURS, f"Decide the absence of {short_day(one.on)}{waits}", one.path)


def _questions(case: int, flags: Sequence[Any]) -> Iterator[Owed]:
    ours = ("offender", "probation")
    for row, many in _by_code(row for row in flags if row.case_id == case and row.owner in ours and _pressing(row)):
        yield Owed(OURS, f"Decide: {title_of(row.code)}{many}", f"/flags/{row.id}")
    for row in flags:
        if row.case_id == case and moved(row):
            yield Owed(OURS, GAP, f"/flags/{row.id}")


def _reports(found: Sequence[tuple[int, str]]) -> Iterator[Owed]:
    for number, words in found:
        yield Owed(OURS, f"Report to the court: {words}", f"/allegations/{number}")


def _of_program(case: int, flags: Sequence[Any]) -> Iterator[Owed]:
    """What the program owes is the program's: it says nothing of the person (safeguard F9)."""
    owed = (row for row in flags if row.case_id == case and row.owner == "provider" and _pressing(row))
    for row, many in _by_code(owed):
        yield Owed(PROGRAM, f"{title_of(row.code)}{many}", f"/flags/{row.id}")


def _pressing(row: Any) -> bool:
    return bool(row.certainty == "CERTAIN" and row.severity != INFO)


def _by_code(rows: Iterator[Any]) -> Iterator[tuple[Any, str]]:
    """The oldest of each code, and how many there are if more than one."""
    by_code: dict[str, list[Any]] = {}
    for row in sorted(rows, key=lambda one: (one.first_on, one.id)):
        by_code.setdefault(row.code, []).append(row)
    for first, *rest in by_code.values():
        yield first, f", {count(len(rest) + 1, 'question')}" if rest else ""
