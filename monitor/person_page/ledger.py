"""The ledger: weeks by duties, every cell down to its rows, with what a correction replaced and who was told.

A cell says what is on record for that week, in a word; it is no mark and is never added up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import select

from monitor.absences import DECIDED, REASONS
from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.classes import Seat, seats
from monitor.bench_page.duties import CONTACT_ALLEGED, NO_CONTACT_CODES
from monitor.bench_page.record import CaseRecord, Event, gather
from monitor.bench_page.words import alleged_words
from monitor.current import current
from monitor.flag_review.rows import say
from monitor.models import Adjudication, Agency, Attendance, Report
from monitor.person_page.heading import heading
from monitor.person_page.loop import Loop, loops
from monitor.person_page.page import Heading
from monitor.wording import month_day, short_day

MOST_WEEKS: Final = 80
WORDS: Final = {
    "y": ("met", "Attended"), "l": ("met", "Attended, late"), "M": ("not_met", "Missed"), "E": ("", "Excused"),
    "u": ("", "Absent, not decided"), "-": ("", "Not held or not counted"), "n": ("partly_met", "Not in full"),
    "x": ("", "Records disagree"), "?": ("not_reported", "Not reported"),
}  # fmt: skip
NO_CONTACT, FEES = "No contact", "Fees"
FOUND, CONTESTED, ALLEGED = "Found by the court", "Alleged, contested", "Alleged"
_WEIGHT: Final = {FOUND: 0, CONTESTED: 1, ALLEGED: 2}  # of two in a week: a contested word is never lost
COLUMNS: Final = ("Classes", "Contacts", "Check-ins", "Tests", NO_CONTACT, "Firearms", FEES)
FEE_CODES: Final = ("FINES_FEES",)


class Entry(msgspec.Struct, frozen=True):
    """One row behind a cell. ``earlier``: what stood before a correction. ``path``: where it is decided."""

    text: str
    source: str
    decided: str = ""
    earlier: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    path: str = ""


class Cell(msgspec.Struct, frozen=True):
    """One week of one duty. ``status`` as in `page.ConditionLine`; "" where a word alone says it."""

    status: str = ""
    word: str = ""
    corrected: bool = False
    entries: tuple[Entry, ...] = ()


class Week(msgspec.Struct, frozen=True):
    """One row: the week that begins on ``on`` (a Monday)."""

    on: date
    cells: tuple[Cell, ...]


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """The whole table. ``columns`` are the duties that this case has something on.

    ``loops``: who told whom of each miss, and how long it took.
    """

    heading: Heading
    first: date
    last: date
    columns: tuple[str, ...]
    weeks: tuple[Week, ...]
    shortened: bool
    loops: tuple[Loop, ...] = ()


def ledger(session: ScopedSession, person_id: int, now: datetime, case_id: int | None = None) -> Ledger | None:
    """The ledger of one case; None: there is none, or not for this reader."""
    top = heading(session, person_id, case_id, now.date())
    if top is None:
        return None
    record = gather(session, {top.case_id: top.zone}, now)[top.case_id]
    places = seats(record)
    columns = {
        "Classes": _classes(session, record, places), "Contacts": _events(record, "contact", "Probation"),
        "Check-ins": _check_ins(record), "Tests": _events(record, "test", "Test"),
        "Firearms": _events(record, "firearm", "Court"),
    }  # fmt: skip
    first = min((version.ordered_on for version in record.versions), default=record.today)
    begun = _monday(first)
    weeks = (_monday(record.today) - begun).days // 7 + 1
    days = [_monday(record.today) - timedelta(weeks=back) for back in range(min(max(weeks, 1), MOST_WEEKS))]
    columns |= {NO_CONTACT: _no_contact(record, days), FEES: _fees(record, days)}
    shown = [name for name in COLUMNS if columns[name]]
    rows = tuple(Week(day, tuple(columns[name].get(day, Cell()) for name in shown)) for day in days)
    return Ledger(
        heading=top, first=days[-1], last=record.today, columns=tuple(shown), weeks=rows, shortened=weeks > MOST_WEEKS,
        loops=loops(session, record, now),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _by_week(lines: Sequence[tuple[date, Cell]]) -> dict[date, Cell]:
    found: dict[date, Cell] = {}
    for day, cell in lines:
        week, before = _monday(day), found.get(_monday(day))
        found[week] = _joined(before, cell) if before else cell
    return found


def _joined(one: Cell, two: Cell) -> Cell:
    """Two of one week in one cell: the word that needs a look stands first, and nothing is averaged."""
    order = ("not_met", "not_reported", "", "partly_met", "met")
    first, second = sorted((one, two), key=lambda cell: order.index(cell.status))
    word = first.word if first.word == second.word else f"{first.word}; {second.word[0].lower()}{second.word[1:]}"
    return Cell(first.status, word, one.corrected or two.corrected, (*one.entries, *two.entries))


def _classes(session: ScopedSession, record: CaseRecord, places: list[Seat]) -> dict[date, Cell]:
    versions = {row.id: row for row in _attendance(session, record.case_id)}
    decisions = _decisions(session, record.case_id)
    told = _told(session, record)
    lines: list[tuple[date, Cell]] = []
    for seat in places:
        for letter, day, attendance_id in seat.classes:
            status, word = WORDS[letter]
            entry = _class_entry(versions, decisions, told, attendance_id)
            lines.append((day, Cell(status, word, bool(entry.earlier), (entry,))))
        owed = Entry(f"Owed by {seat.program}", "")
        lines += [(day, Cell("not_reported", WORDS["?"][1], False, (owed,))) for day in seat.unreported]
    return _by_week(sorted(lines, key=lambda line: line[0]))


def _attendance(session: ScopedSession, case_id: int) -> Sequence[Any]:
    columns = (
        Attendance.id, Attendance.occurred_on, Attendance.outcome, Attendance.program_says, Attendance.source,
        Attendance.recorded_at, Attendance.supersedes_id, Attendance.reason, Agency.name,
    )  # fmt: skip
    joined = select(*columns).join(Agency, Agency.id == Attendance.agency_id)
    return session.execute(joined.where(Attendance.case_id == case_id)).all()


def _decisions(session: ScopedSession, case_id: int) -> dict[int, list[Any]]:
    columns = (
        Adjudication.attendance_id, Adjudication.id, Adjudication.decision, Adjudication.why, Adjudication.words,
        Adjudication.occurred_on, Adjudication.retracted,
    )  # fmt: skip
    found: dict[int, list[Any]] = {}
    told = select(*columns).where(Adjudication.case_id == case_id).order_by(Adjudication.recorded_at)
    for row in session.execute(told):
        found.setdefault(row.attendance_id, []).append(row)
    return found


def _class_entry(
    versions: dict[int, Any],
    decisions: dict[int, list[Any]],
    told: dict[int, list[str]],
    attendance_id: int | None,
) -> Entry:
    row = versions.get(attendance_id or 0)
    if row is None:
        return Entry("Not on record", "")
    earlier = tuple(_earlier(versions, row))
    lines = decisions.get(row.id, [])
    decided = _decided(lines[-1]) if lines and not lines[-1].retracted else ""
    return Entry(
        f"{short_day(row.occurred_on)}: {say(row.outcome)}", f"{row.name}, {row.source}", decided, earlier,
        tuple(told.get(row.id, ())),
        f"/absences/{row.id}/decide" if row.outcome in ("ABSENT", "LEFT_EARLY") else "",
    )  # fmt: skip


def _told(session: ScopedSession, record: CaseRecord) -> dict[int, list[str]]:
    """Who told whom of an absence, oldest first: the loop from the program to the court."""
    reports = select(Report.about_id, Report.sent_by, Report.sent_to, Report.occurred_on).where(
        Report.case_id == record.case_id, Report.about_id.is_not(None), current(Report)
    )
    lines = [
        (about or 0, on, f"{say(by)} told {say(to)}, {month_day(on)}") for about, by, to, on in session.execute(reports)
    ]
    found: dict[int, list[str]] = {}
    for about, _on, text in sorted(lines, key=lambda line: (line[1], line[2])):
        found.setdefault(about, []).append(text)
    return found


def _decided(row: Any) -> str:
    why = f", {REASONS[row.why].lower()}" if row.why in REASONS else ""
    return f"{DECIDED[row.decision]}{why}, {month_day(row.occurred_on)}"


def _earlier(versions: dict[int, Any], row: Any) -> Iterator[str]:
    while row.supersedes_id in versions:
        reason = f" ({row.reason})" if row.reason else ""
        row, changed = versions[row.supersedes_id], row
        yield f"until {month_day(changed.recorded_at.date())}: {say(row.outcome)}{reason}"


def _events(record: CaseRecord, name: str, source: str) -> dict[date, Cell]:
    return _by_week([(event.day, _event_cell(event, source)) for event in record.of(name)])


def _event_cell(event: Event, source: str) -> Cell:
    word = say(event.word).capitalize()
    more = f", {say(event.more)}" if event.more else ""
    status = {"COMPLETED": "met", "NEGATIVE": "met"}.get(event.word, "")
    entry = Entry(f"{short_day(event.day)}: {say(event.word)}{more}", source)
    return Cell(status, word, event.corrected_on is not None, (entry,))


def _check_ins(record: CaseRecord) -> dict[date, Cell]:
    made = {event.day for event in record.of("check_in")}
    lines = [(event.day, Cell("met", "Made", False, (Entry(f"{short_day(event.day)}: check-in", "Probation"),)))
             for event in record.of("check_in")]  # fmt: skip
    for event in record.of("expected"):
        day = event.until
        if event.word == "check_in" and day is not None and day < record.today and day not in made:
            owed = Entry(f"{short_day(day)}: expected, none on record", "Probation")
            lines.append((day, Cell("not_met", "None on record", False, (owed,))))
    return _by_week(sorted(lines, key=lambda line: line[0]))


def _no_contact(record: CaseRecord, weeks: Sequence[date]) -> dict[date, Cell]:
    """Whether anything is alleged before the court of a week, as on the judge's page, and nothing else: no row, count
    or gap of it may tell who spoke, or that anybody did (safeguards B3, B4, F10). Silence is no mark either way."""
    found = _every_week(weeks, _asked_since(record, NO_CONTACT_CODES), "No allegation")
    for flag in (one for one in (*record.flags, *record.found) if one.code in CONTACT_ALLEGED):
        week, cell = _monday(flag.first_on), _alleged(flag, by_court=flag in record.found)
        before = found.get(week, Cell())
        strongest = min(before, cell, key=lambda one: _WEIGHT.get(one.word, len(_WEIGHT)))
        found[week] = msgspec.structs.replace(strongest, entries=(*before.entries, *cell.entries))
    return found


def _alleged(flag: Any, *, by_court: bool) -> Cell:
    word = FOUND if by_court else CONTESTED if flag.contested else ALLEGED
    stands = {FOUND: "found by the court", CONTESTED: "before the court, contested", ALLEGED: "before the court"}[word]
    said = f"{alleged_words(flag.code)}, {short_day(flag.first_on)}: {stands}"
    return Cell("not_met" if by_court else "", word, False, (Entry(said, "Probation", path=f"/flags/{flag.id}"),))


def _fees(record: CaseRecord, weeks: Sequence[date]) -> dict[date, Cell]:
    """That money is ordered, and not reviewed: unpaid money is never a mark against anybody (safeguard G1)."""
    return _every_week(weeks, _asked_since(record, FEE_CODES), "Not reviewed")


def _asked_since(record: CaseRecord, codes: Sequence[str]) -> date | None:
    ordered = {one.id: one.ordered_on for one in record.versions}
    days = [ordered[row.order_version_id] for row in record.conditions if row.code in codes]
    return min(days + [row.from_on for row in record.requirements if row.kind.upper() in codes], default=None)


def _every_week(weeks: Sequence[date], since: date | None, word: str) -> dict[date, Cell]:
    return {week: Cell("", word) for week in weeks if since and since < week + timedelta(weeks=1)}
