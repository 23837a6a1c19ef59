"""A county lives sixty days: evaluating only what became known equals evaluating everything, at the end and between.

What comes: classes, late and back-dated rows, rows about days to come, corrections, retractions, decisions, pauses, a
court's policy, an order's new term, and a value of a pack whose day of being known arrives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import msgspec
import polars as pl
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.compliance import evaluation, replay
from monitor.compliance.loading import load_facts
from monitor.db import Database
from monitor.models import Attendance, Pause, PolicyTerm, Requirement, Span
from rules.folder import Run, evaluate_folder
from rules.pack_files import Packs, Term
from rules.partitions import name_of, split, write_partition, write_shared
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
    decide,
    number_from,
    person_with_order,
    random_id,
    report,
)
from tests.monitor.compliance.county import PACKS, compare, kept, reading, sweep, writing

DAYS = 60
FIRST = ORDERED_ON + timedelta(days=7)
LAST = ORDERED_ON + timedelta(days=DAYS - 1)
LOOKED_BACK = [ORDERED_ON + timedelta(days=n) for n in (11, 23, 41, 59)]
NEWLY_KNOWN = ORDERED_ON + timedelta(days=35)
Learn = Callable[[Session, Matter, int, date], None]


def monday_class(session: Session, matter: Matter, number: int, day: date) -> None:
    """A class on Mondays: most come, some do not, some rows come a week late."""
    if day.weekday() or day < FIRST:
        return
    turn = (day.toordinal() // 7 + number) % 5
    if turn == 3:
        missed = absent(session, matter, day)
        if number % 3:
            adjudicate(session, missed, "EXCUSED" if number % 3 == 2 else "UNEXCUSED", day + timedelta(days=0))
    elif turn != 4:
        attended(session, matter, day)
    elif number % 2:
        absent(session, matter, day - timedelta(days=7), recorded_on=day, number=2)


def day_to_come(session: Session, matter: Matter, number: int, day: date) -> None:
    """A class is put on record for a day that has not come, and once a pause that begins later."""
    if (day - ORDERED_ON).days == 12 + number % 7:
        absent(session, matter, day + timedelta(days=9), recorded_on=day, number=3)
    if (day - ORDERED_ON).days == 20 and number % 6 == 1:
        session.add(paused(matter, day + timedelta(days=5), None, day))


def paused(matter: Matter, starts: date, ends: date | None, known: date) -> Pause:
    """Custody, as the court's clerk enters it."""
    return Pause(
        id=random_id(), case_id=matter.case, agency_id=matter.town.office, recorded_at=at(known), kind="CUSTODY",
        basis="HOLD", starts_on=starts, ends_on=ends,
    )  # fmt: skip


def pause_ends(session: Session, matter: Matter, number: int, day: date) -> None:
    """The pause gets its end, known two days after it."""
    if (day - ORDERED_ON).days == 38 and number % 6 == 1:
        row = session.scalars(select(Pause).where(Pause.case_id == matter.case)).one()
        correct(session, row, at(day), ends_on=day - timedelta(days=2))


def correction(session: Session, matter: Matter, number: int, day: date) -> None:
    """A row is corrected twice on one day, another is taken back: it was the wrong person's."""
    rows = session.scalars(
        select(Attendance).where(Attendance.case_id == matter.case, Attendance.supersedes_id.is_(None))
        .order_by(Attendance.occurred_on, Attendance.id)
    ).all()  # fmt: skip
    if (day - ORDERED_ON).days == 30 + number % 4 and rows:
        once = correct(session, rows[0], at(day, 9), outcome="ABSENT", program_says="ABS", minutes=None)
        session.flush()
        correct(session, once, at(day, 10), outcome="PRESENT", program_says="P", minutes=100)
    if (day - ORDERED_ON).days == 45 and number % 4 == 2 and len(rows) > 1:
        correct(session, rows[1], at(day), retract=True)


def papers(session: Session, matter: Matter, number: int, day: date) -> None:
    """Rosters, proof of enrollment, a review by the court."""
    passed = (day - ORDERED_ON).days
    if passed == 28 and number % 2:
        cover(session, matter, FIRST, day)
    if passed == 15 + number % 20:
        report(session, matter, "ENROLLMENT_PROOF", day, "PERSON", "COURT")
    if passed == 40 and number % 5 == 0:
        decide(session, matter, "REVIEW_HELD", day)


def new_term(session: Session, matter: Matter, number: int, day: date) -> None:
    """The court changes what one order asks."""
    if (day - ORDERED_ON).days == 33 and number % 5 == 3:
        duty = session.scalars(select(Requirement).where(Requirement.case_id == matter.case)).one()
        session.add(
            Requirement(
                id=random_id(), case_id=duty.case_id, agency_id=duty.agency_id, order_id=duty.order_id, kind=duty.kind,
                from_on=duty.from_on, terms={"bip.excused_absences_max": 1}, recorded_at=at(day), supersedes_id=duty.id,
            )
        )  # fmt: skip


LEARNED: list[Learn] = [monday_class, day_to_come, pause_ends, correction, papers, new_term]


def policy(session: Session, matter: Matter, day: date) -> None:
    """The court's own policy, half-way."""
    session.add(
        PolicyTerm(agency_id=matter.town.court_agency, court_id=matter.town.court, program_id=None,
                   term="adjudication.due", value={"value": 3}, from_on=day, citation="Local rule 4",
                   recorded_at=at(day))
    )  # fmt: skip


