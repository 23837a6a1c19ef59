"""Who, when and in which month: what a sheet contradicts or leaves open is asked about or refused, and never kept."""

from __future__ import annotations

import pytest

from monitor.intake.cells.headers import is_weekday
from monitor.intake.cells.preamble import days_in
from monitor.intake.judging.messages import tell_in_spanish
from tests.monitor.intake.test_sheets_of_others import asked, checked, errors, examined, records

ROSTERED = "Name,Group,Date,Status\n"


@pytest.mark.parametrize("name", ["Smith, Robert A", "Robert Allen Smith"])
@pytest.mark.parametrize("group", ["MON-6PM", ""])
def test_a_middle_name_that_is_another_is_asked_about_whatever_the_group(name: str, group: str) -> None:
    check = checked(f'{ROSTERED}"{name}",{group},11/9/2026,P\n')
    assert check.records == () and errors(check) == ["R-WHO-TWO"]


@pytest.mark.parametrize(("name", "group", "code"), [
    ("Smith, Robert J", "MON-6PM", "P1001"), ("Smith, Robert James", "MON-6PM", "P1001"),
    ("Smith, Robert", "MON-6PM", "P1001"), ("Smith, Robert A", "WED-6PM", "P1004"),
])  # fmt: skip
def test_a_middle_name_that_fits_leaves_the_group_to_decide(name: str, group: str, code: str) -> None:
    day = "11/9/2026" if code == "P1001" else "11/11/2026"
    assert [record.split()[0] for record in records(f'{ROSTERED}"{name}",{group},{day},P\n')] == [code]


def test_an_answer_settles_a_question_with_one_choice() -> None:
    """Once it was asked again for ever: whoever was chosen was also the only one to choose."""
    text, chosen = "Name,11/16/2026\nJim Whitefeather,P\n", {"jim whitefeather": "P1008"}
    assert errors(checked(text)) == ["R-WHO-CLOSE"]
    assert records(text, people=chosen) == ["P1008 2026-11-16 P"]


@pytest.mark.parametrize("case", ["24-CR-1872", "24 cr 1872", "24-CR-01872", "24/CR/0001872", "24CR1872"])
def test_a_case_number_without_its_zeros_is_offered_and_never_taken(case: str) -> None:
    check = checked(f"Case #,11/16/2026\n{case},P\n")
    assert check.records == () and errors(check) == ["R-WHO-CLOSE"]
    assert [option.value for option in check.errors[0].options] == ["P1001", "nobody"]
    kind, _, key = check.errors[0].ask.partition(":")
    assert kind == "people" and records(f"Case #,11/16/2026\n{case},P\n", people={key: "P1001"}) == [
        "P1001 2026-11-16 P"]


@pytest.mark.parametrize("case", ["24-CR-18720", "25-CR-1872", "24-CV-1872", "1872", "24-1872"])
def test_another_case_number_offers_nobody(case: str) -> None:
    assert errors(checked(f"Case #,11/16/2026\n{case},P\n")) == ["R-WHO-NOT-ON-ROSTER"]


def test_a_name_beside_the_number_of_somebody_else_is_asked_about() -> None:
    check = checked('Name,Case #,11/16/2026\n"Whitefeather, James",24-CR-1872,P\n')
    assert check.records == () and errors(check) == ["R-WHO-CLOSE"]
    assert {option.value for option in check.errors[0].options} == {"P1001", "P1008", "nobody"}
    assert records('Name,Case #,11/9/2026\n"Smith, Robert J",24-CR-1872,P\n') == ["P1001 2026-11-09 P"]


@pytest.mark.parametrize("mark", ["mu 11/30", "MU 11/18", "M 11/16", "M 11/16/2027", "makeup 9/1"])
def test_a_day_that_nobody_can_make_up_is_told_of_and_not_kept(mark: str) -> None:
    one = examined(f'Name,Case #,Date,Status\n"Whitefeather, James",25-CR-001220,11/16/2026,{mark}\n')
    assert [(row.says, row.makeup_for) for row in one.rows] == [("M", None)]
    assert [warning.code for warning in one.check.warnings] == ["W-MAKEUP-DAY"]


