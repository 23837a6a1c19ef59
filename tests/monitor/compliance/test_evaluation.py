"""Facts become spans and flags: what is new is evaluated, nothing twice, nothing lost, and replay is a read."""

from __future__ import annotations

import subprocess
import sys
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from monitor.compliance import evaluation, ground, news, replay
from monitor.db import Database
from monitor.models import Attendance, County, Court, Dirty, Flag, Outbox, PolicyTerm, Span, random_id
from tests.builders import (
    ORDERED_ON,
    Matter,
    absent,
    add_user,
    adjudicate,
    at,
    attended,
    build_town,
    correct,
    cover,
    person_with_order,
    unexcused,
    weekly,
)
from tests.monitor.compliance.county import (
    PACKS,
    compare,
    evaluate_news,
    flags,
    forget_marks,
    kept,
    reading,
    sweep,
    writing,
)

FIRST = date(2026, 1, 12)
NOW = at(date(2026, 2, 20))


def _missed_twice(database: Database) -> Matter:
    with writing(database) as session:
        matter = person_with_order(session, build_town(session))
        unexcused(session, matter, *weekly(FIRST, 2))
    return matter


def test_what_is_new_is_evaluated_once(database: Database):
    _missed_twice(database)

    first, second = evaluate_news(database, NOW), evaluate_news(database, NOW + timedelta(minutes=1))

    assert first.cases == 1
    assert first.spans_added > 0
    assert second == evaluation.Totals()


def test_rows_of_a_case_whose_order_asks_for_nothing_are_counted_in_the_runs_line(database: Database):
    """Its only duty is a ban: nobody evaluates the classes, and the run says how many there are."""
    _missed_twice(database)
    with writing(database) as session:
        town = build_town(session, code="far")
        attended(session, person_with_order(session, town, duties=("no_contact",), number="2"), *weekly(FIRST, 3))

    totals = evaluate_news(database, NOW)

    assert totals.cases == 2
    assert totals.unplaced["sessions"] == 3


def test_an_absence_that_is_decided_becomes_a_flag_on_the_officers_desk(database: Database):
    matter = _missed_twice(database)
    evaluate_news(database, NOW)

    with reading(database) as session:
        found = session.scalars(select(Flag).where(Flag.code == "ABSENCE_UNEXCUSED")).all()
    assert [flag.state for flag in found] == ["OPEN", "OPEN"]
    assert {flag.agency_id for flag in found} == {matter.town.office}
    assert {flag.owner for flag in found} == {"offender"}


def test_an_evaluation_of_the_same_facts_changes_nothing(database: Database):
    _missed_twice(database)
    evaluate_news(database, NOW)
    before = kept(database)

    totals = evaluation.evaluate_now(database, PACKS, NOW + timedelta(hours=1), full=True)

    assert (totals.cases, totals.spans_added, totals.spans_closed) == (1, 0, 0)
    assert kept(database) == before


def _certain(spans: list[Span]) -> set[str]:
    return {span.code for span in spans if span.certainty == "CERTAIN"}


def test_a_span_that_is_corrected_away_stays_readable_as_it_was_known(database: Database):
    matter = _missed_twice(database)
    evaluate_news(database, NOW)
    later = NOW + timedelta(days=3)
    with writing(database) as session:
        for row in session.scalars(select(Attendance)):
            correct(session, row, later, outcome="PRESENT", program_says="P", minutes=120)
    evaluate_news(database, later)

    with reading(database) as session:
        then = _certain(replay.spans_as_kept(session, [matter.case], NOW, NOW))
        now = _certain(replay.spans_as_kept(session, [matter.case], later, later))
    assert "ABSENCE_UNEXCUSED" in then
    assert "ABSENCE_UNEXCUSED" not in now


