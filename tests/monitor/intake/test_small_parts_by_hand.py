"""Small parts of reading a sheet, each asked by itself: at its edges, and where it has nothing to say."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from monitor.group_days import Turn
from monitor.intake.answers import Answers
from monitor.intake.cells.preamble import joined, labelled, names_label
from monitor.intake.check import Judged
from monitor.intake.examine import examine
from monitor.intake.judging.messages import tell
from monitor.intake.judging.questions import _question
from monitor.intake.layouts.wide import _in_year
from monitor.intake.memory import Alias, Remembered, told
from monitor.intake.problems import _named
from monitor.intake.reading.delimited import read_text
from monitor.intake.reading.formats import as_date, as_measure, as_month, as_number, as_time, as_worded, as_words
from monitor.intake.reading.tables import Limits, Reading
from monitor.intake.receiver import Receiver
from monitor.intake.record.covering import days_covered
from monitor.intake.record.deciding import _decision
from monitor.intake.record.locks import LONGEST, NOT_SAVED, OLD, UNDONE, _rests_on, why_locked
from monitor.intake.record.standing import _held
from monitor.intake.roster import NOBODY, Meeting, Member, _grouped
from monitor.intake.stacks import Stack
from monitor.models import Attendance, Upload
from tests.monitor.intake.sample_county import desk

NOW = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)
DAY = date(2026, 11, 23)


@pytest.mark.parametrize(("serial", "since_1904", "shown"), [
    (0, False, "1899-12-30"), (46_349, False, "2026-11-23"), (46_349.75, False, "2026-11-23 18:00"),
    (44_887, True, "2026-11-23"), (2_958_465, False, "9999-12-31"), (2_958_466, False, "2958466"), (-1, False, "-1"),
    (-0.5, False, "-0.5"),
])  # fmt: skip
def test_a_day_by_its_number(serial, since_1904, shown):
    assert as_date(serial, since_1904) == shown


@pytest.mark.parametrize(("serial", "since_1904", "shown"), [
    (46_327, False, "November 2026"), (46_327.9, False, "November 2026"), (46_328, False, ""),
    (44_865, True, "November 2026"), (-1, False, ""), (2_958_466, False, ""),
])  # fmt: skip
def test_a_month_by_the_number_of_its_first_day(serial, since_1904, shown):
    assert as_month(serial, since_1904) == shown


@pytest.mark.parametrize(("value", "code", "shown"), [
    (1, '[=1]"Present";[=0]"Absent"', "Present"), (0, '[=1]"Present";[=0]"Absent"', "Absent"),
    (2, '[=1]"Present";[>1]"Often";"Never"', "Often"), (0, '[=1]"Present";[>1]"Often";"Never"', "Never"),
    (1, '[<>1]"Away";"Here"', "Here"), (2, '[<>1]"Away";"Here"', "Away"), (1, '[>=1]"In";[<1]"Out"', "In"),
    (1, '[<=1]"In";"Out"', "In"), (2, '[<=1]"In";"Out"', "Out"),
    (5, '"yes";"no";"zero"', "yes"), (-5, '"yes";"no";"zero"', "no"), (0, '"yes";"no";"zero"', "zero"),
    (0, '"yes";"no"', "yes"), (0, "#", ""), (1, "#", None), (1, "0", None), (1, ";;;", ""), (3, '"a;b"', "a;b"),
])  # fmt: skip
def test_words_that_a_format_shows_for_a_number(value, code, shown):
    assert as_words(value, code) == shown


@pytest.mark.parametrize(("value", "code", "shown"), [
    (1, '0" abs"', "1 abs"), (2, '"U"0', "U2"), (25_000_044, '00"-CR-"000000', "25-CR-000044"), (7, "0", ""),
    (7, '"-"0', ""), (7, '"U"', ""), (2.5, '0.0" h"', "2.5 h"), (3, 'General" x"', "3 x"), (7, '000"A"', "007A"),
    (-2, '0" abs"', "2 abs"),
])  # fmt: skip
def test_a_number_with_the_words_of_its_format(value, code, shown):
    assert as_worded(value, code) == shown


def test_hours_money_parts_and_times_of_day():
    assert [as_measure(1.5 / 24, "h"), as_measure(0.125, "%"), as_measure(20, "$")] == ["1:30", "12.5%", "$20"]
    assert [as_time(0.75), as_time(46_349.5), as_time(0.99999), as_time(1 / 1440)] == ["18:00", "12:00", "0:00", "0:01"]
    assert [as_number(3.0), as_number(-3.0), as_number(2.5), as_number(1e15)] == ["3", "-3", "2.5", f"{1e15}"]


def test_the_twenty_ninth_of_february_is_in_no_year_that_has_none():
    assert _in_year(date(2024, 2, 29), 2025) is None
    assert _in_year(date(2024, 2, 29), 2028) == date(2028, 2, 29)


def test_a_group_in_spanish_is_a_group_unless_both_stand_there():
    assert labelled([["Grupo: LUN-6PM"]])["group"] == "LUN-6PM"
    assert labelled([["Grupo: LUN-6PM"], ["Group: MON-6PM"]])["group"] == "MON-6PM"


@pytest.mark.parametrize(("row", "says"), [
    ([], False), (["", ""], False), (["Group: WED-6PM"], True), (["", "Group", "", "WED-6PM"], True),
    (["Group", "WED-6PM", "x"], False), (["Alex Reyes", "P"], False), (["Group", "Date"], False),
])  # fmt: skip
def test_which_lines_say_of_what_the_following_ones_are(row, says):
    assert names_label(row) is says


def test_what_an_earlier_sheet_settled_is_told_where_it_is_used_and_only_there():
    remembered = Remembered(
        values={"z": "P"}, people={"al re": Alias(NOBODY), "ro sa": Alias("B-7")}, day_first=True, week_one=DAY
    )  # fmt: skip
    used = Answers(values={"z": "P"}, people={"al re": NOBODY, "ro sa": "B-7"}, day_first=True, week_one=DAY)
    first, *rest = told(remembered, used)
    assert first.startswith("“Z” means ")
    assert rest[:3] == ["“Al Re” is not on your roster", "“Ro Sa” is B-7", "dates are day/month"]
    assert rest[3].startswith("week 1 is ") and len(rest) == 4
    assert told(remembered, Answers()) == ()
    assert told(Remembered(day_first=False), Answers(day_first=False)) == ("dates are month/day",)
    assert told(Remembered(), Answers(day_first=True, week_one=DAY)) == ()


def test_a_question_that_is_about_no_row_says_so():
    asked = _question("Q-DAY-FIRST.either", "11/12", ask="day_first")
    assert (asked.code, asked.row, asked.count, asked.values) == ("Q-DAY-FIRST", 0, 0, ("11/12",))
    assert (asked.ask, asked.where, asked.options) == ("day_first", "", ())


def test_a_text_whose_place_nobody_fills_is_told_without_it():
    assert "{" not in tell("Q-DAY-FIRST").text


def test_a_place_that_never_moved_has_no_turns_and_one_that_did_has_each():
    groups = {1: ("MON", Meeting(0, 0)), 2: ("WED", Meeting(2, 0))}
    moved = [Turn(DAY, 1), Turn(DAY + timedelta(days=7), 2), Turn(DAY + timedelta(days=9), 3)]
    assert _held(moved[:1], groups) == ()
    later = (DAY + timedelta(days=7), "WED"), (DAY + timedelta(days=9), "")
    assert _held(moved, groups) == ((DAY, "MON"), *later)


def test_who_is_told_of_under_no_key_is_in_no_group_of_keys():
    one, other = (Member(key, key, f"B-{key}", "Reyes", "Alex") for key in (1, 2))
    assert _grouped([("a", one), ("", other), ("a", other)]) == {"a": (one, other)}


def row(outcome: str = "new", on: date | None = DAY, says: str = "P", member: bool = True) -> Judged:
    whose = Member(1, 1, "B-1", "Reyes", "Alex", group="MON") if member else None
    return Judged(sheet="", row=1, column="", written="", found="", outcome=outcome, on=on, says=says, member=whose)


def test_a_day_is_complete_unless_one_of_its_rows_is_in_doubt_and_none_is_where_a_row_has_no_day():
    other = DAY + timedelta(days=7)
    assert days_covered([row(), row("same", other), row("skipped")]) == {"mon": {DAY, other}}
    assert days_covered([row("changed"), row("error", other), row("new", other)]) == {"mon": {DAY}}
    assert days_covered([row(), row("held", None)]) == {}
    assert days_covered([row(says="M")]) == days_covered([row(member=False)]) == days_covered([row("error")]) == {}


def test_an_upload_that_is_undone_not_saved_or_older_than_two_weeks_is_not_taken_back():
    assert why_locked(None, Upload(state="UNDONE", saved_at=NOW), NOW) == UNDONE
    assert why_locked(None, Upload(state="CHECKED", saved_at=NOW), NOW) == NOT_SAVED
    assert why_locked(None, Upload(state="SAVED", saved_at=None), NOW) == NOT_SAVED
    late = NOW + LONGEST + timedelta(microseconds=1)
    assert why_locked(None, Upload(state="SAVED", saved_at=NOW), late) == OLD


def test_a_flag_rests_on_its_evidence_and_on_what_it_is_about():
    assert _rests_on({"evidence": [1, 2]}, [2]) and _rests_on({"about": "3"}, [3])
    assert not _rests_on({"evidence": [1], "about": None}, [2]) and not _rests_on({}, [2])


@pytest.mark.parametrize(("says", "decision", "why"), [
    ("E", "EXCUSED", "PROFESSIONAL_JUDGEMENT"), ("U", "UNEXCUSED", None),
])  # fmt: skip
def test_what_the_program_calls_excused_or_a_no_show_is_its_own_decision(says, decision, why):
    by = Receiver(agency_id=4, program_id=5, user_id=6, now=NOW, today=DAY)
    made = _decision(Attendance(id=1, case_id=2, agency_id=4, program_says=says), by)
    assert (made.decision, made.why, made.decided_by, made.attendance_id) == (decision, why, "PROGRAM", 1)
    assert (made.case_id, made.agency_id, made.recorded_by_id, made.occurred_on) == (2, 4, 6, DAY)
    assert (made.words is None) == (why is None)


def test_a_row_that_leaves_its_name_to_the_line_above_is_sent_back_with_it():
    stack = Stack(row=0, header=["Name", "Date", "Status"], below=1, end=4)
    rows = [["Name", "Date", "Status"], ["Reyes, Alex", "11/16", "P"], ["", "11/18", "A"], ["Sample, Robin", "", ""]]
    assert _named(rows, 2, stack) == ["Reyes, Alex", "11/18", "A"]
    assert _named(rows, 1, stack) == rows[1] and _named(rows, 3, stack) == rows[3]
    assert _named([rows[0], ["", "11/16", "P"]], 1, Stack(row=0, header=rows[0], below=1, end=2)) == ["", "11/16", "P"]
    assert _named([rows[0], rows[1], []], 2, stack) == ["Reyes, Alex"]
    assert _named(rows, 2, Stack(row=0, header=["", "Date", "Status"], below=1, end=4)) == rows[2]


LIMITS = """
import resource
from monitor.intake.reading.worker import confine
confine(2**31, 7)
names = "AS", "CPU", "FSIZE", "CORE", "NPROC"
print(*(resource.getrlimit(getattr(resource, f"RLIMIT_{name}")) for name in names))
"""


def test_the_child_has_so_much_memory_and_time_and_writes_no_file_no_core_and_begins_no_child():
    told = subprocess.run([sys.executable, "-c", LIMITS], capture_output=True, text=True, check=True, timeout=120)
    assert told.stdout.split("\n")[0] == f"({2**31}, {2**31}) (7, 7) (0, 0) (0, 0) (0, 0)"


@pytest.mark.parametrize("title", ["", "Attendance\n", "Attendance\nPrepared by us\n"])
@pytest.mark.parametrize(("weekday", "code"), [("Mon", ""), ("Tue", "R-DATE-WEEKDAY")])
def test_weekdays_over_the_days_are_held_against_them_whatever_stands_above(title, weekday, code):
    sheet = f"{title},{weekday},{weekday}\nName,11/9,11/16\nDwayne O'Neal,P,U\n"
    tables, notes = read_text(sheet.encode(), Limits())
    found = examine(Reading(tables=tables, notes=notes), desk("a.csv")).rows
    assert [(one.on, one.code) for one in found] == [(date(2026, 11, 9), code), (date(2026, 11, 16), code)]


def test_a_merged_title_is_said_once_wherever_it_stands_in_its_line():
    assert joined(["", "A", "A", "B", "B", "", "A"]) == "A  B  A"
