"""The local response matrix: signed by named people, in force from a day, never changed; a person chooses from it."""

from __future__ import annotations

import re
import shutil
from contextlib import closing
from datetime import date, timedelta

import msgspec
import pytest
from sqlalchemy import select

from monitor import incentives
from monitor.allegations.clocks import clocks
from monitor.allegations.reading import allegation_page
from monitor.bench_page.reading import bench_page
from monitor.compliance.evaluation import switched_on
from monitor.db import Database
from monitor.documents import bench_pdf, report_pdf
from monitor.flag_review.deciding import Decision
from monitor.flag_review.reading import flag_page
from monitor.models import Assessment, ContextReview, Response, Review, random_id
from monitor.packets import page_of, take, text_of_page
from monitor.response_matrix import choosing
from monitor.response_matrix.applying import FEWEST, range_of
from monitor.response_matrix.content import Cell
from monitor.response_matrix.default import DEFAULT
from tests.builders import ORDERED_ON, at
from tests.monitor.matrix_office import (
    MISSED,
    NOTHING,
    SUPERVISOR,
    ZONE,
    adopted,
    another,
    chosen,
    decided,
    faults,
    with_a_missed_class,
)
from tests.office import NOW, TODAY, hearing, raise_flag, supervised


@pytest.fixture
def office(database):
    return with_a_missed_class(database)


# ── a question ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_with_no_version_adopted_the_sample_is_shown_and_binds_nobody(office):
    with office.scoped() as session:
        found = flag_page(session, office.missed, NOW).range
    assert (found.adopted, found.place, found.title) == (
        False, "class B, 1st, standard", "Sample matrix, a default to adopt"
    )  # fmt: skip
    assert found.respond_by is None
    assert faults(office, Decision(decision="HANDLE", words="A call.", answers=NOTHING)) == {}
    decided(office, office.missed, Decision(decision="HANDLE", words="A call.", answers=NOTHING))
    with office.database.system("test: look") as session:
        assert not session.scalars(select(Response)).all()


def test_range_and_clock_are_those_of_the_version_in_force_on_the_day_of_the_question(office):
    adopted(office)
    cells = {**DEFAULT.cells, "B.STANDARD.1": Cell(("Only this",))}
    adopted(office, from_on=MISSED + timedelta(days=1), number=2, content=msgspec.structs.replace(DEFAULT, cells=cells))
    newer = another(office, first_on=TODAY - timedelta(days=1))
    with office.scoped() as session:
        found = flag_page(session, office.missed, NOW).range
        later = flag_page(session, newer, NOW).range
    assert (found.number, found.here) == (1, ("Contact in the same week, the six questions, a make-up class set",))
    assert (later.number, later.here) == (2, ("Only this",))
    assert found.respond_by == date(2026, 3, 6)  # five court days after Friday, February 27


def test_no_level_in_date_acts_by_the_times_of_elevated_with_the_responses_of_standard(office):
    with office.scoped() as session:
        found = flag_page(session, office.missed, NOW).range
    assert (found.level, found.level_words, found.cell) == ("", "Standard", "B.STANDARD.1")
    assert "Contact in 2 days" in found.timing


def test_a_third_missed_step_reads_the_row_of_class_c(office):
    for _ in range(2):
        decided(office, another(office), Decision(decision="HANDLE", words="A call.", answers=NOTHING))
    with office.scoped() as session:
        found = flag_page(session, office.missed, NOW).range
    assert (found.response_class, found.step, found.cell) == ("C", 3, "C.STANDARD.3")


def test_a_choice_outside_the_range_asks_why_both_ways(office):
    adopted(office)
    assert faults(office, Decision(decision="HANDLE", words="A call.", answers=NOTHING)).keys() == {"measure"}
    for measure in ("STRONGER", "MILDER"):
        assert faults(office, chosen(measure)).keys() == {"outside_why", "outside_words"}
        assert faults(office, chosen(measure, why="TRIED", words="The call was tried twice.")) == {}
    assert faults(office, chosen("here.0", decision="ACT")).keys() == {"measure"}  # the court is not in this range
    assert faults(office, chosen("here.0")) == {}


def test_a_line_of_the_range_that_goes_the_other_way_says_so_and_what_to_choose(office):
    adopted(office)  # class B, 1st, standard: one line to handle here, none with a report to the court
    told = faults(office, chosen("here.0", decision="ACT"))["measure"]
    assert told == ("That line is one to handle here. The range has none with a report to the court: say that you go"
                    " outside it, and why.")  # fmt: skip
    third = another(office, "C")
    told = faults(office, chosen("court.0", decision="HANDLE"), third)["measure"]
    assert told == ("That line goes with a report to the court. Choose one to handle here, or say that you go outside"
                    " the range.")  # fmt: skip
    assert "Choose from the range" in faults(office, chosen("", decision="ACT"))["measure"]