def test_what_the_rules_say_of_the_record_as_it_stood_is_what_was_kept_then(database: Database):
    matter = _missed_twice(database)
    evaluate_news(database, NOW)
    with writing(database) as session:
        cover(session, matter, FIRST, FIRST + timedelta(days=28), recorded_on=date(2026, 2, 22))
        absent(session, matter, FIRST + timedelta(days=14), recorded_on=date(2026, 2, 23))
    evaluate_news(database, NOW + timedelta(days=9))

    with reading(database) as session:
        for known_at in (NOW, NOW + timedelta(days=1), NOW + timedelta(days=9)):
            said = replay.evaluate_as_known(session, PACKS, known_at, [matter.case])
            stored = replay.spans_as_kept(session, [matter.case], known_at)
            assert {(span.key, span.version) for span in stored} == set(said.select("key", "version").rows())


def test_news_that_comes_while_we_read_is_not_passed_over(database: Database):
    matter = _missed_twice(database)
    with reading(database) as session:
        read = news.read_news(session, PACKS, NOW)
    assert read is not None
    with writing(database) as session:
        unexcused(session, matter, FIRST + timedelta(days=14))
    totals = evaluation.Totals()
    with writing(database) as session:
        evaluation.keep_news(session, read, NOW, totals)

    assert totals.cases == 0, "it was read before the newest fact, and may not be kept"
    assert evaluate_news(database, NOW).cases == 1
    assert len(flags(database, "ABSENCE_UNEXCUSED")) == 3


def test_a_worker_that_read_earlier_does_not_write_over_one_that_read_later(database: Database):
    matter = _missed_twice(database)
    with reading(database) as session:
        slow = news.read_news(session, PACKS, NOW)
    with writing(database) as session:
        unexcused(session, matter, FIRST + timedelta(days=14))
    evaluate_news(database, NOW)
    after = kept(database)
    assert slow is not None
    with writing(database) as session:
        evaluation.keep_news(session, slow, NOW, evaluation.Totals())

    assert kept(database) == after


def test_a_case_that_cannot_be_evaluated_stops_no_other_and_stays_marked(database: Database):
    with writing(database) as session:
        town = build_town(session)
        good = [person_with_order(session, town) for _ in range(4)]
        for matter in good:
            absent(session, matter, FIRST)
        bad = person_with_order(session, town, facts={"supervision_started_on": "not a day"})

    with pytest.raises(evaluation.CasesFailed):
        evaluate_news(database, NOW)

    with reading(database) as session:
        assert set(session.scalars(select(Dirty.case_id))) == {bad.case}
        assert set(session.scalars(select(Span.case_id))) == {matter.case for matter in good}


def test_a_clock_that_is_behind_hides_no_fact_and_turns_no_axis_round(database: Database):
    _missed_twice(database)
    evaluate_news(database, NOW)
    with writing(database) as session:
        row = session.scalars(select(Attendance)).first()
        correct(session, row, NOW + timedelta(minutes=5), outcome="PRESENT", program_says="P")
    evaluate_news(database, NOW - timedelta(hours=2))

    assert len(flags(database, "ABSENCE_UNEXCUSED")) == 2
    assert flags(database, "ABSENCE_UNEXCUSED").count(("ABSENCE_UNEXCUSED", "OPEN")) == 1
    with reading(database) as session:
        for span in session.scalars(select(Span).where(Span.known_until.is_not(None))):
            assert span.known_until >= span.known_from


def _overdue_after_an_outage(database: Database, decided: timedelta, *, sweep_first: bool) -> list[tuple[str, str]]:
    """Of two missed classes, swept that evening, one is decided so long after the day; all is down meanwhile."""
    with writing(database) as session:
        town = build_town(session)
        missed = [absent(session, person_with_order(session, town), FIRST).id for _ in range(2)]
    evaluate_news(database, at(FIRST, 20))
    sweep(database, at(FIRST, 20))
    with reading(database) as session:
        [overdue] = set(session.scalars(select(Span.starts_at).where(Span.code == "ADJUDICATION_OVERDUE")))
    with writing(database) as session:
        row = adjudicate(session, session.get_one(Attendance, missed[0]), "UNEXCUSED", (overdue + decided).date())
        row.recorded_at = overdue + decided
    for work in (sweep, evaluate_news) if sweep_first else (evaluate_news, sweep):
        work(database, overdue + timedelta(days=2))
    return sorted(flags(database, "ADJUDICATION_OVERDUE"))


