"""What the docket keeps of a case: the words it would say without keeping, whoever read what before, at any instant."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session

from monitor.access.reach import READS
from monitor.access.scope import Scope
from monitor.amending import amend
from monitor.compliance.evaluation import switched_on
from monitor.db import Database
from monitor.docket import Docket, docket, docket_pages, kept
from monitor.docket.kept import KEPT, SHELF, Shelf
from monitor.docket.stamps import stamps
from monitor.models import (
    Allegation,
    AllegationFlag,
    AllegationStep,
    Case,
    CaseAgency,
    CourtHoliday,
    DefenseCopy,
    EarlierHearing,
    EarlierPlace,
    Enrollment,
    Expectation,
    Flag,
    Group,
    GroupSession,
    Hearing,
    Letter,
    OrderStep,
    OrderVersion,
    Packet,
    Pause,
    Person,
    Program,
    Requirement,
    Review,
)
from monitor.models.base import UtcInstant
from monitor.packets import take
from tests.builders import add_user
from tests.monitor.access.walls import put_up
from tests.monitor.court_town import CourtTown, add, add_case, build_court_town, fact
from tests.monitor.test_hard_docket import KINDS

NOW: Final = datetime(2026, 3, 9, 15, 40, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
TICK: Final = timedelta(microseconds=1)
UNCHANGED: Final = (
    CaseAgency, Packet, Allegation, AllegationFlag, AllegationStep, DefenseCopy, EarlierHearing, EarlierPlace
)  # fmt: skip
MOST_ROWS: Final = 6  # of a table


@pytest.fixture(params=[False, True], ids=["plain", "hard"])
def town(request: pytest.FixtureRequest, database: Database) -> Iterator[CourtTown]:
    SHELF.clear()
    yield a_town(database, hard=request.param)
    SHELF.clear()


@pytest.fixture
def hard(database: Database) -> Iterator[CourtTown]:
    SHELF.clear()
    yield a_town(database, hard=True)
    SHELF.clear()


def a_town(database: Database, *, hard: bool) -> CourtTown:
    built = build_court_town(database, NOW, cases=not hard)
    if hard:
        for index, kind in enumerate(KINDS):
            kind(built, f"25-DV-{index:06}")
    with database.system("test: more of a record") as session, session.begin():
        _more(session, built)
    with database.system("test: a copy for the defense") as session, session.begin():
        _shown_to_the_defense(session, built, built.hearings[0], built.cases[0])
    return built


def _more(session: Session, town: CourtTown) -> None:
    """What comes, goes and turns by itself at some instant."""
    first, second = town.cases[0], town.cases[1]
    fact(session, town, Pause, first, town.today, kind="CUSTODY", starts_on=town.today)
    fact(session, town, Letter, second, town.today, kind="WAITLIST", occurred_on=town.today)
    fact(session, town, Expectation, second, town.today, kind="check_in", occurred_on=town.today,
         expected_on=town.today + timedelta(days=2))  # fmt: skip
    _agency, _program, group = town.programs["north"]
    add(session, GroupSession, group_id=group, held_on=town.today - timedelta(days=9), number=1, state="CANCELLED",
        cancelled_at=NOW - timedelta(days=9), agency_id=town.programs["north"][0])  # fmt: skip
    version = session.scalars(select(OrderVersion).where(OrderVersion.case_id == second)).first()
    assert version is not None
    version.expires_at = NOW + timedelta(days=3, minutes=7)
    add(session, OrderStep, case_id=second, agency_id=town.court_agency, order_id=version.order_id,
        order_version_id=version.id, kind="TO_ENTER", action="MODIFY", occurred_at=NOW - timedelta(days=3),
        recorded_at=NOW - timedelta(days=3))  # fmt: skip
    moved = session.get_one(Hearing, town.hearings[1])
    amend(session, moved, NOW - HOUR, room="Dept 9", starts_at=moved.starts_at + timedelta(minutes=30))
    for place in session.scalars(select(Enrollment).where(Enrollment.case_id == first)):
        amend(session, place, NOW - 2 * HOUR, group_id=None)


def _shown_to_the_defense(session: Session, town: CourtTown, hearing: int, case: int) -> None:
    packet = take(session, hearing, NOW - 3 * HOUR, switched_on())
    assert packet is not None
    add(session, DefenseCopy, case_id=case, agency_id=town.court_agency, hearing_id=hearing, packet_id=packet.id,
        given_at=NOW - 2 * HOUR, given_to="COUNSEL", how="BY_HAND", given_by_id=town.officer,
        undone_at=NOW + 5 * HOUR, undone_by_id=town.officer)  # fmt: skip


def listed(town: CourtTown, at: datetime = NOW, scope: Scope | None = None) -> Docket:
    with town.database.scoped(scope or Scope(1, "judge", town.court_agency)) as session:
        found = docket(session, town.court_code, town.day, at)
    assert found is not None
    return found


def afresh(town: CourtTown, at: datetime = NOW, scope: Scope | None = None) -> Docket:
    """The same list by way of the whole pages, of which nothing is kept."""
    with town.database.scoped(scope or Scope(1, "judge", town.court_agency)) as session:
        found = docket_pages(session, town.court_code, town.day, at)
    assert found is not None
    return found[0]


@contextmanager
def counted(town: CourtTown) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    asked: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(town.database.engine, "before_cursor_execute", hear)
    try:
        yield asked
    finally:
        event.remove(town.database.engine, "before_cursor_execute", hear)


def writing(town: CourtTown, act: Callable[[Session], Any]) -> None:
    with town.database.system("test: a change") as session, session.begin():
        act(session)


def instants_of(town: CourtTown) -> list[datetime]:
    """Every instant that a row of these cases names."""
    found: set[datetime] = set()
    with town.database.system("test: instants", writes=False) as session:
        for entity in of_cases():
            columns = [one for one in entity.__table__.c if isinstance(one.type, UtcInstant)]
            rows = session.execute(select(*columns).where(entity.case_id.in_(town.cases))) if columns else ()
            found |= {value for row in rows for value in row if value is not None}
    return sorted(found)


def of_cases() -> list[Any]:
    """What a judge reads of cases, but for what triggers keep from any change and for shares (see walls below)."""
    read = (one for one in READS["judge"] if hasattr(one, "case_id") and hasattr(one, "id") and one not in UNCHANGED)
    return sorted(read, key=lambda one: str(one.__tablename__))


def test_what_was_told_before_is_told_again_without_a_look_at_it(town: CourtTown) -> None:
    first = listed(town)
    with counted(town) as asked:
        again = listed(town)
    assert again == first == afresh(town)
    assert not [one for one in asked if "attendance.outcome" in one and "json_group_array(json_array" in one]


def test_at_any_instant_the_list_is_what_it_would_be_if_nobody_had_looked_before(town: CourtTown) -> None:
    """At each instant that a row names, just before it, and after it; both ways, so that nothing kept of another
    instant is taken for this one."""
    named = [at for at in instants_of(town) if NOW - timedelta(days=4) < at < NOW + timedelta(days=9)]
    assert len(named) > 5
    around = sorted({at + step for at in named for step in (-TICK, timedelta(0), TICK)})
    expected = {at: afresh(town, at) for at in around}
    for at in (*around, *reversed(around)):
        assert listed(town, at) == expected[at], at


@given(st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_and_at_instants_that_nobody_thought_of(hard: CourtTown, data: st.DataObject) -> None:
    named = st.sampled_from(instants_of(hard))
    at = data.draw(st.one_of(
        named, st.integers(-60 * 1440, 60 * 1440).map(lambda minutes: NOW + timedelta(minutes=minutes)),
        st.builds(lambda one, step: one + timedelta(microseconds=step), named, st.integers(-2, 2)),
    ))  # fmt: skip
    assert listed(hard, at) == afresh(hard, at)


def test_whoever_sees_a_row_less_reads_what_they_would_read_if_nobody_had_looked_before(town: CourtTown) -> None:
    """A row at a time belongs to another case, as if a wall or a scope hid it: what was kept with it is not told."""
    add_case(town, "25-DV-999999", "Bystander")
    bystander, told = town.cases.pop(), listed(town)
    town.hearings.pop()
    changed: set[str] = set()
    for entity in of_cases():
        with town.database.system("test: rows", writes=False) as session:
            rows = session.execute(select(entity.id, entity.case_id).where(entity.case_id.in_(town.cases))).all()
        for number, case in rows[:: max(1, len(rows) // MOST_ROWS)]:
            move(town, entity, number, bystander)
            less = listed(town)
            assert less == afresh(town), entity.__tablename__
            changed |= {entity.__tablename__} if less != told else set()
            move(town, entity, number, case)
            assert listed(town) == told
    assert {"hearing", "attendance", "order_version", "enrollment", "firearm_receipt", "service"} <= changed


def move(town: CourtTown, entity: Any, number: int, case: int) -> None:
    writing(town, lambda session: session.execute(update(entity).where(entity.id == number).values(case_id=case)))


def changes(town: CourtTown) -> Iterator[tuple[Any, Any, dict[str, Any]]]:
    """Whatever may change in place: entity, which rows, and what they say then."""
    flag = Flag.case_id.in_(town.cases)
    yield Flag, flag, {"contested": True}
    yield Flag, flag, {"contested": False}
    yield Flag, flag, {"state": "CLEARED"}
    yield Flag, flag, {"state": "WITHDRAWN", "closed_at": NOW - HOUR}
    yield Flag, flag, {"state": "ACTED", "closed_at": None}
    yield Flag, flag, {"closed_at": NOW - timedelta(days=400)}
    yield Flag, flag, {"owner": "provider"}
    yield Flag, flag, {"owner": "offender", "response_class": "D"}
    yield Flag, flag, {"first_on": town.today - timedelta(days=77), "due_on": town.today, "code": "FIREARM_PROOF"}
    yield Flag, flag, {"opened_at": NOW + HOUR}
    yield Flag, flag, {"opened_at": NOW - timedelta(days=20)}
    yield Review, Review.case_id.in_(town.cases), {"undone_at": NOW - HOUR}
    yield Review, Review.case_id.in_(town.cases), {"undone_at": None}
    held = Hearing.case_id.in_(town.cases), Hearing.outcome.is_not(None)
    yield Hearing, held[0] & held[1], {"outcome": "OFF_CALENDAR"}
    yield Hearing, held[0] & held[1], {"outcome": "CONTINUED", "resulted_at": NOW - timedelta(days=300)}
    yield Hearing, held[0], {"review_no": 0}
    yield Hearing, held[0], {"review_no": 4}
    yield Hearing, Hearing.id.in_(town.hearings), {"outcome": "WARNED", "resulted_at": NOW + HOUR}
    yield Hearing, Hearing.id.in_(town.hearings), {"outcome": "WARNED", "resulted_at": NOW - HOUR}
    of_order = OrderVersion.case_id.in_(town.cases)
    yield OrderVersion, of_order, {"in_custody": True}
    yield OrderVersion, of_order, {"effective_to": NOW - timedelta(seconds=5)}
    yield OrderVersion, of_order, {"effective_to": NOW + HOUR}
    yield OrderVersion, of_order, {"expires_at": NOW - timedelta(seconds=5)}
    yield OrderVersion, of_order, {"expires_at": None, "change": "VACATED"}
    yield OrderVersion, of_order, {"change": "NEW", "ordered_on": town.today - timedelta(days=3)}
    yield Requirement, Requirement.case_id.in_(town.cases), {"terms": {"bip.enroll_deadline": 1}}
    yield Requirement, Requirement.case_id.in_(town.cases), {"until_on": town.today}
    yield Enrollment, Enrollment.case_id.in_(town.cases), {"group_id": None}
    yield DefenseCopy, DefenseCopy.case_id.in_(town.cases), {"undone_at": NOW - HOUR}
    yield GroupSession, GroupSession.state == "CANCELLED", {"state": "HELD", "cancelled_at": None}
    yield Program, Program.code == "north", {"name": "North Star Again"}
    yield Group, Group.weekday.is_not(None), {"weekday": 2}


def test_whatever_changes_in_place_is_told_at_once(town: CourtTown) -> None:
    told, new = listed(town), 0
    for entity, which, values in changes(town):
        with town.database.system("test: a change in place") as session, session.begin():
            session.execute(update(entity).where(which).values(**values))
        now = listed(town)
        assert now == afresh(town), (entity.__tablename__, values)
        new, told = new + (now != told), now
    assert new > 12  # most of them say something


def test_a_holiday_of_the_court_and_another_day_are_told_at_once(town: CourtTown) -> None:
    told = listed(town)
    closed = CourtHoliday(id=1, court_id=town.court, closed_on=town.day - timedelta(days=1), title="Flood",
                          recorded_at=NOW - HOUR)  # fmt: skip
    writing(town, lambda session: session.add(closed))
    assert listed(town) == afresh(town) != told
    later = NOW + timedelta(days=1)
    assert listed(town, later) == afresh(town, later)


def test_a_walled_reader_has_the_list_without_the_case_after_another_saw_it_with_it_and_the_other_way(
    hard: CourtTown,
) -> None:
    with hard.database.system("test: a clerk") as session, session.begin():
        user = add_user(session, hard.court_agency, "clerk", "walled@court.example")
        person = session.scalar(select(Case.person_id).where(Case.id == hard.cases[1]))
    assert person is not None
    put_up(hard.database, user, person, hard.court_agency)
    clerk = Scope(user, "clerk", hard.court_agency)
    for _ in range(2):
        whole = listed(hard)
        assert (found := listed(hard, scope=clerk)) == afresh(hard, scope=clerk)
        assert found.lines == tuple(line for line in whole.lines if line.hearing_id != hard.hearings[1])
        SHELF.clear()
        assert listed(hard, scope=clerk) == found  # now the clerk first
        assert listed(hard) == whole == afresh(hard)


def test_one_list_shows_nothing_of_what_another_reader_alone_may_see(hard: CourtTown) -> None:
    """A flag that nobody reviewed is the machine's to see, and no judge's: neither is told by way of the other."""
    writing(hard, lambda session: session.execute(update(Flag).values(state="OPEN")))
    with hard.database.system("test: the machine's own list", writes=False) as session:
        own = docket(session, hard.court_code, hard.day, NOW)
    judge = listed(hard)
    SHELF.clear()
    assert listed(hard) == judge == afresh(hard)
    with hard.database.system("test: the machine's own list", writes=False) as session:
        assert docket(session, hard.court_code, hard.day, NOW) == own


def test_a_stamp_and_what_is_kept_name_nobody_and_hold_nothing_that_somebody_wrote(town: CourtTown) -> None:
    with town.database.system("test: people", writes=False) as session:
        names = {name for row in session.execute(select(Person.family_name, Person.given_name)) for name in row}
    listed(town)
    with town.bench() as session:
        stamped = repr(stamps(session, town.cases, NOW))
    said = stamped + msgspec.json.encode(list(SHELF._words.values())).decode()
    assert len(said) > 3_000
    for words in {*(name for name in names if len(name) > 1), "Reyes", "working note", "as signed", "evening group",
                  "25-DV", "1990-01", "Not proved", "wrong line"}:  # fmt: skip
        assert words not in said


def test_only_so_many_are_kept_and_those_used_last_stay() -> None:
    assert kept.SHELF._most == KEPT
    words, shelf = object(), Shelf(2)
    for key in (1, 2):
        shelf.keep(key, words)  # type: ignore[arg-type]
    shelf.find(1)
    shelf.keep(3, words)  # type: ignore[arg-type]
    assert (len(shelf), shelf.find(1), shelf.find(2), shelf.find(3)) == (2, words, None, words)


def test_a_session_that_writes_keeps_nothing(town: CourtTown) -> None:
    scope = Scope(1, "judge", town.court_agency)
    with town.database.scoped(scope, writes=True) as session:
        found = docket(session, town.court_code, town.day, NOW)
    assert not len(SHELF) and found == listed(town) and len(SHELF)


def test_what_a_correction_took_back_is_never_kept(hard: CourtTown) -> None:
    taken_back = {"state": "WITHDRAWN", "closed_at": NOW - HOUR}
    one = hard.cases[0]
    writing(hard, lambda session: session.execute(update(Flag).where(Flag.case_id == one).values(**taken_back)))
    found = listed(hard)
    assert any("Withdrawn by a correction" in said for line in found.lines for said in line.decide)
    kept_of = {key[0] for key in SHELF._words}
    assert hard.hearings[0] not in kept_of and hard.hearings[1] in kept_of
    assert listed(hard) == found == afresh(hard)
