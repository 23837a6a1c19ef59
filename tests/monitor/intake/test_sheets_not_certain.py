"""Sheets that may mean two things: what is not certain is asked about or named, and neither recorded nor dropped."""

from __future__ import annotations

import pytest

from monitor.intake.examine import examine
from monitor.intake.reading.delimited import read_text
from monitor.intake.reading.tables import Limits, Reading
from monitor.intake.roster import Who
from tests.monitor.intake.sample_county import desk
from tests.monitor.intake.test_sheets_of_further_programs import WIDE, D, J, L, checked, records, told
from tests.monitor.intake.test_sheets_of_others import DWAYNE, JAMES, LUIS

ACROSS = "James Whitefeather,Dwayne O'Neal"
STAYED = [f"{D}11-09 P", f"{J}11-02 P"]


@pytest.mark.parametrize("column", ["Week", "Class #", "Session", "Week #", "#", ""])
@pytest.mark.parametrize("numbers", [(2, 4, 7), (16, 9), (2, 9, 16)])
def test_numbers_of_classes_or_weeks_down_the_side_are_asked_about(column: str, numbers: tuple[int, ...]) -> None:
    """Once any gap in a numbering made days of the month of it, and absences on them."""
    lines = "".join(f"{number},P,NS\n" for number in numbers)
    check = checked(f"Attendance November 2026\n{column},{ACROSS}\n{lines}")
    assert check.records == () and "Q-WEEK-DATES 1" in told(check)


@pytest.mark.parametrize(("title", "numbers"), [
    ("October", (26, 7, 14)), ("September", (21, 28, 5, 12)), ("November", (16, 9)), ("November", (2, 4, 7)),
])  # fmt: skip
def test_days_of_two_months_or_of_no_class_down_the_side_are_no_days_of_the_one_above(
    title: str, numbers: tuple[int, ...]
) -> None:
    lines = "".join(f"{number},P,NS\n" for number in numbers)
    check = checked(f"Attendance {title} 2026\nDay,{ACROSS}\n{lines}")
    assert check.records == () and "H-NO-MONTH:" in told(check)


@pytest.mark.parametrize("lines", ["1,P,NS\n2,P,NS\n3,P,P\n", "2,P,NS\n"])
def test_days_that_may_be_a_numbering_are_asked_about(lines: str) -> None:
    check = checked(f"Attendance November 2026\nDay,{ACROSS}\n{lines}")
    assert check.records == () and "Q-WEEK-DATES 1" in told(check)


@pytest.mark.parametrize("over", [True, False])
@pytest.mark.parametrize(("parts", "cells"), [
    ("Status,Why", "NS,excused sick"), ("Status,Excused", "NS,yes"), ("Status,Reason", "NS,class cancelled"),
    ("Status,Notes", "A,sick"), ("Status,Reason", ",excused sick"), ("Present,Absent", ",x"), ("Status,Late", "P,20"),
    ("Status,Minutes late", "P,20"), ("Att,Time in", "NS,excused"), ("Att,Signature", "NS,class cancelled"),
])  # fmt: skip
def test_what_excuses_beside_a_mark_is_not_set_aside(parts: str, cells: str, *, over: bool) -> None:
    """Once only the mark was recorded, an absence, and the column beside it was called unknown."""
    days, names = "11/2,11/2,11/9,11/9", f"{parts},{parts}"
    head = f",,{days}\nClient,Case #,{names}\n" if over else f"Client,Case #,{days}\n,,{names}\n"
    check = checked(f"{head}{DWAYNE},{cells},P,\n{JAMES},P,,{cells}\n")
    assert sorted(" ".join(record) for record in check.records) == STAYED
    assert told(check).count("R-STATUS-UNKNOWN") == len(STAYED)


def test_a_note_beside_whoever_came_goes_with_the_mark() -> None:
    text = f"Client,Case #,11/2,11/2,11/9,11/9\n,,Att,Notes,Att,Notes\n{DWAYNE},P,worked well,E,court\n"
    tables, notes = read_text(text.encode(), Limits())
    found = examine(Reading(tables, notes), desk("a.csv", stored={}))
    assert [(one.says, one.note) for one in found.rows] == [("P", "worked well"), ("E", "court")]
    assert told(found.check) == []


