"""Whoever is called as a line of totals begins is not lost, and each line that is left out is listed."""

from __future__ import annotations

import msgspec
import pytest

from monitor.commands.sheet_report import sentences
from monitor.intake.answers import Answers
from monitor.intake.check import Check
from monitor.intake.drops import acknowledgement
from monitor.intake.examine import examine
from monitor.intake.importing import Imported
from monitor.intake.reading.delimited import read_text
from monitor.intake.reading.tables import Limits, Reading
from monitor.intake.record.covering import days_covered
from monitor.intake.roster import Member
from tests.monitor.intake.sample_county import MEMBERS, ROSTER, desk
from tests.monitor.intake.test_asked_and_not_lost import CALLED, OTHERS

JAMES, DWAYNE = '"Whitefeather, James"', '"O\'Neal, Dwayne"'
TWO = f"Name,11/9/2026,11/16/2026\n{JAMES},P,P\n"


def checked(text: str, more: tuple[Member, ...] = (), group: str = "") -> Check:
    roster = msgspec.structs.replace(ROSTER, members=(*MEMBERS, *more))
    read = Reading(*read_text(text.encode(), Limits()))
    here = msgspec.structs.replace(desk("a.csv", roster=roster, answers=Answers()), group=group)
    return examine(read, here).check


def told(check: Check) -> list[tuple[str, str]]:
    return [(one[0], one[2]) for one in check.records]


@pytest.mark.parametrize("text", [
    "Status,Name,Date\nPresent,{james},11/9/2026\nNo show,{dwayne},11/9/2026\n",
    "Status,Date,Case #\nPresent,11/9/2026,25-CR-001220\nNo show,11/9/2026,25-CR-000044\n",
    "Outcome,Client,Session Date\nAttended,{james},11/9/2026\nNS,{dwayne},11/9/2026\n",
    "Role,Name,Date,Status\nSignature,{james},11/9/2026,P\nTotal,{dwayne},11/9/2026,NS\n",
    "Group,Name,11/9/2026\nLegend,{james},P\nCount,{dwayne},NS\n",
])  # fmt: skip
def test_a_word_of_totals_in_front_of_a_name_or_a_number_takes_nobody_away(text: str) -> None:
    check = checked(text.format(james=JAMES, dwayne=DWAYNE))
    assert told(check) == [("P1008", "P"), ("P1003", "U")] and not check.skipped and not check.left_out


def test_whose_status_stands_first_and_is_not_on_the_roster_is_told_of() -> None:
    check = checked("Status,Name,Date\nPresent,Jim Nobody,11/9/2026\nAbsent,Ann Other,11/9/2026\n")
    assert [(one.row, one.code) for one in check.errors] == [(2, "R-WHO-NOT-ON-ROSTER"), (3, "R-WHO-NOT-ON-ROSTER")]


@pytest.mark.parametrize("text", [
    "Name,Status,Date\n{dwayne},Present,11/9/2026\n,Absent,11/16/2026\n{james},Present,11/9/2026\n,Present,11/16/2026\n",
    "Name,11/9/2026,11/16/2026\n{dwayne},Present,\n,,Absent\n{james},Present,\n,,Present\n",
])  # fmt: skip
def test_a_line_that_goes_on_with_whoever_stands_above_is_kept(text: str) -> None:
    check = checked(text.format(james=JAMES, dwayne=DWAYNE))
    assert sorted(told(check)) == [("P1003", "ABS"), ("P1003", "P"), ("P1008", "P"), ("P1008", "P")]
    assert not check.skipped and not check.left_out


@pytest.mark.parametrize("last", CALLED)
@pytest.mark.parametrize("name", ["{last} Wing", "Wing {last}", "{last}"])
def test_one_column_for_the_name_of_somebody_who_is_called_so(name: str, last: str) -> None:
    check = checked(f"Name,11/9/2026\n{JAMES},P\n{name.format(last=last)},NS\n", OTHERS)
    told_of = {one[0] for one in check.records} | {choice.value for one in check.errors for choice in one.options}
    assert f"P20{CALLED.index(last)}" in told_of and not check.left_out


@pytest.mark.parametrize("line", ["Total Recall,NS,P", "Present,P,", "Sum,P,NS", "Absent,,E"])
def test_a_line_of_marks_is_somebodys_though_nobody_on_the_roster_is_called_so(line: str) -> None:
    check = checked(f"{TWO}{line}\n")
    assert {(one.row, one.code) for one in check.errors} == {(3, "R-WHO-NOT-ON-ROSTER")} and not check.left_out