def test_the_same_of_a_day_in_a_column_of_its_own() -> None:
    head = 'Name,Case #,Date,Status,Make-up for\n"Whitefeather, James",25-CR-001220,11/16/2026'
    for mark, day in (("P", "11/30/2026"), ("M", "11/30/2026"), ("M", "9/1/2026")):
        one = examined(f"{head},{mark},{day}\n")
        assert [row.makeup_for for row in one.rows] == [None]
        assert [warning.code for warning in one.check.warnings] == ["W-MAKEUP-DAY"]
    kept = examined(f"{head},P,11/9/2026\n")
    assert [(row.says, str(row.makeup_for)) for row in kept.rows] == [("M", "2026-11-09")]
    assert kept.check.warnings == ()


@pytest.mark.parametrize(("month", "code"), [
    ("Nov 99", "R-DATE-FUTURE"), ("December 2026", "R-DATE-FUTURE"), ("Aug 2026", "R-DATE-BEFORE-START"),
    ("1899-11", "R-DATE-BEFORE-START"),
])  # fmt: skip
def test_a_report_of_a_month_that_cannot_be_is_refused_in_words(month: str, code: str) -> None:
    check = checked(f'Report month,Name,Sessions Attended,Recommendation\n{month},"Whitefeather, James",4,Continue\n')
    assert check.records == () and errors(check) == [code] and check.errors[0].what


def test_a_report_of_this_month_or_of_the_one_of_the_start_is_a_draft() -> None:
    for month in ("Nov 2026", "Sep 2026"):
        text = f'Report month,Name,Sessions Attended,Recommendation\n{month},"Whitefeather, James",4,Continue\n'
        assert records(text) == ["P1008 TOTALS 4 "]


@pytest.mark.parametrize("title", [
    "11/2 - 11/16/2026", "11/2–11/16/2026", "Attendance 11/2 to 11/16/2026", "2 - 16 November 2026",
    "Nov 2 - 16, 2026", "11-2 thru 11-16-2026", "del 2 al 16 de noviembre de 2026",
])  # fmt: skip
def test_a_title_of_a_range_is_the_day_of_no_class(title: str) -> None:
    assert days_in([[title]]) == []


@pytest.mark.parametrize(("title", "day"), [
    ("MON-6PM 11/16/2026", "11/16/2026"), ("Nov 16, 2026 - 6:00 PM", "Nov 16, 2026"),
    ("Group 5 - 16 November 2026", "16 November 2026"), ("Men's group - 11/16/2026", "11/16/2026"),
])  # fmt: skip
def test_a_day_behind_a_dash_is_no_range(title: str, day: str) -> None:
    assert days_in([[title]]) == [day]


def test_the_sign_between_columns_is_named_in_spanish() -> None:
    assert tell_in_spanish("I-DELIMITER", "semicolon") == "Las columnas están separadas por un signo: punto y coma."
    assert "semicolon" in tell_in_spanish("W-TITLE-MONTH", "semicolon"), "what a sheet says stays as it is"


@pytest.mark.parametrize("word", ["Mon", "mon.", "Monday", "Mondays", "Tue", "Tues", "Weds", "Wed.", "Thur", "Thurs",
                                  "lun", "Martes", "mié", "Miércoles", "sáb", "Sundays"])  # fmt: skip
def test_a_weekday_is_one(word: str) -> None:
    assert is_weekday(word)


@pytest.mark.parametrize("word", ["Month", "Months", "Monica", "Marcus", "Mario", "Sunny", "Friend", "Satisfactory",
                                  "Domestic", "m", "", "Thu 5"])  # fmt: skip
def test_what_begins_like_a_weekday_is_none(word: str) -> None:
    assert not is_weekday(word)


def test_behind_an_empty_line_the_group_before_is_told_of_nobody() -> None:
    """Once they were warned of as on another day than that group's."""
    check = checked('Client,Case #,11/2,11/9\n"O\'Neal, Dwayne",25-CR-000044,P,U\nWED-6PM,,11/4,11/11\n'
                    '"Smith, Robert",25-CR-000310,P,U\n,,,\n"Whitefeather, James",25-CR-001220,U,P\n')  # fmt: skip
    assert [record for record in map(" ".join, check.records) if "P1008" in record] == [
        "P1008 2026-11-02 U", "P1008 2026-11-09 P"]
    assert "W-DAY-NOT-GROUP" not in {warning.code for warning in check.warnings} and asked(check) == []


