"""A mark that its cell, its times or its title take back is asked about, and nothing is recorded by it."""

from __future__ import annotations

import msgspec
import pytest

from monitor.intake.answers import Answers
from monitor.intake.check import Check
from monitor.intake.examine import examine
from monitor.intake.roster import Meeting
from tests.monitor.intake.sample_county import GROUPS, ROSTER, desk
from tests.monitor.intake.test_asked_and_not_lost import HEAD, JAMES
from tests.monitor.intake.test_fresh_sheets import reading_of

LASTING = {code: msgspec.structs.replace(meeting, minutes=120) for code, meeting in GROUPS.items()}
TIMED = "Name,Case #,Date,Status,Time in,Time out\n"
WIDE = "Name,11/9/2026,11/16/2026\nJames Whitefeather,P,P\n"


def checked(text: str, groups: dict[str, Meeting] = LASTING, values: dict[str, str] | None = None) -> Check:
    roster = msgspec.structs.replace(ROSTER, groups=groups)
    here = desk("a.csv", roster=roster, answers=Answers(values=values or {}))
    return examine(reading_of(text.encode()), here).check


@pytest.mark.parametrize("mark", [
    "P - walked out", "P (observer)", "P - observing only", "L - walked out", "P - was drunk", "P - kicked out",
    "E - pending", "E (docs pending)", "E - awaiting doctor's note", "E - no proof", "E (pendiente)",
])  # fmt: skip
def test_what_goes_on_behind_a_mark_and_takes_it_back_is_asked(mark: str) -> None:
    check = checked(f"{HEAD}{JAMES},11/9/2026,{mark}\n")
    assert [one.code for one in check.errors] == ["R-STATUS-UNKNOWN"] and not check.records


@pytest.mark.parametrize(("mark", "reason"), [("E", "documents pending"), ("P", "walked out"), ("P", "observer only")])
def test_so_is_what_stands_beside_it(mark: str, reason: str) -> None:
    check = checked(f"Name,Case #,Date,Status,Reason\n{JAMES},11/9/2026,{mark},{reason}\n")
    assert [one.code for one in check.errors] == ["R-STATUS-UNKNOWN"] and check.errors[0].options


@pytest.mark.parametrize("mark", ["P - not drunk", "E - doctor", "P (zoom)", "NS - drunk", "E - court"])
def test_what_takes_nothing_back_stays_a_reason(mark: str) -> None:
    assert len(checked(f"{HEAD}{JAMES},11/9/2026,{mark}\n").records) == 1


@pytest.mark.parametrize(("times", "asked"), [
    ("6:00 PM,6:10 PM", True), ("6:00,6:10", True), ("6:00 PM,6:59 PM", True), ("6:00 PM,7:00 PM", False),
    ("18:00,20:00", False), ("6:00 PM,8:00", False), ("11:30,1:00", False), ("6:00 PM,5:50 PM", True),
    ("6:00 PM,6:00 PM", True), ("6:00 PM,", False), (",8:00 PM", False), ("6:00 PM,signed", False),
])  # fmt: skip
@pytest.mark.parametrize("mark", ["P", "L"])
def test_a_stay_of_less_than_half_of_the_class_is_asked_about(mark: str, times: str, asked: bool) -> None:
    check = checked(f"{TIMED}{JAMES},11/9/2026,{mark},{times}\n")
    assert [one.code for one in check.errors] == ["R-STATUS-UNKNOWN"] * asked and len(check.records) == 1 - asked


def test_a_signature_by_two_times_is_none_where_they_are_ten_minutes_apart() -> None:
    check = checked("Date: 11/9/2026\nName,Time in,Time out\nJames Whitefeather,6:00 PM,6:10 PM\n")
    (error,) = check.errors
    assert "6:00 PM to 6:10 PM" in error.what and not check.records
    told = checked("Date: 11/9/2026\nName,Time in,Time out\nJames Whitefeather,6:00 PM,6:10 PM\n",
                   values={error.ask.removeprefix("values:"): "LN"})  # fmt: skip
    assert [one[2] for one in told.records] == ["LN"] and not told.errors


@pytest.mark.parametrize(("left", "asked"), [("6:29 PM", True), ("6:30 PM", False)])
def test_where_the_length_of_the_class_is_not_known_half_an_hour_is_asked_for(left: str, asked: bool) -> None:
    assert len(checked(f"{TIMED}{JAMES},11/9/2026,P,6:00 PM,{left}\n", groups=dict(GROUPS)).errors) == asked


