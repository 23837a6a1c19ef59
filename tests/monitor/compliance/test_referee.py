"""The nightly check: whatever differs from a full evaluation raises an alarm, a person is told, and it is mended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from jobs.runner import Runner
from monitor.access.scope import Scope
from monitor.administration import administration
from monitor.compliance import referee
from monitor.config import Settings
from monitor.db import Database
from monitor.models import CaseAgency, Flag, Outbox, Span
from tests.builders import (
    Matter,
    add_user,
    adjudicate,
    at,
    attended,
    build_town,
    cover,
    person_with_order,
    unexcused,
    weekly,
)
from tests.monitor.compliance.county import PACKS, all_flags, compare, evaluate_news, kept, reading, sweep, writing

FIRST = date(2026, 1, 12)
NOW = at(date(2026, 2, 20))
HOUR = timedelta(hours=1)
CODE = "ABSENCE_UNEXCUSED"
Plant = Callable[[Session, Matter], object]


LATER = NOW + timedelta(days=2, hours=1)


def a_county(database: Database, people: int) -> list[Matter]:
    """Cases evaluated and swept: of two missed classes one stays a flag, one was excused later and has cleared."""
    with writing(database) as session:
        town = build_town(session)
        add_user(session, town.court_agency, "administrator", "admin@x.example")
        matters = [person_with_order(session, town) for _ in range(people)]
        missed = [unexcused(session, matter, *weekly(FIRST, 2)) for matter in matters]
        for matter in matters:
            cover(session, matter, FIRST, FIRST + timedelta(days=14))
    evaluate_news(database, NOW)
    with writing(database) as session:
        for first, _second in missed:
            adjudicate(session, first, "EXCUSED", NOW.date() + timedelta(days=1), "MEDICAL")
    evaluate_news(database, NOW + timedelta(days=2))
    sweep(database, NOW + timedelta(days=2))
    return matters


@pytest.fixture
def matter(database: Database) -> Matter:
    return a_county(database, 1)[0]


def a_span(session: Session, matter: Matter) -> Span:
    found = select(Span).where(Span.code == CODE, Span.known_until.is_(None), Span.case_id == matter.case)
    return session.scalars(found.order_by(Span.key)).all()[-1]


def a_flag(session: Session, matter: Matter, *, closed: bool = False) -> Flag:
    of_state = Flag.closed_at.is_not(None) if closed else Flag.closed_at.is_(None)
    return session.scalars(select(Flag).where(Flag.code == CODE, Flag.case_id == matter.case, of_state)).all()[0]


def another_span(session: Session, matter: Matter) -> None:
    old = a_span(session, matter)
    columns = {name: getattr(old, name) for name in Span.__table__.columns.keys() if name != "id"}  # noqa: SIM118
    session.add(Span(**columns | {"key": old.key + "x"}))


def span_says(**said: Any) -> Plant:
    return lambda session, matter: [setattr(a_span(session, matter), name, value) for name, value in said.items()]


def flag_says(*, closed: bool = False, **said: Any) -> Plant:
    def plant(session: Session, matter: Matter) -> None:
        for name, value in said.items():
            setattr(a_flag(session, matter, closed=closed), name, value)
            session.flush()

    return plant


def wrong_desk(session: Session, matter: Matter) -> None:
    a_flag(session, matter).agency_id = matter.town.program_agency


# a span or a flag as no run would leave it
SPANS: dict[str, Plant] = {
    "a span was lost": span_says(known_until=NOW),
    "a span is there that no rule says": another_span,
    "a span says something else": span_says(version="0" * 24),
    "a span begins earlier": span_says(starts_at=NOW - timedelta(days=200)),
    "a span ends": span_says(ends_at=NOW + timedelta(days=300)),
    "a span is another's": span_says(owner="court"),
    "a span is told as unsure": span_says(certainty="UNVERIFIED"),
    "a span weighs less": span_says(response_class="A"),
    "a span is due later": span_says(due_on=FIRST + timedelta(days=400)),
}
FLAGS: dict[str, Plant] = {
    "a flag was lost": lambda s, m: s.execute(delete(Flag).where(Flag.id == a_flag(s, m).id)),
    "a flag is left open": flag_says(closed=True, state="OPEN", closed_at=None),
    "a flag was closed though its span holds": flag_says(state="CLEARED", closed_at=NOW),
    "a flag shows what is no longer so": flag_says(version="0" * 24),
    "a flag lies on the wrong desk": wrong_desk,
}


def test_every_sort_of_difference_raises_an_alarm_and_is_mended(database: Database) -> None:
    planted = dict(zip([*SPANS, *FLAGS], a_county(database, len(SPANS) + len(FLAGS)), strict=True))
    spans, flags = kept(database), all_flags(database)
    assert compare(database, LATER).cases_differing == 0
    with writing(database) as session:
        for sort, matter in planted.items():
            (SPANS | FLAGS)[sort](session, matter)

    with reading(database) as session:
        batch = referee.compare(session, PACKS, LATER)
    found = compare(database, LATER)

    assert batch is not None
    assert {sort for sort, matter in planted.items() if matter.case in batch.spans} == set(SPANS)
    assert {sort for sort, matter in planted.items() if matter.case in batch.flags} >= set(FLAGS)
    assert (found.cases, found.cases_differing) == (len(planted), len(planted))
    with reading(database) as session:
        [notice] = session.scalars(select(Outbox).where(Outbox.key.startswith("referee:"))).all()
    assert notice.subject == "1 item due today", "what it is about stands on the page Administration"
    evaluate_news(database, LATER)
    assert compare(database, LATER + HOUR).cases_differing == 0
    assert (kept(database), all_flags(database)) == (spans, flags)


def test_the_administrator_reads_on_their_page_what_the_nightly_check_found(database: Database, matter: Matter) -> None:
    night = LATER + timedelta(days=1)
    runner = Runner(database, Settings(database_url=database.url), lambda: night)
    runner.tick()
    assert not alarms(database, matter), "nothing differs, and nothing is told"
    with writing(database) as session:
        FLAGS["a flag was lost"](session, matter)
    night += timedelta(days=1)
    runner.tick()

    [alarm] = alarms(database, matter)
    assert (alarm.cases_differing, alarm.spans_differing, alarm.flags_differing) == (1, 0, 1)
    assert alarm.run_key == night.date().isoformat()


def alarms(database: Database, matter: Matter) -> list[object]:
    scope = Scope(1, "administrator", matter.town.court_agency)
    with database.scoped(scope) as session:
        return list(administration(session).alarms)


def test_a_bound_that_passed_since_the_last_sweep_is_no_difference(database: Database, matter: Matter) -> None:
    """Flags change as time passes; until a sweep has looked nobody is at fault."""
    with reading(database) as session:
        to_come = session.scalars(select(Span.starts_at).where(Span.starts_at > LATER, Span.known_until.is_(None)))
        soon = min(to_come) + HOUR
    assert compare(database, soon).flags_differing == 0
    sweep(database, soon)
    assert compare(database, soon + HOUR).flags_differing == 0


def test_a_case_that_changed_hands_since_the_sweep_is_no_difference(database: Database, matter: Matter) -> None:
    with writing(database) as session:
        shared = session.scalars(
            select(CaseAgency).where(CaseAgency.case_id == matter.case, CaseAgency.agency_id == matter.town.office)
        ).one()
        shared.until_on = LATER.date()
    evaluate_news(database, LATER)
    assert compare(database, LATER).flags_differing == 0


def test_the_administrator_reads_what_could_not_be_read_and_of_how_many_cases_but_not_which(
    database: Database,
) -> None:
    matters = a_county(database, 3)
    with writing(database) as session:
        for matter in matters[:2]:
            attended(session, matter, date(1986, 2, 2))  # a slip of the pen
    evaluate_news(database, LATER)
    assert compare(database, LATER).unread == {"INPUT_MISSING sessions.on": 2}
    Runner(database, Settings(database_url=database.url), lambda: LATER + timedelta(days=1)).tick()
    with reading(database) as session:
        [line] = administration(session).unread
    assert (line.cases, line.rule) == (2, "") and "attendance" in line.what