def test_class_a_is_never_answered_above_its_row(office):
    adopted(office)
    late = another(office, "A", "ADDRESS_LATE")
    told = faults(office, chosen("STRONGER", why="TRIED", words="Again."), late)
    assert told == {"measure": "Class A is never answered above its row."}


def test_two_choices_above_the_range_in_a_row_go_to_the_supervisor_who_looks_at_them(office):
    adopted(office)
    up = chosen("STRONGER", why="TRIED", words="The call was tried twice.")
    decided(office, office.missed, up)
    with office.scoped(who=office.supervisor, **SUPERVISOR) as session:
        assert choosing.twice_above(session) == []
    decided(office, another(office), up, NOW + timedelta(hours=1))
    with office.scoped(who=office.supervisor, writes=True, **SUPERVISOR) as session, session.begin():
        [one] = choosing.twice_above(session)
        assert (one.words, one.why) == ("The call was tried twice.", "What the range offers was tried before, or does"
                                        " not fit here")  # fmt: skip
        assert choosing.looked_at(session, one.id, NOW)
        assert choosing.twice_above(session) == []


def test_a_choice_inside_the_range_between_them_breaks_the_row(office):
    adopted(office)
    up = chosen("STRONGER", why="TRIED", words="The call was tried twice.")
    decided(office, office.missed, up)
    decided(office, another(office), chosen("here.0"), NOW + timedelta(hours=1))
    third = another(office)
    with office.scoped() as session:  # a third step is one of class C, whose menu has more
        assert flag_page(session, third, NOW + timedelta(hours=2)).range.response_class == "C"
    decided(office, third, up, NOW + timedelta(hours=2))
    with office.scoped(who=office.supervisor, **SUPERVISOR) as session:
        assert choosing.twice_above(session) == []


def test_like_cases_are_told_from_eleven_on_and_not_before(office, database):
    matrix = adopted(office)
    with database.system("test: ten like it") as session, session.begin():
        for place in range(FEWEST - 1):
            _like(session, office, matrix, outside="UP" if place < 2 else "")

    def like():
        with office.scoped() as session:
            return flag_page(session, office.missed, NOW).range.like

    assert like() is None
    with database.system("test: the eleventh") as session, session.begin():
        _like(session, office, matrix)
    assert like().words == "In the last 12 months, 11 like this: median 3 court days."
    with database.system("test: 23 in all, 10 of them outside") as session, session.begin():
        for place in range(FEWEST + 1):
            _like(session, office, matrix, outside="UP" if place < FEWEST - 3 else "")
    assert like().for_the_court == "Like cases, 12 mo: 23"  # 13 inside would tell that 10 are not
    with database.system("test: the eleventh outside it") as session, session.begin():
        _like(session, office, matrix, outside="DOWN")
    assert like().words == "In the last 12 months, 24 like this: 13 inside the range, median 3 court days."
    assert like().for_the_court == "Like cases, 12 mo: 24, of which 13 within the range"


def test_ones_own_past_choices_are_read_by_oneself_and_by_the_supervisor_and_by_no_colleague(office, database):
    matrix = adopted(office)

    def own(**told):
        with office.scoped(**told) as session:
            found = flag_page(session, office.missed, NOW).range.own
            return found.words if found else ""

    assert own() == ""
    with database.system("test: three like it, one of a year ago") as session, session.begin():
        for outside, days in (("", 1), ("", 2), ("UP", 3), ("DOWN", 366)):
            _like(session, office, matrix, outside=outside, at=NOW - timedelta(days=days))
    assert own() == "Your own choices here in the last 12 months: “x”, 2 times; stronger than the range, once."
    told = own(who=office.supervisor, **SUPERVISOR)
    assert told.endswith(": choices here in the last 12 months: “x”, 2 times; stronger than the range, once.")
    assert not told.startswith("Your own")
    assert own(who=office.colleague) == "", "a colleague's are nobody's to compare with"


def _like(session, office, matrix, outside="", at=NOW):
    other = supervised(session, office.town, office.officer, "Other", "Ann")
    flag = raise_flag(session, other, "CHECKIN_MISSED", "B")
    shared = {"case_id": other.case, "agency_id": office.town.office, "by_user_id": office.officer, "decided_at": at}
    review = Review(id=random_id(), flag_id=flag, version="v1", decision="HANDLE", words="x", **shared)
    session.add(review)
    session.flush()
    said = {"why": "TRIED", "words": "x"} if outside else {}
    session.add(
        Response(id=random_id(), review_id=review.id, matrix_id=matrix, cell="B.STANDARD.1", chosen="x", court_days=3,
                 outside=outside, **said, **shared)
    )  # fmt: skip