def test_an_absence_has_no_stay() -> None:
    check = checked(f"{TIMED}{JAMES},11/9/2026,NS,,\n")
    assert [one[2] for one in check.records] == ["U"]


@pytest.mark.parametrize(("title", "warned"), [
    ("October 2026", True), ("Attendance - October 2026", True), ("Month: October", True), ("November 2025", True),
    ("November 2026", False), ("November", False), ("October - November 2026", False), ("Monday group", False),
])  # fmt: skip
def test_a_title_of_another_month_than_all_its_classes_is_pointed_out(title: str, warned: bool) -> None:
    check = checked(f"{title}\n{WIDE}")
    assert ("W-TITLE-MONTH" in check.file_messages) is warned and len(check.records) == 2


def test_a_title_of_the_month_of_some_of_its_classes_is_not() -> None:
    assert "W-TITLE-MONTH" not in checked(f"October 2026\n{WIDE.replace('11/9', '10/26')}").file_messages


@pytest.mark.parametrize("title", [
    "Planned schedule", "Planned sessions - November 2026", "November schedule", "MON-6PM calendar",
    "Planned attendance", "North Star BIP: planned attendance", "Class schedule", "Tentative class dates",
    "Horario de noviembre",
])  # fmt: skip
def test_a_plan_is_no_attendance(title: str) -> None:
    check = checked(f"{title}\n{WIDE}")
    assert not check.records and not check.usable
    (told,) = (one for one in check.messages if one.code == "H-NOT-ATTENDANCE")
    assert f"“{title}”" in told.what and "plan" in told.what and "take that word out" in told.how


@pytest.mark.parametrize("title", [
    "Class schedule and attendance", "Schedule: Mondays 6 PM", "No planned class on Thanksgiving",
    "Safety planning for men", "Next planned class 12/7", "Upcoming classes: 12/7, 12/14", "Treatment plan group",
    "North Star BIP schedule of men",
])  # fmt: skip
def test_a_line_about_a_plan_makes_none_of_the_sheet(title: str) -> None:
    assert len(checked(f"{title}\n{WIDE}").records) == 2


STAYS, LEAVES = "6:00 PM,8:00 PM", "6:00 PM,6:10 PM"
PAIRS = {
    "days once over In and Out": "Name,11/9/2026,,11/16/2026,\n,In,Out,In,Out\n",
    "days over both": "Name,11/9/2026,11/9/2026,11/16/2026,11/16/2026\n,In,Out,In,Out\n",
}
MARKED = {
    "beside": "Name,11/9/2026,11/9/2026 In,11/9/2026 Out,11/16/2026,11/16/2026 In,11/16/2026 Out\n",
    "below": f"Name,{','.join(['11/9/2026'] * 3)},{','.join(['11/16/2026'] * 3)}\n,Status,In,Out,Status,In,Out\n",
    "in words": "Name," + ",".join(f"{day},{day} Time in,{day} Time out" for day in ("11/9/2026", "11/16/2026")) + "\n",
}


@pytest.mark.parametrize("head", PAIRS.values(), ids=PAIRS)
def test_a_short_stay_between_the_two_times_of_a_wide_table_is_asked_about_too(head: str) -> None:
    sheet = f"{head}James Whitefeather,{LEAVES},{STAYS}\n"
    check = checked(sheet)
    assert check.held == 2 and [one.key for one in check.questions] == ["(a time)"] and not check.records
    told = checked(sheet, values={"(a time)": "P"})
    assert [one[1:] for one in told.records] == [("2026-11-16", "P")]
    assert [(one.code, "6:00 PM to 6:10 PM" in one.what) for one in told.errors] == [("R-STATUS-UNKNOWN", True)]


@pytest.mark.parametrize("head", MARKED.values(), ids=MARKED)
def test_so_is_one_beside_the_mark_of_its_day(head: str) -> None:
    check = checked(f"{head}James Whitefeather,P,{LEAVES},P,{STAYS}\n")
    assert [one[1:] for one in check.records] == [("2026-11-16", "P")] and len(check.errors) == 1
    assert not [code for code in check.file_messages if code.startswith("W-COLUMN")], "the times are used"
    told = checked(f"{head}James Whitefeather,P,{LEAVES},P,{STAYS}\n",
                   values={check.errors[0].ask.removeprefix("values:"): "LN"})  # fmt: skip
    assert [one[2] for one in told.records] == ["LN", "P"] and not told.errors


def test_one_who_has_left_without_a_time_of_coming_is_still_asked_about() -> None:
    check = checked(f"{PAIRS['days over both']}James Whitefeather,,8:00 PM,{STAYS}\n")
    assert check.held == 2 and not check.records
