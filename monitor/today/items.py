"""The overdue part of Today: one line a person, most pressing first; a program's own lapse is a line of its own.

The order is the practitioners' (domain/practitioners 7): questions of class E and D, not enrolled by the due date,
first miss, repeat, no report from a program, a level that is out of date, the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec
from sqlalchemy import select

from monitor.access.scoped_session import ScopedSession
from monitor.flag_review.words import tell, title_of
from monitor.levels import out_of_date
from monitor.models import Assessment, Enrollment, Flag, HiddenItem, Program
from monitor.person_page.matters import GAP, moved, open_flags
from monitor.today.hiding import is_hidden, put_away
from monitor.today.page import Hidden, Item, Question
from monitor.today.people import Somebody, asked_by, few, listed
from monitor.wording import count, short_day

NOT_ENROLLED: Final = (
    "ENROLLMENT_OVERDUE", "ENROLLMENT_PROOF_OVERDUE", "BEGIN_ATTENDANCE_OVERDUE", "PROGRAM_CHOICE_OVERDUE",
    "ENROLLMENT_GAP",
)  # fmt: skip
WHY: Final = {
    0: "Grave danger", 1: "Safety question", 2: "Not enrolled", 3: "First miss", 4: "Repeat", 5: "Owed by a program",
    6: "Level out of date", 7: "Other", 8: "Good to know", 9: "Gaps in the record",
}  # fmt: skip
FIRST, REPEAT, PROGRAM, OUT_OF_DATE, REST, GOOD_TO_KNOW, GAPS = 3, 4, 5, 6, 7, 8, 9
INFO: Final = "info"


class OpenRows(NamedTuple):
    """Every open question of a list as it was read, what of it is put away, and since when levels are out of date."""

    rows: Sequence[Any]
    standing: Mapping[tuple[str, str], Any]
    levels: Mapping[int, date]


def open_rows(session: ScopedSession, team: bool, today: date) -> OpenRows:
    """Read once; `open_items` gathers them for the whole list or for some of its people."""
    asked = asked_by(session, team, today=today)
    rows = session.execute(_open_flags(team), asked_by(session, team)).all()
    levels = {case_id: day for case_id, day in session.execute(_levels_out(team), asked)}
    away = {(row.flag_key, row.flag_version): row for row in session.execute(_put_away(team), asked)}
    return OpenRows(rows, away, levels)


@cache
def _open_flags(team: bool) -> Any:
    return few(open_flags(listed(Flag.case_id, team)))


@cache
def _levels_out(team: bool) -> Any:
    return few(out_of_date(listed(Assessment.case_id, team)))


@cache
def _put_away(team: bool) -> Any:
    return few(put_away(listed(HiddenItem.case_id, team)))


def open_items(
    session: ScopedSession, read: OpenRows, who: Mapping[int, Somebody], now: datetime
) -> tuple[tuple[Item, ...], tuple[Item, ...], tuple[Hidden, ...]]:
    """The questions about ``who``, gathered to lines: overdue, what else is on record, and what is put away."""
    standing = read.standing
    rows = [row for row in read.rows if row.case_id in who]
    away = [row for row in rows if is_hidden(row, standing)]
    rows = [row for row in rows if not is_hidden(row, standing)]
    sure = [row for row in rows if row.certainty == "CERTAIN"]
    ours = [row for row in sure if row.owner in ("offender", "probation")]
    pressing = _people([row for row in ours if row.severity != INFO], who, now)
    owed = [row for row in sure if row.owner == "provider" and row.severity != INFO]
    known = [*_people([row for row in ours if row.severity == INFO], who, now, GOOD_TO_KNOW), *_gaps(rows, who)]
    overdue = [*pressing, *_programs(session, owed, who), *_levels(read.levels, who), *_to_close(rows, who)]
    return tuple(sorted(overdue, key=_pressing)), tuple(sorted(known, key=_pressing)), _away(away, standing, who)


def _away(rows: list[Any], standing: Mapping[tuple[str, str], Any], who: Mapping[int, Somebody]) -> tuple[Hidden, ...]:
    found = []
    for row in rows:
        entry, person = standing[row.key, row.version], who[row.case_id]
        found.append(
            Hidden(
                entry.id, f"/flags/{row.id}", title_of(row.code), person.name, person.number, person.officer,
                entry.until_on, entry.reason, entry.by, entry.hidden_at,
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.until_on, one.person, one.id)))


def _pressing(item: Item) -> tuple[int, date, str]:
    return item.rank, min(question.due_on or question.since for question in item.questions), item.about


def _people(
    rows: Iterable[Any], who: Mapping[int, Somebody], now: datetime, rank_as: int | None = None
) -> Iterator[Item]:
    by_case: dict[int, list[Any]] = {}
    for row in rows:
        by_case.setdefault(row.case_id, []).append(row)
    for case_id, own in by_case.items():
        person = who[case_id]
        ranked = sorted(((rank_of(row), row) for row in own), key=lambda one: (one[0], one[1].first_on, one[1].id))
        rank = rank_as or (ranked[0][0] if not _repeats(ranked) else REPEAT)
        yield Item(
            rank, WHY[rank], person.name, f"/people/{person.person_id}?case={case_id}", person.number, person.officer,
            person.court_at, tuple(_questions([row for _rank, row in ranked], now)),
        )  # fmt: skip


def _questions(rows: list[Any], now: datetime) -> Iterator[Question]:
    """One line for each code: the first with its sentence, the others of the same code as links."""
    by_code: dict[str, list[Any]] = {}
    for row in rows:
        by_code.setdefault(row.code, []).append(row)
    for first, *rest in by_code.values():
        more = tuple((f"/flags/{row.id}", short_day(row.first_on)) for row in rest)
        yield msgspec.structs.replace(_question(first, now), more=more)


def _repeats(ranked: list[tuple[int, Any]]) -> bool:
    """Several missed steps at once are no first miss."""
    return ranked[0][0] == FIRST and sum(rank in (FIRST, REPEAT) for rank, _row in ranked) > 1


def rank_of(row: Any) -> int:
    """How much a flag presses, by its class and code; never by anything about the person."""
    if row.response_class in ("E", "D"):
        return 0 if row.response_class == "E" else 1
    if row.code in NOT_ENROLLED:
        return 2
    if row.response_class == "B":
        return FIRST if (row.content.get("count") or 1) <= 1 else REPEAT
    return REPEAT if row.response_class == "C" else REST


def _question(row: Any, now: datetime) -> Question:
    told = tell(row.code, row.content, now)
    return Question(
        f"/flags/{row.id}", told.title, told.sentence, row.first_on, row.due_on, row.response_class,
        row.state == "ACKNOWLEDGED", row.contested,
    )  # fmt: skip


def _programs(session: ScopedSession, rows: list[Any], who: Mapping[int, Somebody]) -> Iterator[Item]:
    """What programs owe, a line a program and matter: nobody's name stands at its head (safeguard F9)."""
    places = _places(session, rows)
    grouped: dict[tuple[str, str], list[Any]] = {}
    for row in rows:
        grouped.setdefault((_program_of(row, places), row.code), []).append(row)
    for (name, code), own in grouped.items():
        people = len({row.case_id for row in own})
        title = f"{title_of(code)}: {people} {'person' if people == 1 else 'people'}"
        yield Item(
            PROGRAM, WHY[PROGRAM], name, "", "", "", None,
            (_gathered(title, own), *(_named(row, who) for row in _oldest(own))), is_person=False,
        )  # fmt: skip