@pytest.mark.parametrize("mark", ["U - now E", "U (changed to E)", "E - was U", "Absent - should be excused",
                                  "U - ahora E", "E (corrected to P)"])  # fmt: skip
def test_a_mark_that_its_own_words_turn_is_not_kept(mark: str) -> None:
    check = checked(f'Name,Case #,Date,Status\n"Whitefeather, James",25-CR-001220,11/16/2026,{mark}\n')
    assert check.records == () and errors(check) == ["R-STATUS-UNKNOWN"]


@pytest.mark.parametrize("mark", ["E - is a doctor", "E - was sick", "U - now moved away"])
def test_a_reason_that_says_no_other_mark_stays_one(mark: str) -> None:
    text = f'Name,Case #,Date,Status\n"Whitefeather, James",25-CR-001220,11/16/2026,{mark}\n'
    assert records(text) == [f"P1008 2026-11-16 {mark[0]}"]


@pytest.mark.parametrize(("time", "late"), [("7:30", "90 min"), ("19:30", "90 min"), ("7:30 PM", "90 min"),
                                            ("6:05", ""), ("5:50", ""), ("18:05", "")])  # fmt: skip
def test_a_time_without_its_half_of_the_day_is_of_that_of_the_class(time: str, late: str) -> None:
    check = checked(f"Sign-in MON-6PM,11/16/2026,\nName,Case,Time In\n"
                    f'"Whitefeather, James",25-CR-001220,{time}\n')  # fmt: skip
    assert [record[2] for record in check.records] == ["P"]
    assert [one.detail for one in check.warnings if one.code == "W-LATE-BY-TIME"] == ([late] if late else [])


@pytest.mark.parametrize("written", ["Whitefeather, James #24-CR-001872", "James Whitefeather (24-CR-001872)"])
def test_a_number_of_somebody_else_within_a_name_is_asked_about(written: str) -> None:
    check = checked(f'Client,11/9/2026\n"{written}",P\n')
    assert check.records == () and errors(check) == ["R-WHO-CLOSE"]
    assert records('Client,11/9/2026\n"Whitefeather, James #25-CR-001220",P\n') == ["P1008 2026-11-09 P"]


@pytest.mark.parametrize("column", ["Activity", "Type", "Service", "Event type"])
@pytest.mark.parametrize("about", ["Drug test", "UA", "Payment", "Homework", "Court hearing"])
def test_a_line_about_something_else_than_a_class_is_no_absence(column: str, about: str) -> None:
    text = (f'Name,Case #,Date,{column},Status\n"Whitefeather, James",25-CR-001220,11/9/2026,{about},No show\n'
            f'"O\'Neal, Dwayne",25-CR-000044,11/9/2026,Class,P\n')  # fmt: skip
    check = checked(text)
    assert [" ".join(record) for record in check.records] == ["P1003 2026-11-09 P"]
    assert errors(check) == ["R-NOT-A-CLASS"] and about in check.errors[0].what


@pytest.mark.parametrize("about", ["101", "", "Anger management", "Drug class", "Alcohol education", "MON-6PM", "-"])
@pytest.mark.parametrize("column", ["Activity", "Type", "Service"])
def test_a_line_about_a_class_is_one(column: str, about: str) -> None:
    text = f'Name,Case #,Date,{column},Status\n"Whitefeather, James",25-CR-001220,11/9/2026,{about},NS\n'
    assert records(text) == ["P1008 2026-11-09 U"]


def test_a_no_show_among_results_of_tests_is_none_of_a_class() -> None:
    head = 'Name,Case #,Date,Result\n"Whitefeather, James",25-CR-001220,11/9/2026,Negative\n'
    missed = '"O\'Neal, Dwayne",25-CR-000044,11/9/2026,No show\n'
    check = checked(head + missed)
    assert check.records == () and errors(check) == ["R-STATUS-UNKNOWN", "R-STATUS-UNKNOWN"]
    came = '"Smith, Robert J",24-CR-001872,11/9/2026,Present\n'
    assert sorted(records(head + missed + came)) == ["P1001 2026-11-09 P", "P1003 2026-11-09 U"]