OVERDUE = "ADJUDICATION_OVERDUE"


@pytest.mark.parametrize("sweep_first", [True, False])
def test_what_held_until_it_was_answered_is_on_record_whoever_looks_first(database: Database, sweep_first: bool):
    told = _overdue_after_an_outage(database, timedelta(hours=14), sweep_first=sweep_first)
    assert told == [(OVERDUE, "CLEARED"), (OVERDUE, "OPEN")], "of the other class nobody has decided"


def test_what_was_answered_in_time_leaves_no_flag_after_an_outage(database: Database):
    told = _overdue_after_an_outage(database, -timedelta(hours=3), sweep_first=False)
    assert told == [(OVERDUE, "OPEN")], "of the other class nobody has decided"


# --- ground -----------------------------------------------------------------------------------------------------------


def test_new_packs_policies_closed_days_and_a_new_year_are_news_about_everybody(database: Database):
    with writing(database) as session:
        town = build_town(session)
        for _ in range(3):
            person_with_order(session, town)
    evaluate_news(database, NOW)

    assert evaluate_news(database, NOW).cases == 0
    with writing(database) as session:
        session.add(
            PolicyTerm(agency_id=town.court_agency, court_id=town.court, program_id=None, term="adjudication.due",
                       value={"value": 3}, from_on=ORDERED_ON, citation="Local rule 4", recorded_at=NOW)
        )  # fmt: skip
    assert evaluate_news(database, NOW).cases == 3
    assert evaluate_news(database, at(date(2027, 1, 1))).cases == 3
    assert evaluate_news(database, at(date(2027, 1, 2))).cases == 0


def test_a_county_sets_a_number_for_all_its_courts_and_the_flag_says_that_the_county_did(database: Database):
    with writing(database) as session:
        town = build_town(session)
        county = County(id=random_id(), state="CA", name="Lake")
        session.add(county)
        session.flush()
        session.get(Court, town.court).county_id = county.id
        session.add(
            PolicyTerm(agency_id=town.court_agency, court_id=None, county_id=county.id, program_id=None,
                       term="hearing.review_within_days", value={"value": 10}, from_on=date(2025, 1, 1),
                       citation="County plan 7", recorded_at=at(ORDERED_ON))
        )  # fmt: skip
        person_with_order(session, town)
    evaluate_news(database, NOW)

    def told() -> list[tuple[date, str]]:
        with reading(database) as session:
            current = select(Span).where(Span.code == "REVIEW_HEARING_OVERDUE", Span.known_until.is_(None))
            return [(one.due_on, one.content["authority"][0]["basis"]) for one in session.scalars(current)]

    county_says = told()
    assert [basis for _, basis in county_says] == ["county_policy"]
    with writing(database) as session:
        session.add(
            PolicyTerm(agency_id=town.court_agency, court_id=town.court, county_id=None, program_id=None,
                       term="hearing.review_within_days", value={"value": 20}, from_on=date(2025, 1, 1),
                       citation="Local rule 4", recorded_at=NOW)
        )  # fmt: skip
    evaluate_news(database, NOW)
    court_says = told()
    assert [basis for _, basis in court_says] == ["court_policy"]
    assert court_says[0][0] > county_says[0][0]