def test_a_day_is_not_covered_where_a_line_of_marks_names_nobody_that_we_know() -> None:
    rows = examine(Reading(*read_text(f"{TWO}Total Recall,NS,P\n".encode(), Limits())), desk("a.csv")).rows
    assert not days_covered(rows)


@pytest.mark.parametrize("line", [
    "TOTAL PRESENT,3,2", "Total,1,0", "Present: 12,,", "Attendance %,75%,80%", "Sum,=B2,3", "Facilitator: J. Doe,P,P",
    "Facilitator J. Doe,,", "Signature: J. Doe,,", "Key: X = present,,", "# present,1,1", ",2,1",
    "Average,1,Holiday", "Guests:,,", "James was told that he has to come on time,,", "Absent: 0,1,Holiday",
    "Total,Holiday,12",
])  # fmt: skip
def test_each_line_that_is_left_out_is_listed(line: str) -> None:
    check = checked(f"{TWO}{line}\n")
    assert [(one.row, one.sheet) for one in check.left_out] == [(3, "")] and len(check.records) == 2
    assert check.left_out[0].text.split()[0] == line.strip(",").split(",")[0].split()[0] and not check.errors
    assert any("Left out" in line and "row 3" in line for line in sentences(Imported(check, 0, "", 3)))
    assert b"left out,1,,3," in acknowledgement(Imported(check, 0, "", 3))


@pytest.mark.parametrize("line", ["Mon,Mon,Mon", ",,", "Name,11/9/2026,11/16/2026"])
def test_what_only_decorates_is_not_listed(line: str) -> None:
    assert not checked(f"{TWO}{line}\n").left_out


def test_a_line_of_the_group_that_also_stands_in_the_title_is_nobodys_title_again() -> None:
    check = checked(f"Monday men\nClass,Name,11/9/2026\nMonday men,{JAMES},P\nMonday men,{DWAYNE},NS\nMonday men,,\n")
    assert told(check) == [("P1008", "P"), ("P1003", "U")] and [one.row for one in check.left_out] == [5]


def test_a_sign_in_line_with_a_time_is_somebodys_and_a_facilitator_below_it_nobodys() -> None:
    check = checked(f"Date: 11/9/2026\nName,Time in\n{JAMES},6:00 PM\nTotal Recall,6:02 PM\nFacilitator: J. Smith,\n")
    assert [(one.row, one.code) for one in check.errors] == [(4, "R-WHO-NOT-ON-ROSTER")]
    assert [one.row for one in check.left_out] == [5] and not check.questions


def test_totals_of_somebody_who_is_called_total_are_theirs() -> None:
    check = checked("Last Name,First Name,Sessions Attended,Absences\nTotal,Wing,3,1\nSum,Wing,4,0\nTotal,,7,1\n"
                    "Average,,3,0\n", OTHERS)  # fmt: skip
    assert {one[0] for one in check.records} == {"P200", "P203"} and [one.row for one in check.left_out] == [5]
    assert [(one.row, one.code) for one in check.errors] == [(4, "R-WHO-CLOSE")]  # it may be whoever is called so


def test_a_long_name_that_is_close_to_somebodys_is_no_footnote() -> None:
    check = checked(f"Date: 11/9/2026\nName,Signature\n{JAMES},JW\nMr Luis Miguel Juan de García-Ortiz,\n")
    assert not check.left_out and [(one.code, one.row) for one in check.questions] == [("Q-NOT-SIGNED", 4)]


def test_a_mark_with_its_word_in_front_of_a_name_is_no_key() -> None:
    check = checked(f"Status,Name,Date\nNS - no show,{JAMES},11/9/2026\nP - present,{DWAYNE},11/9/2026\n")
    assert [(one.row, one.code) for one in check.errors] == [(2, "R-STATUS-UNKNOWN"), (3, "R-STATUS-UNKNOWN")]


def test_who_leads_the_class_between_its_lines_and_is_called_like_a_participant_is_asked_about() -> None:
    check = checked(f"{TWO}Facilitator: Dwayne O'Neal,P,NS\n")
    assert {(one.row, one.code) for one in check.errors} == {(3, "R-WHO-CLOSE")} and not check.left_out
