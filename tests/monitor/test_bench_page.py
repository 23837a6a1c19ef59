"""The judge's one page, block by block, on both databases. Its acceptance tests: test_one_page.py."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from monitor.access.scope import Scope, ScopeError
from monitor.bench_page.blocks import MOST, since_review
from monitor.bench_page.foot import changed_blocks
from monitor.bench_page.page import BenchPage, StatusWord
from monitor.bench_page.reading import bench_page
from monitor.bench_page.record import Event
from monitor.db import Database
from monitor.documents import bench_pdf
from monitor.models import (
    Adjudication,
    Attendance,
    Case,
    CaseAgency,
    Contact,
    Coverage,
    Flag,
    Hearing,
    Letter,
    Order,
    OrderVersion,
    Pause,
    Person,
    Report,
    Review,
    Span,
)
from tests.monitor.court_town import CourtTown, add, add_case, add_flag, build_court_town, fact

NOW = datetime(2026, 3, 9, 15, 40, tzinfo=UTC)


@pytest.fixture
def town(database: Database) -> CourtTown:
    return build_court_town(database, NOW, cases=False)


def attend(page: BenchPage):
    return next(line for line in page.conditions if line.title.startswith("Attend"))


def status(page: BenchPage, title: str) -> StatusWord | None:
    return next(line.status for line in page.conditions if line.title == title)


def said(page: BenchPage) -> str:
    """Everything printed, as one text."""
    return msgspec.json.encode(page).decode() + " ".join(f.line for line in page.conditions for f in line.facts)


def test_the_numbers_on_the_page_are_the_rows_numbers(town: CourtTown) -> None:
    line = attend(town.page(add_case(town, "1", "Doe", classes="yyMEyu")))
    assert line.facts[0].text.startswith("3 of 5 attended")
    assert line.status is StatusWord.PARTLY_MET
    assert [mark.letter for mark in line.strip] == list("yyMEyu")
    assert set(line.facts[0].rows) == _attendance(town)


def _attendance(town: CourtTown) -> set[int]:
    with town.database.system("test") as session:
        return set(session.scalars(select(Attendance.id)))


def test_hidden_things_leave_the_page_byte_for_byte_as_it_was(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="yyMEyu", alleged="ABSENCE_UNEXCUSED")
    case = town.cases[0]
    plain = town.page(hearing)
    pdf = bench_pdf([plain], NOW)
    with town.database.system("test: hidden items") as session, session.begin():
        add_flag(session, town, case, "NO_CONTACT_ALLEGED", acted=False)
        add_flag(session, town, case, "CHECKIN_MISSED", acted=False, contested=True)
        _case_elsewhere(session, town)
    hidden = town.page(hearing)
    assert hidden == plain
    assert bench_pdf([hidden], NOW) == pdf


def test_that_somebody_else_was_asked_changes_no_byte_of_the_page(town: CourtTown) -> None:
    """Safeguard B3: the defense reads the same page, and a day on which somebody was asked tells who spoke."""
    hearing = add_case(town, "1", "Doe", classes="yyMEyu")
    case = town.cases[0]
    plain = town.page(hearing)
    with town.database.system("test: somebody was asked") as session, session.begin():
        when = NOW - timedelta(days=2)
        session.add(
            Contact(case_id=case, agency_id=town.office, recorded_at=when, occurred_at=when, kind="COLLATERAL",
                    method="PHONE", state="COMPLETED", place="OTHER")
        )  # fmt: skip
    assert town.page(hearing) == plain


def _case_elsewhere(session, town: CourtTown) -> None:
    """The same person has a case at another court."""
    person = session.scalar(select(Person.id))
    other = add(
        session, Case, agency_id=town.other_court_agency, court_id=town.court, person_id=person, number="99",
        opened_on=town.today,
    )  # fmt: skip
    add(session, CaseAgency, case_id=other.id, agency_id=town.other_court_agency, from_on=town.today)
    fact(session, town, Pause, other.id, town.today, kind="WARRANT", starts_on=town.today)


@pytest.mark.parametrize("role", ["judge", "clerk"])
def test_the_bench_cannot_read_an_unreviewed_flag_nor_any_span(town: CourtTown, role: str) -> None:
    add_case(town, "1", "Doe", classes="yy")
    with town.database.system("test") as session, session.begin():
        add_flag(session, town, town.cases[0], "NO_CONTACT_ALLEGED", acted=False)
    with town.database.scoped(Scope(1, role, town.court_agency)) as session:
        assert session.scalars(select(Flag.id)).all() == []
        with pytest.raises(ScopeError):
            session.execute(select(Span.id))


def test_a_program_silent_for_eight_days_is_late_itself_and_nobody_missed_anything(town: CourtTown) -> None:
    page = town.page(add_case(town, "1", "Doe", classes="yyyy?", program="quiet"))
    assert page.late == (f"Quiet Program (last {(town.today - timedelta(days=8)).day} Mar)",)
    assert "LATE REPORT: Quiet Program" in page.freshness
    assert attend(page).status is StatusWord.NO_REPORT
    assert "issed" not in said(page).replace("M missed", "")


def test_a_program_heard_of_seven_days_ago_is_not_late_yet(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="yyyy?", program="quiet")
    assert town.page(hearing, NOW - timedelta(days=1)).late == ()


def test_a_complete_sheet_without_a_line_for_the_day_is_word_enough(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="yyyy?", program="quiet")
    with town.database.system("test") as session, session.begin():
        place = session.scalar(select(Attendance.enrollment_id))
        fact(
            session, town, Coverage, town.cases[0], town.today, agency_id=town.programs["quiet"][0],
            enrollment_id=place, covers_from=town.today - timedelta(days=5), covers_to=town.today,
        )  # fmt: skip
    assert town.page(hearing).late == ()


def test_an_excused_absence_is_never_counted_as_missed(town: CourtTown) -> None:
    page = town.page(add_case(town, "1", "Doe", classes="yyEy"))
    assert attend(page).status is StatusWord.MET
    assert attend(page).facts[0].text.startswith("3 of 3 attended")
    assert not any("missed" in one.text.lower() for one in (*attend(page).facts, *page.since))


def test_an_undecided_absence_is_neither_missed_nor_attended(town: CourtTown) -> None:
    line = attend(town.page(add_case(town, "1", "Doe", classes="u")))
    assert line.status is StatusWord.PARTLY_MET
    assert any("not yet decided" in one.text for one in line.facts)


def test_classes_missed_and_none_attended_are_not_met(town: CourtTown) -> None:
    assert attend(town.page(add_case(town, "1", "Doe", classes="MM"))).status is StatusWord.NOT_MET


def test_a_corrected_row_changes_the_page_and_says_since_when(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="yyM")
    before = town.page(hearing)
    with town.database.system("test: a correction") as session, session.begin():
        old = session.scalar(select(Attendance).order_by(Attendance.occurred_on.desc()))
        session.add(
            Attendance(
                case_id=old.case_id, agency_id=old.agency_id, enrollment_id=old.enrollment_id, outcome="PRESENT",
                occurred_on=old.occurred_on, program_says="P", source="sheet.csv", supersedes_id=old.id,
                recorded_at=datetime(2026, 3, 8, 20, tzinfo=UTC), reason="Wrong line",
            )
        )  # fmt: skip
    after = town.page(hearing)
    assert "2 of 3 attended" in attend(before).facts[0].line
    assert "3 of 3 attended" in attend(after).facts[0].line
    assert "corrected 8 Mar" in attend(after).facts[0].line
    assert attend(after).status is StatusWord.MET


def test_what_was_known_earlier_can_be_printed_again(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="yyM")
    earlier = NOW - timedelta(days=3)
    with town.database.system("test") as session, session.begin():
        fact(session, town, Letter, town.cases[0], town.today, kind="EMPLOYER", occurred_on=town.today)
    assert "Employer" not in said(town.page(hearing, earlier))
    assert "Employer" in said(town.page(hearing))


def test_two_rows_that_disagree_are_both_told_and_neither_counts(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="yy")
    with town.database.system("test") as session, session.begin():
        old = session.scalar(select(Attendance).order_by(Attendance.occurred_on.desc()))
        fact(
            session, town, Attendance, old.case_id, town.today, agency_id=old.agency_id, outcome="ABSENT",
            enrollment_id=old.enrollment_id, occurred_on=old.occurred_on, program_says="U", source="other.csv",
        )  # fmt: skip
    line = attend(town.page(hearing))
    assert line.facts[0].text.startswith("1 of 1 attended")
    assert any("sources disagree" in one.text for one in line.facts)


def test_contested_stands_in_the_line_of_what_is_contested(town: CourtTown) -> None:
    page = town.page(add_case(town, "1", "Doe", classes="yM", alleged="ABSENCE_UNEXCUSED", contested=True))
    assert page.alleged[0].title.line.endswith("CONTESTED")
    missed = [one.line for one in (*attend(page).facts, *page.since) if "issed" in one.text]
    assert len(missed) == 2 and all(line.endswith("CONTESTED") for line in missed)
    assert any("Asks to keep the evening group" in one.text for one in page.asks)


def test_an_allegation_tells_what_the_reviewer_saw_rows_that_do_not_count_too(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="yM", alleged="ABSENCE_UNEXCUSED")
    with town.database.system("test") as session, session.begin():
        review = session.scalar(select(Review))
        review.content = {
            "sentence": "One class missed.", "provision": "Pen. Code 1203.097", "rows": ["Absent 18 Feb", "4907238992"],
            "not_counted": ["Absent 4 Feb, excused"], "barriers": {"work_shift": "yes, now fixed", "transport": "no"},
        }  # fmt: skip
    page = town.page(hearing)
    told = page.alleged_lines
    for line in ("One class missed. (O)", "Rule: Pen. Code 1203.097 (O)", "Rests on: Absent 18 Feb (O)"):
        assert line in told
    assert "Does not count: Absent 4 Feb, excused (O)" in told
    assert any("work shift yes, now fixed, transport no" in one.text for one in page.in_the_way)
    assert "4907238992" not in said(page).replace(str(hearing), "")


def test_a_duty_without_word_is_no_report_and_an_unpaid_fee_is_nothing(town: CourtTown) -> None:
    page = town.page(add_case(town, "1", "Doe", enrolled=False, firearms=False))
    assert status(page, "Give up firearms") is StatusWord.NO_REPORT
    assert status(page, "Enroll in program") is StatusWord.NOT_MET
    assert status(page, "Fees") is None


def test_a_seat_awaited_is_partly_met_and_stands_in_the_way(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", enrolled=False)
    with town.database.system("test") as session, session.begin():
        fact(session, town, Letter, town.cases[0], town.today, kind="WAITLIST", occurred_on=town.today)
    page = town.page(hearing)
    assert status(page, "Enroll in program") is StatusWord.PARTLY_MET
    assert any("aiting" in one.text for one in page.in_the_way)


def test_custody_and_warrant_are_told_with_their_day(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="yy")
    with town.database.system("test") as session, session.begin():
        for kind in ("CUSTODY", "WARRANT"):
            fact(session, town, Pause, town.cases[0], town.today, kind=kind, starts_on=town.today)
    page = town.page(hearing)
    assert page.heading.custody == "In custody since 9 Mar"
    assert any("outstanding since 9 Mar" in one.text for one in page.safety)


def test_custody_says_from_whom_probation_knows_of_it_and_a_word_of_another_kind_is_not_shown(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="yy")
    said = {"CUSTODY": "Known from the person", "COURT_STAY": "Quillonwick said so"}
    with town.database.system("test") as session, session.begin():
        for kind, reason in said.items():
            fact(session, town, Pause, town.cases[0], town.today, kind=kind, starts_on=town.today, reason=reason)
    told = [one.text for one in town.page(hearing).since]
    assert "In custody 9 Mar, known from the person" in told and "Stayed by the court 9 Mar" in told


def test_working_notes_and_free_wording_of_conditions_are_not_on_the_page(town: CourtTown) -> None:
    page = said(town.page(add_case(town, "1", "Doe", classes="yM", alleged="ABSENCE_UNEXCUSED")))
    assert "working note" not in page
    assert "as signed" not in page


def test_a_retracted_decision_leaves_the_absence_open(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="yM")
    with town.database.system("test") as session, session.begin():
        old = session.scalar(select(Adjudication))
        session.add(
            Adjudication(
                case_id=old.case_id, agency_id=old.agency_id, attendance_id=old.attendance_id, decision="UNEXCUSED",
                decided_by="OFFICER", occurred_on=old.occurred_on, supersedes_id=old.id, retracted=True,
                recorded_at=NOW, reason="Entered by mistake",
            )
        )  # fmt: skip
    assert [mark.letter for mark in attend(town.page(hearing)).strip] == ["y", "u"]


def test_a_hearing_that_is_not_ours_is_no_hearing(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe")
    with town.database.scoped(Scope(1, "judge", town.other_court_agency)) as session:
        assert bench_page(session, hearing, NOW) is None


def test_a_report_counts_as_word_from_the_program(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="yyyy?", program="quiet")
    with town.database.system("test") as session, session.begin():
        place = session.scalar(select(Attendance.enrollment_id))
        fact(
            session, town, Report, town.cases[0], town.today, agency_id=town.programs["quiet"][0], kind="PROGRESS",
            sent_by="PROGRAM", sent_to="COURT", occurred_on=town.today, enrollment_id=place,
        )  # fmt: skip
    page = town.page(hearing)
    assert page.late == ()
    assert page.missing  # the class itself is still not reported


@pytest.mark.parametrize(("days", "said"), [(3, "Served 8 Feb; changed 11 Feb, the change not served (L)"),
                                            (0, "Served 8 Feb (L)")])  # fmt: skip
def test_an_order_that_was_changed_after_it_was_served_says_both(town: CourtTown, days: int, said: str) -> None:
    hearing = add_case(town, "1", "Doe", classes="y")
    with town.database.system("test: the order is changed") as session, session.begin():
        order = session.scalar(select(Order.id).where(Order.kind == "CRIMINAL_NO_CONTACT"))
        first = session.scalars(select(OrderVersion).where(OrderVersion.order_id == order)).one()
        at = first.effective_from + timedelta(days=days, hours=1)
        first.effective_to = at
        add(
            session, OrderVersion, case_id=first.case_id, agency_id=first.agency_id, order_id=order, version_no=2,
            change="MODIFIED", ordered_on=first.ordered_on + timedelta(days=days), effective_from=at, recorded_at=at,
        )  # fmt: skip
    assert said in [one.line for one in town.page(hearing).orders]


@pytest.mark.parametrize(("steps", "letters", "says"), [(8, 0, 0), (8, 1, 0), (7, 2, 2), (2, 6, 3), (0, 9, 4)])
def test_earlier_events_are_counted_as_many_as_there_are_and_the_block_keeps_its_room(
    steps: int, letters: int, says: int
) -> None:
    """A judge reads of no event that does not exist (F10): eight steps met and nothing else are no "3 earlier"."""
    today = NOW.date()
    rows = {
        "step_met": [_event(n, "step_met", f"step {n}", today - timedelta(days=60 - n)) for n in range(steps)],
        "letter": [_event(100 + n, "letter", "PROGRESS", today - timedelta(days=30 - n)) for n in range(letters)],
    }
    record: Any = SimpleNamespace(today=today, of=lambda name: rows.get(name, []))
    block = since_review(record, [], today - timedelta(days=90))
    assert len(block) <= MOST
    earlier = [one for one in block if "earlier" in one.text]
    assert [one.text for one in earlier] == ([f"{says} earlier, on record"] if says else [])
    entered = sorted(one.id for found in rows.values() for one in found)
    assert sorted(row for one in block for row in one.rows) == entered
    met = [one.text for one in block if one.text.startswith("Step")]
    gathered = [int(one.split()[2].strip(",")) for one in met if one.startswith("Steps met ")]
    assert sum(gathered) + len(met) - len(gathered) == steps


def _event(number: int, name: str, word: str, day: date) -> Event:
    return Event(name, number, day, word, "", None, None, NOW, None)


def test_a_first_review_says_that_none_was_held_and_a_copy_in_the_earlier_words_is_not_changed(town: CourtTown) -> None:
    hearing = add_case(town, "1", "Doe", classes="yy")
    with town.database.system("test") as session, session.begin():
        session.execute(update(Hearing).where(Hearing.id != hearing).values(outcome="OFF_CALENDAR"))
    page = town.page(hearing)
    assert page.last_review == "none yet, this is the first"
    kept = msgspec.structs.replace(page, last_review="first review")
    assert changed_blocks(msgspec.json.encode(kept).decode(), page) == []
    other = msgspec.structs.replace(page, last_review="9 Feb, sanctioned")
    assert changed_blocks(msgspec.json.encode(other).decode(), page) == ["4 Since last review"]
