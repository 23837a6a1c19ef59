"""Clocks of the matrix stand still while the program is closed, in hospital, in custody, and by the court.

Every place that reads one is asked here: the question's page, the report, the prosecution, the docket, the strip.
"""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.allegations.clocks import clocks
from monitor.allegations.facts import Matter as Alleged
from monitor.clock import end_of_day
from monitor.docket.strip import _unheard
from monitor.flag_review.reading import flag_page
from monitor.handoffs.arrows import ARROWS
from monitor.handoffs.due_dates import due_of
from monitor.handoffs.places import places_with_stops
from monitor.handoffs.reading import READERS
from monitor.handoffs.targets import Targets
from monitor.models import Pause, Response, random_id
from monitor.prosecution.clock import clock_of
from monitor.response_matrix.clocks import LastDay, Stop, court_days, last_day, last_day_of
from monitor.response_matrix.default import DEFAULT
from tests.builders import at
from tests.monitor.matrix_office import MISSED, ZONE, adopted, another, chosen, decided, with_a_missed_class
from tests.office import NOW, TODAY, hearing

FRIDAY = date(2026, 2, 27)  # the day of the missed class: five court days later is Friday, March 6
DAY = timedelta(days=1)


@pytest.fixture
def office(database):
    made = with_a_missed_class(database)
    adopted(made)
    return made


def pause(office, kind, since, until=None, **told):
    with office.database.system("test: time stops") as session, session.begin():
        session.add(
            Pause(id=random_id(), case_id=office.matter.case, agency_id=office.town.office, kind=kind, starts_on=since,
                  ends_on=until, recorded_at=told.pop("recorded_at", NOW - DAY), **told)
        )  # fmt: skip


def range_here(office, flag_id=0):
    with office.scoped() as session:
        return flag_page(session, flag_id or office.missed, NOW).range


# ── the function ────────────────────────────────────────────────────────────────────────────────────────────────────


def naive(days, of_court, from_on, shut, stops):
    """A day at a time: what is inside a pause or, of court days, shut, is not counted."""
    day = from_on
    for _ in range(4_000):
        if not days:
            return day
        day += DAY
        inside = any(stop.since <= day and (stop.until is None or day < stop.until) for stop in stops)
        days -= not inside and (not of_court or (day.weekday() < 5 and day not in shut))
    return None


near = st.integers(0, 40).map(lambda ahead: FRIDAY + ahead * DAY)
stretches = st.builds(
    lambda since, length: Stop(since, since + length * DAY if length else None, "CUSTODY"), near, st.integers(0, 25)
)


@given(st.integers(0, 30), st.booleans(), near, st.sets(near, max_size=5), st.lists(stretches, max_size=4))
def test_the_last_day_is_that_of_a_count_day_by_day_however_pauses_lie(days, of_court, from_on, shut, stops):
    found = last_day(f"{days} {'court ' if of_court else ''}days", from_on, shut, stops)
    assert found is not None and found.on == naive(days, of_court, from_on, shut, stops)
    assert bool(found.stops) or found.on == naive(days, of_court, from_on, shut, [])


@pytest.mark.parametrize(
    ("stops", "on", "words"),
    [
        ([], date(2026, 3, 6), ""),
        ([Stop(date(2026, 3, 3), date(2026, 3, 5), "PROVIDER_CLOSED")], date(2026, 3, 10),
         "Paused from Tue, Mar 3, 2026 because the program is closed, continues Thu, Mar 5, 2026."),
        ([Stop(date(2026, 2, 1), date(2026, 3, 10), "HOSPITAL")], date(2026, 3, 16),
         "Paused from Sun, Feb 1, 2026 because the person is in hospital, continues Tue, Mar 10, 2026."),
        ([Stop(date(2026, 3, 2), None, "CUSTODY")], None,
         "Paused from Mon, Mar 2, 2026 because the person is in custody, continues when that ends."),
        ([Stop(date(2026, 3, 7), None, "CUSTODY")], date(2026, 3, 6), ""),  # it was over by then
    ],
)  # fmt: skip
def test_five_court_days_from_a_friday_with_what_stops_them(stops, on, words):
    found = last_day("5 court days", FRIDAY, (), stops)
    assert (found.on, found.paused()) == (on, words)


