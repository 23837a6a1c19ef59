"""The query behind a person's page: about twenty statements of columns, the same for any size of office."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Date, and_, bindparam, select

from monitor.access.scoped_session import ScopedSession
from monitor.bench_page import blocks
from monitor.bench_page.classes import Seat, seats
from monitor.bench_page.duties import condition_lines
from monitor.bench_page.record import CaseRecord, Event, gather
from monitor.bench_page.sources import source_of
from monitor.bench_page.words import chosen_words, outcome_words
from monitor.flag_review.rows import row_words, say
from monitor.flag_review.words import OWNERS, tell, to_do
from monitor.levels import level_words
from monitor.models import Span
from monitor.models.base import BigId, UtcInstant
from monitor.person_page.heading import heading
from monitor.person_page.matters import DECIDED_BY, due_days, matters
from monitor.person_page.page import Coming, ConditionLine, Happened, Held, PersonPage
from monitor.person_page.participation import took_part
from monitor.person_page.stops import stops_today
from monitor.person_page.strip import class_days, strips
from monitor.wording import short_day

AHEAD: Final = timedelta(days=60)
MOST_AHEAD: Final = 6
MOST_HEARINGS: Final = 12
LAST_WEEKS: Final = timedelta(days=35)
MOST_HAPPENED: Final = 14
STATUS: Final = {
    "MET": "met", "PARTLY MET": "partly_met", "NOT MET": "not_met", "NO REPORT": "not_reported",
    "NOT YET DUE": "not_yet_due",
}  # fmt: skip
# facts worth a line of their own in the last weeks; the rest is in the ledger
TOLD: Final = ("contact", "place", "letter", "report", "pause", "test", "firearm", "decision", "service", "check_in")


def person_page(session: ScopedSession, person_id: int, now: datetime, case_id: int | None = None) -> PersonPage | None:
    """The overview of one case of the person; None: there is none, or not for this reader."""
    top = heading(session, person_id, case_id, now.date())
    if top is None:
        return None
    record = gather(session, {top.case_id: top.zone}, now, live=True)[top.case_id]
    places = seats(record)
    duties = duty_lines(record, places)
    hearings = tuple(_hearings(record, now))
    spans = spans_told(session, top.case_id, now, record.today)
    decide_by = due_days((row.about_id, row.due_on) for row in spans if row.decide)
    mine, others = matters(session, top.case_id, decide_by, now)
    return PersonPage(
        heading=top, custody=blocks.custody(record), stops=tuple(stops_today(record)), level=_level(record),
        orders=tuple(one.line for one in blocks.orders(record)),
        counts=counts_of(duties), needs=tuple(mine), elsewhere=tuple(others),
        unsure=_unsure(spans, now), coming=tuple(_coming(record, places, hearings, _due(spans))), conditions=duties,
        strips=strips(record, places), took_part=took_part(session, top.case_id),
        hearings=hearings, happened=tuple(_happened(record, places)),
        as_of=tuple(_as_of(places)),
    )  # fmt: skip


def _level(record: CaseRecord) -> str:
    """The newest level, with its tool and its last day; what is out of date says so first."""
    entered = record.of("level")
    if not entered:
        return ""
    one = entered[-1]
    words = level_words(one.word, one.more)
    ends = one.until or record.today
    if record.today < ends:
        return f"{words}, until {short_day(ends)}"
    return f"out of date since {short_day(ends)} ({words})"


def duty_lines(record: CaseRecord, places: list[Seat]) -> tuple[ConditionLine, ...]:
    """The duties as the bench page tells them, so that officer and judge read the same."""
    return tuple(
        ConditionLine(
            line.title, line.due, STATUS[line.status.value] if line.status else "", line.instead,
            tuple(said.line for said in line.facts),
        )
        for line in condition_lines(record, places, None)
    )  # fmt: skip


def counts_of(duties: tuple[ConditionLine, ...]) -> dict[str, int]:
    """How many duties stand in each word: for a sentence, never for a sum."""
    found: dict[str, int] = {}
    for line in duties:
        if line.status:
            found[line.status] = found.get(line.status, 0) + 1
    return found


def _hearings(record: CaseRecord, now: datetime) -> Iterator[Held]:
    for row in sorted(record.hearings, key=lambda one: one.starts_at, reverse=True)[:MOST_HEARINGS]:
        chosen = chosen_words(row.response, row.matrix_number)
        outcome = outcome_words(row.outcome) + chosen if row.outcome else ""
        yield Held(row.id, row.starts_at, say(row.kind).capitalize(), row.room, outcome, row.starts_at <= now)


def _coming(
    record: CaseRecord, places: list[Seat], hearings: tuple[Held, ...], due: list[Coming]
) -> list[Coming]:
    zone = ZoneInfo(record.zone)
    found = [
        Coming(one.starts_at.astimezone(zone).date(), f"{one.kind}, {one.room}", one.starts_at, "Court")
        for one in hearings
        if not one.past and not one.outcome
    ]
    found += [
        Coming(day, f"Class, {seat.program}", None, "") for seat in places for day in class_days(record, seat)[:1]
    ]
    return sorted([*found, *due], key=lambda one: (one.on, one.what))[:MOST_AHEAD]


def spans_told(session: ScopedSession, case_id: int, now: datetime, today: date) -> Sequence[Any]:
    """Spans of a case that the page tells of, in their order: ``unsure``, ``ahead`` or ``decide`` says as what."""
    said = {"case": case_id, "now": now, "today": today, "until": today + AHEAD}
    return session.execute(_spans_told(), said).all()


@cache
def _spans_told() -> Any:
    """Those that may hold now and are not certain, certain ones that begin ahead and fall due soon, and days by which
    an absence is to be decided."""
    case, now = Span.case_id == bindparam("case", type_=BigId), bindparam("now", type_=UtcInstant())
    today, until = bindparam("today", type_=Date), bindparam("until", type_=Date)
    unsure = and_(Span.certainty == "UNVERIFIED", Span.starts_at <= now, Span.ends_at.is_(None) | (Span.ends_at > now))
    ahead = and_(Span.certainty == "CERTAIN", Span.starts_at > now, Span.due_on >= today, Span.due_on <= until)
    told_as = unsure.label("unsure"), ahead.label("ahead"), DECIDED_BY.label("decide")
    columns = Span.code, Span.content, Span.due_on, Span.owner, Span.about_id, *told_as
    known = case, Span.known_until.is_(None), unsure | ahead | DECIDED_BY
    return select(*columns).where(*known).order_by(Span.starts_at)


def _unsure(rows: Sequence[Any], now: datetime) -> tuple[str, ...]:
    """What may hold and is not certain: the rule, and the count as a range where sheets are outstanding."""
    told = (tell(row.code, row.content, now).sentence for row in rows if row.unsure)
    return tuple(dict.fromkeys(told))


def _due(rows: Sequence[Any]) -> list[Coming]:
    """What falls due if nothing is done: spans that begin ahead, each once."""
    ahead = sorted({(row.due_on, row.code, row.owner) for row in rows if row.ahead})
    return [Coming(due, to_do(code), None, OWNERS[owner]) for due, code, owner in ahead]


def _happened(record: CaseRecord, places: list[Seat]) -> list[Happened]:
    since = record.today - LAST_WEEKS
    lines = [
        Happened(event.day, row_words(event.name, event.word, event.more), _letter(event))
        for name in TOLD
        for event in record.of(name)
        if since <= event.day <= record.today
    ]
    for row in record.attendance:
        if since <= row.occurred_on <= record.today:
            path = f"/absences/{row.id}/decide" if row.outcome == "ABSENT" else ""
            lines.append(Happened(row.occurred_on, row_words("attendance", row.outcome), "Program", path))
    for seat in places:
        for day in seat.unreported:
            if day >= since:
                lines.append(Happened(day, f"Class: not reported, owed by {seat.program}", ""))
    return sorted(lines, key=lambda one: (one.on, one.text), reverse=True)[:MOST_HAPPENED]


def _letter(event: Event) -> str:
    said = {"P": "Program", "O": "Probation", "C": "Court", "L": "Law enforcement", "T": "Test"}
    return said.get(source_of(event).value, "")


def _as_of(places: list[Seat]) -> Iterator[str]:
    for seat in places:
        if seat.last_report:
            yield f"{seat.program} last reported {short_day(seat.last_report)}"
        elif seat.enrolled:
            yield f"{seat.program} has not reported yet"
