"""From referral to certificate: the moves are data, each writes what the rules read, and flags follow."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.compliance.evaluation import switched_on
from monitor.compliance.loading import load_facts
from monitor.current import current
from monitor.db import Database
from monitor.enrollment.completing import lacks
from monitor.enrollment.making import Answers, faults_of, make
from monitor.enrollment.moves import BY_NAME, LEADS_TO, MOVES, OPEN, Happened, State, moves_from, state_after
from monitor.enrollment.page import Place
from monitor.enrollment.reading import place_page, places_page
from monitor.enrollment.referring import refer
from monitor.enrollment.undoing import take_back_last
from monitor.intake.receiver import Receiver
from monitor.models import EarlierPlace, Enrollment, EnrollmentEvent, Group, Letter, Program, random_id
from monitor.models.enrollment import ENROLLMENT_EVENTS
from rules.evaluate import evaluate, read_spans
from tests.builders import ORDERED_ON, Matter, at, attended, build_town, person_with_order, weekly

TODAY = ORDERED_ON + timedelta(days=1)


def write(session: Session, place_id: int, name: str, today: date, **told: object) -> Place:
    """Make a move on a day, as the page does; returns the place as it stands then."""
    place = place_page(session, place_id, today)
    assert place is not None
    move, answers = BY_NAME[name], Answers(**({"on": today} | told))  # type: ignore[arg-type]
    assert move in place.moves, f"{name} does not lead on from {place.line.state}"
    now = at(today, 13) + timedelta(seconds=len(place.events))  # no two moves of a place share their instant
    by = Receiver(_agency(session, place_id), place.program_id, 7, now, today)
    assert faults_of(place, move, answers, today) == {}
    make(session, place, move, answers, by)
    session.flush()
    after = place_page(session, place_id, today)
    assert after is not None
    return after


def _agency(session: Session, place_id: int) -> int:
    return session.scalars(select(Enrollment.agency_id).where(Enrollment.id == place_id)).one()


def referred(session: Session) -> tuple[Matter, int]:
    """A person whom the court has referred today, and nothing more."""
    town = build_town(session)
    matter = person_with_order(session, town, terms={"bip.enroll_deadline": 30})
    for row in session.scalars(select(EnrollmentEvent)):
        session.delete(row)
    session.flush()
    session.delete(session.get(Enrollment, matter.enrollment))
    session.flush()
    return matter, refer(session, matter.case, town.program, ORDERED_ON, at(ORDERED_ON, 10))


def test_every_state_can_be_reached_and_every_open_state_can_be_left() -> None:
    reached = {State.REFERRED} | {move.to for move in MOVES}
    assert reached == set(State)
    for state in OPEN:
        assert any(move.to not in OPEN for move in moves_from(state)), state
    for state in set(State) - OPEN:
        assert moves_from(state) == ()


@given(st.lists(st.sampled_from([move.name for move in MOVES]), max_size=12))
def test_the_events_of_allowed_moves_lead_to_where_the_table_says(names: list[str]) -> None:
    state, told = State.REFERRED, [Happened("REFERRED", None)]
    for name in names:
        move = BY_NAME[name]
        if state not in move.origins:
            continue
        event = move.event or ("WAITLISTED" if name == "wait" else "")
        if event:
            told.append(Happened(event, "COMPLETED" if name == "complete" else "MOVED"))
        state = move.to
        assert state_after(told) is state


def test_every_event_that_the_record_knows_leads_somewhere() -> None:
    assert {*LEADS_TO, "REFERRED", "CONTACTED", "DISCHARGED"} == {*ENROLLMENT_EVENTS, "WAITLISTED"}


def test_a_referral_is_there_the_moment_the_court_enters_it_and_has_a_clock(database: Database) -> None:
    with database.system("test") as session, session.begin():
        matter, place_id = referred(session)
    with database.system("test", writes=False) as session:
        (line,) = places_page(session, ORDERED_ON).referrals
    assert (line.id, line.contact_by, line.title) == (place_id, ORDERED_ON + timedelta(days=3), "Referred")
    with database.system("test") as session, session.begin():
        assert refer(session, matter.case, matter.town.program, ORDERED_ON, at(TODAY)) == place_id, "once only"


def test_each_move_writes_the_facts_that_rules_read_and_flags_follow(database: Database) -> None:
    with database.system("test") as session, session.begin():
        matter, place_id = referred(session)

        def open_codes(day: date) -> set[str]:
            known = at(day, 20)
            spans = evaluate(load_facts(session, [matter.case]), switched_on(), known)
            return set(read_spans(spans, known)["code"])

        late = ORDERED_ON + timedelta(days=45)
        assert "ENROLLMENT_OVERDUE" in open_codes(late), "without a move, the missing enrollment is flagged"
        write(session, place_id, "reach", TODAY)
        write(session, place_id, "set_intake", TODAY, on=TODAY + timedelta(days=3))
        write(session, place_id, "hold_intake", TODAY + timedelta(days=3))
        seat = TODAY + timedelta(days=20)
        waiting = write(session, place_id, "wait", TODAY + timedelta(days=3), seat_on=seat)
        assert (waiting.line.state, waiting.seat_on) == (State.WAITING, seat)
        assert session.scalars(select(Letter.seat_on)).all() == [seat]
        placed = write(session, place_id, "place", TODAY + timedelta(days=10), group=matter.town.group)
        assert placed.line.group == "MON"
        assert "ENROLLMENT_OVERDUE" not in open_codes(late), "and clears when the person is placed"
        discharged = TODAY + timedelta(days=30)
        write(session, place_id, "discharge", discharged, why="ABSENCES")
        frames = load_facts(session, [matter.case])
        assert "discharged" in frames.enrollments["event"].to_list()
        assert place_page(session, place_id, discharged).moves == ()  # type: ignore[union-attr]


def test_the_group_before_stays_in_sight(database: Database) -> None:
    with database.system("test") as session, session.begin():
        matter, place_id = referred(session)
        write(session, place_id, "place", TODAY, group=matter.town.group)
        kept = session.scalars(select(EarlierPlace.group_id).where(EarlierPlace.enrollment_id == place_id)).all()
        assert kept == [None]


def test_nobody_is_discharged_for_unpaid_fees_without_the_note_on_ability_to_pay(database: Database) -> None:
    with database.system("test") as session, session.begin():
        matter, place_id = referred(session)
        place = write(session, place_id, "place", TODAY, group=matter.town.group)
        unpaid = Answers(on=TODAY, why="NON_PAYMENT")
        assert "ability" in faults_of(place, BY_NAME["discharge"], unpaid, TODAY)
        asked = Answers(on=TODAY, why="NON_PAYMENT", ability="Asked Jan 5: no income; sliding scale offered")
        assert faults_of(place, BY_NAME["discharge"], asked, TODAY) == {}
        leaky = Answers(on=TODAY, why="NON_PAYMENT", ability="his wife said he spends it all")
        assert "ability" in faults_of(place, BY_NAME["discharge"], leaky, TODAY)


def test_leave_is_approved_ahead_of_time_and_reaches_the_rules_day_by_day(database: Database) -> None:
    with database.system("test") as session, session.begin():
        matter, place_id = referred(session)
        place = write(session, place_id, "place", TODAY, group=matter.town.group)
        gone = Answers(on=TODAY - timedelta(days=2), until_on=TODAY, agreed=("provider",))
        assert "on" in faults_of(place, BY_NAME["leave"], gone, TODAY)
        first = TODAY + timedelta(days=7)
        both = ("provider", "court")
        write(session, place_id, "leave", TODAY, on=first, until_on=first + timedelta(days=6), agreed=both)
        leaves = load_facts(session, [matter.case]).leaves
        assert sorted(leaves["covers_on"]) == [first + timedelta(days=number) for number in range(7)]
        assert leaves["approved_by"].to_list()[0] == ["provider", "court"]


def test_a_transfer_says_where_from_and_who_agreed(database: Database) -> None:
    with database.system("test") as session, session.begin():
        matter, place_id = referred(session)
        far = build_town(session, code="far")
        write(session, place_id, "place", TODAY, group=matter.town.group, from_program=far.program, why_moved="MOVED",
              agreed=("probation",))  # fmt: skip
        (row,) = load_facts(session, [matter.case]).transfers.iter_rows(named=True)
        assert (row["from_program"], row["to_program"], row["reason"]) == (far.program, matter.town.program, "moved")
        assert row["authorized_by"] == ["probation"]
        place = place_page(session, place_id, TODAY)
        assert place is not None and "Came from far program" in [one.said for one in place.events]


@pytest.mark.parametrize(("there", "missing"), [(21, ["51 of 52 classes"]), (22, [])])
def test_classes_of_the_program_before_count_towards_the_certificate_of_the_one_after(
    database: Database, there: int, missing: list[str]
) -> None:
    with database.system("test") as session, session.begin():
        town, far = build_town(session), build_town(session, code="far")
        matter = person_with_order(session, town, enrolled_on=ORDERED_ON)
        days = weekly(ORDERED_ON, 30 + there)
        attended(session, matter, *days[:30])
        place_id = refer(session, matter.case, far.program, days[29], at(days[29], 10))
        write(session, place_id, "place", days[29] + timedelta(days=1), group=far.group, from_program=town.program,
              why_moved="MOVED", agreed=("probation",))  # fmt: skip
        moved = replace(matter, enrollment=place_id, town=far)
        attended(session, moved, *days[30:])
        session.flush()
        last = days[-1] + timedelta(days=8)
        assert [one.said for one in lacks(session, matter.case, far.program, last, at(last))] == missing


@pytest.mark.parametrize("classes", [51, 52])
def test_a_certificate_is_checked_against_the_duty_and_what_is_missing_is_said(
    database: Database, classes: int
) -> None:
    with database.system("test") as session, session.begin():
        town = build_town(session)
        matter = person_with_order(session, town, enrolled_on=ORDERED_ON)
        days = weekly(ORDERED_ON, classes)
        attended(session, matter, *days)
        session.flush()
        last = days[-1] + timedelta(days=8)
        missing = lacks(session, matter.case, town.program, last, at(last))
        said = [one.said for one in missing]
        assert said == ([] if classes == 52 else ["51 of 52 classes"])
        place = place_page(session, matter.enrollment, last)
        assert place is not None
        move = BY_NAME["complete"]
        assert move in place.moves
        faults = faults_of(replace(place, lacks=missing), move, Answers(on=last), last)
        assert bool(faults) == bool(missing), "what is missing needs the program's own words"
        write(session, matter.enrollment, "complete", last)
        spans = read_spans(evaluate(load_facts(session, [matter.case]), switched_on(), at(last, 20)), at(last, 20))
        assert ("COMPLETION_NOT_MET" in set(spans["code"])) == (classes == 51)
        reasons = session.scalars(select(EnrollmentEvent.why).where(current(EnrollmentEvent))).all()
        assert reasons.count("COMPLETED") == 1


def test_a_discharge_today_ends_a_place_whose_next_group_is_still_to_come(database: Database) -> None:
    with database.system("test") as session, session.begin():
        matter, place_id = referred(session)
        write(session, place_id, "place", TODAY, group=matter.town.group)
        other = Group(agency_id=matter.town.program_agency, program_id=matter.town.program, code="SAT", weekday=5,
                      starts_at=time(9))  # fmt: skip
        session.add(other)
        session.flush()
        write(session, place_id, "regroup", TODAY, on=TODAY + timedelta(days=20), group=other.id)
        tomorrow = TODAY + timedelta(days=1)
        ended = write(session, place_id, "discharge", tomorrow, why="MOVED")
        assert (ended.line.state, ended.moves) == (State.DISCHARGED, ())
        assert (ended.line.since, ended.line.next_on) == (tomorrow, None)


def test_an_intake_that_is_entered_late_was_missed_on_its_own_day(database: Database) -> None:
    with database.system("test") as session, session.begin():
        _matter, place_id = referred(session)
        late = TODAY + timedelta(days=10)
        write(session, place_id, "set_intake", late, on=TODAY + timedelta(days=3))
        missed = write(session, place_id, "miss_intake", late, on=TODAY + timedelta(days=3))
        assert missed.line.state is State.REFERRED
        again = write(session, place_id, "hold_intake", late, on=TODAY + timedelta(days=5))
        assert again.line.state is State.WAITING


def test_no_step_lies_before_the_one_that_it_follows(database: Database) -> None:
    with database.system("test") as session, session.begin():
        matter, place_id = referred(session)
        waited = TODAY + timedelta(days=9)
        waiting = write(session, place_id, "wait", waited, seat_on=waited + timedelta(days=30))
        before = Answers(on=TODAY, group=matter.town.group)
        told = faults_of(waiting, BY_NAME["place"], before, waited)
        assert told["on"].startswith("A later step is on record, of ")
        placed = write(session, place_id, "place", waited, group=matter.town.group)
        assert placed.seat_on is None, "a letter about a seat is over when there is one"
        assert "on" in faults_of(placed, BY_NAME["discharge"], Answers(on=TODAY, why="MOVED"), waited)


@pytest.mark.parametrize("away", [-1, 400])
def test_a_seat_is_expected_after_the_letter_and_within_a_year(database: Database, away: int) -> None:
    with database.system("test") as session, session.begin():
        _matter, place_id = referred(session)
        place = place_page(session, place_id, TODAY)
        assert place is not None
        answers = Answers(on=TODAY, seat_on=TODAY + timedelta(days=away))
        assert set(faults_of(place, BY_NAME["wait"], answers, TODAY)) == {"seat_on"}


@pytest.mark.parametrize("told", [{"why_moved": "MOVED"}, {"agreed": ("probation",)}])
def test_what_is_said_of_a_transfer_without_its_program_is_not_lost(database: Database, told: dict[str, Any]) -> None:
    with database.system("test") as session, session.begin():
        matter, place_id = referred(session)
        place = place_page(session, place_id, TODAY)
        assert place is not None
        answers = Answers(on=TODAY, group=matter.town.group, **told)
        assert set(faults_of(place, BY_NAME["place"], answers, TODAY)) == {"from_program"}


def test_leave_is_not_approved_twice_for_one_day(database: Database) -> None:
    with database.system("test") as session, session.begin():
        matter, place_id = referred(session)
        write(session, place_id, "place", TODAY, group=matter.town.group)
        first = TODAY + timedelta(days=7)
        gone = write(session, place_id, "leave", TODAY, on=first, until_on=first + timedelta(days=6), agreed=("court",))
        again = Answers(on=first + timedelta(days=6), until_on=first + timedelta(days=8), agreed=("court",))
        assert set(faults_of(gone, BY_NAME["leave"], again, TODAY)) == {"on"}
        after = Answers(on=first + timedelta(days=7), until_on=first + timedelta(days=8), agreed=("court",))
        assert faults_of(gone, BY_NAME["leave"], after, TODAY) == {}


@pytest.mark.parametrize(("minutes", "days", "said"), [
    (90, 7, ["78 of 104 hours"]), (120, 7, []), (120, 3, ["the shortest time ends Mon, Jan 4, 2027"]),
])  # fmt: skip
def test_a_certificate_is_checked_for_hours_and_for_the_shortest_time_too(
    database: Database, minutes: int, days: int, said: list[str]
) -> None:
    with database.system("test") as session, session.begin():
        town = build_town(session)
        terms = {"bip.hours_min": 104, "bip.length_min": 52}
        matter = person_with_order(session, town, terms=terms, enrolled_on=ORDERED_ON)
        classes = [ORDERED_ON + timedelta(days=days * number) for number in range(52)]
        attended(session, matter, *classes, minutes=minutes)
        session.flush()
        last = classes[-1] + timedelta(days=8)
        assert [one.said for one in lacks(session, matter.case, town.program, last, at(last))] == said


@pytest.mark.parametrize(("there", "here", "every", "said"), [
    (120, 120, 7, []), (120, 90, 7, ["93 of 104 hours"]), (90, 120, 7, ["89 of 104 hours"]),
    (120, 120, 3, ["the shortest time ends Mon, Jan 4, 2027"]),
    (90, 120, 3, ["the shortest time ends Mon, Jan 4, 2027", "89 of 104 hours"]),
])  # fmt: skip
def test_hours_and_weeks_of_the_program_before_count_towards_the_certificate_of_the_one_after(
    database: Database, there: int, here: int, every: int, said: list[str]
) -> None:
    with database.system("test") as session, session.begin():
        town, far = build_town(session), build_town(session, code="far")
        terms = {"bip.hours_min": 104, "bip.length_min": 52}
        matter = person_with_order(session, town, terms=terms, enrolled_on=ORDERED_ON)
        days = [ORDERED_ON + timedelta(days=every * number) for number in range(52)]
        attended(session, matter, *days[:30], minutes=there)
        place_id = refer(session, matter.case, far.program, days[29], at(days[29], 10))
        write(session, place_id, "place", days[29] + timedelta(days=1), group=far.group, from_program=town.program,
              why_moved="MOVED", agreed=("probation",))  # fmt: skip
        attended(session, replace(matter, enrollment=place_id, town=far), *days[30:], minutes=here)
        session.flush()
        last = days[-1] + timedelta(days=8)
        assert [one.said for one in lacks(session, matter.case, far.program, last, at(last))] == said


def second_program(session: Session, program_id: int) -> int:
    """Another program of the same agency."""
    first = session.get_one(Program, program_id)
    told = {name: getattr(first, name) for name in first.__mapper__.column_attrs.keys()}
    row = Program(**told | {"id": random_id(), "code": "SECOND", "name": "A second program"})
    session.add(row)
    session.flush()
    return row.id


def test_waiting_for_a_place_in_one_program_says_nothing_of_the_agencys_other_one(database: Database) -> None:
    day = TODAY + timedelta(days=10)
    with database.system("test: two programs of one agency") as session, session.begin():
        matter, first = referred(session)
        write(session, first, "place", TODAY, group=matter.town.group)
        referred_on = ORDERED_ON + timedelta(days=5)
        other = second_program(session, matter.town.program)
        second = refer(session, matter.case, other, referred_on, at(referred_on, 11))
        assert write(session, second, "wait", day, seat_on=day + timedelta(days=20)).line.state is State.WAITING
        there = place_page(session, first, day)
        assert there is not None and there.line.state is State.ENROLLED and there.seat_on is None
        assert there.not_before == TODAY and not any("list" in one.said for one in there.events)
        by = Receiver(_agency(session, first), matter.town.program, 7, at(day, 15), day)
        assert take_back_last(session, first, by)
        waits = place_page(session, second, day)
        assert waits is not None and waits.line.state is State.WAITING, "only the group was taken back"