def test_the_fingerprint_of_the_packs_is_the_same_in_every_process():
    code = (
        "from monitor.compliance import evaluation, ground; import msgspec, hashlib;"
        "p = evaluation.switched_on();"
        "print(hashlib.md5(msgspec.json.encode([p.packs, p.duties, p.rules], order='deterministic')).hexdigest(),"
        " ground.rules_code())"
    )
    said = {
        subprocess.run([sys.executable, "-c", code], env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
                       capture_output=True, text=True, check=True).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(said) == 1


# --- the nightly check ------------------------------------------------------------------------------------------------


def test_the_nightly_check_agrees_with_what_was_kept(database: Database):
    _missed_twice(database)
    evaluate_news(database, NOW)

    findings = compare(database, NOW + timedelta(hours=9))

    assert (findings.cases, findings.cases_differing, findings.cases_failed) == (1, 0, 0)


def test_the_nightly_check_tells_a_difference_once_and_has_it_evaluated_again(database: Database):
    matter = _missed_twice(database)
    with writing(database) as session:
        add_user(session, matter.town.court_agency, "administrator", "admin@x.example")
    evaluate_news(database, NOW)
    before = kept(database)
    with writing(database) as session:  # a span lost by hand, as no run would
        span = session.scalars(select(Span).where(Span.code == "ABSENCE_UNEXCUSED")).first()
        assert span is not None
        span.known_until = NOW

    first, second = compare(database, NOW), compare(database, NOW)

    assert (first.cases_differing, first.spans_differing) == (1, 1)
    assert second.cases == 0, "a case that waits for evaluation may differ"
    with reading(database) as session:
        assert len(session.scalars(select(Outbox)).all()) == 1
    evaluate_news(database, NOW)
    assert kept(database) == before


def test_the_nightly_check_leaves_out_cases_that_wait(database: Database):
    matter = _missed_twice(database)
    evaluate_news(database, NOW)
    with writing(database) as session:
        unexcused(session, matter, FIRST + timedelta(days=14))

    assert compare(database, NOW).cases == 0
    forget_marks(database)
    assert compare(database, NOW).cases_differing == 1


# --- time -------------------------------------------------------------------------------------------------------------


def _one_day(database: Database, matters: list[Matter], day: date) -> None:
    """What a small county learns on one day: classes, decisions a day later, a correction now and then."""
    with writing(database) as session:
        for number, matter in enumerate(matters):
            if day.weekday() == 0 and (day - FIRST).days >= 0:
                week = (day - FIRST).days // 7
                if (week + number) % 5 == 3:
                    row = absent(session, matter, day)
                    if number % 2:
                        adjudicate(session, row, "UNEXCUSED", day)
                elif (week + number) % 5 != 4:
                    row = attended(session, matter, day)
                    if (week + number) % 7 == 2:
                        correct(session, row, at(day, 17), outcome="ABSENT", program_says="ABS", minutes=None)
            if day.day == 20 and number % 2 == 0:
                cover(session, matter, day - timedelta(days=28), day)


def test_evaluating_day_by_day_what_is_new_equals_evaluating_everything_at_the_end(database: Database):
    with writing(database) as session:
        town = build_town(session)
        matters = [person_with_order(session, town, enrolled_on=FIRST) for _ in range(6)]
    day, last = ORDERED_ON, date(2026, 3, 24)
    evaluated = 0
    while day <= last:
        _one_day(database, matters, day)
        evaluated += evaluate_news(database, at(day, 20)).cases
        sweep(database, at(day, 20))
        day += timedelta(days=1)
    chained = kept(database)

    findings = compare(database, at(last, 21))
    totals = evaluation.evaluate_now(database, PACKS, at(last, 21), full=True)

    assert (findings.cases, findings.spans_differing) == (6, 0)
    assert (totals.cases, totals.spans_added, totals.spans_closed) == (6, 0, 0)
    assert kept(database) == chained
    assert evaluated < 6 * 79 / 2, "only cases with news are evaluated"
    assert chained


def test_a_horizon_is_the_end_of_next_year():
    assert ground.horizon(datetime.fromisoformat("2026-11-25T08:00:00+00:00")) == date(2027, 12, 31)