def with_news_in_the_law() -> Packs:
    """Our packs, with a limit of excused absences in California that is known only from NEWLY_KNOWN on."""
    ours = [
        replace(rule, terms={name: lowered(name, term) for name, term in rule.terms.items()})
        for rule in PACKS.rules["us_ca"]
    ]
    return replace(PACKS, rules={**PACKS.rules, "us_ca": ours})


def lowered(name: str, term: Term) -> Term:
    """The limit of excused absences goes down to none for orders from ORDERED_ON on; other terms stay."""
    if name != "bip.excused_absences_max":
        return term
    stricter = msgspec.structs.replace(term.values[-1], value=0, from_=ORDERED_ON, known_from=NEWLY_KNOWN, id=None)
    return msgspec.structs.replace(term, values=[*term.values, stricter])


def evaluate(database: Database, packs: Packs, day: date) -> int:
    """What is new on a day, in the evening; how many cases that were."""
    told = evaluation.evaluate_news(lambda: reading(database), lambda: writing(database), packs, lambda: at(day, 20))
    return told.cases


def live(database: Database, people: int, packs: Packs, every: int) -> tuple[list[Matter], int]:
    """Sixty days, with an evaluation every so many; the matters, and how often a case was evaluated."""
    with writing(database) as session:
        town = build_town(session)
        add_user(session, town.court_agency, "administrator", "admin@x.example")
        matters = [person_with_order(session, town, enrolled_on=FIRST) for _ in range(people)]
    evaluated = 0
    for passed in range(DAYS):
        day = ORDERED_ON + timedelta(days=passed)
        with writing(database) as session:
            for number, matter in enumerate(matters):
                for learn in LEARNED:
                    learn(session, matter, number, day)
                    session.flush()
            if passed == 25:
                policy(session, matters[0], day)
        if (passed + 1) % every:
            continue
        evaluated += evaluate(database, packs, day)
        if not 44 <= passed < 54:  # the sweeps are down for ten days
            sweep(database, at(day, 20))
    return matters, evaluated


def assert_incremental_is_full(database: Database, people: int, every: int) -> None:
    packs = with_news_in_the_law()
    matters, evaluated = live(database, people, packs, every)
    cases = [matter.case for matter in matters]
    chained = kept(database)
    with reading(database) as session:
        for day in LOOKED_BACK:
            said = replay.evaluate_as_known(session, packs, at(day, 20), cases).select("key", "starts_at", "version")
            stored = [(s.key, s.starts_at, s.version) for s in replay.spans_as_kept(session, cases, at(day, 20))]
            assert sorted(stored) == sorted(said.rows()), f"as known on {day}"
    totals = evaluation.evaluate_now(database, packs, at(LAST, 21), full=True)
    assert (totals.cases, totals.spans_added, totals.spans_closed) == (people, 0, 0)
    assert kept(database) == chained
    assert people < evaluated < people * (DAYS // every) * 0.8, "only cases with news are evaluated"
    with reading(database) as session:
        known = session.scalars(select(Span.code).where(Span.code == "EXCUSED_ABSENCE_LIMIT_EXCEEDED")).all()
    assert known, "the value that became known is seen"


def test_sixty_days_of_news_equal_one_full_evaluation(database: Database) -> None:
    assert_incremental_is_full(database, 20, every=4)


@pytest.mark.slow
def test_sixty_days_of_a_larger_county_equal_one_full_evaluation(database: Database) -> None:
    assert_incremental_is_full(database, 150, every=1)


def test_a_day_to_come_needs_no_second_evaluation(database: Database) -> None:
    with writing(database) as session:
        matter = person_with_order(session, build_town(session), enrolled_on=FIRST)
        adjudicate(session, absent(session, matter, FIRST + timedelta(days=21), recorded_on=FIRST), "UNEXCUSED", FIRST)
    evaluate(database, PACKS, FIRST)
    before = kept(database)
    later = FIRST + timedelta(days=30)
    assert evaluate(database, PACKS, later) == 0, "nothing became known"
    assert compare(database, at(later, 21)).spans_differing == 0
    assert kept(database) == before


def test_the_folder_run_says_of_a_record_what_the_database_run_kept(database: Database, tmp_path: Path) -> None:
    # People go to partitions by their ids: of eight random ones, one time in nine a partition gets nobody and is none.
    number_from(1000)
    with writing(database) as session:
        town = build_town(session)
        matters = [person_with_order(session, town, enrolled_on=FIRST) for _ in range(8)]
        for passed in range(DAYS):
            for number, matter in enumerate(matters):
                for learn in LEARNED:
                    learn(session, matter, number, ORDERED_ON + timedelta(days=passed))
                    session.flush()
        policy(session, matters[0], LAST)
    evaluate(database, PACKS, LAST)
    with reading(database) as session:
        facts = load_facts(session)
    folder = tmp_path / "facts"
    for number, part in enumerate(split(facts, 3)):
        write_partition(folder / name_of(number), part)
    write_shared(folder, facts)
    counts = evaluate_folder(Run(folder, tmp_path / "out", PACKS, at(LAST, 20)))
    found = pl.read_parquet(tmp_path / "out" / "*.parquet")
    with reading(database) as session:
        stored = session.execute(select(Span.key, Span.starts_at, Span.version).where(Span.known_until.is_(None)))
        assert sorted(map(tuple, stored)) == sorted(found.select("key", "starts_at", "version").rows())
    assert (counts.partitions, counts.orders, counts.cannot_evaluate) == (3, 8, 0)
    assert found.height > 8
