"""Days, hours and numbered classes at the first and the last value that is still one."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest

from monitor.intake.cells.dates import (
    DAY_FIRST,
    LATER_SINCE_1904,
    LONGEST,
    SERIAL_READ,
    SERIALS,
    UNREADABLE,
    YEAR_ASSUMED,
    ZONE_OPEN,
    ZONE_TURNED,
    ReadDate,
    read_date,
    read_minutes,
    since_1904,
)
from monitor.intake.cells.headers import _tick_columns, letters, session_header
from monitor.intake.cells.statuses import _plain
from monitor.intake.effects import MOST_PEOPLE, Asked, Effects, effects_of
from monitor.intake.examine import _ranges
from monitor.intake.order_of_days import _weekday_turned
from monitor.intake.problems import _add

TODAY = date(2026, 11, 18)  # a Wednesday
ZONE, NOW = "America/Los_Angeles", datetime(2026, 11, 18, 20, tzinfo=UTC)
NOV_17, NOV_18 = date(2026, 11, 17), date(2026, 11, 18)


@pytest.mark.parametrize(("header", "week", "weekday"), [
    ("Week 1", 1, ""), ("Week 60", 60, ""), ("1", 1, ""), ("60", 60, ""), ("Mon 1", 1, "mon"), ("Mon 31", 31, "mon"),
])  # fmt: skip
def test_a_numbered_class(header, week, weekday):
    found = session_header(header, TODAY)
    assert (found.index, found.header, found.week, found.weekday, found.date) == (-1, header, week, weekday, None)


@pytest.mark.parametrize("header", ["Week 0", "Week 61", "0", "61", "Mon 0", "Mon 32", "", "Status"])
def test_no_numbered_class(header):
    assert session_header(header, TODAY) is None


DATES = {
    "11/25": ReadDate(date(2026, 11, 25), YEAR_ASSUMED),
    "11/26": ReadDate(date(2025, 11, 26), YEAR_ASSUMED),
    "12/12": ReadDate(date(2025, 12, 12), YEAR_ASSUMED),
    "11/12": ReadDate(date(2026, 11, 12), YEAR_ASSUMED, ambiguous=True),
    "Nov 25": ReadDate(date(2026, 11, 25), YEAR_ASSUMED),
    "Nov 26": ReadDate(date(2025, 11, 26), YEAR_ASSUMED),
    "2/29": ReadDate(code=UNREADABLE, why="leap"),
    "2/30": ReadDate(code=UNREADABLE),
    "13/11": ReadDate(code=DAY_FIRST),
    "13/12": ReadDate(code=DAY_FIRST),
    "13/13": ReadDate(code=UNREADABLE),
    "12/13/2026": ReadDate(date(2026, 12, 13)),
    "12/11/2026": ReadDate(date(2026, 12, 11), ambiguous=True),
    "11/11/2026": ReadDate(date(2026, 11, 11)),
    "13/12/2026": ReadDate(code=DAY_FIRST),
    "13/13/2026": ReadDate(code=UNREADABLE),
    "1/1/00": ReadDate(date(2000, 1, 1)),
    "1/1/99": ReadDate(date(2099, 1, 1)),
    "Mon 11/16": ReadDate(date(2026, 11, 16), YEAR_ASSUMED, weekday=0),
    "11/16 Tue": ReadDate(date(2026, 11, 16), YEAR_ASSUMED, weekday=1),
    "Tue": ReadDate(code=UNREADABLE),
    "Nov-25": ReadDate(code=UNREADABLE, why="several"),
    "Nov-26": ReadDate(code=UNREADABLE, why="several"),
    "Nov-24": ReadDate(date(2026, 11, 24), YEAR_ASSUMED),
    "Oct 20-26": ReadDate(code=UNREADABLE, why="several"),
    str(SERIALS[0]): ReadDate(date(2017, 9, 23), SERIAL_READ),
    str(SERIALS[-1]): ReadDate(date(2064, 4, 7), SERIAL_READ),
    str(SERIALS[0] - 1): ReadDate(code=UNREADABLE, why="number"),
    str(SERIALS[-1] + 1): ReadDate(code=UNREADABLE, why="number"),
    "20261118": ReadDate(NOV_18),
    "2026-13-01": ReadDate(code=UNREADABLE),
}


@pytest.mark.parametrize(("written", "read"), DATES.items(), ids=DATES.keys())
def test_a_day_as_it_is_read(written, read):
    assert read_date(written, TODAY) == read


INSTANTS = {
    "2026-11-18T07:59:00Z": (NOV_17, ZONE_TURNED),
    "2026-11-18T08:00:00Z": (NOV_18, ""),
    "2026-11-18T23:30:00Z": (NOV_18, ""),
    "2026-11-18 00:00:00Z": (None, ZONE_OPEN),
    "2026-11-18T18:00:00+23:59": (NOV_17, ZONE_TURNED),
    "2026-11-18T18:00:00+24:00": (None, UNREADABLE),
    "2026-11-18T18:00:00+05:59": (NOV_18, ""),
    "2026-11-18T18:00:00+05:60": (None, UNREADABLE),
    "2026-11-18 18:00-20:00": (NOV_18, ""),
    "11/18/2026 2:00 AM EST": (NOV_17, ZONE_TURNED),
    "11/18/2026 2:00 AM PST": (NOV_18, ""),
    "11/18/2026 0:30 AM PDT": (NOV_17, ZONE_TURNED),
}


@pytest.mark.parametrize(("written", "read"), INSTANTS.items(), ids=INSTANTS.keys())
def test_an_instant_is_of_the_courts_own_day(written, read):
    found = read_date(written, TODAY, zone=ZONE)
    assert (found.on, found.code) == read


def test_an_instant_where_nobody_says_whose_day_it_is_is_no_day():
    assert read_date("2026-11-18T18:00:00Z", TODAY) == ReadDate(code=ZONE_OPEN)


def test_a_text_longer_than_any_day_is_none():
    padded = f"Mon {' ' * (LONGEST - 13)}11/16/26"
    assert len(padded) == LONGEST - 1
    assert read_date(padded, TODAY).on == date(2026, 11, 16)
    assert read_date(f"Mon   {padded[4:]}", TODAY).on is None


@pytest.mark.parametrize(("written", "minutes"), [
    ("6:18 PM", 1098), ("18:18", 1098), ("23:59", 1439), ("24:00", None), ("12:00 am", 0), ("12:00 pm", 720),
    ("0:59", 59), ("0:60", None), ("6 pm", 1080), ("6", None), ("12:30a", 30), ("11:59 p.m.", 1439), ("0:00", 0),
    ("18:18:30", 1098), ("1:00 am", 60), ("1:00 pm", 780), ("", None), ("noon", None),
])  # fmt: skip
def test_a_time_of_day(written, minutes):
    assert read_minutes(written) == minutes


def test_a_day_by_its_number_is_four_years_and_a_day_later_where_days_are_counted_from_1904():
    read = read_date("46344", TODAY)
    assert since_1904(read) == ReadDate(NOV_18 + timedelta(days=LATER_SINCE_1904), SERIAL_READ)
    for other in (ReadDate(NOV_18), ReadDate(code=UNREADABLE)):
        assert since_1904(other) == other


@pytest.mark.parametrize(("header", "ticked", "columns"), [
    ("Name,Date,Present,Absent", False, {2: "P", 3: "ABS"}), ("Name,Present,Absent", False, {}),
    ("Name,Present,Absent", True, {1: "P", 2: "ABS"}), ("Name,Date,Present", True, {}),
    ("Name,Date,Absent,Excused", True, {}),
])  # fmt: skip
def test_two_columns_of_which_one_is_ticked_need_a_date_beside_them_or_marks_in_them(header, ticked, columns):
    assert _tick_columns(header.split(","), ticked) == columns


def test_a_column_is_called_by_its_letters():
    assert [letters(index) for index in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]


def test_rows_that_follow_one_another_are_told_as_one_stretch():
    assert [_ranges(rows) for rows in ([2, 3, 4, 7, 9, 10], [5], [])] == ["2–4, 7, 9–10", "5", ""]


def test_what_is_to_be_done_about_a_row_is_told_once():
    found: dict[int, list[tuple[str, str]]] = {}
    for words in ("Correct the day.", "Correct the day.", "Say who."):
        _add(found, 4, "R-DATE", words)
    assert found == {4: [("R-DATE", "Correct the day."), ("R-DATE", "Say who.")]}


@pytest.mark.parametrize(("word", "day"), [("makeup 11/9", date(2026, 11, 9)), ("makeup 13/13", None)])
def test_a_class_made_up_for_a_day_that_there_is_not_is_no_class(word, day):
    says = _plain(word, TODAY, False, False)
    assert (says.code, says.makeup_for) == ("M" if day else "", day)


def test_of_more_people_than_a_page_holds_only_their_number_is_told():
    asked = Asked((), {number: "somebody" for number in range(MOST_PEOPLE + 1)})
    assert effects_of(None, asked, 1, None, NOW) == Effects(people=MOST_PEOPLE + 1, too_many=True)


@pytest.mark.parametrize(("weekday", "turned"), [(1, True), (0, False), (2, False), (None, False)])
def test_a_weekday_that_is_only_true_day_first_turns_the_date(weekday, turned):
    """2026-03-02 was a Monday, 2026-02-03 a Tuesday."""
    read = ReadDate(date(2026, 3, 2), weekday=weekday, ambiguous=True)
    assert _weekday_turned(SimpleNamespace(date=read, date_text="3/2/2026"), TODAY) is turned
    sure = ReadDate(date(2026, 3, 2), weekday=weekday)
    assert not _weekday_turned(SimpleNamespace(date=sure, date_text="3/2/2026"), TODAY)