def _levels(since: Mapping[int, date], who: Mapping[int, Somebody]) -> Iterator[Item]:
    """Levels that nobody found anew in time: the office's own lapse, so one line for all of them."""
    rows = sorted((day, who[case].name, case) for case, day in since.items() if case in who)
    if rows:
        people = f"{len(rows)} {'person' if len(rows) == 1 else 'people'}"
        title = Question("", f"Level out of date: {people}", "", rows[0][0], None, None, False, False)
        named = (
            Question(f"/people/{who[case].person_id}/level?case={case}", name, "", day, None, None, False, False)
            for day, name, case in rows
        )
        yield Item(
            OUT_OF_DATE, WHY[OUT_OF_DATE], "For a trained assessor", "", "", "", None, (title, *named), is_person=False
        )


def _to_close(rows: Iterable[Any], who: Mapping[int, Somebody]) -> Iterator[Item]:
    """What reviewers moved to the system's gaps: the office's to close, so one line for all of it."""
    own = [row for row in rows if moved(row)]
    if own:
        title = f"{GAP}: {count(len({row.case_id for row in own}), 'person', 'people')}"
        yield Item(
            REST, "System gap", "For this office", "", "", "", None,
            (_gathered(title, own), *(_named(row, who) for row in _oldest(own))), is_person=False,
        )  # fmt: skip


def _oldest(rows: list[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: (row.first_on, row.id))


def _places(session: ScopedSession, rows: list[Any]) -> dict[int | str, str]:
    """The names of programs, by their own id and by case: some rules speak of whatever program the person is in."""
    cases = {row.case_id for row in rows}
    if not cases:
        return {}
    columns = select(Enrollment.case_id, Program.id, Program.name).join(Program, Program.id == Enrollment.program_id)
    found: dict[int | str, str] = {}
    for case_id, program_id, name in session.execute(columns.where(Enrollment.case_id.in_(cases))):
        found |= {case_id: name, str(program_id): name}
    return found


def _program_of(row: Any, places: Mapping[int | str, str]) -> str:
    return places.get(str(row.content.get("program")), "") or places.get(row.case_id, "A program")


def _gathered(title: str, rows: list[Any]) -> Question:
    first = min(row.first_on for row in rows)
    due = [row.due_on for row in rows if row.due_on]
    seen = all(row.state == "ACKNOWLEDGED" for row in rows)
    return Question("", title, "", first, min(due) if due else None, None, seen, False)


def _named(row: Any, who: Mapping[int, Somebody]) -> Question:
    return Question(
        f"/flags/{row.id}", who[row.case_id].name, "", row.first_on, row.due_on, None, row.state == "ACKNOWLEDGED",
        row.contested,
    )  # fmt: skip


def _gaps(rows: Iterable[Any], who: Mapping[int, Somebody]) -> Iterator[Item]:
    """Rules that lack an input, and gaps of this system: nobody's doing, a line a rule."""
    grouped: dict[tuple[str, bool], list[Any]] = {}
    for row in rows:
        if row.certainty != "CERTAIN" or (row.owner in ("system", "court", "prosecutor") and not moved(row)):
            grouped.setdefault((row.code, row.certainty != "CERTAIN"), []).append(row)
    for (code, unchecked), own in grouped.items():
        title = f"Could not be checked: {title_of(code).lower()}" if unchecked else title_of(code)
        people = len({row.case_id for row in own})
        yield Item(
            GAPS, WHY[GAPS], "For the court" if own[0].owner == "court" and not unchecked else "The record itself",
            "", "", "", None,
            (
                _gathered(f"{title}: {people} {'person' if people == 1 else 'people'}", own),
                *(_named(row, who) for row in _oldest(own)),
            ),
            is_person=False,
        )  # fmt: skip
