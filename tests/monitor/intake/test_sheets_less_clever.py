"""Readings that were taken back: what was guessed from the look of a sheet is asked about again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from monitor.intake.examine import examine
from monitor.intake.reading.delimited import read_text
from monitor.intake.reading.tables import Limits, Reading
from monitor.intake.roster import Member, Roster
from tests.monitor.intake.sample_county import GROUPS, MEMBERS, desk
from tests.monitor.intake.test_sheets_of_further_programs import D, J, L, checked, records, told
from tests.monitor.intake.test_sheets_of_others import DWAYNE, JAMES, LUIS, asked, errors
from tests.monitor.intake.test_sheets_once_misread import D_IN, J_IN, ROBERT_OF_WEDNESDAY, N
from tests.monitor.intake.test_workbooks_of_further_programs import checked as workbook
from tests.monitor.intake.test_workbooks_of_further_programs import records as recorded
from tests.monitor.intake.test_workbooks_of_further_programs import rows

DAYS = "Date,Name,Case #,Status\n"

@pytest.mark.parametrize("front", [
    "Homework due", "Make-up dates", "Moved to", "Fee due", "Court", "Next class", "Roll taken", "Signed",
    "Holiday make-up", "made up", "Bob Jones", "Moved to WED-6PM",
])  # fmt: skip
def test_days_behind_anything_but_a_group_head_nothing(front: str) -> None:
    check = checked(f"{N}11/2,11/9\n{DWAYNE},P,P\n{front},,11/9,11/16\n{JAMES},P,U\n")
    assert sorted(" ".join(record) for record in check.records) == [
        f"{D}11-02 P", f"{D}11-09 P", f"{J}11-02 P", f"{J}11-09 U"]
    assert told(check) and set(told(check)) == {"R-WHO-NOT-ON-ROSTER"}


def test_days_behind_nothing_are_nobodys_and_no_head() -> None:
    check = checked(f"{N}11/2,11/9\n{DWAYNE},P,P\n,,11/9,11/16\n{JAMES},P,U\n")
    assert sorted(" ".join(record) for record in check.records) == [
        f"{D}11-02 P", f"{D}11-09 P", f"{J}11-02 P", f"{J}11-09 U"]
    assert told(check) and set(told(check)) == {"R-WHO-MISSING"}


@pytest.mark.parametrize("line", ["Updated,11/20/2026", "MON-6PM,11/20/2026"])
def test_under_one_class_no_day_heads_those_below(line: str) -> None:
    assert records(f"Client,11/16\nDwayne O'Neal,P\n{line}\nJames Whitefeather,U\n") == [f"{D}11-16 P", f"{J}11-16 U"]


def test_a_head_of_some_columns_only_is_none() -> None:
    """Once the marks in the column without a day were lost."""
    text = f"{N}11/2,11/9,11/16\n{DWAYNE},P,P,P\nWED-6PM,,11/4,,11/18\n{JAMES},P,U,P\n"
    assert [record for record in records(text) if record.startswith(J)] == [
        f"{J}11-02 P", f"{J}11-09 U", f"{J}11-16 P"]


@pytest.mark.parametrize("line", ["MON-6PM,,,", "Group: MON-6PM,,,", "Monday,,,", ",,,"])
def test_a_group_without_days_is_under_the_first_ones(line: str) -> None:
    text = f"{N}11/2,11/9\n{DWAYNE},P,U\nWED-6PM,,11/4,11/11\n{ROBERT_OF_WEDNESDAY},P,U\n{line}\n{JAMES},U,P\n"
    assert records(text) == sorted([f"{D}11-02 P", f"{D}11-09 U", "P1004 2026-11-04 P", "P1004 2026-11-11 U",
                                    f"{J}11-02 U", f"{J}11-09 P"])  # fmt: skip


@pytest.mark.parametrize("text", [
    f"{DAYS}11/9/2026,{DWAYNE},P\n,{JAMES},U\nWED-6PM,,,\n,{ROBERT_OF_WEDNESDAY},U\n",
    f"{DAYS}11/9/2026,{DWAYNE},P\n,{JAMES},U\nGroup: MON-6PM,,,\n,{LUIS},U\n",
    f"{DAYS}11/9/2026,{DWAYNE},P\n,{JAMES},U\n,,,\n,{LUIS},U\n",
    f"{DAYS}11/9/2026,{DWAYNE},P\n,{JAMES},U\nTotal,2,,\n,{LUIS},U\n",
    f"{DAYS}11/9/2026,{DWAYNE},P\n,{JAMES},U\n{DAYS},{LUIS},U\n",
    f"{DAYS}11/9/2026,{DWAYNE},P\n,{JAMES},U\n,{ROBERT_OF_WEDNESDAY},U\n",
    f"{DAYS}11/9/2026,{DWAYNE},P\n,{JAMES},U\n,Wednesday,,\n,{LUIS},U\n",
    f"Date,Group,Name,Case #,Status\n11/9/2026,MON-6PM,{DWAYNE},P\n,,{JAMES},U\n,WED-6PM,{LUIS},U\n",
    f"Date,Session,Name,Case #,Status\n11/9/2026,1,{DWAYNE},P\n,1,{JAMES},U\n,2,{LUIS},U\n",
    f"{DAYS}10/12/2026,{DWAYNE},Active\n,{JAMES},U\n,{LUIS},P\n",
])  # fmt: skip
def test_the_day_of_another_class_is_not_filled_in(text: str) -> None:
    check = checked(text)
    assert not [record for record in check.records if record[2] != "P"] and "R-DATE-MISSING" in told(check)


def of_more(text: str, family: str = "Reyes", given: str = "Ana") -> list[str]:
    """What is recorded of one more person of the group of Monday."""
    more = Member(20, 20, "P2001", family, given, "", None, "26-CR-000001", "MON-6PM", date(2026, 6, 1))
    tables, notes = read_text(text.encode(), Limits())
    roster = Roster((*MEMBERS, more), GROUPS, zone="America/Los_Angeles")
    check = examine(Reading(tables, notes), desk("a.csv", stored={}, roster=roster)).check
    assert check.records or told(check), "nothing is passed over in silence"
    return [record[2] for record in check.records]


@pytest.mark.parametrize(("family", "given", "word"), [
    ("Reyes", "Ana", "refused to sign"), ("Reyes", "Ana", "Refused"), ("Reyes", "Ana", "rehusó firmar"),
    ("Williams", "Carl", "will call"), ("Williams", "Carl", "wife sick"), ("Norris", "Henry", "not here"),
    ("Norris", "Henry", "no call no show?"), ("Norris", "Henry", "nadie"), ("Perez", "Noah", "pending"),
    ("Perez", "Noah", "pendiente"), ("Hernandez", "Mario", "he is sick"), ("Hernandez", "Mario", "her car"),
    ("Sims", "Nick", "Not Signed"), ("Carter", "Lee", "left msg"), ("Carter", "Lee", "called out"),
    ("Carter", "Lee", "LEFT CLASS"), ("Smith", "William", "Will call"), ("Reyes", "Ana", "signed by mother"),
    ("Reyes", "Ana", "signed - not present"), ("Reyes", "Ana", "/s/ not present"), ("Reyes", "Ana", "out"),
])  # fmt: skip
def test_words_that_begin_as_a_name_are_no_signature(family: str, given: str, word: str) -> None:
    assert of_more(f"Date: 11/16/2026\nName,Signature\n{given} {family},{word}\n", family, given) == []


@pytest.mark.parametrize(("family", "given", "word"), [
    ("Reyes", "Ana", "A. Reyes"), ("Reyes", "Ana", "Ana R"), ("Reyes", "Ana", "Reyez"), ("Reyes", "Ana", "ana reyes"),
    ("Smith", "William", "Will S"), ("Smith", "William", "WILL SMITH"), ("Norris", "Henry", "Noris"),
    ("Carter", "Lee", "Lee Carter III"), ("Reyes", "Ana", "signed 11/16/2026 6:05 PM"), ("Reyes", "Ana", "Signed"),
    ("Reyes", "Ana", "/s/ Ana Reyes"), ("Reyes", "Ana", "e-signed"), ("Hernandez", "Mario", "M Hdz"),
    ("Perez", "Noah", "NP"), ("Reyes", "Ana", "signed (Nov 16)"),
])  # fmt: skip
def test_names_in_haste_are_still_signatures(family: str, given: str, word: str) -> None:
    assert of_more(f"Date: 11/16/2026\nName,Signature\n{given} {family},{word}\n", family, given) == ["P"]


@pytest.mark.parametrize("lines", [
    [["Session", "", "", "", ""]], [["", "", "Session", "Session", "Session"]], [["", "", "Class #"]], [["Week"]],
    [["October/November 2026"]], [["Group started October 2026"]], [["Group started November 2026"]],
    [["Group started 10/5/2026"]],
])  # fmt: skip
def test_the_name_of_a_sheet_is_no_month_where_a_line_says_otherwise(lines: list[list[Any]]) -> None:
    sheet: list[list[Any]] = [*lines, ["Client", "Case #", 2, 9, 16], [*D_IN, "P", "U", "P"]]
    check = workbook(lambda made: rows(made, sheet, "Nov"))
    assert recorded(check) == [] and told(check)


@pytest.mark.parametrize("lines", [[], [["Attendance"]], [["Hope Center BIP"]], [["November 2026"]]])
def test_the_name_of_a_sheet_may_be_the_month(lines: list[list[Any]]) -> None:
    sheet: list[list[Any]] = [*lines, ["Client", "Case #", 2, 9, 16], [*D_IN, "P", "U", "P"], [*J_IN, "P", "P", "P"]]
    assert len(recorded(workbook(lambda made: rows(made, sheet, "Nov")))) == 6


@pytest.mark.parametrize(("header", "status", "cell", "code"), [
    ("Credit", "U", "N", "U"), ("Credit", "E", "N", "E"), ("Credit", "No show", "No", "U"), ("Credit", "LN", "N", "LN"),
    ("Credit hours", "U", "0", "U"), ("Scheduled", "M", "no", "M"), ("Scheduled", "E", "no", "E"),
    ("Credits", "P", "2", "P"), ("Credit", "P", "Y", "P"), ("Credit", "P", "", "P"), ("Scheduled", "P", "-", "P"),
])  # fmt: skip
def test_no_credit_beside_an_absence_says_nothing_more(header: str, status: str, cell: str, code: str) -> None:
    assert records(f"Name,Case #,Date,Status,{header}\n{DWAYNE},11/9/2026,{status},{cell}\n") == [f"{D}11-09 {code}"]


@pytest.mark.parametrize(("header", "status", "cell"), [
    ("Credit", "P", "none"), ("Credit", "P", "denied"), ("Credit", "P", "-"), ("Credit", "P", "0 hrs"),
    ("Credits", "P", "0"), ("Credit hours", "P", "0"), ("Credit hours", "L", "0.0"), ("Credit?", "Y", "N"),
    ("Scheduled", "U", "N"), ("Scheduled", "absent", "No"), ("Scheduled", "P", "N"), ("Credit", "M", "N"),
])  # fmt: skip
def test_presence_without_credit_is_asked_about(header: str, status: str, cell: str) -> None:
    check = checked(f"Name,Case #,Date,Status,{header}\n{DWAYNE},11/9/2026,{status},{cell}\n")
    assert check.records == () and errors(check) == ["R-STATUS-UNKNOWN"]


def test_ticks_beside_no_credit() -> None:
    head = "Name,Case #,Date,Present,Absent,Credit\n"
    text = f"{head}{DWAYNE},11/9/2026,,x,N\n{JAMES},11/9/2026,x,,N\n{LUIS},11/9/2026,x,,Y\n"
    assert records(text) == [f"{L}11-09 P", f"{D}11-09 ABS"] and errors(checked(text)) == ["R-STATUS-UNKNOWN"]


@pytest.mark.parametrize("time", [
    "1800", "18.05", "6.05pm", "605p", "18h00", "6-8pm", "6:00-8:00", "6:05 PM PST", "6:05ish", "at 6:05", "6:05 PM",
    "6:00 to 8:00",    "12:05 PM", "18:05",
])  # fmt: skip
def test_an_arrival_in_other_figures_is_one(time: str) -> None:
    assert records(f"Date: 11/16/2026\nName,Time In\nDwayne O'Neal,{time}\n") == [f"{D}11-16 P"]


@pytest.mark.parametrize("time", [
    "0:00", "12:00AM", "12:00 AM", "12:30 AM", "0.0", "0:30", "left 6:30", "moved to 11/18", "6:05?",
    "no show? 11/16", "A 11/9", "11/9 A",
])  # fmt: skip
def test_what_is_no_arrival_is_asked_about(time: str) -> None:
    check = checked(f"Date: 11/16/2026\nName,Time In\nDwayne O'Neal,{time}\nJames Whitefeather,6:00 PM\n")
    assert [" ".join(record) for record in check.records] == [f"{J}11-16 P"] and (told(check) or asked(check))


def test_one_makeup_does_not_refuse_a_month() -> None:
    text = f"Attendance November 2026\n{N}2,9,11,16\n{DWAYNE},P,U,M,P\n{JAMES},P,P,,P\n"
    assert records(text) == sorted([f"{D}11-02 P", f"{D}11-09 U", f"{D}11-11 M", f"{D}11-16 P",
                                    f"{J}11-02 P", f"{J}11-09 P", f"{J}11-16 P"])  # fmt: skip


def test_one_strange_day_among_several_is_asked_about_alone() -> None:
    check = checked(f"Attendance November 2026\n{N}2,9,11,16\n{DWAYNE},P,U,U,P\n{JAMES},P,P,,P\n")
    assert len(check.records) == 6 and told(check) == ["R-DATE-UNREADABLE"]


@pytest.mark.parametrize("days", ["2,4", "2,4,9", "2,4,6,9", "2,5,9,12"])
def test_too_few_days_that_fit_are_none(days: str) -> None:
    marks = ",".join("PUPU"[: days.count(",") + 1])
    check = checked(f"Attendance November 2026\n{N}{days}\n{DWAYNE},{marks}\n{JAMES},{marks}\n")
    assert check.records == () and told(check)


def test_makeups_alone_make_no_days() -> None:
    assert checked(f"Attendance November 2026\n{N}4,11,18\n{DWAYNE},M,M,\n").records == ()
