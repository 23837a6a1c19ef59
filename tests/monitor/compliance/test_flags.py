"""Flags follow spans: opened, changed, cleared, withdrawn; a person's decision stays while the span lives."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from monitor.compliance import boundaries
from monitor.compliance.flags import refresh_flags
from monitor.db import Database
from monitor.models import CaseAgency, Flag, Mark, Span, random_id
from tests.builders import Matter, at, build_town, decided, person_with_order
from tests.monitor.compliance.county import reading, sweep, writing

DAY = timedelta(days=1)
NOW = at(date(2026, 3, 2))


@pytest.fixture
def matter(database: Database) -> Matter:
    with writing(database) as session:
        return person_with_order(session, build_town(session))


def span(
    database: Database, matter: Matter, key: str, starts: datetime, ends: datetime | None = None, **told: Any
) -> int:
    """One kept span, known since it began unless ``told`` otherwise."""
    says = {
        "version": "1", "code": "ABSENCE_UNEXCUSED", "owner": "offender", "severity": "review", "certainty": "CERTAIN",
        "starts_on": starts.date(), "content": {}, "known_from": starts, "response_class": "B",
    } | told  # fmt: skip
    with writing(database) as session:
        row = Span(id=random_id(), case_id=matter.case, order_id=matter.order, key=key, starts_at=starts, ends_at=ends,
                   **says)  # fmt: skip
        session.add(row)
    return row.id


def close(database: Database, number: int, when: datetime) -> None:
    with writing(database) as session:
        session.execute(update(Span).where(Span.id == number).values(known_until=when))


def refresh(database: Database, matter: Matter, now: datetime = NOW) -> Any:
    with writing(database) as session:
        return refresh_flags(session, [matter.case], now)


def the_flag(database: Database, key: str = "k") -> Flag:
    with reading(database) as session:
        return session.scalars(select(Flag).where(Flag.key == key)).one()


def decide(database: Database, state: str, key: str = "k") -> None:
    with writing(database) as session:
        decided(session, session.scalars(select(Flag).where(Flag.key == key)).one(), state)


def test_a_span_that_holds_is_one_open_flag(database: Database, matter: Matter):
    span(database, matter, "k", NOW - DAY)

    first, second = refresh(database, matter), refresh(database, matter, NOW + DAY)

    assert (first.opened, second.opened, second.changed) == (1, 0, 0)
    flag = the_flag(database)
    assert (flag.state, flag.opened_at, flag.closed_at) == ("OPEN", NOW - DAY, None)


def test_a_span_of_the_future_is_no_flag_yet(database: Database, matter: Matter):
    span(database, matter, "k", NOW + DAY, known_from=NOW)

    assert refresh(database, matter).opened == 0
    assert refresh(database, matter, NOW + DAY).opened == 1


def test_what_is_not_known_is_nobodys_flag(database: Database, matter: Matter):
    span(database, matter, "k", NOW - DAY, certainty="UNVERIFIED")

    assert refresh(database, matter).opened == 0


def test_what_could_not_be_evaluated_is_the_systems_lapse_and_never_the_persons(database: Database, matter: Matter):
    span(database, matter, "k", NOW - DAY, certainty="CANNOT_EVALUATE", code="UNEXCUSED_ABSENCE_LIMIT_EXCEEDED")
    refresh(database, matter)

    flag = the_flag(database)
    assert (flag.code, flag.owner, flag.response_class) == ("INPUT_MISSING", "system", None)


@pytest.mark.parametrize(("owner", "desk"), [
    ("offender", "office"), ("provider", "office"), ("probation", "office"), ("system", "office"),
    ("court", "court_agency"),
])  # fmt: skip
def test_each_flag_lies_on_the_desk_of_those_who_review_it(database: Database, matter: Matter, owner: str, desk: str):
    span(database, matter, "k", NOW - DAY, owner=owner)
    refresh(database, matter)

    assert the_flag(database).agency_id == getattr(matter.town, desk)


def test_flags_move_with_the_case_to_another_office(database: Database, matter: Matter):
    span(database, matter, "k", NOW - DAY)
    refresh(database, matter)
    with writing(database) as session:
        other = build_town(session, code="far")
        old = session.scalars(select(CaseAgency).where(CaseAgency.agency_id == matter.town.office)).one()
        old.until_on = date(2026, 3, 2)
        session.add(CaseAgency(case_id=matter.case, agency_id=other.office, from_on=date(2026, 3, 2), until_on=None))
    refresh(database, matter)

    assert the_flag(database).agency_id == other.office


def test_a_span_that_ends_clears_its_flag_at_its_end(database: Database, matter: Matter):
    span(database, matter, "k", NOW - DAY, NOW + DAY)
    refresh(database, matter)
    refresh(database, matter, NOW + 3 * DAY)

    flag = the_flag(database)
    assert (flag.state, flag.closed_at) == ("CLEARED", NOW + DAY)


def test_a_span_that_a_correction_removes_withdraws_its_flag(database: Database, matter: Matter):
    number = span(database, matter, "k", NOW - DAY)
    refresh(database, matter)
    close(database, number, NOW)

    assert refresh(database, matter).withdrawn == 1
    assert the_flag(database).state == "WITHDRAWN"
    assert refresh(database, matter).withdrawn == 0


@pytest.mark.parametrize("state", ["ACKNOWLEDGED", "DISMISSED", "ACTED"])
def test_new_content_is_shown_and_the_decision_stays(database: Database, matter: Matter, state: str):
    old = span(database, matter, "k", NOW - DAY)
    refresh(database, matter)
    decide(database, state)
    close(database, old, NOW)
    new = span(database, matter, "k", NOW - DAY, version="2", known_from=NOW)

    assert refresh(database, matter).changed == 1
    flag = the_flag(database)
    assert (flag.state, flag.version, flag.span_id) == (state, "2", new)


def test_a_count_that_grows_is_the_same_flag(database: Database, matter: Matter):
    span(database, matter, "k", NOW - 3 * DAY, NOW - DAY, version="3 of 2")
    span(database, matter, "k", NOW - DAY, version="4 of 2", known_from=NOW - 3 * DAY)
    refresh(database, matter, NOW - 2 * DAY)
    decide(database, "DISMISSED")
    refresh(database, matter)

    flag = the_flag(database)
    assert (flag.state, flag.version, flag.opened_at) == ("DISMISSED", "4 of 2", NOW - 3 * DAY)


def test_a_dismissed_flag_comes_back_only_after_its_span_ended(database: Database, matter: Matter):
    number = span(database, matter, "k", NOW - DAY)
    refresh(database, matter)
    decide(database, "DISMISSED")
    refresh(database, matter, NOW + 5 * DAY)
    assert the_flag(database).state == "DISMISSED"

    close(database, number, NOW + 6 * DAY)
    refresh(database, matter, NOW + 6 * DAY)
    assert the_flag(database).state == "DISMISSED"
    span(database, matter, "k", NOW - DAY, known_from=NOW + 7 * DAY)
    refresh(database, matter, NOW + 7 * DAY)

    assert (the_flag(database).state, the_flag(database).closed_at) == ("OPEN", None)


@pytest.mark.parametrize("state", ["ACKNOWLEDGED", "DISMISSED"])
def test_seen_and_dismissed_outlive_new_evidence_and_die_with_the_span(database: Database, matter: Matter, state: str):
    old = span(database, matter, "k", NOW - DAY, NOW + DAY)
    refresh(database, matter)
    decide(database, state)
    close(database, old, NOW)
    span(database, matter, "k", NOW - DAY, NOW + DAY, version="2", known_from=NOW)
    refresh(database, matter)
    assert the_flag(database).state == state

    span(database, matter, "k", NOW + 5 * DAY, version="3")
    refresh(database, matter, NOW + 3 * DAY)
    assert the_flag(database).closed_at == NOW + DAY
    refresh(database, matter, NOW + 6 * DAY)
    assert (the_flag(database).state, the_flag(database).opened_at) == ("OPEN", NOW + 5 * DAY)


def test_an_excused_absence_stays_excused_unless_the_rule_still_holds_without_it(database: Database, matter: Matter):
    number = span(database, matter, "k", NOW - DAY)
    refresh(database, matter)
    decide(database, "EXCUSED")
    refresh(database, matter)
    assert the_flag(database).state == "EXCUSED", "the excuse is not evaluated yet"

    close(database, number, NOW)
    span(database, matter, "k", NOW - DAY, version="2", known_from=NOW)
    refresh(database, matter)
    assert the_flag(database).state == "OPEN"


# --- sweeps -----------------------------------------------------------------------------------------------------------


def _spans_of_some_weeks(database: Database, matter: Matter) -> None:
    start = NOW - 20 * DAY
    for number in range(24):
        begins = start + timedelta(hours=17 * number)
        ends = begins + timedelta(hours=40) if number % 3 else None
        span(database, matter, f"k{number}", begins, ends, known_from=start)


def _read(database: Database) -> list[tuple[Any, ...]]:
    columns = (Flag.key, Flag.state, Flag.opened_at, Flag.closed_at, Flag.version)
    with reading(database) as session:
        return sorted(tuple(row) for row in session.execute(select(*columns)))


def _undo(database: Database) -> None:
    with writing(database) as session:
        for row in session.scalars(select(Flag)):
            session.delete(row)
        session.get_one(Mark, boundaries.SWEEP).at = NOW - 20 * DAY


def test_a_sweep_after_ten_days_down_leaves_the_same_flags_as_one_every_five_hours(database: Database, matter: Matter):
    sweep(database, NOW - 20 * DAY)
    _spans_of_some_weeks(database, matter)
    for hours in range(0, 20 * 24 + 1, 5):
        sweep(database, NOW - 20 * DAY + timedelta(hours=hours))
    often = _read(database)
    _undo(database)

    for day in (-14, -13, -3, 0):
        sweep(database, NOW + day * DAY)

    assert _read(database) == often
    assert {state for _key, state, *_ in often} == {"OPEN", "CLEARED"}


def test_the_first_sweep_of_all_raises_no_flags_about_what_was_over_before(database: Database, matter: Matter):
    span(database, matter, "old", NOW - 9 * DAY, NOW - 8 * DAY)
    span(database, matter, "k", NOW - DAY)
    sweep(database, NOW)

    assert [key for key, *_ in _read(database)] == ["k"]


def test_a_sweep_by_a_clock_that_was_set_back_changes_nothing(database: Database, matter: Matter):
    span(database, matter, "k", NOW - 2 * DAY, NOW - timedelta(hours=1))
    sweep(database, NOW - 2 * DAY)
    sweep(database, NOW)
    before = _read(database)

    sweep(database, NOW - DAY)

    assert _read(database) == before
    with reading(database) as session:
        assert session.get_one(Mark, boundaries.SWEEP).at == NOW


def test_an_evaluation_by_a_clock_that_is_behind_looks_from_the_last_sweep(database: Database, matter: Matter):
    sweep(database, NOW)
    with writing(database) as session:
        assert boundaries.no_earlier_than_sweep(session, NOW - DAY) == NOW
        assert boundaries.no_earlier_than_sweep(session, NOW + DAY) == NOW + DAY