def test_a_pause_that_is_over_is_told_of_as_over():
    stop = Stop(date(2026, 3, 3), date(2026, 3, 10), "HOSPITAL")
    found = last_day("5 court days", FRIDAY, (), [stop])
    still = "Paused from Tue, Mar 3, 2026 because the person is in hospital, continues Tue, Mar 10, 2026."
    assert found.paused(date(2026, 3, 10)) == still
    assert found.paused(date(2026, 6, 2)) == still.replace(" is ", " was ").replace("continues", "continued")


def test_a_pause_until_the_end_of_the_calendar_has_no_end():
    assert last_day("5 court days", FRIDAY, (), [Stop(FRIDAY, date.max, "CUSTODY")]).on is None


def test_the_same_day_is_the_same_day_and_a_clock_without_days_has_none():
    held = [Stop(FRIDAY, None, "CUSTODY")]
    assert last_day("same day", FRIDAY, (), held) == LastDay(FRIDAY)
    assert last_day("first available", FRIDAY, (), held) is None


@pytest.mark.parametrize(("name", "waits"), [("open", False), ("respond", False), ("report", True), ("hearing", True)])
def test_what_the_court_continued_stops_the_steps_before_the_court_and_no_other_office(name, waits):
    put_off = [Stop(FRIDAY + DAY, FRIDAY + 20 * DAY, "CONTINUED")]
    found, plain = (last_day_of(DEFAULT, "C", name, FRIDAY, (), stops) for stops in (put_off, []))
    assert (found != plain) is waits


@pytest.mark.parametrize("response_class", ["D", "E"])
def test_a_danger_does_not_wait_for_a_release(response_class):
    held = [Stop(FRIDAY, None, "CUSTODY")]
    for name in DEFAULT.classes[response_class].clocks:
        assert last_day_of(DEFAULT, response_class, name, FRIDAY, (), held) == last_day_of(
            DEFAULT, response_class, name, FRIDAY, (), ()
        )


# ── every place that reads one ──────────────────────────────────────────────────────────────────────────────────────


def test_a_question_says_from_when_why_and_until_when_its_clock_stands_still(office):
    assert (range_here(office).respond_by, range_here(office).paused) == (date(2026, 3, 6), "")
    pause(office, "HOSPITAL", date(2026, 3, 2), date(2026, 3, 4))
    found = range_here(office)
    assert found.respond_by == date(2026, 3, 10)
    assert found.paused == "Paused from Mon, Mar 2, 2026 because the person is in hospital, continues Wed, Mar 4, 2026."


def test_what_like_cases_took_leaves_out_the_days_on_which_time_stood_still(office):
    pause(office, "CUSTODY", date(2026, 3, 2), date(2026, 3, 9))
    weeks = NOW + timedelta(days=90)
    with office.scoped() as session:
        found = flag_page(session, office.missed, weeks).range
        plain = court_days(found.opened_on, weeks.date(), ())
    assert found.days_so_far == plain - 5 and "was in custody, continued Mon, Mar 9, 2026" in found.paused
    decided(office, office.missed, chosen(), weeks)
    with office.database.system("test: kept") as session:
        assert session.query(Response).one().court_days == plain - 5


def test_while_nobody_knows_the_end_there_is_no_day_and_a_release_that_is_entered_gives_one(office):
    pause(office, "CUSTODY", date(2026, 3, 2))
    assert range_here(office).respond_by is None and "continues when that ends" in range_here(office).paused
    with office.database.system("test: released") as session, session.begin():
        held = session.query(Pause).one()
        session.add(Pause(id=random_id(), case_id=held.case_id, agency_id=held.agency_id, kind="CUSTODY",
                          starts_on=held.starts_on, ends_on=date(2026, 3, 3), supersedes_id=held.id, recorded_at=NOW))
    assert range_here(office).respond_by == date(2026, 3, 9)


def test_a_pause_that_was_taken_back_and_one_of_another_kind_stop_nothing(office):
    pause(office, "CUSTODY", date(2026, 3, 2), retracted=True)
    pause(office, "WARRANT", date(2026, 3, 2))
    assert range_here(office).respond_by == date(2026, 3, 6)


def test_a_question_of_class_d_keeps_its_day_in_custody(office):
    breach = another(office, "D", "NO_CONTACT", first_on=MISSED)
    pause(office, "CUSTODY", MISSED)
    assert range_here(office, breach).respond_by == date(2026, 3, 2) and not range_here(office, breach).paused


