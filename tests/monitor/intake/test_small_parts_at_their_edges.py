"""Small parts of intake at the very edge of what they promise: one letter, one day, one row more or less."""

from __future__ import annotations

import io
import zipfile
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
import xlsxwriter

from monitor.intake.answers import Answers
from monitor.intake.cells.dates import ZONE_TURNED, read_date
from monitor.intake.cells.headers import find_header
from monitor.intake.check import Judged
from monitor.intake.effects import EffectLine, Effects
from monitor.intake.judging.doubles import settle
from monitor.intake.layouts.signatures import signed
from monitor.intake.practice import days
from monitor.intake.problems import _named
from monitor.intake.reading.formats import as_worded
from monitor.intake.reading.package import Package
from monitor.intake.reading.tables import Limits, Refused
from monitor.intake.reading.workbook import read_workbook
from monitor.intake.record.covering import _present
from monitor.intake.record.saving import Place, _fact
from monitor.intake.roster import Finder, Member, Who, _decide
from monitor.intake.stacks import Stack, find_stacks
from monitor.intake.template import Wanted, template
from monitor.intake.uploads import _rows
from tests.monitor.intake.sample_county import ROSTER, TODAY
from tests.monitor.intake.sample_record import write_county
from tests.monitor.intake.whole import examined_of

DAY = date(2026, 11, 16)


