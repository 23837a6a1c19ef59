"""Sixty days of a small county: the folder run says what the database run keeps, and a day to come needs no news."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import Session

from monitor.compliance import evaluation
from monitor.compliance.loading import load_facts
from monitor.db import Database
from monitor.models import Attendance, Pause, PolicyTerm, Requirement, Span
from rules.folder import evaluate_folder
from rules.partitions import name_of, split, write_partition, write_shared
from tests.builders import (
    ORDERED_ON,
    Matter,
    absent,
    adjudicate,
    at,
    attended,
    build_town,
    correct,
    cover,
    decide,
    person_with_order,
    random_id,
    report,
)
from tests.monitor.compliance.county import PACKS, compare, kept, reading, writing

DAYS = 60
FIRST = ORDERED_ON + timedelta(days=7)
LAST = ORDERED_ON + timedelta(days=DAYS - 1)
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


def evaluate(database: Database, day: date) -> int:
    """What is new on a day, in the evening; how many cases that were."""
    told = evaluation.evaluate_news(lambda: reading(database), lambda: writing(database), PACKS, lambda: at(day, 20))
    return told.cases


def test_a_day_to_come_needs_no_second_evaluation(database: Database) -> None:
    with writing(database) as session:
        matter = person_with_order(session, build_town(session), enrolled_on=FIRST)
        adjudicate(session, absent(session, matter, FIRST + timedelta(days=21), recorded_on=FIRST), "UNEXCUSED", FIRST)
    evaluate(database, FIRST)
    before = kept(database)
    later = FIRST + timedelta(days=30)
    assert evaluate(database, later) == 0, "nothing became known"
    assert compare(database, at(later, 21)).spans_differing == 0
    assert kept(database) == before


def test_the_folder_run_says_of_a_record_what_the_database_run_kept(database: Database, tmp_path: Path) -> None:
    with writing(database) as session:
        town = build_town(session)
        matters = [person_with_order(session, town, enrolled_on=FIRST) for _ in range(8)]
        for passed in range(DAYS):
            for number, matter in enumerate(matters):
                for learn in LEARNED:
                    learn(session, matter, number, ORDERED_ON + timedelta(days=passed))
                    session.flush()
        policy(session, matters[0], LAST)
    evaluate(database, LAST)
    with reading(database) as session:
        facts = load_facts(session)
    folder = tmp_path / "facts"
    for number, part in enumerate(split(facts, 3)):
        write_partition(folder / name_of(number), part)
    write_shared(folder, facts)
    counts = evaluate_folder(folder, tmp_path / "out", PACKS, at(LAST, 20))
    found = pl.read_parquet(tmp_path / "out" / "*.parquet")
    with reading(database) as session:
        stored = session.execute(select(Span.key, Span.starts_at, Span.version).where(Span.known_until.is_(None)))
        assert sorted(map(tuple, stored)) == sorted(found.select("key", "starts_at", "version").rows())
    assert (counts.partitions, counts.orders, counts.cannot_evaluate) == (3, 8, 0)
    assert found.height > 8
