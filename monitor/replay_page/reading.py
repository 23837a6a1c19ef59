"""The query behind the look back: three records of one case, the changes between two of them, and what rules say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from sqlalchemy import func, select

from monitor.access.scope import trusted_sql
from monitor.access.scoped_session import ScopedSession
from monitor.bench_page.classes import Seat, seats
from monitor.bench_page.duties import condition_lines
from monitor.bench_page.record import CaseRecord, gather
from monitor.clock import end_of_day, local_day
from monitor.compliance.ground import fingerprint
from monitor.flag_review.rows import say
from monitor.models import Case, Hearing, Packet
from monitor.models.base import is_id
from monitor.person_page.heading import heading
from monitor.person_page.page import ConditionLine, Heading
from monitor.person_page.reading import STATUS
from monitor.replay_page import questions
from monitor.replay_page.chains import changes
from monitor.replay_page.figures import figures, headlines
from monitor.replay_page.page import Change, Duty, Moment, Question, Replay
from monitor.replay_page.versions import versions
from monitor.wording import long_month_day
from rules.pack_files import Packs

BENCH: Final = ("judge", "clerk")
MOST_MOMENTS: Final = 12


class Asked(msgspec.Struct, frozen=True):
    """What the reader asked for: what was known at an instant, or at the end of a day; and about which day.

    None of them: the newest moment of the case, and the day of it.
    """

    known_at: datetime | None = None
    known_on: date | None = None
    as_of: date | None = None

    def known(self, moments: Sequence[Moment], zone: str, now: datetime) -> datetime:
        """The instant; never later than now."""
        of_a_day = end_of_day(self.known_on, zone) if self.known_on else None
        newest = moments[0].at if moments else now - timedelta(days=30)
        return min(self.known_at or of_a_day or newest, now)


def replay(
    session: ScopedSession, person_id: int, now: datetime, asked: Asked, packs: Packs, case_id: int | None = None
) -> Replay | None:
    """The look back for one case of the person; None: there is none, or not for this reader.

    A judge or clerk sees facts and what was reported to the court; officers also see open questions (safeguard F10).
    """
    top = heading(session, person_id, case_id, now.date())
    return None if top is None else _look_back(session, top, now, asked, packs)


def replay_for_hearing(
    session: ScopedSession, hearing_id: int, now: datetime, asked: Asked, packs: Packs
) -> Replay | None:
    """The same for the case of a hearing, beginning with what was known when the case was last heard before it."""
    if not is_id(hearing_id):
        return None
    found = session.execute(
        select(Hearing.case_id, Hearing.starts_at, Case.person_id).join(Case, Case.id == Hearing.case_id)
        .where(Hearing.id == hearing_id)
    ).one_or_none()  # fmt: skip
    if found is None:
        return None
    before = select(func.max(Hearing.starts_at)).where(Hearing.case_id == found.case_id, *_called())
    last = session.scalar(before.where(Hearing.starts_at < min(found.starts_at, now)))
    if last and not (asked.known_at or asked.known_on):
        asked = msgspec.structs.replace(asked, known_at=last)
    return replay(session, found.person_id, now, asked, packs, found.case_id)


def _called() -> tuple[Any, ...]:
    """As `bench_page.record.was_called` reads a date: not one taken off the calendar, or continued before it came."""
    outcome, resulted = func.coalesce(Hearing.outcome, ""), func.coalesce(Hearing.resulted_at, Hearing.starts_at)
    return outcome != "OFF_CALENDAR", (outcome != "CONTINUED") | (resulted >= Hearing.starts_at)


def _look_back(session: ScopedSession, top: Heading, now: datetime, asked: Asked, packs: Packs) -> Replay:
    moments = _moments(session, top.case_id, now)
    known_at = asked.known(moments, top.zone, now)
    as_of = min(end_of_day(asked.as_of, top.zone), now) if asked.as_of else known_at
    chosen = next((one for one in moments if one.at == known_at), None)
    views = [_view(session, top.case_id, top.zone, *at) for at in ((known_at, as_of), (now, as_of), (now, now))]
    bench = session.scope.role in BENCH
    last = local_day(as_of, top.zone)
    told = changes(versions(session, top.case_id, top.zone, bench=bench), known_at, now, last, bench=bench)
    knower = "the court" if chosen or bench else "the record"
    lines = headlines(figures(views[0].seats, views[1].seats), told, long_month_day(last), knower)
    open_questions, led = _questions(session, packs, top.case_id, (known_at, as_of, now), told, bench)
    return Replay(
        heading=top, known_at=known_at, as_of=as_of, now=now, knower=knower, chosen=chosen.title if chosen else "",
        moments=moments, headlines=tuple(lines), changes=(*told, *led), duties=_duties(views),
        questions=open_questions, ground_changed=_ground_changed(session, packs, top.case_id, known_at, now),
    )  # fmt: skip


class View(msgspec.Struct, frozen=True):
    """One record, with its places and duties."""

    record: CaseRecord
    seats: list[Seat]
    duties: tuple[ConditionLine, ...]


def _view(session: ScopedSession, case_id: int, zone: str, known_at: datetime, as_of: datetime) -> View:
    record = gather(session, {case_id: zone}, known_at, as_of)[case_id]
    places = seats(record)
    lines = tuple(
        ConditionLine(
            line.title, line.due, STATUS[line.status.value] if line.status else "", line.instead,
            tuple(said.line for said in line.facts),
        )
        for line in condition_lines(record, places, None)
    )  # fmt: skip
    return View(record, places, lines)


def _moments(session: ScopedSession, case_id: int, now: datetime) -> tuple[Moment, ...]:
    """Hearings held and packets taken, newest first."""
    held = session.execute(
        select(Hearing.starts_at, Hearing.kind).where(Hearing.case_id == case_id, Hearing.starts_at <= now, *_called())
    )
    taken = session.execute(
        select(Packet.known_at, Hearing.starts_at, Hearing.kind).join(Hearing, Hearing.id == Packet.hearing_id)
        .where(Packet.case_id == case_id, Packet.known_at <= now)
    )  # fmt: skip
    found = [Moment(at, f"{say(kind).capitalize()}", "hearing") for at, kind in held]
    found += [Moment(at, f"Packet for the {say(kind)}", "packet") for at, _starts, kind in taken]
    return tuple(sorted(found, key=lambda one: one.at, reverse=True)[:MOST_MOMENTS])


def _duties(views: Sequence[View]) -> tuple[Duty, ...]:
    by_title: list[dict[str, ConditionLine]] = [{line.title: line for line in view.duties} for view in views]
    titles = dict.fromkeys(title for one in reversed(by_title) for title in one)
    return tuple(Duty(title, *(one.get(title) for one in by_title)) for title in titles)


def _questions(
    session: ScopedSession, packs: Packs, case_id: int, at: tuple[datetime, datetime, datetime],
    told: Sequence[Change], bench: bool,
) -> tuple[tuple[Question, ...] | None, tuple[Change, ...]]:  # fmt: skip
    if bench:
        return None, ()
    known_at, as_of, now = at
    [then] = questions.said_at(session, packs, case_id, known_at, as_of)
    about_then, today = questions.said_at(session, packs, case_id, now, as_of, now)
    led = tuple(questions.differences(then, about_then, told, now))
    return tuple(questions.compared(then, about_then, today)), led


def _ground_changed(session: ScopedSession, packs: Packs, case_id: int, known_at: datetime, now: datetime) -> bool:
    """Whether the rules or policies are others now than those that a packet of this instant stood on."""
    taken = Packet.case_id == case_id, Packet.known_at == known_at
    kept: str | None = session.scalar(select(Packet.ground).where(*taken).limit(1))
    if kept is None:
        return False
    with trusted_sql("the ground of the rules, about no case"):
        return kept != fingerprint(session, packs, now)