def book_of(*cells: Any) -> bytes:
    """A workbook of one column: plain text, or a run of (font, text) each."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet("Roster")
        for row, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(row, 0, cell)
                continue
            runs: list[Any] = []
            for font, text in cell:
                runs += [book.add_format({"font_name": font}), text] if font else [text]
            assert sheet.write_rich_string(row, 0, *runs) == 0
    return out.getvalue()


def column(content: bytes, **limits: int) -> list[str]:
    tables, _ = read_workbook(content, Limits(**limits))
    return [row[0] for row in tables[0].rows]


def test_a_text_of_as_many_letters_as_a_cell_may_hold_is_read_and_one_more_is_refused() -> None:
    assert column(book_of("abcde", "xy"), cell=5) == ["abcde", "xy"]
    assert column(book_of([("", "abc"), ("Arial", "de")], "vwxyz"), cell=5) == ["abcde", "vwxyz"], "each counts anew"
    with pytest.raises(Refused) as refused:
        column(book_of([("", "abc"), ("Arial", "def")]), cell=5)
    assert (refused.value.code, refused.value.detail) == ("F-SIZE", "cell|5")


def test_only_what_is_written_in_a_font_of_pictures_is_a_picture() -> None:
    ticked, plain = [("Wingdings", "\xfc"), ("Arial", " done")], "\xfc"
    first, *rest = column(book_of(plain, ticked, plain))
    assert first == plain, "the first text of a workbook is in no such font"
    assert rest[0] != "\xfc done" and rest[0].endswith(" done") and rest[1] == plain


def test_a_workbook_that_unpacks_to_more_than_it_may_is_told_how_many_megabytes_that_is() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b"<workbook>" + b" " * (3 << 20) + b"</workbook>")
    opened = Package(out.getvalue(), Limits(unpacked_bytes=3 << 20))
    with pytest.raises(Refused) as refused:
        opened.scan("xl/workbook.xml", lambda *_: None)
    assert (refused.value.code, refused.value.detail) == ("F-SIZE", "unpacked|3")
    Package(out.getvalue(), Limits(unpacked_bytes=4 << 20)).scan("xl/workbook.xml", lambda *_: None)


@pytest.mark.parametrize(("written", "on"), [
    ("2026-11-18T13:29:00+05:30", date(2026, 11, 17)), ("2026-11-18T13:30:00+05:30", date(2026, 11, 18)),
])  # fmt: skip
def test_an_instant_of_a_zone_with_half_hours_turns_at_the_minute_of_the_courts_midnight(written, on):
    read = read_date(written, TODAY, zone="America/Los_Angeles")
    assert (read.on, read.code) == (on, ZONE_TURNED if on.day == 17 else "")


HEADER = ["Group", "Name", "Case #", "11/9", "11/16"]
ROWS = [HEADER, ["MON", "Reyes, Al", "1", "P"], ["", "", "", "", "P"], [""], [], ["Group: WED"], ["", "", "", "U"],
        ["x"], ["", "Bell, Jo"], ["", "", "", "E"]]  # fmt: skip


@pytest.mark.parametrize(("row", "goes_out_as"), [
    (1, ROWS[1]), (2, ["", "Reyes, Al", "1", "", "P"]), (3, ["", "Reyes, Al", "1"]),
    (4, ["", "Reyes, Al", "1"]), (5, ["Group: WED"]), (7, ["x", "Reyes, Al", "1"]), (9, ["", "Bell, Jo", "", "E"]),
])  # fmt: skip
def test_a_line_that_goes_on_with_somebody_goes_out_with_that_name_written_out(row, goes_out_as):
    assert _named(ROWS, row, Stack(0, HEADER, 1, len(ROWS))) == goes_out_as


def test_a_line_under_which_nobody_stood_yet_goes_out_as_it_is_and_no_name_is_taken_from_the_header():
    rows = [["Name", "11/9"], ["", "P"], ["Reyes, Al", "P"], ["", "U"]]
    stack = Stack(0, rows[0], 1, 4)
    assert _named(rows, 1, stack) == ["", "P"]
    assert _named(rows, 3, stack) == ["Reyes, Al", "U"]
    assert _named(rows, 3, msgspec.structs.replace(stack, below=3)) == ["", "U"], "what stands above is another table"
    assert _named(rows, 3, msgspec.structs.replace(stack, header=["", "11/9"])) == ["", "U"], "no column says who"


@pytest.mark.parametrize(("header", "tables"), [
    (["Name", "11/2/2026", "Name"], [(0, 3)]),
    (["Name", "11/2/2026", "Name", "11/9/2026", "Name"], [(0, 2), (2, 5)]),
    (["Name", "11/2/2026", "Name", "11/9/2026"], [(0, 2), (2, 4)]),
    (["Name", "Name", "11/2/2026"], [(0, 3)]),
    (["Name", "Case #", "11/2/2026", "11/9/2026"], [(0, 4)]),
    (["Name", "Status", "", "Name", "Status"], [(0, 3), (3, 5)]),
])  # fmt: skip
def test_a_name_that_only_stands_again_at_the_end_of_the_lines_begins_no_table(header, tables):
    rows = [header, ["Reyes, Al"] * len(header)]
    assert [stack.columns for stack in find_stacks(rows, TODAY)] == tables


def test_the_row_that_names_more_columns_heads_the_table_before_one_with_as_many_days():
    rows = [["Name", "Case #", "Group"], ["Name", "11/2", "11/9", "11/16"]]
    assert find_header(rows, TODAY) == 0
    assert find_header([rows[0], ["Name", "11/2", "11/9", "11/16", "11/23", "11/30"]], TODAY) == 1
    assert find_header([["November", "11/2", "11/9"], ["Name", "11/2"]], TODAY) == 1, "one that says who comes first"


@pytest.mark.parametrize(("signature", "name", "says"), [
    ("Ng Xqzwv", ("Paul", "Ng"), "present"), ("P Xqzwv", ("Paul", "Ng"), "P Xqzwv"),
    ("Smiht Robret", ("Robert", "Smith"), "present"), ("Smiht Robret Xy", ("Robert", "Smith"), "Smiht Robret Xy"),
    ("Smiht Xqzwv", ("Robert", "Smith"), "Smiht Xqzwv"), ("ROB QUICK", ("Xander", "Quill"), "ROB QUICK"),
    ("Jim W", ("James", "Whitefeather"), "present"), ("JON WU", ("James", "Wood"), "JON WU"),
    ("refused to sign", ("Robert", "Smith"), "refused to sign"), ("will", ("Will", "Sonnet"), "present"),
])  # fmt: skip
def test_a_longer_word_in_place_of_a_signature_is_one_if_it_is_like_the_name(signature, name, says):
    assert signed("", signature, name) == says


MEMBER = Member(1, 1, "B-1", "Reyes", "Alex", group="MON", start=DAY - timedelta(days=30))


@pytest.mark.parametrize(("changes", "there"), [
    ({}, True), ({"start": DAY}, True), ({"start": DAY + timedelta(days=1)}, False), ({"start": None}, False),
    ({"end": DAY}, True), ({"end": DAY - timedelta(days=1)}, False), ({"closed_on": DAY}, False),
    ({"group": "WED"}, False), ({"released_until": TODAY}, True),
    ({"released_until": TODAY - timedelta(days=1)}, False),
])  # fmt: skip
def test_who_is_covered_by_a_complete_sheet_of_a_day(changes, there):
    member = msgspec.structs.replace(MEMBER, **changes)
    assert _present([member], "mon", [DAY], TODAY) == ([(member, DAY)] if there else [])


@pytest.mark.parametrize(("today", "last"), [
    (date(2026, 11, 16), date(2026, 11, 9)), (date(2026, 11, 17), date(2026, 11, 16)),
    (date(2026, 11, 22), date(2026, 11, 16)),
])  # fmt: skip
def test_a_practice_sheet_is_of_the_last_two_mondays_that_are_over(today, last):
    assert days(today) == (last - timedelta(days=7), last)


def test_of_two_people_of_one_name_the_group_decides_or_the_middle_name_or_nobody():
    def of(person: int, middle: str, group: str, key: int = 0) -> Member:
        return Member(key or person, person, f"B-{key or person}", "Smith", "Robert", middle, group=group)

    one, other, again = of(1, "J", "MON"), of(2, "", "WED"), of(1, "J", "WED", 9)
    assert (_decide((one,), "", "robert").member, _decide((one,), "", "robert").choices) == (one, ())
    found = _decide((one, again), "", "robert")
    assert (found.member, found.choices, found.code) == (one, (one, again), "W-WHO-NAME-ONLY")
    found = _decide((one, other), "wed", "robert")
    assert (found.member, found.code) == (other, "W-WHO-GROUP-DECIDED")
    found = _decide((one, other), "", "robert j")
    assert (found.member, found.code) == (one, "W-WHO-NAME-ONLY")
    for group, given in (("", "robert"), ("WED", "robert j"), ("SAT", "robert")):
        found = _decide((one, other), group, given)
        assert (found.member, found.code, found.choices) == (None, "R-WHO-TWO", (one, other)), (group, given)



def test_flags_that_would_open_and_those_that_would_close_are_counted_apart():
    lines = tuple(EffectLine("Reyes, Alex", "t", "s", opens) for opens in (True, False, True))
    assert (Effects(lines).opened, Effects(lines).closed) == (2, 1)
    assert (Effects(()).opened, Effects(()).closed) == (0, 0)


def row(**changes: Any) -> Judged:
    told = {"sheet": "", "row": 1, "column": "", "written": "", "found": "P", "outcome": "new", "says": "P"}
    return Judged(**{**told, "member": MEMBER, "on": DAY, **changes})


@pytest.mark.parametrize("missing", ["member", "on"])
def test_a_row_of_nobody_or_of_no_day_can_neither_be_compared_nor_written(missing):
    with pytest.raises(ValueError, match="only an accepted entry"):
        settle([row(**{missing: None})], {})
    upload: Any = None
    with pytest.raises(ValueError, match="only a row of somebody and of a day"):
        _fact(upload, row(**{missing: None}), Place(1, ((DAY, None),), {}), {}, Answers(), upload)


def test_a_format_with_figures_apart_shows_no_number_with_words():
    assert (as_worded(7, '0-0-0" x"'), as_worded(20, '00" h"')) == ("", "20 h")


def test_classes_that_only_meet_the_groups_day_the_other_way_round_wait_for_an_answer():
    """September 11 and May 10 were a Friday and a Sunday; November 9 and October 5 were Mondays."""
    head = "Name,Case #,Date,Status\n"
    line = "\"O'Neal, Dwayne\",25-CR-000044,{},P\n"
    two = examined_of({"text": head + line.format("9/11/2026") + line.format("5/10/2026")})
    assert [one.code for one in two.check.questions] == ["Q-DAY-FIRST"] and two.check.held == 2
    sure = examined_of({"text": head + line.format("9/11/2026") + line.format("11/16/2026")})
    assert not sure.check.questions, "one day can only be month first"


def test_a_group_that_is_not_the_askers_has_no_template(database):
    county = write_county(database)
    with database.scoped(county.scope) as session:
        assert template(session, Wanted(1), TODAY) is None


def test_of_a_row_so_much_is_kept_and_no_more():
    upload: Any = SimpleNamespace(id=1, agency_id=2)
    long = row(sheet="s" * 70, column="c" * 70, code="R" * 40, found="f" * 70, outcome="error", says="?",
               note="n" * 300)  # fmt: skip
    (kept,) = _rows(upload, [long])
    lengths = len(kept.sheet), len(kept.column), len(kept.code or ""), len(kept.content["found"])
    assert (lengths, len(kept.content["note"])) == ((60, 60, 30, 60), 300)
    assert (kept.says, kept.attendance_id, kept.enrollment_id, kept.occurred_on) == (None, None, 1, DAY)
    same, new = _rows(upload, [row(outcome="same", replaces=9), row(replaces=9)])
    assert (same.attendance_id, new.attendance_id, new.code, new.says) == (9, None, None, "P")


@pytest.mark.parametrize(("written", "code", "choices"), [
    ("Smithson, Robert", "R-WHO-CLOSE", "P1001 P1004"), ("Smithson, Bob", "R-WHO-CLOSE", "P1001 P1004"),
    ("Smithers, Joan", "R-WHO-NOT-ON-ROSTER", ""), ("Smythe, Robert", "R-WHO-NOT-ON-ROSTER", ""),
    ("Marcus, Bell", "R-WHO-CLOSE", "P1006"), ("Garcia, Luis", "R-WHO-CLOSE", "P1002"),
    ("Ortiz, Luis", "R-WHO-NOT-ON-ROSTER", ""), ("James Q Whitefeather Esq of Elm", "R-WHO-CLOSE", "P1008"),
    ("BellMarcus", "R-WHO-NOT-ON-ROSTER", ""), ("MarcusBell", "R-WHO-CLOSE", "P1006"),
])  # fmt: skip
def test_who_is_near_enough_to_be_asked_about(written, code, choices):
    found = Finder(ROSTER).find(Who(name=written))
    assert (found.member, found.code, " ".join(one.code for one in found.choices)) == (None, code, choices)


@pytest.mark.parametrize(("further", "heads"), [
    (["Name", "Case #", "11/9/2026", "x", "y"], True), (["Name", "11/9/2026", "x", "y"], False),
    (["Name", "11/9/2026"], True), (["Case #", "Status"], True), (["Name", "Phone"], False),
    (["Status", "11/9"], False), (["Name", "x", "11/9/2026"], True),
])  # fmt: skip
def test_which_line_further_down_names_columns_again(further, heads):
    rows = [["Name", "11/2/2026"], ["Reyes, Al", "P"], further, ["Bell, Jo", "P"]]
    assert [stack.row for stack in find_stacks(rows, TODAY)] == ([0, 2] if heads else [0])


@pytest.mark.parametrize(("signature", "says"), [
    ("Jon Wu", "present"), ("Jon wu", "Jon wu"), ("JON WU", "JON WU"), ("Jon Q Wu", "Jon Q Wu"), ("Jon Bu", "Jon Bu"),
    ("J Wu", "present"),
])  # fmt: skip
def test_a_name_in_another_spelling_is_a_signature_by_its_initials_and_capitals(signature, says):
    assert signed("", signature, ("wood", "james")) == says


def test_noughts_that_a_sheet_hides_are_not_there_and_all_letters_of_a_book_count_together():
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for name in ("Hidden", "Shown"):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["abc", 0, 7])
            if name == "Hidden":
                sheet.hide_zero()
    tables, _ = read_workbook(out.getvalue(), Limits())
    assert [table.rows for table in tables] == [[["abc", "", "7"]], [["abc", "0", "7"]]]
    assert len(read_workbook(out.getvalue(), Limits(characters=9))[0]) == 2
    with pytest.raises(Refused, match="unpacked"):
        read_workbook(out.getvalue(), Limits(characters=8))