def test_the_report_to_the_court_waits_with_the_court_that_continued_it(office):
    def told():
        with office.scoped() as session:
            [clock] = clocks(session, office.matter.case, [office.missed], ZONE, NOW)
            return clock.due_on, clock.paused

    plain = MISSED + timedelta(days=30)
    assert told() == (plain, "")
    with office.database.system("test: continued") as session, session.begin():
        hearing(session, office.matter, at(date(2026, 3, 2), 9), "CONTINUED")
    assert told() == (plain, "")  # with no date after it nothing says until when
    with office.database.system("test: a next date") as session, session.begin():
        hearing(session, office.matter, at(date(2026, 3, 12), 9), "OFF_CALENDAR")
        hearing(session, office.matter, at(date(2026, 4, 20), 9))
    on, paused = told()
    assert on == date(2026, 4, 20)  # the review itself; without the pause the report had been due on March 29
    assert paused == ("Paused from Mon, Mar 2, 2026 because the court continued the hearing, continues"
                      " Mon, Apr 20, 2026.")  # fmt: skip
    assert range_here(office).respond_by == date(2026, 3, 6)  # the office's own answer is not the court's to wait for


def test_a_report_stands_still_in_custody_and_says_so(office):
    pause(office, "CUSTODY", date(2026, 3, 2))
    with office.scoped() as session:
        [clock] = clocks(session, office.matter.case, [office.missed], ZONE, NOW)
    assert clock.due_on is None and clock.days_over < 0
    assert clock.paused.startswith("Paused from Mon, Mar 2, 2026 because the person is in custody")


def test_the_prosecution_decides_by_a_clock_with_the_same_pauses(office):
    b = msgspec.structs.replace(DEFAULT.classes["B"], clocks={**DEFAULT.classes["B"].clocks, "decide": "5 court days"})
    adopted(office, number=2, content=msgspec.structs.replace(DEFAULT, classes={**DEFAULT.classes, "B": b}))
    pause(office, "PROVIDER_CLOSED", date(2026, 3, 2), date(2026, 3, 4))
    matter = Alleged(flag_id=office.missed, version="v1", code="ABSENCE_UNEXCUSED", response_class="B", title="",
                     sentence="", provision="", first_on=MISSED, due_on=None, rows=(), not_counted=())  # fmt: skip
    with office.scoped() as session:
        clock = clock_of(session, office.matter.case, [matter], at(FRIDAY), ZONE, NOW)
    assert clock.due_on == date(2026, 3, 10) and "the program is closed" in clock.paused


def test_the_strip_and_the_measures_follow_the_same_clock_as_it_was_known_then(office):
    def due(now):
        with office.scoped() as session:
            cases = frozenset({office.matter.case})
            place = places_with_stops(session, cases, now)[office.matter.case]
            [arrow] = [one for one in ARROWS if one.measure == "M12"]
            [gap] = [one for one in READERS["M12"](session, cases, now) if one.response_class == "B"]
            return due_of(session, arrow, gap, place, Targets())

    assert due(NOW).at == end_of_day(date(2026, 3, 6), ZONE)
    pause(office, "HOSPITAL", date(2026, 3, 2), date(2026, 3, 4))
    assert due(NOW).at == end_of_day(date(2026, 3, 10), ZONE)
    assert "in hospital" in due(NOW).paused
    assert due(NOW - 2 * DAY).at == end_of_day(date(2026, 3, 6), ZONE)  # nobody knew of it yet


@pytest.mark.parametrize(
    ("paused", "hearings", "late"),
    [([], [], True), ([("HOSPITAL", date(2026, 2, 20), None)], [], False),
     ([("WARRANT", date(2026, 2, 20), None)], [], True),
     ([], [("CONTINUED", date(2026, 2, 16)), (None, date(2026, 3, 10))], False),
     # a date that was taken off the calendar is not the next one
     ([], [("CONTINUED", date(2026, 2, 16)), ("OFF_CALENDAR", date(2026, 2, 18)), (None, date(2026, 3, 10))], False)],
)  # fmt: skip
def test_the_docket_counts_no_case_whose_clock_stands_still(paused, hearings, late):
    shown = SimpleNamespace(
        filed={1: SimpleNamespace(approved_at=at(date(2026, 2, 10)))}, zone=ZONE, today=TODAY, known_at=NOW,
        of=lambda name: [SimpleNamespace(word=kind, day=since, until=until) for kind, since, until in paused],
        hearings=[SimpleNamespace(outcome=outcome, starts_at=at(day)) for outcome, day in hearings],
        held=lambda known_at: [],
    )  # fmt: skip
    flag = SimpleNamespace(id=1, response_class="C")  # heard within 14 days: by February 24
    assert _unheard(shown, flag, DEFAULT, frozenset()) is late
