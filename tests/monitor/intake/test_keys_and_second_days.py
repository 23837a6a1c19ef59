"""What a sheet says of its own signs goes before what anybody remembers; two days over one column are none."""

from __future__ import annotations

from datetime import date

import pytest

from monitor.intake.answers import Answers
from tests.monitor.intake.test_sheets_of_others import DWAYNE, JAMES, LUIS, asked, checked, errors, examined, records

HEAD, WIDE = "Name,Case #,Date,Status\n", "Client,Case #,"
D, J = "P1003 2026-", "P1008 2026-"

KEYS = [
    "Key: A - Attended; N - No show", "Key: A – Attended, N – No show", "Key: A - Attended, N - No show",
    "A: Attended  N: No show", "A = Attended / N = No show", "Attended = A; No show = N", "Attended (A), No-show (N)",
    "Codes: A (Attended) N (No show)", "Key: A→Attended, N→No show", "Key: A means attended, N means no show",
    "A-Attended N-No show", "(A) Attended (N) No show", "A is attended; N is no show", "Key: A Attended; N No show",
    "Key: A:Attended, N:No show", "LEGEND - A = ATTENDED - N = NO SHOW", "A=Attended|N=No show",
]  # fmt: skip


@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_followed_however_it_is_joined(key: str, below: bool) -> None:
    """Once N was recorded as "absent" under a key that says "no show", and A was asked about."""
    table = f"{HEAD}{DWAYNE},11/9/2026,A\n{JAMES},11/9/2026,N\n"
    text = f'{table},,,\n"{key}",,,\n' if below else f'"{key}",,,\n{table}'
    assert records(text) == [f"{D}11-09 P", f"{J}11-09 U"]


@pytest.mark.parametrize("key", [
    "P - Paid, U - Unpaid", "Key: P Paid; U Unpaid", "P - Ausente (papeles), U - Urgente", "P (pending) U (unclear)",
])  # fmt: skip
def test_a_key_that_gives_our_signs_other_words_makes_them_a_question(key: str) -> None:
    text = f'"{key}",,,\n{HEAD}{DWAYNE},11/9/2026,P\n{JAMES},11/9/2026,U\n'
    assert (records(text), len(asked(checked(text)))) == ([], 2)


@pytest.mark.parametrize("title", [
    "Program A - no show policy", "Group A - Present curriculum: Week 4", "Show up on time - no excuses",
    "Facilitators: J. Doe, P. Roe", "MON-6PM, WED-6PM",
])  # fmt: skip
def test_a_title_is_no_key(title: str) -> None:
    text = f'"{title}",,,\n{HEAD}{DWAYNE},11/9/2026,A\n{JAMES},11/9/2026,N\n{LUIS},11/9/2026,P\n'
    assert records(text) == [f"{J}11-09 ABS", "P1002 2026-11-09 P"]
    assert asked(checked(text)) == ["Q-VALUE A"]


def test_nobody_of_the_roster_is_taken_for_a_key() -> None:
    assert records('Name,Date,Status\n"Whitefeather, James (J)",11/9/2026,P\n') == [f"{J}11-09 P"]


DAYS = "11/2,11/9"


BOTH = "R-DATE-UNREADABLE"


@pytest.mark.parametrize("below", [",,11/4,11/11", ",,11/9,11/16", ",,Wed 11/4,Wed 11/11"])
@pytest.mark.parametrize("above", [DAYS, "Week 1 (11/2),Week 2 (11/9)"])
def test_two_days_over_one_column_are_none(above: str, below: str) -> None:
    """Once the lower row was the header, and everybody was recorded on its days."""
    check = checked(f"{WIDE}{above}\n{below}\n{JAMES},P,U\n")
    assert (check.records, errors(check)) == ((), [BOTH, BOTH])
    assert all(day in told.what for told, day in zip(check.errors, below.strip(",").split(","), strict=True))


def test_a_day_over_another_leaves_the_other_columns() -> None:
    check = checked(f"{WIDE}{DAYS}\n,,11/4,\n{JAMES},P,U\n")
    assert [" ".join(record) for record in check.records] == [f"{J}11-09 U"]
    assert [told.what for told in check.errors] == ["“11/2 / 11/4” is not a real date."]


