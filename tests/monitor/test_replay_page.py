"""What the court knew at a hearing, what is known now about then, and the list of differences, on both databases."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select

from monitor.access.scope import Scope
from monitor.compliance.evaluation import switched_on
from monitor.db import Database
from monitor.models import Agency, Attendance, Contact, Pause, random_id
from monitor.person_page.reading import person_page
from monitor.replay_page.page import Replay
from monitor.replay_page.questions import said_at
from monitor.replay_page.reading import Asked, replay, replay_for_hearing
from tests.builders import adjudicate, at, attended, build_town, contact, correct, cover, unexcused
from tests.office import NOW, Office, hearing, open_office

HEARD = at(date(2026, 3, 3), 9)
LATER = at(date(2026, 3, 3), 20)
FEB = [date(2026, 2, day) for day in (2, 9, 16, 23)]
PACKS = switched_on()


@pytest.fixture
def office(database: Database) -> Office:
    """Four class days told in time: attended, two missed, attended; then a hearing."""
    office = open_office(database)
    with database.system("test: February") as session, session.begin():
        attended(session, office.matter, FEB[0], FEB[3])
        unexcused(session, office.matter, FEB[1], FEB[2])
        office.missed = hearing(session, office.matter, HEARD)
    return office


def seen(office: Office, role: str = "officer", **asked: Any) -> Replay:
    with office.scoped(role=role) as session:
        found = replay(session, office.matter.person, NOW, Asked(**{"known_at": HEARD, **asked}), PACKS)
    assert found is not None
    return found


def bench(office: Office, **asked: Any) -> Replay:
    with office.database.scoped(Scope(1, "judge", office.town.court_agency)) as session:
        found = replay_for_hearing(session, office.missed, NOW, Asked(**{"known_at": HEARD, **asked}), PACKS)
    assert found is not None
    return found


def absence(session: Any, day: date) -> Attendance:
    return session.scalars(select(Attendance).where(Attendance.occurred_on == day)).one()  # type: ignore[no-any-return]


def changed(found: Replay) -> list[tuple[str, str, str, str, str]]:
    return [(one.how, one.what, one.then, one.now, one.source) for one in found.changes if one.rows]


def test_nothing_has_changed_since_where_nothing_has(office: Office) -> None:
    found = seen(office)
    assert found.nothing_changed
    assert found.chosen == "Compliance review"
    assert all(one.then == one.about_then for one in found.duties)


def test_a_correction_is_told_with_its_count_as_a_judge_would_say_it(office: Office) -> None:
    with office.database.system("test") as session, session.begin():
        correct(session, absence(session, FEB[1]), LATER, outcome="PRESENT", program_says="P")
    for found in (seen(office), bench(office)):
        assert found.headlines[0] == (
            "On March 3 the court knew of 2 unexcused absences; since then the program corrected February 9 to "
            "attended, so it is 1."
        )
        assert changed(found) == [("CORRECTED", "Class", "absent", "attended", "the program")]
        assert found.changes[0].known_at == LATER
        attend = next(one for one in found.duties if one.title.startswith("Attend"))
        assert attend.differs and attend.then is not None and "2 of 4 attended" in attend.then.facts[0]
        assert attend.about_then is not None and "3 of 4 attended" in attend.about_then.facts[0]


def test_both_directions_stand_in_one_list(office: Office) -> None:
    with office.database.system("test") as session, session.begin():
        correct(session, absence(session, FEB[1]), LATER, retract=True)
        correct(session, absence(session, FEB[3]), LATER, outcome="ABSENT", program_says="ABS")
        adjudicate(session, absence(session, FEB[2]), "EXCUSED", date(2026, 3, 3)).recorded_at = LATER
        attended(session, office.matter, date(2026, 2, 26), recorded_on=date(2026, 3, 4), source="late.csv")
    assert ("LATE", "Decision on the absence", "", "excused", "probation") in changed(bench(office)), "no reason there"
    said = changed(seen(office))
    assert ("RETRACTED", "Class", "absent", "", "the program") in said
    assert ("CORRECTED", "Class", "attended", "absent", "the program") in said
    assert ("LATE", "Decision on the absence", "", "excused (medical)", "probation") in said
    assert ("LATE", "Class", "", "attended", "the program") not in said, "recorded at noon of March 4: after now"


def test_a_row_that_arrives_late_was_not_known_then(office: Office) -> None:
    with office.database.system("test") as session, session.begin():
        row = attended(session, office.matter, date(2026, 2, 26), recorded_on=date(2026, 3, 3))
        row.recorded_at = LATER
    found = bench(office)
    assert changed(found) == [("LATE", "Class", "", "attended", "the program")]
    assert found.headlines[0].endswith("since then the program reported February 26 as attended, so it is 3.")


def test_what_happened_after_the_hearing_is_news_and_no_difference(office: Office) -> None:
    with office.database.system("test") as session, session.begin():
        row = attended(session, office.matter, date(2026, 3, 4))
        row.recorded_at = NOW - timedelta(minutes=5)
    found = seen(office)
    assert found.nothing_changed
    attend = next(one for one in found.duties if one.title.startswith("Attend"))
    assert attend.today is not None and "3 of 5 attended" in attend.today.facts[0]


def test_a_sheet_that_came_later_answers_classes_that_were_not_reported(office: Office) -> None:
    with office.database.system("test") as session, session.begin():
        gone = correct(session, absence(session, FEB[3]), HEARD - timedelta(hours=1), retract=True)
        assert gone.retracted
        cover(session, office.matter, FEB[3], date(2026, 3, 2)).recorded_at = LATER
    lines = [line for line in seen(office).headlines if "not reported" in line]
    assert lines and "the program sent a sheet that is complete from February 23" in lines[0]


def test_officers_see_which_questions_a_correction_withdrew_and_the_bench_sees_none(office: Office) -> None:
    with office.database.system("test") as session, session.begin():
        correct(session, absence(session, FEB[1]), LATER, outcome="PRESENT", program_says="P")
    found = seen(office)
    gone = [one for one in found.changes if one.how == "WITHDRAWN"]
    assert any("February 9" in one.then or "Feb 9" in one.then for one in gone)
    assert {one.known_at for one in gone} == {LATER}
    assert found.questions and any(one.then and not one.about_then for one in found.questions)
    judge = bench(office)
    assert judge.questions is None
    assert {one.how for one in judge.changes} == {"CORRECTED"}


def test_only_kinds_of_source_are_named_and_reasons_stay_with_the_office(office: Office) -> None:
    with office.database.system("test") as session, session.begin():
        correct(session, absence(session, FEB[1]), LATER, outcome="PRESENT", program_says="P")
    assert seen(office).changes[0].because == "Entered wrongly."
    assert {one.because for one in bench(office).changes} == {""}


HIDDEN = {
    "a talk with a third party": lambda s, o: contact(s, o.matter, FEB[3], kind="COLLATERAL"),
    "a hospital stay": lambda s, o: s.add(
        Pause(case_id=o.matter.case, agency_id=o.town.office, recorded_at=LATER, kind="HOSPITAL", starts_on=FEB[3])
    ),
    "what an advocate's agency recorded": lambda s, o: s.add(
        Contact(
            case_id=o.matter.case, agency_id=another_agency(s, "advocacy"), recorded_at=LATER, occurred_at=at(FEB[3]),
            kind="DIRECT", method="PHONE", state="COMPLETED", place="OFFICE",
        )
    ),
}  # fmt: skip


def test_the_bench_list_does_say_that_probation_met_the_person(office: Office) -> None:
    with office.database.system("test") as session, session.begin():
        contact(session, office.matter, FEB[3])
        session.flush()
        session.scalars(select(Contact)).one().recorded_at = LATER
    assert changed(bench(office)) == [("LATE", "Contact", "", "completed", "probation")]


def another_agency(session: Any, kind: str) -> int:
    row = Agency(id=random_id(), kind=kind, name="House", code="house", zone="UTC")
    session.add(row)
    session.flush()
    return row.id


@pytest.mark.parametrize("what", HIDDEN)
def test_the_bench_list_says_nothing_of(office: Office, what: str) -> None:
    before = msgspec_of(bench(office).changes)
    with office.database.system("test") as session, session.begin():
        HIDDEN[what](session, office)
        session.flush()
        for row in session.scalars(select(Contact)):
            row.recorded_at = LATER
    assert msgspec_of(bench(office).changes) == before


def msgspec_of(found: Any) -> bytes:
    return msgspec.json.encode(found)


def test_another_office_finds_nothing(office: Office) -> None:
    with office.database.system("test: elsewhere") as session, session.begin():
        far = build_town(session, code="far")
    with office.database.scoped(Scope(1, "officer", far.office)) as session:
        assert replay(session, office.matter.person, NOW, Asked(), PACKS) is None
    with office.database.scoped(Scope(1, "judge", office.town.office)) as session:
        assert replay_for_hearing(session, 4711, NOW, Asked(), PACKS) is None
        assert replay_for_hearing(session, 10**30, NOW, Asked(), PACKS) is None


def test_a_day_may_be_chosen_without_a_hearing(office: Office) -> None:
    found = seen(office, known_at=None, known_on=date(2026, 2, 20), as_of=date(2026, 2, 10))
    assert found.knower == "the record"
    assert (found.known_at, found.as_of) == (at(date(2026, 2, 21), 0) - timedelta(microseconds=1),
                                             at(date(2026, 2, 11), 0) - timedelta(microseconds=1))  # fmt: skip
    assert found.nothing_changed


def test_what_is_not_certain_reads_the_same_from_a_kept_span_and_from_the_rules_of_that_day(office: Office) -> None:
    office.evaluate()
    with office.scoped() as session:
        for later in (NOW, NOW + timedelta(days=45)):
            told = person_page(session, office.matter.person, later)
            assert told is not None
            [said] = said_at(session, PACKS, office.matter.case, later, later)
            unsure = {one.sentence for one in said.values() if not one.is_certain}
            assert set(told.unsure) == unsure
        assert any("outstanding sheet" in line for line in unsure), "nothing is open: this tests nothing"