@pytest.mark.parametrize("word", ["volunteer", "intern", "staff", "observer", "facilitator"])
def test_somebody_of_the_roster_is_not_dropped_for_a_word_in_brackets(word: str) -> None:
    """By the case number it is recorded; by a name alone, which whoever leads the class may share, it is asked."""
    numbered = f"{WIDE}{DWAYNE},P,P\nJames Whitefeather ({word}),25-CR-001220,U,P\n"
    assert records(numbered) == [f"{D}11-02 P", f"{D}11-09 P", f"{J}11-02 U", f"{J}11-09 P"]
    check = checked(numbered.replace("25-CR-001220", ""))
    assert len(check.records) == 2 and [(one.code, one.classes) for one in check.errors] == [("R-WHO-CLOSE", 2)]
    apart = f"Last name,First name,Case #,11/2\nO'Neal,Dwayne,25-CR-000044,P\nWhitefeather,James ({word}),,U\n"
    assert records(apart) == [f"{D}11-02 P"] and told(checked(apart)) == ["R-WHO-CLOSE"]


def test_an_answer_about_whoever_leads_the_class_is_none_about_the_person_of_that_name() -> None:
    named = "James Whitefeather"
    assert Who(name=f"{named} (staff)").folded != Who(name=named).folded == Who(name=f"{named} (Jim)").folded
    assert Who(name=f"{named} (staff)", case_number="25-CR-001220").folded == Who(name=named).folded


@pytest.mark.parametrize("column", ["Type", "Kind", ""])
@pytest.mark.parametrize("kind", ["Make-up", "Intake", "Group", "Session", ""])
def test_what_each_person_is_drops_nobody(column: str, kind: str) -> None:
    """Once a column with "Class" in it took the lines of everybody else off the sheet."""
    text = f"Client,Case #,{column},11/2,11/9\n{DWAYNE},Class,P,U\n{JAMES},{kind},U,P\n{LUIS},Class,P,P\n"
    assert records(text) == sorted([
        f"{D}11-02 P", f"{D}11-09 U", f"{J}11-02 U", f"{J}11-09 P", f"{L}11-02 P", f"{L}11-09 P",
    ])  # fmt: skip


def test_homework_of_somebody_without_a_line_of_marks_is_named_line_by_line() -> None:
    text = f"Client,Case #,Item,11/2,11/9\n{DWAYNE},Attendance,P,U\n{JAMES},Homework,Y,Y\n"
    assert records(text) == [f"{D}11-02 P", f"{D}11-09 U"]
    assert told(checked(text)).count("R-STATUS-UNKNOWN") == 2


@pytest.mark.parametrize("title", [
    "Attendance period 11/2/2026 - 11/16/2026", "Period November 2, 2026 - November 16, 2026",
    "Cohort 11/2/2026 – 11/16/2026", "Invoice for November 2, 2026 and November 16, 2026",
    "Intakes 11/9/2026, 11/16/2026", "Billing period: 11/2/2026 to 11/16/2026", "From 11/2/2026 - 11/16/2026",
    "Review of November 9, 2026; November 16, 2026", "Period Mon 11/2/2026 - Mon 11/16/2026",
    "Starting 11/2/2026 & 11/9/2026, 11/16/2026",
])  # fmt: skip
def test_the_end_of_a_range_of_something_else_is_no_class(title: str) -> None:
    """Once only the first of the two days was taken out, and everybody had come, or not, on the last."""
    check = checked(f'"{title}"\nClient,Case #,Status\n{DWAYNE},NS\n')
    assert check.records == () and "H-NO-SESSIONS" in {message.code for message in check.messages}


@pytest.mark.parametrize("title", ["Printed November 20, 2026. Class November 16, 2026", "Class of 11/16/2026"])
def test_a_day_of_a_class_behind_another_day_is_one(title: str) -> None:
    assert records(f'"{title}"\nClient,Case #,Status\n{DWAYNE},NS\n') == [f"{D}11-16 U"]


@pytest.mark.parametrize("title", [
    "Men's program sessions - Nov 2026", "Weekly sessions November 2026", "Group meetings November 2026",
    "Sesiones semanal noviembre 2026",
])  # fmt: skip
def test_a_title_that_counts_sessions_makes_no_days_of_their_numbers(title: str) -> None:
    check = checked(f'"{title}"\nName,Case #,2,4,7\n{DWAYNE},P,U,U\n')
    assert check.records == () and "H-NO-MONTH" in {message.code for message in check.messages}
