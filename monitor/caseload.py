"""The caseload: one line a person, four words in a sentence, what falls due next. Never a score, never a ranking."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, func, or_, select

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.classes import Seat, seats
from monitor.bench_page.record import CaseRecord, gather
from monitor.clock import local_day
from monitor.covers import stand_in
from monitor.flag_review.words import to_do
from monitor.levels import LEVELS, Level, newest_levels
from monitor.models import Assessment, Assignment, Case, Court, Flag, Hearing, Person, Span, User
from monitor.person_page.heading import listed_name
from monitor.person_page.reading import counts_of, duty_lines
from monitor.today.people import of_list

PAGE: Final = 25
COURT_WITHIN: Final = timedelta(days=14)
DUE_WITHIN: Final = timedelta(days=60)
OF_COMPLETION: Final = ("COMPLETION_AT_RISK", "COMPLETION_OVERDUE", "COMPLETION_WINDOW_EXCEEDED", "COMPLETION_NOT_MET")
FILTERS: Final = {
    "open": "Something waits", "safety": "A safety question", "unseen": "Not looked at yet",
    "court": "In court within 14 days",
}  # fmt: skip
COLUMNS: Final = {
    "compliance": "Compliance now", "waits": "Waits for you", "due": "Next due", "court": "Court", "level": "Level",
    "classes": "Classes",
}  # fmt: skip
ORDERS: Final = {"name": "Name", "court": "Court date", "waits": "What waits longest"}

# what each filter on open questions asks besides
WAITING: Final[dict[str, tuple[Any, ...]]] = {
    "open": (), "safety": (Flag.response_class.in_(("D", "E")),), "unseen": (Flag.state == "OPEN",),
}  # fmt: skip


class Line(msgspec.Struct, frozen=True):
    """One person. ``counts``: how many duties stand in each word. ``classes``: 19 of 52, or "" outside a program.

    ``level``: of a trained assessor, or that it is out of date; "" where nobody entered one.
    """

    case_id: int
    path: str
    name: str
    number: str
    officer: str
    counts: dict[str, int]
    waiting: int
    due_on: date | None
    due_what: str
    court_on: date | None
    classes: str
    level: str


class Caseload(msgspec.Struct, frozen=True, kw_only=True):
    """One page of the list. ``found`` of ``people`` match; ``page`` counts from 1."""

    lines: tuple[Line, ...]
    found: int
    people: int
    page: int
    pages: int
    team: bool
    filters: tuple[str, ...]
    searched: bool
    order: str = "name"
    without: tuple[str, ...] = ()

    @property
    def columns(self) -> dict[str, str]:
        """The columns that are shown, in words; name and box always are."""
        return {code: words for code, words in COLUMNS.items() if code not in self.without}


def caseload(
    session: ScopedSession, now: datetime, *, team: bool = False, filters: tuple[str, ...] = (), page: int = 1,
    words: str = "", order: str = "name", without: tuple[str, ...] = (),
) -> Caseload:  # fmt: skip
    """The reader's people. ``words``: part of a name or case number; ``without``: columns left out. Unknown codes are
    passed over."""
    order = order if order in ORDERS else "name"
    filters = tuple(name for name in FILTERS if name in filters)
    stand_in(session, now)
    listed = of_list(Case.id, session, team), Case.closed_on.is_(None)
    people = session.scalar(select(func.count(Case.id)).where(*listed)) or 0
    where = (*listed, *(_filter(name, session, team, now) for name in filters), *_matching(words))
    matching = select(func.count(Case.id)).join(Person, Person.id == Case.person_id).where(*where)
    found = session.scalar(matching) or 0
    pages = max(1, -(-found // PAGE))
    page = min(max(page, 1), pages)
    return Caseload(
        lines=_lines(session, where, page, now, order), found=found, people=people, page=page, pages=pages, team=team,
        filters=filters, searched=bool(words.strip()), order=order,
        without=tuple(code for code in COLUMNS if code in without),
    )  # fmt: skip


def _filter(name: str, session: ScopedSession, team: bool, now: datetime) -> ColumnElement[bool]:
    if name in WAITING:
        waits = Flag.state.in_(("OPEN", "ACKNOWLEDGED")), Flag.owner.in_(("offender", "probation")), *WAITING[name]
        return Case.id.in_(select(Flag.case_id).where(of_list(Flag.case_id, session, team), *waits))
    soon = Hearing.starts_at > now, Hearing.starts_at <= now + COURT_WITHIN, Hearing.outcome.is_(None)
    return Case.id.in_(select(Hearing.case_id).where(of_list(Hearing.case_id, session, team), *soon))


def _matching(words: str) -> list[ColumnElement[bool]]:
    """Each word in the family name, the given name or the case number."""
    return [
        or_(
            Person.family_name.icontains(word, autoescape=True), Person.given_name.icontains(word, autoescape=True),
            Case.number.icontains(word, autoescape=True),
        )
        for word in words.replace(",", " ").split()[:5]
    ]  # fmt: skip


def _lines(session: ScopedSession, where: tuple[Any, ...], page: int, now: datetime, order: str) -> tuple[Line, ...]:
    columns = (
        Case.id, Case.number, Court.zone, Person.id.label("person_id"), Person.family_name, Person.given_name,
        Person.middle_name, Person.suffix, User.name.label("officer"),
    )  # fmt: skip
    rows = session.execute(
        select(*columns).join(Person, Person.id == Case.person_id).join(Court, Court.id == Case.court_id)
        .join(Assignment, (Assignment.case_id == Case.id) & Assignment.until_on.is_(None))
        .join(User, User.id == Assignment.user_id).where(*where)
        .order_by(*_order(order, now), Person.family_name, Person.given_name, Case.number)
        .limit(PAGE).offset((page - 1) * PAGE)
    ).all()  # fmt: skip
    ids = [row.id for row in rows]
    records = gather(session, {row.id: row.zone for row in rows}, now)
    waiting, due, needed = _waiting(session, ids), _due(session, ids, now), _classes_needed(session, ids)
    levels = newest_levels(session, Assessment.case_id.in_(ids))
    return tuple(
        _line(row, records[row.id], waiting.get(row.id, 0), due.get(row.id), needed.get(row.id),
              _level(levels.get(row.id), local_day(now, row.zone)), now)
        for row in rows
    )  # fmt: skip


def _level(found: Level | None, today: date) -> str:
    if found is None:
        return ""
    return LEVELS.get(found.level, found.level) if found.holds(today) else "out of date"


def _order(order: str, now: datetime) -> tuple[Any, ...]:
    """What comes first besides the name; whoever has no such day comes last."""
    first: Any
    if order == "court":
        ahead = Hearing.case_id == Case.id, Hearing.starts_at > now, Hearing.outcome.is_(None)
        first = select(func.min(Hearing.starts_at)).where(*ahead)
    elif order == "waits":
        first = select(func.min(Flag.first_on)).where(
            Flag.case_id == Case.id, Flag.state.in_(("OPEN", "ACKNOWLEDGED")),
            Flag.owner.in_(("offender", "probation")),
        )  # fmt: skip
    else:
        return ()
    day = first.correlate(Case).scalar_subquery()
    return (day.is_(None), day)


def _line(
    row: Any, record: CaseRecord, waiting: int, due: tuple[date, str] | None, needed: int | None, level: str,
    now: datetime,
) -> Line:  # fmt: skip
    places = seats(record)
    ahead = [one.starts_at for one in record.hearings if one.starts_at > now and one.outcome is None]
    return Line(
        row.id, f"/people/{row.person_id}?case={row.id}", listed_name(row), row.number, row.officer,
        counts_of(duty_lines(record, places)), waiting, due[0] if due else None,
        to_do(due[1]) if due else "", local_day(min(ahead), row.zone) if ahead else None,
        _classes(record, places, needed), level,
    )  # fmt: skip


def _classes(record: CaseRecord, places: list[Seat], needed: int | None) -> str:
    """Classes attended so far, of how many where a rule knows how many."""
    joined = [seat for seat in places if seat.enrolled]
    if not joined:
        return "not enrolled" if record.terms("bip") is not None else ""
    attended = sum(seat.attended for seat in joined)
    return f"{attended} of {needed}" if needed else str(attended)


def _classes_needed(session: ScopedSession, cases: list[int]) -> dict[int, int]:
    """How many classes each order asks for, as the rules about completion have it."""
    said = select(Span.case_id, Span.content).where(
        Span.case_id.in_(cases), Span.known_until.is_(None), Span.code.in_(OF_COMPLETION)
    )
    found: dict[int, int] = {}
    for case_id, content in session.execute(said):
        if content.get("unit") == "sessions" and isinstance(content.get("need"), int):
            found[case_id] = max(content["need"], found.get(case_id, 0))
    return found


def _waiting(session: ScopedSession, cases: list[int]) -> dict[int, int]:
    waits = Flag.state.in_(("OPEN", "ACKNOWLEDGED")), Flag.owner.in_(("offender", "probation"))
    counted = select(Flag.case_id, func.count()).join(Span, Span.id == Flag.span_id)
    rows = session.execute(
        counted.where(Flag.case_id.in_(cases), Span.certainty == "CERTAIN", *waits).group_by(Flag.case_id)
    )
    return {case_id: number for case_id, number in rows}


def _due(session: ScopedSession, cases: list[int], now: datetime) -> dict[int, tuple[date, str]]:
    ahead = select(Span.case_id, Span.due_on, Span.code).where(
        Span.case_id.in_(cases), Span.known_until.is_(None), Span.certainty == "CERTAIN", Span.starts_at > now,
        Span.due_on >= now.date(), Span.due_on <= now.date() + DUE_WITHIN,
        Span.owner.in_(("offender", "probation")),
    )  # fmt: skip
    found: dict[int, tuple[date, str]] = {}
    for case_id, due_on, code in session.execute(ahead.order_by(Span.due_on, Span.code)):
        if due_on is not None:
            found.setdefault(case_id, (due_on, code))
    return found
