"""Sheets by a fresh mind; what must come out was written down beforehand. "" and []: nothing is recorded.

Nothing recorded is right where a sheet leaves open who, when or what: then there is always a message or a question.
"""

from __future__ import annotations

import pytest

from tests.monitor.intake.test_sheets_of_others import DWAYNE, JAMES, LUIS, asked, checked, records

HEAD = "Name,Case #,Date,Status\n"
D, J = "P1003 2026-", "P1008 2026-"
# a status in its cell, and what it says; "" is asked about
WORDS = {
    "Present - late 20 min": "L", "not excused": "U", "No excuse": "U", "did not show": "U", "Unexc. Absence": "U",
    "Exc. Absence": "E", "absent, excused": "E", "Absent/Excused": "E", "in jail": "J", "TRUE": "P", "FALSE": "ABS",
    "Present (virtual)": "P", "MU 11/2": "M", "1/2": "", "2/2": "", "50%": "", "2": "", "120": "", "P+": "", "P,P": "",
    "present?": "", "Presnt": "", "late excused": "", "excused no show": "", "No Show (excused by PO)": "",
    "did not attend group - jail": "", "P - left early": "", "no intake": "", "not late": "", "not absent": "",
    "UA+": "", "court ordered": "", "Not sick": "", "pending": "", "see note": "", "Good": "", "#REF!": "", "V": "",
    "facilitator sick": "", "moved away": "", "absconded": "", "refused": "",
}  # fmt: skip


@pytest.mark.parametrize(("word", "code"), WORDS.items())
def test_a_word_says_what_it_says_or_is_asked_about(word: str, code: str) -> None:
    text = f'{HEAD}{DWAYNE},11/9/2026,"{word}"\n'
    assert records(text) == ([f"{D}11-09 {code}"] if code else [])
    assert code or checked(text).errors or checked(text).questions