def test_while_a_context_question_waits_nothing_is_suggested_and_nothing_asked(office, database):
    adopted(office)
    _asked(office)
    with office.scoped() as session:
        assert flag_page(session, office.missed, NOW).range is None
    assert faults(office, Decision(decision="HANDLE", words="A call.", answers=NOTHING)) == {}


def _asked(office):
    with office.database.system("test: parties reversed") as session, session.begin():
        session.add(ContextReview(
            id=random_id(), case_id=office.matter.case, agency_id=office.town.office, kind="MIRROR", sealed=b"x",
            raised_at=NOW, raised_by_id=None,
        ))  # fmt: skip


def _papers(office, asked, decision):
    """Bench page, packet and report, as data and as PDF, without the numbers that the machine draws by lot."""
    with office.database.system("test: a review") as session, session.begin():
        number = hearing(session, office.matter, NOW + timedelta(days=3))
    if asked:
        _asked(office)
    decided(office, office.missed, decision)
    laid, at_last = office.to_court(office.missed, NOW + timedelta(hours=1)), NOW + timedelta(hours=2)
    with office.database.system("test: the papers") as session, session.begin():
        page = bench_page(session, number, at_last)
        packet = take(session, number, at_last, switched_on())
        told = [msgspec.json.encode(page).decode(), bench_pdf([page], at_last).hex()]
        told.append(text_of_page(page_of(packet)))
    with office.scoped() as session:
        report = allegation_page(session, laid, at_last)
        told += [msgspec.json.encode(report.facts).decode(), report_pdf(report, at_last).hex()]
    return [re.sub(r"\d{12,}", "#", one) if place in (0, 2, 3) else one for place, one in enumerate(told)]


@pytest.mark.parametrize("court", [("Earlier review",), ()], ids=["a line with the court", "no line with the court"])
def test_no_paper_before_the_court_tells_that_a_context_question_waits(court, sqlite_template, tmp_path):
    cells = {**DEFAULT.cells, "B.STANDARD.1": Cell(("A call by the office",), court)}
    template = tmp_path / "office.db"
    shutil.copy(sqlite_template, template)
    with closing(Database(f"sqlite:///{template}")) as database:
        office = with_a_missed_class(database)
        adopted(office, content=msgspec.structs.replace(DEFAULT, cells=cells))
    shown = chosen("court.0", "ACT") if court else chosen("STRONGER", "ACT", why="TRIED", words="Tried before.")
    told = []
    for asked, decision in ((False, shown), (True, chosen("", "ACT"))):
        copy = tmp_path / f"{asked}.db"
        shutil.copy(template, copy)
        with closing(Database(f"sqlite:///{copy}")) as database:
            told.append(_papers(msgspec.structs.replace(office, database=database), asked, decision))
    assert "Local matrix v1, class B, 1st, standard: " in told[0][0]
    assert told[0] == told[1]


def test_a_page_drawn_before_the_question_is_kept_as_chosen_and_half_an_answer_is_none(office, database):
    adopted(office)
    _asked(office)
    decided(office, office.missed, chosen("STRONGER"))  # no reason, and none is asked for
    decided(office, another(office), chosen("here.0"), NOW + timedelta(hours=1))
    with database.system("test: look") as session:
        [kept] = session.scalars(select(Response))
    assert (kept.outside, kept.chosen) == ("", "Written plan")


def test_an_empty_menu_and_a_waiting_question_look_the_same_to_the_officer(office):
    cells = {**DEFAULT.cells, "B.STANDARD.1": Cell()}
    matrix = msgspec.structs.replace(DEFAULT, cells=cells)
    adopted(office, content=matrix)
    with office.scoped() as session:
        empty = flag_page(session, office.missed, NOW)
    adopted(office, from_on=ORDERED_ON + timedelta(days=1), number=2)
    _asked(office)
    with office.scoped() as session:
        waits = flag_page(session, office.missed, NOW)
    assert waits.kept_range is not None
    assert msgspec.structs.replace(waits, kept_range=None) == empty


def test_the_clock_of_reporting_is_the_one_in_force_on_the_questions_own_day(office):
    def due():
        with office.scoped() as session:
            return [one.due_on for one in clocks(session, office.matter.case, [office.missed], ZONE, NOW)]

    assert due() == []  # nobody adopted the sample: an office is late by its own clock alone
    adopted(office)
    assert due() == [MISSED + timedelta(days=30)]
    b = msgspec.structs.replace(DEFAULT.classes["B"], clocks={**DEFAULT.classes["B"].clocks, "report": "4 court days"})
    content = msgspec.structs.replace(DEFAULT, classes={**DEFAULT.classes, "B": b})
    adopted(office, ORDERED_ON + timedelta(days=1), 2, content)
    assert due() == [date(2026, 3, 5)]