@pytest.mark.parametrize("label", ["Date: {}", "Session date,{}", "Fecha: {}"])
def test_two_days_above_a_sign_in_sheet_are_none(label: str) -> None:
    """Once the lower line counted, without a word."""
    table = f"Name,Case #,Time In,Signature\n{JAMES},6:00 PM,JW\n"
    first, other = label.format("11/9/2026"), label.format("11/16/2026")
    check = checked(f"{first}\n{other}\n{table}")
    assert (check.records, check.file_messages) == ((), ["I-PREAMBLE:2", "H-TWO-DATES:11/9/2026, 11/16/2026"])
    assert records(f"{first}\n{first}\n{table}") == [f"{J}11-09 P"]


def test_a_sign_in_sheet_with_a_day_between_its_lines_is_read_on() -> None:
    text = f"Date: 11/9/2026\nName,Case #,Status\n{JAMES},P\nDate: 11/16/2026\n{JAMES},U\n"
    assert records(text) == [f"{J}11-09 P", f"{J}11-16 U"]


def test_a_key_in_a_column_beside_the_table_is_followed() -> None:
    text = f"{WIDE}{DAYS},,Key\n{JAMES},X,P,,X = Absent\n{LUIS},X,X,,P = Present\n"
    assert records(text) == [f"{J}11-02 ABS", f"{J}11-09 P", "P1002 2026-11-02 ABS", "P1002 2026-11-09 ABS"]


@pytest.mark.parametrize("cell", ["X marks the spot", "X = see binder", "3", "Absent: 1"])
def test_a_column_called_key_that_holds_anything_else_is_none(cell: str) -> None:
    text = f"{WIDE}{DAYS},,Key\n{JAMES},X,P,,X = Absent\n{LUIS},P,P,,{cell}\n"
    assert asked(checked(text)) == ["Q-VALUE X"]


@pytest.mark.parametrize("word", ["called in", "Called In"])
def test_who_called_in_is_not_excused_by_it(word: str) -> None:
    check = checked(f"{HEAD}{JAMES},11/9/2026,{word}\n")
    assert (check.records, errors(check)) == ((), ["R-STATUS-UNKNOWN"])


@pytest.mark.parametrize(("above", "below"), [
    (DAYS, ",,11/2/2026,11/9/2026"), (DAYS, ",,1,2"), ("Week 1,Week 2", ",,11/2,11/9"), ("Mon,Mon", ",,11/2,11/9"),
    ("November,", ",,11/2,11/9"),
])  # fmt: skip
def test_a_second_row_that_says_the_same_or_more_is_read_with_the_first(above: str, below: str) -> None:
    assert records(f"{WIDE}{above}\n{below}\n{JAMES},P,U\n") == [f"{J}11-02 P", f"{J}11-09 U"]


def test_a_name_with_a_question_mark_is_asked_about() -> None:
    text = 'Name,Date,Status\n"Whitefeather, James?",11/9/2026,P\n'
    assert (records(text), errors(checked(text))) == ([], ["R-WHO-CLOSE"])


# an answer never reaches another person, and never goes before what the sheet itself says


BY_GROUP = [
    "Name,Group,Date,Status\nRobert Smith,,11/9/2026,P\nRobert Smith,WED-6PM,11/18/2026,U\n",
    "Client,11/9,11/18\nMON-6PM,,\nRobert Smith,P,\nWED-6PM,,\nRobert Smith,,U\n",
]
BORN = "Name,DOB,Date,Status\nRobert Smith,{},11/18/2026,U\n"


@pytest.mark.parametrize("text", BY_GROUP)
def test_an_answer_about_a_name_that_the_group_contradicts_is_asked_about_with_both(text: str) -> None:
    """Once the no-show of one Robert Smith was recorded of the other; then the row could not be answered at all."""
    said = {"robert smith": "P1001"}
    check = examined(text, Answers(people=said)).check
    (asks,) = check.errors
    assert records(text, people=said) == ["P1001 2026-11-09 P"]
    assert (asks.code, asks.ask) == ("R-WHO-CLOSE", "people:robert smith (wed 6pm)")
    assert [option.value for option in asks.options] == ["P1001", "P1004", "nobody"]


@pytest.mark.parametrize("text", BY_GROUP)
@pytest.mark.parametrize(("answered", "of"), [("P1004", ["P1004 2026-11-18 U"]), ("P1001", ["P1001 2026-11-18 U"]),
                                              ("nobody", [])])  # fmt: skip
def test_what_was_answered_of_a_name_in_one_group_stays_answered(text: str, answered: str, of: list[str]) -> None:
    people = {"robert smith": "P1001", "robert smith (wed 6pm)": answered}
    assert records(text, people=people) == ["P1001 2026-11-09 P", *of]
    assert errors(examined(text, Answers(people=people)).check) == ([] if of else ["R-WHO-NOT-ON-ROSTER"])