SHEETS = {
    # which day
    "a day with its hour": (HEAD + f"{DWAYNE},2026-11-09T18:00:00,P\n", [f"{D}11-09 P"]),
    "a day without marks": (HEAD + f"{DWAYNE},20261109,P\n", [f"{D}11-09 P"]),
    "when it was entered": (
        f"Name,Case #,Session Date,Date Entered,Status\n{DWAYNE},11/9/2026,11/17/2026,P\n", [f"{D}11-09 P"],
    ),
    "a week": (HEAD + f"{DWAYNE},Week of 11/9/2026,P\n", []),
    "days from and to": (HEAD + f"{DWAYNE},11/9/2026 - 11/15/2026,P\n", []),
    "a month": (HEAD + f"{DWAYNE},11/2026,P\n", []),
    "two days": (HEAD + f'{DWAYNE},"11/9, 11/16",P\n', []),
    "columns of weeks": (f"Client,Case #,Week of 11/9,Week ending 11/22\n{DWAYNE},P,U\n", []),
    "columns from and to": (f"Client,Case #,11/9-11/15,Nov 16-20\n{DWAYNE},P,U\n", []),
    "weeks down the side": ("Week of,Dwayne O'Neal,James Whitefeather\n11/9,P,U\n11/16,E,P\n", []),
    "months as blocks": (
        f"Client,Case #,October,,November,\n,,19,26,2,9\n{DWAYNE},P,U,P,E\n",
        [f"{D}10-19 P", f"{D}10-26 U", f"{D}11-02 P", f"{D}11-09 E"],
    ),
    "a column without a name": (f"Client,Case #,11/2,,11/16\n{DWAYNE},P,U,P\n", [f"{D}11-02 P", f"{D}11-16 P"]),
    "months of counts": (f"Client,Case #,Oct,Nov\n{DWAYNE},1,1\n{JAMES},1,0\n", []),
    "running counts": (f"Client,Case #,11/2,11/9,11/16\n{DWAYNE},1,2,3\n{JAMES},1,1,2\n", []),
    "hours": (f"Client,Case #,11/9,11/16\n{DWAYNE},2,2\n{JAMES},2,0\n", []),
    "a form's revision": ("Rev. 11/9/2026,,\nName,Time In,Signature\nDwayne O'Neal,18:00,DO\n", []),
    "since when it holds": ("Effective 11/9/2026,,\nName,Time In,Signature\nDwayne O'Neal,18:00,DO\n", []),
    "a day of something else": (f"Name,Case #,Court Date,Present\n{DWAYNE},11/16/2026,Y\n", []),
    "a day of paying": (f"Name,Case #,Payment Date,Status\n{DWAYNE},11/16/2026,Complete\n", []),
    # what
    "excused in place of a signature": (
        "Date: 11/9/2026,,\nName,Time In,Signature\nDwayne O'Neal,,excused - court\n", [f"{D}11-09 E"],
    ),
    "a column of absences": (f"Name,Case #,Date,Absent\n{DWAYNE},11/9/2026,Y\n{JAMES},11/9/2026,N\n", []),
    "a column of no-shows": (f"Name,Case #,Date,No Show\n{DWAYNE},11/9/2026,Y\n{JAMES},11/9/2026,N\n", []),
    "homework": (f"Name,Case #,Date,Homework\n{DWAYNE},11/9/2026,Y\n", []),
    "a payment": (f"Name,Case #,Date,Paid\n{DWAYNE},11/9/2026,Y\n", []),
    "a key that makes P money": (
        f"P = Paid; A = Attended; N = No show\n{HEAD}{DWAYNE},11/9/2026,P\n{JAMES},11/9/2026,A\n", [f"{J}11-09 P"],
    ),
    "a key of its own in two columns": (
        f"Legend,,,\nA,Attended,,\nX,Absent,,\n,,,\n{HEAD}{DWAYNE},11/9/2026,A\n{JAMES},11/9/2026,X\n",
        [f"{D}11-09 P", f"{J}11-09 ABS"],
    ),
    # who
    "an initial": ('Name,Date,Status\n"O\'Neal, D",11/9/2026,P\n', []),
    "another birthday": ('Name,DOB,Date,Status\n"O\'Neal, Dwayne",12/30/1980,11/9/2026,P\n', []),
    "a number of somebody else": ("participant_id,Name,Date,Status\nP1003,James Whitefeather,11/9/2026,P\n", []),
    "two numbers that differ": ("participant_id,Case #,Date,Status\nP1003,25-CR-001220,11/9/2026,P\n", []),
    "one of two of a name, across": (
        "Date,Robert Smith,James Whitefeather,Dwayne O'Neal\n11/9,P,U,P\n", [f"{D}11-09 P", f"{J}11-09 U"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("habit", SHEETS)
def test_a_sheet_of_a_stranger_is_read_as_was_said_beforehand(habit: str) -> None:
    text, expected = SHEETS[habit]
    assert sorted(records(text)) == expected
    check = checked(text)
    assert expected or check.errors or check.questions or check.messages, "what is not taken is named"


@pytest.mark.parametrize("text", [
    f"Name,Case #,Date (dd/mm/yyyy),Status\n{DWAYNE},09/11/2026,P\n",
    f"Client,Case #,2/11/2026,9/11/2026\n{DWAYNE},P,U\n",
    f"Client,Case #,5/10/2026,12/10/2026,19/10/2026\n{DWAYNE},P,U,P\n",
    "Date: 09/11/2026,,\nName,Time In,Signature\nDwayne O'Neal,18:00,DO\n",
    f'Name,DOB,Date,Status\n"García-Ortiz, Luis",20/7/1990,9/11/2026,P\n{LUIS},,2/11/2026,P\n',
])  # fmt: skip
def test_days_that_are_likelier_the_other_way_round_are_asked_about(text: str) -> None:
    """Once recorded as September: what the column says of itself, and the weeks just past, were not looked at."""
    assert records(text) == []
    assert asked(checked(text))[0].startswith("Q-DAY-FIRST")


def test_an_old_day_of_a_class_is_not_asked_about() -> None:
    text = f"{HEAD}{DWAYNE},9/7/2026,P\n{DWAYNE},9/14/2026,U\n"
    assert records(text) == [f"{D}09-07 P", f"{D}09-14 U"]
