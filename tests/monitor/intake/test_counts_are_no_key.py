"""A count, or an answer to a question, above or below a table is no key to its signs: nobody becomes absent by it."""

from __future__ import annotations

import pytest

from tests.monitor.intake.test_sheets_of_others import JAMES, LUIS, asked, checked, errors, records

WIDE, LONG = "Name,Case #,11/2/2026,11/9/2026\n", "Name,Case #,Date,Attended\n"
J, L = "P1008 2026-", "P1002 2026-"
TICKS = f"{WIDE}{JAMES},1,0\n{LUIS},1,1\n"
ANSWERS = f"{WIDE}{JAMES},Y,N\n{LUIS},Y,Y\n"
AS_WRITTEN = [f"{L}11-02 P", f"{L}11-09 P", f"{J}11-02 P", f"{J}11-09 ABS"]

COUNTS = [
    "Present: 3,Absent: 1", "Present: 3  Absent: 1", "Absent: 1", "Absent (1)", "12 - Present\n1 - Absent",
    "No show: 1 / Excused: 0 / Present: 3", '"Excused: 1","Absent: 0"', "Absent = 1", "Present: 2,Absent: 2",
    "Key: Absent: 1", "No show (1)",
]  # fmt: skip


@pytest.mark.parametrize("below", [False, True])
@pytest.mark.parametrize("count", COUNTS)
def test_a_count_makes_nobody_absent(count: str, below: bool) -> None:
    """Once "Absent: 1" made an absence of every 1 on the sheet, and nobody was asked."""
    text = f"{TICKS}{count}\n" if below else f"{count}\n{TICKS}"
    assert sorted(records(text)) == AS_WRITTEN
    assert not asked(checked(text))


@pytest.mark.parametrize("below", [False, True])
def test_a_count_makes_nobody_absent_in_a_list(below: bool) -> None:
    table = f"{LONG}{JAMES},11/9/2026,1\n{LUIS},11/9/2026,1\n"
    text = f"{table}Absent: 1\n" if below else f"Absent: 1\n{table}"
    assert sorted(records(text)) == [f"{L}11-09 P", f"{J}11-09 P"]


@pytest.mark.parametrize("label", [
    "Make-up: Y", "Makeup: No", "Holiday: N", "Holiday: -", "Intake: N", "Weather: OK", "Orientation: P", "Court: 2",
    "No group: 11/9", '"Group: MON-6PM","Excused: N"', "Excused: N  Make-up: Y", "Absent: NA",
])  # fmt: skip
def test_an_answer_to_a_question_is_no_key(label: str) -> None:
    """Once "Excused: N" above the table made every N an excused absence."""
    assert sorted(records(f"{label}\n{ANSWERS}")) == AS_WRITTEN


@pytest.mark.parametrize(("label", "sign"), [
    ("Court: A", "A"), ("Court (A)", "A"), ("A - Court", "A"), ("A - Court\nB - Intake", "A"), ("Intake: O", "O"),
    ("Sick (X)", "X"),
    ("Court: A  Intake: B", "A"), ("Court (A), Late (L)", "A"), ("A - Court; B - Intake", "A"),
    ("X = absent", "X"), ('"Court: A","Intake: B"', "A"),
])  # fmt: skip
def test_signs_that_mean_opposite_things_are_still_asked_about(label: str, sign: str) -> None:
    text = f"{label}\n{WIDE}{JAMES},{sign},P\n{LUIS},P,{sign}\n"
    assert sorted(records(text)) == [f"{L}11-02 P", f"{J}11-09 P"]
    assert asked(checked(text)) == [f"Q-VALUE {sign}"]


@pytest.mark.parametrize(("label", "sign"), [("Court: 2", "2"), ("Weather: OK", "OK")])
def test_a_sign_that_nobody_knows_stays_unknown(label: str, sign: str) -> None:
    text = f"{label}\n{WIDE}{JAMES},{sign},P\n"
    assert (records(text), errors(checked(text))) == ([f"{J}11-09 P"], ["R-STATUS-UNKNOWN"])


def test_a_dash_beside_a_holiday_stays_what_it_was() -> None:
    assert records(f"Holiday: -\n{WIDE}{JAMES},-,Y\n") == [f"{J}11-09 P"]


@pytest.mark.parametrize(
    "key", ["P = absent; A = present", "1 = absent; 0 = present", "1 = absent", "E = absent, X = present"]
)
def test_a_key_without_a_heading_that_turns_our_signs_round_is_asked_about(key: str) -> None:
    sign = key[0]
    text = f'"{key}"\n{WIDE}{JAMES},{sign},\n'
    assert (records(text), asked(checked(text))) == ([], [f"Q-VALUE {sign}"])


@pytest.mark.parametrize("key", [
    "Key: P = absent; X = present", "Legend: Absent = P", "Codes,P = absent", "Clave: P = ausente",
    "Códigos: P - ausente",
])  # fmt: skip
def test_a_key_with_a_heading_is_followed_whatever_it_says(key: str) -> None:
    quoted = key if key.startswith("Codes") else f'"{key}"'
    assert records(f"{quoted}\n{WIDE}{JAMES},P,\n") == [f"{J}11-02 ABS"]


def test_numbers_that_an_equals_sign_explains_are_a_key() -> None:
    assert records(f'"Key: 1 = absent, 2 = present"\n{WIDE}{JAMES},1,2\n') == [f"{J}11-02 ABS", f"{J}11-09 P"]