def test_who_is_nobody_of_the_roster_is_not_found_by_a_group() -> None:
    """Once the no-show of a stranger was recorded of the Robert Smith of that group."""
    text = "Name,Group,Date,Status\nRobert Smith,MON-6PM,11/9/2026,U\n"
    check = examined(text, Answers(people={"robert smith": "nobody"})).check
    assert (records(text, people={"robert smith": "nobody"}), errors(check)) == ([], ["R-WHO-NOT-ON-ROSTER"])


def test_who_is_nobody_and_yet_has_somebodys_birthday_is_asked_about_and_stays_answered() -> None:
    text, said = BORN.format("11/5/1992"), {"robert smith": "nobody"}
    (asks,) = examined(text, Answers(people=said)).check.errors
    assert (asks.code, asks.ask) == ("R-WHO-CLOSE", "people:robert smith (born 1992-11-05)")
    for answered, of in (("P1004", ["P1004 2026-11-18 U"]), ("nobody", [])):
        assert records(text, people=said | {"robert smith (born 1992-11-05)": answered}) == of


def test_a_birthday_of_the_roster_goes_before_what_was_answered_of_the_name() -> None:
    assert records(BORN.format("11/5/1992"), people={"robert smith": "P1001"}) == ["P1004 2026-11-18 U"]


@pytest.mark.parametrize(("column", "other", "key"), [
    ("Group", "WED-6PM", "bobby smith (wed 6pm)"), ("DOB", "11/5/1980", "bobby smith (born 1980-11-05)"),
])  # fmt: skip
def test_an_answer_about_a_nickname_is_asked_again_of_another_group_or_birthday(
    column: str, other: str, key: str
) -> None:
    text = f"Name,{column},Date,Status\nBobby Smith,,11/9/2026,P\nBobby Smith,{other},11/18/2026,U\n"
    said = {"bobby smith": "P1001"}
    assert records(text, people=said) == ["P1001 2026-11-09 P"]
    assert [asks.ask for asks in examined(text, Answers(people=said)).check.errors] == [f"people:{key}"]
    assert records(text, people=said | {key: "P1004"}) == ["P1001 2026-11-09 P", "P1004 2026-11-18 U"]


def test_what_was_answered_of_a_sign_does_not_go_before_the_key_of_the_sheet() -> None:
    text = f'"Key: A = Attended",,,\n{HEAD}{JAMES},11/9/2026,A\n'
    assert records(text, values={"a": "ABS"}) == [f"{J}11-09 P"]


def test_the_start_that_a_sheet_tells_goes_before_the_week_that_was_answered() -> None:
    text = f"Start date: 11/2/2026,,,\n{WIDE}Wk 1,Wk 2\n{JAMES},P,U\n"
    assert records(text, week_one=date(2026, 10, 19)) == [f"{J}11-02 P", f"{J}11-09 U"]


def test_a_day_beside_the_number_of_its_week_follows_the_order_that_was_answered() -> None:
    """Once 9/11 was September there, whatever had been answered."""
    text = f"{WIDE}Week 1 (2/11),Week 2 (9/11),Week 3 (16/11)\n{JAMES},P,U,E\n"
    assert asked(checked(text)) == ["Q-DAY-FIRST Week 3 (16/11)"]
    assert records(text, day_first=True) == [f"{J}11-02 P", f"{J}11-09 U", f"{J}11-16 E"]


def test_a_day_that_is_one_only_the_other_way_round_is_refused_once_the_order_is_settled() -> None:
    text = f"{WIDE}10/11/2026,11/16/2026\n{JAMES},P,U\n"
    assert records(text, day_first=True) == [f"{J}11-10 P"]


# what stands in the other cells says what P, N and "closed" are


@pytest.mark.parametrize("text", [
    f"{WIDE}11/9/2026,11/16/2026\n{JAMES},neg,pos\n{DWAYNE},N,P\n",
    f"{HEAD}{JAMES},11/9/2026,Open\n{DWAYNE},11/9/2026,Closed\n",
    f"Homework turned in,,,\n{WIDE}11/9/2026,11/16/2026\n{JAMES},Y,N\n",
])  # fmt: skip
def test_results_of_tests_states_of_cases_and_homework_are_no_classes(text: str) -> None:
    check = checked(text)
    assert check.records == () and (check.errors or check.layout is None)


def test_a_class_is_closed_beside_marks_of_classes() -> None:
    assert records(f"{HEAD}{JAMES},11/9/2026,Closed\n{DWAYNE},11/9/2026,P\n") == [f"{J}11-09 C", f"{D}11-09 P"]