# ── before the court ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_bench_page_names_the_version_and_the_range_and_none_of_the_offices_own_lines(office, database):
    cells = {**DEFAULT.cells, "B.STANDARD.1": Cell(("A call by the office",), ("Earlier review",))}
    adopted(office, content=msgspec.structs.replace(DEFAULT, cells=cells))
    with database.system("test: a review") as session, session.begin():
        number = hearing(session, office.matter, NOW + timedelta(days=3))
    decided(office, office.missed, chosen("court.0", decision="ACT"))
    office.to_court(office.missed, NOW + timedelta(hours=1))
    with database.system("test: the page") as session:
        page = bench_page(session, number, NOW + timedelta(hours=2))
    said = [one.text for one in page.before]
    assert "Local matrix v1, class B, 1st, standard: Earlier review" in said
    assert page.matrix == "local matrix version 1, in force since 5 Jan"
    assert not any("A call by the office" in line for line in (*said, *page.alleged_lines))


def test_with_no_version_adopted_the_bench_page_says_so_and_keeps_its_bytes(office, database):
    with database.system("test: a review") as session, session.begin():
        number = hearing(session, office.matter, NOW + timedelta(days=3))
    with database.system("test: the page") as session:
        page = bench_page(session, number, NOW)
    assert "Local matrix: none entered" in [one.text for one in page.before]
    assert b'"matrix"' not in msgspec.json.encode(page)  # packets of before read the same


# ── the good side ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_step_met_stands_on_the_persons_page_and_before_the_court_until_it_is_taken_back(office, database):
    step, answer = DEFAULT.steps_met[1], DEFAULT.incentives[0]
    with office.scoped() as session:  # lines of the sample are nobody's
        assert incentives.good_side(session, office.matter.case, TODAY) == incentives.Good((), (), ())
        assert incentives.faults_of(session, step, answer, TODAY, TODAY).keys() == {"step"}
    adopted(office)
    with database.system("test: a review") as session, session.begin():
        number = hearing(session, office.matter, NOW + timedelta(days=3))
    with office.scoped(writes=True) as session, session.begin():
        assert incentives.faults_of(session, "Brought flowers", answer, TODAY, TODAY).keys() == {"step"}
        made = incentives.record(session, office.matter.case, step, answer, TODAY, NOW)

    def bench():
        with database.system("test: the page") as session:
            return [one.text for one in bench_page(session, number, NOW + timedelta(hours=1)).since]

    assert f"Step met: {step} 4 Mar" in bench()
    with office.scoped(writes=True) as session, session.begin():
        [one] = incentives.good_side(session, office.matter.case, TODAY).met
        assert (one.step, one.answer, one.mine) == (step, answer, True)
        assert incentives.take_back(session, made, NOW)
        assert incentives.good_side(session, office.matter.case, TODAY).met == ()
    assert f"Step met: {step} 4 Mar" not in bench()


def test_nothing_in_the_sample_is_about_the_protected_person_or_asks_for_jail():
    text = msgspec.json.encode(DEFAULT).decode().lower()
    for word in ("victim", "protected", "she ", " her ", "jail", "shelter", "advocate"):
        assert word not in text, word


def test_the_range_is_of_this_persons_own_count_and_nobody_elses(office):
    with office.scoped() as session:
        told = range_of(session, office.matter.case, ZONE, None, MISSED, NOW, NOW)
    assert told is None


def test_a_level_in_date_reads_its_column_and_one_that_is_out_of_date_drives_nothing(office, database):
    def entered(level, on):
        with database.system("test: a level") as session, session.begin():
            session.add(Assessment(
                id=random_id(), case_id=office.matter.case, agency_id=office.town.office, occurred_on=on, tool="ODARA",
                tool_version="2", level=level, expires_on=on + timedelta(days=90), recorded_at=at(on),
                recorded_by_id=office.officer, assessed_by_id=office.officer,
            ))  # fmt: skip

    def column():
        with office.scoped() as session:
            return flag_page(session, office.missed, NOW).range.level

    entered("high", TODAY - timedelta(days=90))
    assert column() == ""
    entered("medium", TODAY - timedelta(days=9))
    assert column() == "ELEVATED"
    entered("3", TODAY - timedelta(days=1))
    assert column() == ""  # the team has not said which column a numbered level is
